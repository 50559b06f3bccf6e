"""When something of Slack's may be used again, and what became of using it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import rests as rules
from bot.domain.model import NoticeKind, Workspace
from bot.domain.rests import Rest, Target
from bot.domain.troubles import Trouble
from bot.storage import notices, rests, workspaces
from bot.storage.tx import Tx


def may_be_used(tx: Tx, target: Target) -> bool:
    """Whether it does not rest now, neither at its place nor as a whole."""
    return rules.find_holding(load_known(tx, target), tx.now) is None


def load_known(tx: Tx, target: Target) -> dict[Target, Rest]:
    """What is known of it and of its method as a whole, also of rests that are over."""
    known = rests.load_all(tx)
    return {each: known[each] for each in (target, target.whole) if each in known}


def load_until(tx: Tx, target: Target) -> datetime | None:
    """Until when it rests; None where it does not rest now."""
    rest = rules.find_holding(load_known(tx, target), tx.now)
    return None if rest is None else rest.until


def load_resting(tx: Tx) -> dict[Target, Rest]:
    """What does not work now: whatever rests, and refusals that nobody has seen mended."""
    known = rests.load_all(tx).items()
    return {target: rest for target, rest in known if rest.until > tx.now or rest.is_refusal}


def load_for_doctor(tx: Tx) -> tuple[dict[Target, Rest], dict[str, str]]:
    """The same without what is personal, and what an operator calls the bot's two channels."""
    shown = {each: rest for each, rest in load_resting(tx).items() if not each.is_personal}
    return shown, name_channels(workspaces.find(tx))


def name_channels(workspace: Workspace | None) -> dict[str, str]:
    """What an operator calls the bot's two channels, by their ids; none before the set-up."""
    if workspace is None:
        return {}
    return {
        workspace.advocacy_channel: "the opt-in channel",
        workspace.comms_channel: "the comms channel",
    }


def record_lost(tx: Tx, target: Target) -> None:
    """Record that Slack did not answer: it rests, each time for longer."""
    if workspaces.find(tx, lock=True) is None:  # of two processes each counts its own round
        return  # nothing is sent by itself before the set-up
    before = rests.load_all(tx).get(target)
    rests.record(tx, target, rules.rest_after_lost(before, tx.now))


def record_throttled(
    tx: Tx, target: Target, wait: timedelta, trouble: str = Trouble.THROTTLED
) -> None:
    """Record how long to wait: as Slack said, or until it may be reached again."""
    if workspaces.find(tx, lock=True) is None:
        return
    before = rests.load_all(tx).get(target)
    rests.record(tx, target, rules.rest_after_throttling(before, tx.now, wait, trouble))


def record_refused(tx: Tx, target: Target, trouble: str) -> bool:
    """Record a refusal that will not pass by itself; False where it was known.

    Comms hear of one that keeps the opt-in channel's messages from being changed.
    """
    workspace = workspaces.find(tx, lock=True)
    if workspace is None:
        return False
    before = rests.load_all(tx).get(target)
    rests.record(tx, target, rules.rest_after_refusal(before, tx.now, trouble))
    is_new = before is None or before.trouble != trouble
    is_channel = target.place == workspace.advocacy_channel
    # What becomes of a post is told with its announcement.
    is_post = target.method == rules.DIRECT.method
    if is_new and is_channel and not is_post and workspaces.record_trouble(tx, trouble):
        notices.enqueue(tx, NoticeKind.TROUBLE, detail=trouble)
    return is_new


def record_works(tx: Tx, target: Target) -> None:
    """Record that Slack answers again."""
    if rests.load_all(tx).get(target) is not None:
        rests.clear(tx, target)


def forget_refusals(tx: Tx) -> None:
    """Try again what was refused: somebody who starts the bot may have mended it."""
    for target, rest in rests.load_all(tx).items():
        if rest.is_refusal:
            rests.clear(tx, target)

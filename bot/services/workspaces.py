"""The workspace as a whole: its settings, and the freeze."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.channel_pacing import FIRST_MONTH
from bot.domain.freeze import ENDLESS, Freeze, as_detail
from bot.domain.ids import UserId
from bot.domain.model import ChannelPolicy, NoticeKind, Workspace
from bot.domain.record import Act, show_freeze, show_value
from bot.domain.rules import rules_in_force
from bot.domain.workspace_settings import changes
from bot.storage import cards, notices, record, rules, workspaces
from bot.storage.tx import Tx


def start(tx: Tx, first: Workspace | None) -> Workspace | None:
    """The workspace as stored, when a process starts; None where it is not set up yet.

    `first` is what `.env` says: it is stored where there is no row, and ignored where there is one.
    Rules are recorded, since another version of the bot may have others.
    """
    known = workspaces.find(tx, lock=True)  # so that two processes record a change once
    if known is None:
        if first is None:
            return None
        workspaces.save(tx, first)
        known = first
    rules.record_values(tx, rules_in_force(known))
    return known


def change_settings(
    tx: Tx,
    user_id: UserId,
    wanted: Callable[[Workspace | None], Workspace],
    *,
    alone: bool = False,
) -> Workspace:
    """Make of the settings what `wanted` makes of those that are stored, None before the set-up.

    With the set-up the channel's first month begins. `alone` says that one person is in comms: if
    they approve their own posts, two are suggested later.

    Cards tell what follows, members which rules changed, and the record who changed what.
    """
    before = workspaces.find(tx, lock=True)  # so that two changes at once are both kept
    after = wanted(before)
    if before is None:
        policy = replace(after.policy, first_month_ends=tx.now + FIRST_MONTH)
        after = replace(after, policy=policy)
    elif after.least_people < before.least_people:
        after = replace(after, least_people=before.least_people)  # raised by somebody meanwhile
    different = changes(before, after)
    if different:
        workspaces.save(tx, after)
        rules.record_values(tx, rules_in_force(after))
        cards.mark_queued_outdated(tx)
    if alone or after.approvals > 1:
        workspaces.record_suggests_two(tx, suggests=after.approvals == 1)
    for one in different:
        record.record_act(
            tx,
            user_id,
            Act.CHANGE_SETTING,
            before=None if one.before is None else show_value(one.before),
            after=show_value(one.after),
            detail=one.name,
        )
    return after


def freeze(tx: Tx, user_id: UserId, wanted: Freeze = ENDLESS) -> bool:
    """Let nothing go out from now on; False where that changes nothing.

    A freeze that holds already gets the end and the reason of `wanted`, but only where that has an
    end: one without takes none away.
    """
    held = workspaces.load(tx, lock=True).policy.freeze
    if held is not None and (wanted.until is None or wanted == held):
        return False
    workspaces.record_frozen(tx, wanted, user_id)
    _record(tx, user_id, Act.FREEZE, held, wanted)
    _tell_comms(tx, NoticeKind.FROZEN, user_id, as_detail(wanted))
    return True


def unfreeze(tx: Tx, user_id: UserId) -> bool:
    """Let things go out again; False where nothing was frozen."""
    held = workspaces.load(tx, lock=True).policy.freeze
    changed = workspaces.record_unfrozen(tx)
    if changed:
        _record(tx, user_id, Act.UNFREEZE, held, None)
        _tell_comms(tx, NoticeKind.UNFROZEN, user_id)
    return changed


def suggests_two(tx: Tx) -> bool:
    """Whether comms were told that two approvals will be suggested, and weren't yet."""
    return workspaces.suggests_two(tx)


def suggest_two(tx: Tx) -> None:
    """Suggest to comms, once, that someone other than its writer approves each post."""
    if workspaces.record_suggests_two(tx, suggests=False):
        notices.enqueue(tx, NoticeKind.SECOND_APPROVER)


def load_policy(tx: Tx) -> ChannelPolicy:
    """When and how often posts go out, with the freeze that holds now."""
    return workspaces.load(tx).policy


def end_freeze(tx: Tx) -> None:
    """Forget a freeze whose time is over, and tell comms that posts go out again."""
    if workspaces.record_unfrozen(tx, over=True):
        _tell_comms(tx, NoticeKind.UNFROZEN)


def _record(tx: Tx, user_id: UserId, act: Act, before: Freeze | None, after: Freeze | None) -> None:
    record.record_act(
        tx,
        user_id,
        act,
        before=show_freeze(before),
        after=show_freeze(after),
        detail=(after.reason or None) if after else None,
    )


def _tell_comms(
    tx: Tx, kind: NoticeKind, user_id: UserId | None = None, detail: str | None = None
) -> None:
    notices.enqueue(tx, kind, user_id=user_id, detail=detail)
    cards.mark_queued_outdated(tx)

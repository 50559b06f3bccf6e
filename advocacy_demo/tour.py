"""The guided tour of the page, the commands it offers, and a post to queue with one click."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from advocacy_demo import posts
from bot.domain.model import LeaveUndo
from bot.slack.listeners.commands import COMMAND, COMMANDS
from bot.slack.views import (
    announcements,
    cards,
    membership,
    post_form,
    review,
    schedule,
    share_dialog,
    suggestions,
)
from slack_sandbox import HOME, Message, Sandbox, Step
from slack_sandbox.inputs import elements_of
from slack_sandbox.traffic_log import LogEntry

NEWS, COMMS = "share-our-news", "comms-desk"
_TYPED = re.compile(f"`({COMMAND}[^`]*)`")

EXAMPLES: dict[str, dict[str, Any]] = {
    post_form.FORM: posts.RELEASE,
    cards.REASON_FORM: {"reason": "The link should lead to the release notes."},
    suggestions.FORM: {
        "link": posts.AWARD["link"],
        "words": "Many of us have sent a patch. I'd be glad to tell people.",
    },
}


def commands() -> tuple[tuple[str, str], ...]:
    """What the composer offers: what can be typed, and what the bot's own help says about it."""
    offered: dict[str, str] = {}
    for command in COMMANDS:
        says = command.help.partition(": ")[2].replace("`", "")
        if command.for_comms:
            says = f"for comms: {says}" if says else "for comms"
        for typed in _TYPED.findall(command.help):
            offered.setdefault(typed.replace("14", "1"), says)  # the first post of this company
        bare = f"{COMMAND} {command.name}".rstrip()
        if not any(line.startswith(bare) for line in offered):
            offered[bare] = says
    return tuple(offered.items())


def steps(since: datetime) -> tuple[Step, ...]:
    """From joining to leaving, then a part for comms.

    What stood in the channels before `since` (aware), when the page opened, ticks nothing.
    """
    return (*_for_members(since), *_for_comms())


def _for_members(since: datetime) -> tuple[Step, ...]:
    """Two minutes in the life of a company."""
    return (
        Step(
            "Join as Amara",
            "She works in engineering. Type /advocacy join and read what joining means.",
            "amara",
            NEWS,
            "/advocacy join",
            _amara_joined,
        ),
        Step(
            "Queue a post as Cleo from comms",
            "Type /advocacy queue. The form can fill itself with an example. Read the preview, "
            "and send it for approval.",
            "cleo",
            COMMS,
            "/advocacy queue",
            lambda sandbox: _offers(sandbox, COMMS, cards.EDIT, since),
        ),
        Step(
            "Approve it as Dev",
            "Press Approve. Cleo can't approve her own post: two people read what goes out.",
            "dev",
            COMMS,
            "",
            partial(_approved, since),
        ),
        Step(
            "Move the clock to the moment on the card",
            "The card says when the post goes out. Press the clock beside that time.",
            "dev",
            COMMS,
            "",
            lambda sandbox: any(
                announcements.SHARE in ids for ids in _ids_in(sandbox, NEWS, since)
            ),
        ),
        Step(
            "Share it as Amara",
            "Press Share, then open a network. It opens in a new tab. Nothing is posted unless "
            "you post it there.",
            "amara",
            NEWS,
            "",
            _amara_opened_a_network,
        ),
        Step(
            "Skip it as Bruno",
            "Press Skip. Bruno needs no reason. He hasn't joined, so nothing is stored about it.",
            "bruno",
            NEWS,
            "",
            lambda sandbox: any(_presses(sandbox, announcements.SKIP, "bruno")),
        ),
        Step(
            "Leave",
            "Type /advocacy leave. It works at once, and Amara needs no reason.",
            "amara",
            NEWS,
            "/advocacy leave",
            _amara_left,
        ),
    )


def _for_comms() -> tuple[Step, ...]:
    """What comms do besides; each step stands alone."""
    return (
        Step(
            "For comms: plan",
            "Open Home as Cleo, and press Schedule. It says when each post goes out, and why then.",
            "cleo",
            HOME,
            "",
            lambda sandbox: any(_presses(sandbox, schedule.OPEN)),
        ),
        Step(
            "For comms: read the report",
            "Type /advocacy report. A figure stands for six people or more, and never for one.",
            "cleo",
            COMMS,
            "/advocacy report",
            lambda sandbox: _was_done(sandbox, f"{COMMAND} report"),
        ),
        Step(
            "For comms: get a suggestion",
            "Type /advocacy suggest as Bruno. The form can fill itself with an example. Comms get "
            "a card, and can thank him.",
            "bruno",
            NEWS,
            "/advocacy suggest",
            lambda sandbox: _was_done(sandbox, f"view_submission {suggestions.FORM}"),
        ),
        Step(
            "For comms: read a feed",
            "Type /advocacy feed. News of a feed become drafts. Nobody is asked anything.",
            "cleo",
            COMMS,
            "/advocacy feed",
            lambda sandbox: _was_done(sandbox, f"{COMMAND} feed"),
        ),
    )


def _amara_joined(sandbox: Sandbox) -> bool:
    """Only members are offered a way in which posts reach them."""
    amara = sandbox.person("amara")
    offered = {membership.IN_CHANNEL, membership.BROWSE_ONLY}
    sharing = any(one.callback_id == share_dialog.DIALOG and _real(one.body) for one in amara.views)
    return sharing or any(offered & _ids(message) for message in amara.private)


def _amara_opened_a_network(sandbox: Sandbox) -> bool:
    return any(_real(one.payload["view"]) for one in _presses(sandbox, share_dialog.OPEN, "amara"))


def _real(view: Mapping[str, Any]) -> bool:
    """Whether a share dialog is about a post: trying it out is open to all, and no step of this."""
    return not share_dialog.read(view).practice


def _amara_left(sandbox: Sandbox) -> bool:
    amara = sandbox.person("amara")
    farewell = membership.left(sandbox.channel(NEWS).id, LeaveUndo(sandbox.clock(), None)).text
    return any(message.text == farewell for message in amara.private)


def _approved(since: datetime, sandbox: Sandbox) -> bool:
    """Somebody approved, and a card has lost the button for it."""
    said = any(_presses(sandbox, cards.APPROVE)) or _was_done(
        sandbox, f"view_submission {review.FORM}"
    )
    return said and any(
        cards.WITHDRAW in ids and cards.APPROVE not in ids for ids in _ids_in(sandbox, COMMS, since)
    )


def _offers(sandbox: Sandbox, channel: str, action: str, since: datetime) -> bool:
    """Whether a message posted there since then has this button."""
    return any(action in ids for ids in _ids_in(sandbox, channel, since))


def _was_done(sandbox: Sandbox, name: str) -> bool:
    """Whether somebody did something that the log calls so, and the bot acknowledged it."""
    return any(one.to_bot and one.ok and one.name == name for one in sandbox.state.traffic)


def _presses(sandbox: Sandbox, action: str, name: str = "") -> Iterator[LogEntry]:
    """When this person (anybody, without a name) pressed it and the bot acknowledged it."""
    who = sandbox.person(name).id if name else None
    for one in sandbox.state.traffic:
        if one.to_bot and one.ok and action in one.actions and who in (None, one.who):
            yield one


def _ids_in(sandbox: Sandbox, channel: str, since: datetime) -> Iterator[set[str]]:
    """The action ids of each message that everybody in the channel sees, posted since then."""
    place = sandbox.channel(channel)
    somebody = next((one for one in sandbox.persons if one in place.members), None)
    for message in somebody.messages(place) if somebody else []:
        if message.ephemeral_to is None and message.at >= since:
            yield _ids(message)


def _ids(message: Message) -> set[str]:
    return {str(element.get("action_id")) for _, element in elements_of(message.blocks)}

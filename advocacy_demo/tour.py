"""The guided tour of the page, the commands it offers, and a post to queue with one click."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from advocacy_demo import posts
from bot.domain.model import LeaveUndo
from bot.slack.listeners.commands import COMMAND, COMMANDS
from bot.slack.views import announcements, cards, membership, post_form, review, share_dialog
from slack_sandbox import Message, Sandbox, Step
from slack_sandbox.inputs import elements_of
from slack_sandbox.traffic_log import LogEntry

NEWS, COMMS = "share-our-news", "comms-desk"
_TYPED = re.compile(f"`({COMMAND}[^`]*)`")

EXAMPLES: dict[str, dict[str, Any]] = {
    post_form.FORM: posts.RELEASE,
    cards.REASON_FORM: {"reason": "The link should lead to the release notes."},
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


def steps() -> tuple[Step, ...]:
    """From joining to leaving, as two minutes in the life of a company."""
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
            lambda sandbox: any(cards.EDIT in ids for ids in _ids_in(sandbox, COMMS)),
        ),
        Step(
            "Approve it as Dev",
            "Press Approve. Cleo can't approve her own post: two people read what goes out.",
            "dev",
            COMMS,
            "",
            _approved,
        ),
        Step(
            "Move the clock to the moment on the card",
            "The card says when the post goes out. Press the clock beside that time.",
            "dev",
            COMMS,
            "",
            lambda sandbox: any(announcements.SHARE in ids for ids in _ids_in(sandbox, NEWS)),
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


def _approved(sandbox: Sandbox) -> bool:
    """Somebody approved, and a card has lost the button for it."""
    said = any(_presses(sandbox, cards.APPROVE)) or any(
        one.ok and one.name == f"view_submission {review.FORM}" for one in sandbox.state.traffic
    )
    return said and any(
        cards.WITHDRAW in ids and cards.APPROVE not in ids for ids in _ids_in(sandbox, COMMS)
    )


def _presses(sandbox: Sandbox, action: str, name: str = "") -> Iterator[LogEntry]:
    """When this person (anybody, without a name) pressed it and the bot acknowledged it."""
    who = sandbox.person(name).id if name else None
    for one in sandbox.state.traffic:
        if one.to_bot and one.ok and action in one.actions and who in (None, one.who):
            yield one


def _ids_in(sandbox: Sandbox, channel: str) -> Iterator[set[str]]:
    """The action ids of each message that everybody in the channel sees."""
    place = sandbox.channel(channel)
    somebody = next((one for one in sandbox.persons if one in place.members), None)
    for message in somebody.messages(place) if somebody else []:
        if message.ephemeral_to is None:
            yield _ids(message)


def _ids(message: Message) -> set[str]:
    return {str(element.get("action_id")) for _, element in elements_of(message.blocks)}

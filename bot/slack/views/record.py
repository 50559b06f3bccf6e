"""The record as comms read it: one private page after the other, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain.ids import PostId
from bot.domain.model import DispatchState
from bot.domain.my_data import show_years
from bot.domain.post import PostState
from bot.domain.record import (
    APPROVALS,
    FEEDS,
    FROZEN,
    SET_TO,
    Act,
    Entry,
    Page,
    Turn,
    read_frozen_until,
    read_state,
)
from bot.domain.record import OPEN as OPEN_STATE
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import (
    Message,
    button,
    context,
    escape,
    link,
    packed,
    person,
    plain,
    section,
    shortened,
    when,
)

OPEN = "open_record"
TURN = "turn_record"  # to another page; after it the direction, which tells two buttons apart
DIALOG = "record"
_OLDER, _NEWER = "older", "newer"
_LONGEST_TITLE = 150
_LONGEST_DETAIL = 400

# What was done, as a sentence goes on after the name of who did it.
_DEEDS: Final[Mapping[Act, str]] = MappingProxyType(
    {
        Act.SAVE: "saved {text}",
        Act.SUBMIT: "sent {text} for approval",
        Act.APPROVE: "approved {text}",
        Act.APPROVE_OWN: "approved {text}, which they wrote themselves",
        Act.SEND_BACK: "sent {text} back",
        Act.WITHDRAW: "withdrew {text}",
        Act.MOVE: "moved {text} in the schedule",
        Act.FIND_IN_CHANNEL: "found {text} in the channel",
        Act.SEND_AGAIN: "asked me to send {text} again",
        Act.FREEZE: "froze posting",
        Act.UNFREEZE: "unfroze posting",
        Act.GO_ON: "let direct messages go on for a week",
        Act.ADD_FEED: "added a feed",
        Act.REMOVE_FEED: "removed a feed",
        Act.DECLINE_SUGGESTION: "declined a suggestion",
        Act.THANK: "said thanks for notes",
        Act.CHANGE_SETTING: "changed a setting",
    }
)
_DETAILS: Final[Mapping[Act, str]] = MappingProxyType(
    {
        **dict.fromkeys(APPROVALS, "Disclosure"),
        **dict.fromkeys(FEEDS, "Address"),
        Act.CHANGE_SETTING: "Setting",
    }
)
_STATES: Final[Mapping[PostState, str]] = MappingProxyType(
    {
        PostState.DRAFT: "draft",
        PostState.IN_REVIEW: "waiting for approval",
        PostState.RETURNED: "sent back",
        PostState.APPROVED: "approved",
        PostState.LIVE: "live",
        PostState.WITHDRAWN: "withdrawn",
        PostState.EXPIRED: "ended",
    }
)
_CORRECTIONS: Final[Mapping[PostState, str]] = MappingProxyType(
    {
        PostState.DRAFT: "live, with a correction in draft",
        PostState.IN_REVIEW: "live, with a correction waiting for approval",
        PostState.RETURNED: "live, with a correction sent back",
        PostState.APPROVED: "live, with a correction approved",
    }
)
# Of an announcement; one that is withdrawn is so like its post.
_SENDING: Final[Mapping[str, str]] = MappingProxyType(
    {
        DispatchState.UNCERTAIN: "maybe in the channel",
        DispatchState.SENT: "in the channel",
        DispatchState.PLANNED: "queued",
    }
)


def render(page: Page) -> Message:
    """A page of the record, with the buttons to the ones beside it."""
    about = f"post {page.post_id}" if page.post_id else "all posts and settings"
    if not page.entries:
        nothing = f"The record holds nothing about {about}."
        return Message(nothing, (section(nothing),))
    texts = packed(_line(entry, page.zone) for entry in page.entries)
    kept = f"The record is kept for {show_years(page.years)}. It holds nothing that members do."
    blocks: list[Block] = [
        section(f"*What comms did*, newest first: {about}. Only you see this."),
        *map(section, texts),
        *_turns(page),
        context(kept),
    ]
    return Message("\n".join(("What comms did, newest first:", *texts)), tuple(blocks))


def dialog(page: Page) -> View:
    """The same in a dialog: on the Home tab nothing can be said beside a button."""
    return View(
        type="modal",
        callback_id=DIALOG,
        title=plain("Audit"),
        close=plain("Close"),
        blocks=list(render(page).blocks),
    )


def open_button() -> ButtonElement:
    """Opens the record, from the Home tab."""
    return button("Audit", OPEN)


def read_turn(action: Mapping[str, Any]) -> tuple[PostId | None, Turn]:
    """Which page a button leads to, and of which post; raises Unreadable."""
    _, _, direction = payload.text_at(action, "action_id").partition(":")
    if direction not in (_OLDER, _NEWER):
        raise Unreadable("no such direction")
    post, _, entry = payload.text_at(action, "value").partition(":")
    turn = Turn(payload.number(entry), direction == _OLDER)
    return PostId(payload.number(post)) or None, turn


def name_act(act: Act) -> str:
    """What was done, in a few words."""
    return _DEEDS[act].format(text="a text")


def name_state(state: str, zone: str = "UTC") -> str:
    """Where something stood, in a few words; the place in the queue stays a number."""
    if state.startswith(SET_TO):
        said = shortened(state.removeprefix(SET_TO), _LONGEST_DETAIL)
        return f"“{escape(said)}”" if said else "nothing"
    if state.isdigit():
        return f"place {state}"
    if state in _SENDING:
        return _SENDING[state]
    if state.startswith(FROZEN):
        until = read_frozen_until(state)
        return f"frozen until {when(until, zone)}" if until else "frozen"
    if state == OPEN_STATE:
        return "posts go out"
    stands = read_state(state)
    return _CORRECTIONS[stands.correction] if stands.correction else _STATES[stands.state]


def _line(entry: Entry, zone: str) -> str:
    deed = _DEEDS[entry.act].format(text=_text(entry))
    what = f"• *{when(entry.at, zone)}*: {person(entry.user_id)} {deed}."
    return " ".join((what, *_more(entry, zone)))


def _text(entry: Entry) -> str:
    number = f"post {entry.post_id}, version {entry.revision}"
    title = shortened(entry.title, _LONGEST_TITLE)
    if not title:
        return number
    shown = link(entry.card_link, title) if entry.card_link else f"“{escape(title)}”"
    return f"{shown} ({number})"


def _more(entry: Entry, zone: str) -> Iterator[str]:
    before, after = (
        f"_{name_state(state, zone)}_" if state else ""
        for state in (entry.state_before, entry.state_after)
    )
    if before and after:
        yield f"From {before} to {after}."
    elif after:
        yield f"Now {after}."
    if entry.detail:
        label = _DETAILS.get(entry.act, "Reason")
        said = entry.detail.replace("\n", "; ") if entry.act in APPROVALS else entry.detail
        words = " ".join(shortened(said, _LONGEST_DETAIL).split())
        yield f"{label}: “{escape(words)}”"


def _turns(page: Page) -> Iterator[ActionsBlock]:
    of = page.post_id or 0
    ways = []
    if page.newer:
        ways.append(("Newer", _NEWER, page.entries[0]))
    if page.older:
        ways.append(("Older", _OLDER, page.entries[-1]))
    if ways:
        yield ActionsBlock(
            elements=[
                ButtonElement(text=plain(label), action_id=f"{TURN}:{to}", value=f"{of}:{entry.id}")
                for label, to, entry in ways
            ]
        )

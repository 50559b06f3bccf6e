"""The record: what comms did, kept as evidence. It holds nothing that members do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.freeze import Freeze
from bot.domain.ids import PostId, UserId
from bot.domain.local_disclosures import LocalDisclosure
from bot.domain.post import PostLifecycle, PostState


class Act(StrEnum):
    """What somebody in comms did that changed something; exports name it by its value."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    APPROVE_OWN = "approve_own"  # where one person is enough
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    MOVE = "move"
    FIND_IN_CHANNEL = "find_in_channel"
    SEND_AGAIN = "send_again"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    GO_ON = "go_on"
    ADD_FEED = "add_feed"
    REMOVE_FEED = "remove_feed"
    DECLINE_SUGGESTION = "decline_suggestion"
    THANK = "thank"
    CHANGE_SETTING = "change_setting"


OPEN, FROZEN, SET_TO = "open", "frozen", "set to "
APPROVALS = (Act.APPROVE, Act.APPROVE_OWN)
FEEDS = (Act.ADD_FEED, Act.REMOVE_FEED)
REASONED = (Act.SEND_BACK, Act.FREEZE)  # what `detail` says of these is why


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: who did what, when, to which text, and where things stood before and after.

    `user_id` is None where that person was erased before there was a record. `at` is aware.
    `post_id` is None for what concerns no single post, and `revision` is the text that the act was
    about. `state_before` and `state_after` are None where nobody knows: of a post they are as
    `show_state` writes them, of a freeze as `show_freeze` does, of a move the places in the queue.
    `detail` is the reason for sending back or freezing, the disclosures in force at an approval as
    `show_disclosures` writes them, the address of a feed, or the name of a setting, whose values
    then stand before and after as `show_value` writes them.
    `title` is that of the text, `card_link` the address of the post's card, where Slack named it.
    """

    id: int
    at: datetime
    user_id: UserId | None
    act: Act
    post_id: PostId | None
    revision: int | None
    state_before: str | None
    state_after: str | None
    detail: str | None
    title: str
    card_link: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """To another page: from this entry on to `older` ones, or back to newer ones."""

    entry_id: int
    older: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first, of one post or of all.

    `newer` and `older` say whether there are more. `years` is how long entries are kept, `zone`
    the workspace's IANA name.
    """

    entries: tuple[Entry, ...]
    post_id: PostId | None
    newer: bool
    older: bool
    years: int
    zone: str


def show_state(lifecycle: PostLifecycle) -> str:
    """Where a post stands, as the record keeps it: `approved`, or `live:draft` with a correction.

    The part after the colon is where the correction of a live post stands.
    """
    return ":".join(filter(None, (lifecycle.state, lifecycle.correction)))


def show_freeze(freeze: Freeze | None) -> str:
    """Whether posts go out, as the record keeps it: `open`, `frozen`, or until when in UTC."""
    if freeze is None:
        return OPEN
    return FROZEN if freeze.until is None else f"{FROZEN} until {freeze.until.isoformat()}"


def read_frozen_until(text: str) -> datetime | None:
    """Until when, as `show_freeze` writes it; None where it names no end."""
    _, _, until = text.partition(" until ")
    return datetime.fromisoformat(until) if until else None


def show_disclosures(disclosure: str, phrases: Iterable[LocalDisclosure]) -> str:
    """The disclosures in force, as the record keeps them: the usual one, then those of languages.

    Each is a line, such as `de: Anzeige | Ich arbeite bei Acme`.
    """
    return "\n".join((disclosure, *(str(each) for each in phrases if each.language)))


def read_disclosure(text: str, language: str | None) -> str:
    """That of a text in this language, of what `show_disclosures` wrote."""
    usual, *local = text.split("\n")
    begin = f"{language}: "
    return next((line.removeprefix(begin) for line in local if line.startswith(begin)), usual)


def show_value(text: str) -> str:
    """What a setting said, as the record keeps it; `text` is as `show_settings` writes it."""
    return f"{SET_TO}{text}"


def read_state(text: str) -> PostLifecycle:
    """The inverse of `show_state`; raises ValueError for anything else."""
    state, _, correction = text.partition(":")
    return PostLifecycle(PostState(state), PostState(correction) if correction else None)

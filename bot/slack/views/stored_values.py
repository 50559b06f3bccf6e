"""A stored value in the words that people read elsewhere, with what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from bot.domain import languages, networks
from bot.domain.hours import show_workdays
from bot.domain.model import DispatchState, NoticeKind, Outcome, Pace, Shown, SkipReason, Stage
from bot.domain.my_data import Named, PersonalRecord, RowNumber
from bot.domain.post import Network, Verdict
from bot.domain.record import Act
from bot.domain.retention import COLUMNS
from bot.slack.views import record
from bot.slack.views.outlook import PACES
from bot.slack.views.responses import REASON_LABELS
from bot.slack.views.text import day, escape, shortened, when

_LONGEST_NAME: Final = 150

# Stored as the beginning or the end of a day: a time of day would say more than is known.
_DAYS: Final = frozenset(
    {
        "consented_at",
        "consent_ends_at",
        "left_at",
        "paused_at",
        "stopped_at",
        "told_at",
        "zone_checked_at",
    }
)

_STAGES: Final = {
    Stage.INTERESTED: "you pressed Share",
    Stage.OPENED: "you opened it on a network",
    Stage.SHARED: "you marked it as shared",
    Stage.SKIPPED: "you skipped it",
}
_SENDING: Final = {
    DispatchState.PLANNED: "planned",
    DispatchState.SENDING: "being sent",
    DispatchState.SENT: "sent",
    DispatchState.UNCERTAIN: "maybe sent, I can't tell",
    DispatchState.WITHDRAWN: "taken back",
}
_OUTCOMES: Final = {
    Outcome.SHARED: "you pressed Share",
    Outcome.SKIPPED: "you skipped it",
    Outcome.LATER: "you saved it for later",
    Outcome.OTHER: "you pressed something else on it",
    Outcome.LAPSED: "no click came in time",
    Outcome.ENDED: "the post ended first, or you left",
}
_NOTICES: Final = {
    NoticeKind.FROZEN: "that posting was frozen",
    NoticeKind.UNFROZEN: "that posting goes on",
    NoticeKind.TROUBLE: "that a channel cannot be reached",
    NoticeKind.UNCERTAIN: "that a message may or may not be in the channel",
    NoticeKind.FIRST_GROUP_STOPPED: "that a post was stopped after its small first group",
    NoticeKind.PACE_CHECK: "what the pace check found",
    NoticeKind.WORDINGS_USED_UP: "that all texts of a post were used",
    NoticeKind.NOTE: "a note to comms",
    NoticeKind.SENT_BACK: "that a post was sent back",
    NoticeKind.WAITS_AGAIN: "that a post waits for approval again",
    NoticeKind.STILL_WAITS: "that a post has been waiting for approval for two working days",
    NoticeKind.SCHEDULE: "that the schedule runs dry, or that a post ends before its turn",
    NoticeKind.POSTS_END: "that every post ends from now on",
    NoticeKind.NOT_CHANGED: "that a message in the channel cannot be changed any more",
    NoticeKind.FEED_DRAFTS: "which drafts came from feeds",
    NoticeKind.FEED_FAILS: "that a feed cannot be read",
    NoticeKind.FEED_MOVED: "that a feed has moved",
    NoticeKind.SUGGESTION: "news that a colleague suggests",
    NoticeKind.SHARE_NOTES: "notes of people who shared a post",
    NoticeKind.SECOND_APPROVER: "that two people could read each post now",
}
_SHOWN: Final = {
    Shown.POST: "the post",
    Shown.ANSWERED: "that you answered",
    Shown.ENDED: "that the post has ended",
    Shown.CLOSED: "one plain line",
}
_VERDICTS: Final = {
    Verdict.APPROVED: "approved",
    Verdict.SENT_BACK: "sent back",
    Verdict.WITHDRAWN: "withdrawn",
}
_WORDS: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = MappingProxyType(
    {
        Stage: _STAGES,
        SkipReason: REASON_LABELS,
        DispatchState: _SENDING,
        Outcome: _OUTCOMES,
        Shown: _SHOWN,
        Pace: PACES,
        Network: {network: networks.name(network) for network in Network},
        NoticeKind: _NOTICES,
        Verdict: _VERDICTS,
        Act: {act: record.name_act(act) for act in Act},
    }
)
_TO_THE_READER: Final = {"they": "you", "them": "you", "their": "your", "theirs": "yours"}


def label(table: str, column: str) -> str:
    """What a column is for, said to the person whose value it is."""
    purpose = re.sub(
        r"\b(they|them|theirs?)\b",
        lambda found: _TO_THE_READER[found[0]],
        COLUMNS[table][column].purpose,
    )
    return purpose[0].upper() + purpose[1:]


def in_words(record: PersonalRecord, table: str, column: str, value: object) -> str:
    """A value in words, escaped for mrkdwn.

    Raises KeyError for a choice that has no words, TypeError for a value of an unknown kind.
    """
    if value == record.user_id:
        return f"you, {escape(record.user_id)}"
    if (table, column) in _BY_COLUMN:
        return _BY_COLUMN[table, column](value)
    if isinstance(value, datetime):
        return _moment(table, column, value, record.time_zone)
    return _by_type(value)


def _by_type(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return _WORDS[type(value)][value]
        case RowNumber():
            return "a number"
        case Named():
            return _named(value)
        case int():
            return str(value)
        case str():
            return escape(value)
        case _:
            raise TypeError(f"no words for a {type(value).__name__}")


def _named(value: Named) -> str:
    name = f"“{escape(shortened(value.name, _LONGEST_NAME))}”, " if value.name else ""
    return f"{name}number {value.number}"


def _moment(table: str, column: str, moment: datetime, zone: str) -> str:
    if table == "member" and column == "last_asked_at":  # stored as the end of that day
        return day(moment - timedelta(microseconds=1), zone)
    return (day if table == "member" and column in _DAYS else when)(moment, zone)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(map(escape, words)) or "none"


def _networks(values: tuple[str, ...]) -> str:
    return ", ".join(networks.name(Network(value)) for value in values) or "none"


_BY_COLUMN: Final[Mapping[tuple[str, str], Callable[[Any], str]]] = MappingProxyType(
    {
        ("member", "hours_start"): _clock,
        ("member", "hours_end"): _clock,
        ("member", "topics"): _listed,
        ("member", "networks"): _networks,
        ("member", "workdays"): lambda days: show_workdays(frozenset(map(int, days))),
        ("member", "language"): lambda code: languages.NAMES.get(code, escape(code)),
        ("act", "state_before"): record.name_state,
        ("act", "state_after"): record.name_state,
        ("ask", "repeat"): lambda repeat: _by_type(bool(repeat)),
    }
)

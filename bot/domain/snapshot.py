"""Snapshots: what was computed once a day from people's rows, the only way they touch others.

What a person is shown depends on their own rows, on posts and settings, and on a snapshot. A
snapshot speaks only where enough people stand behind a figure and behind the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc
from bot.domain.ids import PostId
from bot.domain.post import Network, Wording

# A snapshot is taken in the morning, before anybody is asked.
TAKEN_AT: Final = time(6)
# So many people stand behind a figure and behind the rest: five besides any one reader, who knows
# what they did themselves.
LEAST_PEOPLE: Final = 6
# From how many members on figures act is drawn once for each workspace, so that nobody can tell
# from it that one colleague joined or left.
GATE_ON: Final = range(20, 25)
GATE_OFF_BELOW: Final = 15
NOTE_GATE_ON: Final = 10
NOTE_GATE_OFF_BELOW: Final = 7

WordingKey = tuple[PostId, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the figures of one day say.

    `day` is a date in the workspace's zone, None before the first snapshot. `gate` tells whether
    figures act at all, `note_gate` whether notes may come unsigned. `used` holds the wordings that
    were used enough, by `wording_key`; `networks` those that enough members chose. `budget_share`
    is the part of members who may be asked in this week: see `domain.budget`. `group_shares` are
    the parts of members who are asked first about the posts that have no verdict yet, and
    `group_share` is that of a post that went live since: see `domain.first_group`. `audiences` are
    how many follow a topic, by its key, from Monday to Monday, and `audiences_before` what was told
    last of each topic, also of those that are not told of now: see `domain.audience`.
    """

    day: date | None = None
    gate: bool = False
    note_gate: bool = False
    used: frozenset[WordingKey] = frozenset()
    networks: frozenset[Network] = frozenset()
    budget_share: float = 1.0
    group_share: float = 1.0
    group_shares: Mapping[PostId, float] = field(default_factory=dict)
    audiences: Mapping[str, int] = field(default_factory=dict)
    audiences_before: Mapping[str, int] = field(default_factory=dict)


# Without a snapshot everything is as with few members.
NO_SNAPSHOT: Final = Snapshot()


def day_of(now: datetime, zone: str) -> date:
    """The date whose snapshot holds at `now` (aware), in the workspace's IANA zone."""
    local = as_utc(now).astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= TAKEN_AT else local.date() - timedelta(days=1)


def reads_gate(before: Snapshot, day: date) -> bool:
    """Whether the gates are read anew on `day`: on Mondays, or where a Monday was missed."""
    monday = day - timedelta(days=day.weekday())
    return before.day is None or before.day < monday


def decide_gate(before: Snapshot, members: int, threshold: int) -> bool:
    """Whether figures act, with so many members and the workspace's own `threshold`."""
    if members < GATE_OFF_BELOW:
        return False
    return before.gate or members >= threshold


def decide_note_gate(before: Snapshot, members: int) -> bool:
    """Whether notes may come unsigned, with so many members."""
    if members < NOTE_GATE_OFF_BELOW:
        return False
    return before.note_gate or members >= NOTE_GATE_ON


def speaks(figure: int, whole: int) -> bool:
    """Whether a figure out of `whole` people says nothing about any one of them."""
    return figure >= LEAST_PEOPLE and whole - figure >= LEAST_PEOPLE


def wording_key(post_id: PostId, wording: Wording) -> WordingKey:
    """A wording of a post by what it says: a correction that keeps a text keeps its key."""
    said = f"{wording.network}:{wording.text}".encode("utf-8", "surrogatepass")
    return post_id, blake2b(said, digest_size=12).hexdigest()


def find_used(opened: Mapping[WordingKey, int], members: int, limit: int) -> frozenset[WordingKey]:
    """The wordings that at least `limit` people opened, where that says nothing about one."""
    return frozenset(
        key for key, people in opened.items() if people >= limit and speaks(people, members)
    )

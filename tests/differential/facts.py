"""What a snapshot says, and the rows behind it: from these a test judges it by a rule of its own.

The rule is written down a second time on purpose: figures speak only where at least six people
stand behind them and behind the rest, people in comms do not count, and the gates are read on
Mondays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.model import Colour, DispatchState, Outcome
from bot.storage.tables import (
    AnnouncementRow,
    AskRow,
    MemberFiguresRow,
    MemberRow,
    PostFiguresRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    SnapshotRow,
    SpanFiguresRow,
    WordingRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx

SIX = 6
WEEK, FOUR_WEEKS = timedelta(days=7), timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Facts:
    """A snapshot with the rows that it was made from, at `now`; taken at a heartbeat.

    `says` holds every column of it, the colour, and whom each post reaches. `found` are the posts
    whose uncertain announcement it has settled.
    """

    beat: int
    day: date | None
    now: datetime
    says: Mapping[str, Any]
    uncertain: frozenset[int]
    found: frozenset[int]
    members: tuple[Any, ...]
    openings: tuple[Any, ...]
    asks: tuple[Any, ...]

    def taken_at(self, beat: int) -> Facts:
        """The same, found at this heartbeat."""
        return replace(self, beat=beat)


def load_facts(tx: Tx, uncertain: frozenset[int]) -> Facts:
    """The newest snapshot and the rows; `uncertain` are the posts that were so before."""
    row = tx.connection.execute(
        select(SnapshotRow.__table__).where(SnapshotRow.workspace_id == tx.workspace_id)
    ).one_or_none()
    says: dict[str, Any] = dict(row._mapping) if row is not None else {}
    says |= dict(says.pop("figures", {}))
    for internal in ("id", "workspace_id", "audiences_before"):  # the last is shown to nobody
        says.pop(internal, None)
    says["colour"] = tx.connection.execute(
        select(WorkspaceRow.colour).where(WorkspaceRow.id == tx.workspace_id)
    ).scalar_one()
    posts = PostRow.__table__.c
    for post in tx.connection.execute(
        select(posts.id, posts.reach).where(posts.workspace_id == tx.workspace_id)
    ):
        says[f"reach of {post.id}"] = post.reach
    for name, column in (
        ("figures of posts", PostFiguresRow.figures),
        ("figures of months", SpanFiguresRow.figures),
        ("members in a quarter", MemberFiguresRow.members),
    ):
        says[name] = [str(figures) for figures in tx.connection.execute(select(column)).scalars()]
    now_uncertain = frozenset(
        tx.connection.execute(
            select(AnnouncementRow.post_id).where(
                AnnouncementRow.workspace_id == tx.workspace_id,
                AnnouncementRow.state == DispatchState.UNCERTAIN,
            )
        ).scalars()
    )
    return Facts(
        0,
        says.get("day"),
        tx.now,
        says,
        now_uncertain,
        uncertain - now_uncertain,
        *_load_rows(tx),
    )


def _load_rows(tx: Tx) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    members = select(
        MemberRow.id,
        MemberRow.user,
        MemberRow.left_at,
        MemberRow.consent_ends_at,
        MemberRow.paused_at,
        MemberRow.networks,
        MemberRow.topics,
        MemberRow.next_ask_at,
    ).where(MemberRow.workspace_id == tx.workspace_id)
    openings = (
        select(
            WordingRow.post_id,
            WordingRow.network,
            WordingRow.text,
            ResponseRow.member_id,
            ResponseEventRow.at,
        )
        .join(ResponseEventRow, ResponseEventRow.wording_id == WordingRow.id)
        .join(ResponseRow, ResponseRow.id == ResponseEventRow.response_id)
    )
    asks = select(AskRow.member_id, AskRow.outcome, AskRow.settled_at).where(
        AskRow.workspace_id == tx.workspace_id
    )
    found = [tuple(tx.connection.execute(query)) for query in (members, openings, asks)]
    return found[0], found[1], found[2]


def differing(with_her: Facts, without: Facts) -> list[str]:
    """What the two snapshots of a day say differently."""
    names = {*with_her.says, *without.says}
    told = [name for name in names if with_her.says.get(name) != without.says.get(name)]
    return sorted(told + (["found"] if with_her.found != without.found else []))


def unjustified(with_her: Facts, without: Facts, apart: frozenset[str]) -> list[str]:
    """Differences that say something about one person; people who are `apart` do not count."""
    sides = (_Side(with_her, apart), _Side(without, apart))
    return [name for name in differing(with_her, without) if not _is_justified(name, sides)]


def _is_justified(name: str, sides: tuple[_Side, _Side]) -> bool:
    if name == "found":
        return True  # what a click proves follows with the daily job: it says only "somebody"
    if name in ("gate", "note_gate"):
        edges = (15, *range(20, 25)) if name == "gate" else (7, 10)
        low, high = sorted(side.count for side in sides)
        first = sides[0].facts.day
        return first is not None and any(low < edge <= high for edge in edges)
    if not any(side.facts.says["gate"] for side in sides):
        return False
    if name == "used":
        return all(side.is_used_by_enough(key) for side in sides for key in side.own(name, sides))
    if name == "networks":
        return all(side.chosen[key] >= SIX for side in sides for key in side.own(name, sides))
    if name == "audiences":
        return all(
            SIX <= side.following[topic] <= side.askable - SIX
            for side in sides
            for topic, _people in side.own(name, sides)
        )
    if name == "colour":
        return all(side.may_be(side.facts.says["colour"]) for side in sides)
    # Figures that came later: at least they speak of many.
    return min(side.count for side in sides) >= 15


class _Side:
    """One of two runs, counted anew from its rows."""

    def __init__(self, facts: Facts, apart: frozenset[str]) -> None:
        self.facts, now = facts, facts.now
        self.inside = [
            row
            for row in facts.members
            if row.user not in apart and row.left_at is None and row.consent_ends_at > now
        ]
        self.count = len(self.inside)
        self.chosen = Counter(network for row in self.inside for network in set(row.networks))
        may_be_asked = [
            row for row in facts.members if row.user not in apart and row.next_ask_at is not None
        ]
        self.askable = len(may_be_asked)
        self.following = Counter(topic for row in may_be_asked for topic in set(row.topics))
        self._apart = {row.id for row in facts.members if row.user in apart}
        self._known = [row for row in facts.members if row.user not in apart]

    def own(self, name: str, sides: tuple[_Side, _Side]) -> list[Any]:
        """What only this side says."""
        [other] = [side for side in sides if side is not self]
        said = [tuple(key) if isinstance(key, list) else key for key in self.facts.says[name]]
        theirs = [tuple(key) if isinstance(key, list) else key for key in other.facts.says[name]]
        return [key for key in said if key not in theirs]

    def is_used_by_enough(self, key: Any) -> bool:
        """Whether six opened a text of that post in a week, and six members did not."""
        since = self.facts.now - WEEK
        by_text: dict[str, set[int]] = {}
        for row in self.facts.openings:
            if row.post_id == key[0] and row.at > since and row.member_id not in self._apart:
                by_text.setdefault(f"{row.network}:{row.text}", set()).add(row.member_id)
        return any(SIX <= len(who) <= self.count - SIX for who in by_text.values())

    def may_be(self, colour: Colour) -> bool:
        """Whether enough people stand behind one cause of such a colour, and behind the rest."""
        if colour is Colour.GREEN:
            return True
        since = self.facts.now - FOUR_WEEKS
        whole = sum(
            row.consent_ends_at > since and (row.left_at is None or row.left_at > since)
            for row in self._known
        )
        for moment in ("paused_at", "left_at"):
            some = sum(
                getattr(row, moment) is not None and getattr(row, moment) > since
                for row in self._known
            )
            if SIX <= some <= whole - SIX:
                return True
        settled = [
            row
            for row in self.facts.asks
            if row.outcome not in (None, Outcome.ENDED) and row.settled_at > since
        ]
        lost = (Outcome.SKIPPED, Outcome.LAPSED)
        decliners = {row.member_id for row in settled if row.outcome in lost}
        takers = {row.member_id for row in settled if row.outcome not in lost}
        return (
            len(settled) >= 20
            and min(len(decliners - self._apart), len(takers - self._apart)) >= SIX
        )

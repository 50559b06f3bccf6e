"""A company with a past: what every screen is read from, in any size.

A company with more posts has used the bot for longer: fifty are begun in a month, and none lives
for more than 90 days. So with 5,000 posts 15 times as many are live, or wait for people in comms,
as with 50, and the channel's queue is three times as long. Each member answered ten.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, literal, select, update

from bench import crowd
from bench.crowd import NOW
from bench.ground import CHANNEL, TEAM
from bot.domain.ids import PostId
from bot.domain.model import DispatchState, NoticeKind, Outcome, Reach, Shown, SkipReason, Stage
from bot.domain.post import Network, PostState, Verdict
from bot.domain.record import Act
from bot.domain.snapshot import Snapshot, day_of
from bot.storage import snapshots, workspaces
from bot.storage.database import create_engine_for
from bot.storage.tables import (
    ActRow,
    AnnouncementRow,
    AskRow,
    DecisionRow,
    MemberRow,
    NoticeRow,
    PostFiguresRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    SpanFiguresRow,
    WordingRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx

WRITERS: Final = tuple(f"U0COMMS{number:02d}" for number in range(20))
_ANSWERS_EACH = 10
_ASKS_EACH = 5
_FIFTY: Final = (
    *[PostState.IN_REVIEW] * 4,
    *[PostState.RETURNED] * 3,
    *[PostState.DRAFT] * 3,
    *[PostState.APPROVED] * 20,
    *[PostState.LIVE] * 10,
    *[PostState.EXPIRED] * 10,
)
_ANSWERED = range(31, 45)  # of fifty: all live ones but one, and five that ended lately
# Fifty are begun in a month, and none lives for more than 90 days: later ones have ended.
_ABOUT_NOW = 750
_QUEUED_UP_TO = 150  # sixty: the channel takes five a week
_SPREAD, _BACK = 7, 43  # times each other they are 1, of fifty: so that states take turns
_DAY = timedelta(days=1)
_FIGURES: Final = [
    ["answers", ["opened", "shared"], 40],
    ["answers", ["no_reason", "not_my_audience"], 25],
    ["answers", ["nothing"], 600],
    ["asked", ["asked"], 300],
    ["networks", ["linkedin"], 30],
]
_GIVEN: Final = (
    (Stage.SHARED, None, Network.LINKEDIN),
    (Stage.OPENED, None, Network.X),
    (Stage.INTERESTED, None, None),
    (Stage.SKIPPED, SkipReason.NOT_MY_AUDIENCE, None),
    (Stage.SKIPPED, None, None),
)
_OUTCOMES: Final = (None, Outcome.SHARED, Outcome.SKIPPED, Outcome.SKIPPED, Outcome.LAPSED)


@dataclass(frozen=True, slots=True)
class Size:
    """How many members, and how many posts: fifty or a multiple."""

    members: int
    posts: int

    @property
    def months(self) -> int:
        """How many months have closed."""
        return self.posts // 50

    def __str__(self) -> str:
        answers = self.members * _ANSWERS_EACH
        return f"{self.members:,} members, {self.posts:,} posts and {answers:,} responses"


def fill(url: str, size: Size) -> None:
    """Store it all, with nobody to be asked before tomorrow and nothing that is left to do."""
    chance = random.Random(1)
    engine = create_engine_for(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        tx = Tx(connection, TEAM, NOW)
        workspaces.save(tx, replace(crowd.workspace(), figures=True, evidence_years=10))
        connection.execute(update(WorkspaceRow).values(figures_since=NOW - 9_000 * _DAY))
        posts = range(1, size.posts + 1)
        crowd.store(connection, PostRow, map(_post, posts))
        crowd.store(connection, RevisionRow, (_revision(number, chance) for number in posts))
        crowd.store(connection, WordingRow, _wordings(posts))
        crowd.store(connection, AnnouncementRow, _announcements(posts))
        crowd.store(connection, DecisionRow, _decisions(posts))
        crowd.store(connection, ActRow, _acts(posts))
        crowd.store(connection, NoticeRow, map(_notice, posts))
        crowd.store(connection, PostFiguresRow, _post_figures(posts))
        crowd.store(connection, SpanFiguresRow, map(_span_figures, range(1, size.months + 1)))
        people = range(1, size.members + 1)
        crowd.store(connection, MemberRow, (_member(number, chance) for number in people))
        _answer(connection, size)
        snapshots.insert_snapshot(tx, _snapshot(posts))
    crowd.tidy(engine)
    engine.dispose()


def post_in(state: PostState) -> PostId:
    """A post that stands there, in any size; of ended ones a month that has closed has it."""
    place = 49 if state is PostState.EXPIRED else max(1, _FIFTY.index(state))  # none is post 0
    return PostId(place * _BACK % 50)


def _place(post: int) -> int:
    return post * _SPREAD % 50


def _state(post: int) -> PostState:
    state = _FIFTY[_place(post)]
    latest = _QUEUED_UP_TO if state is PostState.APPROVED else _ABOUT_NOW
    return PostState.EXPIRED if post > latest else state


def _long_over(post: int) -> bool:
    return _state(post).ended and (post > _ABOUT_NOW or _place(post) not in _ANSWERED)


def _month(post: int) -> date:
    """The month in which it ended: the newest fifty in the last one that has closed."""
    return _months_ago(2 + post // 50)


def _months_ago(count: int) -> date:
    year, month = divmod(NOW.year * 12 + NOW.month - 1 - count, 12)
    return date(year, month + 1, 1)


def _ended_at(post: int) -> datetime | None:
    if not _state(post).ended:
        return None
    if not _long_over(post):
        return NOW - 10 * _DAY
    month = _month(post)
    return NOW.replace(year=month.year, month=month.month, day=15)


def _went_out_at(post: int) -> datetime | None:
    """When it went out, if it did."""
    if _state(post) is PostState.LIVE:
        return NOW - (1 + post % 28) * _DAY
    ended = _ended_at(post)
    return None if ended is None else ended - 30 * _DAY


def _post(post: int) -> dict[str, Any]:
    state = _state(post)
    out = _went_out_at(post)
    approved = out or (NOW - 3 * _DAY if state is PostState.APPROVED else None)
    return {
        "id": post,
        "workspace_id": TEAM,
        "state": state,
        "revision": 1,
        "approved_revision": 1 if approved else None,
        "created_at": (approved or NOW) - 2 * _DAY,
        "approved_at": approved,
        "ended_at": _ended_at(post),
        "version": 1,
        "card_version": 1,
        "card_ts": f"1.{post:06d}",
        "card_link": f"https://bench.slack.com/archives/C0COMMS00/p{post}",
        "message_link": f"https://bench.slack.com/archives/{CHANNEL}/p{post}" if out else None,
        "form": f"V{post}",
        "folded": _long_over(post),
        "live_at": out,
        "reach": Reach.EVERYBODY,
        "asks_stale": False,
        "from_feed": "",
    }


def _revision(post: int, chance: random.Random) -> dict[str, Any]:
    begun = (_went_out_at(post) or NOW) - 2 * _DAY
    return {
        "post_id": post,
        "number": 1,
        "writer": WRITERS[post % len(WRITERS)],
        "form": f"V{post}",
        "title": f"News number {post}",
        "link": f"https://news.example.org/{post}",
        "why": "It halves the time that a backup takes.",
        "topics": chance.sample(crowd.TOPICS, 2),
        "expires_at": _ended_at(post) or NOW + 60 * _DAY,
        "written_at": begun,
        "picture": "",
        "picture_alt": "",
        "author": "",
        "prompts": [],
        "channel": True,
        "direct": True,
    }


def _wordings(posts: Iterable[int]) -> Iterator[dict[str, Any]]:
    for post in posts:
        for place, network in enumerate(tuple(Network)[:4]):
            words = "Backups take half the time now."
            yield {"post_id": post, "revision": 1, "position": place, "network": network} | {
                "text": words
            }


def _announcements(posts: Iterable[int]) -> Iterator[dict[str, Any]]:
    for post in posts:
        out = _went_out_at(post)
        if out is not None:
            yield {
                "workspace_id": TEAM,
                "post_id": post,
                "state": DispatchState.SENT,
                "claimed_at": out,
                "sent_at": out,
                "channel": CHANNEL,
                "message_ts": f"2.{post:06d}",
                "shown_revision": 1,
                "shown_ended": _state(post).ended,
                "held": False,
            }


def _decisions(posts: Iterable[int]) -> Iterator[dict[str, Any]]:
    for post in posts:
        state = _state(post)
        returned = state is PostState.RETURNED
        if returned or state not in (PostState.DRAFT, PostState.IN_REVIEW):
            yield {
                "post_id": post,
                "revision": 1,
                "who": WRITERS[(post + 1) % len(WRITERS)],
                "what": Verdict.SENT_BACK if returned else Verdict.APPROVED,
                "reason": "Please name the release." if returned else None,
                "at": _went_out_at(post) or NOW - 3 * _DAY,
            }


def _acts(posts: Iterable[int]) -> Iterator[dict[str, Any]]:
    for post in posts:
        for act in (Act.SAVE, Act.SUBMIT, Act.APPROVE):
            yield {
                "workspace_id": TEAM,
                "at": (_went_out_at(post) or NOW) - _DAY,
                "who": WRITERS[post % len(WRITERS)],
                "what": act,
                "post_id": post,
                "revision": 1,
            }


def _notice(post: int) -> dict[str, Any]:
    """Comms were reminded of it once."""
    reminded = NoticeKind.STILL_WAITS
    moments = {"created_at": NOW - _DAY, "sent_at": NOW - _DAY}
    return {"workspace_id": TEAM, "kind": reminded, "post_id": post, "detail": "1", **moments}


def _post_figures(posts: Iterable[int]) -> Iterator[dict[str, Any]]:
    for post in posts:
        if _long_over(post):
            of_post = {"post_id": post, "workspace_id": TEAM, "month": _month(post)}
            yield {**of_post, "figures": _FIGURES}


def _span_figures(months_ago: int) -> dict[str, Any]:
    month = _months_ago(1 + months_ago)
    return {
        "workspace_id": TEAM,
        "first": month,
        "last": month,
        "posts": 5,
        "members": 990,
        "figures": _FIGURES,
    }


def _member(number: int, chance: random.Random) -> dict[str, Any]:
    due = crowd.member(number, chance)
    tomorrow = NOW + _DAY + timedelta(seconds=chance.randrange(86_400))
    return {**due, "next_ask_at": tomorrow, "messages_due_at": due["consent_ends_at"]}


def _answer(connection: Connection, size: Size) -> None:
    """Responses, their history, and asks: each member's to other posts, in a few statements."""
    known = len(_ANSWERED) * min(size.posts, _ABOUT_NOW) // 50

    def chosen(place: int) -> Any:
        number = (MemberRow.id * 7_919 + place * max(1, known // 11)) % known
        each = len(_ANSWERED)
        return 50 * (number // each) + (number % each + _ANSWERED.start) * _BACK % 50

    for place in range(_ANSWERS_EACH):
        stage, reason, network = _GIVEN[place % len(_GIVEN)]
        answered = {
            ResponseRow.stage: stage,
            ResponseRow.reason: reason,
            ResponseRow.network: network,
            ResponseRow.at: NOW - (1 + 2 * place) * _DAY,
        }
        _insert_of_each(connection, ResponseRow, chosen(place), answered)
    columns = ("stage", "reason", "network", "at")
    history = select(ResponseRow.id, *(getattr(ResponseRow, name) for name in columns))
    connection.execute(insert(ResponseEventRow).from_select(["response_id", *columns], history))
    for place in range(_ASKS_EACH):
        outcome, asked_at = _OUTCOMES[place], NOW - (2 + 7 * place) * _DAY
        asked = {
            AskRow.workspace_id: TEAM,
            AskRow.repeat: 0,
            AskRow.revision: 1,
            AskRow.state: DispatchState.SENT,
            AskRow.asked_at: asked_at,
            AskRow.channel: "D0BENCH00",
            AskRow.message_ts: f"3.{place:06d}",
            AskRow.outcome: outcome,
            AskRow.settled_at: None if outcome is None else asked_at + _DAY,
            AskRow.shown: Shown.POST if outcome in (None, Outcome.LAPSED) else Shown.ANSWERED,
            AskRow.shown_revision: 1,
        }
        _insert_of_each(connection, AskRow, chosen(place or _ANSWERS_EACH), asked)


def _insert_of_each(connection: Connection, table: Any, post: Any, values: dict[Any, Any]) -> None:
    """A row of each member about a post that is computed from their number."""
    literals = [literal(value, column.type) for column, value in values.items()]
    rows = select(MemberRow.id, post, *literals)
    names = ["member_id", "post_id", *(column.key for column in values)]
    connection.execute(insert(table).from_select(names, rows))


def _snapshot(posts: Iterable[int]) -> Snapshot:
    live = [PostId(post) for post in posts if _state(post) is PostState.LIVE]
    return Snapshot(
        day_of(NOW, crowd.ZONE),
        gate=True,
        note_gate=True,
        used=frozenset((post, "Backups take half the time now.") for post in live),
        networks=frozenset(Network),
        budget_share=1.0,
    )

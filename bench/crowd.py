"""A workspace with many members who may be asked, for measuring how planning grows."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.engine import Engine

from bench.ground import CHANNEL, TEAM
from bot.domain.model import (
    ChannelPolicy,
    DispatchState,
    Hours,
    Outcome,
    Pace,
    Preferences,
    Reach,
    Shown,
    SkipReason,
    Stage,
    Workspace,
)
from bot.domain.post import Network, PostState
from bot.storage import preferences as preferences_rows
from bot.storage import workspaces
from bot.storage.columns import Base
from bot.storage.database import create_engine_for
from bot.storage.tables import (
    AskRow,
    MemberRow,
    PostRow,
    ResponseRow,
    RevisionRow,
    WordingRow,
)
from bot.storage.tx import Tx

# A Tuesday at noon in Berlin, where everybody is: most are past the moment they got for the day.
NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"
POSTS = 200
ASKS_EACH = 5
TOPICS = [f"topic {number}" for number in range(12)]
_DAY = timedelta(days=1)
_AT_ONCE = 5_000  # rows in one statement


def fill(url: str, count: int, *, seed: int = 1) -> None:
    """Store live posts that reach everybody, and members with five past asks and answers each.

    All of them chose one a week, and the last one was eight days ago: everybody is due, as after a
    long weekend. That is the most that a heartbeat ever meets.
    """
    chance = random.Random(seed)
    engine = create_engine_for(url)
    with engine.begin() as connection:
        workspaces.save(Tx(connection, TEAM, NOW), workspace())
        _add_posts(connection, chance)
        for table, rows in (
            (MemberRow, (member(number, chance) for number in range(1, count + 1))),
            (AskRow, _asks(count, random.Random(seed))),
            (ResponseRow, _responses(count, random.Random(seed))),
        ):
            store(connection, table, rows)
    tidy(engine)
    engine.dispose()


def workspace() -> Workspace:
    """The workspace of all of them."""
    policy = ChannelPolicy(_DAY, 5, Hours(0, 24 * 60), frozenset(range(7)), ZONE)
    return Workspace(TEAM, CHANNEL, "C0COMMS00", policy, "#AcmeEmployee", 2)


def store(connection: Connection, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, some thousand in a statement."""
    rows = iter(rows)
    while chunk := list(islice(rows, _AT_ONCE)):
        connection.execute(insert(table), chunk)


def _add_posts(connection: Connection, chance: random.Random) -> None:
    numbers = range(1, POSTS + 1)
    usual = {
        "workspace_id": TEAM,
        "state": PostState.LIVE,
        "revision": 1,
        "approved_revision": 1,
        "created_at": NOW,
        "version": 1,
        "card_version": 1,
        "folded": False,
        "reach": Reach.EVERYBODY,
        "asks_stale": False,
        "from_feed": "",
    }
    connection.execute(
        insert(PostRow),
        [
            {**usual, "id": n, "form": f"V{n}", "live_at": NOW - chance.randrange(1, 28) * _DAY}
            for n in numbers
        ],
    )
    revision = {
        "number": 1,
        "writer": "U0WRITER0",
        "why": "It halves the time.",
        "picture": "",
        "picture_alt": "",
        "author": "",
        "prompts": [],
        "channel": True,
        "direct": True,
        "written_at": NOW,
    }
    connection.execute(
        insert(RevisionRow),
        [
            {
                **revision,
                "post_id": n,
                "form": f"V{n}",
                "title": f"News number {n}",
                "link": f"https://news.example.org/{n}",
                "topics": chance.sample(TOPICS, 2),
            }
            for n in numbers
        ],
    )
    connection.execute(
        insert(WordingRow),
        [
            {"post_id": n, "revision": 1, "position": place, "network": network, "text": "Words."}
            for n in numbers
            for place, network in enumerate(Network)
        ],
    )


def member(number: int, chance: random.Random) -> dict[str, Any]:
    """A member of this number, who is due."""
    chosen = Preferences(
        pace=Pace.WEEKLY,
        topics=tuple(chance.sample(TOPICS, 3)),
        networks=(Network.LINKEDIN, Network.X),
    )
    return {
        **preferences_rows.preference_columns(chosen),
        "id": number,
        "workspace_id": TEAM,
        "user": f"U{number:08d}",
        "consented_at": NOW - 60 * _DAY,
        "consent_ends_at": NOW + 120 * _DAY,
        "zone": ZONE,
        "zone_checked_at": NOW,
        "direct": True,
        "consecutive_declines": 0,
        "last_asked_at": NOW - 8 * _DAY,
        "next_ask_at": NOW - timedelta(seconds=chance.randrange(1, 86_400)),
    }


def _asks(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        for place, post in enumerate(chance.sample(range(1, POSTS + 1), ASKS_EACH)):
            asked_at = NOW - (8 + 7 * place) * _DAY
            yield {
                "workspace_id": TEAM,
                "member_id": number,
                "post_id": post,
                "repeat": 0,
                "revision": 1,
                "state": DispatchState.SENT,
                "asked_at": asked_at,
                "outcome": Outcome.SKIPPED if place % 2 else Outcome.SHARED,
                "settled_at": asked_at,
                "shown": Shown.ANSWERED,
            }


def _responses(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        for place, post in enumerate(chance.sample(range(1, POSTS + 1), ASKS_EACH)):
            skipped = place % 2
            yield {
                "post_id": post,
                "member_id": number,
                "stage": Stage.SKIPPED if skipped else Stage.OPENED,
                "reason": SkipReason.NOT_MY_AUDIENCE if place == 1 else None,
                "at": NOW - (8 + 7 * place) * _DAY,
            }


def tidy(engine: Engine) -> None:
    """What PostgreSQL has done by itself after a while; SQLite does not, and the bot neither."""
    if engine.dialect.name == "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = 0"))  # its own looks may be at work
        connection.execute(text("VACUUM ANALYZE"))

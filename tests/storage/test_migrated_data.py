"""What earlier versions stored is brought to the rules of this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.pool import NullPool

from bot.domain.hours import end_of_day, start_of_day
from bot.domain.ids import WorkspaceId
from bot.domain.record import Act
from bot.services import reconcile, retention
from bot.storage import schema
from bot.storage.tables import (
    ActRow,
    LessonSeenRow,
    MemberRow,
    NoticeRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
)
from bot.storage.tx import Tx

BEFORE = "0008"  # the last version without ends, totals and days
ZONE = "Europe/Berlin"
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
# Of every table the columns that must have a value, with a usual one.
USUAL: dict[str, dict[str, Any]] = {
    "workspace": {
        "advocacy_channel": "C1",
        "comms_channel": "G1",
        "min_gap_seconds": 0,
        "weekly_cap": 2,
        "hours_start": 0,
        "hours_end": 1440,
        "workdays": "01234",
        "zone": ZONE,
        "disclosure": "#Acme",
        "approvals": 2,
        "topics": "",
        "consent_months": 6,
        "asks_per_hundred": 100,
        "colour": "green",
        "gate_threshold": 20,
    },
    "member": {
        "workspace_id": "T1",
        "consent_ends_at": NOW + 100 * DAY,
        "zone": ZONE,
        "zone_checked_at": NOW,
        "in_channel": False,
        "direct": True,
        "pace": "1_a_week",
        "topics": ",releases,",
        "networks": ",x,",
        "hours_start": 570,
        "hours_end": 990,
        "workdays": "01234",
        "consecutive_declines": 0,
    },
    "post": {
        "workspace_id": "T1",
        "revision": 1,
        "approved_revision": 1,
        "created_at": NOW - 300 * DAY,
        "version": 1,
        "card_version": 1,
        "reach": "everybody",
        "asked": 0,
        "asks_stale": False,
        "persons_released": False,
    },
    "revision": {
        "number": 1,
        "writer": "U0CLEO",
        "form": "V",
        "title": "News",
        "link": "https://news.example.org/",
        "why": "Why",
        "topics": "[]",
        "written_at": NOW - 300 * DAY,
        "picture": "",
        "picture_alt": "",
    },
    "decision": {"revision": 1, "who": "U0CARL", "what": "approved", "at": NOW - 299 * DAY},
    "response": {"stage": "opened", "network": "x", "at": NOW - 90 * DAY},
    "response_event": {"stage": "opened", "network": "x", "at": NOW - 90 * DAY},
    "lesson_seen": {"lesson": "first"},
    "ask": {
        "workspace_id": "T1",
        "repeat": 0,
        "revision": 1,
        "state": "sent",
        "shown_ended": False,
    },
    "notice": {"workspace_id": "T1", "created_at": NOW - DAY},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, new_empty: Callable[[str], str]) -> Iterator[Engine]:
    """A database of the last version before, with data, after the upgrade; only read here."""
    url = new_empty(request.param)
    command.upgrade(schema.config(url), BEFORE)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        _fill(connection)
    schema.upgrade(url)
    yield engine
    engine.dispose()


def _fill(connection: Connection) -> None:
    add(connection, "workspace", id="T1")
    joined = NOW - 90 * DAY
    amara = {"consented_at": joined, "last_asked_at": joined + DAY, "network": "x"}
    add(connection, "member", id=1, user="U0AMARA", **amara)
    add(connection, "member", id=2, user="U0BO", consented_at=joined, last_asked_at=NOW - 2 * DAY)
    apart = {"topics": ",cafe\u0301,releases,"}
    left = {"consented_at": joined, "left_at": NOW - 31 * DAY}
    add(connection, "member", id=3, user="U0DEE", **left, **apart)
    add(connection, "lesson_seen", id=1, member_id=1, first_offered_at=joined, read_at=None)
    # Live for long, live since a week, and ended with its persons taken out.
    add(connection, "post", id=1, form="V1", state="live", live_at=NOW - 200 * DAY)
    add(connection, "post", id=2, form="V2", state="live", live_at=NOW - 7 * DAY)
    ended = {"state": "withdrawn", "ended_at": NOW - 40 * DAY, "live_at": NOW - 100 * DAY}
    add(connection, "post", id=3, form="V3", **(ended | {"persons_released": True}))
    for post_id in (1, 2, 3):
        add(connection, "revision", post_id=post_id)
    add(connection, "decision", id=1, post_id=1)
    add(connection, "decision", id=2, post_id=2, who="U0CLEO")
    late = {"at": NOW - 40 * DAY, "reason": "Old news."}
    add(connection, "decision", id=3, post_id=3, what="withdrawn", **late)
    for response_id, stage in ((1, "opened"), (2, "opened"), (3, "skipped")):
        network = "x" if stage == "opened" else None
        add(connection, "response", id=response_id, post_id=3, stage=stage, network=network)
        add(connection, "response_event", id=response_id, response_id=response_id, stage=stage)
    add(connection, "response", id=4, post_id=2, member_id=2)
    add(connection, "response_event", id=4, response_id=4)
    asked = {"member_id": 2, "post_id": 2, "asked_at": NOW - 2 * DAY}
    add(connection, "ask", id=1, **asked)
    add(connection, "notice", id=1, kind="note", post_id=2, sent_at=NOW)


def add(connection: Connection, table: str, **values: Any) -> None:
    """A row of the old tables."""
    row = {name: _plain(connection, value) for name, value in (USUAL[table] | values).items()}
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({places})'), row)


def _plain(connection: Connection, value: Any) -> Any:
    if isinstance(value, datetime) and connection.dialect.name == "sqlite":
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return stored(connection, table)


def stored(connection: Connection, table: Any) -> list[Any]:
    return list(connection.execute(select(table.__table__)))


def test_live_posts_get_an_end_and_ended_ones_keep_theirs(engine: Engine) -> None:
    ends = {row.post_id: row.expires_at for row in rows(engine, RevisionRow)}
    fortnight = ends[1] - 14 * DAY
    assert NOW <= fortnight <= datetime.now(UTC), "at least a fortnight from the upgrade"
    assert ends[2] == NOW - 7 * DAY + 60 * DAY
    assert ends[3] is None


def test_the_record_begins_with_what_is_known_of_the_past(engine: Engine) -> None:
    written = [("U0CLEO", Act.SAVE, post, None) for post in (1, 2, 3)]
    decided = [
        ("U0CARL", Act.APPROVE, 1, None),
        ("U0CLEO", Act.APPROVE_OWN, 2, None),
        ("U0CARL", Act.WITHDRAW, 3, "Old news."),
    ]
    found = sorted(rows(engine, ActRow), key=lambda row: row.id)
    told = [(row.who, row.what, row.post_id, row.detail) for row in found]
    assert sorted(told[:3]) == written, "in one moment"
    assert told[3:] == decided
    assert [row.at for row in found] == sorted(row.at for row in found)


def test_responses_without_a_person_are_gone(engine: Engine) -> None:
    assert [row.id for row in rows(engine, ResponseRow)] == [4]
    assert [row.response_id for row in rows(engine, ResponseEventRow)] == [4]
    assert {row.id: row.folded for row in rows(engine, PostRow)} == {1: False, 2: False, 3: True}


def test_moments_of_people_become_days(engine: Engine) -> None:
    members = {row.user: row for row in rows(engine, MemberRow)}
    for row in members.values():
        assert row.consented_at == start_of_day(NOW - 90 * DAY, ZONE)
    assert members["U0AMARA"].last_asked_at == end_of_day(NOW - 89 * DAY, ZONE)
    assert members["U0AMARA"].network is None, "no response says so any more"
    assert members["U0BO"].last_asked_at is None, "the ask itself is still stored"
    [seen] = rows(engine, LessonSeenRow)
    assert (seen.offered, seen.read, seen.dismissed) == (True, False, False)


def test_topics_that_members_follow_are_composed(engine: Engine) -> None:
    followed = {row.user: row.topics for row in rows(engine, MemberRow)}
    assert followed["U0DEE"] == ("caf\u00e9", "releases")
    assert followed["U0AMARA"] == ("releases",)


def test_comms_are_told_once_and_sent_notes_are_gone(engine: Engine) -> None:
    assert [row.kind for row in rows(engine, NoticeRow)] == ["posts_end"]
    with engine.connect() as connection:
        pending = reconcile.find_pending(Tx(connection, WorkspaceId("T1"), NOW))
    assert len(pending.notices) == 1


def test_who_left_long_ago_goes_with_the_first_housekeeping(engine: Engine) -> None:
    with engine.connect() as connection:  # which takes back what is erased
        tx = Tx(connection, WorkspaceId("T1"), datetime.now(UTC))
        while retention.erase_due(tx):
            pass
        assert {row.user for row in stored(connection, MemberRow)} == {"U0AMARA", "U0BO"}


def test_the_way_back_is_open(engine: Engine) -> None:
    """Comes last, as it goes that way."""
    url = engine.url.render_as_string(hide_password=False)
    schema.downgrade(url, BEFORE)
    schema.upgrade(url)
    assert schema.state(url).in_step

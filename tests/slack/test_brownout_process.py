"""Slack hangs under the running program: what it does not hang on goes on, few people are counted
for nothing, and it ends soon when it is told to. A longer run lets Slack hang for a minute."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.ids import UserId, WorkspaceId
from bot.domain.model import DispatchState
from bot.services import membership, preferences
from bot.slack.views import announcements
from bot.storage.tables import AskRow
from bot.storage.tx import Tx
from slack_sandbox import Fault, Message
from tests.slack import program as programs
from tests.slack.at_rest import posted
from tests.slack.program import Program, add_announced_post, add_live_post, add_post, database
from tests.slack.report import Record
from tests.slack.workload import Tally

HANGS_FOR = 60.0 if os.environ.get("SOAK_KILLS") else 0.0
PEOPLE = 12
_COUNTED = (DispatchState.SENDING, DispatchState.SENT, DispatchState.UNCERTAIN)


def to_people(payload: dict[str, Any]) -> bool:
    return str(payload["channel"])[0] in "UWD"


def prepare(made: Program) -> Message:
    """A dozen people who can be asked, a post that waits for the channel, and one that is there."""
    now, team = datetime.now(UTC), WorkspaceId(made.sandbox.team_id)
    chosen, zone = programs.preferences(now)
    with database(made.url) as connection:
        shown = add_announced_post(made, connection, 1)
        add_live_post(connection, team, 2, now)
        add_post(connection, team, 3)
        for number in range(PEOPLE):
            user = UserId(made.sandbox.add_person(f"reader{number}").id)
            membership.join(Tx(connection, team, now), user, zone)
            preferences.choose(Tx(connection, team, now), user, chosen)
    return shown


async def timed_end(made: Program, record: Record, what: str) -> None:
    """End it in order, and print how long that took; `Program.end` bounds it."""
    began = time.monotonic()
    assert await made.end(signal.SIGTERM) == 0, made.errors.read_text()
    record.exit(what, time.monotonic() - began)


async def test_slack_hangs_on_direct_messages_and_nothing_else_waits(
    new_sqlite: Callable[[], str], tmp_path: Path, record: Record
) -> None:
    async with programs.program(new_sqlite(), "socket", tmp_path) as made:
        shown = prepare(made)
        sandbox, faults = made.sandbox, made.sandbox.faults
        hangs = Fault("chat.postMessage", when=to_people, times=None, hold=asyncio.Event())
        faults.add(hangs)
        await made.start()
        began = time.monotonic()
        await sandbox.until(lambda: posted(made)[made.news.id, 3], 20, "the announcement")
        announced = time.monotonic() - began
        await sandbox.until(lambda: faults.held >= 2, 20, "two held messages")
        acknowledged = 0
        while time.monotonic() - began < HANGS_FOR or not acknowledged:
            for number in range(PEOPLE):
                reader = sandbox.person(f"reader{number}")
                outcome = await reader.press(shown, announcements.SKIP)
                assert outcome.acknowledged, outcome.error
                acknowledged += 1
        with database(made.url) as connection:
            query = select(func.count()).where(AskRow.state.in_(_COUNTED))
            counted = connection.execute(query).scalar_one()
        assert counted == 2, "so many are counted without knowing of a message"
        await timed_end(made, record, "Slack hangs on direct messages")
        assert "Traceback" not in made.errors.read_text()
    tally = Tally(acknowledged, acknowledged, 0, 1, 0, counted)
    record.row("Slack hangs on direct messages; the announcement", tally, announced)


@pytest.mark.parametrize("hanging", [False, True])
async def test_it_ends_soon_whatever_slack_does(
    new_sqlite: Callable[[], str], tmp_path: Path, hanging: bool, record: Record
) -> None:
    async with programs.program(new_sqlite(), "socket", tmp_path) as made:
        if hanging:
            prepare(made)
        await made.start()
        if hanging:
            faults = made.sandbox.faults
            faults.add(Fault("*", times=None, hold=asyncio.Event()))
            await made.sandbox.until(lambda: faults.held >= 3, 20, "calls that are held")
        await timed_end(made, record, "Slack hangs on everything" if hanging else "idle")
        assert "Traceback" not in made.errors.read_text()

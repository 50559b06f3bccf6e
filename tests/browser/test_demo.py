"""The demo's own rules about data: what it makes, what it keeps, and what it leaves alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from advocacy_demo import data
from advocacy_demo.command import run_demo
from advocacy_demo.page import START, demo_page
from bot.storage import schema
from tests.browser.visit import queued_post
from tests.support import rows


async def test_a_database_of_somebody_else_is_left_alone(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    async with demo_page(url):
        pass
    # Of its own accord SQLite checks no foreign keys, so the rows of the workspace may stay.
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE workspace SET id = 'T0REAL'")
    with pytest.raises(data.NotOurs, match="another workspace"):
        async with demo_page(url):
            pass
    assert rows(url, "SELECT id FROM workspace") == [("T0REAL",)]


async def test_without_keep_it_begins_afresh(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    async with demo_page(url) as demo:
        sandbox = demo.sandbox
        await sandbox.person("amara").command("/advocacy join")
    assert rows(url, "SELECT count(*) FROM member") == [(1,)]
    async with demo_page(url):
        assert rows(url, "SELECT count(*) FROM member") == [(0,)]


async def test_with_keep_everything_stays_and_time_goes_on(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    async with demo_page(url, keep=True) as demo:
        sandbox = demo.sandbox
        assert demo.on_reset is None
        await sandbox.mover.move_by(timedelta(days=3))
        await sandbox.person("amara").command("/advocacy join")
    async with demo_page(url, keep=True) as demo:
        sandbox = demo.sandbox
        assert sandbox.clock() > START + timedelta(days=3) - timedelta(minutes=1)
        await sandbox.person("amara").command("/advocacy")
        assert rows(url, "SELECT count(*) FROM member") == [(1,)]


async def test_reset_makes_fresh_people_on_a_fresh_database(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    async with demo_page(url) as demo:
        sandbox = demo.sandbox
        await sandbox.person("amara").command("/advocacy join")
        await queued_post(sandbox)  # also what comms did goes, which the database guards
        await sandbox.mover.move_by(timedelta(hours=5))
        await demo.reset()
        assert sandbox.person("amara").private == []
        assert sandbox.clock() < START + timedelta(minutes=1)
        assert rows(url, "SELECT count(*) FROM member") == [(0,)]
        assert (await sandbox.person("amara").command("/advocacy")).acknowledged


async def test_it_prints_the_link_and_ends_when_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    showing = asyncio.create_task(run_demo(story=False, database=url))
    printed = ""
    while "?token=" not in printed:
        await asyncio.sleep(0.02)
        assert not showing.done()
        printed += capsys.readouterr().out
    assert "Nothing leaves this machine." in printed
    assert "http://127.0.0.1:" in printed
    os.kill(os.getpid(), signal.SIGTERM)
    assert await showing == 0
    assert schema.state(url).in_step


async def test_what_it_cannot_use_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_demo(story=False, database="mystery://nowhere") == 1
    said = capsys.readouterr().err
    assert said.startswith("DATABASE_URL: ")
    assert said.count("\n") == 1

"""Starting sandbox and bot together, telling the story, and reading the rows back."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.demo.stage import DISCLOSURE, Stage, clock_shows, heading, set_up
from bot.demo.story import tell
from bot.runtime import running
from bot.sandbox import Clock, Sandbox
from bot.settings import Settings
from bot.storage import schema

_START = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)  # a Monday morning
_TABLES = ("member", "post", "announcement", "response", "response_event")


async def show(*, once: bool) -> int:
    """Tell the story, then keep running until stopped, unless `once`; returns the exit status."""
    stopped = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    with tempfile.TemporaryDirectory(prefix="advocacy-demo-") as folder:
        url = f"sqlite:///{Path(folder) / 'demo.db'}"
        schema.upgrade(url)
        async with Sandbox(clock=Clock(start=_START)) as sandbox:
            stage = set_up(sandbox)
            print(f"Simulated Slack at {sandbox.api_url}. Nothing leaves this machine.")
            clock_shows(sandbox.clock())
            async with running(_settings(stage, url), sandbox.clock) as runtime:
                await sandbox.connected(2)
                await tell(stage, runtime)
                _read_back(url)
                if not once:
                    print("\nThe bot keeps running on the simulated clock. Ctrl-C ends it.")
                    await stopped.wait()
    return 0


def _settings(stage: Stage, url: str) -> Settings:
    return Settings.read(
        {
            "SLACK_BOT_TOKEN": stage.sandbox.bot_token,
            "SLACK_APP_TOKEN": stage.sandbox.app_token,
            "SLACK_API_URL": stage.sandbox.api_url,
            "DATABASE_URL": url,
            "ADVOCACY_CHANNEL": stage.news.name,
            "COMMS_CHANNEL": stage.comms.name,
            "DISCLOSURE": DISCLOSURE,
        }
    )


def _read_back(url: str) -> None:
    heading("7. What the database holds at the end")
    engine = create_engine(url)
    with engine.connect() as connection:
        for table in _TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}"))
            print(f"\n{table}: {', '.join(rows.keys())}")
            for row in rows:
                print("  ", *("-" if value is None else value for value in row), sep=" | ")
    engine.dispose()

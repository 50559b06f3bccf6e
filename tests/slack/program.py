"""`python -m bot run` as a process of its own, in a workspace of the sandbox."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import ChannelPolicy, Hours, Workspace
from bot.domain.post import Content, Network, PostLifecycle, PostState, Wording
from bot.settings import Settings
from bot.storage import posts, workspaces
from bot.storage.database import create_engine_for
from bot.storage.posts import Revision
from bot.storage.tx import Tx
from slack_sandbox import Channel, Sandbox

STARTS_WITHIN, ENDS_WITHIN = 30.0, 10.0  # seconds, on a busy machine


@dataclass
class Program:
    """The program, its workspace, and how it was set up."""

    sandbox: Sandbox
    news: Channel
    comms: Channel
    url: str
    mode: str
    errors: Path
    process: asyncio.subprocess.Process | None = None
    more: dict[str, str] = field(default_factory=dict)

    def environment(self, **changed: str) -> dict[str, str]:
        """Every setting, so that neither .env nor the environment adds one."""
        sandbox = self.sandbox
        known = {name.upper(): "" for name in Settings.__dataclass_fields__}
        return {
            **os.environ,
            **known,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.signing_secret,
            "SLACK_APP_TOKEN": sandbox.app_token if self.mode == "socket" else "",
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": self.url,
            "ADVOCACY_CHANNEL": self.news.name,
            "COMMS_CHANNEL": self.comms.name,
            "DISCLOSURE": "#AcmeEmployee",
            "TIME_ZONE": "UTC",
            "PORT": "0",
            "TICK_SECONDS": "1",
            "CHANNEL_MIN_GAP": "0s",
            "CHANNEL_WEEKLY_CAP": "50",
            "CHANNEL_HOURS": "00:00-24:00",
            "WORKDAYS": "Mon-Sun",
            "LOG_LEVEL": "WARNING",
            "PREVIEWS": "off",
            **self.more,
            **changed,
        }

    async def start(self) -> None:
        """Start it as an operator does, and wait until it says that it runs."""
        with self.errors.open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env=self.environment(),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), STARTS_WITHIN)
        assert b"is running" in line, self.errors.read_text()
        if self.mode == "http":
            port = int(line.partition(b"port ")[2].partition(b")")[0])
            await self.sandbox.dispatcher.delivery.close()
            self.sandbox.deliver_by_http(f"http://127.0.0.1:{port}/slack/events")

    async def end(self, how: signal.Signals) -> int:
        """Send a signal, and wait for the end; the exit status."""
        assert self.process is not None
        self.process.send_signal(how)
        await asyncio.wait_for(self.process.communicate(), ENDS_WITHIN)
        sockets = self.sandbox.sockets
        await self.sandbox.until(lambda: not sockets.connections, what="the sockets to close")
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def program(url: str, mode: str, folder: Path) -> AsyncIterator[Program]:
    """A workspace in which the program can run; if it still runs at the end, it is killed."""
    async with Sandbox() as sandbox:
        news = sandbox.add_channel("share-our-news")
        comms = sandbox.add_channel(
            "comms-desk", private=True, members=[sandbox.add_person("cleo")]
        )
        made = Program(sandbox, news, comms, url, mode, folder / "errors.txt")
        policy = ChannelPolicy(timedelta(0), 50, Hours(0, 24 * 60), frozenset(range(7)), "UTC")
        with database(url) as connection:
            team = WorkspaceId(sandbox.team_id)
            workspaces.save(
                Tx(connection, team, datetime.now(UTC)),
                Workspace(team, news.id, comms.id, policy, "#AcmeEmployee", 2),
            )
        try:
            yield made
        finally:
            if made.process is not None and made.process.returncode is None:
                made.process.kill()
                await made.process.communicate()


@contextmanager
def database(url: str) -> Iterator[Connection]:
    """One transaction on the program's database."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def add_post(connection: Connection, team: str, number: int) -> PostId:
    """An approved post."""
    content = Content(
        title=f"News {number}",
        link=f"https://news.example.org/{number}",
        why="It halves the time that a backup takes.",
        topics=(),
        wordings=(Wording(Network.LINKEDIN, "Backups take half the time now."),),
        not_before=None,
        expires_at=None,
    )
    tx = Tx(connection, WorkspaceId(team), datetime.now(UTC))
    form = f"V{number}"
    post_id = posts.insert_post(tx, PostState.DRAFT, form)
    posts.insert_revision(tx, post_id, Revision(1, content, UserId("U0WRITER0"), form))
    approved = PostLifecycle(PostState.APPROVED)
    posts.record_lifecycle(tx, post_id, approved)
    posts.record_approval(tx, post_id, 1, first=True)
    return post_id

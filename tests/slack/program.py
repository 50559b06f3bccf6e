"""`python -m bot run` as a process of its own, in a workspace of the sandbox."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text, update

from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import (
    ChannelPolicy,
    Hours,
    Pace,
    Preferences,
    Reach,
    Workspace,
)
from bot.domain.post import Content, Network, PostLifecycle, PostState, Wording
from bot.first_settings import FirstSettings
from bot.services import announcements as announcements_service
from bot.services.announcements import ClaimedAnnouncement
from bot.setting_values import variables
from bot.settings import Settings
from bot.slack.views import announcements as announcements_view
from bot.storage import announcements, askable_posts, dispatches, posts, workspaces
from bot.storage.database import create_engine_for
from bot.storage.posts import Revision
from bot.storage.tables import PostRow
from bot.storage.tx import Tx
from slack_sandbox import Channel, Message, Sandbox
from tests.slack.process import BotProcess, Step

STARTS_WITHIN, ENDS_WITHIN = 30.0, 10.0  # seconds, on a busy machine


@dataclass
class Program:
    """The program, its workspace, and how it was set up.

    `typed` starts Python anew for each process, as somebody who types the command does.
    """

    sandbox: Sandbox
    news: Channel
    comms: Channel
    url: str
    mode: str
    errors: Path
    typed: bool = False
    processes: list[BotProcess] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    address: str = ""  # of the process that was started last, with HTTP

    def environment(self, **changed: str) -> dict[str, str]:
        """Every setting, so that neither .env nor the environment adds one."""
        sandbox = self.sandbox
        kinds = (Settings, FirstSettings)
        known = {each.name.upper(): "" for kind in kinds for each in variables(kind)}
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

    def begin(self, step: Step | None = None) -> BotProcess:
        """Start it, and wait for nothing."""
        started = BotProcess.start(self.environment(), self.errors, step=step, typed=self.typed)
        self.processes.append(started)
        return started

    async def start(self, step: Step | None = None) -> BotProcess:
        """Start it, and wait until it says that it runs, or has died at its step.

        Several may run at once; with HTTP the last one gets what people do.
        """
        started = self.begin(step)
        line = await asyncio.wait_for(started.first_line(), STARTS_WITHIN)
        assert b"is running" in line or step is not None, self.errors.read_text()
        if not line:
            await started.ended(ENDS_WITHIN)
        if self.mode == "http" and line:
            port = int(line.partition(b"port ")[2].partition(b")")[0])
            await self.sandbox.dispatcher.delivery.close()
            self.address = f"http://127.0.0.1:{port}/slack/events"
            self.sandbox.deliver_by_http(self.address)
        return started

    async def end(self, how: signal.Signals) -> int:
        """Send all of its processes a signal, and wait for the end; the last one's exit status."""
        status: int | None = None
        for each in self.processes:
            each.send(how)
        while self.processes:
            status = await self.processes[0].ended(ENDS_WITHIN)
            assert status is not None, "it does not end"
            self.processes.pop(0).close()
        sockets = self.sandbox.sockets
        await self.sandbox.until(lambda: not sockets.connections, what="the sockets to close")
        assert status is not None
        return status


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
            for each in made.processes:
                each.close()


@contextmanager
def database(url: str) -> Iterator[Connection]:
    """One transaction on the program's database, which waits for the program's own."""
    engine = create_engine_for(url)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET lock_timeout = '30s'; SET statement_timeout = '30s'"))
            yield connection
    finally:
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


def preferences(now: datetime) -> tuple[Preferences, str]:
    """Somebody who may be asked right now, for the next half hour, and their time zone."""
    ahead = 12 - now.hour  # it is noon there, so that no midnight is near
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    minute = 12 * 60 + now.minute
    chosen = Preferences(
        delivery=frozenset({Delivery.DIRECT}),
        pace=Pace.WEEKLY,  # so that the budget has a turn for everybody
        topics=("news",),
        networks=(Network.LINKEDIN,),
        hours=Hours(minute - 80, minute + 40),
        workdays=frozenset(range(7)),
    )
    return chosen, zone


def add_live_post(connection: Connection, team: str, number: int, now: datetime) -> PostId:
    """A post that everybody may be asked about."""
    content = Content(
        title=f"News {number}",
        link=f"https://news.example.org/{number}",
        why="It halves the time that a backup takes.",
        topics=("news",),
        wordings=(Wording(Network.LINKEDIN, "Backups take half the time now."),),
        not_before=None,
        expires_at=None,
    )
    tx, form = Tx(connection, WorkspaceId(team), now), f"V{number}"
    post_id = posts.insert_post(tx, PostState.DRAFT, form)
    posts.insert_revision(tx, post_id, Revision(1, content, UserId("U0WRITER0"), form))
    live = PostLifecycle(PostState.LIVE)
    posts.record_lifecycle(tx, post_id, live)
    posts.record_approval(tx, post_id, 1, first=True)
    connection.execute(update(PostRow).where(PostRow.id == post_id).values(live_at=now))
    askable_posts.record_reach(tx, post_id, Reach.EVERYBODY)
    return post_id


def add_announced_post(made: Program, connection: Connection, number: int) -> Message:
    """A post whose message is in the channel."""
    tx = Tx(connection, WorkspaceId(made.sandbox.team_id), datetime.now(UTC))
    post = posts.find_approved(tx, add_post(connection, made.sandbox.team_id, number))
    assert post is not None
    said = announcements_view.render_live(post).payload()
    shown = made.sandbox.state.post(made.news, said["text"], said["blocks"])
    planned = announcements.insert_planned(tx, post.id)
    dispatches.mark_sending(tx, planned, post.approved_revision)
    claimed = ClaimedAnnouncement(post, made.news.id)
    announcements_service.record_sent(tx, claimed, made.news.id, shown.ts)
    return shown

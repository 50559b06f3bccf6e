"""Asks against a Slack that permits so many messages a minute: how much of that is used."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

from bench import crowd, ground
from bench.ground import TEAM
from bot.domain.admission import Company
from bot.slack.asks import AskSender
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.comms_channel import CommsChannel
from bot.slack.context import AppContext, Clock
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.directory import Directory
from bot.slack.throttle import POST, SLACK_LIMITS, Limit, Limits, Throttle
from bot.slack.web_client import SlackClient
from bot.storage.database import Database
from bot.storage.tx import Transactions

ASKS = 10_000
PERMITTED = 50  # messages in a minute that lasts a second
MINUTE = 1.0
WANTED = 0.95
SPARE = 3  # members for each ask: the moment of the day of most has not come


@dataclass(slots=True)
class StrictSlack:
    """Refuses the message that is one too many in any minute, which is given in seconds.

    `enough` is set once it has got as many as are `wanted`.
    """

    permitted: int
    wanted: int
    minute: float = MINUTE
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    sent_at: list[float] = field(default_factory=list)
    refused: int = 0
    _window: deque[float] = field(default_factory=deque)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Serve its API while the block runs; gives the address."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        if request.match_info["method"] != POST:
            person = {"team_id": TEAM, "tz": crowd.ZONE}
            channel = {"id": "C0COMMS00", "is_private": True}
            said = {"ok": True, "users": {}, "user": person, "channel": channel}
            return web.json_response(said)
        now = time.perf_counter()
        while self._window and self._window[0] <= now - self.minute:
            self._window.popleft()
        if len(self._window) >= self.permitted:
            self.refused += 1
            headers = {"Retry-After": "1"}
            return web.json_response({"ok": False, "error": "ratelimited"}, headers=headers)
        self._window.append(now)
        self.sent_at.append(now)
        if len(self.sent_at) >= self.wanted:
            self.enough.set()
        return web.json_response({"ok": True, "channel": "D1", "ts": f"1.{len(self.sent_at):06d}"})


@dataclass(frozen=True, slots=True)
class Throttled:
    """What came of it: `used` is the part of what is permitted in that time."""

    sent: int
    refused: int
    used: float


def limits(permitted: int, minute: float = MINUTE) -> Limits:
    """The bot's own limits, in proportion, for a Slack that permits as much as this."""
    real = SLACK_LIMITS.methods[POST]
    part = permitted / (real.per_minute + 2 * real.at_once)  # 300
    posts = Limit(real.per_minute * part, max(1, round(real.at_once * part)))
    wide = Limit(1_000_000, 1_000_000)
    return replace(SLACK_LIMITS, methods={POST: posts}, otherwise=wide, minute=minute)


async def measure(url: str, asks: int, permitted: int) -> Throttled:
    """Send so many asks from a filled database."""
    slack = StrictSlack(permitted, asks)
    database = Database(url, deadline=60)
    begun = time.perf_counter()

    def clock() -> datetime:
        return crowd.NOW + timedelta(seconds=time.perf_counter() - begun)

    try:
        async with slack.running() as api_url, aiohttp.ClientSession() as session:
            tasks = BackgroundTasks()
            client = SlackClient(
                "xoxb-bench",
                api_url,
                session,
                throttle=Throttle(limits(permitted)),
                at=lambda: Transactions(database, TEAM, clock()),
                channels=dict,
                background_tasks=tasks,
            )
            await _send(AskSender(_context(database, client, session, clock, tasks)), slack)
    finally:
        await database.close()
    first, last = slack.sent_at[0], slack.sent_at[asks - 1]
    used = (asks - 1) / ((last - first) * permitted / slack.minute)
    return Throttled(len(slack.sent_at), slack.refused, used)


async def _send(sender: AskSender, slack: StrictSlack) -> None:
    """Heartbeat after heartbeat, until Slack has got enough."""
    enough = asyncio.create_task(slack.enough.wait())
    while not enough.done():
        sending = asyncio.create_task(sender.send_due())
        await asyncio.wait([sending, enough], return_when=asyncio.FIRST_COMPLETED)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await asyncio.wait([enough], timeout=slack.minute / 10)


def _context(
    database: Database,
    client: SlackClient,
    session: aiohttp.ClientSession,
    clock: Clock,
    tasks: BackgroundTasks,
) -> AppContext:
    current = CurrentWorkspace(crowd.workspace())
    return AppContext(
        database=database,
        client=client,
        session=session,
        clock=clock,
        workspace_id=TEAM,
        current=current,
        directory=Directory(client, Company(TEAM), current, clock),
        comms=CommsChannel(client, current, lambda: Transactions(database, TEAM, clock())),
        background_tasks=tasks,
    )


def render(kind: str, permitted: int, shown: Throttled) -> str:
    """The result in one line, with whether it is what is wanted."""
    met = shown.used >= WANTED and shown.refused == 0
    return (
        f"{'met   ' if met else 'MISSED'}  {kind}: {shown.sent:,} asks used {shown.used:.1%} of "
        f"what is permitted ({permitted} in a minute of a second), {shown.refused} refused; "
        f"wanted: {WANTED:.0%}, none refused"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; the status is 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.throttling", description=__doc__)
    parser.add_argument("--asks", type=int, default=ASKS, help=f"how many ({ASKS:,})")
    parser.add_argument(
        "--permitted", type=int, default=PERMITTED, help="messages in a minute (50, at least)"
    )
    parser.add_argument("--databases", nargs="+", choices=ground.KINDS, default=["sqlite"])
    given = parser.parse_args(arguments)
    for kind in given.databases:
        with (
            tempfile.TemporaryDirectory(prefix="bench") as folder,
            ground.databases([kind], Path(folder)) as [(_, url)],
        ):
            crowd.fill(url, int(given.asks * SPARE))
            shown = asyncio.run(measure(url, given.asks, given.permitted))
            print(render(kind, given.permitted, shown), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

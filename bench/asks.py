"""Direct messages a minute while Slack takes its time: `python -m bench.asks`.

Before is one call after the other, after is as the bot sends. Both send to the sandbox in the same
run; the only difference is that before has one connection to Slack.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import Connection, update

from bench import ground
from bot.domain.delivery import Delivery
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.model import Hours, Pace, Preferences, Reach
from bot.domain.post import Content, Network, PostLifecycle, PostState, Wording
from bot.runtime import running
from bot.services import membership, preferences
from bot.settings import Settings
from bot.slack.asks import AskSender
from bot.storage import askable_posts, posts
from bot.storage.database import create_engine_for
from bot.storage.posts import Revision
from bot.storage.tables import PostRow
from bot.storage.tx import Tx
from slack_sandbox import Clock, Fault, Sandbox

LATENCIES = (0, 50, 300)  # ms
PEOPLE = 100  # as many as a heartbeat sends
_NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)  # a Tuesday


async def measure(folder: Path, latency: int, people: int, *, one_by_one: bool) -> float:
    """How many direct messages a minute leave where each call takes so many milliseconds."""
    url = ground.empty_sqlite(folder)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(clock=Clock(start=_NOON, frozen=True)))
        sandbox.add_channel("share-our-news")
        sandbox.add_channel("comms-desk", private=True)
        runtime = await stack.enter_async_context(
            running(_settings(sandbox, url), sandbox.clock, ticking=False, limits=None)
        )
        _fill(url, sandbox, people)
        connector = aiohttp.TCPConnector(limit=1 if one_by_one else 100)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        runtime.context.client.session = session
        sender = AskSender(runtime.context)
        sandbox.faults.add(Fault("chat.postMessage", delay=latency / 1000, times=None))
        began = time.perf_counter()
        await sender.send_due()
        seconds = time.perf_counter() - began
        sent = sum(len(person.dm) for person in sandbox.persons)
        if sent != people:
            raise RuntimeError(f"{sent} of {people} were sent")
        return people / seconds * 60


def _settings(sandbox: Sandbox, url: str) -> Settings:
    return Settings.read(
        {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": url,
            "ADVOCACY_CHANNEL": "share-our-news",
            "COMMS_CHANNEL": "comms-desk",
            "DISCLOSURE": "#AcmeEmployee",
            "TIME_ZONE": "UTC",
            "PREVIEWS": "off",
        }
    )


def _fill(url: str, sandbox: Sandbox, people: int) -> None:
    """A post that everybody may be asked about now."""
    chosen = Preferences(
        delivery=frozenset({Delivery.DIRECT}),
        pace=Pace.WEEKLY,
        topics=("news",),
        networks=(Network.LINKEDIN,),
        hours=Hours(11 * 60, 12 * 60 + 30),
    )
    engine = create_engine_for(url)
    with engine.begin() as connection:
        team = WorkspaceId(sandbox.team_id)
        _add_live_post(connection, team)
        for number in range(people):
            user = UserId(sandbox.add_person(f"reader{number}", tz="UTC").id)
            membership.join(Tx(connection, team, _NOON - timedelta(days=1)), user, "UTC")
            preferences.choose(Tx(connection, team, _NOON), user, chosen)
    engine.dispose()


def _add_live_post(connection: Connection, team: WorkspaceId) -> None:
    content = Content(
        title="News",
        link="https://news.example.org/",
        why="It halves the time that a backup takes.",
        topics=("news",),
        wordings=(Wording(Network.LINKEDIN, "Backups take half the time now."),),
        not_before=None,
        expires_at=None,
    )
    tx = Tx(connection, team, _NOON)
    post_id = posts.insert_post(tx, PostState.DRAFT, "V1")
    posts.insert_revision(tx, post_id, Revision(1, content, UserId("U0WRITER0"), "V1"))
    posts.record_lifecycle(tx, post_id, PostLifecycle(PostState.LIVE))
    posts.record_approval(tx, post_id, 1, first=True)
    connection.execute(update(PostRow).where(PostRow.id == post_id).values(live_at=_NOON))
    askable_posts.record_reach(tx, post_id, Reach.EVERYBODY)


def render(rows: Sequence[tuple[int, float, float]]) -> str:
    """The table: asks a minute at each latency, and how many times as many as before."""
    return "\n".join(
        [
            "\n## Direct messages a minute",
            "| Slack takes, ms | ratio | one after the other | as the bot sends |",
            "|" + "---|" * 4,
            *(
                f"| {latency} | {after / before:.1f} | {before:,.0f} | {after:,.0f} |"
                for latency, before, after in rows
            ),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; the status is 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.asks", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"direct messages ({PEOPLE})")
    given = parser.parse_args(arguments)
    rows = []
    for latency in LATENCIES:
        with tempfile.TemporaryDirectory(prefix="bench") as folder:
            before, after = (
                asyncio.run(measure(Path(folder), latency, given.people, one_by_one=one_by_one))
                for one_by_one in (True, False)
            )
        rows.append((latency, before, after))
    print(render(rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

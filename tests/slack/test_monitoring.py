"""`/healthz`, `/readyz` and `/metrics`: what is missing is named, and nobody's answer is seen."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine, make_url, text

from advocacy_demo import data
from advocacy_demo.company import set_up
from advocacy_demo.page import START, settings
from advocacy_demo.story import tell
from bot.doctor.database import find_resting
from bot.first_workspace import CannotStart
from bot.monitoring.readiness import ASK_AFTER, SEEN_WITHIN
from bot.runtime import Runtime, running
from bot.slack.views import announcements, membership
from bot.storage import schema
from slack_sandbox import Clock, Fault, Message, Sandbox
from tests.differential import log
from tests.slack.program import program
from tests.support import (
    SlackWorld,
    approved_post,
    bot_running,
    execute_sql,
    live_post,
    run_command,
    slack_world,
)

Samples = dict[tuple[str, ...], float]
Act = Callable[[SlackWorld, Message], Awaitable[None]]
DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"
MODES = ("socket", "http")
# These tell how quick or how large the process is, which differs in any two runs.
TIMINGS = ("process_", "advocacy_request_seconds")


@pytest.fixture
def variables() -> dict[str, str]:
    return {"HEALTH_PORT": "0"}


async def get(port: int | None, path: str) -> tuple[int, str]:
    """What an address says."""
    url = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as reply:
        return reply.status, await reply.text()


async def metrics(runtime: Runtime) -> Samples:
    """Every sample, by its name and the values of its labels, whose names are in order."""
    _, shown = await get(runtime.health_port, "/metrics")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(shown)
        for sample in family.samples
    }


def missing(lines: str) -> list[str]:
    return [line.partition(":")[0] for line in lines.splitlines() if line.endswith("missing")]


@pytest.mark.parametrize("mode", MODES)
async def test_it_is_served_in_both_modes(world: SlackWorld, url: str, mode: str) -> None:
    async with bot_running(world, url, mode=mode, HEALTH_PORT="0") as runtime:
        assert await get(runtime.health_port, "/healthz") == (200, "ok\n")
        door = "sockets" if mode == "socket" else "server"
        parts = ("database", "migrations", door, "slack")
        lines = "".join(f"{part}: ok\n" for part in parts)
        assert await get(runtime.health_port, "/readyz") == (200, lines)
        found = await metrics(runtime)
        assert found["advocacy_ready", door] == 1
        assert (await get(runtime.health_port, "/else"))[0] == 404
    assert not is_taken(runtime.health_port or 0), "it ends with the program"


async def test_nothing_is_served_unless_a_port_is_named(world: SlackWorld, url: str) -> None:
    async with bot_running(world, url) as runtime:
        assert runtime.health_port is None


async def test_the_containers_health_check_asks_the_process(world: SlackWorld, url: str) -> None:
    [line] = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE.read_text(), re.MULTILINE)
    program, *arguments = json.loads(line)
    assert program == "python"

    async def check(port: int | None) -> int | None:
        environ = {"HEALTH_PORT": str(port), "HEALTH_HOST": ""}
        ran = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environ)
        return await ran.wait()

    async with bot_running(world, url, HEALTH_PORT="0") as runtime:
        port = runtime.health_port
        assert await check(port) == 0
    assert await check(port) == 1


async def test_a_port_that_is_taken_is_named(world: SlackWorld, url: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(CannotStart, match="HEALTH_PORT: "):
            async with bot_running(world, url, HEALTH_PORT=port):
                pass


async def test_what_is_missing_is_named(world: SlackWorld, runtime: Runtime, url: str) -> None:
    async def lacks(*parts: str) -> bool:
        status, lines = await get(runtime.health_port, "/readyz")
        return missing(lines) == list(parts) and status == (503 if parts else 200)

    execute_sql(url, "UPDATE alembic_version SET version_num = '0001'")
    assert await lacks("migrations")
    head = schema.head()
    execute_sql(url, f"UPDATE alembic_version SET version_num = '{head}'")
    assert await lacks()

    world.sandbox.refuse_sockets = True
    await world.sandbox.drop_sockets()
    async with asyncio.timeout(5):
        while not await lacks("sockets"):  # noqa: ASYNC110 - the client notices by itself
            await asyncio.sleep(0)
    world.sandbox.refuse_sockets = False
    await world.sandbox.connected(2, timeout=30)

    world.sandbox.faults.add(Fault("auth.test", status=503, times=None))
    world.sandbox.clock.advance(SEEN_WITHIN + timedelta(seconds=1))
    await runtime.tick()
    assert await lacks("slack")
    world.sandbox.faults.clear()
    await runtime.tick()
    assert await lacks()


async def test_slack_is_asked_now_and_then_only(world: SlackWorld, runtime: Runtime) -> None:
    def asked() -> int:
        return sum(call.method == "auth.test" for call in world.sandbox.calls)

    before = asked()
    for _ in range(8):
        world.sandbox.clock.advance(ASK_AFTER / 4)
        await runtime.tick()
    assert asked() == before + 2


async def test_a_database_that_is_away_is_named_and_the_rest_still_shown(
    world: SlackWorld, new_postgresql: Callable[[], str]
) -> None:
    url = new_postgresql()
    async with bot_running(world, url, HEALTH_PORT="0") as runtime:
        let_connect(url, allowed=False)
        status, lines = await get(runtime.health_port, "/readyz")
        assert (status, missing(lines)) == (503, ["database", "migrations"])
        found = await metrics(runtime)
        assert found["advocacy_ready", "database"] == 0
        assert ("advocacy_requests_total", "click") in found
        assert ("advocacy_queue_age_seconds", "channel") not in found
        let_connect(url, allowed=True)
        assert (await get(runtime.health_port, "/readyz"))[0] == 200


def let_connect(url: str, *, allowed: bool) -> None:
    """Let nobody use a database of PostgreSQL any more, or let them again."""
    address = make_url(url)
    engine = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        switch = f'ALTER DATABASE "{address.database}" WITH ALLOW_CONNECTIONS {allowed}'
        connection.execute(text(switch))
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(ends), {"name": address.database})
    engine.dispose()


async def test_a_job_that_fails_is_counted_and_grows_old(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    execute_sql(url, "ALTER TABLE snapshot RENAME TO gone")
    world.sandbox.clock.advance(timedelta(minutes=1))
    await runtime.tick()
    execute_sql(url, "ALTER TABLE gone RENAME TO snapshot")
    found = await metrics(runtime)
    assert found["advocacy_heartbeat_failures_total", "taking the snapshot"] == 1
    assert found["advocacy_heartbeat_age_seconds", "taking the snapshot"] == 60
    assert found["advocacy_heartbeat_failures_total", "reconciling"] == 0
    assert found["advocacy_heartbeat_age_seconds", "reconciling"] == 0


async def test_why_something_is_held_back_is_seen_for_all_and_for_nobody(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime)
    await approved_post(world, runtime, link="https://news.example.org/other")
    execute_sql(url, "UPDATE workspace SET colour = 'red'")
    found = await metrics(runtime)
    held_back = {key[1:] for key, value in found.items() if key[0] == "advocacy_withheld" and value}
    assert held_back == {("gap", "channel"), ("pace_check", "direct")}
    reasons = {key[1] for key in found if key[0] == "advocacy_withheld"}
    assert reasons == {"frozen", "cap", "gap", "day_off", "hours", "embargo", "pace_check"}
    assert found["advocacy_queue_age_seconds", "channel"] == 0, "what may not go out is not late"


async def test_late_erasing_is_seen(world: SlackWorld, runtime: Runtime, url: str) -> None:
    assert (await metrics(runtime))["advocacy_erasing_late_seconds", "log"] == 0
    execute_sql(url, "UPDATE workspace SET erased_at = '2020-01-01 00:00:00'")
    assert (await metrics(runtime))["advocacy_erasing_late_seconds", "log"] > 0


async def test_calls_that_fail_in_the_background_are_counted_by_method(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    world.sandbox.clock.advance(timedelta(days=7))
    world.sandbox.faults.add(Fault("chat.postMessage", status=429, retry_after=60))
    await runtime.tick()
    found = await metrics(runtime)
    assert found["advocacy_slack_errors_total", "throttled", "chat.postMessage"] == 1
    assert found["advocacy_slack_resting", "chat.postMessage", "channel", "throttled"] == 1
    assert found["advocacy_queue_age_seconds", "channel"] == 0
    world.sandbox.clock.advance(timedelta(minutes=20))
    assert (await metrics(runtime))["advocacy_queue_age_seconds", "channel"] == 20 * 60
    await runtime.tick()
    assert (await metrics(runtime))["advocacy_queue_age_seconds", "channel"] == 0


# What one person does, each of it one request of the same kind.
async def shares(world: SlackWorld, message: Message) -> None:
    await world.amara.press(message, announcements.SHARE)


async def skips(world: SlackWorld, message: Message) -> None:
    await world.amara.press(message, announcements.SKIP)


async def only_looks(world: SlackWorld, _message: Message) -> None:
    await world.amara.press(world.amara.private[-1], membership.MORE)


def types(words: str) -> Act:
    async def act(world: SlackWorld, _message: Message) -> None:
        await world.amara.command(f"/advocacy {words}")

    return act


async def shown_after(url: str, act: Act, faults: Sequence[Fault]) -> list[list[str]]:
    """What doctor, metrics and log say for some days after somebody has done something."""
    logged: list[str] = []
    with log.taken("bot", logged.append, lambda _record: True):
        return [*await told_after(url, act, faults), logged]


async def told_after(url: str, act: Act, faults: Sequence[Fault]) -> list[list[str]]:
    async with slack_world() as world, bot_running(world, url, HEALTH_PORT="0") as runtime:
        message = await live_post(world, runtime)
        for line in ("join", ""):
            await run_command(world.amara, f"/advocacy {line}")
        await runtime.context.background_tasks.drain()
        for fault in faults:
            world.sandbox.faults.add(fault)
        await act(world, message)
        await runtime.context.background_tasks.drain()
        shown = [[found.says for found in find_resting(url, world.sandbox.clock())]]
        for hours in (0, 1, 24, 72):
            world.sandbox.clock.advance(timedelta(hours=hours))
            await runtime.tick()
            _, lines = await get(runtime.health_port, "/metrics")
            said = [line for line in lines.splitlines() if not line.startswith("#")]
            shown.append([line for line in said if not line.startswith(TIMINGS)])
        return shown


CLICKS = (shares, skips, only_looks)
COMMANDS = (types("join"), types("leave"), types("pause 2 weeks"))


@pytest.mark.parametrize(
    ("acts", "error"),
    [(CLICKS, None), (CLICKS, "fatal_error"), (CLICKS, "ratelimited"), (COMMANDS, None)],
    ids=["clicks", "clicks, Slack fails", "clicks, Slack asks to wait", "commands"],
)
async def test_nobody_can_tell_from_metrics_log_or_doctor_what_somebody_answered(
    new_sqlite: Callable[[], str], acts: tuple[Act, ...], error: str | None
) -> None:
    """Not even where Slack fails at what only a Share asks of it."""
    runs = []
    for act in acts:
        methods = ("views.open", "views.update", "views.publish") if error else ()
        faults = [Fault(method, error=error, times=None) for method in methods]
        runs.append(await shown_after(new_sqlite(), act, faults))
    assert runs[0] == runs[1] == runs[2]
    assert any("requests" in line and not line.endswith(" 0.0") for line in runs[0][1])


async def test_while_the_story_is_told_it_is_ready_and_says_nothing_of_anybody() -> None:
    scraped: list[str] = []

    async def scrape(sandbox: Sandbox, port: int | None) -> None:
        while True:
            scraped.append((await get(port, "/metrics"))[1])
            more = len(sandbox.calls) + 10  # more often would keep the story waiting
            await sandbox.until(lambda: len(sandbox.calls) >= more, timeout=60, what="calls")  # noqa: B023

    with data.prepared(None, keep=False) as url:
        async with Sandbox(clock=Clock(start=START)) as sandbox:
            company = set_up(sandbox)
            chosen = replace(settings(company, url), health_port=0)
            async with running(chosen, sandbox.clock, limits=None) as runtime:
                await sandbox.connected(2)
                scraping = asyncio.create_task(scrape(sandbox, runtime.health_port))
                await tell(company, runtime)
                scraping.cancel()
                assert (await get(runtime.health_port, "/readyz"))[0] == 200
                found = await metrics(runtime)
    assert found["advocacy_requests_total", "click"] > 10
    failed = [key for key, value in found.items() if "failures" in key[0] and value]
    assert failed == []
    assert len(scraped) > 5
    known = [text for one in sandbox.persons for text in (one.id, one.name, one.real_name)]
    shown = "".join(scraped)
    assert [text for text in known if re.search(rf"\b{re.escape(text)}\b", shown)] == []


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    with closing(socket.socket()) as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("mode", MODES)
async def test_the_program_serves_it_and_ends_in_time(
    new_sqlite: Callable[[], str], tmp_path: Path, mode: str
) -> None:
    async with program(new_sqlite(), mode, tmp_path) as made, aiohttp.ClientSession() as session:
        port = free_port()
        made.more["HEALTH_PORT"] = str(port)
        await made.start()
        async with session.get(f"http://127.0.0.1:{port}/metrics") as reply:
            assert "advocacy_build_info" in await reply.text()
        # Whoever looks keeps the connection, and holds up nothing.
        assert await made.end(signal.SIGTERM) == 0
        assert not is_taken(port)
        assert made.errors.read_text() == ""

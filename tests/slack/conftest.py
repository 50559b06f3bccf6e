"""A seeded workspace with the bot running in it, on SQLite and over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.runtime import Runtime
from slack_sandbox import Message
from tests.slack import report
from tests.support import (
    SlackWorld,
    assert_polite,
    bot_running,
    live_post,
    run_command,
    slack_world,
)


@pytest.fixture
def url(new_sqlite: Callable[[], str]) -> str:
    """The address of the bot's database."""
    return new_sqlite()


@pytest.fixture
async def world() -> AsyncIterator[SlackWorld]:
    """People and channels, on a clock that stands still until it is moved."""
    async with slack_world() as world:
        yield world


@pytest.fixture
def polite(world: SlackWorld) -> Iterator[None]:
    """In the end nobody was paged but writers in comms, whom their cards name."""
    yield
    posted = world.sandbox.state.messages
    posted[:] = [one for one in posted if one.channel is not world.comms]
    assert_polite(world)


@pytest.fixture
def impatient(world: SlackWorld) -> None:
    """Slack waits for an answer no longer than a second."""
    world.sandbox.dispatcher.acknowledge_within = 1.0


@pytest.fixture
def variables() -> dict[str, str]:
    """Settings that are not as usual; a file of tests may have its own."""
    return {}


@pytest.fixture
async def runtime(world: SlackWorld, url: str, variables: dict[str, str]) -> AsyncIterator[Runtime]:
    """The bot; it sends nothing by itself, only when told to tick."""
    async with bot_running(world, url, **variables) as runtime:
        yield runtime


@pytest.fixture
async def message(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post; Amara has joined."""
    post = await live_post(world, runtime)
    await run_command(world.amara, "/advocacy join")
    return post


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> report.Record:
    """Keeps what came of a fault, for the table at the end."""
    return report.Record(record_property)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what came of each kind of fault, and what comms read of each wrong feed."""
    ended = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    found = [each for each in ended if isinstance(each, pytest.TestReport)]
    for name, lines in (
        ("faults", report.table(found)),
        ("wrong feeds: what comms read", report.feeds(found)),
    ):
        if lines:
            terminalreporter.section(name)
            for line in lines:
                terminalreporter.write_line(line)

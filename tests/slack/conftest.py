"""A seeded workspace with the bot running in it, on SQLite and over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message
from tests.support import Office, asked, assert_polite, bot_running, live_post, office


@pytest.fixture
def url(new_sqlite: Callable[[], str]) -> str:
    """The address of the bot's database."""
    return new_sqlite()


@pytest.fixture
async def place() -> AsyncIterator[Office]:
    """People and channels, on a clock that stands still until it is moved."""
    async with office() as place:
        yield place


@pytest.fixture
def polite(place: Office) -> Iterator[None]:
    """In the end nobody was paged but writers in comms, whom their cards name."""
    yield
    posted = place.sandbox.state.messages
    posted[:] = [one for one in posted if one.channel is not place.comms]
    assert_polite(place)


@pytest.fixture
def impatient(place: Office) -> None:
    """Slack waits for an answer no longer than a second."""
    place.sandbox.dispatcher.acknowledge_within = 1.0


@pytest.fixture
def variables() -> dict[str, str]:
    """Settings that are not as usual; a file of tests may have its own."""
    return {}


@pytest.fixture
async def runtime(place: Office, url: str, variables: dict[str, str]) -> AsyncIterator[Runtime]:
    """The bot; it sends nothing by itself, only when told to tick."""
    async with bot_running(place, url, **variables) as runtime:
        yield runtime


@pytest.fixture
async def message(place: Office, runtime: Runtime) -> Message:
    """A live post; Amara has joined."""
    post = await live_post(place, runtime)
    await asked(place.amara, "/advocacy join")
    return post

"""The same invariant with the running bot: over sockets, with every word that the sandbox got."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings

from bot.storage.database import create_engine_for
from tests.differential.compare import compare
from tests.differential.office import Office
from tests.differential.script import Script
from tests.differential.ways import WAYS
from tests.support import bot_running, slack_world

IS_SHORT = settings().max_examples <= settings.get_profile("short").max_examples
# Those of a short run; a long one plays all of them.
SHORT = (
    "opens a text and takes it back",
    "is the sixth to pause",
    "joins and answers nothing",
    "writes to comms without her name, among others who do",
    "clicks on an announcement that may not be there",
    "has a dialog open on a post that ends",
    "is thanked with others who told that they shared",
)
ON_POSTGRESQL = ("skips for each reason", "uses the menu of an ask")
SETTINGS = {
    "CHANNEL_MIN_GAP": "0s",
    "CHANNEL_WEEKLY_CAP": "50",
    "CHANNEL_HOURS": "00:00-24:00",
    "LINK_TAGS": "on",
    "FIGURES": "on",
}


async def play(url: str, script: Script, *, with_her: bool) -> Office:
    """One run in a workspace of its own."""
    engine = create_engine_for(url)
    try:
        async with (
            slack_world() as world,
            bot_running(world, url, **SETTINGS) as runtime,
        ):
            office = Office(world, runtime, engine, script)
            office.url = url
            await office.play(with_her=with_her)
            return office
    finally:
        engine.dispose()


async def check(make: Callable[[], str], script: Script) -> None:
    """Nobody else can tell; and the log says nothing of what was hers."""
    runs = [await play(make(), script, with_her=with_her) for with_her in (True, False)]
    world = runs[0].world
    apart = {
        world.cleo.id,
        world.carl.id,
        world.gus.id,
        *([world.amara.id] if script.in_comms else []),
    }
    assert compare(runs[0], runs[1], frozenset(apart)).leaks == ()
    hers = "\n".join(runs[0].her_requests)
    words = (world.amara.id, "amara", "Amara", "On releases", "post ", "skip", "pause", "ERROR")
    assert [word for word in words if word in hers] == []


@pytest.mark.parametrize("way", SHORT if IS_SHORT else WAYS)
async def test_nobody_can_tell(way: str, new_sqlite: Callable[[], str]) -> None:
    await check(new_sqlite, WAYS[way])


@pytest.mark.parametrize("way", ON_POSTGRESQL[:1] if IS_SHORT else ON_POSTGRESQL)
async def test_nobody_can_tell_on_postgresql(way: str, new_postgresql: Callable[[], str]) -> None:
    await check(new_postgresql, WAYS[way])

"""Everything that comms, admins and colleagues can get: each screen as its reader reads it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime

from bot import exports
from bot.domain.exports import Form
from bot.exports import What
from bot.runtime import Runtime
from bot.slack.views import cards, reports, schedule
from slack_sandbox import Person
from tests.slack.home_tab import click_on_home, open_home
from tests.support import SlackWorld, actions, click, read_answer
from tests.weeks.programme import Programme

_COMMS_TYPE = ("report", "posts", "audit", "health", "transparency", "feeds", "help", "")
_STAFF_TYPE = ("", "browse", "help", "lessons", "settings", "status")
_ON_HOME = (reports.REPORT, schedule.OPEN, cards.ALL_POSTS)


async def collect(played: Programme) -> AsyncIterator[tuple[str, str]]:
    """All of it now: what each screen is, and what it says."""
    world, runtime = played.world, played.runtime
    # In comms all get the same but for their Home: one reads everything, the other one next week.
    first, second = (world.cleo, world.carl)[:: (-1) ** played.week.number]
    async for screen in _of_comms(runtime, first, played):
        yield screen
    yield "comms, Home", await open_home(runtime, second)
    for name, reader in (("colleague", played.person(0)), ("admin", played.admin)):
        async for screen in _typed(runtime, name, reader, _STAFF_TYPE):
            yield screen
    async for screen in _typed(runtime, "admin", played.admin, ("setup",)):
        yield screen
    for text in played.waiting:
        yield "comms, a post that waits", text
    for screen in (*_channels(world, played.person(1)), *_files(world, played.url, played.clock())):
        yield screen


async def _of_comms(
    runtime: Runtime, reader: Person, played: Programme
) -> AsyncIterator[tuple[str, str]]:
    months = ("August", "September") if played.clock().month > 8 else ("August",)
    posts = (str(number) for number in range(1, len(played.titles) + 1))
    lines = (*_COMMS_TYPE, *(f"report {what}" for what in (*months, *posts)))
    async for screen in _typed(runtime, "comms", reader, lines):
        yield screen
    for action in _ON_HOME:
        await open_home(runtime, reader)
        if reader.home is None or action not in str(reader.home.blocks):
            continue
        await click_on_home(runtime, reader, action)
        if reader.view is not None:
            yield f"comms, {action}", reader.view.plain_for(reader)
            await reader.close(everything=True)
    newest = reader.private[-1]
    if reports.POST_FILE in actions(newest):
        await click(runtime, reader, newest, reports.POST_FILE)


async def _typed(
    runtime: Runtime, name: str, reader: Person, lines: tuple[str, ...]
) -> AsyncIterator[tuple[str, str]]:
    yield f"{name}, Home", await open_home(runtime, reader)
    for line in lines:
        outcome = await reader.command(f"/advocacy {line}")
        await read_answer(runtime, reader, outcome)
        if reader.view is not None:
            yield f"{name}, {line}, a dialog", reader.view.plain_for(reader)
            await reader.close(everything=True)
        elif reader.private:
            yield f"{name}, {line}", reader.private[-1].plain_for(reader)


def _channels(world: SlackWorld, colleague: Person) -> Iterator[tuple[str, str]]:
    for reader, place in ((world.cleo, world.comms), (colleague, world.news)):
        for message in reader.messages(place):
            if not message.ephemeral_to:
                yield f"#{place.name}", message.plain_for(reader)
            for file in message.files:
                if file.content is not None:
                    yield f"#{place.name}, a file", file.content.decode()
    for message in colleague.dm:
        yield "a direct message", message.plain_for(colleague)


def _files(world: SlackWorld, url: str, now: datetime) -> Iterator[tuple[str, str]]:
    for form in Form:
        for what in (What.AUDIT, What.POSTS):
            out = io.StringIO(newline="")
            exports.write(url, what, date(2026, 1, 1), form, out)
            yield f"export {what} as {form}", out.getvalue()
        out = io.StringIO(newline="")
        exports.write_report(url, now, form, out)
        yield f"export report as {form}", out.getvalue()

"""What is logged, line by line: what belongs together, and that quiet times are quiet."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.logs import ConfidentialFormatter, as_json
from bot.runtime import Runtime
from bot.slack.views import announcements
from slack_sandbox import Fault, Message
from tests.slack.program import Program, add_post, database, program
from tests.support import SlackWorld


class Runs(logging.Handler):
    """The event and the run of each of the program's lines."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = json.loads(ConfidentialFormatter(as_json).format(record))
        self.seen.append((line["event"], line.get("run")))


async def test_the_lines_of_one_click_are_known_to_belong_together(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    runs = Runs()
    logging.getLogger("bot").addHandler(runs)
    try:
        for _ in range(2):
            world.sandbox.faults.add(Fault("views.open", error="view_too_large"))
            world.sandbox.faults.add(Fault("response_url", status=500))
            await world.amara.press(message, announcements.SHARE)
            await runtime.context.background_tasks.drain()
    finally:
        logging.getLogger("bot").removeHandler(runs)
    both = ["Slack does not understand a dialog", "a private answer was refused"]
    assert [event for event, _ in runs.seen] == both * 2
    first, answer, second, again = (run for _, run in runs.seen)
    assert first == answer != second == again
    assert first is not None


async def announced(made: Program, number: int) -> None:
    """A new post comes into the channel, by a heartbeat."""
    before = len(made.sandbox.state.messages)
    with database(made.url) as connection:
        add_post(connection, made.sandbox.team_id, number)

    def there() -> bool:
        return any(one.channel is made.news for one in made.sandbox.state.messages[before:])

    await made.sandbox.until(there, timeout=10, what="the post")


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_heartbeats_are_silent_when_nothing_happens(
    new_sqlite: Callable[[], str], tmp_path: Path, mode: str
) -> None:
    async with program(new_sqlite(), mode, tmp_path) as made:
        made.more["LOG_LEVEL"] = "DEBUG"
        await made.start()
        for number in (1, 2, 3):  # a heartbeat at least lies between any two of them
            await announced(made, number)
        assert await made.end(signal.SIGTERM) == 0
        lines = [json.loads(line) for line in made.errors.read_text().splitlines()]
    said = [(line["event"], line["post"]) for line in lines]
    assert said == [("a post is in the channel", number) for number in (1, 2, 3)]
    assert len({line["run"] for line in lines}) == 3

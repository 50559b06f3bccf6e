"""What the log says of an error and of libraries: enough to mend it, nothing about people."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.domain.hours import as_utc
from bot.logs import ConfidentialFormatter, as_json, as_text, get_logger, new_run

SECRET = "U0AMARA skipped “Our release” because it is too promotional"
SAYS = """
from bot import logs
logs.set_up("INFO")
with logs.new_run():
    logs.get_logger("bot.slack.asks").warning("direct messages wait", why="ratelimited", post=3)
"""


class Log:
    """What is written by any logger, at every level, in both forms."""

    def __init__(self) -> None:
        self._text, self._json = io.StringIO(), io.StringIO()
        self.handlers = [logging.StreamHandler(self._text), logging.StreamHandler(self._json)]
        for handler, render in zip(self.handlers, (as_text, as_json), strict=True):
            handler.setFormatter(ConfidentialFormatter(render))

    @property
    def text(self) -> str:
        return self._text.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._json.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    written = Log()
    root, level = logging.getLogger(), logging.getLogger().level
    for handler in written.handlers:
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    for handler in written.handlers:
        root.removeHandler(handler)
    root.setLevel(level)


def test_the_programs_own_lines_are_logged_with_what_they_name(log: Log) -> None:
    get_logger("bot.slack.asks").warning("direct messages wait", why="ratelimited", post=3)
    assert 'level=warning event="direct messages wait" why=ratelimited post=3 logger=' in log.text
    [line] = log.lines
    assert line.pop("timestamp")
    assert line == {
        "level": "warning",
        "event": "direct messages wait",
        "why": "ratelimited",
        "post": 3,
        "logger": "bot.slack.asks",
    }


def test_a_terminal_gets_key_and_value_and_everything_else_json() -> None:
    terminal, theirs = os.openpty()
    command = [sys.executable, "-c", SAYS]
    subprocess.run(command, check=True, stderr=theirs)
    os.close(theirs)
    shown = os.read(terminal, 4096).decode()
    os.close(terminal)
    assert 'event="direct messages wait" why=ratelimited post=3 run=' in shown
    piped = subprocess.run(command, check=True, stderr=subprocess.PIPE).stderr
    assert json.loads(piped)["event"] == "direct messages wait"


def test_lines_of_one_run_have_its_word(log: Log) -> None:
    for _ in range(2):
        with new_run():
            get_logger("bot.a").info("one")
            logging.getLogger("a.library").error("two")
    get_logger("bot.a").info("of none")
    first, second, third, fourth, last = (line.get("run") for line in log.lines)
    assert first == second != third == fourth
    assert last is None


@pytest.mark.parametrize(
    "name", ["slack_sdk.web.async_base_client", "aiohttp.access", "botany", ""]
)
def test_of_a_librarys_message_only_its_place_is_logged(log: Log, name: str) -> None:
    logging.getLogger(name).error("body: %s", SECRET, extra={"who": SECRET})
    assert "a library has written to its log (test_logs.py:" in log.text
    for word in ("Amara", "AMARA", "release"):
        assert word not in f"{log.text}{log.lines}"


def test_of_an_error_its_types_and_its_way_through_the_program_are_logged(log: Log) -> None:
    try:
        try:
            as_utc(None)  # type: ignore[arg-type]
        except AttributeError as error:
            raise ValueError(SECRET) from error
    except ValueError:
        get_logger("bot.slack.app").exception("a request failed")
    assert "builtins.AttributeError\n  at bot/domain/hours.py:" in log.text
    assert log.text.rstrip().endswith("builtins.ValueError")
    [line] = log.lines
    shown = line["error"]
    assert isinstance(shown, list)
    assert [shown[0], shown[-1]] == ["builtins.AttributeError", "builtins.ValueError"]
    for word in ("promotional", "in test_"):
        assert word not in f"{log.text}{log.lines}"


def test_of_a_database_error_its_code_is_logged_and_never_a_row(
    log: Log, postgresql_engine: Engine
) -> None:
    with postgresql_engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE who (name text UNIQUE)"))
        add = text("INSERT INTO who VALUES (:name)")
        connection.execute(add, {"name": SECRET})
        with pytest.raises(DBAPIError, match="promotional") as caught:
            connection.execute(add, {"name": SECRET})
    get_logger("bot.storage.database").error("a write failed", exc_info=caught.value)
    assert "sqlalchemy.exc.IntegrityError (23505)" in log.text
    for word in ("promotional", "U0AMARA"):
        assert word not in f"{log.text}{log.lines}"


def test_what_another_handler_has_written_out_is_not_repeated(log: Log) -> None:
    record = logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, "a request failed", (), None)
    record.exc_text, record.stack_info = f"Traceback: {SECRET}", SECRET
    record.message = SECRET
    logging.getLogger("bot.x").handle(record)
    assert log.text.endswith('level=error event="a request failed" logger=bot.x\n')

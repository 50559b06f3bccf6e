"""What the log says of an error and of libraries: enough to mend it, nothing about people."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.domain.hours import as_utc
from bot.logs import ConfidentialFormatter

SECRET = "U0AMARA skipped “Our release” because it is too promotional"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written by any logger, at every level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(ConfidentialFormatter("%(levelname)s %(name)s: %(message)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_the_programs_own_sentences_are_logged_as_they_are(log: io.StringIO) -> None:
    logging.getLogger("bot.slack.asks").warning("direct messages wait: %s", "ratelimited")
    assert log.getvalue() == "WARNING bot.slack.asks: direct messages wait: ratelimited\n"


@pytest.mark.parametrize(
    "name", ["slack_sdk.web.async_base_client", "aiohttp.access", "botany", ""]
)
def test_of_a_librarys_message_only_its_place_is_logged(log: io.StringIO, name: str) -> None:
    logging.getLogger(name).error("body: %s", SECRET)
    assert "a library has written to its log (test_logs.py:" in log.getvalue()
    assert "Amara" not in log.getvalue()
    assert "release" not in log.getvalue()


def test_of_an_error_its_types_and_its_way_through_the_program_are_logged(
    log: io.StringIO,
) -> None:
    try:
        try:
            as_utc(None)  # type: ignore[arg-type]
        except AttributeError as error:
            raise ValueError(SECRET) from error
    except ValueError:
        logging.getLogger("bot.slack.app").exception("a request failed")
    shown = log.getvalue()
    assert "builtins.AttributeError\n  at bot/domain/hours.py:" in shown
    assert shown.rstrip().endswith("builtins.ValueError")
    assert "promotional" not in shown
    assert "test_logs" not in shown


def test_of_a_database_error_its_code_is_logged_and_never_a_row(
    log: io.StringIO, postgresql_engine: Engine
) -> None:
    with postgresql_engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE who (name text UNIQUE)"))
        add = text("INSERT INTO who VALUES (:name)")
        connection.execute(add, {"name": SECRET})
        with pytest.raises(DBAPIError, match="promotional") as caught:
            connection.execute(add, {"name": SECRET})
    logging.getLogger("bot.storage.database").error("a write failed", exc_info=caught.value)
    shown = log.getvalue()
    assert "sqlalchemy.exc.IntegrityError (23505)" in shown
    assert "promotional" not in shown
    assert "U0AMARA" not in shown


def test_what_another_handler_has_written_out_is_not_repeated(log: io.StringIO) -> None:
    record = logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, "a request failed", (), None)
    record.exc_text, record.stack_info = f"Traceback: {SECRET}", SECRET
    logging.getLogger("bot.x").handle(record)
    assert log.getvalue() == "ERROR bot.x: a request failed\n"

"""The log: that something happened, never whose it was, what they chose, or what anybody typed.

The program's own lines are sentences, with counts, post numbers and Slack's error words beside.
Messages of libraries can hold anything that passed through them, so only their place is logged; of
an error only its type, its SQLSTATE, and where it passed through this program.

Every line of one click, one command or one heartbeat has the same `run`, a random word.
"""

from __future__ import annotations

import logging
import secrets
import sys
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.stdlib import BoundLogger, filter_by_level, render_to_log_kwargs

Line = MutableMapping[str, Any]
Render = Callable[[Line], str]

_OURS = Path(__file__).parent
_OWN = "bot"
# What other handlers have formatted already is not taken over.
_ON_EACH_RECORD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

_logfmt = structlog.processors.LogfmtRenderer()
_json = structlog.processors.JSONRenderer()


def get_logger(name: str) -> BoundLogger:
    """The logger of a module; what varies in a line is named: `log.info("a post …", post=3)`."""
    # Explicitly, since nothing is configured when a module is imported.
    logger: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[filter_by_level, render_to_log_kwargs],
        wrapper_class=BoundLogger,
        cache_logger_on_first_use=True,
    )
    return logger


def set_up(level: str) -> None:
    """Log to standard error: this program at `level`, libraries from WARNING on."""
    handler = logging.StreamHandler()
    render = as_text if sys.stderr.isatty() else as_json
    handler.setFormatter(ConfidentialFormatter(render))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OWN).setLevel(level)


@contextmanager
def new_run() -> Iterator[None]:
    """Let the lines of the block, and of all that it starts, be known to belong together."""
    with bound_contextvars(run=secrets.token_hex(4)):
        yield


def as_text(line: Line) -> str:
    """One line of `key=value` for people who watch, and below it the way of an error."""
    error = line.pop("error", [])
    return "\n".join([_logfmt(None, "", line), *error])


def as_json(line: Line) -> str:
    """One line of JSON for whatever collects logs."""
    return str(_json(None, "", line))


class ConfidentialFormatter(logging.Formatter):
    """Leaves out whatever may be about a person."""

    def __init__(self, render: Render) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """One line for a record of this program or of any library."""
        own = record.name == _OWN or record.name.startswith(f"{_OWN}.")
        place = f"{record.filename}:{record.lineno}"
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat("T", "milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if own else f"a library has written to its log ({place})",
        }
        if own:
            named = record.__dict__.items()
            line |= {key: value for key, value in named if key not in _ON_EACH_RECORD}
        line |= {**get_contextvars(), "logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = list(_described(record.exc_info[1]))
        return self._render(line)


def _described(error: BaseException) -> Iterator[str]:
    """The types of an error and of what led to it, and where they passed through here."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _described(cause)
    state = getattr(error, "sqlstate", None) or getattr(
        getattr(error, "orig", None), "sqlstate", None
    )
    yield f"{type(error).__module__}.{type(error).__qualname__}" + (f" ({state})" if state else "")
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(_OURS):
            yield f"  at {path.relative_to(_OURS.parent)}:{frame.lineno} in {frame.name}"

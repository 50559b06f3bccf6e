"""The log: that something happened, never whose it was, what they chose, or what anybody typed.

The program's own messages are sentences with counts, post numbers and Slack's error words. Messages
of libraries can hold anything that passed through them, so only their place is logged; of an error
only its type, its SQLSTATE, and where it passed through this program.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

_OURS = Path(__file__).parent
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OWN = "bot"


def set_up(level: str) -> None:
    """Log to standard error: this program at `level`, libraries from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(ConfidentialFormatter(_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OWN).setLevel(level)


class ConfidentialFormatter(logging.Formatter):
    """Leaves out whatever may be about a person."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for a record, and a few more for an error."""
        own = record.name == _OWN or record.name.startswith(f"{_OWN}.")
        shown = logging.makeLogRecord(record.__dict__)
        if not own:
            shown.msg = f"a library has written to its log ({record.filename}:{record.lineno})"
            shown.args = ()
        # What another handler has formatted already would be taken as it is.
        shown.exc_text = shown.stack_info = None
        return super().format(shown)

    def formatException(  # noqa: N802 - the name that logging calls
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """The types of an error and of what led to it, and where they passed through here."""
        error = ei[1]
        return "\n".join(_described(error)) if isinstance(error, BaseException) else ""


def _described(error: BaseException) -> Iterator[str]:
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

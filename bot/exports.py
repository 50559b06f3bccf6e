"""`export`: what comms did, their posts with who approved them, or figures, for an archive."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import chain
from typing import TextIO

from bot.domain import exports as files
from bot.domain.exports import ArchivedAct, ArchivedText, ExportedFigure, Form
from bot.services import reports
from bot.slack.views import report_file
from bot.storage import exports
from bot.storage.offline import run_for_each_workspace, stream_each_workspace


class What(StrEnum):
    """What can be exported."""

    AUDIT = "audit"
    POSTS = "posts"
    REPORT = "report"


def write(url: str, what: What, since: date, form: Form, out: TextIO) -> None:
    """Write what there is since the beginning of that day in UTC, row by row, into `out`.

    Raises:
        ValueError: if the address cannot be used.
        OSError: if `out` takes no more.
        sqlalchemy.exc.SQLAlchemyError: if the database refuses.
    """
    begin = datetime.combine(since, time.min, UTC)
    if what is What.AUDIT:
        acts = stream_each_workspace(url, begin, exports.stream_acts, begin)
        pieces = files.write(ArchivedAct, acts, form)
    else:
        texts = stream_each_workspace(url, begin, exports.stream_texts, begin)
        pieces = files.write(ArchivedText, texts, form)
    for piece in pieces:
        out.write(piece)
    out.flush()


def write_report(url: str, now: datetime, form: Form, out: TextIO) -> None:
    """Write all figures that are published into `out`; raises as `write` does."""
    published = run_for_each_workspace(url, now, reports.load_export)
    rows = chain.from_iterable(map(report_file.rows, published))
    for piece in files.write(ExportedFigure, rows, form):
        out.write(piece)
    out.flush()

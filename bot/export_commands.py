"""`export`: what the command line prints as tables for other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.services import reports
from bot.slack.views import report_file
from bot.storage import schema
from bot.storage.backups import BackupError
from bot.storage.offline import run_for_each_workspace


def export_report(url: str, now: datetime) -> str:
    """All figures that are published, as CSV."""
    return "".join(
        report_file.render(export)
        for export in run_for_each_workspace(url, now, reports.load_export)
    )


EXPORTS: Final[Mapping[str, Callable[[str, datetime], str]]] = MappingProxyType(
    {"report": export_report}
)


def export(url: str, what: str, now: datetime) -> str:
    """One of the exports.

    Raises:
        BackupError: if the tables belong to another version.
    """
    if not schema.state(url).in_step:
        raise BackupError("its tables belong to another version of the bot. Run migrate.")
    return EXPORTS[what](url, now).removesuffix("\r\n")  # printing ends the last line

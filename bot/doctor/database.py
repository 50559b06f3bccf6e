"""The database, and what it tells of how the bot fares."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import erasing, refusals
from bot.doctor.findings import Finding
from bot.domain.model import Workspace
from bot.services import asks, rests, retention
from bot.storage import schema, workspaces
from bot.storage.offline import run_for_each_workspace
from bot.storage.urls import sqlite_file

_MEND_DIRECT = (
    "Their accounts may be closed. If they aren't, turn on the Messages Tab (app settings, App "
    "Home), and ask an admin to let the app write to people. People who choose direct messages "
    "again will then get them."
)
# Of people; fewer could be recognised.
_FEWEST_TOLD = 5


def load_workspace(url: str | None, now: datetime) -> Workspace | None:
    """The row of the workspace, which is the truth about its settings; None: there is none yet."""
    if url is None:
        return None
    try:
        if not schema.state(url).in_step:
            return None
        return next(filter(None, run_for_each_workspace(url, now, workspaces.find)), None)
    except (ImportError, OSError, SQLAlchemyError):
        return None  # what is wrong is said of the database


async def reach(url: str | None) -> Finding:
    """Whether it can be reached, and has the tables of this version."""
    if url is None:
        return Finding(None, "database", "not checked: DATABASE_URL is wrong")
    try:
        found = await asyncio.to_thread(schema.state, url)
    except ImportError:
        mend = 'Run: pip install "psycopg[binary]"'
        return Finding(False, "database", "the PostgreSQL driver is missing", mend, fatal=True)
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        mend = "Check DATABASE_URL, and that the database is running."
        return Finding(False, "database", f"cannot be reached: {reason}", mend, fatal=True)
    if (problem := schema.describe(found, url)) is not None:
        says, mend = problem
        return Finding(False, "database", says, mend, fatal=True)
    file = sqlite_file(url)
    where = "reached" if file is None else str(file.absolute())
    return Finding(True, "database", f"{where}, tables up to date ({found.current})")


def find_late_erasing(url: str, now: datetime) -> Finding:
    """Whether what is due is erased in time."""
    try:
        found = run_for_each_workspace(url, now, retention.load_lateness)
    except SQLAlchemyError:
        return Finding(None, "erasing", "not checked: the database is busy")
    says, mend = erasing.describe(found)
    return Finding(mend is None, "erasing", says, mend)


def count_unreachable(url: str, now: datetime) -> Finding:
    """How many people Slack refuses direct messages for good, where they are not few."""
    try:
        refused = sum(run_for_each_workspace(url, now, asks.count_unreachable))
    except SQLAlchemyError:
        return Finding(None, "direct messages", "not checked: the database is busy")
    if refused < _FEWEST_TOLD:
        return Finding(
            True, "direct messages", f"Slack refuses them for fewer than {_FEWEST_TOLD} people"
        )
    says = f"Slack refuses them for {refused} people, so the bot no longer sends them any"
    return Finding(None, "direct messages", says, _MEND_DIRECT)


def find_resting(url: str, now: datetime) -> list[Finding]:
    """What the running bot leaves alone in Slack just now, and why."""
    try:
        found = run_for_each_workspace(url, now, rests.load_for_doctor)
    except SQLAlchemyError:
        return [Finding(None, "calls to Slack", "not checked: the database is busy")]
    findings = []
    for resting, channels in found:
        for target, rest in sorted(resting.items(), key=lambda each: each[1].since):
            says, mend = refusals.describe_rest(target, rest, channels)
            findings.append(Finding(False if mend else None, "calls to Slack", says, mend))
    return findings or [Finding(True, "calls to Slack", "none is waiting, and none was refused")]

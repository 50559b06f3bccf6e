"""The pace check: reading the colour, telling comms of a change, and letting asks go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import fatigue
from bot.domain.fatigue import Reading
from bot.domain.model import Colour, NoticeKind
from bot.storage import pace_checks, workspaces

EVERY = timedelta(hours=1)  # a rate of four weeks does not change faster than this matters


@dataclass(frozen=True, slots=True)
class Health:
    """What comms see: a colour with its causes, and whether red can be let go on now.

    `goes_on_until` is set while a red one that they acknowledged counts as amber.
    """

    reading: Reading
    may_acknowledge: bool
    goes_on_until: datetime | None


def is_due(connection: Connection, workspace: str, now: datetime) -> bool:
    """Whether it is time to read the colour again."""
    found = workspaces.find(connection, workspace)
    if found is None:
        return False
    return found.measured_at is None or found.measured_at + EVERY <= now


def read(connection: Connection, workspace: str, now: datetime) -> Reading:
    """The colour as of now; it changes nothing."""
    return fatigue.read(pace_checks.count(connection, workspace, now - fatigue.WINDOW))


def keep(connection: Connection, workspace: str, reading: Reading, now: datetime) -> None:
    """Pace asks by this colour from now on; comms hear of a change once."""
    if not workspaces.set_colour(connection, workspace, reading.colour, now):
        return
    workspaces.forgive(connection, workspace, NoticeKind.PACE_CHECK)
    workspaces.owe(connection, workspace, NoticeKind.PACE_CHECK, now, detail=str(reading))


def look(connection: Connection, workspace: str, now: datetime) -> Health:
    """What `/advocacy health` shows."""
    found = workspaces.get(connection, workspace)
    reading = read(connection, workspace, now)
    acknowledged = found.acknowledged_at
    red = reading.colour is Colour.RED
    may = red and fatigue.may_acknowledge(acknowledged, now)
    goes_on = None
    if red and not may and acknowledged is not None:
        goes_on = acknowledged + fatigue.ACKNOWLEDGED_FOR
    return Health(reading, may, goes_on)


def acknowledge(connection: Connection, workspace: str, now: datetime) -> datetime | None:
    """Let a red workspace's asks go on, slowly, for a week; returns until when.

    None where it is not red, or was acknowledged within a week.
    """
    health = look(connection, workspace, now)
    if not health.may_acknowledge:
        return None
    workspaces.set_colour(connection, workspace, health.reading.colour, now)
    workspaces.acknowledge(connection, workspace, now)
    return now + fatigue.ACKNOWLEDGED_FOR

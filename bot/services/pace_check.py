"""The pace check: reading the colour, telling comms of a change, and letting asks go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import pace_check
from bot.domain.model import Colour, NoticeKind
from bot.domain.pace_check import PaceCheck, Reading
from bot.storage import notices, workspaces
from bot.storage import pace_check as pace_check_rows
from bot.storage.tx import Tx

EVERY = timedelta(hours=1)  # a rate of four weeks does not change faster than this matters


def is_due(tx: Tx) -> bool:
    """Whether it is time to read the colour again."""
    found = workspaces.find(tx)
    if found is None:
        return False
    return found.measured_at is None or found.measured_at + EVERY <= tx.now


def measure(tx: Tx) -> Reading:
    """The colour as of now; it changes nothing."""
    return pace_check.decide_reading(pace_check_rows.load_counts(tx, tx.now - pace_check.WINDOW))


def record_reading(tx: Tx, reading: Reading) -> None:
    """Pace asks by this colour from now on; comms hear of a change once."""
    if not workspaces.record_colour(tx, reading.colour):
        return
    notices.cancel(tx, NoticeKind.PACE_CHECK)
    notices.enqueue(tx, NoticeKind.PACE_CHECK, detail=str(reading))


def load_pace_check(tx: Tx) -> PaceCheck:
    """What `/advocacy health` shows."""
    found = workspaces.load(tx)
    reading = measure(tx)
    acknowledged = found.acknowledged_at
    red = reading.colour is Colour.RED
    may = red and pace_check.may_acknowledge(acknowledged, tx.now)
    goes_on = None
    if red and not may and acknowledged is not None:
        goes_on = acknowledged + pace_check.ACKNOWLEDGED_FOR
    return PaceCheck(reading, may, goes_on)


def acknowledge(tx: Tx) -> datetime | None:
    """Let a red workspace's asks go on, slowly, for a week; returns until when.

    None where it is not red, or was acknowledged within a week.
    """
    check = load_pace_check(tx)
    if not check.may_acknowledge:
        return None
    workspaces.record_colour(tx, check.reading.colour)
    workspaces.record_acknowledged(tx)
    return tx.now + pace_check.ACKNOWLEDGED_FOR

"""The pace check: reading the colour, telling comms of a change, and letting asks go on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.domain import pace_check
from bot.domain.ids import UserId
from bot.domain.model import Colour, NoticeKind
from bot.domain.pace_check import PaceCheck
from bot.domain.record import Act
from bot.domain.rests import DIRECT
from bot.services import rests
from bot.storage import notices, record, snapshots, workspaces
from bot.storage import pace_check as pace_check_rows
from bot.storage.tx import Tx


def measure(tx: Tx, apart: Collection[UserId]) -> Colour:
    """The colour as of now, for the snapshot; people who are left `apart` do not count."""
    since = tx.now - pace_check.WINDOW
    return pace_check.decide_colour(pace_check_rows.load_counts(tx, since, apart))


def record_colour(tx: Tx, colour: Colour) -> None:
    """Pace asks by this colour from now on; comms hear of a change once."""
    if not workspaces.record_colour(tx, colour):
        return
    notices.cancel(tx, NoticeKind.PACE_CHECK)
    notices.enqueue(tx, NoticeKind.PACE_CHECK, detail=colour)


def load_pace_check(tx: Tx) -> PaceCheck:
    """What `/advocacy health` shows."""
    found = workspaces.load(tx)
    check = PaceCheck(
        found.colour,
        active=snapshots.load_head(tx).gate,
        rests_until=rests.load_until(tx, DIRECT),
    )
    if found.colour is not Colour.RED:
        return check
    acknowledged = found.acknowledged_at
    if pace_check.may_acknowledge(acknowledged, tx.now) or acknowledged is None:
        return replace(check, may_acknowledge=True)
    return replace(check, goes_on_until=acknowledged + pace_check.ACKNOWLEDGED_FOR)


def acknowledge(tx: Tx, user_id: UserId) -> datetime | None:
    """Let a red workspace's asks go on, slowly, for a week; returns until when.

    None where it is not red, or was acknowledged within a week.
    """
    if not load_pace_check(tx).may_acknowledge:
        return None
    workspaces.record_acknowledged(tx)
    record.record_act(tx, user_id, Act.GO_ON)
    return tx.now + pace_check.ACKNOWLEDGED_FOR

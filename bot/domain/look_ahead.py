"""The schedule of the coming days: whether it runs dry, or holds more than goes out in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.channel_queue import Forecast, TooLate
from bot.domain.ids import PostId

# Writing and approving a post takes comms some days.
RUNS_DRY_WITHIN: Final = timedelta(days=7)
# Who has sent nothing for so long may be on a break, and knows.
IN_USE_FOR: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class RunsDry:
    """Nothing is queued after this day, by the workspace's calendar; None: nothing at all."""

    last: date | None


@dataclass(frozen=True, slots=True)
class PilesUp:
    """This post ends before its turn comes."""

    post_id: PostId
    too_late: TooLate


def as_detail(too_late: TooLate) -> str:
    """When a post goes out and when it ends, as a notice carries it."""
    return f"{int(too_late.turn.timestamp())}:{int(too_late.end.timestamp())}"


def from_detail(detail: str) -> TooLate:
    """The inverse of `as_detail`. Raises ValueError."""
    turn, end = (datetime.fromtimestamp(int(part), UTC) for part in detail.split(":"))
    return TooLate(turn, end)


def look_ahead(
    forecasts: Mapping[PostId, Forecast], last_announced: datetime | None, now: datetime, zone: str
) -> RunsDry | PilesUp | None:
    """What comms should know of their schedule; None where it is as it should be.

    Args:
        forecasts: of the queued posts, the next one first.
        last_announced: when a post last went out, aware.
        now: aware.
        zone: the workspace's IANA name.
    """
    for post_id, each in forecasts.items():
        if each.too_late is not None:
            return PilesUp(post_id, each.too_late)
    moments = [each.at for each in forecasts.values() if each.at is not None]
    if len(moments) < len(forecasts):
        return None  # a freeze, or a cap of none: nothing moves until a person changes that
    if not moments and (last_announced is None or last_announced < now - IN_USE_FOR):
        return None
    if moments and max(moments) > now + RUNS_DRY_WITHIN:
        return None
    return RunsDry(max(moments).astimezone(ZoneInfo(zone)).date() if moments else None)

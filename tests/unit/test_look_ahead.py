"""What comms hear of the coming days: that the schedule runs dry, or that it holds too much."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.channel_queue import Forecast, TooLate
from bot.domain.ids import PostId
from bot.domain.look_ahead import PilesUp, RunsDry, as_detail, from_detail, look_ahead
from bot.domain.model import Reason

NOW = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)  # a Monday morning
DAY = timedelta(days=1)
ZONE = "Pacific/Auckland"
LATE = TooLate(NOW + 40 * DAY, NOW + 30 * DAY)


def queue(*days: float | None, late: int | None = None) -> dict[PostId, Forecast]:
    return {
        PostId(number): Forecast(
            None if day is None else NOW + day * DAY, Reason.GAP, LATE if number == late else None
        )
        for number, day in enumerate(days, 1)
    }


@pytest.mark.parametrize(
    ("queued", "last", "found"),
    [
        (queue(1, 3), NOW - DAY, RunsDry(date(2026, 9, 10))),
        (queue(1, 7), NOW - DAY, RunsDry(date(2026, 9, 14))),
        (queue(1, 7.01), NOW - DAY, None),
        (queue(), NOW - DAY, RunsDry(None)),
        (queue(), NOW - 29 * DAY, None),
        (queue(), None, None),
        (queue(1), None, RunsDry(date(2026, 9, 8))),
        (queue(1, None), NOW, None),
        (queue(1, 9, 30, late=3), NOW, PilesUp(PostId(3), LATE)),
        (queue(1, None, late=2), NOW, PilesUp(PostId(2), LATE)),
    ],
)
def test_what_comms_hear(
    queued: dict[PostId, Forecast], last: datetime | None, found: RunsDry | PilesUp | None
) -> None:
    assert look_ahead(queued, last, NOW, ZONE) == found


def test_a_notice_carries_when_a_post_would_go_out() -> None:
    assert from_detail(as_detail(LATE)) == LATE

"""When notes without a name are passed on, and how many of one person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import UserId
from bot.domain.notes import MOST_A_WEEK, passed_on_at
from bot.slack.note_limit import NoteLimit

WEEKDAYS = frozenset(range(5))
AMARA, BO = UserId("U_AMARA"), UserId("U_BO")


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 9, 1, 8, 0, tzinfo=UTC), datetime(2026, 9, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 9, 1, 21, 59, tzinfo=UTC), datetime(2026, 9, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 9, 1, 22, 0, tzinfo=UTC), datetime(2026, 9, 3, 8, 0, tzinfo=UTC)),
        (datetime(2026, 9, 4, 8, 0, tzinfo=UTC), datetime(2026, 9, 7, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 23, 8, 0, tzinfo=UTC), datetime(2026, 10, 26, 9, 0, tzinfo=UTC)),
    ],
    ids=["Tuesday", "late", "Wednesday begins", "over a weekend", "over the end of summer time"],
)
def test_notes_are_passed_on_at_ten_of_the_next_working_day(now: datetime, at: datetime) -> None:
    assert passed_on_at(now, "Europe/Berlin", WEEKDAYS) == at


def test_a_person_sends_a_few_in_any_seven_days() -> None:
    limit, now = NoteLimit(), datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    for _ in range(MOST_A_WEEK):
        assert not limit.reached(AMARA, now)
        limit.count(AMARA, now)
    assert limit.reached(AMARA, now)
    assert not limit.reached(BO, now)
    assert limit.reached(AMARA, now + timedelta(days=7) - timedelta(seconds=1))
    assert not limit.reached(AMARA, now + timedelta(days=7))

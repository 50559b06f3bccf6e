"""Rests: longer each time Slack does not answer, and never shorter than Slack asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rests import Rest, rest_after_lost, rest_after_throttling

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
waits = st.timedeltas(timedelta(0), timedelta(hours=2))
rests = st.builds(Rest, waits.map(lambda wait: NOW + wait), st.integers(0, 50))


def test_each_rest_is_twice_as_long_up_to_half_an_hour() -> None:
    rest, lengths = None, []
    for _ in range(7):
        rest = rest_after_lost(rest, NOW)
        lengths.append((rest.until - NOW) / MINUTE)
    assert lengths == [2, 4, 8, 16, 30, 30, 30]


def test_a_throttled_method_rests_as_long_as_slack_said() -> None:
    assert rest_after_throttling(None, NOW, 30 * MINUTE) == Rest(NOW + 30 * MINUTE)


@given(rests, waits)
def test_throttling_never_shortens_a_rest(before: Rest, wait: timedelta) -> None:
    after = rest_after_throttling(before, NOW, wait)
    assert after.until >= max(before.until, NOW + wait)
    assert after.lost_rounds == before.lost_rounds

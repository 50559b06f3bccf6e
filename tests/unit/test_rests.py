"""Rests: longer each time Slack does not answer, and never shorter than Slack asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rests import (
    EDITS,
    Rest,
    find_holding,
    rest_after_lost,
    rest_after_refusal,
    rest_after_throttling,
)
from bot.domain.troubles import Trouble

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
waits = st.timedeltas(timedelta(0), timedelta(hours=2))
rests = st.builds(
    Rest,
    since=st.just(NOW - MINUTE),
    until=waits.map(lambda wait: NOW + wait),
    trouble=st.sampled_from([Trouble.THROTTLED, Trouble.NO_REPLY, Trouble.ARCHIVED]),
    rounds=st.integers(0, 50),
)


def test_each_rest_is_twice_as_long_up_to_half_an_hour() -> None:
    rest, lengths = None, []
    for _ in range(7):
        rest = rest_after_lost(rest, NOW)
        lengths.append((rest.until - NOW) / MINUTE)
    assert lengths == [2, 4, 8, 16, 30, 30, 30]


def test_a_throttled_method_rests_as_long_as_slack_said() -> None:
    rest = rest_after_throttling(None, NOW, 30 * MINUTE)
    assert rest == Rest(NOW, NOW + 30 * MINUTE, Trouble.THROTTLED)
    assert not rest.is_refusal


def test_a_refusal_is_tried_again_after_ever_longer_pauses_up_to_an_hour() -> None:
    rest, lengths = None, []
    for _ in range(6):
        rest = rest_after_refusal(rest, NOW, Trouble.ARCHIVED)
        lengths.append((rest.until - NOW) / MINUTE)
    assert lengths == [5, 10, 20, 40, 60, 60]
    assert rest is not None
    assert rest.is_refusal


def test_another_refusal_begins_anew_and_the_same_one_keeps_its_beginning() -> None:
    rest = rest_after_refusal(None, NOW, Trouble.ARCHIVED)
    assert rest_after_refusal(rest, NOW + MINUTE, Trouble.ARCHIVED).since == NOW
    assert rest_after_refusal(rest, NOW + MINUTE, Trouble.NOT_IN_CHANNEL).since == NOW + MINUTE


def test_of_two_rests_the_longer_one_holds() -> None:
    short = rest_after_throttling(None, NOW, MINUTE)
    long = rest_after_refusal(None, NOW, Trouble.MISSING_SCOPE)
    known = {EDITS: short, EDITS.whole: long}
    assert find_holding(known, NOW) is long
    assert find_holding({EDITS: short}, NOW + MINUTE) is None


@given(rests, waits)
def test_throttling_never_shortens_a_rest(before: Rest, wait: timedelta) -> None:
    after = rest_after_throttling(before, NOW, wait)
    assert after.until >= max(before.until, NOW + wait)
    assert after.rounds == before.rounds

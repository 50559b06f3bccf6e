"""Who would be asked: what is told of topics, and that nothing small follows from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audience import Audience, decide_audiences, find_audience
from bot.domain.delivery import Delivery
from bot.domain.snapshot import LEAST_PEOPLE, NO_SNAPSHOT, Snapshot
from tests.golden_values import FLINK
from tests.subtracting import combined

TOLD = Snapshot(gate=True, audiences={"releases": 35, "hiring": 120})


def people(**counts: int) -> dict[frozenset[str], int]:
    """How many follow exactly these topics, named by letters; "none" follow none."""
    return {frozenset(names.replace("none", "")): count for names, count in counts.items()}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 34, "none": 30}, {"a": 35}),
        ({"a": 6, "none": 6}, {"a": 5}),
        ({"a": 5, "none": 30}, {}),
        ({"a": 30, "none": 5}, {}),
        ({}, {}),
        # "b" holds some of those who follow "a", and nobody else.
        ({"ab": 20, "a": 6, "none": 9}, {"a": 25, "b": 20}),
        ({"ab": 20, "a": 5, "none": 9}, {"a": 25}),
        ({"ab": 20, "none": 9}, {"a": 20, "b": 20}),
        ({"ab": 20, "a": 5, "b": 1, "none": 9}, {"a": 25, "b": 20}),
        # Who follows "c" follows "a" or "b", but for a few.
        ({"ac": 12, "bc": 12, "c": 2, "none": 9}, {"c": 25, "a": 10}),
        ({"ac": 12, "bc": 12, "c": 6, "none": 9}, {"c": 30, "a": 10, "b": 10}),
    ],
)
def test_a_topic_is_told_of_where_enough_follow_it_and_enough_do_not(
    counts: dict[str, int], told: dict[str, int]
) -> None:
    assert decide_audiences({}, people(**counts)) == told


def test_the_number_stays_until_enough_have_changed_their_mind() -> None:
    counts = [33, 34, 37, 39, 42, 43, 38, 37]
    told: dict[str, int] = {}
    seen = []
    for count in counts:
        told = decide_audiences(told, people(a=count, none=50))
        seen.append(told["a"])
    assert seen == [35, 35, 35, 35, 35, 45, 45, 35]


@given(
    weeks=st.lists(
        st.dictionaries(st.frozensets(st.sampled_from("abcd")), st.integers(0, 40)),
        min_size=2,
        max_size=5,
    )
)
def test_two_numbers_that_differ_stand_for_enough_people(
    weeks: list[dict[frozenset[str], int]],
) -> None:
    """From week to week, and where topics are added up, and taken from each other."""
    before: dict[str, int] = {}
    first_from: dict[str, int] = {}
    for week in weeks:
        told = decide_audiences(before, week)
        count = Counter[str]()
        for topics, some in week.items():
            count.update(dict.fromkeys(topics, some))
        for topic, number in told.items():
            if number != before.get(topic):
                if topic in before:
                    assert abs(count[topic] - first_from[topic]) >= LEAST_PEOPLE
                first_from[topic] = count[topic]
                before[topic] = number
            assert LEAST_PEOPLE <= count[topic] <= sum(week.values()) - LEAST_PEOPLE
        everybody = {(topics, number) for topics, some in week.items() for number in range(some)}
        following = [frozenset(who for who in everybody if topic in who[0]) for topic in told]
        for found in combined(following):
            for some_of_them in (found, everybody - found):
                assert not 0 < len(some_of_them) < LEAST_PEOPLE


def test_a_post_shows_its_largest_topic_and_no_sum() -> None:
    post = replace(FLINK, topics=("Releases", "Hiring", "other"))
    assert find_audience(TOLD, post) == Audience("Hiring", 120, is_only=False)
    assert find_audience(TOLD, replace(FLINK, topics=("RELEASES",))) == Audience(
        "RELEASES", 35, is_only=True
    )


def test_it_is_silent_without_a_gate_a_known_topic_or_direct_messages() -> None:
    post = replace(FLINK, topics=("releases",))
    assert find_audience(NO_SNAPSHOT, post) is None
    assert find_audience(TOLD, replace(post, topics=("other",))) is None
    assert find_audience(TOLD, replace(post, topics=())) is None
    in_channel = replace(post, delivery=frozenset({Delivery.CHANNEL}))
    assert find_audience(TOLD, in_channel) is None

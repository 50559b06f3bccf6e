"""Who would be asked: what is told of topics, and that nothing small follows from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audience import Audience, decide_audiences, find_audience
from bot.domain.delivery import Delivery
from bot.domain.snapshot import LEAST_PEOPLE, NO_SNAPSHOT, Snapshot
from tests.golden_values import FLINK

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
        st.dictionaries(st.frozensets(st.sampled_from("abc")), st.integers(0, 40)),
        min_size=2,
        max_size=5,
    )
)
def test_two_numbers_that_differ_stand_for_enough_people(
    weeks: list[dict[frozenset[str], int]],
) -> None:
    """From week to week, and where the people of one topic are among those of another."""
    told: dict[str, int] = {}
    first_from: dict[str, int] = {}
    for week in weeks:
        before, told = told, decide_audiences(told, week)
        count = Counter[str]()
        for topics, some in week.items():
            count.update(dict.fromkeys(topics, some))
        for topic, number in told.items():
            if number != before.get(topic):
                if topic in before:
                    assert abs(count[topic] - first_from[topic]) >= LEAST_PEOPLE
                first_from[topic] = count[topic]
            assert LEAST_PEOPLE <= count[topic] <= sum(week.values()) - LEAST_PEOPLE
        for one, other in permutations(told, 2):
            outside = sum(
                some for topics, some in week.items() if other in topics and one not in topics
            )
            if outside == 0:
                assert count[one] - count[other] in (0, *range(LEAST_PEOPLE, 1_000))


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

"""What the pace check reads, and how long comms can let red be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Colour
from bot.domain.pace_check import (
    ACKNOWLEDGED_FOR,
    Counts,
    decide_colour,
    effective_colour,
    may_acknowledge,
)

NOW = datetime(2026, 6, 8, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
CALM = Counts(settled=100, declined=0, decliners=40, takers=40, members=100, paused=0, left=0)
GREEN, AMBER, RED = Colour.GREEN, Colour.AMBER, Colour.RED
ORDER = [GREEN, AMBER, RED]

some = st.integers(0, 60)
all_counts = st.builds(
    lambda taken, declined, decliners, takers, stayed, paused, left: Counts(
        settled=taken + declined,
        declined=declined,
        decliners=min(declined, decliners),
        takers=min(taken, takers),
        members=stayed + max(paused, left),
        paused=paused,
        left=left,
    ),
    *(some,) * 7,
)


def better(one: Counts, other: Counts) -> bool:
    return ORDER.index(decide_colour(one)) < ORDER.index(decide_colour(other))


def test_a_workspace_in_which_nothing_happens_is_green() -> None:
    assert decide_colour(Counts(0, 0, 0, 0, 0, 0, 0)) is GREEN
    assert decide_colour(CALM) is GREEN


@pytest.mark.parametrize(
    ("counts", "colour"),
    [
        (replace(CALM, declined=75), GREEN),
        (replace(CALM, declined=76), AMBER),
        (replace(CALM, declined=90), AMBER),
        (replace(CALM, declined=91), RED),
        (replace(CALM, paused=10), GREEN),
        (replace(CALM, paused=11), AMBER),
        (replace(CALM, paused=20), AMBER),
        (replace(CALM, paused=21), RED),
        (replace(CALM, left=5), GREEN),
        (replace(CALM, left=6), AMBER),
        (replace(CALM, left=10), AMBER),
        (replace(CALM, left=11), RED),
        (replace(CALM, paused=15, left=15), RED),
    ],
)
def test_each_colour_begins_above_its_threshold(counts: Counts, colour: Colour) -> None:
    assert decide_colour(counts) is colour


def test_fewer_than_twenty_settled_asks_say_nothing() -> None:
    assert decide_colour(replace(CALM, settled=19, declined=19)) is GREEN
    assert decide_colour(replace(CALM, settled=20, declined=20)) is RED


@pytest.mark.parametrize(
    ("counts", "colour"),
    [
        (replace(CALM, declined=95, decliners=5), GREEN),
        (replace(CALM, declined=95, takers=5), GREEN),
        (replace(CALM, declined=95, decliners=6, takers=6), RED),
        (replace(CALM, members=20, paused=5), GREEN),
        (replace(CALM, members=20, paused=6), RED),
        (replace(CALM, members=20, paused=14), RED),
        (replace(CALM, members=20, paused=15), GREEN),
        (replace(CALM, members=20, left=5), GREEN),
        (replace(CALM, members=20, left=6), RED),
    ],
)
def test_nothing_counts_with_fewer_than_six_people_on_either_side(
    counts: Counts, colour: Colour
) -> None:
    assert decide_colour(counts) is colour


@given(all_counts, st.integers(1, 20))
def test_more_declined_asks_of_the_same_people_never_make_the_colour_better(
    counts: Counts, more: int
) -> None:
    worse = replace(counts, settled=counts.settled + more, declined=counts.declined + more)
    assert not better(worse, counts)


def test_red_that_comms_acknowledged_counts_as_amber_for_a_week() -> None:
    over = NOW + ACKNOWLEDGED_FOR
    assert effective_colour(RED, NOW, NOW) is AMBER
    assert effective_colour(RED, NOW, over - INSTANT) is AMBER
    assert effective_colour(RED, NOW, over) is RED
    assert effective_colour(RED, None, NOW) is RED


@pytest.mark.parametrize("colour", [GREEN, AMBER])
def test_an_acknowledgement_changes_nothing_but_red(colour: Colour) -> None:
    assert effective_colour(colour, NOW, NOW) is colour


def test_comms_can_acknowledge_once_a_week() -> None:
    assert may_acknowledge(None, NOW)
    assert not may_acknowledge(NOW, NOW + ACKNOWLEDGED_FOR - INSTANT)
    assert may_acknowledge(NOW, NOW + ACKNOWLEDGED_FOR)

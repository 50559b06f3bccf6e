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
    Cause,
    Counts,
    Reading,
    decide_reading,
    effective_colour,
    may_acknowledge,
)

NOW = datetime(2026, 6, 8, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
CALM = Counts(settled=100, skipped=0, lapsed=0, members=100, paused=0, left=0)
GREEN = Reading(Colour.GREEN, frozenset())
ORDER = [Colour.GREEN, Colour.AMBER, Colour.RED]

some = st.integers(0, 40)
all_counts = st.builds(
    lambda shared, skipped, lapsed, stayed, paused, left: Counts(
        shared + skipped + lapsed, skipped, lapsed, stayed + max(paused, left), paused, left
    ),
    some,
    some,
    some,
    some,
    some,
    some,
)


def reads(colour: Colour, *causes: Cause) -> Reading:
    return Reading(colour, frozenset(causes))


def better(one: Counts, other: Counts) -> bool:
    return ORDER.index(decide_reading(one).colour) < ORDER.index(decide_reading(other).colour)


def test_a_workspace_in_which_nothing_happens_is_green() -> None:
    assert decide_reading(Counts(0, 0, 0, 0, 0, 0)) == GREEN
    assert decide_reading(CALM) == GREEN


@pytest.mark.parametrize(
    ("counts", "reading"),
    [
        (replace(CALM, skipped=75), GREEN),
        (replace(CALM, skipped=76), reads(Colour.AMBER, Cause.SKIPS)),
        (replace(CALM, skipped=90), reads(Colour.AMBER, Cause.SKIPS)),
        (replace(CALM, skipped=91), reads(Colour.RED, Cause.SKIPS)),
        (replace(CALM, lapsed=75), GREEN),
        (replace(CALM, lapsed=76), reads(Colour.AMBER, Cause.LAPSES)),
        (replace(CALM, lapsed=91), reads(Colour.RED, Cause.LAPSES)),
        (replace(CALM, paused=10), GREEN),
        (replace(CALM, paused=11), reads(Colour.AMBER, Cause.PAUSES)),
        (replace(CALM, paused=20), reads(Colour.AMBER, Cause.PAUSES)),
        (replace(CALM, paused=21), reads(Colour.RED, Cause.PAUSES)),
        (replace(CALM, left=5), GREEN),
        (replace(CALM, left=6), reads(Colour.AMBER, Cause.LEAVES)),
        (replace(CALM, left=10), reads(Colour.AMBER, Cause.LEAVES)),
        (replace(CALM, left=11), reads(Colour.RED, Cause.LEAVES)),
    ],
)
def test_each_colour_begins_above_its_threshold(counts: Counts, reading: Reading) -> None:
    assert decide_reading(counts) == reading


def test_skips_and_lapses_count_together() -> None:
    assert decide_reading(replace(CALM, skipped=45, lapsed=46)) == reads(
        Colour.RED, Cause.SKIPS, Cause.LAPSES
    )


def test_of_skips_and_lapses_only_a_large_part_is_named() -> None:
    assert decide_reading(replace(CALM, skipped=22, lapsed=56)) == reads(Colour.AMBER, Cause.LAPSES)
    assert decide_reading(replace(CALM, skipped=56, lapsed=22)) == reads(Colour.AMBER, Cause.SKIPS)


def test_red_names_what_is_amber_as_well() -> None:
    assert decide_reading(replace(CALM, paused=15, left=15)) == reads(
        Colour.RED, Cause.PAUSES, Cause.LEAVES
    )


def test_fewer_than_twenty_settled_asks_say_nothing() -> None:
    assert decide_reading(replace(CALM, settled=19, skipped=19)) == GREEN
    assert decide_reading(replace(CALM, settled=20, skipped=20)) == reads(Colour.RED, Cause.SKIPS)


def test_fewer_than_five_members_say_nothing() -> None:
    assert decide_reading(Counts(40, 40, 0, members=4, paused=4, left=4)) == GREEN
    assert decide_reading(Counts(40, 40, 0, members=5, paused=0, left=0)).colour is Colour.RED


def test_one_person_alone_changes_no_colour() -> None:
    assert decide_reading(Counts(0, 0, 0, members=5, paused=1, left=1)) == GREEN
    assert decide_reading(Counts(0, 0, 0, members=5, paused=0, left=2)) == reads(
        Colour.RED, Cause.LEAVES
    )
    assert decide_reading(Counts(0, 0, 0, members=5, paused=2, left=0)) == reads(
        Colour.RED, Cause.PAUSES
    )


@given(all_counts)
def test_whatever_is_not_green_has_a_cause_and_green_has_none(counts: Counts) -> None:
    reading = decide_reading(counts)
    assert (reading.colour is Colour.GREEN) == (not reading.causes)


@given(all_counts, st.integers(1, 20))
def test_more_skips_or_lapses_never_make_the_colour_better(counts: Counts, more: int) -> None:
    settled = counts.settled + more
    assert not better(replace(counts, settled=settled, skipped=counts.skipped + more), counts)
    assert not better(replace(counts, settled=settled, lapsed=counts.lapsed + more), counts)


@given(all_counts, st.data())
def test_a_skip_in_place_of_a_share_never_makes_the_colour_better(
    counts: Counts, data: st.DataObject
) -> None:
    shared = counts.settled - counts.skipped - counts.lapsed
    more = data.draw(st.integers(0, shared))
    assert not better(replace(counts, skipped=counts.skipped + more), counts)


@given(all_counts, st.data())
def test_more_pauses_or_leaves_never_make_the_colour_better(
    counts: Counts, data: st.DataObject
) -> None:
    paused = data.draw(st.integers(counts.paused, counts.members))
    left = data.draw(st.integers(counts.left, counts.members))
    assert not better(replace(counts, paused=paused, left=left), counts)


def test_red_that_comms_acknowledged_counts_as_amber_for_a_week() -> None:
    over = NOW + ACKNOWLEDGED_FOR
    assert effective_colour(Colour.RED, NOW, NOW) is Colour.AMBER
    assert effective_colour(Colour.RED, NOW, over - INSTANT) is Colour.AMBER
    assert effective_colour(Colour.RED, NOW, over) is Colour.RED
    assert effective_colour(Colour.RED, None, NOW) is Colour.RED


@pytest.mark.parametrize("colour", [Colour.GREEN, Colour.AMBER])
def test_an_acknowledgement_changes_nothing_but_red(colour: Colour) -> None:
    assert effective_colour(colour, NOW, NOW) is colour


def test_comms_can_acknowledge_once_a_week() -> None:
    assert may_acknowledge(None, NOW)
    assert not may_acknowledge(NOW, NOW + ACKNOWLEDGED_FOR - INSTANT)
    assert may_acknowledge(NOW, NOW + ACKNOWLEDGED_FOR)

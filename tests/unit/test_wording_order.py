"""How far one wording goes, and in which order each member meets them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import MemberId, PostId, WordingId
from bot.domain.post import Network, Wording
from bot.domain.snapshot import Snapshot, find_used, wording_key
from bot.domain.wording_order import is_used, max_uses, order_wordings

POST = PostId(7)
ONE, TWO, THREE = (Wording(Network.LINKEDIN, text) for text in ("one", "two", "three"))
members = st.integers(1, 2**40).map(MemberId)


@pytest.mark.parametrize(
    ("people", "uses"),
    [(0, 6), (20, 6), (139, 6), (140, 7), (200, 10), (10_000, 500)],
)
def test_a_wording_goes_to_six_people_or_to_five_percent(people: int, uses: int) -> None:
    assert max_uses(people) == uses


@given(members, st.permutations([ONE, TWO, THREE]))
def test_a_members_order_is_their_own_and_stays(
    member_id: MemberId, written: list[Wording]
) -> None:
    ordered = order_wordings(POST, written, member_id)
    assert sorted(one.text for one in ordered) == ["one", "three", "two"]
    assert ordered == order_wordings(POST, (ONE, TWO, THREE), member_id)


def test_colleagues_begin_with_different_words() -> None:
    first = Counter(
        order_wordings(POST, (ONE, TWO, THREE), number)[0].text for number in range(600)
    )
    assert set(first) == {"one", "two", "three"}
    assert min(first.values()) > 150


def test_without_a_member_they_stay_as_written() -> None:
    assert order_wordings(POST, (TWO, ONE, THREE)) == (TWO, ONE, THREE)


def test_the_same_words_under_another_number_are_the_same() -> None:
    stored, corrected = (
        Wording(Network.X, "words", id=WordingId(3)),
        Wording(Network.X, "words", id=WordingId(8)),
    )
    snapshot = Snapshot(gate=True, used=frozenset({wording_key(POST, stored)}))
    assert is_used(POST, corrected, snapshot)
    assert not is_used(POST, Wording(Network.BLUESKY, "words"), snapshot)
    assert not is_used(PostId(8), corrected, snapshot)
    assert not is_used(POST, corrected, Snapshot(used=snapshot.used)), "with few members never"


@pytest.mark.parametrize(
    ("people", "count", "used"),
    [(5, 24, False), (6, 24, True), (18, 24, True), (19, 24, False), (6, 200, False)],
)
def test_a_wording_is_used_enough_where_that_says_nothing_about_one_person(
    people: int, count: int, used: bool
) -> None:
    key = wording_key(POST, ONE)
    assert (key in find_used({key: people}, count, max_uses(count))) is used


def test_a_members_own_language_comes_first_and_then_words_in_none() -> None:
    german = Wording(Network.X, "eins", "de")
    english = Wording(Network.X, "one", "en")
    none = Wording(Network.X, "1")
    written = (english, none, german)
    assert order_wordings(POST, written, language="de") == (german, none, english)
    assert order_wordings(POST, written, language="fr") == (none, english, german)
    for number in range(20):
        own = order_wordings(POST, written, number, "de")
        assert own == (german, none, english)

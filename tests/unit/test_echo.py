"""How far one wording goes, and which words come next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.echo import Openings, most, near_the_limit, offered
from bot.domain.model import Network, Wording

ONE, TWO, THREE = (Wording(Network.LINKEDIN, text) for text in ("one", "two", "three"))


@pytest.mark.parametrize(
    ("members", "people"),
    [(0, 5), (1, 5), (20, 5), (100, 5), (119, 5), (120, 6), (200, 10), (10_000, 500)],
)
def test_a_wording_goes_to_five_people_or_to_five_percent(members: int, people: int) -> None:
    assert most(members) == people


def test_the_least_used_comes_first_and_then_the_order_of_writing() -> None:
    assert offered((ONE, TWO, THREE), {}, 10) == (ONE, TWO, THREE)
    assert offered((ONE, TWO, THREE), {ONE.words: 2, THREE.words: 1}, 10) == (TWO, THREE, ONE)


def test_a_wording_is_offered_until_so_many_have_opened_it() -> None:
    assert offered((ONE, TWO), {ONE.words: 4}, 100) == (TWO, ONE)
    assert offered((ONE, TWO), {ONE.words: 5}, 100) == (TWO,)
    assert offered((ONE, TWO), {ONE.words: 5}, 120) == (TWO, ONE)
    assert offered((ONE, TWO), {ONE.words: 5, TWO.words: 9}, 100) == ()


def test_the_same_words_under_another_number_are_the_same() -> None:
    stored, corrected = Wording(Network.X, "words", id=3), Wording(Network.X, "words", id=8)
    assert offered((corrected,), {stored.words: 5}, 10) == ()
    assert offered((Wording(Network.BLUESKY, "words"),), {stored.words: 5}, 10) != ()


counts = st.dictionaries(st.sampled_from([ONE.words, TWO.words, THREE.words]), st.integers(0, 40))


@given(counts, st.integers(0, 1_000))
def test_members_matter_only_near_the_limit(openings: Openings, members: int) -> None:
    fewest = offered((ONE, TWO, THREE), openings, 0)
    if not near_the_limit(openings):
        assert offered((ONE, TWO, THREE), openings, members) == fewest
    assert set(fewest) <= set(offered((ONE, TWO, THREE), openings, members))


def test_a_members_own_language_comes_first_and_then_words_in_none() -> None:
    german = Wording(Network.X, "eins", "de")
    english = Wording(Network.X, "one", "en")
    none = Wording(Network.X, "1")
    written = (english, none, german)
    assert offered(written, {}, 10) == written
    assert offered(written, {german.words: 3}, 10, "de") == (german, none, english)
    assert offered(written, {german.words: 5}, 10, "de") == (none, english)
    assert offered(written, {}, 10, "fr") == (none, english, german)

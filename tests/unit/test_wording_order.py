"""How far one wording goes, and which words come next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import WordingId
from bot.domain.post import Network, Wording
from bot.domain.wording_order import WordingUsage, max_uses, near_limit, order_wordings

ONE, TWO, THREE = (Wording(Network.LINKEDIN, text) for text in ("one", "two", "three"))


@pytest.mark.parametrize(
    ("members", "people"),
    [(0, 5), (1, 5), (20, 5), (100, 5), (119, 5), (120, 6), (200, 10), (10_000, 500)],
)
def test_a_wording_goes_to_five_people_or_to_five_percent(members: int, people: int) -> None:
    assert max_uses(members) == people


def test_the_least_used_comes_first_and_then_the_order_of_writing() -> None:
    assert order_wordings((ONE, TWO, THREE), {}, 10) == (ONE, TWO, THREE)
    assert order_wordings((ONE, TWO, THREE), {ONE.usage_key: 2, THREE.usage_key: 1}, 10) == (
        TWO,
        THREE,
        ONE,
    )


def test_a_wording_is_offered_until_so_many_have_opened_it() -> None:
    assert order_wordings((ONE, TWO), {ONE.usage_key: 4}, 100) == (TWO, ONE)
    assert order_wordings((ONE, TWO), {ONE.usage_key: 5}, 100) == (TWO,)
    assert order_wordings((ONE, TWO), {ONE.usage_key: 5}, 120) == (TWO, ONE)
    assert order_wordings((ONE, TWO), {ONE.usage_key: 5, TWO.usage_key: 9}, 100) == ()


def test_the_same_words_under_another_number_are_the_same() -> None:
    stored, corrected = (
        Wording(Network.X, "words", id=WordingId(3)),
        Wording(Network.X, "words", id=WordingId(8)),
    )
    assert order_wordings((corrected,), {stored.usage_key: 5}, 10) == ()
    assert order_wordings((Wording(Network.BLUESKY, "words"),), {stored.usage_key: 5}, 10) != ()


counts = st.dictionaries(
    st.sampled_from([ONE.usage_key, TWO.usage_key, THREE.usage_key]), st.integers(0, 40)
)


@given(counts, st.integers(0, 1_000))
def test_members_matter_only_near_the_limit(usage: WordingUsage, members: int) -> None:
    fewest = order_wordings((ONE, TWO, THREE), usage, 0)
    if not near_limit(usage):
        assert order_wordings((ONE, TWO, THREE), usage, members) == fewest
    assert set(fewest) <= set(order_wordings((ONE, TWO, THREE), usage, members))


def test_a_members_own_language_comes_first_and_then_words_in_none() -> None:
    german = Wording(Network.X, "eins", "de")
    english = Wording(Network.X, "one", "en")
    none = Wording(Network.X, "1")
    written = (english, none, german)
    assert order_wordings(written, {}, 10) == written
    assert order_wordings(written, {german.usage_key: 3}, 10, "de") == (german, none, english)
    assert order_wordings(written, {german.usage_key: 5}, 10, "de") == (none, english)
    assert order_wordings(written, {}, 10, "fr") == (none, english, german)

"""The language of a wording is written before it, and comes back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import NAMES, marked, split, theirs_first
from bot.domain.post import Network, Wording


@pytest.mark.parametrize(
    ("typed", "language", "text"),
    [
        ("[de] Guten Tag", "de", "Guten Tag"),
        (" [FR]\nBonjour", "fr", "Bonjour"),
        ("[ad] is no language", None, "[ad] is no language"),
        ("[WIP] a draft", None, "[WIP] a draft"),
        ("Guten Tag [de]", None, "Guten Tag [de]"),
        ("[de]", "de", ""),
        ("", None, ""),
    ],
)
def test_a_language_stands_in_brackets_at_the_beginning(
    typed: str, language: str | None, text: str
) -> None:
    assert split(typed) == (language, text)


@given(st.sampled_from([*NAMES]), st.text(alphabet="ab [é", min_size=1).map(str.strip))
def test_a_wording_comes_back_from_the_form(language: str, text: str) -> None:
    assert split(marked(Wording(Network.X, text, language))) == (language, text)


languages = st.none() | st.sampled_from([*NAMES])
wordings = st.lists(st.builds(Wording, st.just(Network.X), st.text(max_size=3), languages))


@given(wordings, languages)
def test_theirs_come_first_and_nothing_is_lost(given_: list[Wording], wanted: str | None) -> None:
    found = theirs_first(given_, wanted)
    assert sorted(map(repr, found)) == sorted(map(repr, given_))
    if wanted is None:
        assert list(found) == given_
    else:
        ranks = [0 if one.language == wanted else 1 if not one.language else 2 for one in found]
        assert ranks == sorted(ranks)

"""Disclosures for a language or a market: how they are typed, and which texts get them."""

from __future__ import annotations

import pytest

from bot.domain import local_disclosures
from bot.domain.local_disclosures import LocalDisclosure
from bot.domain.sharing_policy import SharingPolicy

GERMAN = "Anzeige | Ich arbeite bei Acme"
LINES = f"de: {GERMAN}\nUK: Ad | I'm with Acme\n#AcmeTeam\n"
OURS = "#AcmeEmployee"


def test_each_line_is_for_a_language_a_market_or_any_text() -> None:
    assert local_disclosures.parse(LINES) == (
        LocalDisclosure(GERMAN, "de"),
        LocalDisclosure("Ad | I'm with Acme", "UK"),
        LocalDisclosure("#AcmeTeam"),
    )
    assert [each.language for each in local_disclosures.parse(LINES)] == ["de", None, None]


@pytest.mark.parametrize("typed", [LINES, "Anzeige, da ich bei Acme arbeite", "#AcmeTeam", ""])
def test_what_is_shown_is_read_back(typed: str) -> None:
    read = local_disclosures.parse(typed)
    assert local_disclosures.parse(local_disclosures.show(read), commas=True) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("de: Anzeige", "“de: Anzeige”: Please name the employer"),
        ("xy: I work at Acme", "“xy” is no language"),
        ("deutsch: Ich arbeite bei Acme", "“deutsch” is no language"),
        ("de: Acme\nde: Ich arbeite bei Acme", "one phrase for each language. de has two"),
        ("\n".join(f"#Acme{n}" for n in range(21)), "up to 20 lines"),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        local_disclosures.parse(typed)


def test_a_text_in_a_language_gets_its_phrase_and_others_the_usual_one() -> None:
    policy = SharingPolicy(phrases=local_disclosures.parse(LINES))
    assert policy.missing_disclosure("Neu.", OURS, "de") == GERMAN
    assert policy.missing_disclosure(f"Neu. {GERMAN}", OURS, "de") == ""
    assert policy.missing_disclosure(f"Neu. {OURS}", OURS, "de") == "", "it says so already"
    assert policy.missing_disclosure("Nouveau.", OURS, "fr") == OURS
    assert policy.missing_disclosure("New.", OURS) == OURS


@pytest.mark.parametrize("words", [f"Neu. {GERMAN}", "New. Ad | I'm with Acme", "New. #AcmeTeam"])
def test_every_phrase_is_accepted_in_peoples_own_words(words: str) -> None:
    assert SharingPolicy(phrases=local_disclosures.parse(LINES)).discloses(words, OURS)

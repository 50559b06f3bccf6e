"""A disclosure names the employer, and a text that says it already need not say it twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure import check_disclosure, discloses, employer_words

TAG = "#AcmeEmployee"


@pytest.mark.parametrize(
    ("disclosure", "expected"),
    [
        (TAG, ("acme",)),
        ("#acmeemployee", ("acme",)),
        ("#IBMEmployee", ("ibm",)),
        ("#3MEmployee", ("3", "m")),
        ("#eBayEmployee", ("e", "bay")),
        ("#SteamEmployee", ("steam",)),
        ("I work at Acme", ("acme",)),
        ("I\u2019m a proud employee of the Acme Group", ("acme", "group")),
        ("#\u0410\u043a\u043c\u0435Employee", ("\u0430\u043a\u043c\u0435",)),
        ("#\u30a2\u30af\u30e1\u793e\u54e1", ("\u30a2\u30af\u30e1",)),
        ("Ich arbeite bei M\u00fcller", ("m\u00fcller",)),
        ("#employee", ()),
        ("#ProudPartner", ()),
        ("", ()),
    ],
)
def test_it_finds_who_is_named(disclosure: str, expected: tuple[str, ...]) -> None:
    assert employer_words(disclosure) == expected


@pytest.mark.parametrize(
    "generic",
    ["#employee", "#ee", "#EE1", "#spon", "#ad", "#sponsored", "#proudemployee", "#\u54e1\u5de5",
     "#IWork", "Opinions are my own", "my employer", "#2026", "I work here"],
)  # fmt: skip
def test_it_refuses_a_phrase_that_names_no_employer(generic: str) -> None:
    with pytest.raises(ValueError, match="name the employer"):
        check_disclosure(generic)


def test_it_tidies_a_good_phrase() -> None:
    assert check_disclosure("  I  work\u00a0at\tAcme\n") == "I work at Acme"


@pytest.mark.parametrize("empty", ["", "   ", "\n", "\u200b"])
def test_it_refuses_an_empty_phrase(empty: str) -> None:
    with pytest.raises(ValueError, match="write a disclosure"):
        check_disclosure(empty)


@pytest.mark.parametrize("lines", ["I work\nat Acme", "#Acme\r\n#AcmeEmployee", "A\u2028cme"])
def test_it_refuses_several_lines(lines: str) -> None:
    with pytest.raises(ValueError, match="on one line"):
        check_disclosure(lines)


def test_it_takes_60_characters_and_no_more() -> None:
    longest = "#Acme" + "e" * 55
    assert check_disclosure(longest) == longest
    with pytest.raises(ValueError, match=r"60 characters\. This one has 61"):
        check_disclosure(longest + "e")


@pytest.mark.parametrize(
    "text",
    [
        "We shipped it. #AcmeEmployee",
        "we shipped it #ACMEEMPLOYEE.",
        "\uff03AcmeEmployee",
        "I work at Acme and like it",
        "I\u2019m currently working on search at Acme",
        "We at Acme have news",
        "Here at Acme, we have news",
        "My employer, Acme, has news",
        "Acme is my employer",
        "Acme (my employer) has news",
        "Proud Acme employee sharing news",
        "News. Acme employee here",
        "(Acme employee)",
        "As an employee of Acme I may be biased",
        "I'm proudly employed by Acme",
        "My team at Acme built this",
        "As someone who works at Acme I may be biased",
        "News from my desk #AcmeStaff",
        "I work for @acme",
    ],
)
def test_a_reader_learns_it(text: str) -> None:
    assert discloses(text, TAG)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Acme is great",
        "Acme's customers work hard",
        "I love working with Acme",
        "At work I use Acme",
        "#AcmeEmployees2",
        "#AcmeEmployees are great",
        "not#AcmeEmployee",
        "https://acme.example/#AcmeEmployee",
        "I work at Acmeland",
        "I work at Acme-Rival",
        "I work for Acme's competitor",
        "I used to work at Acme",
        "I don't work at Acme",
        "I am not an Acme employee",
        "As a former Acme employee I know",
        "My former employer, Acme",
        "I met an Acme employee",
        "Great Acme employee discounts",
        "My friend at Acme likes it",
        "My previous job at Acme taught me this",
        "My dream job at Acme",
        "As a retired Acme employee I know",
        "As any Acme employee knows",
        "An Acme employee, Jane Doe, tells how",
        "Acme employee: a day in the life",
        "As someone who works at Acme told me",
        "I work for Acme customers",
        "I wish I work for Acme",
        "Do I work at Acme? No.",
        "I'm hardly an Acme employee",
        "#employee",
    ],
)
def test_a_reader_does_not_learn_it(text: str) -> None:
    assert not discloses(text, TAG)


def test_a_name_of_several_words_must_be_there_in_full() -> None:
    tag = "#TheHomeDepotEmployee"
    assert discloses("I work at The Home Depot", tag)
    assert discloses("I work at HomeDepot", tag)
    assert not discloses("I work at home", tag)


def test_the_legal_form_may_be_left_out() -> None:
    assert discloses("I work at Acme", "Acme GmbH employee")


def test_a_name_in_another_script_is_recognised_in_any_case() -> None:
    tag = "#\u0410\u043a\u043c\u0435Employee"
    assert discloses("I work at \u0410\u041a\u041c\u0415", tag)
    assert discloses(
        "\u65b0\u88fd\u54c1 #\u30a2\u30af\u30e1\u793e\u54e1", "#\u30a2\u30af\u30e1\u793e\u54e1"
    )
    assert discloses("Ich arbeite bei STRASSE", "ich arbeite bei Stra\u00dfe")


def test_a_phrase_may_break_across_lines() -> None:
    assert discloses("Yes, I work\nat Acme", "I work at Acme")


def test_without_a_phrase_nothing_is_disclosed() -> None:
    assert not discloses("I work at Acme", "")
    assert not discloses("I work at Acme", "#employee")


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(words, words)
def test_a_phrase_added_after_a_space_always_discloses(text: str, phrase: str) -> None:
    try:
        disclosure = check_disclosure(phrase)
    except ValueError:
        return
    assert discloses(f"{text} {disclosure}", disclosure)
    assert check_disclosure(disclosure) == disclosure

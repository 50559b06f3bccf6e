"""Terms that a company keeps out of its posts are found, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain import avoided_terms
from bot.domain.drafting import Errors, Fields, check
from bot.domain.post import Network, PostKind
from bot.domain.sharing_policy import SharingPolicy

TERMS = ("world's first", "Project Falcon", "C++")
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The world's first of its kind", "world's first"),
        ("The World\u2019s\nFIRST of its kind", "world's first"),
        ("A world's-first", "world's first"),
        ("project  falcon, soon", "Project Falcon"),
        ("We like C++.", "C++"),
        ("The world's firstborn", None),
        ("Projects, falconry", None),
        ("", None),
    ],
)
def test_a_term_is_found_as_whole_words(text: str, found: str | None) -> None:
    assert avoided_terms.find(text, TERMS) == found


def test_terms_are_separated_by_commas_and_kept_once() -> None:
    assert avoided_terms.parse(" a  b, c ,,a b") == ("a b", "c")
    assert avoided_terms.parse("") == ()
    for wrong in ("x" * 61, ",".join(f"t{n}" for n in range(101))):
        with pytest.raises(ValueError, match="up to 100 terms"):
            avoided_terms.parse(wrong)


def test_each_field_that_has_one_says_which() -> None:
    fields = Fields(
        title="Project Falcon is here",
        link="https://acme.example/1",
        why="It is the world's first.",
        prompts="Who should know?\nWhat is new in project  falcon?",
        kind=PostKind.OWN_NEWS,
        topics="releases",
        wordings=((Network.X, "C++ at last"), (Network.X, "All is well")),
        not_before=None,
        expires_at=None,
    )
    policy = SharingPolicy(avoid=TERMS)
    found = check(fields, "#AcmeEmployee", NOW, sharing_policy=policy)
    assert isinstance(found, Errors)
    assert found.by_field == {
        "title": "Your company keeps “Project Falcon” out of posts. Please write it differently.",
        "why": "Your company keeps “world's first” out of posts. Please write it differently.",
        "prompts": "Your company keeps “Project Falcon” out of posts. Please write it differently.",
        "x:0": "Your company keeps “C++” out of posts. Please write it differently.",
    }
    assert not isinstance(check(fields, "#AcmeEmployee", NOW), Errors)

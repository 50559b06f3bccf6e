"""Where links stand in a text, against what X has published, and against Bluesky's own rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import links

CASES = json.loads(
    (Path(__file__).parent.parent / "data" / "x_links.json").read_text(encoding="utf-8")
)["cases"]


def text_of(case: dict[str, Any]) -> str:
    """The pieces of a case, joined."""
    return "".join(one if isinstance(one, str) else one[0] * one[1] for one in case["text"])


def found_on_x(text: str) -> list[str]:
    return [text[link.start : link.end] for link in links.on_x(text)]


@pytest.mark.parametrize("case", CASES, ids=[text_of(case)[:40] for case in CASES])
def test_x_finds_the_links_that_it_has_published(case: dict[str, Any]) -> None:
    text = text_of(case)
    assert found_on_x(text) == case["links"]
    starts = [link.start for link in links.on_x(text)]
    assert starts == case.get("starts", starts)


def test_x_finds_a_bare_host_under_every_ending_that_exists() -> None:
    missed = [ending for ending in links.ENDINGS if found_on_x(f"a acme.{ending} b") == []]
    assert missed == []
    assert len(links.ENDINGS) > 1400


@pytest.mark.parametrize(
    "text",
    [
        "http://twitter_underscore.com",
        "http://trailingdash-.twitter.com",
        "http://acme.newending/news",
        "http://t.co/" + "a" * 41,
        "http://" + "a" * 64 + ".com",
        "jo@acme.com",
        "tar.bz2",
    ],
)
def test_x_takes_no_other_text_for_a_link(text: str) -> None:
    assert found_on_x(text) == []


def test_a_link_of_4096_characters_is_the_longest_on_x() -> None:
    link = "https://acme.com/" + "a" * (4096 - 8 - len("https://acme.com/"))
    assert found_on_x(link) == [link]
    assert found_on_x(link + "a" * 9) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.de", ["https://a.de"]),
        ("(https://a.de)", ["https://a.de"]),
        ("(https://a.de/(b))", ["https://a.de/(b))"]),
        ("See https://a.de/b, please", ["https://a.de/b"]),
        ("a\nHTTPS://a.de/b?!", ["HTTPS://a.de/b?"]),
        ("\u201chttps://a.de\u201d", []),
        ("https://a.de/\U0001f448", ["https://a.de/\U0001f448"]),
        ("acme.com/b", []),
    ],
)
def test_bluesky_finds_links_at_the_start_of_a_word(text: str, found: list[str]) -> None:
    assert [text[link.start : link.end] for link in links.on_bluesky(text)] == found


@given(st.text(alphabet="a.-_/:@#(?=,\u00e9\u3042 htps", max_size=120))
def test_links_stand_in_order_and_apart(tangle: str) -> None:
    ends = 0
    for link in links.on_x(f"https://acme.com {tangle}"):
        assert ends <= link.start < link.end
        ends = link.end

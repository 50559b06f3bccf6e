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
        "$foo.co.jp",
        "a .co.uk",
        "http://acme.bl\u0131og",
    ],
)
def test_x_takes_no_other_text_for_a_link(text: str) -> None:
    assert found_on_x(text) == []


@pytest.mark.parametrize(  # as twitter-text 3.1 does
    ("text", "found"),
    [
        ("\u201cxn--ls8h.la\u201cxn--ls8h.la", ["xn--ls8h.la", "xn--ls8h.la"]),
        ("sub_domain.acme.com", ["domain.acme.com"]),
        ("a.de?amp=1\u0130.com", ["a.de"]),
        ("https://a.de/?a=1\u0130.com", ["https://a.de/?a=1"]),
        ("1\ufe0f\u20e3https://acme.com", ["https://acme.com"]),
        ("\U0001f449.co.uk", ["co.uk"]),
        ("http://a.com/x_(a_(b))/", ["http://a.com/x_(a_(b))/"]),
        ("http://a.com/x(a)(b)", ["http://a.com/x(a)(b)"]),
        ("http://a.com/x,(see)", ["http://a.com/x"]),
        ("acme.com:80/a acme.com:80", ["acme.com:80/a", "acme.com"]),
    ],
)
def test_x_finds_links_in_tangles(text: str, found: list[str]) -> None:
    assert found_on_x(text) == found


def test_mastodon_finds_a_link_with_a_scheme_inside_a_bare_one() -> None:
    text = "a.de/https://acme.com and acme.com"
    assert [text[link.start : link.end] for link in links.on_mastodon(text)] == ["https://acme.com"]


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
        ("a\nhttps://a.de/b?!", ["https://a.de/b?"]),
        ("HTTPS://a.de/b", []),
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

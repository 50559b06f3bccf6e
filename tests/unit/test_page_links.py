"""The link to a page is found in every spelling and among any neighbours, and shared once."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.composers import Share
from bot.domain.networks import composer, full_text
from bot.domain.page_links import contains_link, replace_link, split_closing_link
from bot.domain.post import Network

LINK = "https://acme.example/news/1"
TAG = "#AcmeEmployee"

# Where a link ends follows twitter-text: none of these can go on a path there.
NEIGHBOURS = {
    "pointing hands": "\U0001f449{}\U0001f448",
    "German quotation marks": "\u201e{}\u201c",
    "French quotation marks": "\u00ab{}\u00bb",
    "single ones": "\u203a{}\u2039",
    "the other way round": "\u2039{}\u203a",
    "straight quotation marks": '"{}"',
    "Thai directly after it": "\u0e14\u0e39{}\u0e04\u0e48\u0e30",
    "Arabic directly after it": "{}\u0645\u0631\u062d\u0628\u0627",
    "Hebrew directly after it": "{}\u05e9\u05dc\u05d5\u05dd",
    "Hindi directly after it": "{}\u0926\u0947\u0916\u0947\u0902",
    "Chinese directly after it": "\u89c1{}\u65b0\u95fb",
    "an Arabic comma": "{}\u060c",
    "a danda": "{}\u0964",
    "a bullet": "{}\u2022",
    "a trade mark": "{}\u2122",
    "a zero-width space": "\u200b{}\u200b",
    "a word joiner": "\u2060{}\u2060",
    "an ellipsis": "{}\u2026",
    "a stop": "{}.",
    "a stop and a question mark": "{}.?",
    "brackets": "({})",
    "square brackets": "[{}]",
    "a typed apostrophe": "{}\u2019s page",
    "a no-break space": "a\u00a0{}\u00a0b",
    "an equals sign before it": "Read={}",
}
SPELLINGS = {  # one page in two spellings
    "with a closing slash": (LINK, f"{LINK}/"),
    "without the closing slash": (f"{LINK}/", LINK),
    "a host alone": ("https://acme.example", "https://acme.example/"),
    "a slash before the query": ("https://acme.example?a=1", "https://acme.example/?a=1"),
    "http": (LINK, LINK.replace("https", "http")),
    "https": (LINK.replace("https", "http"), LINK),
    "capitals in the host": (LINK, "HTTPS://Acme.Example/news/1"),
    "the usual port": (LINK, "https://acme.example:443/news/1"),
    "punycode": ("https://m\u00fcnchen.example/a", "https://xn--mnchen-3ya.example/a"),
    "from punycode": ("https://xn--mnchen-3ya.example/a", "https://M\u00dcNCHEN.example/a"),
    "percent-encoded": ("https://acme.example/\u00fcber", "https://acme.example/%C3%BCber"),
    "from percent-encoded": ("https://acme.example/%c3%bcber", "https://acme.example/\u00fcber"),
    "small hexadecimal letters": ("https://acme.example/%2Fa", "https://acme.example/%2fa"),
    "a mark that needs no encoding": ("https://acme.example/a%7Eb", "https://acme.example/a~b"),
    "encoded brackets": ("https://acme.example/a_(b)", "https://acme.example/a_%28b%29"),
    "encoded in the query": ("https://acme.example/?q=\u00fc", "https://acme.example/?q=%C3%BC"),
}
OTHERS = {  # another page than LINK
    "a longer number": f"{LINK}2",
    "a page below": f"{LINK}/more",
    "a file": f"{LINK}.html",
    "a hyphen": f"{LINK}-2",
    "an accented letter": f"{LINK}\u00e9",
    "a Cyrillic letter": f"{LINK}\u0436",
    "brackets": f"{LINK}_(film)",
    "a query": f"{LINK}?page=2",
    "capitals in the path": "https://acme.example/News/1",
    "another host": "https://news.acme.example/news/1",
    "a host that goes on": "https://acme.example.org/news/1",
    "another port": "https://acme.example:8443/news/1",
    "inside another link": f"https://r.example/?to={LINK}",
    "inside a path": f"https://web.example/2026/{LINK}",
    "after a letter": f"see{LINK}",
    "after a number sign": f"#{LINK}",
}


@pytest.mark.parametrize("around", NEIGHBOURS.values(), ids=NEIGHBOURS)
@pytest.mark.parametrize("link", [LINK, "https://acme.example", "https://acme.example/?a=1"])
def test_a_link_ends_where_networks_see_its_end(link: str, around: str) -> None:
    text = around.format(link)
    assert full_text(Network.BLUESKY, text, "", link) == text
    assert replace_link(text, link, "LINK") == around.format("LINK")


@pytest.mark.parametrize(("link", "spelt"), SPELLINGS.values(), ids=SPELLINGS)
def test_the_same_page_is_shared_once_however_it_is_spelt(link: str, spelt: str) -> None:
    text = f"Our news, \u201e{spelt}\u201c, is out."
    assert full_text(Network.LINKEDIN, text, "", link) == text
    assert replace_link(text, link, "LINK") == "Our news, \u201eLINK\u201c, is out."
    assert split_closing_link(f"See {spelt}", link) == ("See ", spelt)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_page_is_not_the_page(other: str) -> None:
    text = f"See {other}"
    assert not contains_link(text, LINK)
    assert full_text(Network.LINKEDIN, text, "", LINK) == f"{text}\n\n{LINK}"


def test_a_link_that_goes_on_as_its_host_alone_would_is_another() -> None:
    for other in ("https://acme.example.org", "https://acme.example:80a", "https://acme.example/a"):
        assert not contains_link(f"See {other}", "https://acme.example"), other
    for other in ("https://acme.example?b=2", "https://acme.example/?b=2"):
        assert not contains_link(f"See {other}", "https://acme.example"), other


def test_the_disclosure_stands_before_a_link_in_any_spelling() -> None:
    text = full_text(Network.LINKEDIN, "Out now: http://acme.example/news/1/", TAG, LINK)
    assert text == f"Out now: {TAG} http://acme.example/news/1/"


def test_every_spelling_gets_the_tags() -> None:
    tagged = f"{LINK}?utm_source=x"
    text = f"\U0001f449http://acme.example/news/1/\U0001f448 and {LINK}"
    assert full_text(Network.X, text, "", LINK, tagged=tagged) == (
        f"\U0001f449{tagged}\U0001f448 and {tagged}"
    )


def test_telegram_gets_a_closing_link_once_in_any_spelling() -> None:
    share = Share("Out now\n\nhttp://acme.example/news/1/", LINK)
    assert composer(Network.TELEGRAM, share).url.endswith("&text=Out%20now")


# What can go on a path, and what keeps a link from starting, both from twitter-text.
GOES_ON = regex.compile(
    r"[A-Za-z0-9!*';:=+,.$/%#\[\]\u2013_~@|&?(\u0400-\u04ff\u00c0-\u024f\u0253\u0254\u0256\u0257"
    r"\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff-]"
)
NO_START = regex.compile(r"[A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff]")
characters = st.characters(exclude_categories=["Cs"])
befores = characters.filter(lambda one: NO_START.match(one) is None)
afters = characters.filter(lambda one: GOES_ON.match(one) is None)
closings = st.text("!*';:,.$%[]~@|&)", max_size=4)
spelt_links = st.sampled_from(
    [LINK, f"{LINK}/", "https://m\u00fcnchen.example/%C3%BC", "http://acme.example/a_(b)"]
)


@given(spelt_links, st.text(max_size=12), befores, closings, afters, st.text(max_size=12))
def test_a_link_is_found_among_any_neighbours(
    link: str, start: str, before: str, closing: str, after: str, end: str
) -> None:
    assume("http" not in start + end)
    text = f"{start}{before}{link}{closing}{after}{end}"
    assert contains_link(text, link)
    assert replace_link(text, link, "") == f"{start}{before}{closing}{after}{end}"


@given(spelt_links, st.text(max_size=8), befores, afters, st.text(max_size=8))
def test_a_page_is_shared_once_among_any_neighbours(
    link: str, start: str, before: str, after: str, end: str
) -> None:
    text = f"a{start}{before}{link}{after}{end}z"
    assume("http" not in start + end and unicodedata.is_normalized("NFC", text))
    for network in (Network.X, Network.LINKEDIN, Network.BLUESKY):
        assert full_text(network, text, "", link) == text

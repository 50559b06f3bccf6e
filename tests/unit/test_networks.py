"""Lengths as the networks count them, and composer addresses that say exactly what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.networks import DEFAULT_NETWORKS, fits, full_text, length, limit, name, parse
from bot.domain.post import Network

LINK = "https://acme.example/news/1"
ELEVEN = "xxxxxxxxxx-"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
MASK = "\U0001f637"
KANA = "\u3042\u3044\u3046\u3048\u304a\u304b\u304d\u304f\u3051\u3053"
SPACES = "".join(chr(code) for code in range(0x2000, 0x200C))
DASHES = " ".join(chr(code) for code in range(0x2010, 0x2018))
QUOTES = " ".join(chr(code) for code in range(0x2018, 0x2020))
PRIMES = " ".join(chr(code) for code in range(0x2032, 0x2038))
LONG_HOST = "verylonghost" * 60

# No surrogates: they exist in no text that Slack can send. No carriage returns: form fields
# arrive with line feeds, and a pair of the two is one grapheme.
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
links = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), max_size=40).map(
    lambda tail: f"https://acme.example/{tail}"
)

# The facts of twitter-text's public conformance cases for weighted counting.
WEIGHTED = {
    "a link after a word": ("Hi http://test.co", 26),
    "nothing but a link": ("http://test.co", 23),
    "plain letters": (ELEVEN * 26, 286),
    "a link amid letters": (f"285 chars- http://www.twitter.com/jack {ELEVEN * 24}", 299),
    "a link near the end, and a space": (ELEVEN * 24 + " http://www.twitter.com/jack ", 289),
    "ten links": ("https://www.twitter.com/aloha " * 10, 240),
    "Chinese letters": ("\u6545" * 160, 320),
    "Latin and Chinese letters": ("the" + "\u6545" * 160, 323),
    "Chinese punctuation": ("\uff0c\u3002" * 5, 20),
    "emoji of one code point": (MASK * 160, 320),
    "emoji of several kinds": ("\U0001f637\U0001f47e\U0001f621\U0001f525\U0001f4a9", 10),
    "a letter with a combining accent": ("A\u0301B", 2),
    "a Hebrew letter that composition takes apart": ("A\ufb2c", 4),
    "a composed letter near the limit": (ELEVEN * 25 + "xxxxA\u0301x", 281),
    "a letter, a cat, a smile, a family": (f"H\U0001f431\u263a{FAMILY}", 7),
    "a skin tone and a profession": ("\U0001f64b\U0001f3fd\U0001f468\u200d\U0001f3a4", 4),
    "140 families fill a post": (FAMILY * 140, 280),
    "a keycap": ("1\u20e3", 2),
    "a head scarf with a skin tone": ("\U0001f9d5; \U0001f9d5\U0001f3fe", 6),
    "the flag of England": (
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        2,
    ),
    "a dancer with a skin tone": ("\U0001f483; \U0001f483\U0001f3fe", 6),
    "general punctuation of weight one": (
        SPACES + DASHES + QUOTES + PRIMES,
        12 + 15 + 15 + 11,
    ),
    "joiners that join nothing": ("\u200c\u200d", 2),
    "labels too long for a host name": (
        f"https://{LONG_HOST}.com/foo https://validurl.com",
        8 + len(LONG_HOST) + 8 + 1 + 23,
    ),
    "a bare host with a label of 64": ("a" * 64 + ".com", 68),
    "a Japanese label that encodes to more than 63": (
        "\u3042" * 120 + " http://" + KANA * 5 + KANA[:3] + ".com",
        358,
    ),
    "a Japanese label that encodes to 63 at most": (
        "\u3042" * 120 + " http://" + KANA * 5 + KANA[:2] + ".com",
        264,
    ),
    "marks of direction and noncharacters": ("ABC\u202a\uffffABC\ufffe", 12),
    "marks of direction around an Arabic ending": (
        "\u2066\u202ahttp://foobar.\u067e\u0627\u06a9\u0633\u062a\u0627\u0646/\u202c\u2069",
        31,
    ),
}

# Our own: what is a link, and where it ends.
LINKS = {
    "a bare host": ("acme.com", 23),
    "a bare host under a country": ("see foo.co.jp now", 31),
    "a bare host with a path and a query": ("example.com/path/to?search=foo&lang=en", 23),
    "a stop after a link": ("Read https://acme.com/a.", 29),
    "a link in brackets": ("(https://acme.com/a_(b))", 25),
    "a query that ends with a question mark": ("https://acme.com/?a=1?", 24),
    "Chinese right after a link": ("https://acme.com\u3092", 25),
    "Chinese right before a bare host": ("\u898bacme.com", 25),
    "an ending that no list knows, which X takes for no link": ("https://acme.newending/x", 24),
    "capitals": ("HTTPS://ACME.COM/Index.html", 23),
    "a port": ("http://acme.com:8080/login", 23),
    "a library that is no host": ("Node.js", 7),
    "a missing space after a stop": ("Done.Then", 9),
    "a missing space before the name of an ending": ("Done.Next", 23),
    "an e-mail address": ("jo@acme.com", 11),
    "a host in a hashtag": ("#acme.com", 9),
    "a scheme alone": ("https://", 8),
    "a host without an ending": ("http://localhost/", 17),
    "the copyright sign as text and as emoji": ("\u00a9\u00a9\ufe0f", 3),
    "the flag of Germany": ("\U0001f1e9\U0001f1ea", 2),
    "a heart with a selector": ("\u2764\ufe0f", 2),
}


@pytest.mark.parametrize(("post", "expected"), WEIGHTED.values(), ids=WEIGHTED)
def test_x_counts_as_its_published_cases_say(post: str, expected: int) -> None:
    assert length(Network.X, post) == expected
    assert fits(Network.X, post) is (expected <= 280)


@pytest.mark.parametrize(("post", "expected"), LINKS.values(), ids=LINKS)
def test_x_counts_every_link_as_23(post: str, expected: int) -> None:
    assert length(Network.X, post) == expected


def test_bluesky_counts_what_a_reader_sees_as_one_character() -> None:
    assert length(Network.BLUESKY, f"e\u0301{FAMILY}a") == 3


def test_linkedin_counts_utf16_units() -> None:
    assert length(Network.LINKEDIN, FAMILY) == 11


def test_mastodon_counts_graphemes_and_every_full_link_as_23() -> None:
    assert length(Network.MASTODON, FAMILY) == 1
    assert length(Network.MASTODON, f"See {LINK}?a={'b' * 90} now") == 4 + 23 + 4
    assert length(Network.MASTODON, "acme.com") == 8, "a bare host stays as it is"


LIMITS = {
    Network.LINKEDIN: ("LinkedIn", 3000),
    Network.X: ("X", 280),
    Network.FACEBOOK: ("Facebook", 63_206),
    Network.THREADS: ("Threads", 500),
    Network.BLUESKY: ("Bluesky", 300),
    Network.MASTODON: ("Mastodon", 500),
    Network.WHATSAPP: ("WhatsApp", None),
    Network.TELEGRAM: ("Telegram", None),
    Network.EMAIL: ("email", None),
}


@pytest.mark.parametrize("network", Network)
def test_a_post_of_exactly_the_limit_fits(network: Network) -> None:
    longest = limit(network)
    assert (name(network), longest) == LIMITS[network]
    assert fits(network, "a" * (longest or 70_000))
    assert longest is None or not fits(network, "a" * (longest + 1))


def test_private_conversations_are_not_among_the_usual_networks() -> None:
    private = {Network.WHATSAPP, Network.TELEGRAM, Network.EMAIL}
    assert set(DEFAULT_NETWORKS) == set(Network) - private


@pytest.mark.parametrize("typed", ["x, linkedin", " LinkedIn,,X,x "])
def test_networks_are_read_from_a_list_in_the_order_in_which_they_are_offered(typed: str) -> None:
    assert parse(typed) == (Network.LINKEDIN, Network.X)


@pytest.mark.parametrize("typed", ["", ",", "myspace", "x;linkedin", "x,myspace"])
def test_a_list_with_an_unknown_network_or_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="It takes one or more of linkedin, x, facebook"):
        parse(typed)


@given(st.sampled_from(Network), text, text)
def test_two_lines_are_as_long_as_both_and_the_break(network: Network, a: str, b: str) -> None:
    assert length(network, f"{a}\n{b}") == length(network, a) + 1 + length(network, b)


@given(st.text(alphabet="a.-_/:@#(?=,\u00e9\u3042", max_size=200))
def test_x_never_counts_more_than_two_a_character_and_23_a_bare_host(tangle: str) -> None:
    assert 0 <= length(Network.X, tangle) <= 2 * len(tangle)
    assert length(Network.X, f"acme.com {tangle}") == 24 + length(Network.X, tangle)


@pytest.mark.parametrize("network", Network)
def test_the_full_text_adds_disclosure_and_link(network: Network) -> None:
    gap = " " if network is Network.X else "\n\n"  # X itself joins the two with one space
    assert full_text(network, " We shipped it. ", "#AcmeEmployee", LINK) == (
        f"We shipped it. #AcmeEmployee{gap}{LINK}"
    )


def test_the_full_text_repeats_neither_disclosure_nor_link() -> None:
    wording = f"I work at Acme, and {LINK}, which we wrote, explains it."
    assert full_text(Network.X, wording, "#AcmeEmployee", LINK) == wording


def test_another_link_can_be_shared_in_the_place_of_the_posts_own() -> None:
    tagged = f"{LINK}?utm_source=x"
    assert full_text(Network.BLUESKY, f"See {LINK}.", "", LINK, tagged=tagged) == f"See {tagged}."
    assert full_text(Network.BLUESKY, "See", "", LINK, tagged=tagged) == f"See\n\n{tagged}"
    assert full_text(Network.BLUESKY, f"See {tagged}", "", LINK, tagged=tagged) == f"See {tagged}"


def test_a_longer_link_is_not_the_link() -> None:
    for other in (f"{LINK}2", f"{LINK}/more", f"{LINK}.html", f"https://r.example/?to={LINK}"):
        assert full_text(Network.X, f"See {other}", "", LINK).endswith(f" {LINK}")


@given(st.sampled_from(Network), text, links)
def test_completing_a_full_text_changes_nothing(network: Network, wording: str, link: str) -> None:
    once = full_text(network, wording, "#AcmeEmployee", link)
    assert full_text(network, once, "#AcmeEmployee", link) == once

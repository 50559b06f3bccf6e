"""A member's own server: whatever they type, the composer leads to a public host and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.domain.composers import Share
from bot.domain.hosts import public_host
from bot.domain.networks import composer
from bot.domain.post import Network


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.social", "mastodon.social"),
        (" Mastodon.Social. ", "mastodon.social"),
        ("@amara@hachyderm.io", "hachyderm.io"),
        ("amara@hachyderm.io", "hachyderm.io"),
        ("https://fosstodon.org/@amara", "fosstodon.org"),
        ("HTTP://fosstodon.org", "fosstodon.org"),
        ("münchen.social", "xn--mnchen-3ya.social"),
        ("social.xn--p1ai", "social.xn--p1ai"),
    ],
)
def test_a_server_can_be_named_in_several_ways(typed: str, host: str) -> None:
    assert public_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "mastodon",
        "localhost",
        "intranet.local",
        "server.internal",
        "printer.lan",
        "shop.example",
        "hidden.onion",
        "127.0.0.1",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "mastodon.social:8443",
        "mastodon.social?x=1",
        "mastodon.social#x",
        "-bad.social",
        "bad-.social",
        "a..social",
        "two words.social",
        "javascript:alert(1)",
        "mastodon.social\\@evil.org ",
        f"{'a' * 64}.social",
        "a." * 130 + "social",
        "x" * 301,
        "mastodon.social%2f.evil.org",
        "<mastodon.social>",
        "stra\u00dfe.social",  # the standard library would lead to another party's server
        "\u03b2\u03cc\u03bb\u03bf\u03c2.social",
        "na\u200dme.social",
    ],
)
def test_anything_else_is_refused_with_a_sentence(typed: str) -> None:
    if typed == "mastodon.social\\@evil.org ":
        assert public_host(typed) == "evil.org", "as a browser reads it: what follows the last @"
        return
    with pytest.raises(ValueError, match="Please give your server's name"):
        public_host(typed)


@given(st.text(max_size=60) | st.text(alphabet="a1.-@:/\\#?%[]xn ", max_size=40))
def test_the_composer_lies_on_the_host_that_was_accepted(typed: str) -> None:
    try:
        host = public_host(typed)
    except ValueError:
        return
    opened = URL(composer(Network.MASTODON, Share("A text", "", instance=host)).url, encoded=True)
    assert (opened.scheme, opened.raw_host, opened.path) == ("https", host, "/share")
    assert opened.query["text"] == "A text"

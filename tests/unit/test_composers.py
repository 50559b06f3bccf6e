"""Composer addresses, read back by an independent library, say exactly what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.domain.composers import Share
from bot.domain.networks import MAX_URL, composer, fits, full_text, takes_text
from bot.domain.post import Network

TAG = "#AcmeEmployee"
LINK = "https://acme.example/news/1"
SERVER = "mastodon.social"
POSTS = json.loads((Path(__file__).parents[1] / "data" / "blog_posts.json").read_text("utf-8"))
WITH_TEXT = [network for network in Network if takes_text(network)]
EMPTY = {
    Network.LINKEDIN: "https://www.linkedin.com/feed/?shareActive=true",
    Network.X: "https://x.com/intent/tweet",
    Network.FACEBOOK: "https://www.facebook.com/",
    Network.THREADS: "https://www.threads.com/intent/post",
    Network.BLUESKY: "https://bsky.app/intent/compose",
    Network.MASTODON: "https://mastodon.social/share",
    Network.WHATSAPP: "https://wa.me/",
    Network.TELEGRAM: "https://t.me/share/url",
    Network.EMAIL: "mailto:",
}

# No surrogates: they exist in no text that Slack can send. No carriage returns: form fields
# arrive with line feeds.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=120)
links = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), max_size=40).map(
    lambda tail: f"https://acme.example/{tail}"
)


def opened(network: Network, text: str, link: str, longest: int = 10**6) -> dict[str, str]:
    """What the composer begins with, as the network reads it from the address."""
    found = composer(network, Share(text, link, "A title", SERVER), longest)
    assert found.carries_text is takes_text(network)
    query = URL(found.url, encoded=True).query
    assert len(query) == len(set(query)), "each parameter comes once"
    assert URL(found.url, encoded=True).raw_fragment == ""
    return dict(query)


def shown(network: Network, text: str, link: str, longest: int = 10**6) -> str:
    """The text in the composer, with the link where the network puts it."""
    found = opened(network, text, link, longest)
    match network:
        case Network.X:
            return " ".join(found[name] for name in ("text", "url") if name in found)
        case Network.THREADS | Network.TELEGRAM:
            return "\n\n".join(found[name] for name in ("text", "url") if found.get(name))
        case Network.EMAIL:
            assert found["subject"] == "A title"
            return found["body"].replace("\r\n", "\n")
        case _:
            return found["text"]


@pytest.mark.parametrize("post", POSTS["posts"], ids=lambda post: post["title"][:30])
@pytest.mark.parametrize("network", Network)
def test_every_real_post_opens_as_it_is_meant(network: Network, post: dict[str, str]) -> None:
    words = f"{post['title']}: {post['summary']}"
    text = full_text(network, words, TAG, post["link"])
    if not fits(network, text):
        text = full_text(network, post["title"], TAG, post["link"])
    assert fits(network, text)
    if not takes_text(network):
        assert opened(network, text, post["link"], MAX_URL) == {"u": post["link"]}
    else:
        assert shown(network, text, post["link"], MAX_URL) == text


@given(st.sampled_from(WITH_TEXT), texts, links)
def test_the_address_decodes_to_exactly_text_and_link(
    network: Network, wording: str, link: str
) -> None:
    text = full_text(network, wording, TAG, link)
    if network is Network.TELEGRAM:  # which wants the link in any case, and puts it first
        assert opened(network, text, link)["url"] == link
        assert opened(network, text, link)["text"] == text.removesuffix(link).rstrip()
    else:
        assert shown(network, text, link) == text


@given(links)
def test_facebook_gets_exactly_the_link(link: str) -> None:
    assert opened(Network.FACEBOOK, f"Any words {link}", link) == {"u": link}


@pytest.mark.parametrize("network", [Network.X, Network.THREADS])
def test_a_link_inside_the_text_comes_once(network: Network) -> None:
    text = f"Our news, {LINK}, is out. {TAG}"
    assert opened(network, text, LINK) == {"text": text}


@pytest.mark.parametrize(
    "after", [*"\u2026\u2014>*\uff01\u300d", "\u306b\u8a73\u3057\u304f", "\u300d\u3001\u65b0"]
)
def test_a_link_is_found_whatever_closes_it(after: str) -> None:
    text = f"Our news: {LINK}{after}"
    assert full_text(Network.LINKEDIN, text, "", LINK) == text


def test_a_longer_link_is_another_one() -> None:
    for longer in (f"{LINK}/more", f"{LINK}-2", f"{LINK}\u00e9"):
        assert full_text(Network.LINKEDIN, longer, "", LINK) == f"{longer}\n\n{LINK}"


def test_nothing_of_a_text_can_become_a_parameter_of_its_own() -> None:
    words = "Q&A: 100% = done? #AcmeEmployee +1 ü/あ ?url=evil&text=more#end"
    for network in WITH_TEXT:
        text = full_text(network, words, TAG, LINK)
        assert shown(network, text, LINK) == text


@pytest.mark.parametrize("network", Network)
def test_a_text_too_long_for_an_address_leaves_the_link(network: Network) -> None:
    found = composer(network, Share("あ" * 400 + f" {LINK}", LINK, "T", SERVER))
    assert not found.carries_text
    assert LINK in URL(found.url, encoded=True).query.values()
    assert "あ" not in str(URL(found.url, encoded=True).query)


@given(st.sampled_from(Network), texts, links, st.integers(min_value=60, max_value=3000))
def test_no_address_is_longer_than_allowed(
    network: Network, post: str, link: str, longest: int
) -> None:
    assert len(composer(network, Share(post, link, instance=SERVER), longest).url) <= longest


@pytest.mark.parametrize("network", Network)
def test_a_link_too_long_for_any_address_opens_an_empty_composer(network: Network) -> None:
    link = "https://acme.example/" + "あ" * 400
    assert composer(network, Share(link, link, instance=SERVER)).url == EMPTY[network]

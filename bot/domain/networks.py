"""What each network takes: its limit, unit, what a link costs, and what its composer carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.domain import composers, counting
from bot.domain.composers import Addresses, Share
from bot.domain.disclosure import discloses
from bot.domain.page_links import contains_link, replace_link, split_closing_link
from bot.domain.post import Network

MAX_URL: Final = 3000  # Slack's limit for the address of a button, in characters


@dataclass(frozen=True, slots=True)
class Composer:
    """Where a share opens. Without `carries_text` the person pastes the text there."""

    url: str
    carries_text: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How long a post may be: `limit` in `unit`, after `links` put each link as it counts.

    `limit` is None where none is known. `about` says that the network's own pages differ on how
    it counts; then the strictest way stands here.
    """

    limit: int | None
    unit: Callable[[str], int]
    links: Callable[[str], str] = counting.links_in_full
    about: bool = False

    def of(self, text: str) -> int:
        """The length of `text` in the network's unit."""
        return self.unit(self.links(text))


@dataclass(frozen=True, slots=True)
class Entry:
    """One network: the name people read, how long a post may be, and its composer.

    `takes_text` says whether the composer can be given a text at all, `own_server` whether it lies
    on a server that only the member knows. `gap` stands between the words and the link where the
    network, or the text, puts it at the end.
    """

    name: str
    length: Length
    addresses: Callable[[Share], Addresses]
    takes_text: bool = True
    own_server: bool = False
    gap: str = "\n\n"


_UNKNOWN: Final = Length(None, counting.code_points)
NETWORKS: Final[dict[Network, Entry]] = {
    Network.LINKEDIN: Entry(
        "LinkedIn",
        # Limit: LinkedIn's help. Unit: developers.buffer.com, "character limits". A link is as long
        # as it is.
        Length(3000, counting.utf16_units),
        composers.linkedin,
    ),
    Network.X: Entry(
        # X itself puts the link after the text and one space.
        "X",
        # docs.x.com, "counting characters": weights after NFC, 23 for a link; which ones, says
        # github.com/twitter/twitter-text.
        Length(280, counting.weights, counting.x_links),
        composers.beside("https://x.com/intent/tweet", " "),
        gap=" ",
    ),
    Network.FACEBOOK: Entry(
        "Facebook",
        # Limit: Facebook's refusal of longer posts; its unit is not documented. A link is as long
        # as it is.
        Length(63_206, counting.code_points),
        composers.facebook,
        takes_text=False,
    ),
    Network.THREADS: Entry(
        "Threads",
        # Limit: developers.facebook.com, "Threads posts". Unit: said there of emoji, measured for
        # all text by a scheduler (github.com/gitroomhq/postiz-app, "count Threads post length in
        # UTF-8 bytes"); the composer may be milder. A link is as long as it is.
        Length(500, counting.utf8_bytes, about=True),
        composers.beside("https://www.threads.com/intent/post", "\n\n"),
    ),
    Network.BLUESKY: Entry(
        "Bluesky",
        # Limits: `maxGraphemes` and `maxLength` of app.bsky.feed.post. Links: host and 13
        # characters, github.com/bluesky-social/social-app, `rich-text-manip.ts`.
        Length(300, counting.graphemes_and_bytes, counting.bluesky_links),
        composers.inside("https://bsky.app/intent/compose"),
    ),
    Network.MASTODON: Entry(
        "Mastodon",
        # docs.joinmastodon.org, "posting": 500 (servers can allow more), 23 for a link
        # (`characters_reserved_per_url`), the local part of a mention. Unit: graphemes, in
        # `status_length_validator.rb`.
        Length(500, counting.graphemes, counting.mastodon_links),
        composers.mastodon,
        own_server=True,
    ),
    Network.WHATSAPP: Entry("WhatsApp", _UNKNOWN, composers.inside("https://wa.me/")),
    Network.TELEGRAM: Entry("Telegram", _UNKNOWN, composers.telegram),
    Network.EMAIL: Entry("email", _UNKNOWN, composers.email),
}

# The others are private conversations rather than an audience: an operator adds them on purpose.
DEFAULT_NETWORKS: Final = (
    Network.LINKEDIN,
    Network.X,
    Network.FACEBOOK,
    Network.THREADS,
    Network.BLUESKY,
    Network.MASTODON,
)


def parse(text: str) -> tuple[Network, ...]:
    """The networks in a list separated by commas, in the order in which they are offered.

    Raises:
        ValueError: With one sentence for people, for a name that is none or an empty list.
    """
    named = {name.strip().casefold() for name in text.split(",")} - {""}
    known = [network.value for network in Network]
    if not named or not named <= set(known):
        raise ValueError(f"It takes one or more of {', '.join(known)}, separated by commas.")
    return tuple(network for network in Network if network.value in named)


def name(network: Network) -> str:
    """The name that people read."""
    return NETWORKS[network].name


def limit(network: Network) -> int | None:
    """The longest post the network takes, in its own count (see `length`); None: not known."""
    return NETWORKS[network].length.limit


def about(network: Network) -> bool:
    """Whether a length is only about what the network counts, and rather more."""
    return NETWORKS[network].length.about


def takes_text(network: Network) -> bool:
    """Whether the network's composer can be given a text at all."""
    return NETWORKS[network].takes_text


def own_server(network: Network) -> bool:
    """Whether the composer lies on a server that the member has to name."""
    return NETWORKS[network].own_server


def length(network: Network, text: str) -> int:
    """How long `text` is as the network counts; see `counting`."""
    return NETWORKS[network].length.of(text)


def fits(network: Network, text: str) -> bool:
    """Whether the network takes a post of this length."""
    longest = limit(network)
    return longest is None or length(network, text) <= longest


def full_text(
    network: Network, wording: str, disclosure: str, link: str, *, tagged: str = ""
) -> str:
    """What the post will read: the wording, then whatever it lacks of disclosure and link.

    The disclosure follows the wording after a space unless the wording discloses already. The link
    stands last, after the network's own gap, unless the wording holds it in any spelling. `tagged`
    is shared in the place of `link` wherever that stands.
    """
    text, shared = wording.strip(), tagged or link
    if link and shared != link:
        text = replace_link(text, link, shared)
    if disclosure and not discloses(text, disclosure):
        # Before a link that ends the text: it belongs to the words.
        words, closing = split_closing_link(text, shared) if shared else (text, "")
        gap = words[len(words.rstrip()) :] or NETWORKS[network].gap
        end = f"{gap}{closing}" if closing else ""
        text = f"{words.rstrip()} {disclosure}{end}".strip()
    if shared and not contains_link(text, shared):
        text = f"{text}{NETWORKS[network].gap}{shared}".strip()
    return text


def composer(network: Network, share: Share, max_url: int = MAX_URL) -> Composer:
    """The address that opens the network's own composer; `max_url` is in characters.

    It is the first that is short enough: with text and link, with the link only, or an empty
    composer (a link of many non-Latin characters can grow past any limit).
    """
    entry = NETWORKS[network]
    full, link_only, empty = entry.addresses(share)
    if entry.takes_text and len(full) <= max_url:
        return Composer(full, carries_text=True)
    return Composer(link_only if len(link_only) <= max_url else empty, carries_text=False)

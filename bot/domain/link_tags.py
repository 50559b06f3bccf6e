"""Tags on links: which network a reader came from and through which post, never whose share it was.

A network that few members chose would name one of them, so it is not named.

The rest of a link stays as it is, byte for byte: existing parameters, their order and encoding,
fragments, names in other scripts.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

import regex

from bot.domain.ids import PostId
from bot.domain.post import Network

MEDIUM: Final = "employee_advocacy"
ANY_NETWORK: Final = "social"  # the source, where naming the network might name a person
_NAME: Final = regex.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")


# A signature covers the whole query, so that one more parameter makes the link invalid: Amazon S3
# and CloudFront, Google Cloud, Azure, Alibaba, Tencent, Akamai.
_SIGNED: Final = regex.compile(
    r"(?:.*[-_.])?signature|sig|hmac|hdnts|hdnea|hdntl|__token__|(?:q-)?sign", regex.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TagNames:
    """The names of the three parameters: where a reader came from, how, and through which post."""

    source: str = "utm_source"
    medium: str = "utm_medium"
    campaign: str = "utm_campaign"

    def values(self, source: str, post_id: PostId) -> tuple[tuple[str, str], ...]:
        """The parameters in the order in which they are added."""
        return (
            (self.source, source),
            (self.medium, MEDIUM),
            (self.campaign, campaign_of(post_id)),
        )


def campaign_of(post_id: PostId) -> str:
    """What links to the post's page carry as their campaign."""
    return f"post-{post_id}"


def parse(text: str) -> TagNames | None:
    """The names in a setting: three separated by commas, `on` for the usual, `off` for none.

    Raises:
        ValueError: With one sentence for people.
    """
    typed = text.strip()
    if typed.casefold() in ("off", "on"):
        return TagNames() if typed.casefold() == "on" else None
    names = [name.strip() for name in typed.split(",")]
    usable = all(_NAME.fullmatch(name) for name in names)
    if len(names) != 3 or len(set(names)) != 3 or not usable:
        raise ValueError(
            "It takes on, off, or three names of parameters, separated by commas, such as "
            "utm_source,utm_medium,utm_campaign."
        )
    return TagNames(*names)


def source_of(network: Network, named: Container[Network]) -> str:
    """What a tag says of the network: its name if it is among those that may be named."""
    return network.value if network in named else ANY_NETWORK


def is_signed(link: str) -> bool:
    """Whether the link carries a signature, so that nothing can be added to it (presigned)."""
    query = link.partition("#")[0].partition("?")[2]
    return any(
        value and _SIGNED.fullmatch(unquote_plus(name))
        for name, _, value in (part.partition("=") for part in query.split("&"))
    )


def tag(link: str, source: str, post_id: PostId, names: TagNames | None) -> str:
    """The link with our parameters, last in its query; those that it has already stay as they are.

    `source` is what `source_of` says. Without `names`, and to a signed link, nothing is added. An
    empty parameter stays too, so that taking ours away again leaves exactly what was there.
    """
    if names is None or not link or is_signed(link):
        return link
    base, mark, fragment = link.partition("#")
    path, asks, query = base.partition("?")
    there = {unquote_plus(part.partition("=")[0]) for part in query.split("&")}
    ours = [f"{name}={value}" for name, value in names.values(source, post_id) if name not in there]
    if not ours:
        return link
    return f"{path}?{query}{'&' if asks else ''}{'&'.join(ours)}{mark}{fragment}"

"""The addresses of the networks' own composers, best first.

Each function gives three: the first carries the text, the second the link alone, the third
nothing and is always short. Every parameter is percent-encoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bot.domain.page_links import contains_link, split_closing_link

Addresses = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """What is to be shared: the whole text with the link in it, the link, and what else is known.

    `title` serves networks that have a subject; `instance` is the member's own server.
    """

    text: str
    link: str
    title: str = ""
    instance: str = ""


def linkedin(share: Share) -> Addresses:
    """The address with text is not documented, and is of LinkedIn's site for computers only."""
    feed = "https://www.linkedin.com/feed/?shareActive=true"
    return f"{feed}&text={_encode(share.text)}", linkedin_for_phones(share.link), feed


def linkedin_for_phones(link: str) -> str:
    """The page that also opens on a phone, where the feed comes up without a composer.

    It takes only the link.
    """
    return f"https://www.linkedin.com/sharing/share-offsite/?url={_encode(link)}"


def facebook(share: Share) -> Addresses:
    """Only a link: Facebook takes no text from outside (`networks` knows that)."""
    page = f"https://www.facebook.com/sharer/sharer.php?u={_encode(share.link)}"
    return page, page, "https://www.facebook.com/"


def beside(intent: str, gap: str) -> Callable[[Share], Addresses]:
    """A composer that takes the link beside the text and puts it there after `gap`."""

    def addresses(share: Share) -> Addresses:
        link = _encode(share.link)
        words = share.text.removesuffix(gap + share.link) if share.link else share.text
        if words == share.text or contains_link(words, share.link) or words != words.rstrip():
            # The link stands inside the text, and must not come twice.
            full = f"{intent}?text={_encode(share.text)}"
        else:
            full = f"{intent}?text={_encode(words)}&url={link}"
        return full, f"{intent}?url={link}", intent

    return addresses


def inside(compose: str) -> Callable[[Share], Addresses]:
    """A composer without a parameter for the link: it travels as text."""

    def addresses(share: Share) -> Addresses:
        return (
            f"{compose}?text={_encode(share.text)}",
            f"{compose}?text={_encode(share.link)}",
            compose,
        )

    return addresses


def mastodon(share: Share) -> Addresses:
    """The composer of the member's own server, which `hosts.public_host` has checked."""
    return inside(f"https://{share.instance}/share")(share)


def telegram(share: Share) -> Addresses:
    """Telegram wants the link and puts it before the text; a link inside the text comes twice."""
    page = f"https://t.me/share/url?url={_encode(share.link)}"
    words = split_closing_link(share.text, share.link)[0].rstrip() if share.link else share.text
    return f"{page}&text={_encode(words)}", page, "https://t.me/share/url"


def email(share: Share) -> Addresses:
    """A message without an addressee; lines end as RFC 6068 wants them."""
    # Not verified on every client: whether Slack opens `mailto:` from a button. So email is off
    # unless an operator switches it on.
    subject = _encode(share.title)
    body = _encode(share.text.replace("\n", "\r\n"))
    return (
        f"mailto:?subject={subject}&body={body}",
        f"mailto:?subject={subject}&body={_encode(share.link)}",
        "mailto:",
    )


def _encode(value: str) -> str:
    return quote(value, safe="")

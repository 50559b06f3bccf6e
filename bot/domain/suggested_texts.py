"""The texts that a post begins with where nobody has written one: the title, where it fits."""

from __future__ import annotations

from bot.domain import networks
from bot.domain.ids import PostId
from bot.domain.post import Content, Network, Wording
from bot.domain.post_fields import MAX_TITLE, MAX_WHY
from bot.domain.sharing_policy import SharingPolicy

_UNKNOWN_POST = PostId(999_999)  # its number is counted in where links are tagged


def suggest_content(
    title: str, link: str, summary: str, sharing_policy: SharingPolicy, disclosure: str
) -> Content:
    """A draft about a page: on each network its title, with the link and the disclosure."""
    texts = (
        Wording(network, _fitting(title, network, link, sharing_policy, disclosure))
        for network in sharing_policy.networks
    )
    return Content(
        title=title[:MAX_TITLE],
        link=link,
        why=summary[:MAX_WHY],
        topics=(),
        wordings=tuple(text for text in texts if text.text),
        not_before=None,
        expires_at=None,
    )


def _fitting(
    title: str, network: Network, link: str, sharing_policy: SharingPolicy, disclosure: str
) -> str:
    """As many of the title's words as the network takes with all that is added to them."""

    def fits(text: str) -> bool:
        whole = sharing_policy.full_text(network, text, disclosure, link, _UNKNOWN_POST)
        return networks.fits(network, whole)

    text = title
    while text and not fits(text):
        words, _, last = text.removesuffix("…").rpartition(" ")
        # Some scripts write no spaces between words.
        shorter = words if words and len(last) < len(text) / 2 else text[: -max(2, len(text) // 20)]
        text = f"{shorter.rstrip()}…" if shorter.strip() else ""
    return text

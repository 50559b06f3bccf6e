"""The address of the company's own web analytics, where visits to a post's page are counted."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from bot.domain.ids import PostId
from bot.domain.link_tags import TagNames, campaign_of
from bot.domain.post_fields import link_error

CAMPAIGN: Final = "{campaign}"
_LONGEST: Final = 500  # characters
_TAKES: Final = (
    "It takes an address beginning with https:// in which {campaign} stands for a post, such as "
    "https://stats.example.com/visits?campaign={campaign}."
)


def parse(text: str) -> str:
    """The address as it is stored, or none; raises ValueError with one sentence for people."""
    address = text.strip()
    if not address:
        return ""
    filled = address.replace(CAMPAIGN, "post-1")
    usable = address.startswith("https://") and CAMPAIGN in address.partition("://")[2]
    host = address.partition("://")[2].partition("/")[0].partition("?")[0]
    plain = not any(sign in filled for sign in "{}") and CAMPAIGN not in host
    if not usable or not plain or len(address) > _LONGEST or link_error(filled) is not None:
        raise ValueError(_TAKES)
    return address


def link_to(address: str, post_id: PostId, tags: TagNames | None) -> str | None:
    """Where the visits to a post's page are counted; None where its links carry no tags."""
    if not address or tags is None:
        return None
    return address.replace(CAMPAIGN, quote(campaign_of(post_id), safe=""))

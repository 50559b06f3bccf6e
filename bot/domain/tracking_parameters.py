"""Parameters in a link that follow its reader and say nothing of the page."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote_plus

import regex

from bot.domain.link_tags import is_signed

# What newsletters, feeds and advertisers add: Google, Matomo and AT Internet, then the identifiers
# of clicks of Facebook, Google, Microsoft, X, LinkedIn, Instagram, TikTok, Yandex, Mailchimp and
# HubSpot.
_TRACKING: Final = regex.compile(
    r"(?:utm|pk|mtm|at|hsa)_.+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|li_fat_id"
    r"|igshid|igsh|ttclid|yclid|mc_[ce]id|_hsenc|_hsmi",
    regex.IGNORECASE,
)


def without_tracking(link: str) -> str:
    """The link without such parameters; the rest stays byte for byte, a signed link whole."""
    base, mark, fragment = link.partition("#")
    path, asks, query = base.partition("?")
    if not asks or is_signed(link):
        return link
    parts = query.split("&")
    left = [part for part in parts if not _TRACKING.fullmatch(unquote_plus(part.split("=")[0]))]
    if len(left) == len(parts):
        return link
    return f"{path}{'?' if left else ''}{'&'.join(left)}{mark}{fragment}"

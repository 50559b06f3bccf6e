"""The picture that a post is shown with: the author's own, else the page's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.domain.post import Post

# What Slack shows of pictures at an address.
_KINDS: Final = (".png", ".jpg", ".jpeg", ".gif")


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture lies, and what it shows in words: `alt` is never empty."""

    address: str
    alt: str


def can_be_shown(address: str) -> bool:
    """Whether Slack shows what lies there: a PNG, JPG or GIF, by the end of its path."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a draft's address may be none
        return False
    return parts.scheme in ("http", "https") and parts.path.casefold().endswith(_KINDS)


def picture_of(post: Post) -> Picture | None:
    """The picture to show with a post; None where there is none that Slack shows."""
    content, page = post.content, post.page
    if can_be_shown(content.picture) and content.picture_alt:
        return Picture(content.picture, content.picture_alt)
    if page is not None and can_be_shown(page.image):
        return Picture(page.image, page.image_alt or f"The page's picture: {page_title(post)}")
    return None


def page_title(post: Post) -> str:
    """How the page behind the link is called; the post's own title where it does not say."""
    return (post.page.title if post.page is not None else "") or post.content.title


def site_name(post: Post) -> str:
    """On which site the page is: the name that it gives itself, else its host."""
    host = (urlsplit(post.content.link).hostname or "").removeprefix("www.")
    return (post.page.site if post.page is not None else "") or host

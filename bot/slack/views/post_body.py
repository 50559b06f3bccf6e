"""What people see of a post wherever it invites them: in the channel, and in a direct message."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, ImageBlock

from bot.domain import pictures
from bot.domain.post import Post
from bot.slack.views.text import as_typed, context, escape, escape_link, header


def post_body(post: Post) -> list[Block]:
    """Title, why it matters, the picture, the page by its title and site, and who wrote it."""
    content = post.content
    blocks: list[Block] = [header(content.title), as_typed(content.why)]
    picture = pictures.picture_of(post)
    if picture is not None:
        blocks.append(ImageBlock(image_url=picture.address, alt_text=picture.alt))
    label, site = pictures.page_title(post), pictures.site_name(post)
    blocks.append(as_typed("", content.link, label, after=f" · {site}" if site else ""))
    if content.author:
        blocks.append(context(f"By {escape(content.author)}"))
    return blocks


def post_text(post: Post) -> str:
    """The same for those who cannot see blocks."""
    content = post.content
    by = f" By {escape(content.author)}." if content.author else ""
    return f"{escape(content.title)}: {escape(content.why)} {escape_link(content.link)}{by}"

"""Text for people: escaping, moments in the reader's zone, and whole messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import (
    RichTextElementParts,
    RichTextPreformattedElement,
)

from bot.domain.model import Post


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and the plain words for those who cannot see them."""

    text: str
    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        """As Slack's methods and answers take it; raises where a block breaks Slack's limits."""
        return {"text": self.text, "blocks": [block.to_dict() for block in self.blocks]}


def say(text: str, *more: Block) -> Message:
    """A message that begins with `text` (mrkdwn), which also stands for all of it."""
    return Message(text, (section(text), *more))


def escape(text: str) -> str:
    """Text from people, made harmless for mrkdwn: it can ping nobody and link nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str) -> str:
    """A link in mrkdwn; `url` has been checked to hold no space, bar or bracket."""
    return f"<{escape(url)}|{escape(label)}>"


def when(moment: datetime, zone: str) -> str:
    """A moment that Slack shows in the reader's own zone; `zone` serves where it cannot."""
    local = moment.astimezone(ZoneInfo(zone))
    fallback = f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def day(moment: datetime, zone: str) -> str:
    """A day, in the reader's own zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"<!date^{int(moment.timestamp())}^{{date_long}}|{local.day} {local:%B %Y}>"


def name(post: Post) -> str:
    """How a post is spoken of, escaped: its number, and its title where it has one."""
    title = post.content.title
    return f"Post {post.id}, “{escape(title)}”" if title else f"Post {post.id}"


def plain(text: str) -> PlainTextObject:
    """Plain text in which `:words:` stay words."""
    return PlainTextObject(text=text, emoji=False)


def header(text: str) -> HeaderBlock:
    """A heading of at most 150 characters."""
    return HeaderBlock(text=plain(text))


def section(text: str, **more: Any) -> SectionBlock:
    """A paragraph of mrkdwn."""
    return SectionBlock(text=MarkdownTextObject(text=text), **more)


def context(text: str, *, block_id: str | None = None) -> ContextBlock:
    """A small line of mrkdwn."""
    return ContextBlock(elements=[MarkdownTextObject(text=text)], block_id=block_id)


def copyable(text: str, *, block_id: str | None = None) -> RichTextBlock:
    """Text in a frame, to be read and copied as it is; nothing in it is interpreted."""
    words = RichTextElementParts.Text(text=text)
    return RichTextBlock(
        elements=[RichTextPreformattedElement(elements=[words])], block_id=block_id
    )


def listed(words: Sequence[str]) -> str:
    """Words in a row: "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last

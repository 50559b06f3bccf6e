"""Text for people: escaping, moments in the reader's zone, and whole messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    ImageBlock,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import (
    RichTextElementParts,
    RichTextPreformattedElement,
    RichTextSectionElement,
)

from bot.domain.invisible import isolated, with_closed_isolates
from bot.domain.post import Post
from bot.domain.typed_text import clean
from bot.slack.views.as_json import as_json

_LONGEST_TEXT = 3_000  # Slack's limit for a text in a block


@dataclass(frozen=True)
class Message:
    """Blocks, and the plain words for those who cannot see them."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def has_pictures(self) -> bool:
        """Whether Slack has to fetch a picture for it, which can fail."""
        return any(isinstance(block, ImageBlock) for block in self.blocks)

    def without_pictures(self) -> Message:
        """The same message without its pictures."""
        kept = tuple(block for block in self.blocks if not isinstance(block, ImageBlock))
        return Message(self.text, kept)

    def payload(self) -> dict[str, Any]:
        """As Slack's methods and answers take it; raises where a block breaks Slack's limits."""
        return {"text": self.text, "blocks": self._rendered}

    @cached_property
    def _rendered(self) -> list[dict[str, Any]]:
        return [as_json(block) for block in self.blocks]


def say(text: str, *more: Block) -> Message:
    """A message that begins with `text` (mrkdwn); its paragraphs also stand for it in plain."""
    paragraphs = [
        block.text.text for block in more if isinstance(block, SectionBlock) and block.text
    ]
    return Message("\n".join((text, *paragraphs)), (section(text), *more))


def escape(text: str) -> str:
    """Text from people, made harmless for mrkdwn: it mentions nobody and links nowhere.

    What runs from right to left in it turns nothing around in the sentence where it stands.
    """
    return escape_link(isolated(text))


def escape_link(url: str) -> str:
    """An address, made harmless for mrkdwn."""
    return url.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(typed: str, most: int = 40) -> str:
    """What somebody typed, in quotation marks and escaped; "that" where nothing of it shows.

    Backticks are left out: they would begin a code span in the bot's own words.
    """
    words = " ".join(clean(typed).replace("`", "").split())[:most]
    return f"“{escape(words)}”" if words else "that"


def link(url: str, label: str) -> str:
    """A link in mrkdwn; `url` has been checked to hold no space, bar or bracket."""
    return f"<{escape_link(url)}|{escape(label)}>"


def shortened(text: str, most: int = 100) -> str:
    """The text, or its beginning where it is too long to read."""
    return text if len(text) <= most else f"{with_closed_isolates(text[: most - 1])}…"


def when(moment: datetime, zone: str) -> str:
    """A moment that Slack shows in the reader's own zone; `zone` serves where it cannot."""
    local = moment.astimezone(ZoneInfo(zone))
    fallback = f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def wall_clock(moment: datetime, zone: str) -> str:
    """A moment on the clock of a named zone: "Wed 9 Sep, 9:30 Berlin"."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{_on_clock(moment, zone)} {city}"


def wall_clock_date(moment: datetime, zone: str) -> str:
    """The same in mrkdwn: everybody reads the named zone, and Slack knows which moment it is."""
    shown = wall_clock(moment, zone)
    return f"<!date^{int(moment.timestamp())}^{shown}|{shown}>"


def own_clock(moment: datetime, zone: str, own_zone: str | None) -> str:
    """The reader's own time, to stand beside `zone`'s; empty where their clock shows the same."""
    if own_zone is None or _on_clock(moment, zone) == _on_clock(moment, own_zone):
        return ""
    return f" (your time: {_on_clock(moment, own_zone)})"


def wall_clocks(moment: datetime, zone: str, own_zone: str | None) -> str:
    """A moment on the clock of a named zone, and the reader's own time where it is another."""
    return wall_clock(moment, zone) + own_clock(moment, zone, own_zone)


def _on_clock(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b}, {local.hour}:{local:%M}"


def day(moment: datetime, zone: str) -> str:
    """A day, in the reader's own zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"<!date^{int(moment.timestamp())}^{{date_long}}|{local.day} {local:%B %Y}>"


def person(user_id: str | None) -> str:
    """Somebody in comms, by a mention: always the current name, and none is stored."""
    return f"<@{user_id}>" if user_id else "a former colleague"


def title_of(post: Post) -> str:
    """What a post is called, escaped, and a link to its card where that is known."""
    title = post.content.title or "Untitled draft"
    return link(post.card_link, title) if post.card_link else f"*{escape(title)}*"


def name(post: Post) -> str:
    """How a post is spoken of, escaped: its title where it has one, and its number."""
    title = post.content.title
    return f"“{escape(title)}” (post {post.id})" if title else f"Post {post.id}"


def button(label: str, action: str, **more: Any) -> ButtonElement:
    """A button that stands for one action, whoever presses it."""
    return ButtonElement(text=plain(label), action_id=action, value=action, **more)


def plain(text: str) -> PlainTextObject:
    """Plain text in which `:words:` stay words."""
    return PlainTextObject(text=text, emoji=False)


def header(text: str) -> HeaderBlock:
    """A heading of at most 150 characters."""
    return HeaderBlock(text=plain(text))


def section(text: str, **more: Any) -> SectionBlock:
    """A paragraph of mrkdwn."""
    return SectionBlock(text=_words(text), **more)


def context(text: str, *, block_id: str | None = None) -> ContextBlock:
    """A small line of mrkdwn."""
    return ContextBlock(elements=[_words(text)], block_id=block_id)


def packed(paragraphs: Iterable[str]) -> list[str]:
    """Paragraphs put together into as few texts as Slack takes, none of them cut."""
    texts: list[str] = []
    for paragraph in filter(None, paragraphs):
        if texts and len(texts[-1]) + 1 + len(paragraph) <= _LONGEST_TEXT:
            texts[-1] += f"\n{paragraph}"
        else:
            texts.append(paragraph)
    return texts


def _words(text: str) -> MarkdownTextObject:
    # Verbatim: else Slack makes links and mentions of bare addresses and names in people's words.
    return MarkdownTextObject(text=text, verbatim=True)


def as_typed(words: str, url: str = "", label: str = "", *, after: str = "") -> RichTextBlock:
    """People's own words as they typed them, and a link with what follows it on its line.

    Nothing in them is interpreted.
    """
    parts: list[RichTextElementParts.Text | RichTextElementParts.Link] = []
    if words:
        parts.append(RichTextElementParts.Text(text=f"{words}\n" if url else words))
    if url:
        parts.append(RichTextElementParts.Link(url=url, text=label))
    if after:
        parts.append(RichTextElementParts.Text(text=after))
    return RichTextBlock(elements=[RichTextSectionElement(elements=[*parts])])


def copyable(*texts: str, block_id: str | None = None) -> RichTextBlock:
    """Texts in a frame each, to be read and copied as they are; nothing in them is interpreted."""
    frames = [
        RichTextPreformattedElement(elements=[RichTextElementParts.Text(text=text)])
        for text in texts
    ]
    return RichTextBlock(elements=[*frames], block_id=block_id)


def bare(text: str) -> str:
    """Mrkdwn as the plain text that an error at a field is shown in."""
    plain_text = text.replace("`", "").replace("&lt;", "<").replace("&gt;", ">")
    return plain_text.replace("&amp;", "&")


def span(length: timedelta) -> str:
    """A length of time in words, in the largest unit that leaves no rest: "2 days"."""
    seconds = int(length.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        if seconds % size == 0:
            count = seconds // size
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("seconds divide everything")

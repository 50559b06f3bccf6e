"""What each single field of a post must hold, and the sentence for what it does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import regex

from bot.domain import hosts
from bot.domain.delivery import Delivery
from bot.domain.emoji_codes import with_emoji
from bot.domain.post import Content
from bot.domain.retention import MOST_POST_DAYS
from bot.domain.topics import first_spellings, topic_keys
from bot.domain.typed_text import clean

MAX_TITLE: Final = 150
MAX_LINK: Final = 2000
MAX_WHY: Final = 500
MAX_ALT: Final = 1000  # X takes no more
MAX_TOPICS: Final = 5
MOST_PROMPTS: Final = 3
MAX_PROMPT: Final = 200
MAX_TOPIC: Final = 40
MAX_OFFERED: Final = 100  # topics to choose from: Slack's limit for the options of a menu

# The last four would end the link early in Slack's own markup or be read as a slash by browsers.
_NOT_IN_LINK: Final = regex.compile(r"[\p{Z}\p{C}|<>\\]")
# Commas and semicolons: Latin, Arabic, full width, Chinese and Japanese.
_TOPIC_END: Final = regex.compile(r"[,;\n\u060c\u061b\u3001\uff0c\uff1b]")


def split_topics(typed: str) -> tuple[str, ...]:
    """The topics in a list that somebody typed: as written, each once as it was written first."""
    split = (" ".join(clean(topic).split()) for topic in _TOPIC_END.split(clean(typed)))
    return first_spellings(topic for topic in split if topic)


def split_prompts(typed: str) -> tuple[str, ...]:
    """The questions in what somebody typed, one on each line."""
    lines = (" ".join(line.split()) for line in with_emoji(clean(typed)).splitlines())
    return tuple(filter(None, lines))


def title_error(title: str) -> str | None:
    """What is wrong with a title, or None."""
    if not title:
        return "Please give the post a title."
    if "\n" in title:
        return "Please keep the title on one line."
    if len(title) > MAX_TITLE:
        return f"A title can have {MAX_TITLE} characters. This one has {len(title)}."
    return None


def link_error(link: str) -> str | None:
    """What is wrong with a link that people would share, or None."""
    if not link:
        return "Please add the link that people would share."
    if len(link) > MAX_LINK:
        return f"A link can have {MAX_LINK:,} characters. This one has {len(link):,}."
    if _NOT_IN_LINK.search(link):
        return "A link can't contain spaces or any of | < > \\."
    try:
        parts = urlsplit(link)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # A host or a port that is none.
        return "This doesn't look like a working link. Please copy it again."
    if not known:
        return "Please give a full link, starting with https://."
    if parts.hostname in ("http", "https"):
        return "The link starts with https:// twice. Please keep one."
    if not hosts.well_formed(parts.hostname or ""):
        return "This doesn't look like a working link. Please copy it again."
    if "@" in parts.netloc:
        return "Please leave out the name or password before the @ in the link."
    return None


def why_error(why: str) -> str | None:
    """What is wrong with the sentence on why it matters, or None."""
    if not why:
        return "Please say in a sentence why this matters to a reader."
    if len(why) > MAX_WHY:
        return f"This can have {MAX_WHY} characters. It has {len(why)}."
    return None


def topics_error(content: Content) -> str | None:
    """What is wrong with the topics, or None."""
    topics = content.topics
    if not topics and content.delivery == {Delivery.DIRECT}:
        return "Please name a topic: direct messages go only to people who follow one of them."
    if len(topics) > MAX_TOPICS:
        return f"A post can have {MAX_TOPICS} topics. This one has {len(topics)}."
    # Casefolded, a few letters become two; members store topics so.
    longest = max(map(len, (*topics, *topic_keys(topics))), default=0)
    if longest > MAX_TOPIC:
        return f"A topic can have {MAX_TOPIC} characters. The longest here has {longest}."
    return None


def prompts_error(prompts: tuple[str, ...]) -> str | None:
    """What is wrong with the questions to start from, or None."""
    if len(prompts) > MOST_PROMPTS:
        return f"A post can have {MOST_PROMPTS} questions, one on each line. It has {len(prompts)}."
    longest = max(map(len, prompts), default=0)
    if longest > MAX_PROMPT:
        return f"A question can have {MAX_PROMPT} characters. The longest here has {longest}."
    return None


def picture_alt_error(content: Content) -> str | None:
    """What is wrong with what the picture shows, or None."""
    if content.picture and not content.picture_alt:
        return "Please say in a sentence what the picture shows, for people who can't see it."
    if len(content.picture_alt) > MAX_ALT:
        return f"This can have {MAX_ALT:,} characters. It has {len(content.picture_alt):,}."
    return None


def expiry_error(content: Content, now: datetime) -> str | None:
    """What is wrong with the end, or None; `now` is aware."""
    if content.expires_at is None:
        return None
    if content.expires_at <= now:
        return "Please choose a time in the future."
    if content.not_before is not None and content.expires_at <= content.not_before:
        return "Please choose a time after the earliest one."
    begins = max(now, content.not_before or now)
    if content.expires_at - begins > timedelta(days=MOST_POST_DAYS):
        return f"A post can last up to {MOST_POST_DAYS} days. Please choose an earlier end."
    return None

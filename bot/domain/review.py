"""What somebody reads before they approve a post: all of it, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.approval import Obstacle
from bot.domain.audience import Audience
from bot.domain.channel_queue import Forecast
from bot.domain.delivery import Delivery
from bot.domain.desk import Viewer
from bot.domain.ids import PostId
from bot.domain.model import Workspace
from bot.domain.post import Content, Decision, Network, Post, PostKind
from bot.domain.previews import Preview


class Field(StrEnum):
    """A part of a content that is not for one network."""

    TITLE = "title"
    LINK = "link"
    WHY = "why"
    TOPICS = "topics"
    KIND = "kind"
    PROMPTS = "prompts"
    PICTURE = "picture"
    PICTURE_ALT = "picture_alt"
    AUTHOR = "author"
    DELIVERY = "delivery"
    NOT_BEFORE = "not_before"
    EXPIRES_AT = "expires_at"


Value = str | datetime | PostKind | frozenset[Delivery] | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a part of a post said, and what it says now; a moment is None where there is none."""

    part: Field | Network
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Review:
    """A post as it is read before it is approved.

    `changes` are those since `since`, the revision approved or sent back last; None where the post
    was never decided about. `waits` says that it waits for approval, `obstacle` why the viewer
    can't approve it, `own_news` what `post_mix` found, `audience` who would be asked. `forecast`
    and `after`, the post before it, are of a queued one.
    """

    viewer: Viewer
    post: Post
    decisions: Sequence[Decision]
    since: Decision | None
    changes: Sequence[Change]
    waits: bool
    obstacle: Obstacle | None
    own_news: int | None
    audience: Audience | None
    forecast: Forecast | None
    after: PostId | None
    workspace: Workspace
    uncertain: bool
    preview: Preview | None


def compare(before: Content, after: Content) -> list[Change]:
    """What differs between two contents of a post, part by part, as the form has them."""
    pairs: list[tuple[Field | Network, Value, Value]] = [
        (Field.TITLE, before.title, after.title),
        (Field.LINK, before.link, after.link),
        (Field.WHY, before.why, after.why),
        (Field.TOPICS, ", ".join(before.topics), ", ".join(after.topics)),
        (Field.KIND, before.kind, after.kind),
    ]
    pairs += [(network, _texts(before, network), _texts(after, network)) for network in Network]
    pairs += [
        (Field.PROMPTS, "\n".join(before.prompts), "\n".join(after.prompts)),
        (Field.PICTURE, before.picture, after.picture),
        (Field.PICTURE_ALT, before.picture_alt, after.picture_alt),
        (Field.AUTHOR, before.author, after.author),
        (Field.DELIVERY, before.delivery, after.delivery),
        (Field.NOT_BEFORE, before.not_before, after.not_before),
        (Field.EXPIRES_AT, before.expires_at, after.expires_at),
    ]
    return [Change(part, said, says) for part, said, says in pairs if said != says]


def _texts(content: Content, network: Network) -> str:
    """All texts for a network, each with the language that it was written for."""
    texts = content.wordings_for(network)
    marks = [f"[{each.language}] " if each.language else "" for each in texts]
    return "\n—\n".join(mark + each.text for mark, each in zip(marks, texts, strict=True))

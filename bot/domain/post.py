"""A post: what could be shared, its wordings, and what comms decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.delivery import BOTH, Delivery
from bot.domain.ids import PostId, UserId, WordingId


class Network(StrEnum):
    """Where a post can be shared, in the order in which networks are offered."""

    LINKEDIN = "linkedin"
    X = "x"
    FACEBOOK = "facebook"
    THREADS = "threads"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    EMAIL = "email"


class PostKind(StrEnum):
    """What kind of thing a post is about, in the order in which the form offers them."""

    USEFUL = "useful"
    COMMUNITY = "community"
    JOBS = "jobs"
    OWN_NEWS = "own_news"


class PostState(StrEnum):
    """Where a post stands; `lifecycle` knows the legal steps between them."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        """Whether nobody can share the post any more."""
        return self in (PostState.WITHDRAWN, PostState.EXPIRED)


class Verdict(StrEnum):
    """What comms can decide about a post."""

    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wording:
    """One approved text of a post for one network, without link and disclosure.

    `language` is an ISO 639-1 code, None where comms named none. Two are the same if they say the
    same; `id` tells under which number it is stored, 0 before.
    """

    network: Network
    text: str
    language: str | None = None
    id: WordingId = field(default=WordingId(0), compare=False)


def expired(expires_at: datetime | None, now: datetime) -> bool:
    """Whether the time of a post is over at `now`: the one place that says so. Both are aware."""
    return expires_at is not None and expires_at <= now


@dataclass(frozen=True, slots=True)
class Content:
    """What a post says: the part of it that is written, checked and approved.

    `picture` is the address of a picture to go with it, `picture_alt` its description. `author` is
    the name of its writer, where they chose to show it. `kind` is None in drafts and in older
    posts. `prompts` are questions for those who write their own text. `delivery` are the ways in
    which the post reaches people, one at least.
    """

    title: str
    link: str
    why: str
    topics: tuple[str, ...]
    wordings: tuple[Wording, ...]
    not_before: datetime | None
    expires_at: datetime | None
    picture: str = ""
    picture_alt: str = ""
    author: str = ""
    kind: PostKind | None = None
    prompts: tuple[str, ...] = ()
    delivery: frozenset[Delivery] = BOTH

    def expired(self, now: datetime) -> bool:
        """Whether its time is over at `now` (aware)."""
        return expired(self.expires_at, now)

    def wordings_for(self, network: Network) -> tuple[Wording, ...]:
        """The wordings for one network, in the order in which they were written."""
        return tuple(wording for wording in self.wordings if wording.network is network)

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks that have a wording, in the order in which they are offered."""
        present = {wording.network for wording in self.wordings}
        return tuple(network for network in Network if network in present)


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """What the page behind a post's link says of itself; a part that it lacks is empty.

    `site` is the name of the whole site; `image` is the address of a picture, `image_alt` its
    description.
    """

    title: str
    site: str
    image: str
    image_alt: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody in comms decided about a revision of a post, and when.

    `user_id` is None where they were erased.
    """

    revision: int
    user_id: UserId | None
    verdict: Verdict
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PostLifecycle:
    """Where a post stands: its state, and that of a correction waiting behind a live post."""

    state: PostState
    correction: PostState | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What could be shared, with one of its contents.

    `revision` numbers the contents from 1 and is the newest; `writer` wrote it, None where they
    were erased. People see
    `approved_revision`, None before the first approval. `correction` says where a newer content
    of a live post stands while people still see the approved one; None where there is no newer.
    `live_at` is since when it is in the opt-in channel. `card_link` and `message_link` are the
    addresses of its card and of its message there, for comms, where Slack named them.
    `page` is known only with the approved content, and only where its page was looked at.
    `from_feed` is the title of the feed whose entry it was made from, empty where people began it.
    """

    id: PostId
    state: PostState
    correction: PostState | None
    content: Content
    revision: int
    approved_revision: int | None
    writer: UserId | None
    live_at: datetime | None = None
    card_link: str | None = None
    message_link: str | None = None
    page: LinkedPage | None = None
    from_feed: str = ""

    @property
    def newest_state(self) -> PostState:
        """Where its newest content stands: the correction's state where there is one."""
        return self.correction or self.state

    @property
    def untouched(self) -> bool:
        """Whether it was made from a feed, and nobody has written in it yet."""
        return bool(self.from_feed) and self.state is PostState.DRAFT and self.revision == 1

    @property
    def lifecycle(self) -> PostLifecycle:
        """Where the post stands, with its correction."""
        return PostLifecycle(self.state, self.correction)

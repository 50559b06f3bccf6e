"""What a post's form was opened on, carried from click to click; and its fields as they begin."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain import languages
from bot.domain.drafting import Fields
from bot.domain.ids import PostId
from bot.domain.post import Content, Network, Wording
from bot.domain.previews import Preview
from bot.domain.retention import DEFAULT_POST_DAYS
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable

FROM_PAGE: Final = ("title", "why", "picture")  # the fields that a page may fill
MOST_WORDINGS: Final = 5  # of one network; the card shows each of them in full

# Where most people have colleagues and customers among their readers.
_PRESELECTED: Final = frozenset({Network.LINKEDIN, Network.FACEBOOK})
_LONGEST_KEPT: Final = 700  # of a picture's address: a form keeps 3,000 characters in all


@dataclass(frozen=True, slots=True)
class Form:
    """What a form was opened on, and how many wording fields each network has in it.

    `post` is None for a new one; `revision` is the content it was opened with. `counts` names the
    networks to write for, in the order in which they are offered; those with 0 wait under *More
    networks*. `in_sight` says that it was
    opened in the comms channel, where the writer sees what becomes of it. `post_days` is after how
    many days a post ends whose form names no end. `known_link` is the digest of a link that
    another post has too, as the writer was told; links can be too long to be kept here.
    Where a live post goes can't be changed, so that a form for one does not ask, by `is_live`.
    `page` is what the page behind the link says, until it was used; `filled` names the fields that
    got their text from it. Slack keeps what stood in a block, so these stand in new ones.
    """

    post_id: PostId | None
    revision: int
    counts: tuple[tuple[Network, int], ...]
    in_sight: bool = False
    post_days: int = DEFAULT_POST_DAYS
    known_link: str = ""
    page: Preview | None = None
    filled: tuple[str, ...] = ()
    is_live: bool = False

    def with_one_more(self, network: Network) -> Form:
        """The form with one more wording field, unless the network has enough."""
        counts = tuple(
            (other, min(MOST_WORDINGS, count + 1) if other is network else count)
            for other, count in self.counts
        )
        return replace(self, counts=counts)

    @property
    def has_more_networks(self) -> bool:
        """Whether some networks wait under *More networks*."""
        return any(count == 0 for _network, count in self.counts)

    def with_all_networks(self) -> Form:
        """The form with a wording field for each network."""
        return replace(self, counts=tuple((each, max(1, count)) for each, count in self.counts))


def digest(link: str) -> str:
    """What stands for a link, however long it is."""
    return hashlib.sha256(link.encode()).hexdigest()[:16]


def blank(
    title: str = "", link: str = "", *, sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY
) -> tuple[Form, Fields]:
    """A new form, with a link if one was given."""
    empty = Fields(
        title=title, link=link, why="", topics="", wordings=(), not_before=None, expires_at=None
    )
    return Form(None, 0, _counts(sharing_policy.networks)), empty


def for_content(
    post_id: PostId,
    revision: int,
    content: Content,
    *,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
    is_writer: bool = False,
    is_live: bool = False,
) -> tuple[Form, Fields]:
    """A form filled with what was written before.

    The author's name stays ticked only for the one whose name it is, who `is_writer`.
    """
    counts = _counts(sharing_policy.writable_networks(content), content.wordings)
    fields = Fields(
        title=content.title,
        link=content.link,
        why=content.why,
        topics=", ".join(content.topics),
        wordings=tuple((each.network, languages.marked(each)) for each in content.wordings),
        not_before=content.not_before,
        expires_at=content.expires_at,
        picture=content.picture,
        picture_alt=content.picture_alt,
        show_author=is_writer and bool(content.author),
        kind=content.kind,
        prompts="\n".join(content.prompts),
        delivery=content.delivery,
    )
    return Form(post_id, revision, counts, is_live=is_live), fields


def as_copy(
    content: Content, *, sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY
) -> tuple[Form, Fields]:
    """A new form that begins as a content, without its dates and without its author's name."""
    copied = replace(content, not_before=None, expires_at=None)
    form, fields = for_content(PostId(0), 0, copied, sharing_policy=sharing_policy)
    # Its link is that of the other post on purpose.
    return replace(form, post_id=None, known_link=digest(content.link)), fields


def _counts(
    offered: Sequence[Network], written: Sequence[Wording] = ()
) -> tuple[tuple[Network, int], ...]:
    """How many fields each network has: one for each text, and an empty one where preselected."""
    texts = Counter(wording.network for wording in written)
    shown = _PRESELECTED.intersection(offered) or frozenset(offered)
    return tuple(
        (network, min(MOST_WORDINGS, texts[network]) or int(network in shown))
        for network in offered
    )


def block_of(form: Form, name: str) -> str:
    """The block in which a field stands."""
    return f"{name}:page" if name in form.filled else name


def with_page(form: Form, page: Preview) -> Form:
    """The form with what its page says beside the fields; as it was where that is nothing."""
    image = page.image if len(page.image) <= _LONGEST_KEPT else ""
    shown = Preview(page.title, page.description, image)
    return replace(form, page=shown) if any((shown.title, shown.description, shown.image)) else form


def dump(form: Form) -> str:
    """The form as its view carries it; `read_form` reads it."""
    facts = {
        "post": form.post_id,
        "revision": form.revision,
        "counts": dict(form.counts),
        "in_sight": form.in_sight,
        "days": form.post_days,
        "known_link": form.known_link,
        "filled": list(form.filled),
        "live": form.is_live,
    }
    if form.page is not None:
        facts["page"] = [form.page.title, form.page.description, form.page.image]
    return payload.dump(facts)


def read_form(view: Mapping[str, Any]) -> Form:
    """What the form was opened on; raises Unreadable."""
    facts = payload.metadata(view)
    counts = facts.get("counts")
    if (
        not isinstance(counts, dict)
        or not counts
        or not set(counts) <= set(Network)
        or any(
            type(count) is not int or not 0 <= count <= MOST_WORDINGS for count in counts.values()
        )
        or not any(counts.values())
    ):
        raise Unreadable("no counts")
    post_id = None if facts.get("post") is None else PostId(payload.whole(facts, "post"))
    listed = tuple((network, counts[network]) for network in Network if network in counts)
    in_sight = facts.get("in_sight") is True
    days = payload.whole(facts, "days") if "days" in facts else DEFAULT_POST_DAYS
    known_link = facts.get("known_link")
    known_link = known_link if isinstance(known_link, str) else ""
    filled = facts.get("filled")
    return Form(
        post_id,
        payload.whole(facts, "revision"),
        listed,
        in_sight,
        days,
        known_link,
        _read_page(facts.get("page")),
        tuple(name for name in FROM_PAGE if isinstance(filled, list) and name in filled),
        facts.get("live") is True,
    )


def _read_page(kept: object) -> Preview | None:
    if kept is None:
        return None
    if not isinstance(kept, list) or len(kept) != 3:
        raise Unreadable("no page")
    if not all(isinstance(part, str) for part in kept):
        raise Unreadable("no page")
    return Preview(*kept)

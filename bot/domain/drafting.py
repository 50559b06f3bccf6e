"""What the fields of a post's form must hold, and the sentences for what they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain import avoided_terms, languages, networks, post_fields
from bot.domain.delivery import BOTH, Delivery
from bot.domain.disclosure import discloses
from bot.domain.emoji_codes import with_emoji
from bot.domain.ids import PostId
from bot.domain.post import Content, Network, PostKind, Wording
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.domain.typed_text import clean, clean_link

_UNKNOWN_POST: Final = PostId(999_999)  # its number is counted in where links are tagged


@dataclass(frozen=True, slots=True)
class Fields:
    """What was typed into the form. Wordings stand in form order, empty fields included.

    `show_author` says that whoever submits it wants their name shown.
    """

    title: str
    link: str
    why: str
    topics: str
    wordings: tuple[tuple[Network, str], ...]
    not_before: datetime | None
    expires_at: datetime | None
    picture: str = ""
    picture_alt: str = ""
    show_author: bool = False
    kind: PostKind | None = None
    prompts: str = ""
    delivery: frozenset[Delivery] = BOTH


@dataclass(frozen=True, slots=True)
class Errors:
    """One sentence for each field that cannot stay as it is.

    Keys are the names of `Fields`, and for wordings the network and the field's place among those
    of that network, from 0: "x:1" is the second one for X.
    """

    by_field: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was written into the field that `key` names, perhaps nothing."""

    key: str
    network: Network
    language: str | None
    text: str


def draft_content(fields: Fields) -> Content:
    """The content to keep for a draft: tidied, but not checked."""
    return _content(fields, _typed(fields))


def _content(fields: Fields, wordings: tuple[_Typed, ...]) -> Content:
    return Content(
        title=with_emoji(clean(fields.title)),
        link=clean_link(fields.link),
        why=clean(fields.why),
        topics=post_fields.split_topics(fields.topics),
        wordings=tuple(
            Wording(each.network, each.text, each.language) for each in wordings if each.text
        ),
        not_before=fields.not_before,
        expires_at=fields.expires_at,
        picture=clean_link(fields.picture),
        picture_alt=with_emoji(clean(fields.picture_alt)),
        kind=fields.kind,
        prompts=post_fields.split_prompts(fields.prompts),
        delivery=fields.delivery,
    )


def check(
    fields: Fields,
    disclosure: str,
    now: datetime,
    *,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
    post_id: PostId | None = None,
) -> Content | Errors:
    """The content, if all of it can be approved and shared as it stands.

    Args:
        fields: What was typed.
        disclosure: The workspace's phrase, counted into every wording that lacks one.
        now: An aware datetime; the end of the post must lie after it.
        sharing_policy: How links are tagged, which is counted in.
        post_id: The post's number, None before it has one.
    """
    wordings = _typed(fields)
    content = _content(fields, wordings)
    found = {
        "title": post_fields.title_error(content.title),
        "link": post_fields.link_error(content.link),
        "why": post_fields.why_error(content.why),
        "topics": post_fields.topics_error(content),
        "expires_at": post_fields.expiry_error(content, now),
        "picture": post_fields.link_error(content.picture) if content.picture else None,
        "picture_alt": post_fields.picture_alt_error(content),
        "kind": None if content.kind else "Please choose what kind of post it is.",
        "prompts": post_fields.prompts_error(content.prompts),
        "delivery": None if content.delivery else "Please choose at least one.",
    }
    errors = {field: sentence for field, sentence in found.items() if sentence is not None}
    errors |= _wording_errors(
        wordings, content.link, disclosure, sharing_policy, post_id or _UNKNOWN_POST
    )
    # What is wrong in another way is said first.
    errors = _avoided(wordings, content, sharing_policy.avoid) | errors
    return Errors(errors) if errors else content


def _avoided(
    wordings: tuple[_Typed, ...], content: Content, terms: tuple[str, ...]
) -> dict[str, str]:
    """A sentence for each field that has a term which the company keeps out of its posts."""
    typed = {"title": content.title, "why": content.why, "picture_alt": content.picture_alt}
    typed["prompts"] = "\n".join(content.prompts)
    typed |= {each.key: each.text for each in wordings}
    found = {field: avoided_terms.find(text, terms) for field, text in typed.items()}
    return {
        field: f"Your company keeps “{term}” out of posts. Please write it differently."
        for field, term in found.items()
        if term is not None
    }


def check_own_words(
    network: Network, text: str, link: str, disclosure: str, *, tagged: str = ""
) -> str | None:
    """What keeps a member's own wording from being shared, as one sentence; None if nothing does.

    `disclosure` is what it lacks and gets, empty if nothing. The text is judged as `own_words`
    leaves it; the link is counted in, as `tagged` if that is shared in its place.
    """
    text = own_words(text)
    if not text:
        return "Please write your own text first."
    return _length_error(network, text, disclosure, link, tagged)


def own_words(typed: str) -> str:
    """The text that a member typed, as it leaves Slack: tidied, with emoji for their codes."""
    return with_emoji(clean(typed))


def _wording_errors(
    wordings: tuple[_Typed, ...],
    link: str,
    disclosure: str,
    sharing_policy: SharingPolicy,
    post_id: PostId,
) -> dict[str, str]:
    errors = {}
    for each in wordings:
        if not each.text:
            continue
        tagged = sharing_policy.tagged_link(link, each.network, post_id)
        lacking = sharing_policy.missing_disclosure(each.text, disclosure, each.language)
        sentence = _length_error(each.network, each.text, lacking, link, tagged)
        if sentence is not None:
            errors[each.key] = sentence
    if not any(each.text for each in wordings):
        first = wordings[0].key if wordings else f"{Network.LINKEDIN}:0"
        errors[first] = "Please write at least one text, for any network."
    return errors


def _typed(fields: Fields) -> tuple[_Typed, ...]:
    """Each wording. To clean a long one takes long, so it is done once."""
    return tuple(_numbered(fields))


def _numbered(fields: Fields) -> Iterator[_Typed]:
    places: Counter[Network] = Counter()
    for network, typed in fields.wordings:
        language, text = _wording(typed)
        yield _Typed(f"{network}:{places[network]}", network, language, text)
        places[network] += 1


def _wording(typed: str) -> tuple[str | None, str]:
    """The language that was named, and the text as it leaves Slack."""
    cleaned = clean(typed)
    language, text = languages.split(cleaned)
    return language, with_emoji(cleaned if language is None else clean(text))


def _length_error(
    network: Network, wording: str, disclosure: str, link: str, tagged: str
) -> str | None:
    text = networks.full_text(network, wording, disclosure, link, tagged=tagged)
    limit, length = networks.limit(network), networks.length(network, text)
    if limit is None or length <= limit:
        return None
    added = ["the link"] if link else []
    if disclosure and not discloses(wording, disclosure):
        added.append(disclosure)
    counted = f", including {' and '.join(added)}" if added else ""
    about = "about " if networks.about(network) else ""
    return f"This comes to {about}{length:,} of {limit:,} on {networks.name(network)}{counted}."

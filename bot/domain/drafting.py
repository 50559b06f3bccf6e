"""What the fields of a post's form must hold, and the sentences for what they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import regex

from bot.domain import avoided_terms, hosts, languages, networks
from bot.domain.delivery import BOTH, Delivery
from bot.domain.disclosure import discloses
from bot.domain.emoji_codes import with_emoji
from bot.domain.ids import PostId
from bot.domain.post import Content, Network, PostKind, Wording
from bot.domain.retention import MOST_POST_DAYS
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.domain.topics import first_spellings, topic_keys
from bot.domain.typed_text import clean, clean_link

MAX_TITLE: Final = 150
MAX_LINK: Final = 2000
MAX_WHY: Final = 500
MAX_ALT: Final = 1000  # X takes no more
MAX_TOPICS: Final = 5
MOST_PROMPTS: Final = 3
MAX_PROMPT: Final = 200
MAX_TOPIC: Final = 40
MAX_OFFERED: Final = 100  # topics to choose from: Slack's limit for the options of a menu
_UNKNOWN_POST: Final = PostId(999_999)  # its number is counted in where links are tagged

# The last four would end the link early in Slack's own markup or be read as a slash by browsers.
_NOT_IN_LINK: Final = regex.compile(r"[\p{Z}\p{C}|<>\\]")
# Commas and semicolons: Latin, Arabic, full width, Chinese and Japanese.
_TOPIC_END: Final = regex.compile(r"[,;\n\u060c\u061b\u3001\uff0c\uff1b]")


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
        topics=split_topics(fields.topics),
        wordings=tuple(
            Wording(each.network, each.text, each.language) for each in wordings if each.text
        ),
        not_before=fields.not_before,
        expires_at=fields.expires_at,
        picture=clean_link(fields.picture),
        picture_alt=with_emoji(clean(fields.picture_alt)),
        kind=fields.kind,
        prompts=split_prompts(fields.prompts),
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
        "title": _title_error(content.title),
        "link": link_error(content.link),
        "why": _why_error(content.why),
        "topics": _topics_error(content),
        "expires_at": _expiry_error(content, now),
        "picture": link_error(content.picture) if content.picture else None,
        "picture_alt": _picture_alt_error(content),
        "kind": None if content.kind else "Please choose what kind of post it is.",
        "prompts": _prompts_error(content.prompts),
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


def split_topics(typed: str) -> tuple[str, ...]:
    """The topics in a list that somebody typed: as written, each once as it was written first."""
    split = (" ".join(clean(topic).split()) for topic in _TOPIC_END.split(clean(typed)))
    return first_spellings(topic for topic in split if topic)


def split_prompts(typed: str) -> tuple[str, ...]:
    """The questions in what somebody typed, one on each line."""
    lines = (" ".join(line.split()) for line in with_emoji(clean(typed)).splitlines())
    return tuple(filter(None, lines))


def _title_error(title: str) -> str | None:
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


def _why_error(why: str) -> str | None:
    if not why:
        return "Please say in a sentence why this matters to a reader."
    if len(why) > MAX_WHY:
        return f"This can have {MAX_WHY} characters. It has {len(why)}."
    return None


def _topics_error(content: Content) -> str | None:
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


def _prompts_error(prompts: tuple[str, ...]) -> str | None:
    if len(prompts) > MOST_PROMPTS:
        return f"A post can have {MOST_PROMPTS} questions, one on each line. It has {len(prompts)}."
    longest = max(map(len, prompts), default=0)
    if longest > MAX_PROMPT:
        return f"A question can have {MAX_PROMPT} characters. The longest here has {longest}."
    return None


def _picture_alt_error(content: Content) -> str | None:
    if content.picture and not content.picture_alt:
        return "Please say in a sentence what the picture shows, for people who can't see it."
    if len(content.picture_alt) > MAX_ALT:
        return f"This can have {MAX_ALT:,} characters. It has {len(content.picture_alt):,}."
    return None


def _expiry_error(content: Content, now: datetime) -> str | None:
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

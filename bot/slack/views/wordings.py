"""The wordings of a post as comms read them: in full, with their lengths, network by network."""

from __future__ import annotations

from dataclasses import replace

from slack_sdk.models.blocks import Block

from bot.domain import languages, networks
from bot.domain.composers import Share
from bot.domain.ids import PostId
from bot.domain.link_tags import ANY_NETWORK
from bot.domain.post import Content, Network
from bot.domain.sharing_policy import SharingPolicy
from bot.slack.views.text import as_typed, context, copyable, shortened

UNTAGGED = "The link is signed, and a tag would break it, so it is shared without tags."

_PLACES = ("first", "second", "third", "fourth", "fifth")  # a form takes no more for a network
_LONG_SERVER = "x" * 40  # a member's own server, longer than nearly all of them


def blocks(
    content: Content, disclosure: str, sharing_policy: SharingPolicy, post_id: PostId
) -> list[Block]:
    """Two blocks for each network: even the most wordings leave room in a message.

    Tags are shown as they go out while few people have chosen a network.
    """
    sharing_policy = replace(sharing_policy, named=frozenset())
    shown: list[Block] = []
    if content.picture:
        url = content.picture if "://" in content.picture else ""
        shown.append(as_typed(f"Picture: {content.picture_alt}", url, shortened(url)))
    for network in content.networks:
        texts = [
            sharing_policy.full_text(
                network,
                wording.text,
                disclosure,
                content.link,
                post_id,
                language=wording.language,
            )
            for wording in content.wordings_for(network)
        ]
        spoken = [each.language for each in content.wordings_for(network)]
        link = sharing_policy.tagged_link(content.link, network, post_id)
        shown += [
            context(_about(network, texts, link, content.title) + _languages(spoken)),
            copyable(*texts),
        ]
    return [*shown, *_about_tags(content, sharing_policy, post_id), *prompts(content)]


def prompts(content: Content) -> list[Block]:
    """The questions for those who write their own text; nothing where there are none."""
    if not content.prompts:
        return []
    lines = "\n".join(f"• {prompt}" for prompt in content.prompts)
    return [context("*Questions to start from*, if you write your own text:"), as_typed(lines)]


def _about_tags(content: Content, sharing_policy: SharingPolicy, post_id: PostId) -> list[Block]:
    """What else a tag may say, where links are tagged and name no network of their own."""
    if sharing_policy.leaves_untagged(content.link):
        return [context(UNTAGGED)]
    tags = sharing_policy.tags
    tag = f"{tags.source}={ANY_NETWORK}" if tags else ""
    tagged = sharing_policy.tagged_link(content.link, Network.LINKEDIN, post_id)
    if not tag or tag not in tagged or tag in content.link:
        return []
    return [context(f"Links say `{tag}`, or the network's name once enough people have chosen it.")]


def _about(network: Network, texts: list[str], link: str, title: str) -> str:
    """How long the posts become, and a warning where a composer can't carry the text."""
    limit = networks.limit(network)
    of = f" of {limit:,}" if limit else " characters"
    about = "about " if networks.about(network) else ""
    lengths = _listed([f"{networks.length(network, text):,}" for text in texts])
    count = "1 text" if len(texts) == 1 else f"{len(texts)} texts"
    line = f"*{networks.name(network)}* · {count} ({about}{lengths}{of})"
    if not networks.takes_text(network):
        return f"{line}. People paste it, since {networks.name(network)} takes only the link."
    long = [
        f"{place}"
        for place, text in enumerate(texts, 1)
        if not networks.composer(network, Share(text, link, title, _LONG_SERVER)).carries_text
    ]
    if not long:
        return f"{line}."
    which = "This" if len(texts) == 1 else f"Text {_listed(long)}"
    return f"{line}. {which} must be pasted, since the link to fill it in would be too long."


def _languages(spoken: list[str | None]) -> str:
    """Which of the wordings are in which language, where one was named."""
    named = [code for code in dict.fromkeys(spoken) if code]
    if set(spoken) == set(named) and len(named) == 1:
        return f" In {languages.NAMES[named[0]]}."
    parts: list[str] = []
    for code in named:
        places = [_PLACES[place] for place, other in enumerate(spoken) if other == code]
        verb = "is" if len(places) == 1 else "are"
        start = "the" if parts else "The"
        parts.append(f"{start} {_listed(places)} {verb} in {languages.NAMES[code]}")
    return f" {_listed(parts)}." if parts else ""


def _listed(items: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]]))

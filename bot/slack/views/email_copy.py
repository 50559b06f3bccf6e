"""An approved post as an e-mail for people who asked for one: text to copy, sent by nobody here."""

from __future__ import annotations

from dataclasses import replace

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.domain import languages, networks
from bot.domain.post import Post, Wording
from bot.domain.sharing_policy import SharingPolicy
from bot.slack.views.text import context, copyable, packed, plain, section

VIEW = "email_copy"


def render(post: Post, disclosure: str, sharing_policy: SharingPolicy) -> View:
    """Its title as the subject, and why, link and texts to copy; `post` is as it was approved."""
    blocks: list[Block] = [
        section(
            "For people who asked you for posts by e-mail, since they aren't in Slack all day. "
            "Copy it into an e-mail of your own. I send nothing."
        ),
        context("*Subject*"),
        copyable(post.content.title),
        context("*Text*"),
        copyable(*packed(_parts(post, disclosure, sharing_policy))),
    ]
    return View(
        type="modal",
        callback_id=VIEW,
        title=plain("Copy as e-mail"),
        close=plain("Close"),
        blocks=blocks,
    )


def _parts(post: Post, disclosure: str, sharing_policy: SharingPolicy) -> list[str]:
    """What the e-mail says, each part with an empty line before the next."""
    content = post.content
    policy = replace(sharing_policy, named=frozenset())  # tags as cards show them
    parts = [f"{content.why}\n{content.link}\n", "Texts to share, if you like:\n"]
    for network in content.networks:
        for wording in content.wordings_for(network):
            full = policy.full_text(
                network,
                wording.text,
                disclosure,
                content.link,
                post.id,
                language=wording.language,
            )
            parts.append(f"{_which(wording)}:\n{full}\n")
    parts.append("It's up to you: share it, change it, or leave it.")
    return parts


def _which(wording: Wording) -> str:
    """Where to share the text, and its language where one was named."""
    spoken = f", in {languages.NAMES[wording.language]}" if wording.language else ""
    return f"For {networks.name(wording.network)}{spoken}"

"""A post in the opt-in channel, while it lives and after it ended."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.domain.post import Post, PostState
from bot.slack.views.payload import PostRef, show_ref
from bot.slack.views.post_body import post_body, post_text
from bot.slack.views.text import Message, context, escape, header, plain

SHARE = "share"
SKIP = "skip"


def render_live(post: Post) -> Message:
    """The post with Share and Skip; it mentions nobody."""
    ref = show_ref(PostRef(post.id, post.approved_revision or post.revision))
    buttons = [
        ButtonElement(text=plain("Share"), action_id=SHARE, value=ref, style="primary"),
        ButtonElement(text=plain("Skip"), action_id=SKIP, value=ref),
    ]
    return Message(
        post_text(post),
        (
            *post_body(post),
            ActionsBlock(elements=buttons),
            context(
                "Share if you like, in your own name. Only you see my answer. No colleague or "
                "manager is shown what you press."
            ),
        ),
    )


def why_ended(state: PostState) -> str:
    """Why a post cannot be shared any more."""
    if state is PostState.WITHDRAWN:
        return "This post was withdrawn and can't be shared any more."
    return "This post has ended and can't be shared any more."


def render_ended(post: Post) -> Message:
    """What is left of it: no buttons, and one line why."""
    line = why_ended(post.state)
    return Message(
        f"{escape(post.content.title)}. {line}", (header(post.content.title), context(line))
    )

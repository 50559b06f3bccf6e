"""A post as people will see it, before it is sent for approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock
from slack_sdk.models.views import View

from bot.domain.ids import PostId
from bot.domain.post import Post, PostState
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.slack.views import payload, review
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef
from bot.slack.views.text import button, plain, section

PREVIEW = "post_preview"
EDIT_AGAIN = "edit_again"

_SAVED = "Saved as a draft."
_SAVED_CORRECTION = "Saved as a draft correction. People still see the approved text."


def render(
    post: Post,
    disclosure: str,
    *,
    in_sight: bool,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
) -> View:
    """What was saved, as people will see it; the footer sends it for approval."""
    again = button("Edit", EDIT_AGAIN)
    facts = {"post": post.id, "revision": post.revision, "in_sight": in_sight}
    return View(
        type="modal",
        callback_id=PREVIEW,
        title=plain("Preview"),
        submit=plain("Send for approval"),
        close=plain("Close"),
        private_metadata=payload.dump(facts),
        blocks=[
            section(
                f"{_SAVED_CORRECTION if post.state is PostState.LIVE else _SAVED} Nobody is asked "
                "to approve it until you send it."
            ),
            ActionsBlock(block_id="again", elements=[again]),
            *review.as_seen(post, disclosure, sharing_policy),
        ],
    )


def read(view: Mapping[str, Any]) -> tuple[PostRef, bool]:
    """What the preview shows, and whether the comms channel is in sight; raises Unreadable."""
    facts = payload.metadata(view)
    ref = PostRef(PostId(payload.whole(facts, "post")), payload.whole(facts, "revision"))
    return ref, facts.get("in_sight") is True


def closing(sentence: str) -> View:
    """What became of it, in the place of the preview."""
    return closing_view("Write a post", sentence)

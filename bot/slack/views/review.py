"""The dialog in which a post is read before it is approved: what people will see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, DividerBlock, ImageBlock
from slack_sdk.models.views import View

from bot.domain.approval import Obstacle
from bot.domain.delivery import BOTH
from bot.domain.ids import PostId
from bot.domain.post import Post, PostState
from bot.domain.previews import Preview
from bot.domain.review import Review
from bot.domain.sharing_policy import SharingPolicy
from bot.slack.views import (
    announcements,
    approval,
    cards,
    changes,
    payload,
    post_status,
    previews,
    wordings,
)
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef
from bot.slack.views.post_words import KINDS, ways
from bot.slack.views.text import (
    Message,
    as_typed,
    context,
    escape,
    link,
    packed,
    person,
    plain,
    section,
    shortened,
    wall_clock,
)

FORM = "review_post"

_WHY_NOT = {
    Obstacle.OWN_POST: "You wrote this text, so a colleague has to approve it.",
    Obstacle.WRITER_ERASED: (
        "Its writer is no longer known here. Please open it with Edit and send it for approval as "
        "yours. Then a colleague can approve it."
    ),
    Obstacle.EXPIRY_PASSED: "It's past its end. Please choose a later end with Edit.",
}


def render(review: Review, sharing_policy: SharingPolicy) -> View:
    """The whole dialog. Its footer approves what it shows, where the reader may."""
    post, zone = review.post, review.workspace.policy.zone
    may_approve = review.waits and review.obstacle is None and not review.viewer.is_guest
    buttons = cards.decisions_on(post, approve=False, decide=not review.viewer.is_guest)
    blocks: list[Block] = [section(_about(review))]
    blocks += approval.questions(review.own_news, review.audience) if review.waits else []
    blocks += [ActionsBlock(elements=buttons)] if buttons else []
    if not post.state.ended:
        blocks += changes.render(review.since, review.changes, zone, review.viewer.time_zone)
    disclosure = review.workspace.disclosure
    blocks += [DividerBlock(), *as_seen(post, disclosure, sharing_policy, review.preview)]
    blocks += previews.blocks(review.preview)
    blocks += [context(_details(review))]
    blocks += [context(text) for text in packed(cards.decided(post, review.decisions, zone))]
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(f"Review post {post.id}"[:24]),
        submit=plain("Approve") if may_approve else None,
        close=plain("Close"),
        private_metadata=payload.dump({"post": post.id, "revision": post.revision}),
        blocks=blocks,
    )


def as_seen(
    post: Post, disclosure: str, sharing_policy: SharingPolicy, preview: Preview | None = None
) -> list[Block]:
    """A post as people will see it, in the channel and on each network; nothing in it acts.

    `preview` is None until its page was looked at.
    """
    shown = replace(post, page=previews.as_page(preview))
    in_channel = announcements.render_live(shown).blocks
    return [
        context("*In the channel*, above Share and Skip:"),
        *(_linked(block) for block in in_channel if not isinstance(block, ActionsBlock)),
        *cards.shown_picture(post, preview),
        DividerBlock(),
        context("*What people share*, with the link and the disclosure:"),
        *wordings.blocks(post.content, disclosure, sharing_policy, post.id),
    ]


def _linked(block: Block) -> Block:
    """A picture as a link: Slack refuses a whole dialog where it cannot fetch one."""
    if not isinstance(block, ImageBlock) or block.image_url is None:
        return block
    return as_typed(f"Picture: {block.alt_text}", block.image_url, shortened(block.image_url))


def read_form(view: Mapping[str, Any]) -> PostRef:
    """Which post was read, and which revision of it; raises Unreadable."""
    facts = payload.metadata(view)
    return PostRef(PostId(payload.whole(facts, "post")), payload.whole(facts, "revision"))


def closing(message: Message) -> View:
    """What became of it, in the place of the dialog."""
    return closing_view("Review", message.text)


def _about(review: Review) -> str:
    post = review.post
    lines = [f"*Post {post.id}* by {person(post.writer)}"]
    if post.card_link:
        lines[0] += f" · {link(post.card_link, 'See its card')}"
    status = post_status.lifecycle_text(
        post, review.forecast, review.workspace, after=review.after, uncertain=review.uncertain
    )
    if review.waits and review.obstacle is not None:
        status = f"*Waiting for approval.* {_WHY_NOT[review.obstacle]}"
    elif review.waits and not review.viewer.is_guest:
        status = "*Waiting for approval.* You can approve it below."
    return "\n".join((*lines, status))


def _details(review: Review) -> str:
    content, zone = review.post.content, review.workspace.policy.zone
    lines = [f"Kind: {KINDS[content.kind]}."] if content.kind else []
    lines += [f"Topics: {escape(', '.join(content.topics))}."] if content.topics else []
    lines += [f"{ways(content.delivery)}."] if content.delivery != BOTH else []
    if content.not_before:
        lines.append(f"Not before {wall_clock(content.not_before, zone)}.")
    if content.expires_at:
        lines.append(f"Ends {wall_clock(content.expires_at, zone)}.")
    elif review.post.state is not PostState.LIVE:
        lines.append(f"Ends {review.workspace.post_days} days after it goes out.")
    return " ".join(lines)

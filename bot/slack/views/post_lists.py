"""Lists of posts: what members can browse, and what comms have under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain.channel_queue import Forecast
from bot.domain.ids import PostId
from bot.domain.model import Workspace
from bot.domain.post import Post, PostState
from bot.slack.views.announcements import SHARE
from bot.slack.views.cards import EDIT, STATES, lifecycle_text
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef, show_ref
from bot.slack.views.text import (
    Message,
    as_typed,
    context,
    escape,
    header,
    plain,
    say,
    section,
    shortened,
)

MOST = 10
MOST_EACH = 6  # of one state: six states, a heading and a rest line each, within 50 blocks

_ORDER = (
    PostState.IN_REVIEW,
    PostState.RETURNED,
    PostState.DRAFT,
    PostState.APPROVED,
    PostState.LIVE,
)


def browse(posts: Sequence[Post], answered: Mapping[PostId, str] = MappingProxyType({})) -> Message:
    """The posts that can be shared now, each with its own Share button.

    Those that the reader has `answered` come last, each with what it was.
    """
    if not posts:
        return say("There is nothing to share just now, and nothing you need to do.")
    blocks: list[Block] = []
    posts = sorted(posts, key=lambda post: post.id in answered)  # newest first in each part
    for post in posts[:MOST]:
        blocks += offered(post, answered.get(post.id, ""))
    if len(posts) > MOST:
        blocks.append(context(f"These are {MOST} of {len(posts)}."))
    titles = "; ".join(escape(post.content.title) for post in posts[:MOST])
    return Message(f"You can share: {titles}", tuple(blocks))


def offered(post: Post, answer: str = "") -> list[Block]:
    """One post with its own Share button; `answer` is what the reader has answered to it."""
    content = post.content
    ref = show_ref(PostRef(post.id, post.approved_revision or post.revision))
    share = ButtonElement(
        text=plain("Share again" if answer else "Share"),
        action_id=SHARE,
        value=ref,
        accessibility_label=shortened(f"Share post {post.id}: {content.title}", 75),
    )
    return [
        header(content.title),
        as_typed(content.why, content.link, "Read the article"),
        *([context(answer)] if answer else []),
        ActionsBlock(block_id=f"post:{post.id}", elements=[share]),
    ]


def overview(
    posts: Sequence[Post], forecasts: Mapping[PostId, Forecast], workspace: Workspace
) -> Message:
    """Every post by its state, for comms."""
    if not posts:
        return say("There are no posts yet. You can write one with `/advocacy queue`.")
    blocks: list[Block] = []
    for state in _ORDER:
        found = [post for post in posts if post.state is state]
        if state in (PostState.IN_REVIEW, PostState.APPROVED):
            found.reverse()  # what waits longest comes first
        blocks += _group(STATES[state], found, forecasts, workspace)
    blocks += _group("Ended", [post for post in posts if post.state.ended], forecasts, workspace)
    if workspace.policy.frozen:
        blocks.insert(0, section("Everything is frozen. `/advocacy unfreeze` lets it go on."))
    numbers = ", ".join(f"{post.id} ({STATES[post.state].lower()})" for post in posts[:MOST])
    return Message(f"Posts: {numbers}", tuple(blocks))


def all_posts(
    posts: Sequence[Post], forecasts: Mapping[PostId, Forecast], workspace: Workspace
) -> View:
    """The same in a dialog: on the Home tab nothing can be said beside a button."""
    return View(
        type="modal",
        callback_id="all_posts",
        title=plain("All posts"),
        close=plain("Close"),
        blocks=overview(posts, forecasts, workspace).blocks,
    )


def closing(message: Message) -> View:
    """What became of it, in the place of the list."""
    return closing_view("All posts", message.text)


def _group(
    title: str, posts: Sequence[Post], forecasts: Mapping[PostId, Forecast], workspace: Workspace
) -> list[Block]:
    if not posts:
        return []
    blocks: list[Block] = [section(f"*{title}*")]
    for post in posts[:MOST_EACH]:
        # A draft has no card in the channel, so it is opened from here.
        openable = post.state in (PostState.DRAFT, PostState.RETURNED)
        line = _line(post, forecasts, workspace)
        blocks.append(section(line, accessory=_edit(post) if openable else None))
    if len(posts) > MOST_EACH:
        more = " `/advocacy browse` shows what is live." if posts[0].state is PostState.LIVE else ""
        blocks.append(context(f"These are {MOST_EACH} of {len(posts)}.{more}"))
    return blocks


def _edit(post: Post) -> ButtonElement:
    ref = show_ref(PostRef(post.id, post.revision))
    label = shortened(f"Edit post {post.id}: {post.content.title or 'without a title'}", 75)
    return ButtonElement(text=plain("Edit"), action_id=EDIT, value=ref, accessibility_label=label)


def _line(post: Post, forecasts: Mapping[PostId, Forecast], workspace: Workspace) -> str:
    title = escape(post.content.title) or "without a title"
    line = f"Post {post.id}: {title}"
    if post.state is PostState.APPROVED or post.correction is not None:
        line += f"\n{lifecycle_text(post, forecasts.get(post.id), workspace)}"
    return line

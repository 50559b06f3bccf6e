"""Lists of posts: what members can browse, and what comms have under way."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain.desk import MOST_EACH, MOST_NOT_QUEUED, Overview, Viewer
from bot.domain.home_tab import AnsweredPost, Browsable
from bot.domain.post import Post, PostState
from bot.slack.views import cards, freeze, post_status, responses, schedule
from bot.slack.views.announcements import SHARE
from bot.slack.views.cards import DUPLICATE, EDIT
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef, show_ref
from bot.slack.views.post_status import STATES, lifecycle_text
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
    title_of,
)

_NAMED = 10  # in the plain words

_ORDER = (
    PostState.IN_REVIEW,
    PostState.RETURNED,
    PostState.DRAFT,
    PostState.APPROVED,
    PostState.LIVE,
)


def browse(found: Browsable) -> Message:
    """The posts that can be shared now, each with its own Share button.

    Those that the reader has answered come last, each with what it was.
    """
    if not found.posts:
        return say("There's nothing to share just now.")
    blocks: list[Block] = []
    known = {answer.post_id: answer for answer in found.answered}
    for post in found.posts:
        blocks += offered(post, known.get(post.id))
    if found.left_out > 0:
        shown = len(found.posts)
        blocks.append(context(f"These are {shown} of {shown + found.left_out}."))
    titles = "; ".join(escape(post.content.title) for post in found.posts)
    return Message(f"You can share: {titles}", tuple(blocks))


def offered(post: Post, answer: AnsweredPost | None = None) -> list[Block]:
    """One post with its own Share button; `answer` is what the reader has answered to it."""
    content = post.content
    ref = show_ref(PostRef(post.id, post.approved_revision or post.revision))
    share = ButtonElement(
        text=plain(responses.share_label(answer)),
        action_id=SHARE,
        value=ref,
        accessibility_label=shortened(f"Share post {post.id}: {content.title}", 75),
    )
    return [
        header(content.title),
        as_typed(content.why, content.link, "Read the article"),
        *([context(responses.what_was_answered(answer))] if answer else []),
        ActionsBlock(block_id=f"post:{post.id}", elements=[share]),
    ]


def overview(found: Overview, viewer: Viewer, note: str | None = None) -> Message:
    """Every post by its state, for comms, and the queued ones as the schedule has them.

    `note` is one line at the top.
    """
    posts = found.posts
    if not posts:
        return say("There are no posts yet. You can write one with *Write a post* on Home.")
    blocks: list[Block] = [context(note)] if note else []
    blocks += freeze.status(found.workspace.policy, may_end=not viewer.is_guest)
    for state in _ORDER:
        if state is PostState.APPROVED:
            blocks += _planned(found, viewer)
            continue
        some = [post for post in posts if post.state is state]
        if state is PostState.IN_REVIEW:
            some.reverse()  # what waits longest comes first
        blocks += _group(STATES[state], some, found, state)
    ended = [post for post in posts if post.state.ended]
    blocks += _group("Ended", ended, found, *(state for state in PostState if state.ended))
    numbers = ", ".join(f"{post.id} ({STATES[post.state].lower()})" for post in posts[:_NAMED])
    return Message(f"Posts: {numbers}", tuple(blocks))


def all_posts(found: Overview, viewer: Viewer, note: str | None = None) -> View:
    """The same in a dialog: on the Home tab nothing can be said beside a button."""
    return View(
        type="modal",
        callback_id=cards.ALL_POSTS,
        title=plain("All posts"),
        close=plain("Close"),
        blocks=overview(found, viewer, note).blocks,
    )


def closing(message: Message) -> View:
    """What became of it, in the place of the list."""
    return closing_view("All posts", message.text)


def _planned(found: Overview, viewer: Viewer) -> list[Block]:
    """The schedule's beginning, and the approved posts that may be in the channel already."""
    queued = schedule.queued(found)
    listed = {post.id for post in queued}
    others = [
        post for post in found.posts if post.state is PostState.APPROVED and post.id not in listed
    ]
    blocks: list[Block] = [section("*Planned*")] if queued or others else []
    blocks += schedule.rows(found, viewer, queued[:MOST_EACH])
    blocks += [section(_line(post, found)) for post in others[:MOST_NOT_QUEUED]]
    if len(found.forecasts) > MOST_EACH:
        blocks.append(context(f"These are the first {MOST_EACH} of {len(found.forecasts)}."))
    return blocks


def _group(title: str, posts: Sequence[Post], found: Overview, *states: PostState) -> list[Block]:
    if not posts:
        return []
    blocks: list[Block] = [section(f"*{title}*")]
    for post in posts[:MOST_EACH]:
        # A draft has no card in the channel, so it is opened from here.
        if post.state in (PostState.DRAFT, PostState.RETURNED):
            shown = cards.button(post, "Edit", EDIT)
        elif post.state.ended and post.card_link:  # its card says all that a review would
            shown = cards.button(post, "Duplicate", DUPLICATE)
        else:
            shown = _review(post)
        blocks.append(section(_line(post, found), accessory=shown))
    if found.count(*states) > MOST_EACH:
        more = " `/advocacy browse` shows what is live." if posts[0].state is PostState.LIVE else ""
        blocks.append(context(f"These are {MOST_EACH} of {found.count(*states)}.{more}"))
    return blocks


def _review(post: Post) -> ButtonElement:
    return cards.button(post, "Review", cards.REVIEW)


def _line(post: Post, found: Overview) -> str:
    line = f"Post {post.id}: {title_of(post)}"
    if post.state is PostState.DRAFT and post.from_feed:
        line += f"\nFrom the feed “{escape(post.from_feed)}”"
    if post.state is PostState.LIVE and post.correction is None:
        line += f"\n{post_status.live_since(post, found.workspace.policy.zone)}"
    elif post.state in (PostState.APPROVED, PostState.LIVE):
        stands = lifecycle_text(
            post,
            found.forecasts.get(post.id),
            found.workspace,
            uncertain=post.id in found.uncertain,
        )
        line += f"\n{stands}"
    return line

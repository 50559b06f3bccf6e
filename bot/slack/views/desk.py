"""The desk of comms on the Home tab: what needs them, what is planned, and what is live."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.domain.desk import MOST_ON_DESK, MOST_ROWS, Desk, DeskRow, Need
from bot.domain.post import Post, PostState
from bot.slack.views import (
    cards,
    feeds,
    freeze,
    notices,
    pace_check,
    post_status,
    record,
    reports,
    schedule,
)
from bot.slack.views.text import (
    button,
    context,
    escape,
    header,
    person,
    section,
    shortened,
    title_of,
)

_LONGEST_REASON = 300

_SENTENCES = {
    Need.SETTLE: "I can't tell whether it reached the channel. Please look, and tell me.",
    Need.APPROVE: "It's waiting for your approval.",
    Need.APPROVE_CORRECTION: "It's live, and a correction is waiting for your approval.",
    Need.REWRITE: "It was sent back to you.",
    Need.TAKE_OVER: (
        "It's waiting for approval, but its writer is no longer known here. Please edit it and "
        "send it as yours."
    ),
    Need.EXTEND: "It wasn't approved before its end. Please choose a later end.",
}
_WHERE = {
    PostState.IN_REVIEW: "Waiting for a colleague",
    PostState.RETURNED: "Sent back to a colleague",
    PostState.DRAFT: "Drafts",
}
_TO_EDIT = (Need.REWRITE, Need.TAKE_OVER, Need.EXTEND)


def render(desk: Desk) -> list[Block]:
    """The whole desk."""
    overview = desk.overview
    blocks: list[Block] = [header("Comms desk"), *_needs(desk)]
    blocks.append(ActionsBlock(elements=_buttons(desk)))
    planned = schedule.queued(overview)
    if planned:
        blocks.append(section("*Planned*"))
        blocks += schedule.rows(overview, desk.viewer, planned[:MOST_ON_DESK])
        more = len(overview.forecasts) - MOST_ON_DESK
        if more > 0:
            blocks.append(context(f"{more} more in *Schedule*."))
    drafts = [post for post in overview.posts if post.untouched]
    blocks += _from_feeds(drafts, len(drafts) + desk.more_from_feeds)
    blocks += _live([post for post in overview.posts if post.state is PostState.LIVE], desk)
    blocks += _others(desk)
    blocks += reports.desk_lines(desk.span)
    if desk.pace_check is not None:
        blocks += pace_check.render(desk.pace_check, overview.workspace.policy.zone).blocks
    return blocks


def _needs(desk: Desk) -> list[Block]:
    frozen = freeze.status(desk.overview.workspace.policy, may_end=not desk.viewer.is_guest)
    blocks: list[Block] = [section("*Needs you*"), *frozen]
    for row in desk.rows[:MOST_ROWS]:
        blocks += _row(row)
    more = len(desk.rows) + desk.more_rows - MOST_ROWS
    if more > 0:
        blocks.append(context(f"{more} more in *All posts*."))
    return blocks if frozen or desk.rows else [section("*Nothing needs you.*")]


def _row(row: DeskRow) -> list[Block]:
    post = row.post
    sentence = _SENTENCES[row.need]
    if row.need is Need.REWRITE and row.reason:
        sentence = f"It was sent back to you: {escape(shortened(row.reason, _LONGEST_REASON))}"
    line = f"{title_of(post)}\nPost {post.id} by {person(post.writer)}. {sentence}"
    review = cards.button(post, "Review", cards.REVIEW)
    if row.need is Need.SETTLE:
        return [section(line), ActionsBlock(elements=notices.settle_buttons(post.id))]
    if row.need in _TO_EDIT:
        edit = cards.button(post, "Edit", cards.EDIT)
        return [section(line), ActionsBlock(elements=[edit, review])]
    review.style = "primary"
    return [section(line, accessory=review)]


def _buttons(desk: Desk) -> list[ButtonElement]:
    buttons = [
        button("Write a post", cards.WRITE),
        button("Schedule", schedule.OPEN),
        button("All posts", cards.ALL_POSTS),
        button("Feeds", feeds.OPEN),
    ]
    if not desk.viewer.is_guest:
        if desk.span is None:
            buttons.append(button("Report", reports.REPORT))
        buttons.append(record.open_button())
        if desk.overview.workspace.policy.freeze is None:
            buttons.append(freeze.freeze_button())
    return buttons


def _from_feeds(drafts: Sequence[Post], count: int) -> list[Block]:
    """The newest of so many drafts that wait for nobody; who likes one finishes it."""
    if not drafts:
        return []
    blocks: list[Block] = [section("*New from feeds*")]
    for post in drafts[:MOST_ON_DESK]:
        line = f"{title_of(post)}\nFrom the feed “{escape(post.from_feed)}”."
        blocks.append(section(line, accessory=cards.button(post, "Edit", cards.EDIT)))
    if count > MOST_ON_DESK:
        blocks.append(context(f"{count - MOST_ON_DESK} more in *All posts*."))
    return blocks


def _live(live: Sequence[Post], desk: Desk) -> list[Block]:
    if not live:
        return []
    zone = desk.overview.workspace.policy.zone
    shown = sorted(
        live[:MOST_ON_DESK], key=lambda post: -post.live_at.timestamp() if post.live_at else 0.0
    )
    lines = [f"{title_of(post)}. {post_status.live_since(post, zone)}" for post in shown]
    count = desk.overview.count(PostState.LIVE) - MOST_ON_DESK
    more = [f"{count} more in *All posts*."] if count > 0 else []
    return [section("\n".join((*lines, *more)))]


def _others(desk: Desk) -> list[Block]:
    """How many posts are under way that need somebody else, or nobody yet."""
    lines = [
        f"{_WHERE[state]}: {count}." for state in _WHERE if (count := desk.others.get(state, 0))
    ]
    return [context(" ".join(lines))] if lines else []

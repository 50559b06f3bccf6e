"""The schedule: what goes out when and why then, and the buttons that move a post in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain import channel_queue
from bot.domain.channel_queue import Move, Moved, TooLate
from bot.domain.desk import MOST_PLANNED, Overview, Viewer
from bot.domain.ids import PostId
from bot.domain.post import Post, PostState
from bot.slack.views import cards, post_status
from bot.slack.views.errors import closing_view
from bot.slack.views.text import (
    Message,
    button,
    context,
    name,
    person,
    plain,
    say,
    section,
    title_of,
    wall_clock_date,
)

DIALOG = "schedule"
OPEN = "open_schedule"
MOVE = "move_post"

_LABELS = {Move.UP: "Move up", Move.DOWN: "Move down", Move.NEXT: "Move to top"}


def queued(overview: Overview) -> list[Post]:
    """The posts that wait for the channel, of those that are shown, the next one first."""
    found = {post.id: post for post in overview.posts if post.state is PostState.APPROVED}
    return [found[post_id] for post_id in overview.forecasts if post_id in found]


def rows(overview: Overview, viewer: Viewer, posts: Iterable[Post]) -> list[Block]:
    """Each of these queued posts with its moment, its author, why then, and its buttons."""
    blocks: list[Block] = []
    order = list(overview.forecasts)
    for post in posts:
        forecast = overview.forecasts.get(post.id)
        after = channel_queue.find_predecessor(overview.forecasts, post.id)
        policy = overview.workspace.policy
        planned = post_status.expected(post, forecast, policy, after, viewer.time_zone)
        line = f"{title_of(post)}\nPost {post.id} by {person(post.writer)}. {planned}"
        blocks += [section(line), ActionsBlock(elements=_buttons(post, order, viewer))]
    return blocks


def dialog(overview: Overview, viewer: Viewer, note: str | None = None) -> View:
    """All of it; `note` is one line at its top."""
    posts = queued(overview)
    blocks: list[Block] = [context(note)] if note else []
    if not posts:
        blocks.append(section("No posts are planned. Approved posts appear here."))
    blocks += rows(overview, viewer, posts[:MOST_PLANNED])
    if len(overview.forecasts) > MOST_PLANNED:  # who has more in the queue moves the first ones
        first = f"the first {MOST_PLANNED} of {len(overview.forecasts)}"
        blocks.append(context(f"These are {first}."))
    return View(
        type="modal",
        callback_id=DIALOG,
        title=plain("Schedule"),
        close=plain("Close"),
        blocks=blocks,
    )


def moved(post: Post | None, what: Moved) -> str | None:
    """What became of a move, where the list does not show it."""
    if post is None or what is Moved.NOT_QUEUED:
        return "That post isn't in the schedule any more."
    if what is Moved.STAYS:
        return (
            f"{name(post)} stays where it is. It may already be there, or its earliest time or "
            "its end leaves no other place."
        )
    return None


def closing(sentence: str) -> View:
    """What became of it, in the place of the schedule."""
    return closing_view("Schedule", sentence)


def _buttons(post: Post, order: list[PostId], viewer: Viewer) -> list[ButtonElement]:
    review = cards.button(post, "Review", cards.REVIEW)
    place = order.index(post.id)
    if viewer.is_guest or len(order) < 2:
        return [review]
    ways = [Move.UP, Move.NEXT] if place else []
    ways += [Move.DOWN] if place < len(order) - 1 else []
    moves = [cards.button(post, _LABELS[to], f"{MOVE}:{to}") for to in Move if to in ways]
    return [*moves, review]


def runs_dry(last: date | None) -> Message:
    """Nothing is queued after the day `last`, or nothing at all."""
    after = "" if last is None else f" after {last:%A} {last.day} {last:%B}"
    write = button("Write a post", cards.WRITE)
    return say(
        f"Nothing is queued{after}. A quiet week is fine, too.", ActionsBlock(elements=[write])
    )


def piles_up(post: str, too_late: TooLate, zone: str) -> Message:
    """A post, as mrkdwn, ends before its turn comes; `zone` is the workspace's."""
    turn, end = (wall_clock_date(each, zone) for each in (too_late.turn, too_late.end))
    return say(
        f"At this pace {post} would go out on {turn}, after it ends on {end}. You could give it a "
        "later end, move it up, or withdraw a post ahead of it.",
        ActionsBlock(elements=[button("Schedule", OPEN)]),
    )

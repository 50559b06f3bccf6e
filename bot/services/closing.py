"""Closing: figures of a post, a week after it ended, and of a month, a week after that.

Each step is a transaction of its own, so that clicks do not wait for it; a step that was missed is
made up for the next day. What is published once is never computed again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import reports, retention, snapshot, spans
from bot.domain.ids import UserId
from bot.domain.reports import ClosedPost, Published
from bot.domain.spans import Span
from bot.storage import figures, members, snapshots, workspaces
from bot.storage.figures import EndedPost, Progress
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class WaitingPosts:
    """The posts of which the figures of months up to `last` are computed.

    `least` is how many people have to be behind a figure.
    """

    first: date
    last: date
    posts: Sequence[ClosedPost]
    least: int

    def publish(self) -> Published | None:
        """What may be published of them together; it can take a second."""
        return reports.publish_span(self.posts, self.least)


def begin(tx: Tx) -> list[EndedPost]:
    """The posts whose figures are to be computed now; none while figures don't act.

    What closes while they don't is never computed, and what was counted so far is deleted.
    """
    found, progress = workspaces.load(tx), figures.load_progress(tx)
    until = tx.now - spans.CLOSED_AFTER
    if found.figures and snapshots.load_head(tx).gate and progress.since and progress.until:
        # Afterwards people are erased, one after the other.
        after = max(progress.until, tx.now - retention.KEPT_FOR)
        return figures.find_ended(tx, after, until)
    stop(tx)
    month = spans.last_closed(tx.now, found.policy.zone)
    since = tx.now if found.figures and snapshots.load_head(tx).gate else None
    figures.record_progress(tx, Progress(since, until, month))
    return []


def stop(tx: Tx) -> None:
    """Delete what was counted and not published; what closes before the next day never is."""
    figures.delete_counts(tx)
    figures.record_progress(tx, Progress(None, None, None))


def close_post(tx: Tx, post: EndedPost, comms: Collection[UserId]) -> None:
    """Publish what may be of a post, once; people in comms don't count."""
    found = workspaces.load(tx)
    cells = figures.count_cells(tx, post, comms)
    closed = ClosedPost(cells, reports.publish_post(cells, found.least_people))
    month = spans.month_of(post.ended_at, found.policy.zone)
    shown = reports.find_figures([closed], closed.published)
    figures.insert_post(tx, post.id, month, closed, shown)


def end(tx: Tx, comms: Collection[UserId]) -> date | None:
    """Record that all posts until now are closed; which month is to be closed next, if one is."""
    progress = figures.load_progress(tx)
    if progress.since is None:
        return None
    figures.record_progress(tx, replace(progress, until=tx.now - spans.CLOSED_AFTER))
    zone = workspaces.load(tx).policy.zone
    quarter = spans.quarter_of(snapshot.day_of(tx.now, zone))
    if figures.load_members(tx, quarter) is None:
        counted = members.count_consenting(tx, comms)
        told = reports.steady(figures.find_members(tx), counted, reports.MEMBERS_ROUNDED_TO)
        figures.insert_members(tx, quarter, told)
    return _next_month(tx, progress)


def load_waiting(tx: Tx, last: date, comms: Collection[UserId]) -> WaitingPosts | None:
    """The posts that wait for the figures of their month or an earlier one; None where none do."""
    waiting = figures.find_waiting(tx, last)
    if not waiting:
        return None
    least = workspaces.load(tx).least_people
    posts = {post_id: post for post_id, (_, post) in waiting.items()}
    for ended in figures.find_unfolded(tx, list(posts)):
        post = posts[ended.id]
        small = [cell for cell, people in post.cells.items() if cell.stage and people < least]
        people = figures.find_people(tx, ended, small, comms)
        known = {cell: who for cell, who in people.items() if len(who) <= post.cells.get(cell, 0)}
        posts[ended.id] = replace(post, known=known)
    first = min(month for month, _ in waiting.values())
    return WaitingPosts(first, last, list(posts.values()), least)


def close_month(
    tx: Tx, month: date, waiting: WaitingPosts | None, published: Published | None
) -> date | None:
    """Publish what may be of the posts that waited; which month comes next.

    Where it is too little they wait for the next one, but not for ever.
    """
    progress = figures.load_progress(tx)
    if waiting is not None and published is not None:
        quarter = spans.quarter_of(snapshot.day_of(tx.now, workspaces.load(tx).policy.zone))
        span = Span(
            waiting.first,
            month,
            len(waiting.posts),
            figures.load_members(tx, quarter),
            reports.find_figures(waiting.posts, published),
        )
        figures.insert_span(tx, span)
        figures.delete_counts(tx, month)
    elif waiting and spans.months_between(waiting.first, month) >= spans.MOST_MONTHS:
        figures.delete_counts(tx, month)
    figures.record_progress(tx, replace(progress, month=month))
    return _next_month(tx, replace(progress, month=month))


def _next_month(tx: Tx, progress: Progress) -> date | None:
    if progress.month is None:
        return None
    month = spans.next_month(progress.month)
    return month if month <= spans.last_closed(tx.now, workspaces.load(tx).policy.zone) else None

"""Lists of posts. Each reads what a screen shows, and counts the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from bot.domain import desk
from bot.domain.desk import Desk, DeskRow, Overview, Viewer
from bot.domain.post import Post, PostState
from bot.services import forecast, pace_check, reports
from bot.storage import announcements, post_lists, posts, workspaces
from bot.storage.tx import Tx

_LISTED = tuple(state for state in PostState if state is not PostState.APPROVED)


def load_overview(tx: Tx) -> Overview:
    """Posts of every state, and when the queued ones go out."""
    workspace = workspaces.load(tx)
    forecasts = forecast.load_forecasts(tx, workspace)
    shown = [
        *post_lists.find_some_of_each(tx, _LISTED, desk.MOST_EACH),
        *islice(forecasts, desk.MOST_EACH),
        *post_lists.find_approved_but(tx, forecasts, desk.MOST_NOT_QUEUED),
    ]
    found = posts.load_newest(tx, shown)
    return Overview(
        workspace=workspace,
        posts=found,
        forecasts=forecasts,
        uncertain=frozenset(announcements.find_uncertain(tx)),
        left_out=_left_out(post_lists.count_by_state(tx, tuple(PostState)), found),
    )


def load_some(tx: Tx, state: PostState, most: int) -> list[Post]:
    """The newest posts of one state, newest first; of those in review the oldest."""
    return posts.load_newest(tx, post_lists.find_some_of_each(tx, [state], most))


def load_schedule(tx: Tx) -> Overview:
    """The posts that go out next, and when."""
    workspace = workspaces.load(tx)
    forecasts = forecast.load_forecasts(tx, workspace)
    shown = list(islice(forecasts, desk.MOST_PLANNED))
    return Overview(workspace, posts.load_newest(tx, shown), forecasts)


def load_desk(tx: Tx, viewer: Viewer) -> Desk:
    """What somebody in comms sees of what needs them, and of what is under way."""
    workspace = workspaces.load(tx)
    forecasts, waiting = forecast.load_forecasts(tx, workspace), post_lists.load_waiting(tx)
    uncertain = frozenset(announcements.find_uncertain(tx))
    needs = desk.find_needs(viewer, waiting, uncertain, workspace, tx.now)
    needing = [post_id for _, post_id in needs[: desk.MOST_ROWS]]
    fresh = post_lists.find_untouched(tx, desk.MOST_ON_DESK)
    under_way = [
        *islice(forecasts, desk.MOST_ON_DESK),
        *post_lists.find_some_of_each(tx, [PostState.LIVE], desk.MOST_ON_DESK),
        *fresh,
    ]
    found = {post.id: post for post in posts.load_newest(tx, {*needing, *under_way})}
    reasons = posts.load_reasons(tx, needing)
    rows = [
        DeskRow(need, found[post_id], reasons.get(post_id))
        for need, post_id in needs[: desk.MOST_ROWS]
    ]
    counts = post_lists.count_by_state(tx, (PostState.LIVE, PostState.DRAFT))
    shown, untouched = [found[post_id] for post_id in under_way], post_lists.count_untouched(tx)
    overview = Overview(workspace, shown, forecasts, uncertain, _left_out(counts, shown))
    return Desk(
        viewer=viewer,
        rows=rows,
        overview=overview,
        pace_check=None if viewer.is_guest else pace_check.load_pace_check(tx),
        span=None if viewer.is_guest else reports.load_newest_span(tx),
        more_rows=len(needs) - len(rows),
        more_from_feeds=untouched - len(fresh),
        others=desk.count_others(waiting, needs, counts[PostState.DRAFT] - untouched),
    )


def _left_out(counts: Counter[PostState], shown: Sequence[Post]) -> Counter[PostState]:
    return counts - Counter(post.state for post in shown)

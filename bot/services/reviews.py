"""Reading a post before it is approved: all of it, what changed, and who may approve."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import approval, audience, channel_queue, review
from bot.domain.desk import Viewer
from bot.domain.ids import PostId
from bot.domain.model import DispatchState
from bot.domain.post import Decision, Post, PostState, Verdict
from bot.domain.review import Change, Review
from bot.services import forecast, post_mix
from bot.storage import announcements, posts, previews, snapshots, workspaces
from bot.storage.tx import Tx


def load_review(tx: Tx, viewer: Viewer, post_id: PostId) -> Review | None:
    """A post as it is read before it is approved; None where there is no such post."""
    post = posts.find(tx, post_id)
    if post is None:
        return None
    workspace = workspaces.load(tx)
    decisions = posts.load_decisions(tx, post_id)
    since, changes = find_changes(tx, post, decisions)
    queued = post.state is PostState.APPROVED
    forecasts = forecast.load_forecasts(tx, workspace) if queued else {}
    sent = announcements.find(tx, post_id)
    waits = post.newest_state is PostState.IN_REVIEW
    return Review(
        viewer=viewer,
        post=post,
        decisions=decisions,
        since=since,
        changes=changes,
        waits=waits,
        obstacle=approval.find_obstacle(
            post.writer, post.content.expires_at, viewer.user_id, workspace.approvals, tx.now
        )
        if waits
        else None,
        own_news=post_mix.count_own_news(tx, post) if waits else None,
        audience=audience.find_audience(snapshots.load(tx), post.content) if waits else None,
        forecast=forecasts.get(post_id),
        after=channel_queue.find_predecessor(forecasts, post_id),
        workspace=workspace,
        uncertain=sent is not None and sent.state is DispatchState.UNCERTAIN,
        preview=previews.find_by_link(tx, post_id, post.content.link),
    )


def find_changes(
    tx: Tx, post: Post, decisions: Sequence[Decision]
) -> tuple[Decision | None, list[Change]]:
    """The last decision about an earlier text of a post, and what changed since."""
    since = _decided_last(post, decisions)
    earlier = posts.find_revision(tx, post.id, since.revision) if since else None
    return since, review.compare(earlier, post.content) if earlier else []


def _decided_last(post: Post, decisions: Sequence[Decision]) -> Decision | None:
    """The last approval of an earlier text, else the last time that one was sent back."""
    for verdict in (Verdict.APPROVED, Verdict.SENT_BACK):
        for decision in reversed(decisions):
            if decision.verdict is verdict and decision.revision < post.revision:
                return decision
    return None

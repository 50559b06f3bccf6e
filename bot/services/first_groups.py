"""First groups: the shares of a snapshot, the daily verdicts, and whom a post goes to meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain import first_group
from bot.domain.first_group import FirstGroup
from bot.domain.ids import PostId, UserId
from bot.domain.model import NoticeKind, Reach, Workspace
from bot.domain.snapshot import Snapshot
from bot.storage import askable_posts, notices
from bot.storage.askable_posts import AskablePost
from bot.storage.tx import Tx


def find_first_group(
    tx: Tx, post: AskablePost, workspace: Workspace, snapshot: Snapshot
) -> FirstGroup | None:
    """The first group of the post as of now; None where it may be proposed to everybody."""
    if not snapshot.gate or post.reach is Reach.EVERYBODY:
        return None
    base = snapshot.group_shares.get(post.post_id, snapshot.group_share)
    policy = workspace.policy
    share = first_group.grown_share(base, post.text_live_at, policy.workdays, policy.zone, tx.now)
    return FirstGroup(post.post_id, post.revision, share) if share < 1 else None


def load_shares(tx: Tx, askable: int, apart: Collection[UserId]) -> dict[PostId, float]:
    """The share of each post without a verdict, among so many members who may be asked."""
    return {
        post.post_id: first_group.base_share(askable_posts.count_fitting(tx, post, apart), askable)
        for post in askable_posts.load_askable(tx, Reach.FIRST_GROUP)
    }


def record_verdicts(tx: Tx, apart: Collection[UserId]) -> None:
    """Open posts that go well to everybody, and stop those that do not find their audience.

    The people who are left `apart` count in no verdict.
    """
    posts = askable_posts.load_askable(tx, Reach.FIRST_GROUP)
    for post_id, trial in askable_posts.load_trials(tx, posts, apart).items():
        reach = first_group.judge(trial)
        if reach is not Reach.FIRST_GROUP:
            askable_posts.record_reach(tx, post_id, reach)
        if reach is Reach.STOPPED:
            notices.enqueue(tx, NoticeKind.FIRST_GROUP_STOPPED, post_id=post_id)

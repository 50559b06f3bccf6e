"""In which order a member is offered wordings, and when comms are asked to write more."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain import snapshot as snapshot_rules
from bot.domain import wording_order
from bot.domain.ids import UserId
from bot.domain.model import Member, NoticeKind
from bot.domain.post import Post, PostState, Wording
from bot.domain.snapshot import Snapshot, WordingKey, wording_key
from bot.storage import notices, posts, wording_usage
from bot.storage.tx import Tx


def offered_wordings(
    post: Post, member: Member | None, snapshot: Snapshot
) -> tuple[tuple[Wording, ...], tuple[Wording, ...]]:
    """The wordings of the post in the member's own order: those to offer first, and those last.

    Last come those that the snapshot found used enough.
    """
    known = (None, None) if member is None else (member.seed, member.preferences.language)
    ordered = wording_order.order_wordings(post.id, post.content.wordings, *known)
    used = {one for one in ordered if wording_order.is_used(post.id, one, snapshot)}
    return (
        tuple(one for one in ordered if one not in used),
        tuple(one for one in ordered if one in used),
    )


def find_used(tx: Tx, members: int, apart: Collection[UserId]) -> frozenset[WordingKey]:
    """The wordings of live posts that were used enough, among so many members.

    The people who are left `apart` count neither here nor there.
    """
    since = tx.now - wording_order.WINDOW
    opened = {
        wording_key(post_id, wording): people
        for post_id, wording, people in wording_usage.count_openings(tx, since, apart)
    }
    return snapshot_rules.find_used(opened, members, wording_order.max_uses(members))


def request_wordings(tx: Tx, snapshot: Snapshot) -> None:
    """Add a notice about each network of a live post whose wordings are all used enough.

    Once for each revision: a correction may bring new words, and run out of them too.
    """
    if not snapshot.used:
        return
    for post in posts.load_approved(tx, [PostState.LIVE]):
        for network in post.content.networks:
            wordings = post.content.wordings_for(network)
            if all(wording_order.is_used(post.id, one, snapshot) for one in wordings):
                notices.enqueue_once(
                    tx,
                    NoticeKind.WORDINGS_USED_UP,
                    post_id=post.id,
                    detail=f"{network}:{post.approved_revision}",
                )

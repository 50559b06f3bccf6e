"""Which wordings are offered to a member, and when comms are asked to write more."""

from __future__ import annotations

from bot.domain import wording_order
from bot.domain.model import NoticeKind
from bot.domain.post import Post, Wording
from bot.storage import members, notices, posts, wording_usage
from bot.storage.tx import Tx


def load_offered_wordings(tx: Tx, post: Post, language: str | None = None) -> tuple[Wording, ...]:
    """The wordings of the post that are not used up: a member's language first, then least used."""
    opened = wording_usage.count_by_wording(tx, post.id, tx.now - wording_order.WINDOW)
    counted = wording_order.near_limit(opened)  # else no number of members would change anything
    people = members.count_consenting(tx) if counted else 0
    return wording_order.order_wordings(post.content.wordings, opened, people, language)


def request_wordings(tx: Tx) -> None:
    """Add a notice about each network of a live post whose wordings are all used up.

    Once for each revision: a correction may bring new words, and run out of them too.
    """
    for post_id in wording_usage.find_often_opened(
        tx, wording_order.MIN_LIMIT, tx.now - wording_order.WINDOW
    ):
        post = posts.find_approved(tx, post_id)
        if post is None:
            continue
        left = {wording.network for wording in load_offered_wordings(tx, post)}
        for network in post.content.networks:
            if network not in left:
                notices.enqueue_once(
                    tx,
                    NoticeKind.WORDINGS_USED_UP,
                    post_id=post_id,
                    detail=f"{network}:{post.approved_revision}",
                )

"""The share dialog's data, and the posts that can be shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.home_tab import MOST_BROWSED
from bot.domain.ids import PostId, UserId
from bot.domain.model import Member, Stage
from bot.domain.post import Network, Post, Wording
from bot.domain.responses import Unanswerable, why_unanswerable
from bot.services import membership, wording_order
from bot.storage import posts, responses, snapshots
from bot.storage.tx import Tx

_AT_ONCE = 10  # posts read at a time, until enough of them fit


@dataclass(frozen=True, slots=True)
class ShareDialogData:
    """All that the share dialog shows: the post as approved, and its reader.

    `member` is None where there is no valid consent. `wordings` are those to offer first, in the
    member's own order, `used` those that were used enough and come last. `named` are the networks
    that a link's tag may name.
    """

    post: Post
    member: Member | None
    stage: Stage | None
    wordings: tuple[Wording, ...]
    used: tuple[Wording, ...] = ()
    named: frozenset[Network] = frozenset()


def load_share_dialog(tx: Tx, user_id: UserId, post_id: PostId) -> ShareDialogData | Unanswerable:
    """What the share dialog of this person on this post shows."""
    facts = responses.load_click_facts(tx, user_id, post_id)
    post = posts.find_approved(tx, post_id)
    if facts is None:
        return Unanswerable.NO_SUCH_POST
    obstacle = why_unanswerable(facts, tx.now)
    if obstacle is not None and obstacle is not Unanswerable.NO_CONSENT:
        return obstacle
    if post is None:
        return Unanswerable.NOT_LIVE
    member = membership.load_consenting(tx, user_id)
    snapshot = snapshots.load(tx)
    wordings, used = wording_order.offered_wordings(post, member, snapshot)
    return ShareDialogData(post, member, facts.stage, wordings, used, snapshot.networks)


def load_shareable_posts(
    tx: Tx, most: int = MOST_BROWSED, fits: Callable[[Post], bool] = lambda _post: True
) -> list[Post]:
    """The newest posts that can be shared now and fit, at most so many."""
    found: list[Post] = []
    before = None
    while len(found) < most:
        some = posts.load_live(tx, before, _AT_ONCE)
        found += [post for post in some if not post.content.expired(tx.now) and fits(post)]
        if len(some) < _AT_ONCE:
            break
        before = some[-1].id
    return found[:most]

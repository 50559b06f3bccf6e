"""The opt-in channel: what goes out when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import channel_pacing, channel_queue, lifecycle
from bot.domain.ids import PostId, UserId
from bot.domain.lifecycle import Action, may_become
from bot.domain.model import Allowed, DispatchState, NoticeKind
from bot.domain.post import Post, PostState
from bot.domain.record import Act
from bot.services import dispatches as dispatch_service
from bot.storage import announcements, cards, dispatches, notices, posts, record, workspaces
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class ClaimedAnnouncement:
    """An announcement that this process must now send."""

    post: Post
    channel: str


def find_due(tx: Tx, *, lock: bool = False) -> PostId | None:
    """The post that may go out now, if any; `lock` keeps others from claiming it meanwhile."""
    found = workspaces.find(tx, lock=lock)
    if found is None or announcements.is_sending(tx):
        return None
    waiting = announcements.load_queued_posts(tx)
    if not waiting:
        return None
    announced = announcements.load_recent(tx)
    decision = channel_pacing.decide([one.at for one in announced], found.policy, tx.now)
    if not isinstance(decision, Allowed):
        return None
    chosen = channel_queue.next_post(waiting, announced, tx.now)
    return None if chosen is None else chosen.post_id


def claim_next(tx: Tx) -> ClaimedAnnouncement | None:
    """Take the next post for the channel, if one may go out now; the caller then sends it.

    One that was queued again although a member's click had shown its message goes live in its
    turn, without being sent twice.
    """
    due = find_due(tx, lock=True)
    post = None if due is None else posts.find_approved(tx, due)
    if post is None:
        return None
    planned = announcements.find(tx, post.id) or announcements.insert_planned(tx, post.id)
    dispatches.mark_sending(tx, planned, post.approved_revision)
    claimed = ClaimedAnnouncement(post, workspaces.load(tx).advocacy_channel)
    if planned.channel and planned.message_ts:
        record_sent(tx, claimed, planned.channel, planned.message_ts)
        return None
    return claimed


def record_sent(tx: Tx, claimed: ClaimedAnnouncement, channel: str, ts: str) -> None:
    """Record that the message is in the channel."""
    found = announcements.find(tx, claimed.post.id)
    if found is None or not may_become(found.state, DispatchState.SENT):
        return
    dispatches.mark_sent(tx, found, channel, ts)
    workspaces.record_trouble(tx, None)
    notices.cancel(tx, NoticeKind.TROUBLE)
    notices.cancel(tx, NoticeKind.UNCERTAIN, found.post_id)
    _go_live(tx, found.post_id)


def release_others(tx: Tx) -> None:
    """Let approved posts that don't go to the channel go live at their time, unless frozen."""
    found = workspaces.find(tx)
    if found is None or found.policy.freeze is not None:
        return
    for post_id in posts.find_due_outside_channel(tx):
        _go_live(tx, post_id, announced=False)


def record_link(tx: Tx, post_id: PostId, link: str) -> None:
    """Record the address of the message that has just been sent, for comms."""
    posts.record_message_link(tx, post_id, link)


def record_not_sent(
    tx: Tx, claimed: ClaimedAnnouncement, trouble: str, not_before: datetime
) -> None:
    """Record that Slack surely did not post it: it stays queued, and comms hear of it once."""
    found = announcements.find(tx, claimed.post.id)
    if found is not None and found.state is DispatchState.SENDING:
        dispatches.mark_unsent(tx, found, DispatchState.PLANNED, not_before)
    cards.mark_queued_outdated(tx)
    if workspaces.record_trouble(tx, trouble):
        notices.enqueue(tx, NoticeKind.TROUBLE, post_id=claimed.post.id, detail=trouble)


def record_uncertain(tx: Tx, claimed: ClaimedAnnouncement) -> None:
    """Record that nobody knows whether it was posted; it counts as posted until comms decide."""
    dispatch_service.give_up(tx, announcements.find(tx, claimed.post.id))


def settle_uncertain(tx: Tx, user_id: UserId, post_id: PostId) -> bool:
    """Record that an uncertain announcement is there, as comms say; False where none was open."""
    if not _settle(tx, post_id):
        return False
    _record_settled(tx, user_id, Act.FIND_IN_CHANNEL, post_id, DispatchState.SENT)
    return True


def _settle(tx: Tx, post_id: PostId) -> bool:
    found = announcements.find(tx, post_id)
    if found is None or found.state is not DispatchState.UNCERTAIN:
        return False
    dispatches.settle_as_sent(tx, found)
    notices.cancel(tx, NoticeKind.UNCERTAIN, post_id)
    _go_live(tx, post_id)
    return True


def note_message(tx: Tx, post_id: PostId, channel: str, ts: str) -> None:
    """Note which message an announcement is, as a member's click on it proves.

    What others see of it follows with the daily job, so that it tells nobody that somebody clicked.
    """
    announcements.record_clicked(tx, post_id, channel, ts)


def settle_found(tx: Tx) -> None:
    """Let follow, once a day, what members' clicks have shown of announcements.

    Uncertain ones are settled, and messages that were not known are brought up to date.
    """
    for post_id in announcements.find_uncertain_with_message(tx):
        _settle(tx, post_id)
    announcements.release_held(tx)


def queue_again(tx: Tx, user_id: UserId, post_id: PostId) -> bool:
    """Queue an uncertain announcement again, unless its post ended; False where none was open.

    One whose message a member's click has shown is queued as well: it goes live in its turn, and
    until then nobody learns that somebody clicked.
    """
    found = announcements.find(tx, post_id)
    post = posts.find(tx, post_id)
    if found is None or post is None or found.state is not DispatchState.UNCERTAIN:
        return False
    goal = DispatchState.WITHDRAWN if post.state.ended else DispatchState.PLANNED
    if post.state.ended and found.message_ts is not None:
        dispatches.settle_as_sent(tx, found)  # its message can be edited later
    else:
        dispatches.mark_unsent(tx, found, goal)
    cards.mark_queued_outdated(tx)
    # Whether a member's click has shown the message is not told here, either.
    _record_settled(tx, user_id, Act.SEND_AGAIN, post_id, goal)
    return True


def _record_settled(
    tx: Tx, user_id: UserId, act: Act, post_id: PostId, after: DispatchState
) -> None:
    post = posts.find_approved(tx, post_id)
    record.record_act(
        tx,
        user_id,
        act,
        post_id=post_id,
        revision=None if post is None else post.approved_revision,
        before=DispatchState.UNCERTAIN,
        after=after,
    )


def _go_live(tx: Tx, post_id: PostId, *, announced: bool = True) -> None:
    post = posts.find(tx, post_id, lock=True)
    if post is None or (not announced and post.state is not PostState.APPROVED):
        return  # another process was first, or it is being edited again
    after = lifecycle.step(post.lifecycle, Action.ANNOUNCE)
    if after is not None:
        posts.record_lifecycle(tx, post_id, after)
        posts.record_live(tx, post_id, announced=announced)
        lasts = timedelta(days=workspaces.load(tx).post_days)
        posts.record_end_date(tx, post_id, lasts)
    cards.mark_queued_outdated(tx)

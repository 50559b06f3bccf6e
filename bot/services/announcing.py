"""The opt-in channel: what goes out when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import channel, lifecycle, queue
from bot.domain.lifecycle import Action, Standing
from bot.domain.model import Allowed, DispatchState, NoticeKind, Post, Workspace
from bot.services import asking, curation, echoing, planning, privacy
from bot.storage import announcements, cards, posts, workspaces
from bot.storage.tables import AnnouncementRow

ABANDONED_AFTER = timedelta(seconds=60)  # a send has 10 s; nobody is still waiting after these


@dataclass(frozen=True, slots=True)
class Claimed:
    """An announcement that this process must now send."""

    id: int
    post: Post
    channel: str


def adopt(connection: Connection, workspace: Workspace) -> None:
    """Store the operator's settings; the cards tell what follows from them."""
    workspaces.save(connection, workspace)
    cards.queue_changed(connection, workspace.id)


def prepare(connection: Connection, workspace: str, now: datetime) -> Claimed | None:
    """What a heartbeat decides, in one transaction: what ends, what is lost, what goes out."""
    curation.expire(connection, workspace, now)
    give_up_abandoned(connection, workspace, now)
    asking.give_up_abandoned(connection, workspace, now)
    planning.judge_first_groups(connection, workspace, now)
    privacy.release_persons(connection, workspace, now)
    echoing.ask_for_words(connection, workspace, now)
    return claim_next(connection, workspace, now)


def claim_next(connection: Connection, workspace: str, now: datetime) -> Claimed | None:
    """Take the next post for the channel, if one may go out now; the caller then sends it."""
    found = workspaces.find(connection, workspace, lock=True)
    if found is None or announcements.under_way(connection, workspace):
        return None
    waiting = announcements.waiting(connection, workspace)
    if not waiting:
        return None
    announced = announcements.recent(connection, workspace)
    decision = channel.decide([one.at for one in announced], found.policy, now)
    if not isinstance(decision, Allowed):
        return None
    chosen = queue.next_up(waiting, announced, now)
    if chosen is None:
        return None
    post = posts.find_approved(connection, workspace, chosen.post)
    if post is None:
        return None
    claimed = announcements.claim(connection, workspace, chosen.post, post.approved_revision, now)
    return Claimed(claimed, post, found.advocacy_channel)


def record_sent(
    connection: Connection, workspace: str, claimed: Claimed, channel: str, ts: str, now: datetime
) -> None:
    """The message is in the channel."""
    # It may have taken so long that it was given up as uncertain, or even sent back to wait.
    arrived = [
        announcements.change(
            connection,
            claimed.id,
            was,
            state=DispatchState.SENT,
            sent_at=now,
            channel=channel,
            message_ts=ts,
        )
        for was in (DispatchState.SENDING, DispatchState.UNCERTAIN, DispatchState.PLANNED)
    ]
    if not any(arrived):
        return
    workspaces.set_trouble(connection, workspace, None)
    workspaces.forgive(connection, workspace, NoticeKind.TROUBLE)
    workspaces.forgive(connection, workspace, NoticeKind.UNCERTAIN, claimed.post.id)
    _go_live(connection, workspace, claimed.post.id)


def record_not_sent(
    connection: Connection,
    workspace: str,
    claimed: Claimed,
    trouble: str,
    not_before: datetime,
    now: datetime,
) -> None:
    """Slack surely has not posted it: it stays queued, and comms hear of it once."""
    announcements.change(
        connection,
        claimed.id,
        DispatchState.SENDING,
        state=DispatchState.PLANNED,
        claimed_at=None,
        not_before=not_before,
    )
    cards.queue_changed(connection, workspace)
    if workspaces.set_trouble(connection, workspace, trouble):
        workspaces.owe(
            connection, workspace, NoticeKind.TROUBLE, now, post=claimed.post.id, detail=trouble
        )


def record_uncertain(
    connection: Connection, workspace: str, announcement: int, post: int, now: datetime
) -> None:
    """Nobody knows whether it was posted; it counts as posted until comms say otherwise."""
    unsure = announcements.change(
        connection, announcement, DispatchState.SENDING, state=DispatchState.UNCERTAIN
    )
    if unsure:
        workspaces.owe(connection, workspace, NoticeKind.UNCERTAIN, now, post=post)
        cards.queue_changed(connection, workspace)


def give_up_abandoned(connection: Connection, workspace: str, now: datetime) -> int:
    """Announcements whose sender died between claiming and recording become uncertain."""
    lost = announcements.abandoned(connection, workspace, now - ABANDONED_AFTER)
    for announcement in lost:
        record_uncertain(connection, workspace, announcement.id, announcement.post, now)
    return len(lost)


def settle_uncertain(
    connection: Connection,
    workspace: str,
    post: int,
    *,
    channel: str | None = None,
    ts: str | None = None,
) -> bool:
    """It is there: comms say so, or a click on it proves it and tells which message it is.

    An announcement that comms confirmed without knowing its message learns it from the first
    click. Returns whether anything was open.
    """
    found = announcements.find(connection, workspace, post)
    if found is None:
        return False
    if found.state is DispatchState.SENT and found.ts is None and ts is not None:
        return announcements.change(
            connection, found.id, DispatchState.SENT, channel=channel, message_ts=ts
        )
    if found.state is not DispatchState.UNCERTAIN:
        return False
    announcements.change(
        connection,
        found.id,
        DispatchState.UNCERTAIN,
        state=DispatchState.SENT,
        sent_at=AnnouncementRow.claimed_at,  # it went out then, whenever it was found
        channel=channel,
        message_ts=ts,
    )
    workspaces.forgive(connection, workspace, NoticeKind.UNCERTAIN, post)
    _go_live(connection, workspace, post)
    return True


def send_again(connection: Connection, workspace: str, post: int) -> bool:
    """It is not there: back into the queue, unless it ended. Returns whether anything was open."""
    found = announcements.find(connection, workspace, post)
    stands = posts.find(connection, workspace, post)
    if found is None or stands is None:
        return False
    open_still = announcements.change(
        connection,
        found.id,
        DispatchState.UNCERTAIN,
        state=DispatchState.WITHDRAWN if stands.state.ended else DispatchState.PLANNED,
        claimed_at=None,
    )
    if open_still:
        cards.queue_changed(connection, workspace)
    return open_still


def freeze(connection: Connection, workspace: str, who: str, now: datetime) -> bool:
    """Nothing goes out until unfrozen; False where it was frozen already."""
    return _set_freeze(connection, workspace, who, now, NoticeKind.FROZEN)


def unfreeze(connection: Connection, workspace: str, who: str, now: datetime) -> bool:
    """Go on; False where nothing was frozen."""
    return _set_freeze(connection, workspace, who, now, NoticeKind.UNFROZEN)


def is_frozen(connection: Connection, workspace: str) -> bool:
    """Whether nothing goes out at the moment."""
    found = workspaces.find(connection, workspace)
    return found is not None and found.policy.frozen


def _set_freeze(
    connection: Connection, workspace: str, who: str, now: datetime, kind: NoticeKind
) -> bool:
    frozen = kind is NoticeKind.FROZEN
    changed = workspaces.set_frozen(
        connection, workspace, who if frozen else None, now if frozen else None
    )
    if changed:
        workspaces.owe(connection, workspace, kind, now, who=who)
        cards.queue_changed(connection, workspace)
    return changed


def _go_live(connection: Connection, workspace: str, post: int) -> None:
    stands = posts.find(connection, workspace, post, lock=True)
    if stands is None:
        return
    after = lifecycle.step(Standing(stands.state, stands.correction), Action.ANNOUNCE)
    if after is not None:
        posts.move(connection, post, after, live_at=announcements.moment_sent(post))
    cards.queue_changed(connection, workspace)

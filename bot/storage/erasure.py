"""Erasing: what goes a month after a post ended, and what goes with a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.domain.hours import end_of_day
from bot.domain.ids import AskId, MemberId, PostId, ResponseId, UserId
from bot.domain.model import DispatchState, Member, Shown
from bot.storage import members, removals
from bot.storage.tables import (
    APPROVED_CONTENT,
    AnnouncementRow,
    AskRow,
    DecisionRow,
    DirectMessageRow,
    MemberRow,
    NoticeRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx

_FOLDED_MEMBER = (
    update(MemberRow)
    .where(MemberRow.id == bindparam("member"))
    .values(last_asked_at=bindparam("last_asked"), consecutive_declines=bindparam("declines"))
)


def find_foldable_post(tx: Tx, before: datetime) -> PostId | None:
    """The post that ended first, before that moment, and still has asks or responses of people."""
    query = select(PostRow.id).where(*_unfolded(tx, before))
    return tx.connection.execute(query.order_by(PostRow.ended_at).limit(1)).scalar_one_or_none()


def find_first_end(tx: Tx) -> datetime | None:
    """When the post ended that waits longest for being folded."""
    query = select(func.min(PostRow.ended_at)).where(
        PostRow.workspace_id == tx.workspace_id, PostRow.folded.is_(False)
    )
    return tx.connection.execute(query).scalar_one()


def fold_asks(tx: Tx, post_id: PostId, most: int) -> int:
    """Delete up to `most` asks about a post; their messages have to go. How many.

    Of each member stays the day on which they were last asked, and that nobody answered.
    """
    query = (
        select(
            AskRow.id,
            AskRow.member_id,
            AskRow.asked_at,
            AskRow.state,
            AskRow.outcome,
            AskRow.channel,
            AskRow.message_ts,
        )
        .where(AskRow.post_id == post_id)
        .order_by(AskRow.member_id, AskRow.id)
        .limit(most)
    )
    rows = tx.connection.execute(query).all()
    if not rows:
        return 0
    made = [row for row in rows if row.state is not DispatchState.PLANNED]
    _record_folded_asks(tx, made)
    removals.enqueue(tx, [(row.channel, row.message_ts) for row in rows if row.message_ts])
    _delete_asks(tx, [row.id for row in rows])
    return len(rows)


def _record_folded_asks(tx: Tx, made: Sequence[Row[*tuple[Any, ...]]]) -> None:
    newest: dict[MemberId, datetime] = {}
    unanswered: Counter[MemberId] = Counter()
    for row in made:
        newest[row.member_id] = max(newest.get(row.member_id, row.asked_at), row.asked_at)
        unanswered[row.member_id] += row.outcome is None
    known: list[Member] = members.load_locked(tx, list(newest)) if newest else []
    values = []
    for member in known:
        day = end_of_day(newest[member.id], member.time_zone)
        last = day if member.last_asked_at is None else max(day, member.last_asked_at)
        declines = member.consecutive_declines + unanswered[member.id]
        values.append({"member": member.id, "last_asked": last, "declines": declines})
    if values:
        tx.connection.execute(_FOLDED_MEMBER, values)


def fold_responses(tx: Tx, post_id: PostId, most: int) -> int:
    """Delete up to `most` responses to a post, with their history. How many."""
    query = (
        select(ResponseRow.id, ResponseRow.member_id)
        .where(ResponseRow.post_id == post_id)
        .order_by(ResponseRow.member_id)
        .limit(most)
    )
    rows = tx.connection.execute(query).all()
    if not rows:
        return 0
    of_members = sorted({row.member_id for row in rows})
    members.load_locked(tx, of_members)
    _delete_responses(tx, [row.id for row in rows])
    _forget_networks(tx, of_members)
    return len(rows)


def fold_messages(tx: Tx, post_id: PostId, most: int) -> int:
    """Forget up to `most` messages about a post that are no asks; they have to go. How many."""
    query = (
        select(DirectMessageRow.id, DirectMessageRow.channel, DirectMessageRow.message_ts)
        .where(DirectMessageRow.post_id == post_id)
        .limit(most)
    )
    rows = tx.connection.execute(query).all()
    removals.enqueue(tx, [(row.channel, row.message_ts) for row in rows])
    these = DirectMessageRow.id.in_([row.id for row in rows])
    tx.connection.execute(delete(DirectMessageRow).where(these))
    return len(rows)


def record_folded(tx: Tx, post_id: PostId) -> None:
    """Record that nothing of a person is stored about the post any more; its notices go too."""
    tx.connection.execute(update(PostRow).where(PostRow.id == post_id).values(folded=True))
    tx.connection.execute(delete(NoticeRow).where(NoticeRow.post_id == post_id))


def find_erasable_members(tx: Tx, before: datetime, most: int) -> list[MemberId]:
    """Members whose consent ended before that moment, by leaving or by itself."""
    found: set[MemberId] = set()
    for ended in (MemberRow.left_at, MemberRow.consent_ends_at):  # together they use no index
        mine = select(MemberRow.id).where(MemberRow.workspace_id == tx.workspace_id, ended < before)
        found.update(tx.connection.execute(mine.order_by(ended).limit(most)).scalars())
    return sorted(found)[:most]


def find_first_consent_end(tx: Tx) -> datetime | None:
    """When the consent ended that ended first, of all members that are stored."""
    moments = []
    for ended in (MemberRow.left_at, MemberRow.consent_ends_at):
        mine = select(func.min(ended)).where(MemberRow.workspace_id == tx.workspace_id)
        moments.append(tx.connection.execute(mine).scalar_one())
    return min(filter(None, moments), default=None)


def erase_member(tx: Tx, member_id: MemberId) -> None:
    """Delete a member and everything of theirs; the bot's messages to them have to go."""
    members.load_locked(tx, [member_id])
    removals.enqueue(tx, removals.find_messages_of(tx, member_id))
    mine = select(ResponseRow.id).where(ResponseRow.member_id == member_id)
    _delete_responses(tx, list(tx.connection.execute(mine).scalars()))
    asked = select(AskRow.id).where(AskRow.member_id == member_id)
    _delete_asks(tx, list(tx.connection.execute(asked).scalars()))
    # What else there is of them goes with the row: lessons, notes on their way, messages.
    tx.connection.execute(delete(MemberRow).where(MemberRow.id == member_id))


def erase_author(tx: Tx, user_id: UserId) -> None:
    """Take a person out of what comms did: that stays, as a former colleague's."""
    ours = select(PostRow.id).where(PostRow.workspace_id == tx.workspace_id)
    wrote = select(RevisionRow.post_id).where(RevisionRow.writer == user_id)
    decided = select(DecisionRow.post_id).where(DecisionRow.who == user_id)
    named = or_(PostRow.id.in_(wrote), PostRow.id.in_(decided))
    cards = update(PostRow).where(PostRow.workspace_id == tx.workspace_id, named)
    tx.connection.execute(cards.values(version=PostRow.version + 1))
    _take_name_off(tx, user_id)
    revisions = update(RevisionRow).where(RevisionRow.post_id.in_(ours))
    erased = revisions.where(RevisionRow.writer == user_id).values(writer=None, author="")
    tx.connection.execute(erased)
    decisions = update(DecisionRow).where(DecisionRow.post_id.in_(ours))
    tx.connection.execute(decisions.where(DecisionRow.who == user_id).values(who=None))
    notices = update(NoticeRow).where(NoticeRow.workspace_id == tx.workspace_id)
    tx.connection.execute(notices.where(NoticeRow.who == user_id).values(who=None))
    frozen = update(WorkspaceRow).where(
        WorkspaceRow.id == tx.workspace_id, WorkspaceRow.frozen_by == user_id
    )
    tx.connection.execute(frozen.values(frozen_by=None, frozen_reason=None))


def _take_name_off(tx: Tx, user_id: UserId) -> None:
    """Have the messages edited that name the person as a post's author."""
    named = (
        select(RevisionRow.post_id)
        .join(PostRow, APPROVED_CONTENT)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            RevisionRow.writer == user_id,
            RevisionRow.author != "",
        )
    )
    posts = list(tx.connection.execute(named).scalars())
    if not posts:
        return
    nothing = {"shown_revision": 0}  # revisions begin with 1
    announced = update(AnnouncementRow).where(AnnouncementRow.post_id.in_(posts))
    tx.connection.execute(announced.values(nothing))
    proposed = update(AskRow).where(AskRow.post_id.in_(posts), AskRow.shown == Shown.POST)
    tx.connection.execute(proposed.values(nothing))
    asked = select(AskRow.id).where(AskRow.post_id == PostRow.id).exists()
    stale = update(PostRow).where(PostRow.id.in_(posts), asked)
    tx.connection.execute(stale.values(asks_stale=True))


def erase_old_evidence(tx: Tx, before: datetime) -> int:
    """Take persons, and their free words, out of what comms did before that moment. How often."""
    # Nothing was written or decided about a post before it was begun.
    ours = select(PostRow.id).where(
        PostRow.workspace_id == tx.workspace_id, PostRow.created_at < before
    )
    revisions = update(RevisionRow).where(
        RevisionRow.post_id.in_(ours),
        RevisionRow.written_at < before,
        RevisionRow.writer.is_not(None),
    )
    decisions = update(DecisionRow).where(
        DecisionRow.post_id.in_(ours), DecisionRow.at < before, DecisionRow.who.is_not(None)
    )
    written = tx.connection.execute(revisions.values(writer=None, author="")).rowcount
    return written + tx.connection.execute(decisions.values(who=None, reason=None)).rowcount


def delete_old_notices(tx: Tx, before: datetime) -> int:
    """Delete notices about no post that were sent before that moment. How many."""
    old = delete(NoticeRow).where(
        NoticeRow.workspace_id == tx.workspace_id,
        NoticeRow.post_id.is_(None),
        NoticeRow.sent_at < before,
    )
    return tx.connection.execute(old).rowcount


def _unfolded(tx: Tx, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PostRow.workspace_id == tx.workspace_id,
        PostRow.ended_at < before,
        PostRow.folded.is_(False),
    )


def _delete_asks(tx: Tx, ask_ids: Sequence[AskId]) -> None:
    tx.connection.execute(delete(AskRow).where(AskRow.id.in_(ask_ids)))


def _delete_responses(tx: Tx, response_ids: Sequence[ResponseId]) -> None:
    events = delete(ResponseEventRow).where(ResponseEventRow.response_id.in_(response_ids))
    tx.connection.execute(events)
    tx.connection.execute(delete(ResponseRow).where(ResponseRow.id.in_(response_ids)))


def _forget_networks(tx: Tx, member_ids: Sequence[MemberId]) -> None:
    """Forget which network they opened last, where no response that is left says so too."""
    still = select(ResponseRow.id).where(
        ResponseRow.member_id == MemberRow.id, ResponseRow.network == MemberRow.network
    )
    forgotten = update(MemberRow).where(
        MemberRow.id.in_(member_ids), MemberRow.network.is_not(None), ~still.exists()
    )
    tx.connection.execute(forgotten.values(network=None))

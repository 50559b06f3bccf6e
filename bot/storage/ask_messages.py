"""The messages of asks: what each should show, and which of them do not show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update

from bot.domain.hours import start_of_day
from bot.domain.ids import AskId, MemberId, UserId
from bot.domain.model import DispatchState, Outcome, Shown
from bot.domain.post import PostState
from bot.storage.asks import COLUMNS, Ask, as_ask
from bot.storage.tables import AskRow, MemberRow, PostRow
from bot.storage.tx import Tx

_SETTLED_AT_ONCE = 500  # members of whom no message is outdated, in one go: a bounded statement


@dataclass(frozen=True, slots=True)
class WantedMessage:
    """An ask with a message, for whom it is, and what the message should show now."""

    ask: Ask
    user_id: UserId
    wanted: Shown


def is_any_outdated(tx: Tx) -> bool:
    """Whether messages of asks may not show what they should."""
    posts = select(PostRow.id).where(_is_stale(tx))
    people = select(MemberRow.id).where(_is_due(tx))
    found = (tx.connection.execute(query.limit(1)).first() for query in (posts, people))
    return any(row is not None for row in found)


def find_outdated(tx: Tx, most: int) -> list[AskId]:
    """Asks whose messages do not show what they should; at most so many of each kind.

    Those of members who have answered, or whose consent has ended, come first; those of posts that
    were corrected or have ended do not wait for them.
    """
    found: dict[AskId, None] = {}
    for narrowed in (_is_due(tx), _is_stale(tx)):  # one question with "or" would look at every ask
        query = _with_message(AskRow.id).where(narrowed, _is_outdated(tx))
        rows = tx.connection.execute(query.order_by(AskRow.id).limit(most))
        found |= dict.fromkeys(rows.scalars())
    return list(found)


def find_outdated_of(tx: Tx, user_id: UserId, most: int) -> list[AskId]:
    """Asks of one person whose messages do not show what they should."""
    mine = and_(MemberRow.workspace_id == tx.workspace_id, MemberRow.user == user_id)
    query = _with_message(AskRow.id).where(mine, _is_outdated(tx))
    return list(tx.connection.execute(query.order_by(AskRow.id).limit(most)).scalars())


def find_wanted(tx: Tx, ask_id: AskId) -> WantedMessage | None:
    """What the message of this ask should show now; None where it has none."""
    query = _with_message(*COLUMNS, MemberRow.user, _wanted(tx)).where(AskRow.id == ask_id)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else WantedMessage(as_ask(row[:-2]), row[-2], Shown(row[-1]))


def find_by_message(tx: Tx, user_id: UserId, channel: str, ts: str) -> AskId | None:
    """The ask of this person with this message."""
    query = _with_message(AskRow.id).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.user == user_id,
        AskRow.channel == channel,
        AskRow.message_ts == ts,
    )
    return tx.connection.execute(query.limit(1)).scalar_one_or_none()


def is_message_known(tx: Tx, member_id: MemberId, channel: str, ts: str) -> bool:
    """Whether this is the message of one of the member's asks."""
    query = select(AskRow.id).where(
        AskRow.member_id == member_id, AskRow.channel == channel, AskRow.message_ts == ts
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def record_due(tx: Tx, member_id: MemberId) -> None:
    """Record that messages of this member's asks may not show what they should.

    They are due since today: no moment says when somebody answered.
    """
    mine = update(MemberRow).where(MemberRow.id == member_id)
    tx.connection.execute(mine.values(messages_due_at=start_of_day(tx.now, "UTC")))


def record_message_known(tx: Tx, ask: Ask) -> None:
    """Record when the message of this ask, just known, is to be looked at.

    That is at once where it is outdated already, and else when consent ends.
    """
    query = _with_message(AskRow.id).where(AskRow.id == ask.id, _is_outdated(tx))
    if tx.connection.execute(query).first() is not None:
        record_due(tx, ask.member_id)
        return
    mine = update(MemberRow).where(
        MemberRow.id == ask.member_id, MemberRow.messages_due_at.is_(None)
    )
    tx.connection.execute(mine.values(messages_due_at=MemberRow.consent_ends_at))


def record_shown(tx: Tx, ask_id: AskId, shown: Shown, revision: int | None) -> None:
    """Record what the message shows now: a revision of its post, with `POST`."""
    mine = update(AskRow).where(AskRow.id == ask_id)
    tx.connection.execute(mine.values(shown=shown, shown_revision=revision))


def record_refreshed(tx: Tx) -> None:
    """Record which posts and which members have no outdated messages left."""
    of_post = _with_message(AskRow.id, joined=False).where(
        AskRow.post_id == PostRow.id, AskRow.member_id == MemberRow.id, _is_outdated(tx)
    )
    posts = update(PostRow).where(_is_stale(tx), ~of_post.correlate(PostRow).exists())
    tx.connection.execute(posts.values(asks_stale=False))
    of_member = _with_message(AskRow.id, joined=False).where(
        AskRow.member_id == MemberRow.id, AskRow.post_id == PostRow.id, _is_outdated(tx)
    )
    # Held in one order and never waited for, since clicks hold their own member's row.
    people = (
        select(MemberRow.id)
        .where(_is_due(tx), ~of_member.correlate(MemberRow).exists())
        .order_by(MemberRow.id)
        .limit(_SETTLED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    settled = list(tx.connection.execute(people).scalars())
    if settled:
        next_at = case((_consents(tx), MemberRow.consent_ends_at), else_=None)
        done = update(MemberRow).where(MemberRow.id.in_(settled), _is_due(tx))
        tx.connection.execute(done.values(messages_due_at=next_at))


def _with_message(*columns: Any, joined: bool = True) -> Select[Any]:
    """Asks that are sent and whose message is known, with their post and member."""
    query = select(*columns)
    if joined:
        query = query.join(PostRow, PostRow.id == AskRow.post_id)
        query = query.join(MemberRow, MemberRow.id == AskRow.member_id)
    return query.where(AskRow.state == DispatchState.SENT, AskRow.message_ts.is_not(None))


def _is_stale(tx: Tx) -> ColumnElement[bool]:
    return and_(PostRow.workspace_id == tx.workspace_id, PostRow.asks_stale.is_(True))


def _is_due(tx: Tx) -> ColumnElement[bool]:
    return and_(MemberRow.workspace_id == tx.workspace_id, MemberRow.messages_due_at <= tx.now)


def _is_outdated(tx: Tx) -> ColumnElement[bool]:
    wanted = _wanted(tx)
    corrected = and_(wanted == Shown.POST.value, AskRow.shown_revision != PostRow.approved_revision)
    return or_(wanted != AskRow.shown, corrected)


def _wanted(tx: Tx) -> Any:
    """What a message should show now: the one place that says so."""
    answered = (Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER)
    return case(
        (or_(~_consents(tx), AskRow.shown == Shown.CLOSED), Shown.CLOSED.value),
        (AskRow.shown == Shown.ENDED, Shown.ENDED.value),
        (func.coalesce(AskRow.outcome, "").in_(answered), Shown.ANSWERED.value),
        (PostRow.state.in_((PostState.WITHDRAWN, PostState.EXPIRED)), Shown.ENDED.value),
        else_=Shown.POST.value,
    )


def _consents(tx: Tx) -> ColumnElement[bool]:
    return and_(MemberRow.left_at.is_(None), MemberRow.consent_ends_at > tx.now)

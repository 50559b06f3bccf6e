"""Asks: posts that are, or will be, proposed to one member; `dispatches` writes their states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select

from bot.domain.ids import AskId, MemberId, PostId, UserId
from bot.domain.model import DispatchState, Outcome, Shown, SkipReason, Stage
from bot.storage.tables import AskRow, MemberRow, PostRow, ResponseRow, RevisionRow
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask as it stands; `asked_at` is the moment that counts for the pace."""

    id: AskId
    member_id: MemberId
    post_id: PostId
    repeat: int
    state: DispatchState
    asked_at: datetime
    channel: str | None
    message_ts: str | None
    outcome: Outcome | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedAsk:
    """An ask that was decided: `repeat` is 0 for the first about its post, 1 for once more."""

    member_id: MemberId
    post_id: PostId
    repeat: int
    revision: int


@dataclass(frozen=True, slots=True)
class PastResponse:
    """A member's response to a post, wherever it was given."""

    member_id: MemberId
    post_id: PostId
    stage: Stage
    reason: SkipReason | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SendableAsk:
    """An ask that waits to be sent, and whom it is for."""

    id: AskId
    member_id: MemberId
    user_id: UserId


COLUMNS = (
    AskRow.id,
    AskRow.member_id,
    AskRow.post_id,
    AskRow.repeat,
    AskRow.state,
    AskRow.asked_at,
    AskRow.channel,
    AskRow.message_ts,
    AskRow.outcome,
    AskRow.settled_at,
)
FOUND = select(*COLUMNS)
_OF_MEMBERS = FOUND.where(AskRow.member_id.in_(bindparam("members", expanding=True)))
_ANSWERS = select(
    ResponseRow.member_id,
    ResponseRow.post_id,
    ResponseRow.stage,
    ResponseRow.reason,
    ResponseRow.at,
).where(ResponseRow.member_id.in_(bindparam("members", expanding=True)))
_MISSES = (
    select(ResponseRow.member_id, RevisionRow.topics)
    .join(PostRow, PostRow.id == ResponseRow.post_id)
    .join(
        RevisionRow,
        and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.approved_revision),
    )
    .where(
        ResponseRow.member_id.in_(bindparam("members", expanding=True)),
        ResponseRow.reason == SkipReason.NOT_MY_AUDIENCE,
        ResponseRow.at > bindparam("since"),
    )
)
_ADD = insert(AskRow)
_WAITING = (
    select(AskRow.id, AskRow.member_id, MemberRow.user)
    .join(MemberRow, MemberRow.id == AskRow.member_id)
    .where(
        AskRow.workspace_id == bindparam("workspace"),
        AskRow.state == DispatchState.PLANNED,
        or_(AskRow.not_before.is_(None), AskRow.not_before <= bindparam("now")),
    )
    .order_by(AskRow.id)
    .limit(bindparam("most"))
)


def load_of_members(tx: Tx, member_ids: Sequence[MemberId]) -> list[Ask]:
    """Every ask that is kept of these members."""
    rows = tx.connection.execute(_OF_MEMBERS, {"members": list(member_ids)})
    return [as_ask(row) for row in rows]


def load_by_member(tx: Tx, member_ids: Sequence[MemberId]) -> dict[MemberId, list[Ask]]:
    """The same, sorted by member; an empty list for somebody who was never asked."""
    found: dict[MemberId, list[Ask]] = {member_id: [] for member_id in member_ids}
    for ask in load_of_members(tx, member_ids):
        found[ask.member_id].append(ask)
    return found


def load_responses(tx: Tx, member_ids: Sequence[MemberId]) -> list[PastResponse]:
    """Every response that is kept of these members."""
    rows = tx.connection.execute(_ANSWERS, {"members": list(member_ids)})
    return [PastResponse(*row) for row in rows]


def load_audience_misses(
    tx: Tx, member_ids: Sequence[MemberId], since: datetime
) -> list[tuple[MemberId, tuple[str, ...]]]:
    """The topics of posts that these members found not for their audience since then."""
    rows = tx.connection.execute(_MISSES, {"members": list(member_ids), "since": since})
    return [(row.member_id, tuple(row.topics)) for row in rows]


def find(tx: Tx, ask_id: AskId, *, lock: bool = False) -> Ask | None:
    """The ask with this id; `lock` holds it until the transaction ends."""
    query = FOUND.where(AskRow.id == ask_id)
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else as_ask(row)


def insert_planned(tx: Tx, planned: Sequence[PlannedAsk]) -> None:
    """Record the intent to ask, from now on."""
    if planned:
        alike = {"workspace_id": tx.workspace_id, "asked_at": tx.now}
        alike |= {"state": DispatchState.PLANNED, "shown": Shown.POST}
        tx.connection.execute(_ADD, [{**asdict(ask), **alike} for ask in planned])


def find_sendable(tx: Tx, most: int) -> list[SendableAsk]:
    """Planned asks that may be sent now, oldest first."""
    values = {"workspace": tx.workspace_id, "now": tx.now, "most": most}
    return [SendableAsk(*row) for row in tx.connection.execute(_WAITING, values)]


def find_members_with_open(tx: Tx, before: datetime) -> list[MemberId]:
    """Members with an ask from before that moment which is open still, by their id."""
    query = select(AskRow.member_id).where(
        AskRow.workspace_id == tx.workspace_id,
        AskRow.outcome.is_(None),
        AskRow.state != DispatchState.PLANNED,
        AskRow.asked_at <= before,
    )
    return sorted(set(tx.connection.execute(query).scalars()))


def as_ask(row: Sequence[Any]) -> Ask:
    """The ask in a row of `COLUMNS`."""
    return Ask(*row)

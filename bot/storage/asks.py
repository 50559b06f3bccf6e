"""Asks: the intent to propose a post to a member, the claim, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from bot.domain.model import DispatchState, Outcome, PostState, SkipReason, Stage
from bot.storage.tables import AskRow, MemberRow, PostRow, ResponseRow, RevisionRow


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask as it stands; `asked_at` is the moment that counts for the pace."""

    id: int
    member: int
    post: int
    turn: int
    state: DispatchState
    asked_at: datetime
    channel: str | None
    ts: str | None
    outcome: Outcome | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A member's response to a post, wherever it was given."""

    member: int
    post: int
    stage: Stage
    reason: SkipReason | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An ask that waits to be sent, and whom it is for."""

    id: int
    member: int
    user: str


_COLUMNS = (
    AskRow.id,
    AskRow.member_id,
    AskRow.post_id,
    AskRow.turn,
    AskRow.state,
    AskRow.asked_at,
    AskRow.channel,
    AskRow.message_ts,
    AskRow.outcome,
    AskRow.settled_at,
)
_FOUND = select(*_COLUMNS)
_OF_MEMBERS = _FOUND.where(AskRow.member_id.in_(bindparam("members", expanding=True)))
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
_SETTLE = (
    update(AskRow)
    .where(AskRow.id == bindparam("ask"))
    .values(outcome=bindparam("became"), settled_at=bindparam("now"))
)
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
# Two counts, each by its index: one question with "or" would look at every ask there is.
_SPENT = select(func.count()).where(
    AskRow.workspace_id == bindparam("workspace"), AskRow.asked_at > bindparam("since")
)
_STILL_PLANNED = select(func.count()).where(
    AskRow.workspace_id == bindparam("workspace"),
    AskRow.state == DispatchState.PLANNED,
    AskRow.asked_at <= bindparam("since"),
)


def of_members(connection: Connection, members: Sequence[int]) -> list[Ask]:
    """Every ask that is kept of these members."""
    rows = connection.execute(_OF_MEMBERS, {"members": list(members)})
    return [_ask(row) for row in rows]


def by_member(connection: Connection, members: Sequence[int]) -> dict[int, list[Ask]]:
    """The same, sorted by member; an empty list for somebody who was never asked."""
    found: dict[int, list[Ask]] = {member: [] for member in members}
    for ask in of_members(connection, members):
        found[ask.member].append(ask)
    return found


def answers(connection: Connection, members: Sequence[int]) -> list[Answered]:
    """Every response that is kept of these members."""
    rows = connection.execute(_ANSWERS, {"members": list(members)})
    return [_answered(row) for row in rows]


def misses(
    connection: Connection, members: Sequence[int], since: datetime
) -> list[tuple[int, tuple[str, ...]]]:
    """The topics of posts that these members found not for their audience since then."""
    rows = connection.execute(_MISSES, {"members": list(members), "since": since})
    return [(row.member_id, tuple(row.topics)) for row in rows]


def get(connection: Connection, ask: int, *, lock: bool = False) -> Ask | None:
    """The ask with this id; `lock` holds it until the transaction ends."""
    query = _FOUND.where(AskRow.id == ask)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _ask(row)


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Plan asks: each row has workspace_id, member_id, post_id, turn, revision and asked_at."""
    new = [{**row, "state": DispatchState.PLANNED, "shown_ended": False} for row in rows]
    if new:
        connection.execute(_ADD, new)


def settle(connection: Connection, moments: Mapping[int, datetime], outcome: Outcome) -> None:
    """What became of asks, each by its id at its moment."""
    values = [{"ask": ask, "became": outcome, "now": at} for ask, at in moments.items()]
    if values:
        connection.execute(_SETTLE, values)


def waiting(connection: Connection, workspace: str, now: datetime, most: int) -> list[Waiting]:
    """Planned asks that may be sent now, oldest first."""
    values = {"workspace": workspace, "now": now, "most": most}
    return [Waiting(*row) for row in connection.execute(_WAITING, values)]


def change(connection: Connection, ask: int, was: DispatchState, **values: Any) -> bool:
    """Change an ask that is still in the state `was`; False where it is not."""
    changed = update(AskRow).where(AskRow.id == ask, AskRow.state == was)
    return connection.execute(changed.values(**values)).rowcount == 1


def take_back(connection: Connection, ask: Ask) -> None:
    """An ask that surely was not sent: as if it had never been planned."""
    connection.execute(delete(AskRow).where(AskRow.id == ask.id))
    fewer = update(PostRow).where(PostRow.id == ask.post, PostRow.asked > 0)
    connection.execute(fewer.values(asked=PostRow.asked - 1))


def members_with_open(connection: Connection, workspace: str, before: datetime) -> list[int]:
    """Members with an ask from before that moment which is open still, by their id."""
    query = select(AskRow.member_id).where(
        AskRow.workspace_id == workspace,
        AskRow.outcome.is_(None),
        AskRow.state != DispatchState.PLANNED,
        AskRow.asked_at <= before,
    )
    return sorted(set(connection.execute(query).scalars()))


def abandoned(connection: Connection, workspace: str, before: datetime) -> list[int]:
    """Asks claimed before that moment and not settled: their sender has died."""
    query = select(AskRow.id).where(
        AskRow.workspace_id == workspace,
        AskRow.state == DispatchState.SENDING,
        AskRow.claimed_at < before,
    )
    return list(connection.execute(query).scalars())


def spent(connection: Connection, workspace: str, since: datetime) -> int:
    """How many asks count against the budget since then.

    What is planned counts from when it goes out, and that is still to come.
    """
    values = {"workspace": workspace, "since": since}
    made = connection.execute(_SPENT, values).scalar_one()
    return made + connection.execute(_STILL_PLANNED, values).scalar_one()


def nth_newest(connection: Connection, workspace: str, place: int) -> datetime | None:
    """When the ask at this place, counted from the newest (0), was made."""
    query = (
        select(AskRow.asked_at)
        .where(AskRow.workspace_id == workspace)
        .order_by(AskRow.asked_at.desc())
        .limit(1)
        .offset(place)
    )
    return connection.execute(query).scalar_one_or_none()


def any_stale(connection: Connection, workspace: str) -> bool:
    """Whether messages of asks may not show what they should."""
    query = select(PostRow.id).where(
        PostRow.workspace_id == workspace, PostRow.asks_stale.is_(True)
    )
    return connection.execute(query.limit(1)).first() is not None


def outdated(connection: Connection, workspace: str, most: int) -> list[tuple[Ask, str]]:
    """Messages of asks that do not show that their post ended or was corrected, and for whom."""
    query = (
        select(*_COLUMNS, MemberRow.user)
        .join(PostRow, PostRow.id == AskRow.post_id)
        .join(MemberRow, MemberRow.id == AskRow.member_id)
        .where(
            PostRow.workspace_id == workspace,
            PostRow.asks_stale.is_(True),
            _outdated(),
        )
        .order_by(AskRow.id)
        .limit(most)
    )
    return [(_ask(row[:-1]), row.user) for row in connection.execute(query)]


def refreshed(connection: Connection, workspace: str) -> None:
    """Posts none of whose asks has an outdated message are looked at no more."""
    stale = select(AskRow.id).where(AskRow.post_id == PostRow.id, _outdated())
    done = update(PostRow).where(
        PostRow.workspace_id == workspace, PostRow.asks_stale.is_(True), ~stale.exists()
    )
    connection.execute(done.values(asks_stale=False))


def is_known(connection: Connection, member: int, channel: str, ts: str) -> bool:
    """Whether this is the message of one of the member's asks."""
    query = select(AskRow.id).where(
        AskRow.member_id == member, AskRow.channel == channel, AskRow.message_ts == ts
    )
    return connection.execute(query.limit(1)).first() is not None


def may_be_stale(connection: Connection, ask: int) -> None:
    """The message of this ask has just become known: look whether it shows what it should."""
    mine = select(AskRow.post_id).where(AskRow.id == ask, AskRow.post_id == PostRow.id, _outdated())
    stale = update(PostRow).where(PostRow.asks_stale.is_(False), mine.exists())
    connection.execute(stale.values(asks_stale=True))


def shows(connection: Connection, ask: int, revision: int | None, *, ended: bool) -> None:
    """What the message shows now."""
    shown = update(AskRow).where(AskRow.id == ask)
    connection.execute(shown.values(shown_revision=revision, shown_ended=ended))


def _ask(row: Sequence[Any]) -> Ask:
    return Ask(*row)


def _answered(row: Sequence[Any]) -> Answered:
    return Answered(*row)


def _outdated() -> Any:
    ended = PostRow.state.in_((PostState.WITHDRAWN, PostState.EXPIRED))
    return and_(
        AskRow.state == DispatchState.SENT,
        AskRow.message_ts.is_not(None),
        AskRow.shown_ended.is_(False),
        or_(ended, and_(AskRow.shown_revision != PostRow.approved_revision, ~_says_otherwise())),
    )


def _says_otherwise() -> Any:
    """After these the message is no longer the question that a correction would change."""
    return func.coalesce(AskRow.outcome, "").in_((Outcome.SKIPPED, Outcome.LATER))

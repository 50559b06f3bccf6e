"""Messages that have to go from Slack, after what they were about was erased here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, null, select, update

from bot.domain.ids import MemberId, PostId
from bot.storage.tables import AskRow, DirectMessageRow, RemovalRow
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Removal:
    """One message of the bot that has to go."""

    id: int
    channel: str
    message_ts: str
    file: str | None = None


def enqueue(tx: Tx, messages: Iterable[tuple[str, str] | tuple[str, str, str | None]]) -> None:
    """These messages, each a channel, a `ts` and perhaps a file, have to go from now on."""
    alike = {"workspace_id": tx.workspace_id, "due_at": tx.now, "not_before": tx.now}
    rows = [
        {"channel": channel, "message_ts": ts, "file": file[0] if file else None, **alike}
        for channel, ts, *file in messages
    ]
    if rows:
        tx.connection.execute(insert(RemovalRow), rows)


def insert_direct_message(
    tx: Tx,
    member_id: MemberId,
    channel: str,
    ts: str,
    file: str | None = None,
    *,
    post_id: PostId | None = None,
) -> None:
    """Remember a message to a member that is no ask, the file that comes with it, and its post."""
    values = {"member_id": member_id, "channel": channel, "message_ts": ts, "file": file}
    tx.connection.execute(insert(DirectMessageRow).values(post_id=post_id, **values))


def delete_direct_message(tx: Tx, member_id: MemberId, channel: str, ts: str) -> None:
    """Forget such a message."""
    tx.connection.execute(
        delete(DirectMessageRow).where(
            DirectMessageRow.member_id == member_id,
            DirectMessageRow.channel == channel,
            DirectMessageRow.message_ts == ts,
        )
    )


def find_messages_of(tx: Tx, member_id: MemberId) -> list[tuple[str, str, str | None]]:
    """Every message to a member that is known: asks and others, by channel, `ts` and file."""
    asked = select(AskRow.channel, AskRow.message_ts, null()).where(
        AskRow.member_id == member_id, AskRow.message_ts.is_not(None)
    )
    others = select(
        DirectMessageRow.channel, DirectMessageRow.message_ts, DirectMessageRow.file
    ).where(DirectMessageRow.member_id == member_id)
    rows = tx.connection.execute(asked.union_all(others))
    return [
        (channel, ts, file) for channel, ts, file in rows if channel is not None and ts is not None
    ]


def find_due(tx: Tx, most: int) -> list[Removal]:
    """Messages to remove now, those that wait longest first."""
    query = (
        select(RemovalRow.id, RemovalRow.channel, RemovalRow.message_ts, RemovalRow.file)
        .where(RemovalRow.workspace_id == tx.workspace_id, RemovalRow.not_before <= tx.now)
        .order_by(RemovalRow.not_before, RemovalRow.id)
        .limit(most)
    )
    return [Removal(*row) for row in tx.connection.execute(query)]


def find_oldest_due(tx: Tx) -> datetime | None:
    """Since when the message that waits longest should be gone; None where none waits."""
    query = select(func.min(RemovalRow.due_at)).where(RemovalRow.workspace_id == tx.workspace_id)
    return tx.connection.execute(query).scalar_one()


def delete_done(tx: Tx, removal_id: int) -> None:
    """Record that the message is gone."""
    tx.connection.execute(delete(RemovalRow).where(RemovalRow.id == removal_id))


def postpone(tx: Tx, removal_id: int, not_before: datetime) -> None:
    """Record that Slack could not be reached for it; it is tried again from then on."""
    mine = update(RemovalRow).where(RemovalRow.id == removal_id)
    tx.connection.execute(mine.values(not_before=not_before))

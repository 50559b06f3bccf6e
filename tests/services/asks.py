"""Short ways about asks: who can be asked, who is looked at, and what is stored of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot.domain.ids import AskId, UserId
from bot.domain.model import Shown
from bot.services import ask_messages, reconcile, snapshots
from bot.storage import asks
from bot.storage.asks import Ask
from bot.storage.tables import AskRow, MemberRow, PostRow
from bot.storage.tx import Tx
from tests.services.helpers import DAY, ServiceWorld


@dataclass(frozen=True)
class Message:
    """What the message of an ask was made to show: to whom, what, and the title of its post."""

    user: str
    shown: Shown
    title: str


def staff(world: ServiceWorld, how_many: int, **chosen: Any) -> list[int]:
    """Members who can be asked directly; returns their ids."""
    return world.members([f"U{number:03}" for number in range(how_many)], **chosen)


def look_at(world: ServiceWorld, ids: list[int], at: datetime | None) -> None:
    """The planner looks at these members then."""
    with world.engine.begin() as connection:
        connection.execute(update(MemberRow).where(MemberRow.id.in_(ids)).values(next_ask_at=at))


def set_member(world: ServiceWorld, member: int, **columns: Any) -> None:
    """Change columns of a member's row past every service."""
    with world.engine.begin() as connection:
        connection.execute(update(MemberRow).where(MemberRow.id == member).values(columns))


def the_post(world: ServiceWorld, post: int = 1) -> Any:
    """A post's row."""
    [row] = [row for row in world.rows(PostRow) if row.id == post]
    return row


def messages_follow(world: ServiceWorld, now: datetime | None = None) -> list[Message]:
    """Bring the messages of asks up to date once, as a heartbeat does; what was edited."""
    at = world.within(now=now)
    found = at.run(reconcile.find_pending)
    edited = at.run(_show, found.asks) if found.asks else []
    if found.asks_done:
        at.run(reconcile.record_asks_refreshed)
    return edited


def _show(tx: Tx, ask_ids: Sequence[AskId]) -> list[Message]:
    """Show each what its message should show: in one transaction, as no Slack is asked here."""
    edited = []
    for ask_id in ask_ids:
        update = ask_messages.load_update(tx, ask_id)
        assert update is not None
        ask_messages.record_shown(tx, ask_id, *update.content)
        edited.append(Message(update.member.user_id, update.shown, update.post.content.title))
    return edited


def all_look_again(world: ServiceWorld) -> None:
    """Everybody who was not asked yet is due now."""
    asked = {row.member_id for row in world.rows(AskRow)}
    look_at(world, [row.id for row in world.rows(MemberRow) if row.id not in asked], world.now)


def take_snapshot(world: ServiceWorld, comms: Collection[UserId] = ()) -> None:
    """The snapshot of this day; the first one ever also reads whether figures act."""
    assert world.run(snapshots.take, comms)


def next_day(world: ServiceWorld, comms: Collection[UserId] = ()) -> None:
    """It is the next day, and its snapshot has been taken."""
    world.now += DAY
    take_snapshot(world, comms)


def ask_everybody_due(world: ServiceWorld) -> set[str]:
    """Plan and send what can be; who was asked just now, by name."""
    known = {row.id for row in world.rows(AskRow)}
    world.plan(most=1000)
    world.send_planned()
    names = {row.id: row.user for row in world.rows(MemberRow)}
    return {names[row.member_id] for row in world.rows(AskRow) if row.id not in known}


def the_ask(world: ServiceWorld) -> Ask:
    """The newest ask."""
    found = world.run(asks.find, world.rows(AskRow)[-1].id)
    assert found is not None
    return found

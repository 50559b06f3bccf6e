"""Short ways about asks: who can be asked, who is looked at, and what is stored of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.storage import asks, members
from bot.storage.asks import Ask
from bot.storage.tables import AskRow, MemberRow, PostRow
from tests.services.helpers import Desk


def staff(desk: Desk, how_many: int, **chosen: Any) -> list[int]:
    """Members who can be asked directly; returns their ids."""
    return [desk.member(f"U{number:03}", **chosen) for number in range(how_many)]


def look_at(desk: Desk, ids: list[int], at: datetime | None) -> None:
    """The planner looks at these members then."""
    with desk.engine.begin() as connection:
        for member in ids:
            members.change(connection, member, next_ask_at=at)


def the_post(desk: Desk, post: int = 1) -> Any:
    """A post's row."""
    [row] = [row for row in desk.rows(PostRow) if row.id == post]
    return row


def all_look_again(desk: Desk) -> None:
    """Everybody who was not asked yet is due now."""
    asked = {row.member_id for row in desk.rows(AskRow)}
    look_at(desk, [row.id for row in desk.rows(MemberRow) if row.id not in asked], desk.now)


def the_ask(desk: Desk) -> Ask:
    """The newest ask."""
    with desk.engine.connect() as connection:
        found = asks.get(connection, desk.rows(AskRow)[-1].id)
    assert found is not None
    return found

"""What a company has behind it when a script begins, written past the services to be quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.domain.ids import UserId
from bot.domain.model import DispatchState, Outcome, Preferences, Reach, Stage
from bot.domain.post import PostState, Wording
from bot.storage.preferences import preference_columns
from bot.storage.tables import (
    AskRow,
    MemberRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    WordingRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx
from tests.differential.script import Script
from tests.services.helpers import CLEO, ZONE

_DAY = timedelta(days=1)
_TAKERS = 6  # of an earlier post; all the others skipped it


@dataclass(frozen=True, slots=True)
class People:
    """Who is who by Slack's ids: Amara, the other members, and one of comms, who is a member too."""

    amara: UserId
    others: tuple[UserId, ...]
    cleo: UserId


def insert_people(
    tx: Tx, script: Script, people: People, choices: Sequence[Preferences]
) -> None:
    """Everybody who has joined, Amara the last one: nobody's number tells whether she did."""
    past, others = script.past, people.others
    paused = set(others[-past.pausers :]) if past.pausers else set()
    rows = [_member(tx, people.cleo, choices[0])]
    rows += [
        _member(tx, who, choices[number % len(choices)], paused=who in paused, joined=number)
        for number, who in enumerate(others)
    ]
    rows += [
        _member(tx, UserId(f"U_LEFT_{number}"), choices[0]) | {"left_at": tx.now - 5 * _DAY}
        for number in range(min(past.leavers, len(others)))
    ]
    if script.joined:
        rows.append(_member(tx, people.amara, choices[0]))
    tx.connection.execute(insert(MemberRow), rows)
    mine = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id)
    tx.connection.execute(mine.values(gate_threshold=script.threshold))


def load_wordings(tx: Tx, post: int) -> list[Wording]:
    """The texts of a post's newest revision, the first one first, with their numbers."""
    columns = WordingRow.__table__.c
    newest = select(func.max(columns.revision)).where(columns.post_id == post).scalar_subquery()
    query = (
        select(columns.network, columns.text, columns.language, columns.id)
        .where(columns.post_id == post, columns.revision == newest)
        .order_by(columns.position)
    )
    return [Wording(*row) for row in tx.connection.execute(query)]


def insert_openings(tx: Tx, script: Script, others: Sequence[UserId], first: Wording) -> None:
    """Some have opened the first text of the first post."""
    ids = _ids(tx, others[: script.past.openers])
    at = tx.now - _DAY / 2
    for member in ids:
        stored = insert(ResponseRow).returning(ResponseRow.id)
        values = {"stage": Stage.OPENED, "network": first.network, "at": at}
        response = tx.connection.execute(
            stored.values(post_id=1, member_id=member, **values)
        ).scalar_one()
        tx.connection.execute(
            insert(ResponseEventRow).values(
                response_id=response, wording_id=first.id, **values
            )
        )


def insert_declined(tx: Tx, script: Script, others: Sequence[UserId]) -> None:
    """Earlier posts were proposed to everybody, and skipped by most."""
    ids = _ids(tx, others)
    for number in range(script.past.declined if ids else 0):
        at = tx.now - (12 + number) * _DAY
        post = _insert_ended(tx, number)
        tx.connection.execute(
            insert(AskRow),
            [
                {
                    "workspace_id": tx.workspace_id,
                    "member_id": member,
                    "post_id": post,
                    "repeat": 0,
                    "revision": 1,
                    "state": DispatchState.SENT,
                    "asked_at": at,
                    "claimed_at": at,
                    "channel": f"D-{member}",
                    "message_ts": f"{number}.{member}",
                    "outcome": Outcome.SHARED
                    if place < _TAKERS and number == 0
                    else Outcome.SKIPPED,
                    "settled_at": at + _DAY,
                    "shown_revision": 1,
                    "shown_ended": True,
                }
                for place, member in enumerate(ids)
            ],
        )


def _insert_ended(tx: Tx, number: int) -> int:
    then = tx.now - 20 * _DAY
    values: dict[str, Any] = {
        "workspace_id": tx.workspace_id,
        "state": PostState.EXPIRED,
        "revision": 1,
        "approved_revision": 1,
        "created_at": then,
        "approved_at": then,
        "ended_at": tx.now - 9 * _DAY,
        "version": 1,
        "card_version": 1,
        "card_ts": f"{number}.9",
        "form": f"earlier {number}",
        "persons_released": False,
        "live_at": then,
        "reach": Reach.EVERYBODY,
        "asked": 0,
        "asks_stale": False,
    }
    post: int = tx.connection.execute(
        insert(PostRow).values(values).returning(PostRow.id)
    ).scalar_one()
    tx.connection.execute(
        insert(RevisionRow).values(
            post_id=post,
            number=1,
            writer=CLEO,
            form=f"earlier {number}",
            title=f"Earlier {number}",
            link="https://news.example.org/",
            why="",
            topics=["culture"],
            written_at=then,
            picture="",
            picture_alt="",
        )
    )
    return post


def _member(
    tx: Tx, who: UserId, chosen: Preferences, *, paused: bool = False, joined: int = 0
) -> dict[str, Any]:
    # The consent of every seventh ends soon.
    since = tx.now - (60 + 112 * (joined % 7 == 6)) * _DAY
    columns = preference_columns(chosen)
    return {
        "workspace_id": tx.workspace_id,
        "user": who,
        "consented_at": since,
        "consent_ends_at": since + 183 * _DAY,
        "left_at": None,
        "paused_until": tx.now + 10 * _DAY if paused else None,
        "paused_at": tx.now - 3 * _DAY if paused else None,
        "zone": ZONE,
        "zone_checked_at": tx.now,
        "consecutive_declines": 0,
        "next_ask_at": tx.now if columns["direct"] else None,
        **columns,
    }


def _ids(tx: Tx, users: Sequence[UserId]) -> list[int]:
    table = MemberRow.__table__.c
    rows = tx.connection.execute(MemberRow.__table__.select().where(table.user.in_(users)))
    return sorted(row.id for row in rows)

"""What a company has behind it when a script begins, written past the services to be quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.domain.ids import MemberId, PostId, UserId
from bot.domain.model import DispatchState, Outcome, Preferences, Stage
from bot.domain.post import PostState, Wording
from bot.storage import asks, posts
from bot.storage.asks import PlannedAsk
from bot.storage.preferences import preference_columns
from bot.storage.tables import (
    AskRow,
    MemberRow,
    ResponseEventRow,
    ResponseRow,
    WordingRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx
from tests.differential.script import Script
from tests.services.helpers import CLEO, ZONE, content

_DAY = timedelta(days=1)
_TAKERS = 6  # of an earlier post; all the others skipped it


@dataclass(frozen=True, slots=True)
class People:
    """Who is who by Slack's ids; Cleo is in comms, and a member too."""

    amara: UserId
    others: tuple[UserId, ...]
    cleo: UserId


def insert_people(tx: Tx, script: Script, people: People, choices: Sequence[Preferences]) -> None:
    """Everybody who has joined, Amara early among them: what is done in turns begins with her.

    Where she joins later she is the last one, so that nobody's number tells whether she did.
    """
    past, others = script.past, people.others
    paused = set(others[-past.pausers :]) if past.pausers else set()
    rows = [_member(tx, people.cleo, choices[0])]
    if script.joined:
        rows.append(_member(tx, people.amara, choices[0]))
    rows += [
        _member(tx, who, choices[number % len(choices)], paused=who in paused, joined=number)
        for number, who in enumerate(others)
    ]
    rows += [
        _member(tx, UserId(f"U_LEFT_{number}"), choices[0]) | {"left_at": tx.now - 5 * _DAY}
        for number in range(min(past.leavers, len(others)))
    ]
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
            insert(ResponseEventRow).values(response_id=response, wording_id=first.id, **values)
        )


def insert_declined(tx: Tx, script: Script, others: Sequence[UserId]) -> None:
    """Earlier posts were proposed to everybody, and skipped by most."""
    ids = _ids(tx, others)
    for number in range(script.past.declined if ids else 0):
        then = replace(tx, now=tx.now - (12 + number) * _DAY)
        post = _insert_ended(then, number)
        asks.insert_planned(then, [PlannedAsk(MemberId(one), post, 0, 1) for one in ids])
        sent = update(AskRow).where(AskRow.post_id == post)
        values = {"state": DispatchState.SENT, "claimed_at": then.now}
        settled = {"outcome": Outcome.SKIPPED, "settled_at": then.now + _DAY}
        tx.connection.execute(sent.values(**values, **settled))
        if number == 0:
            took = sent.where(AskRow.member_id.in_(ids[:_TAKERS]))
            tx.connection.execute(took.values(outcome=Outcome.SHARED))


def _insert_ended(tx: Tx, number: int) -> PostId:
    post, form = posts.insert_post(tx, PostState.EXPIRED, f"earlier {number}"), f"earlier {number}"
    posts.insert_revision(tx, post, posts.Revision(1, content(title=form), CLEO, form))
    posts.record_approval(tx, post, 1, first=True)
    posts.record_end(tx, post)
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

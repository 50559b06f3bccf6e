"""What one member has answered to posts, as their own Home tab shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.home_tab import AnsweredPost
from bot.domain.ids import MemberId
from bot.domain.model import Outcome
from bot.domain.post import PostState, expired
from bot.storage.tables import APPROVED_CONTENT, AskRow, PostRow, ResponseRow, RevisionRow
from bot.storage.tx import Tx

_POST = (PostRow.id, RevisionRow.title, PostRow.state, RevisionRow.expires_at)
_GIVEN = (
    select(*_POST, ResponseRow.stage, ResponseRow.reason, ResponseRow.network, ResponseRow.at)
    .join(PostRow, PostRow.id == ResponseRow.post_id)
    .join(RevisionRow, APPROVED_CONTENT)
    .where(ResponseRow.member_id == bindparam("member"))
)
_SAVED = (
    select(*_POST, AskRow.settled_at)
    .join(PostRow, PostRow.id == AskRow.post_id)
    .join(RevisionRow, APPROVED_CONTENT)
    .where(AskRow.member_id == bindparam("member"), AskRow.outcome == Outcome.LATER)
)


def load_answered(tx: Tx, member_id: MemberId) -> list[AnsweredPost]:
    """What is kept of the member's answers, one for each post, the newest first."""
    values = {"member": member_id}
    found = [
        _answered(tx, row, row.at, row.stage, row.reason, row.network)
        for row in tx.connection.execute(_GIVEN, values)
    ]
    found += [_answered(tx, row, row.settled_at) for row in tx.connection.execute(_SAVED, values)]
    found.sort(key=lambda answer: (answer.at, answer.post_id))
    newest = {answer.post_id: answer for answer in found}  # the last word counts
    return sorted(newest.values(), key=lambda answer: (answer.at, answer.post_id), reverse=True)


def _answered(tx: Tx, row: Any, at: datetime, *given: Any) -> AnsweredPost:
    stage, reason, network = given or (None, None, None)
    is_open = row.state is PostState.LIVE and not expired(row.expires_at, tx.now)
    return AnsweredPost(row.id, row.title, is_open, stage, reason, network, at)

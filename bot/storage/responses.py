"""Responses: the statements behind a click, each built once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from bot.domain.ids import MemberId, PostId, ResponseId, UserId, WordingId
from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network, PostState
from bot.domain.responses import ClickFacts, ResponseState
from bot.storage.tables import (
    APPROVED_CONTENT,
    AnnouncementRow,
    AskRow,
    LessonSeenRow,
    MemberRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    WordingRow,
)
from bot.storage.tx import Tx

_CLICK_FACTS = (
    select(
        PostRow.state,
        RevisionRow.expires_at,
        MemberRow.id,
        MemberRow.left_at,
        MemberRow.consent_ends_at,
        AnnouncementRow.state,
        AnnouncementRow.message_ts,
        ResponseRow.id,
        ResponseRow.stage,
        ResponseRow.reason,
        ResponseRow.network,
        ResponseRow.dialog,
        select(AskRow.id)
        .where(AskRow.member_id == MemberRow.id, AskRow.post_id == PostRow.id)
        .exists(),
        select(LessonSeenRow.id)
        .where(LessonSeenRow.member_id == MemberRow.id, LessonSeenRow.lesson == bindparam("lesson"))
        .exists(),
    )
    .select_from(PostRow)
    .outerjoin(RevisionRow, APPROVED_CONTENT)
    .outerjoin(
        MemberRow,
        and_(MemberRow.workspace_id == PostRow.workspace_id, MemberRow.user == bindparam("user")),
    )
    .outerjoin(AnnouncementRow, AnnouncementRow.post_id == PostRow.id)
    .outerjoin(
        ResponseRow,
        and_(ResponseRow.post_id == PostRow.id, ResponseRow.member_id == MemberRow.id),
    )
    .where(PostRow.id == bindparam("post"), PostRow.workspace_id == bindparam("workspace"))
)
_ADD = insert(ResponseRow).returning(ResponseRow.id)
_CHANGE = (
    update(ResponseRow)
    .where(
        ResponseRow.id == bindparam("known"),
        # Another process may have stored another click of the same person in the meantime.
        ResponseRow.stage == bindparam("was_stage"),
        ResponseRow.reason.is_not_distinct_from(bindparam("was_reason")),
        ResponseRow.network.is_not_distinct_from(bindparam("was_network")),
    )
    .values(
        stage=bindparam("stage"),
        reason=bindparam("reason"),
        network=bindparam("network"),
        at=bindparam("at"),
        dialog=bindparam("dialog"),
    )
)
_INSERT_EVENT = insert(ResponseEventRow)
_INSERT_OPENED = insert(ResponseEventRow).values(
    # A number that is no wording of the post (an old dialog, a broken payload) counts for none.
    wording_id=select(WordingRow.id)
    .where(WordingRow.id == bindparam("wording"), WordingRow.post_id == bindparam("post"))
    .scalar_subquery(),
)
_SET_LAST_NETWORK = (
    update(MemberRow).where(MemberRow.id == bindparam("member")).values(network=bindparam("chosen"))
)


def load_click_facts(
    tx: Tx, user_id: UserId, post_id: PostId, lesson: str | None = None
) -> ClickFacts | None:
    """What a click of `user` on `post` meets; None where the workspace has no such post."""
    row = tx.connection.execute(
        _CLICK_FACTS,
        {"workspace": tx.workspace_id, "user": user_id, "post": post_id, "lesson": lesson},
    ).one_or_none()
    if row is None:
        return None
    values: tuple[Any, ...] = tuple(row)
    return ClickFacts(*values)


def insert_response(
    tx: Tx, post_id: PostId, member_id: MemberId, state: ResponseState, dialog_id: str | None
) -> ResponseId:
    """Record a first response; raises IntegrityError where another process was quicker."""
    values = {
        "post_id": post_id,
        "member_id": member_id,
        "stage": state.stage,
        "reason": state.reason,
        "network": state.network,
        "at": tx.now,
        "dialog": dialog_id,
    }
    return tx.connection.execute(_ADD, values).scalar_one()


def update_response(
    tx: Tx,
    response_id: ResponseId,
    before: ResponseState,
    after: ResponseState,
    dialog_id: str | None,
) -> bool:
    """Change a response if it still stands as `before`; False where it does not."""
    values = {
        "known": response_id,
        "was_stage": before.stage,
        "was_reason": before.reason,
        "was_network": before.network,
        "stage": after.stage,
        "reason": after.reason,
        "network": after.network,
        "at": tx.now,
        "dialog": dialog_id,
    }
    return tx.connection.execute(_CHANGE, values).rowcount == 1


def hold_shared(tx: Tx, response_id: ResponseId) -> bool:
    """Whether a response is marked as shared; then it stays so until the transaction ends."""
    query = select(ResponseRow.id).where(
        ResponseRow.id == response_id, ResponseRow.stage == Stage.SHARED
    )
    return tx.connection.execute(query.with_for_update()).first() is not None


def insert_event(
    tx: Tx,
    response_id: ResponseId,
    state: ResponseState,
    *,
    opened: tuple[PostId, WordingId] | None = None,
) -> None:
    """Record one line of a response's history; `opened` is a post and its wording."""
    values = {
        "response_id": response_id,
        "stage": state.stage,
        "reason": state.reason,
        "network": state.network,
        "at": tx.now,
    }
    if opened is None:
        tx.connection.execute(_INSERT_EVENT, values)
    else:
        post_id, wording_id = opened
        tx.connection.execute(_INSERT_OPENED, {**values, "post": post_id, "wording": wording_id})


def delete_openings(tx: Tx, response_id: ResponseId, member_id: MemberId) -> None:
    """Delete what says that the member opened or shared it: they have changed their mind."""
    opened = delete(ResponseEventRow).where(
        ResponseEventRow.response_id == response_id,
        ResponseEventRow.stage.in_((Stage.OPENED, Stage.SHARED)),
    )
    if tx.connection.execute(opened).rowcount:
        member = update(MemberRow).where(MemberRow.id == member_id)
        tx.connection.execute(member.values(network=None))


def delete_response(tx: Tx, response_id: ResponseId, member_id: MemberId) -> None:
    """Delete a response with its history: the member has taken it back."""
    delete_openings(tx, response_id, member_id)
    history = delete(ResponseEventRow).where(ResponseEventRow.response_id == response_id)
    tx.connection.execute(history)
    tx.connection.execute(delete(ResponseRow).where(ResponseRow.id == response_id))


def record_last_network(tx: Tx, member_id: MemberId, network: Network) -> None:
    """Record the network that a member opened last; it is offered first next time."""
    tx.connection.execute(_SET_LAST_NETWORK, {"member": member_id, "chosen": network})


def find_answered_at(tx: Tx, post_id: PostId, member_id: MemberId) -> datetime | None:
    """When the member last answered to the post, wherever it was."""
    query = select(ResponseRow.at).where(
        ResponseRow.post_id == post_id, ResponseRow.member_id == member_id
    )
    return tx.connection.execute(query).scalar_one_or_none()


def was_reason_given(tx: Tx, response_id: ResponseId, reason: SkipReason) -> bool:
    """Whether this reason was given before, even if another took its place."""
    query = select(ResponseEventRow.id).where(
        ResponseEventRow.response_id == response_id, ResponseEventRow.reason == reason
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def find_open_dialogs(
    tx: Tx, since: datetime, most: int
) -> list[tuple[ResponseId, str, PostState]]:
    """Dialogs that may be open on posts that ended since then: response, dialog, and how."""
    query = (
        select(ResponseRow.id, ResponseRow.dialog, PostRow.state)
        .join(PostRow, PostRow.id == ResponseRow.post_id)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.ended_at >= since,
            PostRow.folded.is_(False),  # the others have no responses
            ResponseRow.dialog.is_not(None),
        )
        .limit(most)
    )
    return [(row.id, row.dialog, row.state) for row in tx.connection.execute(query) if row.dialog]


def clear_dialog(tx: Tx, response_id: ResponseId) -> None:
    """Record that the dialog is closed, or out of reach."""
    tx.connection.execute(
        update(ResponseRow).where(ResponseRow.id == response_id).values(dialog=None)
    )

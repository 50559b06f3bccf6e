"""Responses: the statements behind a click, each built once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from bot.domain.model import DispatchState, Network, PostState, SkipReason, Stage
from bot.storage.tables import (
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


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a click on a post needs to know, read at once.

    `asked` is whether the member is or was to be asked directly about the post; `lesson_seen`
    whether they know the lesson that the click may lead to.
    """

    post_state: PostState
    expires_at: datetime | None
    member: int | None
    left_at: datetime | None
    consent_ends_at: datetime | None
    announcement_state: DispatchState | None
    message_ts: str | None
    response: int | None
    stage: Stage | None
    reason: SkipReason | None
    network: Network | None
    dialog: str | None
    asked: bool
    lesson_seen: bool


_SCENE = (
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
    .outerjoin(
        RevisionRow,
        and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.approved_revision),
    )
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
_KEEP = insert(ResponseEventRow)
_KEEP_OPENED = insert(ResponseEventRow).values(
    # A number that is no wording of the post (an old dialog, a broken payload) counts for none.
    wording_id=select(WordingRow.id)
    .where(WordingRow.id == bindparam("wording"), WordingRow.post_id == bindparam("post"))
    .scalar_subquery(),
)
_LIKE = (
    update(MemberRow).where(MemberRow.id == bindparam("member")).values(network=bindparam("chosen"))
)


def scene(
    connection: Connection, workspace: str, user: str, post: int, lesson: str | None = None
) -> Scene | None:
    """What a click of `user` on `post` meets; None where the workspace has no such post."""
    row = connection.execute(
        _SCENE, {"workspace": workspace, "user": user, "post": post, "lesson": lesson}
    ).one_or_none()
    if row is None:
        return None
    values: tuple[Any, ...] = tuple(row)
    return Scene(*values)


def add(
    connection: Connection,
    post: int,
    member: int,
    stage: Stage,
    now: datetime,
    *,
    reason: SkipReason | None,
    network: Network | None,
    dialog: str | None,
) -> int:
    """A first response; raises IntegrityError where another process was quicker."""
    values = {
        "post_id": post,
        "member_id": member,
        "stage": stage,
        "reason": reason,
        "network": network,
        "at": now,
        "dialog": dialog,
    }
    return connection.execute(_ADD, values).scalar_one()


def change(
    connection: Connection,
    scene: Scene,
    stage: Stage,
    now: datetime,
    *,
    reason: SkipReason | None,
    network: Network | None,
    dialog: str | None,
) -> bool:
    """Change the response that was met, if it still stands so; False where it does not."""
    values = {
        "known": scene.response,
        "was_stage": scene.stage,
        "was_reason": scene.reason,
        "was_network": scene.network,
        "stage": stage,
        "reason": reason,
        "network": network,
        "at": now,
        "dialog": dialog,
    }
    return connection.execute(_CHANGE, values).rowcount == 1


def keep(
    connection: Connection,
    response: int,
    stage: Stage,
    now: datetime,
    *,
    reason: SkipReason | None,
    network: Network | None,
    opened: tuple[int, int] | None = None,
) -> None:
    """One line of a response's history; `opened` is a post and its wording."""
    values = {
        "response_id": response,
        "stage": stage,
        "reason": reason,
        "network": network,
        "at": now,
    }
    if opened is None:
        connection.execute(_KEEP, values)
    else:
        post, wording = opened
        connection.execute(_KEEP_OPENED, {**values, "post": post, "wording": wording})


def forget_opening(connection: Connection, response: int, member: int) -> None:
    """The member has changed their mind: nothing says any more that they opened or shared it."""
    opened = delete(ResponseEventRow).where(
        ResponseEventRow.response_id == response,
        ResponseEventRow.stage.in_((Stage.OPENED, Stage.SHARED)),
    )
    connection.execute(opened)
    connection.execute(update(MemberRow).where(MemberRow.id == member).values(network=None))


def prefer(connection: Connection, member: int, network: Network) -> None:
    """The network a member opened last is offered first next time."""
    connection.execute(_LIKE, {"member": member, "chosen": network})


def answered_at(connection: Connection, post: int, member: int) -> datetime | None:
    """When the member last answered to the post, wherever it was."""
    query = select(ResponseRow.at).where(
        ResponseRow.post_id == post, ResponseRow.member_id == member
    )
    return connection.execute(query).scalar_one_or_none()


def ever_said(connection: Connection, response: int, reason: SkipReason) -> bool:
    """Whether this reason was given before, even if another took its place."""
    query = select(ResponseEventRow.id).where(
        ResponseEventRow.response_id == response, ResponseEventRow.reason == reason
    )
    return connection.execute(query.limit(1)).first() is not None


def open_dialogs(
    connection: Connection, workspace: str, since: datetime, most: int
) -> list[tuple[int, str, PostState]]:
    """Dialogs that may be open on posts that ended since then: response, dialog, and how."""
    query = (
        select(ResponseRow.id, ResponseRow.dialog, PostRow.state)
        .join(PostRow, PostRow.id == ResponseRow.post_id)
        .where(
            PostRow.workspace_id == workspace,
            PostRow.ended_at >= since,
            ResponseRow.dialog.is_not(None),
        )
        .limit(most)
    )
    return [(row.id, row.dialog, row.state) for row in connection.execute(query) if row.dialog]


def forget_dialog(connection: Connection, response: int) -> None:
    """The dialog is closed, or out of reach."""
    connection.execute(update(ResponseRow).where(ResponseRow.id == response).values(dialog=None))


def release_persons(connection: Connection, workspace: str, before: datetime) -> None:
    """Take the person out of the responses to posts that ended before that moment."""
    due = update(PostRow).where(
        PostRow.workspace_id == workspace,
        PostRow.ended_at < before,
        PostRow.persons_released.is_(False),
    )
    posts = connection.execute(due.values(persons_released=True).returning(PostRow.id))
    ended = list(posts.scalars())
    if ended:
        responses = update(ResponseRow).where(ResponseRow.post_id.in_(ended))
        connection.execute(responses.values(member_id=None, dialog=None))
        # That somebody was asked about it goes too; when they were last asked at all stays, and
        # so does what nobody answered: it has lapsed long ago, if nobody has looked since then.
        lapsed = (
            select(func.count())
            .where(
                AskRow.member_id == MemberRow.id,
                AskRow.post_id.in_(ended),
                AskRow.outcome.is_(None),
                AskRow.state != DispatchState.PLANNED,
            )
            .scalar_subquery()
        )
        counted = update(MemberRow).where(MemberRow.workspace_id == workspace, lapsed > 0)
        connection.execute(counted.values(run=MemberRow.run + lapsed))
        connection.execute(delete(AskRow).where(AskRow.post_id.in_(ended)))

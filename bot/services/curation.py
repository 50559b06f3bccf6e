"""Writing posts and deciding about them: what comms do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from bot.domain import lifecycle
from bot.domain.lifecycle import Action, Standing
from bot.domain.model import (
    Content,
    DispatchState,
    NoticeKind,
    Post,
    PostState,
    Verdict,
    Workspace,
)
from bot.domain.queue import Forecast
from bot.services import chores, previewing
from bot.storage import announcements, cards, posts, proposals, workspaces


class Refusal(StrEnum):
    """Why a post stays as it was."""

    NO_SUCH_POST = "no_such_post"
    ENDED = "ended"
    OWN_POST = "own_post"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_IN_REVIEW = "not_in_review"
    EXPIRY_PASSED = "expiry_passed"


@dataclass(frozen=True, slots=True)
class Kept:
    """The post as it stands now, whether this request changed it, and whether it was live."""

    post: Post
    changed: bool
    was_live: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The post stays as it was; `post` is None where there is no such post."""

    why: Refusal
    post: Post | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that comms have under way."""

    workspace: Workspace
    posts: list[Post]
    outlook: dict[int, Forecast]


@dataclass(frozen=True, slots=True)
class Edition:
    """What a form was opened on: an existing post at a revision, or None for a new one."""

    form: str
    post: int | None
    revision: int


def save_draft(
    connection: Connection,
    workspace: str,
    who: str,
    edition: Edition,
    content: Content,
    now: datetime,
) -> Kept | Refused:
    """Keep what was typed, unchecked."""
    return _write(connection, workspace, who, edition, content, Action.SAVE, now)


def submit(
    connection: Connection,
    workspace: str,
    who: str,
    edition: Edition,
    content: Content,
    now: datetime,
) -> Kept | Refused:
    """Put a checked content up for approval; the same form sent twice makes one post."""
    return _write(connection, workspace, who, edition, content, Action.SUBMIT, now)


def _write(
    connection: Connection,
    workspace: str,
    who: str,
    edition: Edition,
    content: Content,
    action: Action,
    now: datetime,
) -> Kept | Refused:
    known = edition.post or posts.id_of_form(connection, workspace, edition.form)
    if known is None:
        return _begin(connection, workspace, who, edition.form, content, action, now)
    before = posts.find(connection, workspace, known, lock=True)
    if before is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    after = lifecycle.step(_standing(before), action)
    if after is None:
        return Refused(Refusal.ENDED, before)
    ours = posts.form_of(connection, before) == edition.form
    if ours and not _is_draft(before) and action is Action.SAVE:
        # It was saved before it was submitted, and comes late.
        return Kept(before, changed=False)
    if ours and before.content == content and (after == _standing(before) or not _is_draft(before)):
        # The same words delivered once more: what was decided about them since then stands.
        return Kept(before, changed=False)
    if not ours and before.revision != edition.revision:
        return Refused(Refusal.CHANGED_MEANWHILE, before)
    if before.content != content or not ours:
        number = before.revision + 1
        posts.write(connection, known, number, content, writer=who, form=edition.form, now=now)
    _move(connection, workspace, before, after)
    if before.state is PostState.APPROVED:
        cards.queue_changed(connection, workspace)
    result = _kept(connection, workspace, known)
    if action is Action.SUBMIT:
        previewing.want(connection, result.post)
        _say_it_waits(connection, workspace, before, result.post, now)
    return result


def approve(
    connection: Connection,
    workspace: str,
    who: str,
    post: int,
    revision: int | None,
    now: datetime,
) -> Kept | Refused:
    """Approve the newest content; `revision` is the one the person has read, if known.

    With two approvals required, whoever wrote the words cannot be the one who approves them, so
    two people have always read exactly what goes out.
    """
    found = _decide(connection, workspace, post, revision, Action.APPROVE)
    if isinstance(found, Refused):
        if found.post is not None and found.why is Refusal.NOT_IN_REVIEW and _stands(found.post):
            return Kept(found.post, changed=False)
        return found
    before, after = found
    settings = workspaces.find(connection, workspace)
    if before.writer == who and (settings is None or settings.approvals > 1):
        return Refused(Refusal.OWN_POST, before)
    expires = before.content.expires_at
    if expires is not None and expires <= now:
        return Refused(Refusal.EXPIRY_PASSED, before)
    posts.decide(connection, before, who, Verdict.APPROVED, now)
    if before.state is PostState.LIVE:
        _move(connection, workspace, before, after, approved_revision=before.revision)
        proposals.begin_again(connection, post)
    else:
        known = {"approved_revision": before.revision, "approved_at": now}
        _move(connection, workspace, before, after, **known)
        cards.queue_changed(connection, workspace)
    return _kept(connection, workspace, post)


def send_back(
    connection: Connection,
    workspace: str,
    who: str,
    post: int,
    revision: int | None,
    reason: str,
    now: datetime,
) -> Kept | Refused:
    """Return the newest content to its writer, who is told so with the reason."""
    found = _decide(connection, workspace, post, revision, Action.SEND_BACK)
    if isinstance(found, Refused):
        return found
    before, after = found
    posts.decide(connection, before, who, Verdict.SENT_BACK, now, reason)
    _move(connection, workspace, before, after)
    if before.writer != who:
        workspaces.owe(
            connection, workspace, NoticeKind.SENT_BACK, now, post=post, who=who, detail=reason
        )
    return _kept(connection, workspace, post)


def withdraw(
    connection: Connection, workspace: str, who: str, post: int, now: datetime
) -> Kept | Refused:
    """End a post for good, wherever it stands."""
    before = posts.find(connection, workspace, post, lock=True)
    if before is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    after = lifecycle.step(_standing(before), Action.WITHDRAW)
    if after is None:
        if before.state is PostState.WITHDRAWN:
            return Kept(before, changed=False)
        return Refused(Refusal.ENDED, before)
    posts.decide(connection, before, who, Verdict.WITHDRAWN, now)
    _move(connection, workspace, before, after, ended_at=now)
    _drop_plan(connection, workspace, post)
    cards.queue_changed(connection, workspace)
    was_live = before.state is PostState.LIVE
    return replace(_kept(connection, workspace, post), was_live=was_live)


def expire(connection: Connection, workspace: str, now: datetime) -> int:
    """End the approved and live posts whose time is over; returns how many."""
    ended = 0
    for due in posts.expired(connection, workspace, now):
        post = posts.find(connection, workspace, due, lock=True)
        after = lifecycle.step(_standing(post), Action.EXPIRE) if post is not None else None
        if post is not None and after is not None:  # else another process has just ended it
            _move(connection, workspace, post, after, ended_at=now)
            _drop_plan(connection, workspace, due)
            ended += 1
    if ended:
        cards.queue_changed(connection, workspace)
    return ended


def read(connection: Connection, workspace: str, post: int) -> Post | None:
    """A post with its newest content."""
    return posts.find(connection, workspace, post)


def overview(
    connection: Connection,
    workspace: str,
    now: datetime,
    states: Sequence[PostState] = tuple(PostState),
) -> Overview:
    """Posts in these states with their newest content, newest first, and when they go out."""
    found = workspaces.get(connection, workspace)
    return Overview(
        workspace=found,
        posts=posts.newest(connection, workspace, states),
        outlook=chores.forecast(connection, found, now),
    )


def _decide(
    connection: Connection, workspace: str, post: int, revision: int | None, action: Action
) -> tuple[Post, Standing] | Refused:
    before = posts.find(connection, workspace, post, lock=True)
    if before is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    if before.state.ended:
        return Refused(Refusal.ENDED, before)
    if revision is not None and revision != before.revision:
        return Refused(Refusal.CHANGED_MEANWHILE, before)
    after = lifecycle.step(_standing(before), action)
    if after is None:
        return Refused(Refusal.NOT_IN_REVIEW, before)
    return before, after


def _begin(
    connection: Connection,
    workspace: str,
    who: str,
    form: str,
    content: Content,
    action: Action,
    now: datetime,
) -> Kept:
    state = PostState.IN_REVIEW if action is Action.SUBMIT else PostState.DRAFT
    post = posts.add(connection, workspace, state, form, now)
    posts.write(connection, post, 1, content, writer=who, form=form, now=now)
    result = _kept(connection, workspace, post)
    if action is Action.SUBMIT:
        previewing.want(connection, result.post)
    return result


def _say_it_waits(
    connection: Connection, workspace: str, before: Post, post: Post, now: datetime
) -> None:
    """A card that is only edited, perhaps far up, shows nobody that there is work again."""
    if _standing(post) != _standing(before) and cards.is_there(connection, post.id):
        workspaces.owe(connection, workspace, NoticeKind.WAITS_AGAIN, now, post=post.id)


def _move(
    connection: Connection, workspace: str, post: Post, after: Standing, **values: Any
) -> None:
    """Put it there; comms need not hear any more where it stood before."""
    posts.move(connection, post.id, after, **values)
    if after != _standing(post):
        for kind in (NoticeKind.SENT_BACK, NoticeKind.WAITS_AGAIN):
            workspaces.forgive(connection, workspace, kind, post.id)


def _is_draft(post: Post) -> bool:
    newest = post.correction if post.state is PostState.LIVE else post.state
    return newest is PostState.DRAFT


def _standing(post: Post) -> Standing:
    return Standing(post.state, post.correction)


def _stands(post: Post) -> bool:
    """Whether the newest content is the approved one."""
    return post.approved_revision == post.revision and post.state in (
        PostState.APPROVED,
        PostState.LIVE,
    )


def _drop_plan(connection: Connection, workspace: str, post: int) -> None:
    """A post that still waited for Slack does not go out any more."""
    planned = announcements.find(connection, workspace, post)
    if planned is not None and planned.state is DispatchState.PLANNED:
        announcements.change(
            connection, planned.id, DispatchState.PLANNED, state=DispatchState.WITHDRAWN
        )


def _kept(connection: Connection, workspace: str, post: int) -> Kept:
    now_stands = posts.find(connection, workspace, post)
    if now_stands is None:
        raise LookupError(f"post {post} has just been written and is gone")
    return Kept(now_stands, changed=True)

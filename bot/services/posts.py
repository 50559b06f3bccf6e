"""Writing posts and deciding about them: what comms do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from bot.domain import approval, lifecycle
from bot.domain import record as record_rules
from bot.domain.approval import MOST_APPROVALS, Obstacle
from bot.domain.ids import PostId, UserId
from bot.domain.lifecycle import Action
from bot.domain.model import DispatchState, NoticeKind
from bot.domain.post import Content, Post, PostLifecycle, PostState, Verdict
from bot.domain.record import Act
from bot.services import previews
from bot.storage import (
    announcements,
    askable_posts,
    cards,
    dispatches,
    notices,
    posts,
    record,
    workspaces,
)
from bot.storage.posts import Revision
from bot.storage.tx import Tx

SAME_LINK_WITHIN = timedelta(days=90)


class Refusal(StrEnum):
    """Why a post stays as it was."""

    NO_SUCH_POST = "no_such_post"
    ENDED = "ended"
    OWN_POST = Obstacle.OWN_POST.value
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_IN_REVIEW = "not_in_review"
    EXPIRY_PASSED = Obstacle.EXPIRY_PASSED.value
    WRITER_ERASED = Obstacle.WRITER_ERASED.value


@dataclass(frozen=True, slots=True)
class PostResult:
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
class FormOrigin:
    """What a form was opened on: an existing post at a revision, or None for a new one."""

    form_id: str
    post_id: PostId | None
    revision: int


def save_draft(
    tx: Tx, user_id: UserId, origin: FormOrigin, content: Content
) -> PostResult | Refused:
    """Keep what was typed, unchecked."""
    return _write(tx, user_id, origin, content, Action.SAVE)


def submit(tx: Tx, user_id: UserId, origin: FormOrigin, content: Content) -> PostResult | Refused:
    """Put a checked content up for approval; the same form sent twice makes one post."""
    return _write(tx, user_id, origin, content, Action.SUBMIT)


def submit_saved(tx: Tx, user_id: UserId, post_id: PostId, revision: int) -> PostResult | Refused:
    """Put up for approval what was saved and read in this revision."""
    found = posts.find(tx, post_id, lock=True)
    if found is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    if found.revision != revision:
        return Refused(Refusal.CHANGED_MEANWHILE, found)
    origin = FormOrigin(posts.load_form_id(tx, found), post_id, revision)
    return submit(tx, user_id, origin, found.content)


def _write(
    tx: Tx, user_id: UserId, origin: FormOrigin, content: Content, action: Action
) -> PostResult | Refused:
    known = origin.post_id or posts.find_id_by_form(tx, origin.form_id)
    if known is None:
        return _begin(tx, user_id, origin.form_id, content, action)
    before = posts.find(tx, known, lock=True)
    if before is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    after = lifecycle.step(before.lifecycle, action)
    if after is None:
        return Refused(Refusal.ENDED, before)
    ours = posts.load_form_id(tx, before) == origin.form_id
    content = _as_it_stands(content, before)
    if ours and not _is_draft(before) and action is Action.SAVE:
        # It was saved before it was submitted, and comes late.
        return PostResult(before, changed=False)
    if ours and before.content == content and (after == before.lifecycle or not _is_draft(before)):
        # The same words delivered once more: what was decided about them since then stands.
        return PostResult(before, changed=False)
    if not ours and before.revision != origin.revision:
        return Refused(Refusal.CHANGED_MEANWHILE, before)
    if before.content != content or not ours:
        number = before.revision + 1
        posts.insert_revision(tx, known, Revision(number, content, user_id, origin.form_id))
        notices.cancel(tx, NoticeKind.STILL_WAITS, known)  # it waits anew
    _record_step(tx, before, after)
    if before.state is PostState.APPROVED:
        cards.mark_queued_outdated(tx)
    result = _done(tx, user_id, Act(action.value), before, known)
    if action is Action.SUBMIT:
        previews.request(tx, result.post)
        _notify_waits_again(tx, before, result.post)
    return result


def _as_it_stands(content: Content, before: Post) -> Content:
    """A post that went out stays where it is, and may have got an end since the form was opened."""
    content = replace(content, expires_at=content.expires_at or before.content.expires_at)
    if before.state is PostState.LIVE:
        content = replace(content, delivery=before.content.delivery)
    return content


def approve(tx: Tx, user_id: UserId, post_id: PostId, revision: int | None) -> PostResult | Refused:
    """Approve the newest content; `revision` is the one the person has read, if known.

    With two approvals required, whoever wrote the words cannot be the one who approves them, so
    two people have always read exactly what goes out.
    """
    found = _decide(tx, post_id, revision, Action.APPROVE)
    if isinstance(found, Refused):
        if (
            found.post is not None
            and found.why is Refusal.NOT_IN_REVIEW
            and _is_newest_approved(found.post)
        ):
            return PostResult(found.post, changed=False)
        return found
    before, after = found
    settings = workspaces.find(tx)
    approvals = settings.approvals if settings else MOST_APPROVALS
    obstacle = approval.find_obstacle(
        before.writer, before.content.expires_at, user_id, approvals, tx.now
    )
    if obstacle is not None:
        return Refused(Refusal(obstacle.value), before)
    posts.insert_decision(tx, before, user_id, Verdict.APPROVED)
    if before.state is PostState.LIVE:
        _record_step(tx, before, after)
        posts.record_approval(tx, post_id, before.revision, first=False)
        if settings is not None:
            posts.record_end_date(tx, post_id, timedelta(days=settings.post_days))
        askable_posts.restart_first_group(tx, post_id)
    else:
        _record_step(tx, before, after)
        posts.record_approval(tx, post_id, before.revision, first=True)
        cards.mark_queued_outdated(tx)
    act = Act.APPROVE_OWN if before.writer == user_id else Act.APPROVE
    disclosures = None
    if settings is not None:
        disclosures = record_rules.show_disclosures(
            settings.disclosure, settings.sharing_policy.phrases
        )
    return _done(tx, user_id, act, before, post_id, disclosures)


def send_back(
    tx: Tx, user_id: UserId, post_id: PostId, revision: int | None, reason: str
) -> PostResult | Refused:
    """Return the newest content to its writer, who is told so with the reason."""
    found = _decide(tx, post_id, revision, Action.SEND_BACK)
    if isinstance(found, Refused):
        return found
    before, after = found
    posts.insert_decision(tx, before, user_id, Verdict.SENT_BACK, reason)
    _record_step(tx, before, after)
    if before.writer != user_id:
        notices.enqueue(tx, NoticeKind.SENT_BACK, post_id=post_id, user_id=user_id, detail=reason)
    return _done(tx, user_id, Act.SEND_BACK, before, post_id, reason)


def withdraw(tx: Tx, user_id: UserId, post_id: PostId) -> PostResult | Refused:
    """End a post for good, wherever it stands."""
    before = posts.find(tx, post_id, lock=True)
    if before is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    after = lifecycle.step(before.lifecycle, Action.WITHDRAW)
    if after is None:
        if before.state is PostState.WITHDRAWN:
            return PostResult(before, changed=False)
        return Refused(Refusal.ENDED, before)
    posts.insert_decision(tx, before, user_id, Verdict.WITHDRAWN)
    _record_end(tx, before, after)
    cards.mark_queued_outdated(tx)
    was_live = before.state is PostState.LIVE
    result = _done(tx, user_id, Act.WITHDRAW, before, post_id)
    return replace(result, was_live=was_live)


def expire(tx: Tx) -> int:
    """End the approved and live posts whose time is over; returns how many."""
    ended = 0
    for due in posts.find_expired(tx):
        post = posts.find(tx, due, lock=True)
        after = lifecycle.step(post.lifecycle, Action.EXPIRE) if post is not None else None
        if post is not None and after is not None:  # else another process has just ended it
            _record_end(tx, post, after)
            ended += 1
    if ended:
        cards.mark_queued_outdated(tx)
    return ended


def find_post(tx: Tx, post_id: PostId) -> Post | None:
    """A post with its newest content."""
    return posts.find(tx, post_id)


def find_to_copy(tx: Tx, post_id: PostId) -> Post | None:
    """A post with what people saw of it last, or else with its newest content."""
    return posts.find_approved(tx, post_id) or posts.find(tx, post_id)


def find_reason(tx: Tx, post: Post) -> str | None:
    """Why the newest content was sent back; None where it wasn't."""
    returned = post.newest_state is PostState.RETURNED
    return posts.load_reasons(tx, [post.id]).get(post.id) if returned else None


def find_same_link(tx: Tx, link: str, origin: FormOrigin | None) -> Post | None:
    """The newest post with this link of the last SAME_LINK_WITHIN, but for the form's own."""
    own = None
    if origin is not None:
        own = origin.post_id or posts.find_id_by_form(tx, origin.form_id)
    return posts.find_by_link(tx, link, tx.now - SAME_LINK_WITHIN, own)


def _decide(
    tx: Tx, post_id: PostId, revision: int | None, action: Action
) -> tuple[Post, PostLifecycle] | Refused:
    before = posts.find(tx, post_id, lock=True)
    if before is None:
        return Refused(Refusal.NO_SUCH_POST, None)
    if before.state.ended:
        return Refused(Refusal.ENDED, before)
    if revision is not None and revision != before.revision:
        return Refused(Refusal.CHANGED_MEANWHILE, before)
    after = lifecycle.step(before.lifecycle, action)
    if after is None:
        return Refused(Refusal.NOT_IN_REVIEW, before)
    return before, after


def _begin(tx: Tx, user_id: UserId, form: str, content: Content, action: Action) -> PostResult:
    state = PostState.IN_REVIEW if action is Action.SUBMIT else PostState.DRAFT
    post = posts.insert_post(tx, state, form)
    posts.insert_revision(tx, post, Revision(1, content, user_id, form))
    result = _done(tx, user_id, Act(action.value), None, post)
    if action is Action.SUBMIT:
        previews.request(tx, result.post)
    return result


def _notify_waits_again(tx: Tx, before: Post, post: Post) -> None:
    """Tell comms that a post waits again: a card that is only edited notifies nobody."""
    if post.lifecycle != before.lifecycle and cards.exists(tx, post.id):
        notices.enqueue(tx, NoticeKind.WAITS_AGAIN, post_id=post.id)


def _record_step(tx: Tx, post: Post, after: PostLifecycle) -> None:
    """Record where the post stands now, and cancel what comms were still to hear of before."""
    posts.record_lifecycle(tx, post.id, after)
    if after != post.lifecycle:
        for kind in (NoticeKind.SENT_BACK, NoticeKind.WAITS_AGAIN, NoticeKind.STILL_WAITS):
            notices.cancel(tx, kind, post.id)


def _is_draft(post: Post) -> bool:
    newest = post.correction if post.state is PostState.LIVE else post.state
    return newest is PostState.DRAFT


def _is_newest_approved(post: Post) -> bool:
    """Whether the newest content is the approved one."""
    return post.approved_revision == post.revision and post.state in (
        PostState.APPROVED,
        PostState.LIVE,
    )


def _record_end(tx: Tx, post: Post, after: PostLifecycle) -> None:
    """Record the end of a post; one that still waited for Slack does not go out any more."""
    _record_step(tx, post, after)
    posts.record_end(tx, post.id)
    planned = announcements.find(tx, post.id)
    if planned is not None and planned.state is DispatchState.PLANNED:
        dispatches.mark_unsent(tx, planned, DispatchState.WITHDRAWN)


def _done(
    tx: Tx,
    user_id: UserId,
    act: Act,
    before: Post | None,
    post_id: PostId,
    detail: str | None = None,
) -> PostResult:
    """Put in the record what was just done to a post; the post as it stands now."""
    after = posts.find(tx, post_id)
    if after is None:
        raise LookupError(f"post {post_id} has just been written and is gone")
    record.record_act(
        tx,
        user_id,
        act,
        post_id=post_id,
        revision=after.revision,
        before=None if before is None else record_rules.show_state(before.lifecycle),
        after=record_rules.show_state(after.lifecycle),
        detail=detail,
    )
    return PostResult(after, changed=True)

"""What a member answers to a post: every click is one short transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.domain import echo, lifecycle
from bot.domain.lessons import NO_LESSONS, Lesson, Occasion, Shelf
from bot.domain.model import (
    Delivery,
    DispatchState,
    Member,
    Network,
    NoticeKind,
    Outcome,
    Pace,
    Post,
    PostState,
    SkipReason,
    Stage,
    Wording,
)
from bot.services import announcing, asking, echoing, lessons, membership
from bot.storage import members, openings, posts, responses, workspaces
from bot.storage.database import Again
from bot.storage.responses import Scene


class Unanswerable(StrEnum):
    """Why a click on a post stores nothing."""

    NO_SUCH_POST = "no_such_post"
    ENDED = "ended"
    NOT_LIVE = "not_live"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person did: the stage, and what came with it.

    `message` is the channel and the moment (Slack's `ts`) of the message that was clicked, which
    is one to this member alone where `asked`. `undo` takes a step back on purpose: from shared to
    opened, from opened to interested, after which nothing says that anything was opened, or from
    a skip with a reason to one without.
    `wording` is the number of the one that was opened, None for own words.
    """

    stage: Stage
    network: Network | None = None
    reason: SkipReason | None = None
    dialog: str | None = None
    message: tuple[str, str] | None = None
    asked: bool = False
    undo: bool = False
    wording: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the response stands now, and whether this click changed it.

    `slower` is the member's new pace, where "too often" has just halved it; `stopped` says that
    the bot has just stopped asking the member by itself. `lesson` is to be offered with the
    answer: nobody else will offer it again. `was_shared` says that a skip took the place of a
    post marked as shared.
    """

    stage: Stage
    changed: bool
    slower: Pace | None = None
    stopped: bool = False
    lesson: Lesson | None = None
    was_shared: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """All that the share dialog shows: the post as approved, and who looks at it.

    `member` is None where there is no valid consent. `wordings` are those still offered, least
    used first.
    """

    post: Post
    member: Member | None
    stage: Stage | None
    wordings: tuple[Wording, ...]


def respond(
    connection: Connection,
    workspace: str,
    user: str,
    post: int,
    answer: Answer,
    now: datetime,
    shelf: Shelf = NO_LESSONS,
) -> Stored | Unanswerable:
    """Store a click; the last word counts and the history is kept.

    The second skip offers a lesson from `shelf`. Repeating a click changes nothing. Raises Again
    where another process stored a click of the same person at the same moment; the writer then
    runs it once more.
    """
    lesson = shelf.offered(Occasion.AFTER_FIRST_SKIPS) if answer.stage is Stage.SKIPPED else None
    scene = responses.scene(connection, workspace, user, post, lesson.name if lesson else None)
    if scene is None:
        return Unanswerable.NO_SUCH_POST
    if answer.message is not None and not answer.asked and _unsettled(scene):
        channel, ts = answer.message  # also of an ended post: its message can be edited now
        announcing.settle_uncertain(connection, workspace, post, channel=channel, ts=ts)
    obstacle = _obstacle(scene, now)
    if obstacle is not None:
        if obstacle is Unanswerable.ENDED and answer.asked:
            # Late, but an answer; it also proves that the message is there, which can be edited.
            click = asking.Click(workspace, user, post, answer.message)
            asking.answered(connection, click, Outcome.OTHER, now)
        return obstacle
    slows = _says_too_often_first(connection, scene, answer)  # before this click is stored
    stored = _store(connection, scene, post, answer, now)
    if not isinstance(stored, Stored):
        return stored
    if slows and stored.changed:
        stored = replace(stored, slower=_slow_down(connection, workspace, user, now))
    if lesson is not None:
        stored = _with_lesson(connection, scene, stored, lesson, now)
    return _pace(connection, workspace, user, post, answer, stored, scene, now)


def look(
    connection: Connection, workspace: str, user: str, post: int, now: datetime
) -> Sight | Unanswerable:
    """What the share dialog of this person on this post shows."""
    scene = responses.scene(connection, workspace, user, post)
    seen = posts.find_approved(connection, workspace, post)
    if scene is None:
        return Unanswerable.NO_SUCH_POST
    obstacle = _obstacle(scene, now)
    if obstacle is not None and obstacle is not Unanswerable.NO_CONSENT:
        return obstacle
    if seen is None:
        return Unanswerable.NOT_LIVE
    member = members.find(connection, workspace, user)
    valid = member if member is not None and member.consents(now) else None
    language = valid.preferences.language if valid is not None else None
    offered = echoing.offered(connection, workspace, seen, now, language)
    return Sight(seen, valid, scene.stage, offered)


def _network(scene: Scene, answer: Answer, stage: Stage) -> Network | None:
    """Where it was opened last; a skip and a change of mind forget it."""
    if stage is not answer.stage:  # only looked again, perhaps elsewhere
        return scene.network
    forgets = stage is Stage.SKIPPED or _takes_back(answer)
    return answer.network or (None if forgets else scene.network)


def _takes_back(answer: Answer) -> bool:
    return answer.undo and answer.stage is Stage.INTERESTED


def pass_on(
    connection: Connection,
    workspace: str,
    user: str,
    post: int,
    words: str,
    signer: str | None,
    now: datetime,
) -> Unanswerable | None:
    """A private word from a member to comms about a post; why it could not be taken, or None.

    The same words that are still on their way are not sent twice. `signer` is the user if they
    want their name under it: without it nothing stored tells who wrote the words.
    """
    scene = responses.scene(connection, workspace, user, post)
    obstacle = Unanswerable.NO_SUCH_POST if scene is None else _obstacle(scene, now)
    if obstacle is not None and obstacle is not Unanswerable.ENDED:  # also of one just ended
        return obstacle
    workspaces.owe_once(
        connection,
        workspace,
        NoticeKind.PRIVATE_WORD,
        now,
        post=post,
        detail=words,
        who=signer,
    )
    return None


def live(connection: Connection, workspace: str, now: datetime) -> list[Post]:
    """The posts that can be shared now, newest first."""
    shown = posts.approved(connection, workspace, [PostState.LIVE])
    return [
        post for post in shown if post.content.expires_at is None or now < post.content.expires_at
    ]


def _obstacle(scene: Scene, now: datetime) -> Unanswerable | None:
    if scene.post_state.ended or (scene.expires_at is not None and scene.expires_at <= now):
        return Unanswerable.ENDED
    on_its_way = scene.announcement_state in (DispatchState.SENDING, DispatchState.UNCERTAIN)
    if scene.post_state is not PostState.LIVE and not on_its_way:
        return Unanswerable.NOT_LIVE
    if scene.consent_ends_at is None or scene.left_at or now >= scene.consent_ends_at:
        return Unanswerable.NO_CONSENT
    return None


def _unsettled(scene: Scene) -> bool:
    """Whether a click on the message tells something that the bot does not know yet."""
    return scene.announcement_state is DispatchState.UNCERTAIN or (
        scene.announcement_state is DispatchState.SENT and scene.message_ts is None
    )


def _store(
    connection: Connection, scene: Scene, post: int, answer: Answer, now: datetime
) -> Stored | Unanswerable:
    if scene.member is None:
        return Unanswerable.NO_CONSENT
    stage = answer.stage if answer.undo else lifecycle.respond(scene.stage, answer.stage)
    kept = scene.stage is stage
    network = _network(scene, answer, stage)
    stays = kept and stage is Stage.SKIPPED and not answer.undo
    reason = answer.reason or (scene.reason if stays else None)
    changed = (stage, network, reason) != (scene.stage, scene.network, scene.reason)
    dialog = answer.dialog or scene.dialog
    if not changed and answer.wording is not None and scene.response is not None:
        since = now - echo.WINDOW
        openings.keep_again(
            connection, scene.response, post, answer.network, answer.wording, now, since
        )
    if not changed and dialog == scene.dialog:
        return Stored(stage, changed=False)
    if scene.response is None or scene.stage is None:
        response = responses.add(
            connection,
            post,
            scene.member,
            stage,
            now,
            reason=reason,
            network=network,
            dialog=dialog,
        )
    else:
        response = scene.response
        ours = responses.change(
            connection,
            scene,
            stage,
            now,
            reason=reason,
            network=network,
            dialog=dialog,
        )
        if not ours:
            raise Again
    if changed:
        opened = None if answer.wording is None else (post, answer.wording)
        responses.keep(
            connection, response, stage, now, reason=reason, network=network, opened=opened
        )
        if _takes_back(answer):
            responses.forget_opening(connection, response, scene.member)
    if answer.network is not None:
        responses.prefer(connection, scene.member, answer.network)
    was_shared = stage is Stage.SKIPPED and scene.stage is Stage.SHARED
    return Stored(stage, changed=changed, was_shared=was_shared)


def _pace(
    connection: Connection,
    workspace: str,
    user: str,
    post: int,
    answer: Answer,
    stored: Stored,
    scene: Scene,
    now: datetime,
) -> Stored:
    """What the click means for when the member is asked next."""
    if not scene.asked:  # never directly about this post: nothing more to look at
        return stored
    skipped = stored.stage is Stage.SKIPPED
    outcome = Outcome.SKIPPED if skipped else Outcome.SHARED
    click = asking.Click(workspace, user, post, answer.message if answer.asked else None)
    stops = asking.answered(connection, click, outcome, now)
    return replace(stored, stopped=stops)


def _says_too_often_first(connection: Connection, scene: Scene, answer: Answer) -> bool:
    """Whether the answer is "too often", for the first time about this post."""
    if answer.reason is not SkipReason.TOO_OFTEN:
        return False
    known = scene.response
    return known is None or not responses.ever_said(connection, known, SkipReason.TOO_OFTEN)


def _slow_down(connection: Connection, workspace: str, user: str, now: datetime) -> Pace | None:
    """Halve the pace of a member who is asked directly."""
    member = members.find(connection, workspace, user)
    if member is None or Delivery.DIRECT not in member.preferences.delivery:
        return None
    less = membership.ask_less(connection, workspace, user, now)
    return less.member.preferences.pace if less.member is not None and less.changed else None


def _with_lesson(
    connection: Connection, scene: Scene, stored: Stored, lesson: Lesson, now: datetime
) -> Stored:
    """Offer the lesson if this was one of the first posts skipped; most clicks need no look."""
    newly = stored.stage is Stage.SKIPPED and scene.stage is not Stage.SKIPPED
    if not newly or scene.lesson_seen or scene.member is None:
        return stored
    offered = lessons.offer_after_skips(connection, scene.member, lesson, now)
    return replace(stored, lesson=lesson) if offered else stored


def join_and_respond(
    connection: Connection,
    workspace: str,
    user: str,
    zone: str,
    post: int,
    answer: Answer,
    now: datetime,
    shelf: Shelf = NO_LESSONS,
) -> Stored | Unanswerable:
    """Consent, then the click that had to wait for it; `zone` is the person's IANA zone.

    The lesson for somebody who begins is offered from `shelf`.
    """
    scene = responses.scene(connection, workspace, user, post)
    obstacle = Unanswerable.NO_SUCH_POST if scene is None else _obstacle(scene, now)
    if obstacle is not None and obstacle is not Unanswerable.NO_CONSENT:
        return obstacle  # the consent was for going on with this post
    membership.join(connection, workspace, user, zone, now)
    stored = respond(connection, workspace, user, post, answer, now)
    if not isinstance(stored, Stored):
        return stored
    occasion = Occasion.BEFORE_FIRST_ASK
    return replace(stored, lesson=lessons.offer(connection, workspace, user, shelf, occasion, now))

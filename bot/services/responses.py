"""What a member answers to a post: every click is one short transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import wording_order
from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId
from bot.domain.lessons import EMPTY_CATALOG, Lesson, LessonCatalog, Occasion
from bot.domain.model import Outcome, Pace, SkipReason, Stage
from bot.domain.responses import (
    Answer,
    ClickFacts,
    Unanswerable,
    decide_response,
    why_unanswerable,
)
from bot.services import announcements, ask_answers, lessons, membership, preferences
from bot.services.ask_answers import AskClick
from bot.services.membership import NewMember
from bot.storage import members, responses, share_notes, wording_usage
from bot.storage.database import Again
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the response stands now, and whether this click changed it.

    `slower` is the member's new pace, where "too often" has just halved it; `stopped` says that
    the bot has just stopped asking the member by itself. `lesson` is to be offered with the
    answer: nobody else will offer it again. `was_shared` says that a skip took the place of a
    post marked as shared, `was_asked` that the member was asked directly: a message changes.
    """

    stage: Stage
    changed: bool
    slower: Pace | None = None
    stopped: bool = False
    lesson: Lesson | None = None
    was_shared: bool = False
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An answer was taken back; `stopped` says that the bot still asks the member nothing."""

    stopped: bool


def record_response(
    tx: Tx, user_id: UserId, post_id: PostId, answer: Answer, catalog: LessonCatalog = EMPTY_CATALOG
) -> Stored | Unanswerable:
    """Store a click; the last word counts and the history is kept.

    The second skip offers a lesson from `catalog`. Repeating a click changes nothing. Raises Again
    where another process stored a click of the same person at the same moment; the writer then
    runs it once more.
    """
    lesson = (
        catalog.lesson_for(Occasion.AFTER_FIRST_SKIPS) if answer.stage is Stage.SKIPPED else None
    )
    facts = responses.load_click_facts(tx, user_id, post_id, lesson.name if lesson else None)
    if facts is None:
        return Unanswerable.NO_SUCH_POST
    new_message = None if answer.in_ask or not facts.announcement_is_open else answer.message
    if new_message is not None and facts.consents(tx.now):
        channel, ts = new_message  # also of an ended post: its message can be edited then
        announcements.note_message(tx, post_id, channel, ts)
    obstacle = why_unanswerable(facts, tx.now)
    if obstacle is not None:
        if obstacle in (Unanswerable.ENDED, Unanswerable.NO_CONSENT) and answer.in_ask:
            # Late, but an answer; it also proves that the message is there, which can be edited.
            click = AskClick(user_id, post_id, answer.message)
            ask_answers.record_answer(tx, click, Outcome.OTHER)
        return obstacle
    slows = _says_too_often_first(tx, facts, answer)  # before this click is stored
    stored = _store(tx, facts, post_id, answer)
    if not isinstance(stored, Stored):
        return stored
    if slows and stored.changed:
        stored = replace(stored, slower=_slow_down(tx, user_id))
    if lesson is not None:
        stored = _with_lesson(tx, facts, stored, lesson)
    if facts.was_asked:
        stored = _with_ask_answer(tx, AskClick(user_id, post_id, answer.message), answer, stored)
    return stored


def join_and_record(
    tx: Tx,
    new: NewMember,
    post_id: PostId,
    answer: Answer,
    catalog: LessonCatalog = EMPTY_CATALOG,
) -> Stored | Unanswerable:
    """Record consent, then the click that had to wait for it.

    The lesson for somebody who begins is offered from `catalog`.
    """
    facts = responses.load_click_facts(tx, new.user_id, post_id)
    obstacle = Unanswerable.NO_SUCH_POST if facts is None else why_unanswerable(facts, tx.now)
    if obstacle is not None and obstacle is not Unanswerable.NO_CONSENT:
        return obstacle  # the consent was for going on with this post
    membership.join(tx, new.user_id, new.time_zone)
    stored = record_response(tx, new.user_id, post_id, answer)
    if not isinstance(stored, Stored):
        return stored
    lesson = lessons.offer(tx, new.user_id, catalog, Occasion.BEFORE_FIRST_ASK)
    return replace(stored, lesson=lesson)


def take_back(tx: Tx, user_id: UserId, post_id: PostId) -> TakenBack | Unanswerable:
    """Take back whatever the member answered to a post: nothing is kept of it."""
    facts = responses.load_click_facts(tx, user_id, post_id)
    obstacle = Unanswerable.NO_SUCH_POST if facts is None else why_unanswerable(facts, tx.now)
    if facts is None or obstacle is not None:
        return obstacle or Unanswerable.NO_SUCH_POST
    if facts.response_id is not None and facts.member_id is not None:
        responses.delete_response(tx, facts.response_id, facts.member_id)
    return TakenBack(ask_answers.reopen(tx, user_id, post_id))


def _store(tx: Tx, facts: ClickFacts, post_id: PostId, answer: Answer) -> Stored | Unanswerable:
    if facts.member_id is None:
        return Unanswerable.NO_CONSENT
    before = facts.response
    after = decide_response(before, answer)
    changed = after != before
    if not changed and answer.wording_id is not None and facts.response_id is not None:
        opened = (post_id, answer.wording_id)
        since = tx.now - wording_order.WINDOW
        wording_usage.record_opened_again(tx, facts.response_id, answer.network, opened, since)
    dialog_id = answer.dialog_id or facts.dialog_id
    if not changed and dialog_id == facts.dialog_id:
        return Stored(after.stage, changed=False)
    if facts.response_id is None or before is None:
        response_id = responses.insert_response(tx, post_id, facts.member_id, after, dialog_id)
    else:
        response_id = facts.response_id
        if not responses.update_response(tx, response_id, before, after, dialog_id):
            raise Again
        if facts.stage is Stage.SHARED and after.stage is not Stage.SHARED:
            share_notes.delete_of_response(tx, response_id)
    if changed:
        wording = None if answer.wording_id is None else (post_id, answer.wording_id)
        responses.insert_event(tx, response_id, after, opened=wording)
        if answer.takes_back:
            responses.delete_openings(tx, response_id, facts.member_id)
    if answer.network is not None:
        responses.record_last_network(tx, facts.member_id, answer.network)
    was_shared = after.stage is Stage.SKIPPED and facts.stage is Stage.SHARED
    return Stored(after.stage, changed=changed, was_shared=was_shared)


def _with_ask_answer(tx: Tx, click: AskClick, answer: Answer, stored: Stored) -> Stored:
    """Record what the click means for when the member, who was asked directly, is asked next."""
    outcome = Outcome.SKIPPED if stored.stage is Stage.SKIPPED else Outcome.SHARED
    if not answer.in_ask:
        click = replace(click, message=None)
    stopped = ask_answers.record_answer(tx, click, outcome)
    return replace(stored, stopped=stopped, was_asked=True)


def _says_too_often_first(tx: Tx, facts: ClickFacts, answer: Answer) -> bool:
    """Whether the answer is "too often", for the first time about this post."""
    if answer.reason is not SkipReason.TOO_OFTEN:
        return False
    known = facts.response_id
    return known is None or not responses.was_reason_given(tx, known, SkipReason.TOO_OFTEN)


def _slow_down(tx: Tx, user_id: UserId) -> Pace | None:
    """Halve the pace of a member who is asked directly."""
    member = members.find(tx, user_id)
    if member is None or Delivery.DIRECT not in member.preferences.delivery:
        return None
    less = preferences.ask_less(tx, user_id)
    return less.member.preferences.pace if less.member is not None and less.changed else None


def _with_lesson(tx: Tx, facts: ClickFacts, stored: Stored, lesson: Lesson) -> Stored:
    """Offer the lesson if this was one of the first posts skipped; most clicks need no look."""
    newly = stored.stage is Stage.SKIPPED and facts.stage is not Stage.SKIPPED
    if not newly or facts.lesson_seen or facts.member_id is None:
        return stored
    offered = lessons.offer_after_skips(tx, facts.member_id, lesson)
    return replace(stored, lesson=lesson) if offered else stored

"""Responses: what a click on a post may do, and where a member's response stands after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.ids import MemberId, ResponseId, WordingId
from bot.domain.model import DispatchState, SkipReason, Stage, consents
from bot.domain.post import Network, PostState, expired

_PROGRESS: Final = {Stage.INTERESTED: 0, Stage.OPENED: 1, Stage.SHARED: 2}


class Unanswerable(StrEnum):
    """Why a click on a post stores nothing."""

    NO_SUCH_POST = "no_such_post"
    ENDED = "ended"
    NOT_LIVE = "not_live"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person did: the stage, and what came with it.

    `message` is the channel and the `ts` of the message that was clicked, which is one to this
    member alone with `in_ask`. `undo` takes a step back on purpose: from shared to opened, from
    opened to interested, after which nothing says that anything was opened, or from a skip with a
    reason to one without. `wording_id` is the wording that was opened, None for own words.
    """

    stage: Stage
    network: Network | None = None
    reason: SkipReason | None = None
    dialog_id: str | None = None
    message: tuple[str, str] | None = None
    in_ask: bool = False
    undo: bool = False
    wording_id: WordingId | None = None

    @property
    def takes_back(self) -> bool:
        """Whether it takes back that anything was opened."""
        return self.undo and self.stage is Stage.INTERESTED


@dataclass(frozen=True, slots=True)
class ResponseState:
    """How far a member went with a post: `network` is where they opened it last."""

    stage: Stage
    network: Network | None = None
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class ClickFacts:
    """All that a click on a post needs to know, read at once.

    `was_asked` is whether the member is or was to be asked directly about the post; `lesson_seen`
    whether they know the lesson that the click may lead to.
    """

    post_state: PostState
    expires_at: datetime | None
    member_id: MemberId | None
    left_at: datetime | None
    consent_ends_at: datetime | None
    announcement_state: DispatchState | None
    message_ts: str | None
    response_id: ResponseId | None
    stage: Stage | None
    reason: SkipReason | None
    network: Network | None
    dialog_id: str | None
    was_asked: bool
    lesson_seen: bool

    @property
    def response(self) -> ResponseState | None:
        """The member's response so far; None before the first one."""
        return None if self.stage is None else ResponseState(self.stage, self.network, self.reason)

    @property
    def announcement_is_open(self) -> bool:
        """Whether a click on the announcement tells something that the bot does not know yet."""
        possible = (DispatchState.UNCERTAIN, DispatchState.SENT)
        return self.message_ts is None and self.announcement_state in possible

    def consents(self, now: datetime) -> bool:
        """Whether the person who clicked has given consent that is valid at `now` (aware)."""
        return self.consent_ends_at is not None and consents(
            self.left_at, self.consent_ends_at, now
        )


def why_unanswerable(facts: ClickFacts, now: datetime) -> Unanswerable | None:
    """Why a click stores nothing now (aware); None where it may be stored.

    A post counts as live from the moment in which its announcement is on its way.
    """
    if facts.post_state.ended or expired(facts.expires_at, now):
        return Unanswerable.ENDED
    on_its_way = facts.announcement_state in (DispatchState.SENDING, DispatchState.UNCERTAIN)
    if facts.post_state is not PostState.LIVE and not on_its_way:
        return Unanswerable.NOT_LIVE
    if not facts.consents(now):
        return Unanswerable.NO_CONSENT
    return None


def next_stage(before: Stage | None, clicked: Stage) -> Stage:
    """The stage of a response after one more click: the last word counts.

    Looking at the dialog again is no step back: pressing Share after having opened a composer, or
    opening another one after having marked the post as shared, keeps the further stage. A skip
    always counts, and so does any change of mind after it.
    """
    if before in _PROGRESS and clicked in _PROGRESS and _PROGRESS[clicked] < _PROGRESS[before]:
        return before
    return clicked


def decide_response(before: ResponseState | None, answer: Answer) -> ResponseState:
    """Where a response stands after an answer; `before` is None for the first one.

    The network follows the last composer that was opened; a skip and a change of mind forget it.
    The reason of a skip stays while it stays a skip, unless it is undone.
    """
    known = before.stage if before is not None else None
    stage = answer.stage if answer.undo else next_stage(known, answer.stage)
    stays_skipped = stage is known is Stage.SKIPPED and not answer.undo
    reason = answer.reason or (before.reason if before is not None and stays_skipped else None)
    return ResponseState(stage, _network(before, answer, stage), reason)


def _network(before: ResponseState | None, answer: Answer, stage: Stage) -> Network | None:
    known = before.network if before is not None else None
    if stage is not answer.stage:  # only looked again, perhaps elsewhere
        return known
    forgets = stage is Stage.SKIPPED or answer.takes_back
    return answer.network or (None if forgets else known)

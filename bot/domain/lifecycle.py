"""The legal steps of posts and responses; everything else is refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.model import PostState, Stage


class Action(StrEnum):
    """What can be done to a post."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    ANNOUNCE = "announce"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a post stands: its state, and that of a correction waiting behind a live post."""

    state: PostState
    correction: PostState | None = None


_WRITABLE = (PostState.DRAFT, PostState.RETURNED, PostState.IN_REVIEW, PostState.APPROVED)

_STEPS: dict[Action, tuple[tuple[PostState, ...], PostState]] = {
    Action.SAVE: (_WRITABLE, PostState.DRAFT),
    Action.SUBMIT: (_WRITABLE, PostState.IN_REVIEW),
    Action.APPROVE: ((PostState.IN_REVIEW,), PostState.APPROVED),
    Action.SEND_BACK: ((PostState.IN_REVIEW,), PostState.RETURNED),
    Action.WITHDRAW: ((*_WRITABLE, PostState.LIVE), PostState.WITHDRAWN),
    Action.ANNOUNCE: (_WRITABLE, PostState.LIVE),
    Action.EXPIRE: ((PostState.APPROVED, PostState.LIVE), PostState.EXPIRED),
}

_CORRECTIONS: dict[Action, tuple[tuple[PostState | None, ...], PostState | None]] = {
    Action.SAVE: ((None, *_WRITABLE), PostState.DRAFT),
    Action.SUBMIT: ((None, *_WRITABLE), PostState.IN_REVIEW),
    Action.APPROVE: ((PostState.IN_REVIEW,), None),
    Action.SEND_BACK: ((PostState.IN_REVIEW,), PostState.RETURNED),
}


def step(standing: Standing, action: Action) -> Standing | None:
    """Where `action` leads from `standing`, or None where it is not legal.

    Writing to a live post leaves it live: the newer content is a correction, which becomes what
    people see when it is approved. A post edited while its announcement was on its way is live
    with what was announced, and the edit is its correction. An ended post never comes back.
    """
    if standing.state is PostState.LIVE and action in _CORRECTIONS:
        allowed, correction = _CORRECTIONS[action]
        return Standing(PostState.LIVE, correction) if standing.correction in allowed else None
    origins, goal = _STEPS[action]
    if standing.state not in origins:
        return None
    if action is Action.ANNOUNCE and standing.state is not PostState.APPROVED:
        return Standing(goal, standing.state)
    return Standing(goal)


_PROGRESS = {Stage.INTERESTED: 0, Stage.OPENED: 1, Stage.SHARED: 2}


def respond(before: Stage | None, now: Stage) -> Stage:
    """The stage of a response after one more click: the last word counts.

    Only looking at the dialog again is no step back: pressing Share after having opened a
    composer, or opening another one after having marked the post as shared, keeps the further
    stage. A skip always counts, and so does any change of mind after it.
    """
    if before in _PROGRESS and now in _PROGRESS and _PROGRESS[now] < _PROGRESS[before]:
        return before
    return now

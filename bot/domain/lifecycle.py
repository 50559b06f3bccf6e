"""The legal steps of posts; everything else is refused."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.post import PostLifecycle, PostState


class Action(StrEnum):
    """What can be done to a post."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    ANNOUNCE = "announce"
    EXPIRE = "expire"


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


def step(before: PostLifecycle, action: Action) -> PostLifecycle | None:
    """Where `action` leads from `before`, or None where it is not legal.

    Writing to a live post leaves it live: the newer content is a correction, which becomes what
    people see when it is approved. A post edited while its announcement was on its way is live
    with what was announced, and the edit is its correction. An ended post never comes back.
    """
    if before.state is PostState.LIVE and action in _CORRECTIONS:
        allowed, correction = _CORRECTIONS[action]
        return PostLifecycle(PostState.LIVE, correction) if before.correction in allowed else None
    origins, goal = _STEPS[action]
    if before.state not in origins:
        return None
    if action is Action.ANNOUNCE and before.state is not PostState.APPROVED:
        return PostLifecycle(goal, before.state)
    return PostLifecycle(goal)

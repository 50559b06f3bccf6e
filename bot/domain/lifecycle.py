"""The legal steps of posts and of dispatches; everything else is refused."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.domain.model import DispatchState, Outcome
from bot.domain.post import PostLifecycle, PostState

# A send has 10 s, a look at a page some seconds: who claimed something so long ago has died.
ABANDONED_AFTER: Final = timedelta(seconds=60)


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

_D = DispatchState
# None is a dispatch that is not there: not planned yet, or taken back as if it had never been.
_DISPATCH_STEPS: Final[dict[DispatchState | None, tuple[DispatchState | None, ...]]] = {
    None: (_D.PLANNED,),
    _D.PLANNED: (_D.SENDING, _D.SENT, _D.WITHDRAWN, None),  # sent: Slack's word came late
    _D.SENDING: (_D.SENT, _D.UNCERTAIN, _D.PLANNED, None),
    _D.UNCERTAIN: (_D.SENT, _D.PLANNED, _D.WITHDRAWN),
    _D.SENT: (),
    _D.WITHDRAWN: (),
}


class IllegalStep(Exception):
    """Something was to be recorded that is no legal step."""


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


def may_become(before: DispatchState | None, after: DispatchState | None) -> bool:
    """Whether a dispatch may go from one state to the other; None: it is not there.

    What was claimed and surely not sent is planned again or taken back. What may have been sent is
    uncertain: it counts as sent, and only comms can send it again.
    """
    return after in _DISPATCH_STEPS[before]


def may_settle(before: Outcome | None, after: Outcome) -> bool:
    """Whether an ask may get this outcome; None: it is open.

    The last answer counts, also one that comes late. Only what is open lapses or ends.
    """
    return before is None or (after is not before and after not in (Outcome.LAPSED, Outcome.ENDED))

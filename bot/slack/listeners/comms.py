"""Who may do what comms do: asked of Slack live, before anything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps

from bot.slack import people
from bot.slack.listeners.call import Call, Handler
from bot.slack.people import Role
from bot.slack.views import words
from bot.slack.views.text import Message, say


async def refusal(call: Call, *, guests: bool = False) -> Message | None:
    """Why the caller may not do this, or None where they may; guests only where `guests`."""
    try:
        role = await people.role(call.kit.client, call.kit.comms_channel, call.user)
    except people.CannotCheck:
        return say(words.CANNOT_CHECK)
    if role is Role.NEITHER:
        return say(words.NOT_COMMS)
    if role is Role.GUEST and not guests:
        return say(words.GUEST)
    return None


def for_comms(
    *, guests: bool = False
) -> Callable[[Callable[[Call], Awaitable[Message | None]]], Handler]:
    """Let only comms through to a handler; everybody else is told whom to ask."""

    def guard(handler: Callable[[Call], Awaitable[Message | None]]) -> Handler:
        @wraps(handler)
        async def guarded(call: Call) -> Message | None:
            refused = await refusal(call, guests=guests)
            return refused if refused is not None else await handler(call)

        return guarded

    return guard

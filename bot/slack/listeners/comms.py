"""Who may do what comms do: asked of Slack live, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from bot.slack import people
from bot.slack.listeners.request import Handler, SlackRequest
from bot.slack.people import Role
from bot.slack.views import replies
from bot.slack.views.text import Message, say


async def refusal(request: SlackRequest, *, guests: bool = False) -> Message | None:
    """Why the caller may not do this, or None where they may; guests only where `guests`."""
    context = request.context
    try:
        role = await people.load_role(context.client, context.comms_channel, request.user_id)
    except people.CannotCheck:
        return say(replies.CANNOT_CHECK)
    if role is Role.NEITHER:
        return say(replies.NOT_COMMS)
    if role is Role.GUEST and not guests:
        return say(replies.GUEST)
    return None


def for_comms(*, guests: bool = False) -> Callable[[Handler], Handler]:
    """Let only comms through to a handler; everybody else is told whom to ask."""

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: SlackRequest) -> Message | None:
            refused = await refusal(request, guests=guests)
            return refused if refused is not None else await handler(request)

        return guarded

    return guard

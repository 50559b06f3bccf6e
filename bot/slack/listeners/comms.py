"""Who may do what comms do: asked of Slack live, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from bot.domain.desk import Viewer
from bot.slack import people
from bot.slack.listeners.request import Handler, SlackRequest
from bot.slack.views import replies
from bot.slack.views.text import Message, say


async def admit(request: SlackRequest, *, guests: bool = False) -> Viewer | Message:
    """Who the caller is in comms, or why they may not do this; guests only where `guests`."""
    context = request.context
    try:
        found = await people.load_colleague(context.client, context.comms_channel, request.user_id)
    except people.CannotCheck:
        return say(replies.CANNOT_CHECK)
    viewer = people.viewer_in_comms(request.user_id, found)
    if viewer is None:
        return replies.not_comms()
    return say(replies.GUEST) if viewer.is_guest and not guests else viewer


async def refusal(request: SlackRequest, *, guests: bool = False) -> Message | None:
    """Why the caller may not do this, or None where they may; guests only where `guests`."""
    admitted = await admit(request, guests=guests)
    return None if isinstance(admitted, Viewer) else admitted


def for_comms(*, guests: bool = False) -> Callable[[Handler], Handler]:
    """Let only comms through to a handler; everybody else is told whom to ask."""

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: SlackRequest) -> Message | None:
            refused = await refusal(request, guests=guests)
            return refused if refused is not None else await handler(request)

        return guarded

    return guard

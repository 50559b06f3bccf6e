"""The heartbeat's answers to who asked what became of their suggestion."""

from __future__ import annotations

from bot.domain.rests import DIRECT
from bot.services import rests, suggestions
from bot.slack.context import AppContext
from bot.slack.dispatches import send
from bot.slack.views import suggestions as view

AT_ONCE = 20


async def answer_due(context: AppContext) -> None:
    """Send the answers that are owed, each once; later where Slack takes no direct messages."""
    owed = await context.at(context.clock()).read(suggestions.find_owed, AT_ONCE)
    for answer in owed:
        if not await context.at(context.clock()).read(rests.may_be_used, DIRECT):
            return
        if await context.at(context.clock()).write(suggestions.claim_answer, answer):
            message = view.answer(answer.outcome)
            await send(context, suggestions, answer, answer.user_id, message, "an answer")

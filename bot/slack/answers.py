"""The heartbeat's answers: what became of a suggestion, and thanks for a note."""

from __future__ import annotations

from bot.domain.rests import DIRECT
from bot.services import rests, share_notes, suggestions
from bot.slack.context import AppContext
from bot.slack.dispatches import send
from bot.slack.views import share_notes as thanks_view
from bot.slack.views import suggestions as suggestions_view

# So many that nobody's waits behind those of others, but where one more or less cannot be told.
AT_ONCE = 100


async def answer_due(context: AppContext) -> None:
    """Send the answers that are owed, each once; later where Slack takes no direct messages."""
    owed = await context.at(context.clock()).read(suggestions.find_owed, AT_ONCE)
    for answer in owed:
        if not await _may_send(context):
            return
        if await context.at(context.clock()).write(suggestions.claim_answer, answer):
            message = suggestions_view.answer(answer.outcome)
            await send(context, suggestions, answer, answer.user_id, message, "an answer")
    for thanks, title in await context.at(context.clock()).read(share_notes.find_owed, AT_ONCE):
        if not await _may_send(context):
            return
        if await context.at(context.clock()).write(share_notes.claim, thanks):
            message = thanks_view.thanks(title, thanks.words)
            await send(context, share_notes, thanks, thanks.user_id, message, "thanks")


async def _may_send(context: AppContext) -> bool:
    return await context.at(context.clock()).read(rests.may_be_used, DIRECT)

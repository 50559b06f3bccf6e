"""The direct messages of asks in Slack: each is shown as it should be at the moment of the edit."""

from __future__ import annotations

from bot.domain.ids import AskId, UserId
from bot.domain.model import Shown
from bot.domain.troubles import concerns_everybody
from bot.services import ask_messages
from bot.services.ask_messages import AskUpdate
from bot.slack import messenger
from bot.slack.context import AppContext
from bot.slack.messenger import NotSent, Unsure
from bot.slack.rounds import Attempt
from bot.slack.views import announcements, asks
from bot.slack.views.text import Message

_ROUNDS = 3  # edits of one message in a row; what changes still more often follows later


async def show(context: AppContext, ask_id: AskId) -> Attempt:
    """Show in the message of an ask what it should show now.

    Consent is read just before the edit. It is read again afterwards, and the message edited once
    more where it should show something else by then: of two edits at once either may come last.
    """
    done = None
    for _ in range(_ROUNDS):
        update = await context.at(context.clock()).read(ask_messages.load_update, ask_id)
        if update is None or update.content == done:
            return Attempt.ANSWERED
        outcome = await messenger.edit(context.client, update.channel, update.ts, render(update))
        if isinstance(outcome, Unsure):
            return Attempt.LOST  # the next heartbeat finds it again
        if isinstance(outcome, NotSent) and concerns_everybody(outcome.trouble):
            return Attempt.REFUSED
        # Slack took it, or never will: a message that is gone, or can be edited no more.
        done = update.content
        await context.at(context.clock()).write(ask_messages.record_shown, ask_id, *done)
    return Attempt.ANSWERED


def refresh_soon(context: AppContext, user_id: UserId) -> None:
    """Bring one person's messages up to date after their own act, without making them wait."""
    context.background_tasks.add(refresh(context, user_id))


async def refresh(context: AppContext, user_id: UserId) -> None:
    """Bring the messages of one person's asks up to date."""
    outdated = await context.at(context.clock()).read(ask_messages.find_outdated_of, user_id)
    for ask_id in outdated:
        await show(context, ask_id)


async def show_again(context: AppContext, user_id: UserId, channel: str, ts: str) -> bool:
    """Show one person's message as it should be, whatever it shows; False where it is no ask's."""
    found = await context.at(context.clock()).read(
        ask_messages.find_by_message, user_id, channel, ts
    )
    if found is None:
        return False
    await show(context, found)
    return True


def render(update: AskUpdate) -> Message:
    """The message as it should be now."""
    match update.shown:
        case Shown.ANSWERED:
            return asks.answered(update.post)
        case Shown.ENDED:
            return announcements.render_ended(update.post)
        case Shown.CLOSED:
            return asks.closed()
        case Shown.POST:
            return asks.render_ask(
                update.post, update.member, repeat=update.repeat, renew_before=update.renew_before
            )

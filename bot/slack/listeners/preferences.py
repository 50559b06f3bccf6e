"""`/advocacy settings`: what a member wants to see, when and how."""

from __future__ import annotations

import asyncio
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.model import Delivery
from bot.services import calendars, membership, pacing, preferences
from bot.slack import home_tab_publisher, messenger
from bot.slack.listeners.registry import Listener, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import membership as membership_view
from bot.slack.views import preferences as preferences_view
from bot.slack.views import replies
from bot.slack.views.errors import closing_view
from bot.slack.views.outlook import next_ask
from bot.slack.views.preferences import Errors, Offered
from bot.slack.views.text import Message, say


async def settings(request: SlackRequest) -> Message | None:
    """Open the form; those who have not joined are asked to join first."""
    context = request.context
    member = await request.read(membership.find_member, request.user_id)
    if member is None or not member.consents(request.now):
        return membership_view.not_joined()
    topics = await request.read(preferences.load_topics)
    countries = await asyncio.to_thread(calendars.countries)
    offered = Offered(topics, context.sharing_policy.networks, countries)
    view = preferences_view.render(member.preferences, offered, member.mastodon_instance or "")
    opened = await messenger.open_view(context.client, request.trigger_id, view)
    return None if opened else say(replies.DIALOG_FAILED)


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Store what was chosen, and say when the next direct message may come."""
    wanted = preferences_view.read(request.view)
    if isinstance(wanted, Errors):
        await ack(response_action="errors", errors=wanted.by_field)
        return
    if wanted.country is not None:  # the first question for a country takes a while
        await asyncio.to_thread(calendars.warm, [wanted.country], request.now.date())
    server = preferences_view.read_server(request.view)
    result = await request.write(preferences.choose, request.user_id, wanted, server)
    if result.member is None:
        closing = closing_view("Your settings", replies.CONSENT_ENDED)
        await ack(response_action="update", view=closing)
        return
    sentence = next_ask(await request.read(pacing.outlook, result.member), result.member)
    in_channel = Delivery.CHANNEL in wanted.delivery
    channel = request.context.advocacy_channel if in_channel else None
    await ack(response_action="update", view=preferences_view.saved(sentence, channel=channel))
    home_tab_publisher.publish_soon(request.context, request.user_id)


LISTENERS: Final[tuple[Listener, ...]] = (
    button(preferences_view.OPEN, settings, replace=False),
    form(preferences_view.FORM, submit),
)

"""What a member wants to see, when and how: the settings, and the short form for messages."""

from __future__ import annotations

import asyncio
from typing import Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain.model import Delivery, Member
from bot.domain.post import Network
from bot.services import calendars, membership, pacing, preferences
from bot.slack import home_tab_publisher, messenger
from bot.slack.listeners.registry import Listener, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import direct_form, replies
from bot.slack.views import membership as membership_view
from bot.slack.views import preferences as preferences_view
from bot.slack.views.errors import closing_view
from bot.slack.views.outlook import next_ask
from bot.slack.views.preferences import Errors, Offered
from bot.slack.views.text import Message, say


async def settings(request: SlackRequest) -> Message | None:
    """Open the form; those who have not joined are asked to join first."""
    member = await _find_consenting(request)
    if member is None:
        return await _not_joined(request)
    countries = await asyncio.to_thread(calendars.countries)
    offered = Offered(await request.read(preferences.load_topics), _networks(request), countries)
    server = member.mastodon_instance or ""
    return await _show(request, preferences_view.render(member.preferences, offered, server))


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


async def choose_direct(request: SlackRequest) -> Message | None:
    """Open the short form for direct messages."""
    member = await _find_consenting(request)
    if member is None:
        return await _not_joined(request)
    offered = Offered(await request.read(preferences.load_topics), _networks(request), {})
    return await _show(request, direct_form.render(member.preferences, offered))


async def submit_direct(ack: AsyncAck, request: SlackRequest) -> None:
    """Send direct messages as chosen, and say when the first may come."""
    chosen = direct_form.read(request.view)
    if isinstance(chosen, Errors):
        await ack(response_action="errors", errors=chosen.by_field)
        return
    result = await request.write(preferences.choose_direct, request.user_id, chosen)
    if result.member is None:
        closing = closing_view(direct_form.TITLE, replies.CONSENT_ENDED)
        await ack(response_action="update", view=closing)
        return
    sentence = next_ask(await request.read(pacing.outlook, result.member), result.member)
    await ack(response_action="update", view=direct_form.saved(sentence))
    home_tab_publisher.publish_soon(request.context, request.user_id)


async def _find_consenting(request: SlackRequest) -> Member | None:
    member = await request.read(membership.find_member, request.user_id)
    return member if member is not None and member.consents(request.now) else None


def _networks(request: SlackRequest) -> tuple[Network, ...]:
    return request.context.sharing_policy.networks


async def _show(request: SlackRequest, view: View) -> Message | None:
    """Open a dialog, in the place of the one in which it was asked for; what to say if it fails."""
    client = request.context.client
    if request.dialog_id is not None:
        shown = await messenger.update_view(client, view, view_id=request.dialog_id)
    else:
        shown = await messenger.open_view(client, request.trigger_id, view)
    return None if shown else say(replies.DIALOG_FAILED)


async def _not_joined(request: SlackRequest) -> Message | None:
    if request.dialog_id is None:
        return membership_view.not_joined()
    return await _show(request, closing_view("Your settings", replies.CONSENT_ENDED))


LISTENERS: Final[tuple[Listener, ...]] = (
    button(preferences_view.OPEN, settings, replace=False),
    form(preferences_view.FORM, submit),
    button(direct_form.OPEN, choose_direct, replace=False),
    form(direct_form.FORM, submit_direct),
)

"""What a member wants to see, when and how: the settings, and the short form for messages."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain.admission import Access
from bot.domain.delivery import Delivery
from bot.domain.model import Member, Preferences
from bot.services import calendars, membership, pacing, preferences
from bot.slack import home_tab_publisher
from bot.slack.listeners.registry import Listener, action, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import direct_form, replies
from bot.slack.views import membership as membership_view
from bot.slack.views import preferences as preferences_view
from bot.slack.views.errors import closing_view
from bot.slack.views.outlook import next_ask
from bot.slack.views.preferences import Errors, Offered
from bot.slack.views.text import Message


async def settings(request: SlackRequest) -> Message | None:
    """Open the form; those who have not joined are asked to join first."""
    member = await request.read(membership.load_consenting, request.user_id)
    if member is None:
        return await _not_joined(request)
    return await request.open_dialog(await _form(request, member, member.preferences))


async def offer_regions(ack: AsyncAck, request: SlackRequest) -> None:
    """Another country was chosen: ask for its region, where it has any."""
    country = preferences_view.read_country(request.view)
    member = await request.read(membership.find_member, request.user_id)
    await ack()
    if member is None:  # erased meanwhile; submitting the form says so
        return
    region = member.preferences.region if country == member.preferences.country else None
    shown = replace(member.preferences, country=country, region=region)
    # What else was typed stays: Slack keeps it under the same ids.
    request.update_view(await _form(request, member, shown))


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Store what was chosen, and say when the next direct message may come."""
    wanted = preferences_view.read(request.view)
    if isinstance(wanted, Errors):
        await ack(response_action="errors", errors=wanted.by_field)
        return
    if wanted.country is not None:  # the first question for a country takes a while
        kept = (wanted.country, wanted.region)
        await asyncio.to_thread(calendars.warm, [kept], request.now.date())
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


async def _form(request: SlackRequest, member: Member, chosen: Preferences) -> View:
    """The form, filled with `chosen`."""
    topics = await request.read(preferences.load_topics)
    countries = await asyncio.to_thread(calendars.countries)
    regions = await asyncio.to_thread(calendars.regions, chosen.country)
    offered = Offered(topics, request.context.sharing_policy.networks, countries, regions)
    return preferences_view.render(chosen, offered, member.mastodon_instance or "")


async def choose_direct(request: SlackRequest) -> Message | None:
    """Open the short form for direct messages."""
    member = await request.read(membership.load_consenting, request.user_id)
    if member is None:
        return await _not_joined(request)
    topics = await request.read(preferences.load_topics)
    offered = Offered(topics, request.context.sharing_policy.networks)
    return await request.open_dialog(direct_form.render(member.preferences, offered))


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


async def _not_joined(request: SlackRequest) -> Message | None:
    if request.dialog_id is None:
        return membership_view.not_joined()
    return await request.open_dialog(closing_view("Your settings", replies.CONSENT_ENDED))


LISTENERS: Final[tuple[Listener, ...]] = (
    button(preferences_view.OPEN, Access.MEMBERS, settings, replace=False),
    action(preferences_view.COUNTRY, Access.MEMBERS, offer_regions),
    form(preferences_view.FORM, Access.MEMBERS, submit),
    button(direct_form.OPEN, Access.MEMBERS, choose_direct, replace=False),
    form(direct_form.FORM, Access.MEMBERS, submit_direct),
)

"""`/advocacy settings`: what a member wants to see, when and how."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain import model
from bot.services import calendars, membership, pace
from bot.slack import homes, messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, from_click, press
from bot.slack.views import membership as views
from bot.slack.views import preferences, words
from bot.slack.views.outlook import next_ask
from bot.slack.views.preferences import Errors, Offered
from bot.slack.views.text import Message, say
from bot.slack.views.trouble import closing_view


async def settings(call: Call) -> Message | None:
    """Open the form; those who have not joined are asked to join first."""
    kit = call.kit
    member = await kit.database.read(membership.stand, kit.workspace, call.user)
    if member is None or not member.consents(call.now):
        return views.not_joined()
    topics = await kit.database.read(membership.offered_topics, kit.workspace)
    countries = await asyncio.to_thread(calendars.countries)
    offered = Offered(topics, kit.house.networks, countries)
    view = preferences.render(member.preferences, offered, member.mastodon_instance or "")
    opened = await messenger.open_view(kit.client, call.trigger, view)
    return None if opened else say(words.DIALOG_FAILED)


COMMANDS: dict[str, Handler] = {"settings": settings}


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The form and its button."""
    press(app, kit, delivery, preferences.OPEN, settings, replace=False)

    @app.view(preferences.FORM)
    async def chosen(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        wanted = preferences.read(view)
        if isinstance(wanted, Errors):
            await ack(response_action="errors", errors=wanted.by_field)
            return
        if wanted.country is not None:  # the first question for a country takes a while
            await asyncio.to_thread(calendars.warm, [wanted.country], call.now.date())
        result = await kit.database.write(
            membership.choose,
            kit.workspace,
            call.user,
            wanted,
            call.now,
            preferences.read_server(view),
        )
        if result.member is None:
            closing = closing_view("Your settings", words.CONSENT_ENDED)
            await ack(response_action="update", view=closing)
            return
        decision = await kit.database.read(pace.outlook, kit.workspace, result.member, call.now)
        sentence = next_ask(decision, result.member)
        channel = kit.advocacy_channel if model.Delivery.CHANNEL in wanted.delivery else None
        await ack(response_action="update", view=preferences.saved(sentence, channel=channel))
        homes.publish_soon(kit, call.user)

"""Joining, leaving, pausing, and where one stands: typed or pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.durations import parse_pause
from bot.domain.model import Member
from bot.services import lessons, membership, pace, responding
from bot.services.membership import Membership
from bot.slack import homes, messenger, people
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, from_click, message_of, press
from bot.slack.views import ask, lists, words
from bot.slack.views import membership as views
from bot.slack.views.lessons import Place, offered
from bot.slack.views.text import Message


async def join(call: Call) -> Message:
    """`/advocacy join`."""
    kit = call.kit
    member = await kit.database.read(membership.stand, kit.workspace, call.user)
    if member is not None and member.consents(call.now):
        return await _standing(call, member, views.already_joined)
    zone = await people.zone(kit.client, call.user, kit.zone)
    result, lesson = await kit.database.write(
        lessons.join, kit.workspace, call.user, zone, kit.lessons, call.now
    )
    if result.member is None or not result.changed:
        return await status(call)
    _show_at_home(call)
    joined = views.joined(result.member)
    return joined if lesson is None else offered(joined, lesson, Place.JOINED)


async def leave(call: Call) -> Message:
    """`/advocacy leave`."""
    kit = call.kit
    result = await kit.database.write(membership.leave, kit.workspace, call.user, call.now)
    if not result.changed:
        return views.already_out(channel=kit.advocacy_channel)
    _show_at_home(call)
    return views.left(kit.advocacy_channel)


async def pause(call: Call) -> Message:
    """`/advocacy pause 2 weeks`."""
    kit = call.kit
    member = await kit.database.read(membership.stand, kit.workspace, call.user)
    if member is None or not member.consents(call.now):
        return views.not_joined()
    if not call.rest:
        return words.pause_needs(None)
    try:
        until = parse_pause(call.rest, call.now, ZoneInfo(member.zone))
    except ValueError as problem:
        return words.pause_needs(str(problem))
    result = await kit.database.write(membership.pause, kit.workspace, call.user, until, call.now)
    if result.member is None:
        return views.not_joined()
    _show_at_home(call)
    return views.paused(until, result.member, changed=result.changed)


async def resume(call: Call) -> Message:
    """`/advocacy resume`."""
    kit = call.kit
    result = await kit.database.write(membership.resume, kit.workspace, call.user, call.now)
    if result.member is None:
        return views.not_joined()
    _show_at_home(call)
    return views.resumed(result.member, kit.advocacy_channel, changed=result.changed)


async def status(call: Call) -> Message:
    """`/advocacy` alone."""
    kit = call.kit
    member = await kit.database.read(membership.stand, kit.workspace, call.user)
    if member is None or not member.consents(call.now):
        return views.not_joined()
    return await _standing(call, member, views.status)


async def _standing(call: Call, member: Member, show: Callable[..., Message]) -> Message:
    kit, now = call.kit, call.now
    decision = await kit.database.read(pace.outlook, kit.workspace, member, now)
    renewable = membership.renewable(member, now)
    return show(member, decision, kit.advocacy_channel, now, renewable=renewable)


async def show_help(call: Call) -> Message:
    """`/advocacy help`; comms commands only for those who may use them."""
    try:
        role = await people.role(call.kit.client, call.kit.comms_channel, call.user)
    except people.CannotCheck:
        role = people.Role.NEITHER
    return views.help_for(comms=role is not people.Role.NEITHER)


async def browse(call: Call) -> Message:
    """`/advocacy browse`."""
    kit = call.kit
    return lists.browse(await kit.database.read(responding.live, kit.workspace, call.now))


async def renew(call: Call) -> Message:
    """Consent again, where its end was near."""
    kit = call.kit
    result = await kit.database.write(membership.renew, kit.workspace, call.user, call.now)
    if result.member is None:
        return views.not_joined()
    _show_at_home(call)
    return views.renewed(result.member)


async def _in_channel(call: Call) -> Message:
    return await _channel(call, wanted=True)


async def _without_channel(call: Call) -> Message:
    return await _channel(call, wanted=False)


async def _browse_only(call: Call) -> Message:
    kit = call.kit
    result = await kit.database.write(membership.browse_only, kit.workspace, call.user, call.now)
    return _delivery(call, result, wanted=False)


async def _channel(call: Call, *, wanted: bool) -> Message:
    kit = call.kit
    result = await kit.database.write(
        membership.choose_channel, kit.workspace, call.user, call.now, wanted=wanted
    )
    return _delivery(call, result, wanted=wanted)


def _delivery(call: Call, result: Membership, *, wanted: bool) -> Message:
    if result.member is None or not result.member.consents(call.now):
        return views.not_joined()
    _show_at_home(call)
    return views.delivery_chosen(result.member, call.kit.advocacy_channel, wanted=wanted)


def _show_at_home(call: Call) -> None:
    """What has changed shows on the Home tab too; pressed there, it is published anyway."""
    if not call.home:
        homes.publish_soon(call.kit, call.user)


async def _two_weeks(call: Call) -> Message:
    return await pause(replace(call, rest="2 weeks"))


COMMANDS: dict[str, Handler] = {
    "": status,
    "status": status,
    "join": join,
    "opt-in": join,
    "leave": leave,
    "opt-out": leave,
    "pause": pause,
    "resume": resume,
    "browse": browse,
    "help": show_help,
}
# Understood, also misspelt, but never shown: what is suggested is the proper name.
HIDDEN = {"in": "join", "out": "leave", "stop": "leave", "quit": "leave", "unsubscribe": "leave"}
_BUTTONS: dict[str, Handler] = {
    views.JOIN: join,
    views.LEAVE: leave,
    views.PAUSE: _two_weeks,
    views.RESUME: resume,
    views.BROWSE: browse,
    views.STATUS: status,
    views.IN_CHANNEL: _in_channel,
    views.WITHOUT_CHANNEL: _without_channel,
    views.BROWSE_ONLY: _browse_only,
    ask.RENEW: renew,
}


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The buttons; the commands are in `COMMANDS`."""
    for action, handler in _BUTTONS.items():
        # A list to browse stands beside what was asked from; the rest takes its place.
        press(app, kit, delivery, action, handler, replace=handler is not browse)

    @app.action(ask.RESUME_HERE)
    async def resumed(ack: AsyncAck, body: dict[str, Any]) -> None:
        """The word that the bot has stopped gives way to the answer, and its button with it."""
        call = from_click(kit, delivery, body)
        message = await resume(call)
        await ack()
        place = message_of(body)
        if place is not None:
            kit.afterwards.later(messenger.edit(kit.client, *place, message))

"""Joining, leaving, pausing, and the member's own status: typed or pressed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.lessons import Occasion
from bot.domain.model import Member
from bot.domain.pauses import parse_pause
from bot.domain.stopping import names_erasing
from bot.services import home_tab, lessons, membership, pacing, preferences
from bot.services.membership import Membership
from bot.slack import ask_messages, home_tab_publisher, messenger, people
from bot.slack.listeners.registry import Listener, action, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import asks, commands, payload, post_lists, share_forms
from bot.slack.views import membership as membership_view
from bot.slack.views.lessons import Place, offered
from bot.slack.views.text import Message, escape


async def join(request: SlackRequest) -> Message:
    """`/advocacy join`."""
    member = await request.read(membership.load_consenting, request.user_id)
    if member is not None:
        return await _status(request, member, membership_view.already_joined)
    result = await request.write(membership.join, request.user_id, request.time_zone)
    if result.member is None or not result.changed:
        return await status(request)
    _publish_home_tab(request)
    return membership_view.joined(result.member)


async def leave(request: SlackRequest) -> Message:
    """`/advocacy leave`."""
    channel = request.context.advocacy_channel
    result = await request.write(membership.leave, request.user_id)
    if result.undo is None:
        return membership_view.already_out(channel=channel)
    _publish_home_tab(request)
    ask_messages.refresh_soon(request.context, request.user_id)
    return membership_view.left(channel, result.undo)


async def undo_leave(request: SlackRequest) -> Message:
    """Undo after leaving."""
    undo = membership_view.read_undo(request.value)
    result = await request.write(membership.undo_leave, request.user_id, undo)
    if result.member is None or not result.changed:
        consents = result.member is not None and result.member.consents(request.now)
        return membership_view.nothing_to_undo(consents=consents)
    _publish_home_tab(request)
    return membership_view.leave_undone(result.member)


async def ask_whether_to_leave(request: SlackRequest) -> Message:
    """Words that may mean to leave, or something else: `rest` is all that was typed."""
    member = await request.read(membership.load_consenting, request.user_id)
    if member is None:
        return membership_view.already_out(channel=request.context.advocacy_channel)
    halted = member.paused(request.now) or member.stopped_at is not None
    return commands.ask_whether_to_leave(halted=halted, erasing=names_erasing(request.rest))


async def pause(request: SlackRequest) -> Message:
    """`/advocacy pause 2 weeks`."""
    member = await request.read(membership.load_consenting, request.user_id)
    if member is None:
        return membership_view.not_joined()
    if not request.rest:
        return membership_view.ask_pause(member, request.now)
    try:
        until = parse_pause(request.rest, request.now, ZoneInfo(member.time_zone))
    except ValueError as problem:
        return membership_view.ask_pause(member, request.now, escape(str(problem)))
    result = await request.write(membership.pause, request.user_id, until)
    if result.member is None:
        return membership_view.not_joined()
    _publish_home_tab(request)
    return membership_view.paused(result.member, changed=result.changed)


async def resume(request: SlackRequest) -> Message:
    """`/advocacy resume`."""
    channel = request.context.advocacy_channel
    result = await request.write(membership.resume, request.user_id)
    if result.member is None:
        return membership_view.not_joined()
    _publish_home_tab(request)
    return membership_view.resumed(result.member, channel, changed=result.changed)


async def status(request: SlackRequest) -> Message:
    """`/advocacy` alone."""
    member = await request.read(membership.load_consenting, request.user_id)
    if member is None:
        return membership_view.not_joined()
    return await _status(request, member, membership_view.status)


async def browse(request: SlackRequest) -> Message:
    """`/advocacy browse`."""
    return post_lists.browse(await request.read(home_tab.load_browsable, request.user_id))


async def renew(request: SlackRequest) -> Message:
    """Consent again, where its end was near."""
    result = await request.write(membership.renew, request.user_id)
    if result.member is None:
        return membership_view.not_joined()
    _publish_home_tab(request)
    return membership_view.renewed(result.member)


async def resume_in_place(ack: AsyncAck, request: SlackRequest) -> None:
    """Resume from the message that the bot has stopped; the answer is private, as all are."""
    answer = await resume(request)
    member = await request.read(membership.load_consenting, request.user_id)
    await ack()
    request.reply(answer)
    if request.message is not None:
        shown = asks.closed() if member is None else asks.resumed()
        work = messenger.edit(request.context.client, *request.message, shown)
        request.context.background_tasks.add(work)


async def who_sees_what(ack: AsyncAck, request: SlackRequest) -> None:
    """The long answer: beside the message, from Home in a dialog, or in the form for consent."""
    if request.dialog_id is None:
        await ack()
        request.reply(membership_view.who_sees_what())
        return
    months = await request.read(membership.load_consent_months)
    post_id = share_forms.read_consent(request.view)
    await ack()
    request.update_view(share_forms.consent_form(post_id, months, at_length=True))


async def more(request: SlackRequest) -> Message:
    """What else there is, besides the few buttons of `/advocacy`."""
    return membership_view.more(await request.read(membership.load_consenting, request.user_id))


async def pause_two_weeks(request: SlackRequest) -> Message:
    """Pause for two weeks."""
    return await pause(replace(request, rest="2 weeks"))


async def pause_until(request: SlackRequest) -> Message:
    """A day in the calendar beside the question for how long."""
    return await pause(replace(request, rest=payload.text_at(request.action, "selected_date")))


async def pause_for(ack: AsyncAck, request: SlackRequest) -> None:
    """A length that was chosen in the question for how long."""
    length = membership_view.read_pause(request.value)
    result = await request.write(membership.pause_for, request.user_id, length)
    await ack()
    if result.member is None:
        answer = membership_view.not_joined()
    else:
        _publish_home_tab(request)
        answer = membership_view.paused(result.member, changed=result.changed)
    request.reply(answer, replace=request.message is None)


async def use_channel(request: SlackRequest) -> Message:
    """The channel is one of the ways in which posts reach the member."""
    result = await request.write(preferences.choose_channel, request.user_id, wanted=True)
    there = await people.is_in_channel(
        request.context.client, request.context.advocacy_channel, request.user_id
    )
    return await _delivery(request, result, wanted=True, already_there=there)


async def leave_channel(request: SlackRequest) -> Message:
    """The channel is none of them any more."""
    result = await request.write(preferences.choose_channel, request.user_id, wanted=False)
    return await _delivery(request, result, wanted=False)


async def browse_only(request: SlackRequest) -> Message:
    """Nothing is sent to the member."""
    result = await request.write(preferences.browse_only, request.user_id)
    return await _delivery(request, result, wanted=False)


async def _status(request: SlackRequest, member: Member, render: Callable[..., Message]) -> Message:
    decision = await request.read(pacing.outlook, member)
    renewable = membership.renewable(member, request.now)
    channel = request.context.advocacy_channel
    return render(member, decision, channel, request.now, renewable=renewable)


async def _delivery(
    request: SlackRequest, result: Membership, *, wanted: bool, already_there: bool = False
) -> Message:
    if result.member is None or not result.member.consents(request.now):
        return membership_view.not_joined()
    _publish_home_tab(request)
    answer = membership_view.delivery_chosen(
        result.member,
        request.context.advocacy_channel,
        wanted=wanted,
        already_there=already_there,
    )
    catalog, occasion = request.context.lessons, Occasion.BEFORE_FIRST_ASK
    if request.on_home:  # the tab shows no answer, so nothing is offered with it
        return answer
    lesson = await request.write(lessons.offer, request.user_id, catalog, occasion)
    return answer if lesson is None else offered(answer, lesson, Place.DELIVERY)


def _publish_home_tab(request: SlackRequest) -> None:
    """Show on the Home tab what has changed; pressed there, it is published anyway."""
    if not request.on_home:
        home_tab_publisher.publish_soon(request.context, request.user_id)


LISTENERS: Final[tuple[Listener, ...]] = (
    button(membership_view.JOIN, Access.MEMBERS, join, replace=True),
    button(membership_view.LEAVE, Access.ANYBODY, leave, replace=True),
    button(membership_view.PAUSE, Access.MEMBERS, pause_two_weeks, replace=True),
    button(membership_view.PAUSE_UNTIL, Access.MEMBERS, pause_until, replace=True),
    action(membership_view.ASK_WHO_SEES_WHAT, Access.MEMBERS, who_sees_what),
    button(membership_view.UNDO_LEAVE, Access.MEMBERS, undo_leave, replace=True),
    action(re.compile(f"^{membership_view.PAUSE_FOR}:"), Access.MEMBERS, pause_for),
    button(membership_view.RESUME, Access.MEMBERS, resume, replace=True),
    # A list to browse stands beside what it was asked from; the rest takes its place.
    button(membership_view.MORE, Access.MEMBERS, more, replace=False),
    button(membership_view.BROWSE, Access.MEMBERS, browse, replace=False),
    button(membership_view.STATUS, Access.MEMBERS, status, replace=True),
    button(membership_view.IN_CHANNEL, Access.MEMBERS, use_channel, replace=True),
    button(membership_view.WITHOUT_CHANNEL, Access.MEMBERS, leave_channel, replace=True),
    button(membership_view.BROWSE_ONLY, Access.MEMBERS, browse_only, replace=True),
    button(asks.RENEW, Access.MEMBERS, renew, replace=True),
    action(asks.RESUME_HERE, Access.MEMBERS, resume_in_place),
)

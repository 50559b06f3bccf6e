"""Lessons: the list, the dialog to read them in, and the offers that come at the right moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain.admission import Access
from bot.domain.delivery import Delivery
from bot.domain.disclosure import discloses
from bot.domain.lessons import Lesson, Occasion
from bot.services import lessons, membership
from bot.slack import ask_messages, home_tab_publisher, messenger
from bot.slack.listeners.registry import Listener, action, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import lessons as lessons_view
from bot.slack.views import membership as membership_view
from bot.slack.views import replies, responses
from bot.slack.views.errors import closing_view
from bot.slack.views.lessons import LessonButton, Place
from bot.slack.views.text import Message, say


async def catalogue(request: SlackRequest) -> Message | None:
    """`/advocacy lessons`, for everybody; from the Home tab in a dialog."""
    if request.on_home:
        return await request.open_dialog(await _all_lessons(request))
    return await _list(request)


async def _list(request: SlackRequest) -> Message:
    read = await request.read(lessons.load_read, request.user_id)
    return lessons_view.catalogue(request.context.lessons, read)


async def _all_lessons(request: SlackRequest) -> View:
    read = await request.read(lessons.load_read, request.user_id)
    return lessons_view.all_lessons(request.context.lessons, read)


async def offer_on_disclosure(request: SlackRequest, typed: str, disclosure: str) -> Lesson | None:
    """The lesson to offer now to a member whose own text does not say where they work."""
    if not typed or discloses(typed, disclosure):
        return None
    catalog, occasion = request.context.lessons, Occasion.DISCLOSURE_DROPPED
    return await request.write(lessons.offer, request.user_id, catalog, occasion)


async def read(ack: AsyncAck, request: SlackRequest) -> None:
    """Read a lesson that was listed or offered."""
    button, shown = lessons_view.read_value(request.value), _offering(request)
    failed = await _open(request, button, on_top=shown is not None)
    await ack()
    if failed is not None:
        request.reply(failed)
    else:
        request.context.background_tasks.add(_remove_offer(request, button, shown))
    in_list = button.place is Place.LIST and shown is not None
    if request.on_home or in_list:  # the tab suggests another now
        home_tab_publisher.publish_soon(request.context, request.user_id)


async def decline(ack: AsyncAck, request: SlackRequest) -> None:
    """Never be offered this lesson."""
    button, shown = lessons_view.read_value(request.value), _offering(request)
    lesson = request.context.lessons.find(button.lesson)
    if lesson is not None:  # else it is gone, and will not be offered anyway
        await request.write(lessons.record_declined, request.user_id, lesson.name)
    await ack()
    request.context.background_tasks.add(_remove_offer(request, button, shown))


async def show_next(ack: AsyncAck, request: SlackRequest) -> None:
    """The lesson that follows the one in the dialog."""
    catalog = request.context.lessons
    following = catalog.next_after(lessons_view.read_dialog(request.view))
    if following is None:  # the lessons were changed while it was open
        gone = closing_view("A short lesson", replies.NO_SUCH_LESSON)
        await ack(response_action="update", view=gone)
        return
    await _record_read(request, following)
    await ack(response_action="update", view=lessons_view.dialog(following, catalog))


async def _open(request: SlackRequest, button: LessonButton, *, on_top: bool) -> Message | None:
    """Show the lesson and record that it was read, side by side; what to say if it fails."""
    context = request.context
    lesson = context.lessons.find(button.lesson)
    if lesson is None:
        return say(replies.NO_SUCH_LESSON)
    view = lessons_view.dialog(lesson, context.lessons)
    show = messenger.push_view if on_top else messenger.open_view
    _, opened = await asyncio.gather(
        _record_read(request, lesson), show(context.client, request.trigger_id, view)
    )
    return None if opened else say(replies.DIALOG_FAILED)


def _record_read(request: SlackRequest, lesson: Lesson) -> Awaitable[None]:
    return request.write(lessons.record_read, request.user_id, lesson.name)


async def _remove_offer(request: SlackRequest, button: LessonButton, shown: View | None) -> None:
    """Take the offer away where it stood; in the list, show what has been read."""
    context = request.context
    if shown is not None:
        changed = await _all_lessons(request) if button.place is Place.LIST else shown
        await messenger.update_view(context.client, changed, view_id=request.view_id)
        return
    if button.place is Place.HERE and request.message is not None:
        # An ask's message; consent may have ended, and the post been answered meanwhile.
        await ask_messages.show_again(context, request.user_id, *request.message)
        return
    if request.response_url is None:  # on the Home tab
        return
    message = await _without_offer(request, button)
    if message is not None:
        await messenger.answer(context.session, request.response_url, message, replace=True)


async def _without_offer(request: SlackRequest, button: LessonButton) -> Message | None:
    """The message in which the button stood, as it is from now on."""
    match button.place:
        case Place.LIST:
            return await _list(request)
        case Place.SKIPPED:
            return None if button.ref is None else responses.skipped(button.ref)
        case Place.DELIVERY:
            member = await request.read(membership.load_consenting, request.user_id)
            if member is None:
                return membership_view.not_joined()
            channel, wanted = request.context.advocacy_channel, member.preferences.delivery
            return membership_view.delivery_chosen(
                member, channel, wanted=Delivery.CHANNEL in wanted
            )
        case Place.HERE:
            return None


def _offering(request: SlackRequest) -> View | None:
    """The dialog in which the button stood, without the offer; None elsewhere.

    It is read before anything is done, since it may be unreadable.
    """
    return None if request.dialog_id is None else lessons_view.view_without_offer(request.view)


LISTENERS: Final[tuple[Listener, ...]] = (
    button(membership_view.LESSONS, Access.MEMBERS, catalogue, replace=False),
    action(lessons_view.READ, Access.MEMBERS, read),
    action(lessons_view.NO_THANKS, Access.MEMBERS, decline),
    form(lessons_view.DIALOG, Access.MEMBERS, show_next),
)

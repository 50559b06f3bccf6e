"""Lessons: the list, the dialog to read them in, and the offers that come at the right moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.disclosure import discloses
from bot.domain.lessons import Lesson, Occasion
from bot.services import lessons, membership
from bot.slack import homes, messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, from_click, message_of, press
from bot.slack.views import lessons as views
from bot.slack.views import membership as member_views
from bot.slack.views import payload, skip, words
from bot.slack.views.lessons import Place, Pressed
from bot.slack.views.text import Message, say
from bot.slack.views.trouble import closing_view


async def catalogue(call: Call) -> Message:
    """`/advocacy lessons`, for everybody."""
    kit = call.kit
    read = await kit.database.read(lessons.read_by, kit.workspace, call.user, call.now)
    return views.catalogue(kit.lessons, read)


async def undisclosed(call: Call, typed: str, disclosure: str) -> Lesson | None:
    """The lesson to offer now to somebody whose own words do not say where they work."""
    if not typed or discloses(typed, disclosure):
        return None
    kit, occasion = call.kit, Occasion.DISCLOSURE_DROPPED
    return await kit.database.write(
        lessons.offer, kit.workspace, call.user, kit.lessons, occasion, call.now
    )


COMMANDS: dict[str, Handler] = {"lessons": catalogue}


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The buttons, and Next in the dialog; the command is in `COMMANDS`."""
    press(app, kit, delivery, member_views.LESSONS, catalogue, replace=False)

    @app.action(views.READ)
    async def read(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        pressed = views.read_value(action.get("value"))
        failed = await _open(call, pressed, on_top=_view_of(body) is not None)
        await ack()
        if failed is not None:
            call.reply(failed)
        else:
            kit.afterwards.later(_tidy(call, pressed, body))
        if call.home:
            homes.publish_soon(kit, call.user)  # which marks it as read

    @app.action(views.NO_THANKS)
    async def declined(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        pressed = views.read_value(action.get("value"))
        lesson = kit.lessons.find(pressed.lesson)
        if lesson is not None:  # else it is gone, and will not be offered anyway
            await kit.database.write(
                lessons.declined, kit.workspace, call.user, lesson.name, call.now
            )
        await ack()
        kit.afterwards.later(_tidy(call, pressed, body))

    @app.view(views.DIALOG)
    async def onward(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        following = kit.lessons.after(views.read_dialog(view))
        if following is None:  # the lessons were changed while it was open
            gone = closing_view("A short lesson", words.NO_SUCH_LESSON)
            await ack(response_action="update", view=gone)
            return
        await _keep(call, following.name)
        await ack(response_action="update", view=views.dialog(following, kit.lessons))


async def _open(call: Call, pressed: Pressed, *, on_top: bool) -> Message | None:
    """Show the lesson and note that it was read, side by side; what to say if it did not open."""
    kit = call.kit
    lesson = kit.lessons.find(pressed.lesson)
    if lesson is None:
        return say(words.NO_SUCH_LESSON)
    view = views.dialog(lesson, kit.lessons)
    show = messenger.push_view if on_top else messenger.open_view
    _, opened = await asyncio.gather(_keep(call, lesson.name), show(kit.client, call.trigger, view))
    return None if opened else say(words.DIALOG_FAILED)


def _keep(call: Call, lesson: str) -> Awaitable[None]:
    return call.kit.database.write(lessons.opened, call.kit.workspace, call.user, lesson, call.now)


async def _tidy(call: Call, pressed: Pressed, body: Mapping[str, Any]) -> None:
    """Take the offer away where it stood; in the list, show what has been read."""
    kit = call.kit
    shown = _view_of(body)
    if shown is not None:
        await messenger.update_view(
            kit.client, views.view_without_offer(shown), view_id=payload.text_at(shown, "id")
        )
        return
    message = await _anew(call, pressed, body)
    if message is not None and call.url is not None:
        await messenger.answer(kit.session, call.url, message, replace=True)


async def _anew(call: Call, pressed: Pressed, body: Mapping[str, Any]) -> Message | None:
    """The message in which the button stood, as it is from now on."""
    kit = call.kit
    match pressed.place:
        case Place.LIST:
            return await catalogue(call)
        case Place.SKIPPED:
            return None if pressed.ref is None else skip.skipped(pressed.ref)
        case Place.JOINED:
            member = await kit.database.read(membership.stand, kit.workspace, call.user)
            if member is None or not member.consents(call.now):
                return member_views.not_joined()
            return member_views.joined(member)
        case Place.HERE:
            if message_of(body) is None:
                return None
            return views.message_without_offer(payload.pick(body, "message"))


def _view_of(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The dialog in which the button stood; None in a message or on the Home tab."""
    view = body.get("view")
    return view if isinstance(view, Mapping) and view.get("type") == "modal" else None

"""Offering news to comms: the command, the shortcuts and their form, and what comms decide."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.post import Content
from bot.domain.post_fields import link_error
from bot.domain.previews import Preview
from bot.domain.suggested_texts import suggest_content
from bot.domain.typed_text import typed_link
from bot.services import suggestions
from bot.services.notes import NeedsName, may_be_unsigned
from bot.services.suggestions import Offer
from bot.slack import messenger
from bot.slack.listeners.registry import Listener, action, button, form, shortcut
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import replies, share_forms
from bot.slack.views import suggestions as view
from bot.slack.views.membership import SUGGEST
from bot.slack.views.text import Message, say

_LOOKED_WITHIN: Final = 1.5  # seconds of a click, for the page behind a suggested link


async def suggest(request: SlackRequest) -> Message | None:
    """`/advocacy suggest [link]`, and the button."""
    link = typed_link(request.rest)
    if len(link.split()) > 1:
        return say(replies.NEEDS_ONE_LINK)
    problem = link_error(link) if link else None
    if problem is not None:
        return say(problem)
    return await _open(request, [link] if link else [])


async def suggest_anything(ack: AsyncAck, request: SlackRequest) -> None:
    """The shortcut that stands everywhere."""
    await _open(request, [])
    await ack()


async def suggest_from_message(ack: AsyncAck, request: SlackRequest) -> None:
    """The shortcut on a message, of which only the links are read."""
    message = request.body.get("message")
    links = view.links_of(message) if isinstance(message, Mapping) else []
    await _open(request, links, from_message=True)
    await ack()


async def _open(
    request: SlackRequest, links: list[str], *, from_message: bool = False
) -> Message | None:
    unsigned = await request.read(may_be_unsigned)
    return await request.open_dialog(
        view.form(links, may_be_unsigned=unsigned, from_message=from_message)
    )


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Pass the suggestion on, and say so in the form's place."""
    link, words, signed, tell = view.read_form(request.view)
    wrong = view.link_wrong(link)
    limit = request.context.suggestion_limit
    if wrong is None and limit.reached(request.user_id, request.now):
        wrong = view.too_many()
    if wrong is not None:
        await ack(response_action="errors", errors=wrong)
        return
    offer = Offer(link, words, signed=signed, tell=tell)
    result = await request.write(suggestions.suggest, request.user_id, offer)
    if isinstance(result, NeedsName):
        await ack(response_action="errors", errors=share_forms.note_needs_name())
        return
    limit.count(request.user_id, request.now)
    request.reconciler.refresh_soon()
    await ack(response_action="update", view=view.sent(signed=signed, tell=tell))


async def use(ack: AsyncAck, request: SlackRequest) -> None:
    """Thank for a suggestion, and make a draft of it."""
    suggestion_id = view.read_id(request.value)
    found = await request.read(suggestions.find, suggestion_id)
    if found is None:
        await ack()
        request.reply(say(view.DECIDED_ALREADY))
        return
    content = await _draft(request, found.link)
    post_id = await request.write(suggestions.use, request.user_id, suggestion_id, content)
    await ack()
    if post_id is None:
        request.reply(say(view.DECIDED_ALREADY))
        return
    _settle(request, view.used(found, request.user_id, post_id))
    request.reply(view.decided(post_id=post_id))


async def decline(ack: AsyncAck, request: SlackRequest) -> None:
    """Thank for a suggestion, and let it be."""
    suggestion_id = view.read_id(request.value)
    found = await request.read(suggestions.find, suggestion_id)
    done = found is not None and await request.write(
        suggestions.decline, request.user_id, suggestion_id
    )
    await ack()
    if found is not None and done:
        _settle(request, view.declined(found, request.user_id))
        request.reply(view.decided(post_id=None))
    else:
        request.reply(say(view.DECIDED_ALREADY))


def _settle(request: SlackRequest, message: Message) -> None:
    """Show on the card what was decided; the answer to whoever asked goes out with a heartbeat."""
    if request.message is not None:
        channel, ts = request.message
        client = request.context.client
        request.context.background_tasks.add(messenger.edit(client, channel, ts, message))
    request.show_soon()


async def _draft(request: SlackRequest, link: str) -> Content:
    """What the draft begins with: what the page says of itself, where it says it in time."""
    page = await _look(request, link)
    context = request.context
    content = suggest_content(
        page.title, link, page.description, context.sharing_policy, context.disclosure
    )
    return replace(content, picture=page.image, picture_alt=page.image_alt)


async def _look(request: SlackRequest, link: str) -> Preview:
    fetch = request.context.fetch
    if fetch is None:
        return Preview()
    try:
        async with asyncio.timeout_at(request.began + _LOOKED_WITHIN):
            return await fetch(link)
    except TimeoutError:
        return Preview()


LISTENERS: Final[tuple[Listener, ...]] = (
    button(SUGGEST, Access.MEMBERS, suggest, replace=False),
    shortcut(SUGGEST, Access.MEMBERS, suggest_anything),
    shortcut(view.FROM_MESSAGE, Access.MEMBERS, suggest_from_message),
    form(view.FORM, Access.MEMBERS, submit),
    action(view.USE, Access.COMMS, use),
    action(view.DECLINE, Access.COMMS, decline),
)

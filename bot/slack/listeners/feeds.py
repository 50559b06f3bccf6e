"""`/advocacy feed …` and the dialog with the feeds: adding, listing, removing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain.admission import Access
from bot.domain.feeds import FailedFeed, Feed, FeedLook, FeedRequest, ReadFeed
from bot.domain.ids import FeedId
from bot.domain.typed_text import first_word, plain, typed_link
from bot.pages.feeds import FetchFeed
from bot.services import feeds
from bot.services.feeds import NotAdded
from bot.slack.listeners.registry import Listener, action, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import feeds as view
from bot.slack.views import payload, replies
from bot.slack.views.text import Message, bare, say
from bot.storage.database import Busy, Unknown

_OBSTACLES: Final = {
    NotAdded.THERE_ALREADY: view.THERE_ALREADY,
    NotAdded.TOO_MANY: view.TOO_MANY,
}
_LOOKED_WITHIN: Final = 1.5  # seconds of a request; after that the answer comes later
_ARRIVED_WITHIN: Final = 1.0  # seconds, for an acknowledgement on its way to Slack
Show = Callable[[Message], None]
Write = Callable[[ReadFeed], Awaitable[Feed | NotAdded]]


async def command(request: SlackRequest) -> Message | None:
    """`/advocacy feed`, with `list`, `add https://…` or `remove 3` behind it."""
    word, rest = first_word(request.rest)
    match plain(word):
        case "add":
            return await _add_typed(request, rest)
        case "remove":
            return await _remove_typed(request, rest)
        case "" | "list":
            return await _list(request)
    address = typed_link(request.rest)
    if "://" in address:
        return await _add_typed(request, address)
    return await _list(request) if request.viewer.is_guest else say(view.ADD_HOW)


async def _list(request: SlackRequest) -> Message:
    return view.overview(await request.read(feeds.load_feeds), request.viewer)


async def _add_typed(request: SlackRequest, rest: str) -> Message:
    if request.viewer.is_guest:  # who may see the list
        return say(replies.GUEST)
    address = typed_link(rest)
    problem = view.address_error(address) or await _find_obstacle(request, address)
    if problem is not None:
        return say(problem)
    url = payload.text_at(request.body, "response_url")
    return await _add(request, address, partial(request.context.answer, url))


async def _remove_typed(request: SlackRequest, rest: str) -> Message:
    if request.viewer.is_guest:
        return say(replies.GUEST)
    try:
        feed_id = view.read_feed_id(plain(rest).lstrip("#"))
    except payload.Unreadable:
        return say(view.NEEDS_NUMBER)
    return await _remove(request, feed_id)


async def _remove(request: SlackRequest, feed_id: FeedId) -> Message:
    found = await request.write(feeds.remove, request.user_id, feed_id)
    return say(view.NO_SUCH_FEED) if found is None else view.removed(found.title)


async def _find_obstacle(request: SlackRequest, address: str) -> str | None:
    """Why this cannot be added, before anything is fetched."""
    if request.context.fetch_feed is None:
        return view.SWITCHED_OFF
    obstacle = await request.read(feeds.find_obstacle, address)
    return None if obstacle is None else _OBSTACLES[obstacle]


async def _add(request: SlackRequest, address: str, show: Show) -> Message:
    """Look at a feed and keep it. Where its server takes its time, `show` says later what came."""
    context = request.context
    fetch = context.fetch_feed
    if fetch is None:
        return say(view.SWITCHED_OFF)
    loop = asyncio.get_running_loop()
    look = loop.create_task(_fetch(fetch, address, context.clock()))
    left = request.began + _LOOKED_WITHIN - loop.time()
    done, _ = await asyncio.wait((look,), timeout=max(0.0, left))
    if done:
        user_id = request.user_id
        return await _keep(look.result(), lambda read: request.write(feeds.add, user_id, read))
    context.background_tasks.add(_add_later(request, look, show))
    return say(view.LOOKING)


async def _fetch(fetch: FetchFeed, address: str, now: datetime) -> FeedLook:
    return await fetch(FeedRequest(address), now)


async def _add_later(request: SlackRequest, look: asyncio.Task[FeedLook], show: Show) -> None:
    began = asyncio.get_running_loop().time()
    found = await look
    # The word that it takes a moment is still on its way, and would take the place of this.
    await asyncio.sleep(max(0.0, began + _ARRIVED_WITHIN - asyncio.get_running_loop().time()))
    context = request.context
    try:
        database = context.at(context.clock())
        answer = await _keep(found, lambda read: database.write(feeds.add, request.user_id, read))
    except Busy:
        answer = say(replies.BUSY)
    except Unknown:
        answer = say(replies.UNKNOWN)
    show(answer)


async def _keep(look: FeedLook, write: Write) -> Message:
    """Nothing is stored before a feed was read, so that there is none that never worked."""
    if isinstance(look, FailedFeed):
        return view.not_added(look.problem, look.named)
    if not isinstance(look, ReadFeed):
        raise TypeError("a feed that was never read has not changed")
    added = await write(look)
    return say(_OBSTACLES[added]) if isinstance(added, NotAdded) else view.added(look)


async def open_dialog(ack: AsyncAck, request: SlackRequest) -> None:
    """The dialog, from Home, a list or a notice."""
    message = await request.open_dialog(await _dialog(request))
    await ack()
    if message is not None:
        request.reply(message)


async def _dialog(request: SlackRequest, note: str | None = None) -> View:
    return view.dialog(await request.read(feeds.load_feeds), request.viewer, note)


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Add what was typed into the dialog; it says so when the feed was looked at."""
    address = view.read_address(request.view)
    problem = view.address_error(address)
    if problem is None:
        problem = await _find_obstacle(request, address)
    if problem is not None:
        await ack(response_action="errors", errors=view.at_address(bare(problem)))
        return
    answer = await _add(request, address, partial(_show, request))
    await ack(response_action="update", view=view.closing(answer))


async def add_named(ack: AsyncAck, request: SlackRequest) -> None:
    """Add a feed that a page names, which the bot has just offered."""
    address = view.read_named(request.action)
    problem = await _find_obstacle(request, address)
    show = partial(_show, request)
    answer = say(problem) if problem is not None else await _add(request, address, show)
    await ack()
    show(answer)


def _show(request: SlackRequest, answer: Message) -> None:
    if request.dialog_id is not None:
        request.update_view(view.closing(answer))
    else:
        request.reply(answer, replace=True)


async def remove_shown(ack: AsyncAck, request: SlackRequest) -> None:
    """A button beside a feed."""
    feed_id = view.read_feed_id(request.value)
    message = await _remove(request, feed_id)
    await ack()
    if request.dialog_id is not None:
        request.update_view(await _dialog(request, message.text))
    else:
        _show(request, message)


LISTENERS: Final[tuple[Listener, ...]] = (
    action(view.OPEN, Access.COMMS_AND_GUESTS, open_dialog),
    action(re.compile(f"^{view.REMOVE}:"), Access.COMMS, remove_shown),
    action(re.compile(f"^{view.ADD_NAMED}:"), Access.COMMS, add_named),
    form(view.DIALOG, Access.COMMS, submit),
)

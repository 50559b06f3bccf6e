"""`/advocacy audit`: the record of what comms did, page by page, for comms alone."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from bot.domain.admission import Access
from bot.services import record
from bot.slack.listeners.desk import press
from bot.slack.listeners.posts import read_post_id
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import record as record_view
from bot.slack.views import replies
from bot.slack.views.text import Message, say


async def show(request: SlackRequest) -> Message:
    """`/advocacy audit`, or `/advocacy audit 14` for one post."""
    post_id = read_post_id(request.rest) if request.rest else None
    if request.rest and post_id is None:
        return say(replies.NEEDS_NUMBER.format(command="audit"))
    return record_view.render(await request.read(record.load_page, post_id))


async def show_dialog(request: SlackRequest) -> Message | None:
    """The same from the Home tab."""
    return await request.open_dialog(record_view.dialog(await request.read(record.load_page, None)))


async def turn_page(request: SlackRequest) -> Message | None:
    """Older or newer entries, in the place of those that are shown."""
    post_id, turn = record_view.read_turn(request.action)
    page = await request.read(record.load_page, post_id, turn)
    if request.dialog_id is not None:
        return await request.open_dialog(record_view.dialog(page))
    request.reply(record_view.render(page), replace=True)
    return None


LISTENERS: Final[tuple[Listener, ...]] = (
    action(record_view.OPEN, Access.COMMS, partial(press, handler=show_dialog)),
    action(re.compile(f"^{record_view.TURN}:"), Access.COMMS, partial(press, handler=turn_page)),
)

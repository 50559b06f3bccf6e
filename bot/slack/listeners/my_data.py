"""`/advocacy my-data`: the dialog with everything that is stored about whoever asks."""

from __future__ import annotations

import re
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.my_data import PersonalRecord
from bot.services import my_data
from bot.slack import files, messenger
from bot.slack.context import AppContext
from bot.slack.listeners.registry import Listener, action, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.messenger import NotSent, Sent
from bot.slack.views import membership, replies
from bot.slack.views import my_data as my_data_view
from bot.slack.views.text import Message, say


async def show(request: SlackRequest) -> Message | None:
    """`/advocacy my-data` and its button, for everybody."""
    context = request.context
    view = my_data_view.render(
        await _load(request), context.lessons, with_file=context.can_send_files
    )
    opened = await messenger.open_view(context.client, request.trigger_id, view)
    return None if opened else say(replies.DIALOG_FAILED)


async def turn_page(ack: AsyncAck, request: SlackRequest) -> None:
    """Another page, or back to the first one."""
    page = my_data_view.read_page(request.action)
    record = await _load(request)
    await ack()
    context = request.context
    request.update_view(
        my_data_view.render(record, context.lessons, page, with_file=context.can_send_files)
    )


async def warn_of_file(ack: AsyncAck, request: SlackRequest) -> None:
    """A file is sent only after a word about exports."""
    await ack()
    request.update_view(my_data_view.warn())


async def send_file(ack: AsyncAck, request: SlackRequest) -> None:
    """Send the record as a file, in a direct message."""
    view_id, record = request.view_id, await _load(request)
    await ack()
    request.context.background_tasks.add(_send_file(request, record, view_id))


async def ask_to_forget(ack: AsyncAck, request: SlackRequest) -> None:
    """What deleting everything means, in the place of the record."""
    record = await _load(request)
    await ack()
    request.update_view(my_data_view.ask_to_forget(record))


async def _load(request: SlackRequest) -> PersonalRecord:
    return await request.read(my_data.load_record, request.user_id)


async def _send_file(request: SlackRequest, record: PersonalRecord, view_id: str) -> None:
    client = request.context.client
    await messenger.update_view(client, my_data_view.sending(), view_id=view_id)
    content = my_data_view.as_json(record, request.now).encode()
    outcome = await _deliver(request.context, record, content)
    if isinstance(outcome, Sent):
        view = my_data_view.sent()
    elif isinstance(outcome, NotSent):
        view = my_data_view.not_sent()
    else:
        view = my_data_view.maybe_sent()
    await messenger.update_view(client, view, view_id=view_id)


async def _deliver(
    context: AppContext, record: PersonalRecord, content: bytes
) -> messenger.Sent | messenger.NotSent | messenger.Unsure:
    """Upload the file, remember it with its message, and only then show it.

    The message comes first, since its answer names the conversation: asking Slack for that by
    itself would need one more permission.
    """
    name, member_id = my_data_view.FILE_NAME, record.member_id
    if member_id is None or not context.can_send_files:
        return NotSent("nobody to remember it for")
    file_id = await files.upload(context.client, context.session, name, content)
    if file_id is None:
        return NotSent("not uploaded")
    above = await messenger.post(context.client, record.user_id, my_data_view.file_message())
    if not isinstance(above, Sent):
        return above
    database = context.at(context.clock())
    message = (member_id, above.channel, above.ts)
    if not await database.write(my_data.record_file, *message, file_id):
        return NotSent("erased meanwhile")
    outcome = await files.share(context.client, above.channel, file_id, name)
    if isinstance(outcome, NotSent):
        await context.at(context.clock()).write(my_data.record_file_refused, *message)
    return outcome


LISTENERS: Final[tuple[Listener, ...]] = (
    button(membership.MY_DATA, Access.ANYBODY, show, replace=False),
    action(re.compile(rf"{my_data_view.PAGE}:\d+"), Access.ANYBODY, turn_page),
    action(my_data_view.FILE, Access.ANYBODY, warn_of_file),
    action(my_data_view.SEND, Access.ANYBODY, send_file),
    action(my_data_view.FORGET, Access.ANYBODY, ask_to_forget),
)

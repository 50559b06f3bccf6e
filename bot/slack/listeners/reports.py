"""`/advocacy report`: what was published of months and posts, for comms."""

from __future__ import annotations

from datetime import date
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain import spans
from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.domain.report import SpanReport
from bot.domain.typed_text import plain
from bot.services import reports
from bot.slack import files, messenger
from bot.slack.context import AppContext
from bot.slack.listeners.posts import read_post_id
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import Handler, SlackRequest
from bot.slack.messenger import NotSent, Sent
from bot.slack.views import report_file, transparency
from bot.slack.views import reports as reports_view
from bot.slack.views.text import Message, say


async def show(request: SlackRequest) -> Message | None:
    """`/advocacy report`, also of a month or a post, and the button on Home."""
    typed = plain(request.rest)
    if not typed:
        report = await request.read(reports.load_newest)
        return await _answer(request, _of_span(request, report))
    post_id = read_post_id(typed.removeprefix("post-"))
    if post_id is not None:
        return await _answer(request, await _of_post(request, post_id))
    today = spans.today(request.now, request.context.time_zone)
    month = spans.parse_month(typed, today)
    if month is None:
        return reports_view.not_a_report()
    return await _show_month(request, month)


async def draft_note(request: SlackRequest) -> Message | None:
    """`/advocacy transparency`, and the button of a report."""
    message = transparency.render(await request.read(reports.load_transparency))
    if request.on_home or request.dialog_id is not None:
        return await request.open_dialog(reports_view.dialog(message))
    return message


async def show_month(request: SlackRequest) -> Message | None:
    """The report of the months that a button is about."""
    return await _show_month(request, reports_view.read_month(request.value))


async def show_post(request: SlackRequest) -> Message | None:
    """The report of the post that a button is about."""
    post_id = reports_view.read_post(request.value)
    return await _answer(request, await _of_post(request, post_id))


async def press(ack: AsyncAck, request: SlackRequest, handler: Handler) -> None:
    """A button that shows a report, wherever it stands."""
    message = await handler(request)
    await ack()
    if message is not None and (request.dialog_id is not None or request.on_home):
        await request.open_dialog(reports_view.closing(message.text))
    elif message is not None:
        request.reply(message)


async def press_newest(ack: AsyncAck, request: SlackRequest) -> None:
    """The newest report."""
    await press(ack, request, show)


async def press_post(ack: AsyncAck, request: SlackRequest) -> None:
    """A post's report."""
    await press(ack, request, show_post)


async def press_month(ack: AsyncAck, request: SlackRequest) -> None:
    """The report of earlier months."""
    await press(ack, request, show_month)


async def press_draft(ack: AsyncAck, request: SlackRequest) -> None:
    """The draft of a note for all staff."""
    await press(ack, request, draft_note)


async def post_file(ack: AsyncAck, request: SlackRequest) -> None:
    """Post all that is published as a file in the comms channel: files can't be private there."""
    await ack()
    request.context.background_tasks.add(_post_file(request))


async def _post_file(request: SlackRequest) -> None:
    context = request.context
    export = await context.at(context.clock()).read(reports.load_export)
    content = report_file.render(export).encode()
    await _say(request, await _share(context, content))


async def _share(context: AppContext, content: bytes) -> str:
    name = reports_view.FILE_NAME
    if not context.can_send_files:
        return reports_view.FILE_FAILED
    file_id = await files.upload(context.client, context.session, name, content)
    if file_id is None:
        return reports_view.FILE_FAILED
    outcome = await files.share(context.client, context.comms_channel, file_id, name)
    if isinstance(outcome, NotSent):
        return reports_view.FILE_FAILED
    return reports_view.FILE_POSTED if isinstance(outcome, Sent) else reports_view.FILE_UNSURE


async def _say(request: SlackRequest, sentence: str) -> None:
    if request.dialog_id is not None:
        await request.open_dialog(reports_view.closing(sentence))
    elif request.response_url is not None:
        await messenger.answer(request.context.session, request.response_url, say(sentence))


async def _show_month(request: SlackRequest, month: date) -> Message | None:
    report = await request.read(reports.load_month, month)
    return await _answer(request, _of_span(request, report))


def _of_span(request: SlackRequest, report: SpanReport) -> Message:
    context = request.context
    return reports_view.of_span(
        report, context.sharing_policy.tags, with_file=context.can_send_files
    )


async def _of_post(request: SlackRequest, post_id: PostId) -> Message:
    report = await request.read(reports.load_post, post_id)
    if report is None:
        return reports_view.no_post()
    return reports_view.of_post(report, request.context.sharing_policy.tags)


async def _answer(request: SlackRequest, message: Message) -> Message | None:
    """Show a report where it was asked for; where Slack takes no charts, with texts instead."""
    if request.on_home or request.dialog_id is not None:
        return await request.open_dialog(reports_view.dialog(message))
    url = request.response_url or request.body.get("response_url")
    if not isinstance(url, str):
        return reports_view.without_data(message)
    request.context.background_tasks.add(_send(request.context, url, message))
    return None


async def _send(context: AppContext, url: str, message: Message) -> None:
    if not await messenger.answer(context.session, url, message):
        await messenger.answer(context.session, url, reports_view.without_data(message))


LISTENERS: Final[tuple[Listener, ...]] = (
    action(reports_view.REPORT, Access.COMMS, press_newest),
    action(reports_view.REPORT_POST, Access.COMMS, press_post),
    action(reports_view.REPORT_MONTHS, Access.COMMS, press_month),
    action(reports_view.DRAFT_NOTE, Access.COMMS, press_draft),
    action(reports_view.POST_FILE, Access.COMMS, post_file),
)

"""The preview of a post: sending it for approval, or going back to the form."""

from __future__ import annotations

from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.services import posts
from bot.services.posts import Refused
from bot.slack.listeners.post_form import edit
from bot.slack.listeners.refusals import why_refused
from bot.slack.listeners.registry import Listener, action, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import post_preview, replies


async def send_for_approval(ack: AsyncAck, request: SlackRequest) -> None:
    """Put up for approval what the preview shows."""
    ref, in_sight = post_preview.read(request.view)
    result = await request.write(posts.submit_saved, request.user_id, ref.post_id, ref.revision)
    request.show_soon()
    if isinstance(result, Refused):
        await ack(response_action="update", view=post_preview.closing(why_refused(result)))
    elif in_sight:
        await ack()
    else:
        link = result.post.content.link
        untagged = request.context.sharing_policy.leaves_untagged(link)
        closing = post_preview.closing(replies.submitted(result.post, untagged=untagged))
        await ack(response_action="update", view=closing)


async def edit_again(ack: AsyncAck, request: SlackRequest) -> None:
    """Back from the preview to the form."""
    ref, in_sight = post_preview.read(request.view)
    message = await edit(request, ref, in_sight=in_sight)
    await ack()
    if message is not None:
        request.update_view(post_preview.closing(message.text))


LISTENERS: Final[tuple[Listener, ...]] = (
    form(post_preview.PREVIEW, Access.COMMS_AND_GUESTS, send_for_approval),
    action(post_preview.EDIT_AGAIN, Access.COMMS_AND_GUESTS, edit_again),
)

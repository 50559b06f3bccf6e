"""What Slack tells of the comms channel: that it is shared now, and that somebody left it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.ids import UserId
from bot.slack import home_tab_publisher
from bot.slack.context import AppContext
from bot.slack.views import payload


def register(app: AsyncApp, app_context: AppContext) -> None:
    """Listen to both; Slack tells them of every channel that the bot is in."""

    @app.event("channel_shared")
    async def shared(ack: AsyncAck, event: dict[str, Any]) -> None:
        await ack()
        if _is_comms(app_context, event):
            app_context.background_tasks.add(app_context.comms.may_post())

    @app.event("member_left_channel")
    async def left(ack: AsyncAck, event: dict[str, Any]) -> None:
        await ack()
        if _is_comms(app_context, event):
            app_context.directory.forget_comms()
            user_id = UserId(payload.id_at(event, "user"))
            home_tab_publisher.publish_soon(app_context, user_id)


def _is_comms(context: AppContext, event: dict[str, Any]) -> bool:
    """Whether it is about the comms channel, which is not known until the set-up."""
    known = context.current.value
    return known is not None and event.get("channel") == known.comms_channel

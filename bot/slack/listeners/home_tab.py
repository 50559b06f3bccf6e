"""The Home tab, when it is opened."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.ids import UserId
from bot.slack import home_tab_publisher
from bot.slack.context import AppContext
from bot.slack.views import payload


def register(app: AsyncApp, app_context: AppContext) -> None:
    """Publish the tab whenever its owner opens it."""

    @app.event("app_home_opened")
    async def opened(ack: AsyncAck, event: dict[str, Any]) -> None:
        await ack()
        app_context.home_opened.set()
        if event.get("tab") == "home":
            user_id = UserId(payload.id_at(event, "user"))
            home_tab_publisher.publish_soon(app_context, user_id)

"""The Home tab, when somebody opens it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import homes
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.views import payload


def register(app: AsyncApp, kit: Kit, _delivery: Delivery) -> None:
    """The one event that the bot listens to."""

    @app.event("app_home_opened")
    async def opened(ack: AsyncAck, event: dict[str, Any]) -> None:
        await ack()
        if event.get("tab") == "home":
            homes.publish_soon(kit, payload.text_at(event, "user"))

"""One request of one person: a typed command or a pressed button, read from its payload."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import homes, messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.views import payload
from bot.slack.views.text import Message
from bot.slack.views.trouble import closing_view

Handler = Callable[["Call"], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks, what for, and when; `rest` is what was typed after the command.

    `url` is where a private answer goes, None where the answer travels with the acknowledgement.
    `home` says that it was pressed on the Home tab; `channel` is where it was typed or pressed, and
    `dialog` the id of the one in which it was pressed, each None elsewhere.
    """

    kit: Kit
    delivery: Delivery
    user: str
    trigger: str
    rest: str
    url: str | None
    now: datetime
    home: bool = False
    channel: str | None = None
    dialog: str | None = None

    def reply(self, message: Message, *, replace: bool = False) -> None:
        """Answer a pressed button privately, after its acknowledgement.

        On the Home tab nothing can be said beside the button, so a small dialog says it.
        """
        if self.url is not None:
            self.kit.answer(self.url, message, replace=replace)
        elif self.home:
            view = closing_view("Advocacy", message.text)
            self.kit.afterwards.later(messenger.open_view(self.kit.client, self.trigger, view))


def from_command(kit: Kit, delivery: Delivery, body: Mapping[str, Any], rest: str) -> Call:
    """A typed command; raises Unreadable."""
    return Call(
        kit=kit,
        delivery=delivery,
        user=payload.text_at(body, "user_id"),
        trigger=payload.text_at(body, "trigger_id"),
        rest=rest,
        url=None,
        now=kit.clock(),
        channel=_text(body.get("channel_id")),
    )


def from_click(kit: Kit, delivery: Delivery, body: Mapping[str, Any]) -> Call:
    """A pressed button or a submitted form; raises Unreadable."""
    place, view = body.get("channel"), body.get("view")
    inside = isinstance(view, Mapping) and view.get("type") == "modal"
    return Call(
        kit=kit,
        delivery=delivery,
        user=payload.text_at(body, "user", "id"),
        trigger=_text(body.get("trigger_id")) or "",
        rest="",
        url=_text(body.get("response_url")),
        now=kit.clock(),
        home=_on_home(body),
        channel=_text(place.get("id")) if isinstance(place, Mapping) else None,
        dialog=_text(view.get("id")) if isinstance(view, Mapping) and inside else None,
    )


def message_of(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """The channel and `ts` of the message that was clicked; None for private ones and views."""
    container = body.get("container")
    if not isinstance(container, Mapping) or container.get("is_ephemeral"):
        return None
    channel, ts = container.get("channel_id"), container.get("message_ts")
    return (channel, ts) if isinstance(channel, str) and isinstance(ts, str) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _on_home(body: Mapping[str, Any]) -> bool:
    """Whether it was pressed on the Home tab."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "home"


def press(
    app: AsyncApp, kit: Kit, delivery: Delivery, name: str, handler: Handler, *, replace: bool
) -> None:
    """Let a button do what `handler` does; its answer is private and may replace the buttons."""

    @app.action(name)
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        message = await handler(call)
        await ack()
        if call.home:
            homes.publish_soon(kit, call.user)  # which shows what has changed
        elif message is not None:
            # Only a private message gives way; a public one is not one person's to change.
            call.reply(message, replace=replace and message_of(body) is None)

"""Listeners as values: what Bolt matches, and the function that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from re import Pattern
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import home_tab_publisher
from bot.slack.context import AppContext
from bot.slack.listeners.request import Handler, SlackRequest, from_click
from bot.slack.reconciler import Reconciler

Listen = Callable[[AsyncAck, SlackRequest], Awaitable[None]]


class Kind(Enum):
    """What Slack sends."""

    ACTION = auto()
    VIEW = auto()
    SHORTCUT = auto()


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that acknowledges and answers one kind of request.

    `matcher` is an action id or a callback id, or a pattern of them.
    """

    kind: Kind
    matcher: str | Pattern[str]
    listen: Listen


def action(matcher: str | Pattern[str], listen: Listen) -> Listener:
    """Listen to buttons, menus and fields with this action id."""
    return Listener(Kind.ACTION, matcher, listen)


def form(callback_id: str, listen: Listen) -> Listener:
    """Listen to the submission of this form."""
    return Listener(Kind.VIEW, callback_id, listen)


def shortcut(callback_id: str, listen: Listen) -> Listener:
    """Listen to this shortcut, on a message or anywhere."""
    return Listener(Kind.SHORTCUT, callback_id, listen)


def button(action_id: str, handler: Handler, *, replace: bool) -> Listener:
    """Let a button do what `handler` does; its answer is private and may replace the buttons."""

    async def listen(ack: AsyncAck, request: SlackRequest) -> None:
        message = await handler(request)
        await ack()
        if request.on_home:
            # The tab shows what has changed.
            home_tab_publisher.publish_soon(request.context, request.user_id)
        elif message is not None:
            # Only a private message gives way; a public one is not one person's to change.
            request.reply(message, replace=replace and request.message is None)

    return action(action_id, listen)


def register(
    app: AsyncApp, context: AppContext, reconciler: Reconciler, listeners: Iterable[Listener]
) -> None:
    """Register listeners with Bolt, which asks their matchers in this order."""
    for listener in listeners:
        ways = {Kind.ACTION: app.action, Kind.VIEW: app.view, Kind.SHORTCUT: app.shortcut}
        on = ways[listener.kind]
        on(listener.matcher)(_bolt_listener(context, reconciler, listener.listen))


def _bolt_listener(
    context: AppContext, reconciler: Reconciler, listen: Listen
) -> Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]:
    async def bolt_listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        await listen(ack, from_click(context, reconciler, body))

    return bolt_listener

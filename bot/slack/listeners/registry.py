"""Listeners as values: what Bolt matches, and the function that answers it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from re import Pattern
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import home_tab_publisher
from bot.slack.context import AppContext
from bot.slack.listeners.request import Handler, SlackRequest, from_click
from bot.slack.reconciler import Reconciler
from bot.slack.views import payload

Listen = Callable[[AsyncAck, SlackRequest], Awaitable[None]]
Body = dict[str, Any]
BoltListener = Callable[[AsyncAck, Body], Awaitable[None]]
_ANY = re.compile("")


class Kind(Enum):
    """What Slack sends."""

    ACTION = auto()
    VIEW = auto()


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
    """Register listeners with Bolt: one for every button, and one for every form.

    Bolt would ask a matcher of each listener in turn, for every request.
    """
    known: dict[Kind, dict[str | Pattern[str], BoltListener]] = {Kind.ACTION: {}, Kind.VIEW: {}}
    for one in listeners:
        known[one.kind].setdefault(one.matcher, _bolt_listener(context, reconciler, one.listen))
    for kind, on in ((Kind.ACTION, app.action), (Kind.VIEW, app.view)):
        _register(on, partial(_find, kind, known[kind]))


def _register(on: Callable[..., Any], find: Callable[[Body], BoltListener | None]) -> None:
    async def knows(body: Body) -> bool:
        return find(body) is not None

    async def listen(ack: AsyncAck, body: Body) -> None:
        found = find(body)
        assert found is not None, "it was asked before"
        await found(ack, body)

    on(_ANY, matchers=[knows])(listen)


def _find(
    kind: Kind, known: Mapping[str | Pattern[str], BoltListener], body: Body
) -> BoltListener | None:
    """The listener to a request by the name of its button or form."""
    path = ("actions", 0, "action_id") if kind is Kind.ACTION else ("view", "callback_id")
    try:
        name = payload.text_at(body, *path)
    except payload.Unreadable:  # an attachment or a dialog of long ago, which the bot never made
        return None
    if name in known:
        return known[name]
    patterns = (one for one in known if isinstance(one, Pattern) and one.search(name))
    return known.get(next(patterns, ""))


def _bolt_listener(context: AppContext, reconciler: Reconciler, listen: Listen) -> BoltListener:
    async def bolt_listener(ack: AsyncAck, body: Body) -> None:
        await listen(ack, from_click(context, reconciler, body))

    return bolt_listener

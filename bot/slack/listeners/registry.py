"""Listeners as values: what Bolt matches, and the function that answers it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from re import Pattern
from types import MappingProxyType
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.admission import Access, Refusal
from bot.slack import home_tab_publisher, messenger
from bot.slack.admission import admit
from bot.slack.context import AppContext
from bot.slack.listeners.request import Handler, SlackRequest, from_click
from bot.slack.reconciler import Reconciler
from bot.slack.views import payload
from bot.slack.views.admission import refused
from bot.slack.views.errors import at_the_form, fields_of, trouble_view
from bot.slack.views.text import Message

Listen = Callable[[AsyncAck, SlackRequest], Awaitable[None]]
Body = dict[str, Any]
BoltListener = Callable[[AsyncAck, Body], Awaitable[None]]
_ANY = re.compile("")


class Kind(Enum):
    """What Slack sends."""

    ACTION = auto()
    VIEW = auto()
    SHORTCUT = auto()


# Where a request names what it is for.
_NAMES: Final[Mapping[Kind, tuple[str | int, ...]]] = MappingProxyType(
    {
        Kind.ACTION: ("actions", 0, "action_id"),
        Kind.VIEW: ("view", "callback_id"),
        Kind.SHORTCUT: ("callback_id",),
    }
)


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that acknowledges and answers one kind of request, of those who have access.

    `matcher` is an action id or a callback id, or a pattern of them. `about` says in a sentence
    what it is for.
    """

    kind: Kind
    matcher: str | Pattern[str]
    access: Access
    listen: Listen
    about: str

    @property
    def name(self) -> str:
        """The id that it listens to, or the pattern of them."""
        return self.matcher if isinstance(self.matcher, str) else self.matcher.pattern


def action(matcher: str | Pattern[str], access: Access, listen: Listen) -> Listener:
    """Listen to buttons, menus and fields with this action id."""
    return Listener(Kind.ACTION, matcher, access, listen, about(listen))


def form(callback_id: str, access: Access, listen: Listen) -> Listener:
    """Listen to the submission of this form."""
    return Listener(Kind.VIEW, callback_id, access, listen, about(listen))


def shortcut(callback_id: str, access: Access, listen: Listen) -> Listener:
    """Listen to this shortcut, on a message or anywhere."""
    return Listener(Kind.SHORTCUT, callback_id, access, listen, about(listen))


def button(action_id: str, access: Access, handler: Handler, *, replace: bool) -> Listener:
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

    return Listener(Kind.ACTION, action_id, access, listen, about(handler))


def about(function: Callable[..., object]) -> str:
    """What a listener or a command is for: the first sentence of its docstring."""
    while isinstance(function, partial):
        function = function.keywords.get("handler", function.func)
    first = (function.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split()).partition(". ")[0].removesuffix(".")


def register(
    app: AsyncApp, context: AppContext, reconciler: Reconciler, listeners: Iterable[Listener]
) -> None:
    """Register listeners with Bolt: one for every button, one for every form and shortcut.

    Bolt would ask a matcher of each listener in turn, for every request.
    """
    known: dict[Kind, dict[str | Pattern[str], BoltListener]] = {kind: {} for kind in Kind}
    for one in listeners:
        known[one.kind].setdefault(one.matcher, _bolt_listener(context, reconciler, one))
    ways = {Kind.ACTION: app.action, Kind.VIEW: app.view, Kind.SHORTCUT: app.shortcut}
    for kind, on in ways.items():
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
    """The listener to a request by the name of its button, form or shortcut."""
    try:
        name = payload.text_at(body, *_NAMES[kind])
    except payload.Unreadable:  # an attachment or a dialog of long ago, which the bot never made
        return None
    if name in known:
        return known[name]
    patterns = (one for one in known if isinstance(one, Pattern) and one.search(name))
    return known.get(next(patterns, ""))


def _bolt_listener(context: AppContext, reconciler: Reconciler, listener: Listener) -> BoltListener:
    async def bolt_listener(ack: AsyncAck, body: Body) -> None:
        request = from_click(context, reconciler, body)
        admitted = await admit(context, request.user_id, listener.access)
        if isinstance(admitted, Refusal):
            await _refuse(ack, request, listener.kind, refused(admitted))
        else:
            await listener.listen(ack, dataclasses.replace(request, admitted=admitted))

    return bolt_listener


async def _refuse(ack: AsyncAck, request: SlackRequest, kind: Kind, why: Message) -> None:
    """Say why somebody is not let in, where they are.

    What they typed stays; a dialog that only shows things shows them no more.
    """
    if kind is Kind.VIEW:
        await ack(**at_the_form(request.view, why.text))
        return
    await ack()
    if kind is Kind.SHORTCUT:  # which has no place for an answer but a dialog
        view = trouble_view(why.text)
        show = messenger.open_view(request.context.client, request.trigger_id, view)
        request.context.background_tasks.add(show)
    elif request.dialog_id is None:
        request.reply(why)
    elif fields_of(request.view):
        show = messenger.push_view(
            request.context.client, request.trigger_id, trouble_view(why.text)
        )
        request.context.background_tasks.add(show)
    else:
        request.update_view(trouble_view(why.text))

"""One request of one person: a typed command, a pressed button or a submitted form."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from slack_sdk.models.views import View

from bot.domain.desk import Viewer
from bot.domain.ids import UserId
from bot.slack import home_tab_publisher, messenger
from bot.slack.admission import Admitted
from bot.slack.context import AppContext
from bot.slack.messenger import OpenView
from bot.slack.reconciler import Reconciler
from bot.slack.views import payload, replies
from bot.slack.views.errors import closing_view
from bot.slack.views.text import Message, say
from bot.storage.tx import Transactions, Tx

P = ParamSpec("P")
R = TypeVar("R")

# Slack wants its acknowledgement, and a dialog for a trigger, within 3 seconds of the click. The
# database must have answered all that one request asks it before that, and Slack's own calls too.
_STORED_WITHIN: Final = 2.4  # seconds
_OPENED_WITHIN: Final = 2.8  # seconds


def _now() -> float:
    return asyncio.get_running_loop().time()


Handler = Callable[["SlackRequest"], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True)
class SlackRequest:
    """Who asks, what for, and when; `rest` is what was typed after the command.

    `response_url` is where a private answer goes, None where the answer travels with the
    acknowledgement. `on_home` says that it was pressed on the Home tab; `channel_id` is where it
    was typed or pressed, and `dialog_id` the view in which it was pressed, each None elsewhere.
    `message` is the channel and `ts` of the message that was clicked, None for private ones and
    views. `admitted` is what is known of whoever asks.
    `body` is what Slack sent; the properties that read it raise Unreadable. `began` is the loop's
    time at which it came: all of its reads and writes together have one deadline.
    """

    context: AppContext
    reconciler: Reconciler
    user_id: UserId
    trigger_id: str
    now: datetime
    rest: str = ""
    response_url: str | None = None
    on_home: bool = False
    channel_id: str | None = None
    dialog_id: str | None = None
    message: tuple[str, str] | None = None
    admitted: Admitted = field(default_factory=Admitted)
    body: Mapping[str, Any] = field(default_factory=dict)
    began: float = field(default_factory=_now)

    @property
    def viewer(self) -> Viewer:
        """Who asks, as comms see them; raises LookupError where it is not only for comms."""
        if self.admitted.viewer is None:
            raise LookupError("whoever asks was not looked for in comms")
        return self.admitted.viewer

    @property
    def time_zone(self) -> str:
        """The IANA zone of whoever asks; the workspace's where Slack does not say."""
        person = self.admitted.person
        return (person and person.time_zone) or self.context.time_zone

    @property
    def action(self) -> Mapping[str, Any]:
        """The button, menu or field that was used."""
        action: Mapping[str, Any] = payload.pick(self.body, "actions", 0)
        return action

    @property
    def value(self) -> object:
        """The value of the button that was pressed; None where it has none."""
        return self.action.get("value")

    @property
    def view(self) -> Mapping[str, Any]:
        """The form that was submitted, or the dialog in which a button was pressed."""
        view: Mapping[str, Any] = payload.pick(self.body, "view")
        return view

    @property
    def view_id(self) -> str:
        """The id of that form or dialog."""
        return payload.id_at(self.body, "view", "id")

    async def write(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service` at the moment of the request; its result once that is committed."""
        return await self._transactions().write(service, *args, **kwargs)

    async def read(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service`, which changes nothing, at the moment of the request."""
        return await self._transactions().read(service, *args, **kwargs)

    def _transactions(self) -> Transactions:
        return self.context.at(self.now, until=self.began + _STORED_WITHIN)

    async def open_view(self, view: View) -> bool:
        """Open a dialog while the click's trigger lasts; False where Slack did not in time."""
        return await self.open_known_view(view) is not None

    async def open_known_view(self, view: View) -> OpenView | None:
        """The same, and which dialog it is; None where Slack did not in time."""
        left = self.began + _OPENED_WITHIN - _now()
        return await messenger.open_known_view(
            self.context.client, self.trigger_id, view, seconds=max(0.0, left)
        )

    def reply(self, message: Message, *, replace: bool = False) -> None:
        """Answer a pressed button privately, after its acknowledgement.

        On the Home tab nothing can be said beside the button, so a small dialog says it.
        """
        if self.response_url is not None:
            self.context.answer(self.response_url, message, replace=replace)
        elif self.on_home:
            view = closing_view("Advocacy", message.text)
            self.context.background_tasks.add(
                messenger.open_view(self.context.client, self.trigger_id, view)
            )

    def show_soon(self) -> None:
        """After a change by comms: bring Slack up to date, and the Home tab of who made it."""
        self.context.background_tasks.add(self._show())
        self.context.background_tasks.add(self.reconciler.refresh_of_people())

    async def _show(self) -> None:
        try:
            await self.reconciler.refresh()
        finally:
            # Afterwards, since it links to cards that may have just been posted.
            await home_tab_publisher.publish(self.context, self.user_id)

    async def open_dialog(self, view: View) -> Message | None:
        """Open a dialog of its own, or in the place of the one in which it was asked for.

        Where Slack refuses, what to say instead.
        """
        if self.dialog_id is not None:
            await messenger.update_view(self.context.client, view, view_id=self.dialog_id)
            return None
        return None if await self.open_view(view) else say(replies.DIALOG_FAILED)

    def update_view(self, changed: View) -> None:
        """Show the dialog changed, after the acknowledgement."""
        self.context.background_tasks.add(
            messenger.update_view(self.context.client, changed, view_id=self.view_id)
        )


def from_command(
    context: AppContext, reconciler: Reconciler, body: Mapping[str, Any], rest: str
) -> SlackRequest:
    """A typed command; raises Unreadable."""
    return SlackRequest(
        context=context,
        reconciler=reconciler,
        user_id=UserId(payload.id_at(body, "user_id")),
        trigger_id=payload.id_at(body, "trigger_id"),
        now=context.clock(),
        rest=rest,
        channel_id=payload.known_id(body.get("channel_id")),
        body=body,
    )


def from_click(
    context: AppContext, reconciler: Reconciler, body: Mapping[str, Any]
) -> SlackRequest:
    """A pressed button or a submitted form; raises Unreadable."""
    channel, view = body.get("channel"), body.get("view")
    kind = view.get("type") if isinstance(view, Mapping) else None
    return SlackRequest(
        context=context,
        reconciler=reconciler,
        user_id=UserId(payload.id_at(body, "user", "id")),
        trigger_id=payload.known_id(body.get("trigger_id")) or "",
        now=context.clock(),
        response_url=_text(body.get("response_url")),
        on_home=kind == "home",
        channel_id=payload.known_id(channel.get("id")) if isinstance(channel, Mapping) else None,
        dialog_id=payload.id_at(body, "view", "id") if kind == "modal" else None,
        message=_clicked_message(body),
        body=body,
    )


def _clicked_message(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Read before anything is done: what can't be read changes nothing."""
    container = body.get("container")
    if not isinstance(container, Mapping) or container.get("is_ephemeral"):
        return None
    channel = payload.known_id(container.get("channel_id"))
    ts = payload.known_id(container.get("message_ts"))
    return (channel, ts) if channel is not None and ts is not None else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

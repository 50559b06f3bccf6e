"""The Bolt app: who is let in, the listeners, and honest words when something fails."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.domain.admission import Company
from bot.logs import get_logger, new_run
from bot.metrics import Failure, Metrics, RequestKind
from bot.slack import messenger, set_up_gate
from bot.slack.context import AppContext
from bot.slack.listeners import (
    announcements,
    asks,
    commands,
    comms_channel,
    desk,
    feeds,
    freeze,
    home_tab,
    lessons,
    membership,
    my_data,
    own_words,
    pace_check,
    post_form,
    post_preview,
    posts,
    practice,
    preferences,
    record,
    registry,
    reports,
    responses,
    retention,
    setup,
    share_dialog,
    share_forms,
    share_notes,
    suggestions,
)
from bot.slack.reconciler import Reconciler
from bot.slack.views import payload, replies
from bot.slack.views.errors import at_the_form, trouble_view
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import say
from bot.storage.database import Busy, Unknown

FEATURES = (
    responses,
    share_dialog,
    own_words,
    share_forms,
    share_notes,
    asks,
    membership,
    my_data,
    retention,
    preferences,
    practice,
    posts,
    post_form,
    post_preview,
    desk,
    announcements,
    feeds,
    suggestions,
    freeze,
    pace_check,
    record,
    reports,
    lessons,
    setup,
)
LISTENERS = tuple(chain.from_iterable(feature.LISTENERS for feature in FEATURES))
_WORDS = {
    Failure.BUSY: replies.BUSY,
    Failure.UNKNOWN: replies.UNKNOWN,
    Failure.UNREADABLE: replies.UNREADABLE,
    Failure.BROKEN: replies.BROKEN,
}
_TOLD_WITHIN = 0.5  # seconds: with the most that the database may take, Slack's 3 s are kept
_log = get_logger(__name__)


def build_app(
    app_context: AppContext,
    reconciler: Reconciler,
    authorized: AuthorizeResult,
) -> AsyncApp:
    """The app with its listeners; `authorized` is what Slack said about the token at the start.

    It verifies nothing: signatures are checked by `http_server`, before Bolt looks into a request,
    and sockets are connections that the bot itself has opened.
    """

    async def authorize(**_request: object) -> AuthorizeResult:
        return authorized  # known already: asking Slack for every first click would be slow

    app = _App(
        app_context.metrics,
        name="advocacy",  # otherwise Bolt reads all sources on the stack for it: 90 ms
        authorize=authorize,
        request_verification_enabled=False,
        # The listener's write is committed before the acknowledgement. Otherwise Bolt would look
        # every 10 ms for one, and an error after it would become a 404 three seconds later.
        process_before_response=True,
        # Bolt would describe it for its log, and stumble over what no Slack sends.
        raise_error_for_unhandled_request=True,
        logger=_quiet_bolt(),
    )
    _add_workspace_check(app, app_context)
    set_up_gate.add(app, app_context)
    registry.register(app, app_context, reconciler, LISTENERS)
    home_tab.register(app, app_context)
    comms_channel.register(app, app_context)
    commands.register(app, app_context, reconciler)
    _add_fallbacks(app, app_context)
    _add_error_handler(app, app_context)
    return app


class _App(AsyncApp):
    """Bolt's app; the lines in the log of one request are known by their `run`."""

    def __init__(self, metrics: Metrics, **bolts: Any) -> None:
        super().__init__(**bolts)
        self._metrics = metrics

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Handle one request, however it came."""
        now = asyncio.get_running_loop().time
        began = now()
        try:
            with new_run():
                return await super().async_dispatch(req)
        finally:
            self._metrics.record_request(_kind(req.body), now() - began)


def _kind(body: Mapping[str, Any]) -> RequestKind:
    if "command" in body:
        return RequestKind.COMMAND
    is_event = body.get("type") == "event_callback"
    return RequestKind.EVENT if is_event else RequestKind.CLICK


def _quiet_bolt() -> logging.Logger:
    """Bolt warns about a token in the environment that it rightly ignores."""
    log = logging.getLogger("slack_bolt.quiet")
    log.setLevel(logging.ERROR)
    return log


def _add_workspace_check(app: AsyncApp, app_context: AppContext) -> None:
    """Nothing that happened in another company's workspace is looked at.

    Who somebody is, is asked of Slack by `admission`: on Enterprise Grid a person's team in a
    payload may be the organisation, or a workspace that is the same for all.
    """

    @app.middleware
    async def own_workspace(
        body: dict[str, Any],
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse | None:
        _check_shape(body)
        if _happened_here(body, app_context.directory.company):
            await next()
            return None
        app_context.answer(_url(body), say(replies.STRANGER))
        return BoltResponse(status=200, body="")


def _check_shape(body: Mapping[str, Any]) -> None:
    """Raise Unreadable where Bolt, which looks for the listener, would stumble over the body."""
    kind = body.get("type")
    if kind == "event_callback":
        payload.text_at(body, "event", "type")
    elif kind == "block_actions":
        payload.text_at(body, "actions", 0, "action_id")
    elif kind in ("view_submission", "view_closed"):
        payload.text_at(body, "view", "callback_id")
    elif kind in ("shortcut", "message_action"):
        payload.text_at(body, "callback_id")


def _happened_here(body: Mapping[str, Any], company: Company) -> bool:
    """Whether a command or a click came from our workspace, or from a sister workspace.

    Events are sent for our own installation alone, wherever they happened.
    """
    if body.get("type") == "event_callback":
        return True
    team, enterprise = _part(body, "team"), _part(body, "enterprise")
    organisations = (body.get("enterprise_id"), team.get("enterprise_id"), enterprise.get("id"))
    if company.enterprise_id is not None and company.enterprise_id in organisations:
        return True
    return all(one in (None, company.workspace_id) for one in (body.get("team_id"), team.get("id")))


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _add_fallbacks(app: AsyncApp, app_context: AppContext) -> None:
    """Buttons and forms that no longer exist get a word, where Bolt would answer nothing.

    Events that the bot does not listen to are acknowledged, or Slack would send them again.
    """

    @app.action(re.compile(".*"))
    async def old_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        app_context.background_tasks.add(_tell(app_context, body, replies.OLD_BUTTON))

    @app.view(re.compile(".*"))
    async def old_form(ack: AsyncAck) -> None:
        await ack(response_action="update", view=trouble_view(replies.UNREADABLE))

    @app.event(re.compile(".*"))
    async def other_event(ack: AsyncAck) -> None:
        await ack()


def _add_error_handler(app: AsyncApp, app_context: AppContext) -> None:
    @app.error
    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            _log.warning("a request was none that the bot knows")
            return BoltResponse(status=404, body="")
        why = _explain(error)
        app_context.metrics.record_failure(why)
        sentence = _WORDS[why]
        if body.get("command"):
            message = say(sentence)
            return _json({"response_type": "ephemeral", **message.payload()})
        if body.get("type") == "view_submission":
            return _json(at_the_form(body.get("view"), sentence))
        if isinstance(error, Unreadable) and body.get("type") == "event_callback":
            # Slack would send it again, and it would be no easier to read.
            return BoltResponse(status=200, body="")
        # An acknowledged click looks stored. What was not is acknowledged only once its words are
        # out; otherwise Slack says by itself that it did not work.
        told = await _tell(app_context, body, sentence)
        untold = 400 if why is Failure.UNREADABLE else 503
        return BoltResponse(status=200 if told else untold, body="")


async def _tell(app_context: AppContext, body: Mapping[str, Any], sentence: str) -> bool:
    """Privately beside what was clicked, or on top of the dialog; whether Slack took it."""
    url, trigger, view = _url(body), body.get("trigger_id"), body.get("view")
    if url:
        said = say(sentence)
        return await messenger.answer(app_context.session, url, said, seconds=_TOLD_WITHIN)
    if isinstance(trigger, str) and isinstance(view, Mapping):
        # Nothing can be laid on top of the Home tab, where no dialog is open yet.
        show = messenger.open_view if view.get("type") == "home" else messenger.push_view
        with suppress(TimeoutError):
            async with asyncio.timeout(_TOLD_WITHIN):
                return await show(app_context.client, trigger, trouble_view(sentence))
    return False


def _explain(error: Exception) -> Failure:
    if isinstance(error, Busy):
        _log.warning("the database was too busy; a person was told")
        return Failure.BUSY
    if isinstance(error, Unknown):
        _log.error("the database did not say whether it stored something; a person was told")
        return Failure.UNKNOWN
    if isinstance(error, Unreadable):
        _log.warning("a payload could not be read")
        return Failure.UNREADABLE
    _log.error("a request failed", exc_info=error)
    return Failure.BROKEN


def _url(body: Mapping[str, Any]) -> str | None:
    url = body.get("response_url")
    return url if isinstance(url, str) else None


def _json(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=answer)

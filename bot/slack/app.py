"""The Bolt app: who is let in, the listeners, and honest words when something fails."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.slack import messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners import (
    announcing,
    asides,
    asking,
    commands,
    curation,
    health,
    home,
    lessons,
    membership,
    preferences,
    responding,
    rewording,
    sharing,
)
from bot.slack.views import words
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import say
from bot.slack.views.trouble import trouble_view
from bot.storage.database import Busy, Unknown

# Set once a request has passed the check of its signature.
_FROM_SLACK = "advocacy_from_slack"
_log = logging.getLogger(__name__)


def build_app(
    kit: Kit, delivery: Delivery, authorized: AuthorizeResult, signing_secret: str | None
) -> AsyncApp:
    """The app with its listeners; `authorized` is what Slack said about the token at the start.

    Without `signing_secret` requests are not verified, as befits Socket Mode, where they come
    through a connection that the bot itself has opened.
    """

    async def authorize(**_request: object) -> AuthorizeResult:
        return authorized  # known already: asking Slack for every first click would be slow

    app = AsyncApp(
        authorize=authorize,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        # The write is committed before the acknowledgement, and Bolt need not poll for it.
        process_before_response=True,
        logger=_quiet_bolt(),
    )
    _let_in(app, kit)
    responding.register(app, kit, delivery)
    for feature in (
        sharing,
        rewording,
        asides,
        asking,
        membership,
        preferences,
        home,
        curation,
        announcing,
        health,
        lessons,
        commands,
    ):
        feature.register(app, kit, delivery)
    _leftovers(app, kit)
    _honest(app, kit)
    return app


def _quiet_bolt() -> logging.Logger:
    """Bolt warns about a token in the environment that it rightly ignores."""
    log = logging.getLogger("bot.slack.bolt")
    log.setLevel(logging.ERROR)
    return log


def _let_in(app: AsyncApp, kit: Kit) -> None:
    """People of other organisations can be in a shared channel; they get nothing."""

    @app.middleware
    async def own_people(
        body: dict[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse | None:
        context[_FROM_SLACK] = True
        if _is_own(body, kit.workspace):
            await next()
            return None
        kit.answer(_url(body), say(words.STRANGER))
        return BoltResponse(status=200, body="")


def _is_own(body: Mapping[str, Any], workspace: str) -> bool:
    team, user = body.get("team"), body.get("user")
    teams = [
        body.get("team_id"),
        team.get("id") if isinstance(team, Mapping) else None,
        user.get("team_id") if isinstance(user, Mapping) else None,
    ]
    return all(found is None or found == workspace for found in teams)


def _leftovers(app: AsyncApp, kit: Kit) -> None:
    """Buttons and forms that no longer exist get a word, where Bolt would answer nothing."""

    @app.action(re.compile(".*"))
    async def old_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        _tell(kit, body, words.OLD_BUTTON)

    @app.view(re.compile(".*"))
    async def old_form(ack: AsyncAck) -> None:
        await ack(response_action="update", view=trouble_view(words.UNREADABLE))


def _honest(app: AsyncApp, kit: Kit) -> None:
    @app.error
    async def failed(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext
    ) -> BoltResponse:
        if _FROM_SLACK not in context:
            # Its signature could not even be read: whoever sent it gets nothing done and no word,
            # least of all at an address that it names.
            _log.warning("a request that is not Slack's was refused: %s", type(error).__name__)
            return BoltResponse(status=401, body="")
        sentence = _words_for(error)
        if body.get("command"):
            message = say(sentence)
            return _json({"response_type": "ephemeral", **message.payload()})
        if body.get("type") == "view_submission":
            return _json(_at_the_form(body, sentence))
        _tell(kit, body, sentence)
        return BoltResponse(status=200, body="")


def _tell(kit: Kit, body: Mapping[str, Any], sentence: str) -> None:
    """Privately beside the message that was clicked, or on top of the dialog."""
    url, trigger, view = _url(body), body.get("trigger_id"), body.get("view")
    if url:
        kit.answer(url, say(sentence))
    elif isinstance(trigger, str) and isinstance(view, Mapping):
        # Nothing can be laid on top of the Home tab, where no dialog is open yet.
        show = messenger.open_view if view.get("type") == "home" else messenger.push_view
        kit.afterwards.later(show(kit.client, trigger, trouble_view(sentence)))


def _words_for(error: Exception) -> str:
    if isinstance(error, Busy):
        _log.warning("the database was too busy; a person was told")
        return words.BUSY
    if isinstance(error, Unknown):
        _log.error("the database did not say whether it stored something; a person was told")
        return words.UNKNOWN
    if isinstance(error, Unreadable):
        _log.warning("a payload could not be read: %s", error)
        return words.UNREADABLE
    _log.error("a request failed", exc_info=error)
    return words.BROKEN


def _at_the_form(body: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """At the first field, so that nothing typed is lost; without a field, in its place."""
    view = body.get("view")
    state = view.get("state") if isinstance(view, Mapping) else None
    values = state.get("values") if isinstance(state, Mapping) else None
    if isinstance(values, Mapping) and values:
        return {"response_action": "errors", "errors": {next(iter(values)): sentence}}
    return {"response_action": "update", "view": trouble_view(sentence).to_dict()}


def _url(body: Mapping[str, Any]) -> str | None:
    url = body.get("response_url")
    return url if isinstance(url, str) else None


def _json(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=answer)

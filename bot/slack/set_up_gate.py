"""Until an admin has chosen the channels, only Home and the set-up answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.domain.typed_text import first_word, plain
from bot.slack.context import AppContext
from bot.slack.views import setup
from bot.storage.database import Busy

SET_UP = "setup"  # what action ids and callback ids of the set-up begin with, and its command


def add(app: AsyncApp, app_context: AppContext) -> None:
    """Answer for every listener while the workspace is not set up."""

    @app.middleware
    async def once_set_up(
        body: dict[str, Any],
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse | None:
        if await _is_set_up(app_context) or _belongs_to_it(body):
            await next()
            return None
        message = setup.not_set_up()
        if body.get("command"):
            return _json({"response_type": "ephemeral", **message.payload()})
        if body.get("type") == "view_submission":
            return _json({"response_action": "clear"})
        url = body.get("response_url")
        app_context.answer(url if isinstance(url, str) else None, message)
        return BoltResponse(status=200, body="")


async def _is_set_up(app_context: AppContext) -> bool:
    """Whether it is; another process may have just done it."""
    if app_context.current.value is not None:
        return True
    try:
        now = app_context.at(app_context.clock())
        return await app_context.current.refresh(now) is not None
    except Busy:
        return False


def _belongs_to_it(body: Mapping[str, Any]) -> bool:
    """Whether it is an event, such as an opened Home tab, or part of the set-up."""
    if body.get("type") == "event_callback":
        return True
    if body.get("command"):
        word, _ = first_word(str(body.get("text") or ""))
        return plain(word) == SET_UP
    action = next(iter(body.get("actions") or ()), None)
    view = body.get("view")
    named = [
        action.get("action_id") if isinstance(action, Mapping) else None,
        view.get("callback_id") if isinstance(view, Mapping) else None,
    ]
    return any(isinstance(each, str) and each.startswith(SET_UP) for each in named)


def _json(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=answer)

"""`/advocacy …`: one command for everyone, sent on to the feature it names."""

from __future__ import annotations

import difflib
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners import (
    announcing,
    curation,
    health,
    lessons,
    membership,
    preferences,
    sharing,
)
from bot.slack.listeners.call import Handler, from_command
from bot.slack.views import payload, words

COMMAND = "/advocacy"
_SHOWN: dict[str, Handler] = {
    **membership.COMMANDS,
    **sharing.COMMANDS,
    **preferences.COMMANDS,
    **lessons.COMMANDS,
    **curation.COMMANDS,
    **announcing.COMMANDS,
    **health.COMMANDS,
}
_ALL: dict[str, Handler] = {
    **_SHOWN,
    **{word: _SHOWN[name] for word, name in membership.HIDDEN.items()},
}
_ALIKE, _SHORT = 0.7, 3


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The one command."""

    @app.command(COMMAND)
    async def advocacy(ack: AsyncAck, body: dict[str, Any]) -> None:
        typed, rest = split(payload.text_at(body, "text") if body.get("text") else "")
        handler = _ALL.get(typed)
        if handler is None:
            message = words.unknown_command(typed, nearest(typed))
            await ack(response_type="ephemeral", **message.payload())
            return
        answer = await handler(from_command(kit, delivery, body, rest))
        if answer is None:
            await ack()
        else:
            await ack(response_type="ephemeral", **answer.payload())


def split(text: str) -> tuple[str, str]:
    """The command's name in lower case, and the rest as typed."""
    name, _, rest = text.strip().partition(" ")
    return name.lower(), rest.strip()


def nearest(typed: str) -> str | None:
    """The command that somebody who typed this surely meant: `topics` is not a way to leave."""
    # Two or three letters are like too many words.
    names = [name for name in _ALL if name in _SHOWN or len(name) > _SHORT]
    close = difflib.get_close_matches(typed, filter(None, names), n=1, cutoff=_ALIKE)
    return membership.HIDDEN.get(close[0], close[0]) if close else None

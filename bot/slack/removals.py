"""Deleting the bot's messages whose reason is gone: of folded posts, and of people who left."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.rests import REMOVALS
from bot.logs import get_logger
from bot.services import rests, retention
from bot.slack import files, messenger
from bot.slack.context import AppContext
from bot.slack.messenger import Sent
from bot.storage.removals import Removal

REMOVED_AT_ONCE = 20  # in one heartbeat: Slack lets an app delete some fifty a minute
_log = get_logger(__name__)


class Remover:
    """Removes messages of one workspace. Doing it twice is harmless."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    async def remove(self, due: Sequence[Removal]) -> None:
        """Remove messages that have to go; what Slack cannot do now is tried later."""
        context = self._context
        if due and not await context.at(context.clock()).read(rests.may_be_used, REMOVALS):
            return
        for removal in due:
            gone = await messenger.delete_or_empty(
                context.client, removal.channel, removal.message_ts
            )
            if gone and removal.file is not None:
                gone = isinstance(await files.delete(context.client, removal.file), Sent)
            database = context.at(context.clock())
            if not gone:
                await database.write(retention.record_not_removed, removal.id)
                _log.warning("messages that have to go wait: Slack cannot be reached for them")
                return
            await database.write(retention.record_removed, removal.id)

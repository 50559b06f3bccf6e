"""The daily work on figures: each step a transaction of its own, the long sums beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from bot.domain.ids import UserId
from bot.services import closing
from bot.slack.context import AppContext


async def close_due(context: AppContext, comms: Collection[UserId]) -> None:
    """Publish the figures that are due; people in comms don't count."""
    database = context.at(context.clock())
    for post in await database.write(closing.begin):
        await database.write(closing.close_post, post, comms)
    month = await database.write(closing.end, comms)
    while month is not None:
        waiting = await database.read(closing.load_waiting, month, comms)
        published = None if waiting is None else await asyncio.to_thread(waiting.publish)
        month = await database.write(closing.close_month, month, waiting, published)

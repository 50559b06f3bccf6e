"""The forecast: when each queued post goes out if nothing else happens."""

from __future__ import annotations

from bot.domain import channel_queue
from bot.domain.channel_queue import Forecast
from bot.domain.ids import PostId
from bot.domain.model import Workspace
from bot.storage import announcements
from bot.storage.tx import Tx


def load_forecasts(tx: Tx, workspace: Workspace) -> dict[PostId, Forecast]:
    """What each queued post can expect; empty where none is queued."""
    queued = announcements.load_queued_posts(tx)
    if not queued:
        return {}
    announced = announcements.load_recent(tx)
    return channel_queue.forecast(queued, announced, workspace.policy, tx.now)

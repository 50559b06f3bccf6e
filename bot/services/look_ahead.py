"""Telling comms, once a week at most, that their schedule runs dry or piles up."""

from __future__ import annotations

from bot.domain.look_ahead import PilesUp, RunsDry, as_detail, look_ahead
from bot.domain.model import NoticeKind
from bot.services import forecast
from bot.storage import announcements, notices, workspaces
from bot.storage.tx import Tx


def tell(tx: Tx) -> None:
    """Put in the outbox what comms should know of the coming days; called once a week."""
    workspace = workspaces.load(tx)
    forecasts = forecast.load_forecasts(tx, workspace)
    recent = announcements.load_recent(tx)
    last = recent[0].at if recent else None
    notices.cancel(tx, NoticeKind.SCHEDULE)
    match look_ahead(forecasts, last, tx.now, workspace.policy.zone):
        case PilesUp(post_id, too_late):
            detail = as_detail(too_late)
            notices.enqueue(tx, NoticeKind.SCHEDULE, post_id=post_id, detail=detail)
        case RunsDry(last_day):
            day = last_day.isoformat() if last_day else None
            notices.enqueue(tx, NoticeKind.SCHEDULE, detail=day)
        case None:
            pass

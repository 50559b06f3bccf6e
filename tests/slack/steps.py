"""The steps of the program at which a test lets it die: one function each, and a moment."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

from bot.scheduler import HeartbeatTimer
from bot.services import (
    announcements,
    asks,
    closing,
    feeds,
    membership,
    planning,
    reconcile,
    responses,
    retention,
    share_notes,
    snapshots,
    suggestions,
    workspaces,
)
from bot.slack import messenger, recording
from bot.slack.context import AppContext
from bot.slack.listeners import share_dialog
from bot.storage import erasure
from bot.storage.database import Database
from tests.slack.process import Moment, Step

# Each is one transaction: it dies before its commit, and after it.
_TRANSACTIONS: Final[tuple[Callable[..., Any], ...]] = (
    workspaces.start,
    snapshots.take,
    closing.begin,
    closing.end,
    planning.plan,
    asks.claim,
    asks.record_sent,
    announcements.claim_next,
    announcements.record_sent,
    responses.record_response,
    feeds.claim,
    feeds.record,
    feeds.make_drafts,
    feeds.tell_of_drafts,
    suggestions.claim_answer,
    suggestions.record_sent,
    share_notes.tell,
    share_notes.claim,
    membership.join,
    reconcile.record_card_shown,
    retention.erase_due,
    retention.forget,
    retention.record_removed,
    retention.record_log_emptied,
)
# Between two calls of Slack's, or of the database's.
_CALLS: Final = (
    HeartbeatTimer.start_jobs,
    messenger.post,
    recording.record,
    share_dialog.record_click,
    AppContext.answer,
    messenger.delete_or_empty,
    Database.empty_log,
)
# Parts of one transaction.
_PARTS: Final = (
    erasure.fold_asks,
    erasure.fold_responses,
    erasure.record_folded,
    erasure.erase_member,
)

_MOMENTS: Final = (Moment.STORED, Moment.COMMITTED)

STEPS: Final = (
    *(Step(call, Moment.REACHED) for call in _CALLS),
    *(Step(part, Moment.STORED) for part in _PARTS),
    *(Step(one, moment) for one in _TRANSACTIONS for moment in _MOMENTS),
)
# The same with each transaction once, dying before its commit and after it in turn.
FEWER_STEPS: Final = (
    *(Step(call, Moment.REACHED) for call in _CALLS),
    *(Step(part, Moment.STORED) for part in _PARTS),
    *(Step(one, moment) for one, moment in zip(_TRANSACTIONS, cycle(_MOMENTS), strict=False)),
)

"""When a method of Slack's may be used again, and what became of using it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import rests as rules
from bot.domain.rests import Method
from bot.storage import rests, workspaces
from bot.storage.tx import Tx


def may_be_used(tx: Tx, method: Method) -> bool:
    """Whether the method does not rest now."""
    rest = rests.load_all(tx).get(method)
    return rest is None or rest.until <= tx.now


def load_resting(tx: Tx) -> dict[Method, datetime]:
    """The methods that rest now, and until when."""
    known = rests.load_all(tx).items()
    return {method: rest.until for method, rest in known if rest.until > tx.now}


def record_lost(tx: Tx, method: Method) -> None:
    """Record that Slack did not answer: the method rests, each time for longer."""
    workspaces.find(tx, lock=True)  # of two processes each counts its own round
    before = rests.load_all(tx).get(method)
    rests.record(tx, method, rules.rest_after_lost(before, tx.now))


def record_throttled(tx: Tx, method: Method, wait: timedelta) -> None:
    """Record how long Slack said to wait."""
    workspaces.find(tx, lock=True)
    before = rests.load_all(tx).get(method)
    rests.record(tx, method, rules.rest_after_throttling(before, tx.now, wait))


def record_works(tx: Tx, method: Method) -> None:
    """Record that Slack answers again."""
    if rests.load_all(tx).get(method) is not None:
        rests.clear(tx, method)

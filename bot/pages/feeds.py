"""Looking at a feed, as a polite stranger: only for what has changed since the last look."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from bot.domain.feeds import (
    FailedFeed,
    FeedLook,
    FeedProblem,
    FeedRequest,
    ReadFeed,
    UnchangedFeed,
)
from bot.domain.previews import Problem
from bot.logs import get_logger
from bot.pages.visiting import Answer, Reach, Request, Stopped, visit

MOST_BYTES: Final = 4 * 1024 * 1024  # of a feed: some hold whole articles, the newest first
WITHIN: Final = 10.0  # seconds for everything together
_LONGEST_MARK: Final = 500  # characters of an ETag; a longer one is not sent back
_KINDS: Final = ("application/rss+xml", "application/atom+xml", "application/xml", "text/xml")
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
_GONE: Final = (404, 410)
_BUSY: Final = (429, 503)
_log = get_logger(__name__)


FetchFeed = Callable[[FeedRequest, datetime], Awaitable[FeedLook]]


async def fetch_feed(asked: FeedRequest, now: datetime, reach: Reach | None = None) -> FeedLook:
    """What a feed says at `now` (aware), or why it could not be read; never raises."""
    try:
        answer = await visit(asked.address, _request(asked), reach or Reach(within=WITHIN))
        return await asyncio.to_thread(_read, asked, answer, now)
    except Stopped as stopped:
        problem = FeedProblem(stopped.problem.value) if stopped.problem in _SAME else None
    except Exception:  # noqa: BLE001 - whatever a feed is made of, the others go on
        _log.exception("a feed could not be looked at")
        problem = None
    return FailedFeed(problem or FeedProblem.UNREADABLE)


_SAME: Final = frozenset(problem for problem in Problem if problem.value in list(FeedProblem))


def _request(asked: FeedRequest) -> Request:
    marks = {"If-None-Match": asked.etag, "If-Modified-Since": asked.last_modified}
    return Request(
        agent="advocacy-bot (feed reader)",
        kinds=_KINDS,
        any_kind=True,  # feeds come as pages, as text, and as bytes
        most=MOST_BYTES,
        headers={name: said for name, said in marks.items() if said},
    )


def _read(asked: FeedRequest, answer: Answer, now: datetime) -> FeedLook:
    address = answer.moved_to or asked.address
    every = _left_alone(answer)
    if answer.status == 304 and (asked.etag or asked.last_modified):
        return UnchangedFeed(address, every)
    if answer.status != 200:
        return _failed(answer, now)
    from bot.pages import feed_reading  # HTML's library is loaded once there is a feed

    body = feed_reading.Body(answer.address, answer.body, answer.charset)
    text = feed_reading.read(body, now)
    if text is None:
        return FailedFeed(FeedProblem.NO_FEED, named=feed_reading.find_feeds(body))
    return ReadFeed(
        address=address,
        title=text.title,
        entries=text.entries,
        etag=_mark(answer, "ETag"),
        last_modified=_mark(answer, "Last-Modified"),
        every=max(every, text.every),
    )


def _failed(answer: Answer, now: datetime) -> FailedFeed:
    if answer.status in _GONE:
        return FailedFeed(FeedProblem.GONE)
    if answer.status in _BUSY:
        return FailedFeed(FeedProblem.BUSY, _retry_after(answer, now))
    return FailedFeed(FeedProblem.REFUSED, _retry_after(answer, now))


def _mark(answer: Answer, name: str) -> str:
    said = answer.headers.get(name, "").strip()
    return said if len(said) <= _LONGEST_MARK and said.isprintable() and said.isascii() else ""


def _left_alone(answer: Answer) -> timedelta:
    """How long the server asks to be left alone (RFC 9111, `max-age`)."""
    found = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
    return timedelta(seconds=int(found[1])) if found else timedelta()


def _retry_after(answer: Answer, now: datetime) -> timedelta:
    """The same after a refusal (RFC 9110, 10.2.3): seconds, or a day."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit() and len(said) <= 9:
        return timedelta(seconds=int(said))
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta()
    return max(until - now, timedelta()) if until.tzinfo else timedelta()

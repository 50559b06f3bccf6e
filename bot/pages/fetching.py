"""Fetching the preview of a page that somebody named; `visiting` goes there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.domain.previews import Preview, Problem
from bot.logs import get_logger
from bot.pages.visiting import Answer, Reach, Request, Stopped, visit

MOST_BYTES: Final = 512 * 1024  # of a body, as it comes and as it is unpacked

_PAGE: Final = Request(
    agent="advocacy-bot (link preview)",
    kinds=("text/html", "application/xhtml+xml"),
    most=MOST_BYTES,
)
_log = get_logger(__name__)

FetchPreview = Callable[[str], Awaitable[Preview]]


async def fetch_preview(link: str, reach: Reach | None = None) -> Preview:
    """The preview of the page behind a link, or what kept it from being seen; never raises.

    It takes `reach.within` seconds at most, and a second more for a page made to be slow to read.
    """
    try:
        answer = await visit(link, _PAGE, reach or Reach())
        return await asyncio.to_thread(_read, answer)
    except Stopped as stopped:
        problem = stopped.problem
    except Exception:  # noqa: BLE001 - whatever a page is made of, the post goes on
        _log.exception("a page could not be looked at")
        problem = Problem.UNREADABLE
    return Preview(problem=problem)


def _read(answer: Answer) -> Preview:
    if answer.status != 200:
        return Preview(problem=Problem.REFUSED)
    if answer.kind not in _PAGE.kinds:
        return Preview(problem=Problem.NO_PAGE)
    from bot.pages.reading import Page, read  # HTML's library is loaded once there is a page

    return read(Page(answer.address, answer.body, answer.charset, answer.cut))

"""Payloads that no Slack would send: nothing breaks, and nobody's words page anybody.

They are real ones of a story, mutated at random from a seed, in rounds of a workspace each; every
command, button, form, shortcut and event has its turn.
`SOAK_PAYLOADS` is how many, for a longer run; `-o log_cli_level=INFO` tells of each round.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, cycle
from typing import Any, Final

import aiohttp
import pytest

from bot.runtime import Runtime, running
from bot.slack.views import replies
from slack_sandbox.envelopes import Envelope
from tests.slack.direct_asks import WIDE
from tests.slack.fuzz_mutations import (
    FORM,
    MARKS,
    ODD_BODIES,
    body_of,
    mutated,
    mutated_request,
)
from tests.slack.fuzz_story import HEARD, fetch_feed, fetch_preview, name_of, record_story
from tests.slack.http_client import connect, rest
from tests.slack.report import Record
from tests.slack.test_http_door import address, signed
from tests.support import SlackWorld, rows, run_command, settings, slack_world

SEED: Final = 20261201
PAYLOADS: Final = int(os.environ.get("SOAK_PAYLOADS", "0")) or 1_500
ROUND: Final = 5_000  # to one workspace; what they leave behind makes later ones slower
AT_ONCE: Final = 48  # of which these are no payload, and these only bytes; then it is looked at
ODD, BYTES = 2, 14
AGAIN: Final = 3  # of those that were refused, which are sent again alone and change nothing
UNSOUND: Final = """
    SELECT 'a response without its history' FROM response
    WHERE id NOT IN (SELECT response_id FROM response_event)
    UNION ALL SELECT 'a post without its text' FROM post
    WHERE NOT EXISTS (SELECT 1 FROM revision
                      WHERE revision.post_id = post.id AND revision.number = post.revision)
    UNION ALL SELECT 'a decision about no text' FROM decision
    WHERE NOT EXISTS (SELECT 1 FROM revision WHERE revision.post_id = decision.post_id
                      AND revision.number = decision.revision)
    UNION ALL SELECT 'a row that points nowhere' FROM pragma_foreign_key_check
"""

_log = logging.getLogger(__name__)


@dataclass
class _Round:
    """One workspace, and what came of what was sent to it."""

    world: SlackWorld
    bot: Runtime
    session: aiohttp.ClientSession
    database: sqlite3.Connection
    story: Mapping[str, Sequence[Envelope]]  # by what they are for
    turns: Iterator[str]  # of all that it is for, again and again
    chance: random.Random
    statuses: Counter[int] = field(default_factory=Counter)
    heard: set[str] = field(default_factory=set)

    async def send(self, body: str, kind: str) -> tuple[int, str]:
        """A signed body; its answer."""
        headers = {**signed(self.world, body), "Content-Type": kind}
        async with self.session.post(
            address(self.bot), data=body.encode(), headers=headers
        ) as answer:
            text = await answer.text()
        self.statuses[answer.status] += 1
        self.heard.add(text)
        return answer.status, text

    async def send_bytes(self, request: bytes) -> tuple[int, str]:
        """Bytes that may be no request at all; what is answered before the connection ends."""
        async with AsyncExitStack() as stack:
            reader, writer = await connect(stack, self.bot.port or 0)
            with suppress(ConnectionError):
                writer.write(request)
                writer.write_eof()
            answer = await rest(reader)
        status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
        self.statuses[status] += 1
        return status, ""

    def bodies(self) -> Iterator[tuple[str, str]]:
        """What is sent at once."""
        for _ in range(ODD):
            yield self.chance.choice(ODD_BODIES), FORM
        for _ in range(AT_ONCE - ODD - BYTES):
            one = self.chance.choice(self.story[next(self.turns)])
            yield body_of(one, mutated(one.payload, self.chance))

    def requests(self) -> Iterator[bytes]:
        """Whole requests, whose bytes were changed."""
        for _ in range(BYTES):
            one = self.chance.choice(self.story[next(self.turns)])
            body, kind = body_of(one, one.payload)
            headers = {**signed(self.world, body), "Content-Type": kind, "Host": "bot"}
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            length = f"Content-Length: {len(body)}\r\n\r\n"
            whole = f"POST /slack/events HTTP/1.1\r\n{head}{length}{body}".encode()
            yield mutated_request(whole, self.chance)

    async def go(self, payloads: int, caplog: pytest.LogCaptureFixture) -> int:
        """Send so many, and look at what came of them; how many were sent."""
        sent = 0
        while sent < payloads:
            bodies = list(self.bodies())
            answers = await asyncio.gather(
                *(self.send(*body) for body in bodies),
                *(self.send_bytes(request) for request in self.requests()),
            )
            await self.settle()
            late = self.check_log(caplog, answers, bodies)
            sent += len(answers)
            if late:  # a commit may still follow
                continue
            pairs = zip(bodies, answers, strict=False)
            refused = [body for body, answer in pairs if _refused(answer)]
            refused = self.chance.sample(refused, min(AGAIN, len(refused)))
            for body in refused:
                await self.send_again(body)
            self.check_log(caplog, (), refused)
        return sent

    def check_log(
        self,
        caplog: pytest.LogCaptureFixture,
        answers: Iterable[tuple[int, str]],
        bodies: Sequence[tuple[str, str]],
    ) -> int:
        """No traceback, and "later" only where the log says so; how often it says that.

        It does where the database was too busy, or did not say in time whether it stored something.
        """
        broken = [caplog.handler.format(one) for one in caplog.records if one.exc_info]
        later = sum(
            line in one.getMessage()
            for one in caplog.records
            for line in ("too busy", "did not say")
        )
        caplog.clear()
        failed = [status for status, _ in answers if status >= 500]
        assert not broken, "\n".join((*broken, *(body[:2_000] for body, _ in bodies)))
        assert set(failed) <= {503}, failed
        assert len(failed) <= later
        return later

    async def send_again(self, body: tuple[str, str]) -> None:
        """What was refused changes nothing: it is sent once more, with nothing beside it."""
        before = self.changes()
        answer = await self.send(*body)
        await self.settle()
        if _refused(answer):
            assert self.changes() == before, (answer, body[0][:2_000])

    async def settle(self) -> None:
        """Wait for what follows the answers, and for what that starts in its turn."""
        for _ in range(4):
            await self.bot.context.background_tasks.drain(60)

    def changes(self) -> int:
        """A number that is another one after each commit."""
        [[number]] = self.database.execute("PRAGMA data_version")
        return int(number)

    def check_end(self, url: str) -> None:
        """No words of a payload are markup anywhere, and no row stands there by half."""
        said = [_mrkdwn(text) for text in map(_parsed, self.heard)]
        said += [_mrkdwn(call.payload) for call in self.world.sandbox.calls]
        marked = [text for text in chain.from_iterable(said) if any(one in text for one in MARKS)]
        assert marked == []
        assert rows(url, UNSOUND) == []


def _refused(answer: tuple[int, str]) -> bool:
    status, text = answer
    return 400 <= status < 500 or replies.UNREADABLE in text


def _parsed(text: object) -> Any:
    if isinstance(text, str) and text[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return None


def _mrkdwn(part: Any) -> Iterator[str]:
    """The texts in which markup is read: those of blocks, and those of messages."""
    if isinstance(part, dict):
        text = part.get("text")
        if isinstance(text, str) and part.get("type", "mrkdwn") == "mrkdwn":
            yield text
        for key, value in part.items():
            yield from _mrkdwn(_parsed(value) if key in ("blocks", "view") else value)
    elif isinstance(part, list):
        for value in part:
            yield from _mrkdwn(value)


async def test_whatever_is_sent_nothing_breaks_and_nobody_is_paged(
    new_sqlite: Callable[[], str], caplog: pytest.LogCaptureFixture, record: Record
) -> None:
    statuses: Counter[int] = Counter()
    for number, begin in enumerate(range(0, PAYLOADS, ROUND)):
        url, began = new_sqlite(), time.process_time()
        async with _round(url, SEED + number) as one:
            caplog.clear()
            sent = await one.go(min(ROUND, PAYLOADS - begin), caplog)
            assert await run_command(one.world.bo, "/advocacy help"), "it goes on"
            one.check_end(url)
        statuses += one.statuses
        _log.info("round %d: %d sent, %.1f s", number, sent, time.process_time() - began)
    record.line(f"{PAYLOADS:,} payloads, by status (0: none): {dict(sorted(statuses.items()))}")
    assert statuses[200] > statuses[400] > 0


@asynccontextmanager
async def _round(url: str, seed: int) -> AsyncIterator[_Round]:
    """A workspace with its story, and everything to send to it."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(slack_world())
        chosen = settings(world, url, mode="http", PREVIEWS="on", **WIDE)
        bot = await stack.enter_async_context(
            running(
                chosen,
                world.sandbox.clock,
                ticking=False,
                fetch=fetch_preview,
                fetch_feed=fetch_feed,
                limits=None,
            )
        )
        world.sandbox.deliver_by_http(address(bot))
        # The bot ends connections that are idle for five seconds.
        pool = aiohttp.TCPConnector(keepalive_timeout=1, limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=pool))
        database = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        stack.callback(database.close)
        story: defaultdict[str, list[Envelope]] = defaultdict(list)
        for envelope in await record_story(world, bot):
            story[name_of(envelope)].append(envelope)
        assert HEARD - story.keys() == set(), "nobody sends these"
        chance = random.Random(seed)
        turns = cycle(chance.sample(sorted(story), len(story)))
        yield _Round(world, bot, session, database, story, turns, chance)

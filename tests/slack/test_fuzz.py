"""Payloads that no Slack would send: nothing breaks, and nobody's words page anybody.

They are real ones of a short story, mutated at random from a seed. `SOAK_PAYLOADS` is how many, for
a longer run.
"""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import os
import random
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.runtime import Runtime
from bot.slack.views import announcements, share_dialog
from slack_sandbox.mentions import mentions_in_text
from tests.slack.test_http_door import address, runtime, session, signed
from tests.support import (
    SlackWorld,
    live_post,
    rows,
    run_command,
    sentences,
    write_post,
)

__all__ = ["runtime", "session"]  # fixtures

SEED: Final = 20261201
PAYLOADS: Final = int(os.environ.get("SOAK_PAYLOADS", "0")) or 5_000
AT_ONCE: Final = 20  # of which one is no payload at all; then what came of them is looked at
PAGES: Final = "<!channel> <!here> <!everyone>"
VALUES: Final[tuple[object, ...]] = (
    *(None, "", " ", "0", "-1", 0, -1, 1.5, 2**70, True, False, [], {}, [[]], [None], {"": None}),
    *(PAGES, "\x00", "\ud800", "\u202e", "9" * 400, "a" * 5_000, "'; DROP TABLE member; --"),
    *("https://", "http://[::1", "1:1", "999999999:1", "join", "leave", "forget-me", "{", "%s"),
)
ODD_BODIES: Final = (
    *("", "payload", "payload=", "payload=%", "payload={", "payload=null", "payload=[1]"),
    *("command=", "command=/advocacy", "text=x", "a=b&a=c", "\x00", "payload=" + "[" * 50_000),
)
UNSOUND: Final = """
    SELECT 'a response without its history' FROM response
    WHERE id NOT IN (SELECT response_id FROM response_event)
    UNION ALL SELECT 'a post without its text' FROM post
    WHERE NOT EXISTS (SELECT 1 FROM revision
                      WHERE revision.post_id = post.id AND revision.number = post.revision)
    UNION ALL SELECT 'a decision about no text' FROM decision
    WHERE NOT EXISTS (SELECT 1 FROM revision WHERE revision.post_id = decision.post_id
                      AND revision.number = decision.revision)
"""

Json = dict[str, Any]


async def a_short_story(world: SlackWorld, bot: Runtime) -> list[Json]:
    """People join, write, approve, share, skip, choose and read; all that Slack sent of it."""
    post = await live_post(world, bot)
    await write_post(world.cleo, title="Another", link="https://acme.example/2")
    for line in ("join", "settings", "browse", "lessons", "my-data", "pause 1 week", "resume"):
        await run_command(world.amara, f"/advocacy {line}")
    for line in ("posts", "health", "freeze", "queue", "approve 2", "withdraw 2"):
        await run_command(world.carl, f"/advocacy {line}")
    for person in (world.amara, world.cleo):
        await person.open_home()
    await world.amara.press(post, announcements.SHARE)
    await bot.context.background_tasks.drain()
    assert world.amara.view is not None
    await world.amara.press(world.amara.view, share_dialog.OPEN)
    await world.amara.close()
    await world.bo.press(post, announcements.SKIP)
    await bot.context.background_tasks.drain()
    return [entry.payload for entry in world.sandbox.state.traffic if entry.to_bot]


def mutated(payload: Json, chance: random.Random) -> Json:
    """The payload with one to three of its parts changed."""
    changed = copy.deepcopy(payload)
    for _ in range(chance.randint(1, 3)):
        holder, key = chance.choice(list(_places(changed)))
        match chance.randrange(5):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder[key], str):
                text = holder[key]
                place = chance.randint(0, len(text))
                holder[key] = text[:place] + str(chance.choice(VALUES)) + text[place:]
            case 2:
                holder[key] = [holder[key]] * chance.randint(0, 3)
            case _:
                holder[key] = copy.deepcopy(chance.choice(VALUES))
        if not changed:
            break
    return changed


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in it that holds something."""
    found = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in list(found):
        yield part, key
        if isinstance(value, dict | list):
            yield from _places(value)


def body_of(payload: Json) -> tuple[str, str]:
    """As Slack sends it over HTTP: the body, and its content type."""
    form = "application/x-www-form-urlencoded"
    if "command" in payload:
        text = urlencode({key: _text(value) for key, value in payload.items()})
        return text, form
    if payload.get("type") == "event_callback" or "event" in payload:
        return json.dumps(payload), "application/json"
    return urlencode({"payload": json.dumps(payload)}), form


def odd_body(chance: random.Random) -> tuple[str, str]:
    """A form that holds no payload, or none that can be read."""
    return chance.choice(ODD_BODIES), "application/x-www-form-urlencoded"


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


async def test_whatever_is_sent_nothing_breaks_and_nobody_is_paged(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    story = await a_short_story(world, runtime)
    assert len(story) > 20
    chance = random.Random(SEED)
    statuses: set[int] = set()
    heard = set(sentences(world))

    async def send(body: str, kind: str) -> None:
        headers = {**signed(world, body), "Content-Type": kind}
        async with session.post(address(runtime), data=body.encode(), headers=headers) as answer:
            assert answer.status < 500, (answer.status, body[:2_000])
            statuses.add(answer.status)
            heard.add(await answer.text())

    for number in range(PAYLOADS // AT_ONCE):
        bodies = [odd_body(chance) if one == 0 else body_of(mutated(chance.choice(story), chance))
                  for one in range(AT_ONCE)]  # fmt: skip
        await asyncio.gather(*(send(*each) for each in bodies))
        await runtime.context.background_tasks.drain()
        broken = [one for one in caplog.records if one.exc_info and one.levelno >= logging.ERROR]
        assert broken == [], (number, [body[:2_000] for body, _ in bodies])
        caplog.clear()
    assert 200 in statuses
    paging = [text for text in heard | set(sentences(world)) if _pages(text)]
    assert paging == []
    assert rows(url, UNSOUND) == []
    assert await run_command(world.bo, "/advocacy help"), "it goes on"


def _pages(text: str) -> bool:
    return any(found.startswith("<!") for found in mentions_in_text(text))

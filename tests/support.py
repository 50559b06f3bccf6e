"""A seeded workspace in the sandbox, and the bot running against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.runtime import Runtime, running
from bot.sandbox import Channel, Clock, Message, Outcome, Person, Sandbox
from bot.settings import Settings

# A Tuesday, 10:00 in Berlin: inside the channel's hours.
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LINK = "https://flink.example.org/2026/08/31/a-release/"
DISCLOSURE = "#AcmeEmployee"


@dataclass
class Office:
    """A workspace with both channels, two people in comms, and staff."""

    sandbox: Sandbox
    news: Channel
    comms: Channel
    cleo: Person  # comms
    carl: Person  # comms
    gus: Person  # a guest in comms
    amara: Person
    bo: Person


@asynccontextmanager
async def office(start: datetime = START) -> AsyncIterator[Office]:
    """A sandbox with people, on a clock that stands still until it is moved."""
    async with Sandbox(clock=Clock(start=start, frozen=True)) as sandbox:
        cleo = sandbox.add_person("cleo", real_name="Cleo Marin", tz="Europe/Berlin")
        carl = sandbox.add_person("carl", real_name="Carl Jensen", tz="Europe/Berlin")
        gus = sandbox.add_person("gus", real_name="Gus Guest", tz="Europe/Berlin", restricted=True)
        amara = sandbox.add_person("amara", real_name="Amara Okafor", tz="America/New_York")
        bo = sandbox.add_person("bo", real_name="Bo Lindqvist", tz="Asia/Kolkata")
        news = sandbox.add_channel("share-our-news", members=[cleo, amara, bo])
        comms = sandbox.add_channel("comms-desk", private=True, members=[cleo, carl, gus])
        yield Office(sandbox, news, comms, cleo, carl, gus, amara, bo)


def settings(place: Office, database_url: str, *, mode: str = "socket", **more: str) -> Settings:
    """The bot's settings for this sandbox."""
    sandbox = place.sandbox
    variables = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": database_url,
        "ADVOCACY_CHANNEL": place.news.name,
        "COMMS_CHANNEL": place.comms.name,
        "DISCLOSURE": DISCLOSURE,
        "TIME_ZONE": "Europe/Berlin",
        "PORT": "0",
        **more,
    }
    if mode == "socket":
        variables["SLACK_APP_TOKEN"] = sandbox.app_token
    return Settings.read(variables)


@asynccontextmanager
async def bot_running(
    place: Office, database_url: str, *, mode: str = "socket", **more: str
) -> AsyncIterator[Runtime]:
    """The bot on the sandbox's clock; it sends nothing by itself, only when told to tick."""
    chosen = settings(place, database_url, mode=mode, **more)
    async with running(chosen, place.sandbox.clock, ticking=False) as runtime:
        if mode == "socket":
            await place.sandbox.connected(2)
        else:
            place.sandbox.deliver_by_http(f"http://127.0.0.1:{runtime.port}/slack/events")
        yield runtime


def fields(**changed: Any) -> dict[str, Any]:
    """What somebody types into the form for a post."""
    return {
        "title": "Our new release is out",
        "link": LINK,
        "why": "It halves the time that a backup takes.",
        "topics": "releases, open source",
        "linkedin:0": "Backups now take half the time. Here is how we got there.",
        "x:0": "Backups in half the time.",
        "bluesky:0": "Backups in half the time: how we did it.",
        **changed,
    }


async def write_post(person: Person, **changed: Any) -> Outcome:
    """Open the form, fill it and submit it."""
    await person.command("/advocacy queue")
    person.fill(fields(**changed))
    return await person.submit()


def card_of(place: Office, number: int) -> Message:
    """The newest card of a post in the comms channel."""
    cards = [
        message
        for message in place.cleo.messages(place.comms)
        if not message.ephemeral_to and f"Post {number}" in message.plain
    ]
    return cards[-1]


def announced(place: Office) -> list[Message]:
    """The bot's messages in the opt-in channel."""
    return [message for message in place.amara.messages(place.news) if not message.ephemeral_to]


async def said(place: Office, person: Person, words: str) -> Message:
    """Wait until the person has got a private answer with these words."""

    def found() -> list[Message]:
        return [message for message in person.private if words in message.plain]

    await place.sandbox.until(lambda: bool(found()), what=f"{person.name} reads {words!r}")
    return found()[-1]


async def approved_post(place: Office, runtime: Runtime, **changed: Any) -> int:
    """A post that Cleo wrote and Carl approved; returns its number."""
    before = len(announced_ids(place))
    await write_post(place.cleo, **changed)
    await place.sandbox.until(lambda: len(announced_ids(place)) > before, what="a card")
    number = before + 1
    await place.carl.command(f"/advocacy approve {number}")
    await runtime.kit.afterwards.drain()
    return number


def announced_ids(place: Office) -> list[str]:
    """The cards in the comms channel."""
    return [
        message.ts
        for message in place.cleo.messages(place.comms)
        if not message.ephemeral_to and "*Post " in str(message.blocks)
    ]


async def live_post(place: Office, runtime: Runtime, **changed: Any) -> Message:
    """A post that is in the channel; returns its message there."""
    await approved_post(place, runtime, **changed)
    place.sandbox.clock.advance(timedelta(days=7))
    await runtime.tick()
    return announced(place)[-1]

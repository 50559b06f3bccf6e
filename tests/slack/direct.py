"""People who are asked directly: how they choose it, and what they get then."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.sandbox import Message, Person, View
from bot.slack.views import ask, skip
from tests.support import Office, asked, live_post, pressed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# By then everybody may be asked whose day it is, however the bot spreads people over their hours.
_LATE = time(16, 15)

# What most people in these tests choose.
CHOSEN = {
    "delivery": ["direct"],
    "pace": "1_a_week",
    "topics": ["releases"],
    "networks": ["linkedin", "x"],
}

# The channel and the budget are wide, so that only the member's own pace counts.
WIDE = {"CHANNEL_MIN_GAP": "0s", "CHANNEL_WEEKLY_CAP": "50", "ASKS_PER_WEEK": "3"}

ASKS = "SELECT state, outcome FROM ask ORDER BY id"
RESPONSES = "SELECT stage, reason FROM response"


async def opened(person: Person) -> View:
    """The settings form of somebody who has joined."""
    await asked(person, "/advocacy join")
    await person.command("/advocacy settings")
    assert person.view is not None
    return person.view


async def choose(person: Person, **changed: object) -> str:
    """Open the settings, fill them in and save them; what the person then reads."""
    await person.command("/advocacy settings")
    person.fill({**CHOSEN, **changed})
    outcome = await person.submit()
    assert outcome.error is None, outcome.error
    assert person.view is not None
    words = person.view.plain
    await person.close()
    return words


async def follow(person: Person, **changed: object) -> None:
    """Join, and choose direct messages."""
    await asked(person, "/advocacy join")
    await choose(person, **changed)


async def staff(place: Office, count: int, **changed: object) -> list[Person]:
    """New colleagues who follow releases and are asked directly."""
    people = [place.sandbox.add_person(f"colleague{number}") for number in range(count)]
    for person in people:
        await follow(person, **changed)
    return people


def direct(place: Office, person: Person) -> list[Message]:
    """What the bot has sent the person directly."""
    return [message for message in person.dm if not message.ephemeral_to]


def _next_late(place: Office) -> datetime:
    """The next moment at which a day of work nears its end for somebody."""
    now = place.sandbox.clock()
    zones = [ZoneInfo(name) for name in {person.tz for person in place.sandbox.persons}]
    moments = [
        datetime.combine(now.astimezone(zone).date() + days, _LATE, zone).astimezone(UTC)
        for zone in zones
        for days in (timedelta(), DAY)
    ]
    return min(moment for moment in moments if moment > now)


async def next_beat(place: Office, runtime: Runtime) -> None:
    """Let time pass until the next heartbeat that may find somebody to ask."""
    place.sandbox.clock.move_to(_next_late(place))
    await runtime.tick()


async def let_pass(place: Office, runtime: Runtime, span: timedelta) -> None:
    """Let time pass, with a few heartbeats in each day and one at the end."""
    clock = place.sandbox.clock
    end = clock() + span
    while clock() < end:
        clock.move_to(min(_next_late(place), end))
        await runtime.tick()


async def next_direct(
    place: Office, runtime: Runtime, person: Person, within: timedelta = 3 * DAY
) -> Message:
    """Let time pass until the person gets a direct message; the message."""
    clock, before = place.sandbox.clock, len(direct(place, person))
    end = clock() + within
    while clock() < end:
        await next_beat(place, runtime)
        if len(direct(place, person)) > before:
            return direct(place, person)[-1]
    raise AssertionError(f"no direct message for {person.name}")


async def proposed(place: Office, runtime: Runtime, person: Person, **changed: object) -> Message:
    """A post in a direct message to somebody who follows its topic."""
    await live_post(place, runtime, topics="releases")
    await follow(person, **changed)
    return await next_direct(place, runtime, person)


async def skipped(runtime: Runtime, person: Person, message: Message) -> None:
    """Press Skip in a direct message."""
    await person.press(message, ask.SKIP)
    await runtime.kit.afterwards.drain()


async def because(runtime: Runtime, person: Person, message: Message, reason: SkipReason) -> str:
    """Skip a direct message and say why; what it shows then."""
    await skipped(runtime, person, message)
    await pressed(runtime, person, message, skip.reason_action(reason))
    return message.plain


async def chosen(runtime: Runtime, person: Person, message: Message, choice: str) -> str:
    """Choose in the menu of a direct message; what is said privately, if anything new is."""
    menu = next(
        element
        for block in message.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == ask.MENU
    )
    value = next(one["value"] for one in menu["options"] if one["value"].startswith(f"{choice}:"))
    before = len(person.private)
    outcome = await person.choose(message, ask.MENU, value)
    assert outcome.acknowledged, outcome.error
    await runtime.kit.afterwards.drain()
    return "\n".join(one.plain_for(person) for one in person.private[before:])

"""People who are asked directly: how they choose it, and what they get then."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.delivery import Delivery
from bot.domain.ids import UserId
from bot.domain.model import Preferences, SkipReason
from bot.domain.post import Network
from bot.runtime import Runtime
from bot.services import membership, preferences
from bot.slack.views import asks, responses
from bot.slack.views import membership as membership_view
from bot.storage.tables import MemberRow
from bot.storage.tx import Tx
from slack_sandbox import Message, Person, View
from tests.support import SlackWorld, actions, click, live_post, run_command

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

_CHOSEN = Preferences(
    delivery=frozenset({Delivery.DIRECT}),
    topics=("releases",),
    networks=(Network.LINKEDIN, Network.X),
)

# The channel and the budget are wide, so that only the member's own pace counts.
WIDE = {"CHANNEL_MIN_GAP": "0s", "CHANNEL_WEEKLY_CAP": "50", "ASKS_PER_WEEK": "3"}

# What an ask's message says after whatever was answered to it, and once consent has ended.
ANSWERED = "Our new release is out\nAnswered. See it on Home."
CLOSED = "Your consent has ended, so there's nothing to do here."

ASKS = "SELECT state, outcome FROM ask ORDER BY id"
RESPONSES = "SELECT stage, reason FROM response"


async def open_settings(person: Person) -> View:
    """The settings form of somebody who has joined."""
    await run_command(person, "/advocacy join")
    await person.command("/advocacy settings")
    assert person.view is not None
    return person.view


async def fill_settings(person: Person, **changed: object) -> str:
    """Open the settings, fill them in and save them; what the person then reads."""
    await person.command("/advocacy settings")
    person.fill({**CHOSEN, **changed})
    outcome = await person.submit()
    assert outcome.error is None, outcome.error
    assert person.view is not None
    words = person.view.plain
    await person.close()
    return words


async def join_for_direct(person: Person, **changed: object) -> None:
    """Join, and choose direct messages.

    Browsing comes first: it brings the lesson that the first message would bring otherwise.
    """
    await run_command(person, "/advocacy join")
    answer = person.private[-1]
    if membership_view.BROWSE_ONLY in actions(answer):
        await person.press(answer, membership_view.BROWSE_ONLY)
    await fill_settings(person, **changed)


async def staff(world: SlackWorld, count: int, **changed: object) -> list[Person]:
    """New colleagues who follow releases and are asked directly."""
    people = [world.sandbox.add_person(f"colleague{number}") for number in range(count)]
    for person in people:
        await join_for_direct(person, **changed)
    return people


async def many(world: SlackWorld, runtime: Runtime, count: int) -> list[Person]:
    """The same for so many that typing would take long: by the services that commands call."""
    people = [world.sandbox.add_person(f"colleague{number}") for number in range(count)]

    def join_all(tx: Tx) -> None:
        for person in people:
            membership.join(tx, UserId(person.id), person.tz)
            preferences.choose(tx, UserId(person.id), _CHOSEN)

    await runtime.context.at(runtime.context.clock()).write(join_all)
    return people


def direct_messages(world: SlackWorld, person: Person) -> list[Message]:
    """What the bot has sent the person directly."""
    return [message for message in person.dm if not message.ephemeral_to]


async def _next_late(world: SlackWorld, runtime: Runtime) -> datetime:
    """The next moment at which a day of work nears its end for a member or for the channel."""

    def load(tx: Tx) -> set[str]:
        return set(tx.connection.execute(select(MemberRow.zone).distinct()).scalars())

    now = world.sandbox.clock()
    members = await runtime.context.at(now).read(load)
    zones = [ZoneInfo(name) for name in members | {runtime.context.time_zone}]
    moments = [
        datetime.combine(now.astimezone(zone).date() + days, _LATE, zone).astimezone(UTC)
        for zone in zones
        for days in (timedelta(), DAY)
    ]
    return min(moment for moment in moments if moment > now)


async def move_to_late(world: SlackWorld, runtime: Runtime) -> None:
    """Let time pass until a heartbeat may find somebody to ask, without one."""
    world.sandbox.clock.move_to(await _next_late(world, runtime))


async def advance_to_heartbeat(world: SlackWorld, runtime: Runtime) -> None:
    """Let time pass until the next heartbeat that may find somebody to ask."""
    await move_to_late(world, runtime)
    await runtime.tick()


async def advance(world: SlackWorld, runtime: Runtime, span: timedelta) -> None:
    """Let time pass, with a heartbeat or two in each day and one at the end."""
    clock = world.sandbox.clock
    end = clock() + span
    while clock() < end:
        clock.move_to(min(await _next_late(world, runtime), end))
        await runtime.tick()


async def next_direct(
    world: SlackWorld, runtime: Runtime, person: Person, within: timedelta = 3 * DAY
) -> Message:
    """Let time pass until the person gets a direct message; the message."""
    clock, before = world.sandbox.clock, len(direct_messages(world, person))
    end = clock() + within
    while clock() < end:
        await advance_to_heartbeat(world, runtime)
        if len(direct_messages(world, person)) > before:
            return direct_messages(world, person)[-1]
    raise AssertionError(f"no direct message for {person.name}")


async def receive_ask(
    world: SlackWorld, runtime: Runtime, person: Person, **changed: object
) -> Message:
    """A post in a direct message to somebody who follows its topic."""
    await live_post(world, runtime, topics="releases")
    await join_for_direct(person, **changed)
    return await next_direct(world, runtime, person)


async def click_skip(runtime: Runtime, person: Person, message: Message) -> str:
    """Press Skip in a direct message; what is said to that in private."""
    return await click(runtime, person, message, asks.SKIP)


async def skip_with_reason(
    runtime: Runtime, person: Person, message: Message, reason: SkipReason
) -> str:
    """Skip a direct message and say why, in the private answer; what is said to that."""
    await click_skip(runtime, person, message)
    return await give_reason(runtime, person, reason)


async def give_reason(runtime: Runtime, person: Person, reason: SkipReason | None) -> str:
    """Say why in the newest private answer, or with None take that back; what it says then."""
    return await click(runtime, person, person.private[-1], responses.reason_action(reason))


async def choose_in_menu(runtime: Runtime, person: Person, message: Message, choice: str) -> str:
    """Choose in the menu of a direct message; what is said privately, if anything new is."""
    menu = next(
        element
        for block in message.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == asks.MENU
    )
    value = next(one["value"] for one in menu["options"] if one["value"].startswith(f"{choice}:"))
    before = len(person.private)
    outcome = await person.choose(message, asks.MENU, value)
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()
    return "\n".join(one.plain_for(person) for one in person.private[before:])

"""What holds a direct message back at the last moment."""

from __future__ import annotations

import pytest

from bot.domain.budget import Budget
from bot.domain.draws import seed_of
from bot.domain.ids import UserId
from bot.runtime import Runtime
from slack_sandbox import Person
from tests.slack.direct_asks import (
    ASKS,
    DAY,
    HOUR,
    advance,
    advance_to_heartbeat,
    direct_messages,
    join_for_direct,
    many,
    next_direct,
    receive_ask,
    staff,
)
from tests.support import SlackWorld, bot_running, live_post, rows, run_command, withdraw


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases"}


async def ready(world: SlackWorld, runtime: Runtime) -> None:
    """A post is live, Amara follows its topic, and nothing has been sent yet."""
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)


async def test_do_not_disturb_holds_it_back_until_its_end(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await ready(world, runtime)
    end = world.sandbox.clock().replace(hour=16, minute=20) + DAY
    world.amara.do_not_disturb = (world.sandbox.clock(), end)
    while world.sandbox.clock() < end - HOUR:
        world.sandbox.clock.advance(HOUR)
        await runtime.tick()
        assert direct_messages(world, world.amara) == []
    await next_direct(world, runtime, world.amara)
    [message] = direct_messages(world, world.amara)
    assert message.at >= end
    assert rows(url, ASKS) == [("sent", None)]


async def test_do_not_disturb_that_is_still_to_come_holds_nothing_back(
    world: SlackWorld, runtime: Runtime
) -> None:
    await ready(world, runtime)
    start = world.sandbox.clock() + 3 * DAY
    world.amara.do_not_disturb = (start, start + 10 * HOUR)
    await next_direct(world, runtime, world.amara)
    assert world.sandbox.clock() < start


async def test_do_not_disturb_of_one_holds_nobody_else_back(
    world: SlackWorld, runtime: Runtime
) -> None:
    await ready(world, runtime)
    others = await staff(world, 3)
    now = world.sandbox.clock()
    world.amara.do_not_disturb = (now, now + 5 * DAY)
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == []
    assert [len(direct_messages(world, other)) for other in others] == [1] * 3


async def test_whoever_has_moved_is_asked_in_the_hours_of_the_new_place(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    await next_direct(world, runtime, world.amara)
    world.amara.tz = "Asia/Tokyo"
    await live_post(world, runtime, topics="releases", title="More news")
    for _ in range(2 * 24):
        world.sandbox.clock.advance(HOUR)
        await runtime.tick()
        if len(direct_messages(world, world.amara)) == 2:
            break
    first, second = direct_messages(world, world.amara)
    local = second.at + 9 * HOUR
    assert (9, 30) <= (local.hour, local.minute) < (16, 30)
    assert second.at - first.at >= 7 * DAY
    assert rows(url, "SELECT zone FROM member") == [("Asia/Tokyo",)]


async def test_where_somebody_is_is_asked_of_slack_at_most_daily_and_only_before_an_ask(
    world: SlackWorld, runtime: Runtime
) -> None:
    await receive_ask(world, runtime, world.amara)

    def questions() -> int:
        calls = [call for call in world.sandbox.calls if call.method == "users.info"]
        return len([call for call in calls if call.payload.get("user") == world.amara.id])

    before = questions()
    await advance(world, runtime, 6 * DAY)
    assert questions() == before


async def test_nothing_comes_while_comms_have_frozen_everything(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await ready(world, runtime)
    await run_command(world.carl, "/advocacy freeze")
    await world.carl.press(world.carl.private[-1], "freeze")
    await advance(world, runtime, 3 * DAY)
    assert direct_messages(world, world.amara) == []
    assert rows(url, ASKS) == []
    assert "Everything is on hold for now, so I'm not sending anything." in await run_command(
        world.amara, "/advocacy"
    )
    await run_command(world.carl, "/advocacy unfreeze")
    await world.carl.press(world.carl.private[-1], "unfreeze")
    await next_direct(world, runtime, world.amara)


async def test_who_leaves_or_pauses_at_the_last_moment_is_not_asked(
    world: SlackWorld, runtime: Runtime
) -> None:
    await ready(world, runtime)
    await join_for_direct(world.bo)
    world.sandbox.clock.advance(HOUR)
    await run_command(world.amara, "/advocacy leave")
    await run_command(world.bo, "/advocacy pause 1 week")
    await advance(world, runtime, 4 * DAY)
    assert direct_messages(world, world.amara) == direct_messages(world, world.bo) == []


async def test_with_few_members_the_budget_keeps_nobody_waiting(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url, ASKS_PER_WEEK="0.1") as runtime:
        await live_post(world, runtime, topics="releases")
        people = await staff(world, 4)
        await advance(world, runtime, 2 * DAY)
        assert [len(direct_messages(world, person)) for person in people] == [1] * 4


def seed(person: Person) -> int:
    return seed_of(UserId(person.id))


async def test_who_has_no_turn_this_week_reads_when_they_have_one(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url, TOPICS="releases", ASKS_PER_WEEK="0.5") as runtime:
        people = await many(world, runtime, 30)
        await advance(world, runtime, DAY)
        [(zone,)] = rows(url, "SELECT zone FROM workspace")
        budget, now = Budget(0.5, zone), world.sandbox.clock()
        withheld = [
            one for one in people if budget.free_at(seed_of(UserId(one.id)), now) is not None
        ]
        assert 6 <= len(withheld) <= 24
        for person in people:
            said = await run_command(person, "/advocacy")
            assert (person in withheld) == ("Each week chance decides who may get one" in said)
        await live_post(world, runtime, topics="releases")
        now = world.sandbox.clock()
        withheld = [
            one for one in people if budget.free_at(seed_of(UserId(one.id)), now) is not None
        ]
        assert not any(direct_messages(world, person) for person in withheld)


async def test_nobody_is_asked_about_a_post_that_ended_meanwhile(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await ready(world, runtime)
    await withdraw(world.carl, 1)
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == []
    assert rows(url, ASKS) == []


async def test_consent_that_has_ended_ends_the_messages(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara)
    world.sandbox.clock.advance(182 * DAY + 2 * HOUR)
    await live_post(world, runtime, topics="releases")
    for _ in range(10):
        await advance_to_heartbeat(world, runtime)
    assert direct_messages(world, world.amara) == []
    assert rows(url, ASKS) == []

"""What holds a direct message back at the last moment."""

from __future__ import annotations

import pytest

from bot.runtime import Runtime
from tests.slack.direct import (
    ASKS,
    DAY,
    HOUR,
    direct,
    follow,
    let_pass,
    next_beat,
    next_direct,
    proposed,
    staff,
)
from tests.support import Office, asked, bot_running, live_post, rows


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases"}


async def ready(place: Office, runtime: Runtime) -> None:
    """A post is live, Amara follows its topic, and nothing has been sent yet."""
    await live_post(place, runtime, topics="releases")
    await follow(place.amara)


async def test_do_not_disturb_holds_it_back_until_its_end(
    place: Office, runtime: Runtime, url: str
) -> None:
    await ready(place, runtime)
    end = place.sandbox.clock().replace(hour=16, minute=20) + DAY
    place.amara.do_not_disturb = (place.sandbox.clock(), end)
    while place.sandbox.clock() < end - HOUR / 3:
        place.sandbox.clock.advance(HOUR / 3)
        await runtime.tick()
        assert direct(place, place.amara) == []
    for _ in range(12):
        place.sandbox.clock.advance(HOUR / 3)
        await runtime.tick()
    [message] = direct(place, place.amara)
    assert message.at >= end
    assert rows(url, ASKS) == [("sent", None)]


async def test_do_not_disturb_that_is_still_to_come_holds_nothing_back(
    place: Office, runtime: Runtime
) -> None:
    await ready(place, runtime)
    start = place.sandbox.clock() + 3 * DAY
    place.amara.do_not_disturb = (start, start + 10 * HOUR)
    await next_direct(place, runtime, place.amara)
    assert place.sandbox.clock() < start


async def test_do_not_disturb_of_one_holds_nobody_else_back(
    place: Office, runtime: Runtime
) -> None:
    await ready(place, runtime)
    others = await staff(place, 3)
    now = place.sandbox.clock()
    place.amara.do_not_disturb = (now, now + 5 * DAY)
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == []
    assert [len(direct(place, other)) for other in others] == [1] * 3


async def test_whoever_has_moved_is_asked_in_the_hours_of_the_new_place(
    place: Office, runtime: Runtime, url: str
) -> None:
    await live_post(place, runtime, topics="releases")
    await follow(place.amara)
    await next_direct(place, runtime, place.amara)
    place.amara.tz = "Asia/Tokyo"
    await live_post(place, runtime, topics="releases", title="More news")
    for _ in range(2 * 24):
        place.sandbox.clock.advance(HOUR)
        await runtime.tick()
    first, second = direct(place, place.amara)
    local = second.at + 9 * HOUR
    assert (9, 30) <= (local.hour, local.minute) < (16, 30)
    assert second.at - first.at >= 7 * DAY
    assert rows(url, "SELECT zone FROM member") == [("Asia/Tokyo",)]


async def test_where_somebody_is_is_asked_of_slack_at_most_daily_and_only_before_an_ask(
    place: Office, runtime: Runtime
) -> None:
    await proposed(place, runtime, place.amara)

    def questions() -> int:
        calls = [call for call in place.sandbox.calls if call.method == "users.info"]
        return len([call for call in calls if call.payload.get("user") == place.amara.id])

    before = questions()
    await let_pass(place, runtime, 6 * DAY)
    assert questions() == before


async def test_nothing_comes_while_comms_have_frozen_everything(
    place: Office, runtime: Runtime, url: str
) -> None:
    await ready(place, runtime)
    await asked(place.carl, "/advocacy freeze")
    await place.carl.press(place.carl.private[-1], "freeze")
    await let_pass(place, runtime, 3 * DAY)
    assert direct(place, place.amara) == []
    assert rows(url, ASKS) == []
    assert "Everything is on hold for now, so nothing is sent." in await asked(
        place.amara, "/advocacy"
    )
    await asked(place.carl, "/advocacy unfreeze")
    await place.carl.press(place.carl.private[-1], "unfreeze")
    await next_direct(place, runtime, place.amara)


async def test_who_leaves_or_pauses_at_the_last_moment_is_not_asked(
    place: Office, runtime: Runtime
) -> None:
    await ready(place, runtime)
    await follow(place.bo)
    place.sandbox.clock.advance(HOUR)
    await asked(place.amara, "/advocacy leave")
    await asked(place.bo, "/advocacy pause 1 week")
    await let_pass(place, runtime, 4 * DAY)
    assert direct(place, place.amara) == direct(place, place.bo) == []


async def test_the_budget_of_the_workspace_is_kept_and_everybody_comes_in_turn(
    place: Office, url: str
) -> None:
    async with bot_running(place, url, ASKS_PER_WEEK="0.5") as runtime:
        await live_post(place, runtime, topics="releases")
        people = await staff(place, 4)
        await let_pass(place, runtime, 6 * DAY)
        sent = [one for person in people for one in direct(place, person)]
        assert len(sent) == 2
        waiting = [person for person in people if not direct(place, person)]
        said = await asked(waiting[0], "/advocacy")
        assert "because your company limits how many direct messages I send in a week" in said
        await let_pass(place, runtime, 8 * DAY)
        assert [len(direct(place, person)) for person in people] == [1] * 4
        moments = sorted(one.at for person in people for one in direct(place, person))
        assert all(
            later - sooner >= 7 * DAY for sooner, later in zip(moments, moments[2:], strict=False)
        )


async def test_nobody_is_asked_about_a_post_that_ended_meanwhile(
    place: Office, runtime: Runtime, url: str
) -> None:
    await ready(place, runtime)
    await asked(place.carl, "/advocacy withdraw 1")
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == []
    assert rows(url, ASKS) == []


async def test_consent_that_has_ended_ends_the_messages(
    place: Office, runtime: Runtime, url: str
) -> None:
    await follow(place.amara)
    place.sandbox.clock.advance(182 * DAY + 2 * HOUR)
    await live_post(place, runtime, topics="releases")
    for _ in range(10):
        await next_beat(place, runtime)
    assert direct(place, place.amara) == []
    assert rows(url, ASKS) == []

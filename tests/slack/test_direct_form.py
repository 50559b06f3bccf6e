"""The short form for direct messages: what it asks, what it says, and what it leaves alone."""

from __future__ import annotations

import pytest

from bot.domain.model import Pace
from bot.runtime import Runtime
from bot.slack.views import direct_form, membership, preferences
from slack_sandbox import Person
from tests.slack.direct_asks import direct_messages, next_direct
from tests.support import SlackWorld, all_rows, bot_running, live_post, open_more, rows, run_command

pytestmark = pytest.mark.usefixtures("polite")

CHOSEN = "SELECT direct, in_channel, pace, topics, networks, hours_start, country FROM member"


async def open_form(person: Person) -> str:
    """Join, and ask for direct messages; the form."""
    await run_command(person, "/advocacy join")
    await person.press(person.private[-1], membership.BY_DIRECT)
    assert person.view is not None
    assert person.view.callback_id == direct_form.FORM
    return person.view.plain


async def test_two_clicks_and_a_form_lead_to_the_first_direct_message(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime, topics="releases")
    await open_form(world.amara)
    world.amara.fill({"topics": ["releases"], "networks": ["linkedin"]})
    await world.amara.submit()
    assert world.amara.view is not None
    said = world.amara.view.plain
    assert "Saved. You could get a direct message soon, if a post fits" in said or (
        "Saved. The earliest time for a direct message is" in said
    )
    assert rows(url, CHOSEN) == [(1, 0, "1_a_week", ",releases,", ",linkedin,", 570, None)]
    message = await next_direct(world, runtime, world.amara)
    assert direct_messages(world, world.amara) == [message]


@pytest.mark.parametrize("field", ["topics", "networks"])
async def test_what_no_message_can_come_without_is_asked_for_at_its_field(
    world: SlackWorld, runtime: Runtime, url: str, field: str
) -> None:
    await live_post(world, runtime, topics="releases")
    assert "(optional)" not in await open_form(world.amara)
    before = all_rows(url)
    world.amara.fill({"topics": ["releases"], "networks": ["linkedin"], field: []})
    await world.amara.submit()
    assert world.amara.view is not None
    assert [*world.amara.view.errors] == [field]
    assert all_rows(url) == before


async def test_without_any_topics_it_asks_for_networks_alone(world: SlackWorld, url: str) -> None:
    async with bot_running(world, url, TOPICS=""):
        assert "There are no topics to follow yet." in await open_form(world.amara)
        world.amara.fill({"networks": ["x"]})
        await world.amara.submit()
        assert world.amara.view is not None
        assert "once you follow a topic" in world.amara.view.plain


async def test_its_answer_leads_to_the_settings_which_it_leaves_as_they_were(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime, topics="releases")
    await run_command(world.amara, "/advocacy join")
    await world.amara.command("/advocacy settings")
    world.amara.fill({"delivery": ["channel"], "from": "11:00", "country": "DE"})
    await world.amara.submit()
    await world.amara.close()
    await world.amara.press(await open_more(runtime, world.amara), membership.BY_DIRECT)
    world.amara.fill(
        {"topics": ["releases"], "networks": ["x"], "pace": Pace.MONTHLY.value},
    )
    await world.amara.submit()
    assert rows(url, CHOSEN) == [(1, 1, "1_a_month", ",releases,", ",x,", 660, "DE")]
    assert world.amara.view is not None
    await world.amara.press(world.amara.view, preferences.OPEN)
    assert world.amara.view.callback_id == preferences.FORM
    assert len(world.amara.views) == 1, "it takes the place of the answer"


async def test_it_stores_nothing_of_somebody_who_left_meanwhile(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await open_form(world.amara)
    await run_command(world.amara, "/advocacy leave")
    before = all_rows(url)
    world.amara.fill({"networks": ["linkedin"]})
    await world.amara.submit()
    assert world.amara.view is not None
    assert "your consent has ended, so nothing was stored" in world.amara.view.plain
    assert all_rows(url) == before

"""`/advocacy settings`: what a member chooses, and how it is kept."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import membership, preferences
from slack_sandbox import View
from tests.slack.direct_asks import (
    CHOSEN,
    advance,
    direct_messages,
    fill_settings,
    join_for_direct,
    open_settings,
)
from tests.support import (
    SlackWorld,
    all_rows,
    bot_running,
    change_settings,
    live_post,
    rows,
    run_command,
)

pytestmark = pytest.mark.usefixtures("polite")

Json = dict[str, Any]

COLUMNS = (
    "SELECT in_channel, direct, pace, topics, networks, hours_start, hours_end, workdays, country"
    " FROM member"
)

AS_AT_FIRST = (0, 0, "1_a_week", "", "", 570, 990, "01234", None)


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases, open source, community"}


def element(view: View, block_id: str) -> Json:
    """The element of a field."""
    [block] = [one for one in view.blocks if one.get("block_id") == block_id]
    found: Json = block["element"]
    return found


def shown(view: View) -> Json:
    """What the form shows in each field."""
    held = {}
    for block, actions in view.values.items():
        [value] = actions.values()
        if "selected_options" in value:
            held[block] = [option["value"] for option in value["selected_options"]]
        elif "selected_option" in value:
            option = value["selected_option"]
            held[block] = option and option["value"]
        elif "value" in value:
            held[block] = value["value"]
        else:
            held[block] = value["selected_time"]
    return held


async def test_the_form_shows_how_it_is_at_first(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await open_settings(world.amara)
    assert shown(view) == {
        "delivery": [],
        "pace": "1_a_week",
        "topics": [],
        "networks": [],
        "from": "09:30",
        "until": "16:30",
        "days": ["0", "1", "2", "3", "4"],
        "country": None,
        "language": None,
        "server": None,
    }
    assert "No colleague is shown these settings." in view.plain
    topics = [one["value"] for one in element(view, "topics")["options"]]
    assert topics == ["releases", "open source", "community"]
    assert rows(url, COLUMNS) == [AS_AT_FIRST]


@pytest.mark.parametrize(
    ("field", "value", "place_of", "kept"),
    [
        ("delivery", ["channel"], slice(0, 2), (1, 0)),
        ("delivery", [], slice(0, 2), (0, 0)),
        ("pace", "3_a_week", slice(2, 3), ("3_a_week",)),
        ("topics", ["open source", "releases"], slice(3, 4), (",open source,releases,",)),
        ("networks", ["bluesky"], slice(4, 5), (",bluesky,",)),
        ("from", "00:00", slice(5, 6), (0,)),
        ("until", "00:00", slice(6, 7), (1440,)),
        ("until", "10:30", slice(6, 7), (630,)),
        ("days", ["5", "6"], slice(7, 8), ("56",)),
        ("country", "DE", slice(8, 9), ("DE",)),
    ],
)
async def test_each_field_is_kept_alone_and_shown_again(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    field: str,
    value: Any,
    place_of: slice,
    kept: tuple[Any, ...],
) -> None:
    await open_settings(world.amara)
    world.amara.fill({field: value})
    outcome = await world.amara.submit()
    assert outcome.error is None
    expected = list(AS_AT_FIRST)
    expected[place_of] = kept
    assert rows(url, COLUMNS) == [tuple(expected)]
    await world.amara.close()
    await world.amara.command("/advocacy settings")
    assert world.amara.view is not None
    assert shown(world.amara.view)[field] == value


async def test_a_form_full_of_choices_is_kept_as_a_whole(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await fill_settings(
        world.amara,
        delivery=["channel", "direct"],
        pace="2_a_week",
        topics=["releases", "open source", "community"],
        networks=["linkedin", "x", "bluesky"],
        **{"from": "08:15", "until": "18:45", "days": ["0", "6"], "country": "GB"},
    )
    topics = ",releases,open source,community,"
    networks = ",linkedin,x,bluesky,"
    assert rows(url, COLUMNS) == [(1, 1, "2_a_week", topics, networks, 495, 1125, "06", "GB")]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "The earliest time for a direct message is"),
        ({"delivery": []}, "You haven't chosen direct messages."),
        ({"delivery": ["channel"]}, "You haven't chosen direct messages."),
        ({"delivery": [], "topics": []}, "You haven't chosen direct messages."),
    ],
    ids=str,
)
async def test_saving_says_what_follows(
    world: SlackWorld, runtime: Runtime, changed: Json, sentence: str
) -> None:
    world.sandbox.clock.advance(timedelta(days=4))  # a Saturday
    await run_command(world.amara, "/advocacy join")
    words_shown = await fill_settings(world.amara, **changed)
    assert words_shown.startswith("Your settings\n")
    assert "Saved." in words_shown
    assert sentence in words_shown


async def test_saving_inside_the_hours_does_not_promise_too_much(
    world: SlackWorld, runtime: Runtime
) -> None:
    await run_command(world.amara, "/advocacy join")
    world.sandbox.clock.advance(timedelta(hours=12))  # 16:00 in New York
    said = await fill_settings(world.amara)
    assert "You could get a direct message soon, if a post fits" in said


@pytest.mark.parametrize("field", ["topics", "networks"])
async def test_direct_messages_without_a_topic_or_a_network_are_refused_at_the_field(
    world: SlackWorld, runtime: Runtime, url: str, field: str
) -> None:
    await open_settings(world.amara)
    before = all_rows(url)
    world.amara.fill({**CHOSEN, field: []})
    await world.amara.submit()
    assert world.amara.view is not None
    [said] = world.amara.view.errors.items()
    assert said[0] == field
    assert said[1].startswith(f"Please choose at least one {field[:-1]} for your direct messages.")
    assert all_rows(url) == before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"from": "12:00", "until": "12:59"}, "until"),
        ({"from": "12:00", "until": "12:00"}, "until"),
        ({"from": "17:00", "until": "09:00"}, "until"),
        ({"from": "23:30", "until": "00:00"}, "until"),
    ],
    ids=str,
)
async def test_hours_that_are_too_short_are_refused_at_the_field(
    world: SlackWorld, runtime: Runtime, url: str, changed: Json, field: str
) -> None:
    await open_settings(world.amara)
    before = all_rows(url)
    world.amara.fill({**CHOSEN, **changed})
    await world.amara.submit()
    assert world.amara.view is not None
    assert world.amara.view.errors == {
        field: "Please choose an hour or more after “Not before”. 00:00 is midnight."
    }
    assert all_rows(url) == before
    world.amara.fill({"from": "09:00", "until": "10:00"})
    outcome = await world.amara.submit()
    assert outcome.error is None
    assert rows(url, "SELECT hours_start, hours_end FROM member") == [(540, 600)]


async def test_the_form_of_somebody_who_has_not_joined_does_not_open(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    said = await run_command(world.bo, "/advocacy settings")
    assert said.startswith("Hi, I'm Advocacy")
    assert world.bo.view is None
    assert all_rows(url) == before


async def test_every_country_is_offered_under_its_letter_and_can_be_taken_back(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await open_settings(world.amara)
    groups = element(view, "country")["option_groups"]
    assert len(groups) > 20
    for group in groups:
        for one in group["options"]:
            first = one["text"]["text"][0]
            assert unicodedata.normalize("NFD", first)[0] == group["label"]["text"]
    labels = [one["text"]["text"] for group in groups for one in group["options"]]
    assert labels.index("Dominica") < labels.index("DR Congo") < labels.index("Ecuador")
    assert labels.index("Afghanistan") < labels.index("Åland Islands") < labels.index("Albania")
    world.amara.fill({"country": "JP"})
    await world.amara.submit()
    await world.amara.close()
    await world.amara.command("/advocacy settings")
    world.amara.fill({"country": None})
    await world.amara.submit()
    assert rows(url, "SELECT country FROM member") == [(None,)]


async def test_the_region_is_asked_for_where_there_is_one(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    kept = "SELECT country, region FROM member"
    view = await open_settings(world.amara)
    world.amara.fill({"from": "08:15"})
    await world.amara.choose(view, preferences.COUNTRY, "GB")
    await runtime.context.background_tasks.drain()
    assert world.amara.view is not None
    assert shown(world.amara.view)["from"] == "08:15"
    offered = [one["value"] for one in element(world.amara.view, "region:GB")["options"]]
    assert offered == ["ENG", "NIR", "SCT", "WLS"]
    world.amara.fill({"region:GB": "SCT"})
    await world.amara.submit()
    assert rows(url, kept) == [("GB", "SCT")]
    await world.amara.close()
    await world.amara.command("/advocacy settings")
    assert world.amara.view is not None
    assert shown(world.amara.view)["region:GB"] == "SCT"
    await world.amara.choose(world.amara.view, preferences.COUNTRY, "JP")
    await runtime.context.background_tasks.drain()
    assert "region:GB" not in shown(world.amara.view)
    await world.amara.submit()
    assert rows(url, kept) == [("JP", None)]


async def test_a_region_never_outlives_its_country(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await fill_settings(world.amara, country="GB")
    await world.amara.command("/advocacy settings")
    world.amara.fill({"region:GB": "ENG", "country": "CA"})  # sent before the form was changed
    await world.amara.submit()
    assert rows(url, "SELECT country, region FROM member") == [("CA", None)]


async def test_the_server_on_mastodon_is_shown_changed_and_forgotten(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    server = "SELECT mastodon_instance FROM member"
    view = await open_settings(world.amara)
    world.amara.fill({"server": "localhost"})
    await world.amara.submit()
    assert "such as mastodon.social" in view.errors["server"]
    assert rows(url, server) == [(None,)]
    world.amara.fill({"server": "@amara@Mastodon.social"})
    await world.amara.submit()
    await world.amara.close()
    assert rows(url, server) == [("mastodon.social",)]
    await world.amara.command("/advocacy settings")
    assert world.amara.view is not None
    assert shown(world.amara.view)["server"] == "mastodon.social"
    world.amara.fill({"server": None})
    await world.amara.submit()
    assert rows(url, server) == [(None,)]


@pytest.mark.parametrize("delivery", [["channel"], ["direct"], []], ids=str)
async def test_who_sees_posts_in_the_channel_gets_the_way_there(
    world: SlackWorld, runtime: Runtime, delivery: list[str]
) -> None:
    await run_command(world.amara, "/advocacy join")
    said = await fill_settings(world.amara, delivery=delivery)
    way = "Posts appear in #share-our-news. Join it whenever you like."
    assert (way in said) is (delivery == ["channel"])


async def test_nothing_comes_on_a_public_holiday(world: SlackWorld, runtime: Runtime) -> None:
    await live_post(world, runtime, topics="releases")
    world.sandbox.clock.move_to(world.sandbox.clock().replace(month=12, day=24, hour=22))
    await join_for_direct(world.amara, country="US", days=["4"])  # Christmas Day is a Friday
    await advance(world, runtime, timedelta(days=2))
    assert direct_messages(world, world.amara) == []
    said = await run_command(world.amara, "/advocacy")
    assert "The earliest time for a direct message is Jan 8, 2027 at" in said, (
        "New Year's Day is one, too"
    )


async def test_a_topic_that_is_followed_stays_when_nobody_offers_it_any_more(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url, TOPICS="releases, community") as runtime:
        await run_command(world.amara, "/advocacy join")
        await fill_settings(world.amara, topics=["community"])
        await change_settings(runtime, topics=("releases",))
        await world.amara.command("/advocacy settings")
        assert world.amara.view is not None
        assert shown(world.amara.view)["topics"] == ["community"]
        await world.amara.submit()
        assert rows(url, "SELECT topics FROM member") == [(",community,",)]


async def test_without_any_topic_to_follow_the_form_still_works(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url):
        view = await open_settings(world.amara)
        assert "There are no topics to follow yet" in view.plain
        world.amara.fill({"delivery": ["direct"], "networks": ["x"]})
        outcome = await world.amara.submit()
        assert outcome.error is None
        assert world.amara.view is not None
        assert "once you follow a topic" in world.amara.view.plain


async def test_topics_of_posts_can_be_followed(world: SlackWorld, runtime: Runtime) -> None:
    await live_post(world, runtime, topics="gardening, releases")
    view = await open_settings(world.amara)
    topics = [one["value"] for one in element(view, "topics")["options"]]
    assert topics == ["releases", "open source", "community", "gardening"]


async def test_the_settings_open_from_the_status(world: SlackWorld, runtime: Runtime) -> None:
    await run_command(world.amara, "/advocacy join")
    for line in ("/advocacy join", "/advocacy"):
        await run_command(world.amara, line)
        await world.amara.press(world.amara.private[-1], membership.SETTINGS)
        assert world.amara.view is not None
        assert world.amara.view.callback_id == preferences.FORM
        await world.amara.close()


async def test_saving_the_same_again_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await fill_settings(world.amara)
    before = all_rows(url)
    await fill_settings(world.amara)
    assert all_rows(url) == before


async def test_a_slower_pace_holds_at_once_and_a_quicker_one_never_asks_twice(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, topics="releases")
    await live_post(world, runtime, topics="releases", title="More news")
    await join_for_direct(world.amara)
    await advance(world, runtime, timedelta(days=2))
    assert len(direct_messages(world, world.amara)) == 1
    await fill_settings(world.amara, pace="1_a_month")
    await advance(world, runtime, timedelta(days=20))
    assert len(direct_messages(world, world.amara)) == 1
    await fill_settings(world.amara, pace="3_a_week")
    await advance(world, runtime, timedelta(days=7))
    titles = {one.plain.splitlines()[0] for one in direct_messages(world, world.amara)}
    assert titles == {"Our new release is out", "More news"}
    assert len(direct_messages(world, world.amara)) == 2

"""The Home tab, and the status: where a person stands, what may come, and why not sooner."""

from __future__ import annotations

from typing import Any

import pytest

from bot import lesson_files
from bot.runtime import Runtime
from bot.slack.views import announcements, asks, lessons, membership, preferences
from bot.slack.views.lessons import LessonButton, Place
from slack_sandbox import Fault
from tests.slack.direct_asks import (
    DAY,
    HOUR,
    advance,
    choose_in_menu,
    direct_messages,
    fill_settings,
    join_for_direct,
    next_direct,
)
from tests.slack.home_tab import click_on_home, open_home
from tests.support import (
    SlackWorld,
    all_rows,
    approved_post,
    bot_running,
    deliver,
    live_post,
    open_more,
    rows,
    run_command,
)

ALL = lesson_files.load_lessons(None).lessons

pytestmark = pytest.mark.usefixtures("polite")


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases, open source"}


async def test_who_has_not_joined_is_offered_to_and_nothing_is_stored(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    shown = await open_home(runtime, world.bo)
    assert shown.startswith("Hi, I'm Advocacy")
    assert "[Join] [Who sees what?] [Try it out] [Suggest news] [Your data]" in shown
    assert "Where you stand" not in shown
    assert "There's nothing to share just now." in shown
    assert "For the communications team" not in shown
    assert all_rows(url) == before


async def test_joining_on_the_tab_shows_where_one_stands(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await open_home(runtime, world.amara)
    shown = await click_on_home(runtime, world.amara, membership.JOIN)
    assert shown.startswith("Where you stand\n")
    assert "You joined on Tuesday, September 1st, 2026." in shown
    assert rows(url, "SELECT count(*) FROM member") == [(1,)]
    assert world.amara.private == [], "nothing is said beside it"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "The earliest time for a direct message is"),
        ({"delivery": []}, "You haven't chosen direct messages."),
        (
            {"delivery": ["channel", "direct"]},
            "You also see posts in #share-our-news",
        ),
        ({"pace": "1_in_2_weeks"}, "Direct messages at most once every 2 weeks. Topics: releases."),
    ],
    ids=str,
)
async def test_it_says_what_comes_next_and_why_not_sooner(
    world: SlackWorld, runtime: Runtime, changed: dict[str, object], sentence: str
) -> None:
    await join_for_direct(world.amara, **changed)
    assert sentence in await open_home(runtime, world.amara)


async def test_the_reason_is_the_one_that_holds(world: SlackWorld, runtime: Runtime) -> None:
    await join_for_direct(world.amara)
    assert "I spread messages over the hours you chose." in await open_home(runtime, world.amara)
    world.sandbox.clock.advance(4 * DAY)
    assert "I keep to the days you chose." in await open_home(runtime, world.amara)
    world.sandbox.clock.advance(3 * DAY + 12 * HOUR)
    assert "You could get a direct message soon" in await open_home(runtime, world.amara)
    await run_command(world.amara, "/advocacy pause 2 weeks")
    shown = await open_home(runtime, world.amara)
    assert shown.count("You're paused until") == 1


async def test_the_pace_is_the_reason_after_an_ask(world: SlackWorld, runtime: Runtime) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    await join_for_direct(world.bo, topics=["open source"])
    message = await next_direct(world, runtime, world.amara)
    for shown in (
        await open_home(runtime, world.amara),
        await run_command(world.amara, "/advocacy"),
    ):
        assert "if a post fits. That's the pace you chose." in shown
    assert direct_messages(world, world.amara) == [message]


async def test_the_status_names_both_ways_and_its_buttons_follow(
    world: SlackWorld, runtime: Runtime
) -> None:
    await join_for_direct(world.amara, delivery=["channel", "direct"])
    said = await run_command(world.amara, "/advocacy status")
    assert "You see posts in #share-our-news, now and then." in said
    assert "The earliest time for a direct message is" in said
    assert "[Stop using the channel]" in (await open_more(runtime, world.amara)).plain
    await fill_settings(world.amara, delivery=[])
    said = await run_command(world.amara, "/advocacy status")
    assert (
        "You see posts when you browse. I won't send you anything. Posts also appear in "
        "#share-our-news" in said
    )
    rest = await open_more(runtime, world.amara)
    assert "[Use the channel (colleagues see who's in it)]" in rest.plain


async def test_only_posts_that_fit_are_shown_and_each_can_be_shared(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, topics="releases", title="For her")
    await live_post(world, runtime, topics="open source", title="For others")
    await join_for_direct(world.amara)
    shown = await open_home(runtime, world.amara)
    assert "For her" in shown
    assert "For others" not in shown
    assert world.amara.home is not None
    await world.amara.press(world.amara.home, announcements.SHARE)
    assert world.amara.view is not None
    assert "Backups now take half the time." in world.amara.view.plain
    await world.amara.close(everything=True)
    await fill_settings(world.amara, delivery=[], topics=[])
    shown = await open_home(runtime, world.amara)
    assert "For her" in shown
    assert "For others" in shown


async def test_at_most_five_posts_are_shown(world: SlackWorld, url: str) -> None:
    wide = {"CHANNEL_MIN_GAP": "0s", "CHANNEL_WEEKLY_CAP": "50"}
    async with bot_running(world, url, **wide) as runtime:
        for number in range(7):
            await approved_post(world, runtime, title=f"News {number}")
        world.sandbox.clock.advance(7 * DAY)
        for _ in range(7):
            await runtime.tick()
        shown = await open_home(runtime, world.amara)
        assert sum(f"News {number}" in shown for number in range(7)) == 5
        assert "News 6" in shown
        assert "/advocacy browse shows more." in shown


@pytest.mark.parametrize(("days", "offered"), [(168, False), (170, True), (182, True)])
async def test_renewal_is_offered_in_the_last_two_weeks_only(
    world: SlackWorld, runtime: Runtime, days: int, offered: bool
) -> None:
    await join_for_direct(world.amara)
    world.sandbox.clock.advance(days * DAY)
    shown = await open_home(runtime, world.amara)
    assert ("[Renew]" in shown) is offered
    assert direct_messages(world, world.amara) == [], "never a message of its own"


async def test_renewing_on_the_tab_takes_the_line_away(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara)
    world.sandbox.clock.advance(175 * DAY)
    await open_home(runtime, world.amara)
    shown = await click_on_home(runtime, world.amara, asks.RENEW)
    assert "[Renew]" not in shown
    assert "Your consent ends by itself on Wednesday, August 25th, 2027." in shown


async def test_after_its_end_consent_cannot_be_renewed_by_an_old_button(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara)
    world.sandbox.clock.advance(175 * DAY)
    await open_home(runtime, world.amara)
    world.sandbox.clock.advance(8 * DAY)
    before = all_rows(url)
    shown = await click_on_home(runtime, world.amara, asks.RENEW)
    assert shown.startswith("Hi, I'm Advocacy")
    assert all_rows(url) == before


async def test_what_is_pressed_on_the_tab_changes_it(world: SlackWorld, runtime: Runtime) -> None:
    await join_for_direct(world.amara)
    await open_home(runtime, world.amara)
    shown = await click_on_home(runtime, world.amara, membership.PAUSE)
    assert "You're paused until" in shown
    assert "[Resume]" in shown
    shown = await click_on_home(runtime, world.amara, membership.RESUME)
    assert "You're paused until" not in shown
    shown = await click_on_home(runtime, world.amara, membership.LEAVE)
    assert shown.startswith("Hi, I'm Advocacy")


async def test_saving_the_settings_changes_the_tab(world: SlackWorld, runtime: Runtime) -> None:
    await join_for_direct(world.amara)
    await open_home(runtime, world.amara)
    await click_on_home(runtime, world.amara, preferences.OPEN)
    world.amara.fill({"pace": "1_a_month"})
    await world.amara.submit()
    await runtime.context.background_tasks.drain()
    assert world.amara.home is not None
    assert "at most once a month." in world.amara.home.plain


async def test_the_menu_of_a_direct_message_changes_the_tab(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    message = await next_direct(world, runtime, world.amara)
    await open_home(runtime, world.amara)
    await choose_in_menu(runtime, world.amara, message, asks.LESS)
    assert world.amara.home is not None
    assert "at most once every 2 weeks." in world.amara.home.plain


@pytest.mark.parametrize(
    ("line", "words"),
    [("pause 2 weeks", "You're paused until"), ("leave", "Hi, I'm Advocacy")],
)
async def test_a_command_changes_the_tab_too(
    world: SlackWorld, runtime: Runtime, line: str, words: str
) -> None:
    await join_for_direct(world.amara)
    await open_home(runtime, world.amara)
    await run_command(world.amara, f"/advocacy {line}")
    await runtime.context.background_tasks.drain()
    assert world.amara.home is not None
    assert words in world.amara.home.plain


async def test_nobody_elses_tab_changes_or_is_published(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    await open_home(runtime, world.amara)
    published = len([call for call in world.sandbox.calls if call.method == "views.publish"])
    await advance(world, runtime, 2 * DAY)
    calls = [call for call in world.sandbox.calls if call.method == "views.publish"]
    assert len(calls) == published
    owners = {person for person in world.sandbox.persons if person.home}
    assert owners == {world.amara}


async def test_the_messages_tab_publishes_nothing_and_broken_events_are_harmless(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    world.sandbox.dispatcher.event_retry_delays = ()
    await world.sandbox.event(
        {"type": "app_home_opened", "user": world.amara.id, "tab": "messages"}
    )
    nobodies: list[Any] = [None, 5, {}, ["x"], ""]
    for user in nobodies:
        await world.sandbox.event({"type": "app_home_opened", "user": user, "tab": "home"})
    await runtime.context.background_tasks.drain()
    assert world.amara.home is None
    assert all_rows(url) == before


async def test_a_tab_that_slack_does_not_take_fails_nothing_else(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.sandbox.faults.add(Fault("views.publish", error="internal_error"))
    outcome = await world.amara.open_home()
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()
    assert world.amara.home is None
    assert "Join" in await open_home(runtime, world.amara)


async def test_what_somebody_wrote_pages_nobody_on_the_tab(
    world: SlackWorld, runtime: Runtime
) -> None:
    hostile = f"<!channel> <@{world.bo.id}> *bold*"
    await live_post(world, runtime, title=hostile, why=hostile)
    await open_home(runtime, world.carl)
    assert world.carl.home is not None
    sections = [one for one in world.carl.home.blocks if one["type"] == "section"]
    assert f"<@{world.bo.id}>" not in str(sections)


async def test_a_hostile_press_on_the_tab_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara)
    await open_home(runtime, world.amara)
    before = all_rows(url)
    payload = {
        "type": "block_actions",
        "user": {"id": world.amara.id, "team_id": world.sandbox.team_id},
        "team": {"id": world.sandbox.team_id},
        "actions": [{"type": "button", "action_id": announcements.SHARE, "value": "x"}],
        "view": {"type": "home", "id": "V0"},
        "container": {"type": "view"},
        "trigger_id": "no",
    }
    outcome = await deliver(world, payload)
    assert not outcome.acknowledged, "its trigger opens no dialog, so Slack itself says it failed"
    assert all_rows(url) == before


def opened(world: SlackWorld) -> list[str]:
    """The calls that opened a dialog, or tried to."""
    return [one.method for one in world.sandbox.calls if one.method == "views.open"]


async def test_all_lessons_open_from_the_tab_and_mark_what_is_read(
    world: SlackWorld, runtime: Runtime
) -> None:
    first, second = ALL[:2]
    await join_for_direct(world.amara)
    shown = await open_home(runtime, world.amara)
    assert f"{first.title}\n" in shown
    assert second.title not in shown
    await click_on_home(runtime, world.amara, membership.LESSONS)
    [listed] = world.amara.views
    assert all(lesson.title in listed.plain for lesson in ALL)
    value = lessons.show_value(LessonButton(first.name, Place.LIST))
    await world.amara.press(listed, lessons.READ, value)
    await runtime.context.background_tasks.drain()
    assert len(world.amara.views) == 2, "it stands on top of the list"
    assert f"{first.title} (read)" in listed.plain
    assert listed.plain.count("(read)") == 1
    assert world.amara.home is not None
    assert second.title in world.amara.home.plain
    assert first.title not in world.amara.home.plain


async def test_reading_the_one_on_the_tab_opens_one_dialog(
    world: SlackWorld, runtime: Runtime
) -> None:
    first, second = ALL[:2]
    await join_for_direct(world.amara)
    await open_home(runtime, world.amara)
    before = len(opened(world))
    await click_on_home(runtime, world.amara, lessons.READ)
    assert len(opened(world)) == before + 1, "a trigger opens one dialog"
    assert world.amara.home is not None
    assert second.title in world.amara.home.plain
    assert first.title not in world.amara.home.plain

"""The Home tab, and the status: where a person stands, what may come, and why not sooner."""

from __future__ import annotations

from typing import Any

import pytest

from bot.runtime import Runtime
from bot.sandbox import Fault
from bot.slack.views import announcement, ask, membership, preferences
from tests.slack.direct import DAY, HOUR, choose, direct, follow, let_pass, next_direct
from tests.slack.homes import home, press
from tests.support import (
    Office,
    approved_post,
    asked,
    bot_running,
    deliver,
    live_post,
    rows,
    stored,
)

pytestmark = pytest.mark.usefixtures("polite")


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases, open source"}


async def test_who_has_not_joined_is_offered_to_and_nothing_is_stored(
    place: Office, runtime: Runtime, url: str
) -> None:
    before = stored(url)
    shown = await home(runtime, place.bo)
    assert shown.startswith("You aren't taking part")
    assert "[Join] [Short lessons]" in shown
    assert "Where you stand" not in shown
    assert "There is nothing to share just now." in shown
    assert "For the communications team" not in shown
    assert stored(url) == before


async def test_joining_on_the_tab_shows_where_one_stands(
    place: Office, runtime: Runtime, url: str
) -> None:
    await home(runtime, place.amara)
    shown = await press(runtime, place.amara, membership.JOIN)
    assert shown.startswith("Where you stand\n")
    assert "You joined on Tuesday, September 1st, 2026." in shown
    assert rows(url, "SELECT count(*) FROM member") == [(1,)]
    assert place.amara.private == [], "nothing is said beside it"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "your next direct message can come"),
        ({"delivery": []}, "You get no direct messages."),
        ({"topics": []}, "until you choose a topic in your settings"),
        ({"networks": []}, "until you choose a network in your settings"),
        (
            {"delivery": ["channel", "direct"]},
            "You also see posts in #share-our-news",
        ),
        ({"pace": "1_in_2_weeks"}, "At most once every 2 weeks. Topics: Releases."),
    ],
    ids=str,
)
async def test_it_says_what_comes_next_and_why_not_sooner(
    place: Office, runtime: Runtime, changed: dict[str, object], sentence: str
) -> None:
    await follow(place.amara, **changed)
    assert sentence in await home(runtime, place.amara)


async def test_the_reason_is_the_one_that_holds(place: Office, runtime: Runtime) -> None:
    await follow(place.amara)
    assert "because I spread them over the hours you chose" in await home(runtime, place.amara)
    place.sandbox.clock.advance(4 * DAY)
    assert "because of the days you chose" in await home(runtime, place.amara)
    place.sandbox.clock.advance(3 * DAY + 12 * HOUR)
    assert "at any time now, if a post fits" in await home(runtime, place.amara)
    await asked(place.amara, "/advocacy pause 2 weeks")
    shown = await home(runtime, place.amara)
    assert "because you are paused" in shown
    assert "You are paused until" in shown


async def test_the_pace_is_the_reason_after_an_ask(place: Office, runtime: Runtime) -> None:
    await live_post(place, runtime, topics="releases")
    await follow(place.amara)
    await follow(place.bo, topics=["open source"])
    message = await next_direct(place, runtime, place.amara)
    for shown in (await home(runtime, place.amara), await asked(place.amara, "/advocacy")):
        assert "at the earliest, because you chose at most once a week." in shown
    assert direct(place, place.amara) == [message]


async def test_the_status_names_both_ways_and_its_buttons_follow(
    place: Office, runtime: Runtime
) -> None:
    await follow(place.amara, delivery=["channel", "direct"])
    said = await asked(place.amara, "/advocacy status")
    assert "You see posts in #share-our-news, now and then." in said
    assert "your next direct message can come" in said
    assert "[Not in the channel]" in said
    await choose(place.amara, delivery=[])
    said = await asked(place.amara, "/advocacy status")
    assert "Nothing is sent to you. You see posts when you browse, and in #share-our-news" in said
    assert "[See posts in the channel]" in said


async def test_only_posts_that_fit_are_shown_and_each_can_be_shared(
    place: Office, runtime: Runtime
) -> None:
    await live_post(place, runtime, topics="releases", title="For her")
    await live_post(place, runtime, topics="open source", title="For others")
    await follow(place.amara)
    shown = await home(runtime, place.amara)
    assert "For her" in shown
    assert "For others" not in shown
    assert place.amara.home is not None
    await place.amara.press(place.amara.home, announcement.SHARE)
    assert place.amara.view is not None
    assert "Backups now take half the time." in place.amara.view.plain
    await place.amara.close(everything=True)
    await choose(place.amara, topics=[])
    shown = await home(runtime, place.amara)
    assert "For her" in shown
    assert "For others" in shown


async def test_at_most_five_posts_are_shown(place: Office, url: str) -> None:
    wide = {"CHANNEL_MIN_GAP": "0s", "CHANNEL_WEEKLY_CAP": "50"}
    async with bot_running(place, url, **wide) as runtime:
        for number in range(7):
            await approved_post(place, runtime, title=f"News {number}")
        place.sandbox.clock.advance(7 * DAY)
        for _ in range(7):
            await runtime.tick()
        shown = await home(runtime, place.amara)
        assert sum(f"News {number}" in shown for number in range(7)) == 5
        assert "News 6" in shown
        assert "/advocacy browse shows more." in shown


@pytest.mark.parametrize(("days", "offered"), [(168, False), (170, True), (182, True)])
async def test_renewal_is_offered_in_the_last_two_weeks_only(
    place: Office, runtime: Runtime, days: int, offered: bool
) -> None:
    await follow(place.amara)
    place.sandbox.clock.advance(days * DAY)
    shown = await home(runtime, place.amara)
    assert ("[Renew]" in shown) is offered
    assert direct(place, place.amara) == [], "never a message of its own"


async def test_renewing_on_the_tab_takes_the_line_away(
    place: Office, runtime: Runtime, url: str
) -> None:
    await follow(place.amara)
    place.sandbox.clock.advance(175 * DAY)
    await home(runtime, place.amara)
    shown = await press(runtime, place.amara, ask.RENEW)
    assert "[Renew]" not in shown
    assert "Your consent ends by itself on Wednesday, August 25th, 2027." in shown


async def test_after_its_end_consent_cannot_be_renewed_by_an_old_button(
    place: Office, runtime: Runtime, url: str
) -> None:
    await follow(place.amara)
    place.sandbox.clock.advance(175 * DAY)
    await home(runtime, place.amara)
    place.sandbox.clock.advance(8 * DAY)
    before = stored(url)
    shown = await press(runtime, place.amara, ask.RENEW)
    assert shown.startswith("You aren't taking part")
    assert stored(url) == before


async def test_what_is_pressed_on_the_tab_changes_it(place: Office, runtime: Runtime) -> None:
    await follow(place.amara)
    await home(runtime, place.amara)
    shown = await press(runtime, place.amara, membership.PAUSE)
    assert "You are paused until" in shown
    assert "[Resume]" in shown
    shown = await press(runtime, place.amara, membership.RESUME)
    assert "You are paused until" not in shown
    shown = await press(runtime, place.amara, membership.LEAVE)
    assert shown.startswith("You aren't taking part")


async def test_saving_the_settings_changes_the_tab(place: Office, runtime: Runtime) -> None:
    await follow(place.amara)
    await home(runtime, place.amara)
    await press(runtime, place.amara, preferences.OPEN)
    place.amara.fill({"pace": "1_a_month"})
    await place.amara.submit()
    await runtime.kit.afterwards.drain()
    assert place.amara.home is not None
    assert "At most once a month." in place.amara.home.plain


async def test_the_menu_of_a_direct_message_changes_the_tab(
    place: Office, runtime: Runtime
) -> None:
    await live_post(place, runtime, topics="releases")
    await follow(place.amara)
    message = await next_direct(place, runtime, place.amara)
    await home(runtime, place.amara)
    await place.amara.choose(message, ask.MENU, f"{ask.LESS}:1:1")
    await runtime.kit.afterwards.drain()
    assert place.amara.home is not None
    assert "At most once every 2 weeks." in place.amara.home.plain


@pytest.mark.parametrize(
    ("line", "words"),
    [("pause 2 weeks", "You are paused until"), ("leave", "You aren't taking part")],
)
async def test_a_command_changes_the_tab_too(
    place: Office, runtime: Runtime, line: str, words: str
) -> None:
    await follow(place.amara)
    await home(runtime, place.amara)
    await asked(place.amara, f"/advocacy {line}")
    await runtime.kit.afterwards.drain()
    assert place.amara.home is not None
    assert words in place.amara.home.plain


async def test_nobody_elses_tab_changes_or_is_published(place: Office, runtime: Runtime) -> None:
    await live_post(place, runtime, topics="releases")
    await follow(place.amara)
    await home(runtime, place.amara)
    published = len([call for call in place.sandbox.calls if call.method == "views.publish"])
    await let_pass(place, runtime, 2 * DAY)
    calls = [call for call in place.sandbox.calls if call.method == "views.publish"]
    assert len(calls) == published
    assert {person for person in place.sandbox.persons if person.home} == {place.amara}


async def test_the_messages_tab_publishes_nothing_and_broken_events_are_harmless(
    place: Office, runtime: Runtime, url: str
) -> None:
    before = stored(url)
    place.sandbox.dispatcher.event_retry_delays = ()
    await place.sandbox.event(
        {"type": "app_home_opened", "user": place.amara.id, "tab": "messages"}
    )
    nobodies: list[Any] = [None, 5, {}, ["x"], ""]
    for user in nobodies:
        await place.sandbox.event({"type": "app_home_opened", "user": user, "tab": "home"})
    await runtime.kit.afterwards.drain()
    assert place.amara.home is None
    assert stored(url) == before


async def test_a_tab_that_slack_does_not_take_fails_nothing_else(
    place: Office, runtime: Runtime
) -> None:
    place.sandbox.faults.add(Fault("views.publish", error="internal_error"))
    outcome = await place.amara.open_home()
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    assert place.amara.home is None
    assert "Join" in await home(runtime, place.amara)


async def test_what_somebody_wrote_pages_nobody_on_the_tab(place: Office, runtime: Runtime) -> None:
    hostile = f"<!channel> <@{place.bo.id}> *bold*"
    await live_post(place, runtime, title=hostile, why=hostile)
    await home(runtime, place.carl)
    assert place.carl.home is not None
    sections = [one for one in place.carl.home.blocks if one["type"] == "section"]
    assert f"<@{place.bo.id}>" not in str(sections)


async def test_a_hostile_press_on_the_tab_is_answered(
    place: Office, runtime: Runtime, url: str
) -> None:
    await follow(place.amara)
    await home(runtime, place.amara)
    before = stored(url)
    payload = {
        "type": "block_actions",
        "user": {"id": place.amara.id, "team_id": place.sandbox.team_id},
        "team": {"id": place.sandbox.team_id},
        "actions": [{"type": "button", "action_id": announcement.SHARE, "value": "x"}],
        "view": {"type": "home", "id": "V0"},
        "container": {"type": "view"},
        "trigger_id": "no",
    }
    outcome = await deliver(place, payload)
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    assert stored(url) == before

"""The menu of a direct message: later, less, a pause, the way out, and who sees it."""

from __future__ import annotations

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import ask, card, membership
from tests.slack.direct import (
    ASKS,
    DAY,
    HOUR,
    RESPONSES,
    chosen,
    direct,
    let_pass,
    next_direct,
    proposed,
)
from tests.support import Office, actions, asked, fields, live_post, pressed, rows, the_card

pytestmark = pytest.mark.usefixtures("polite")


async def brought_again(place: Office, runtime: Runtime, first: Message) -> None:
    """It comes once more at the member's pace, and never again."""
    again = await next_direct(place, runtime, place.amara, within=9 * DAY)
    assert again is not first
    assert again.at - first.at >= 7 * DAY
    assert "so here it is once more; after that I won't bring it again." in again.plain
    if ask.MENU in actions(again):
        await chosen(runtime, place.amara, again, ask.LATER)
    await let_pass(place, runtime, 15 * DAY)
    assert len(direct(place, place.amara)) == 2


async def test_save_for_later_says_so_and_brings_it_once_more(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    assert await chosen(runtime, place.amara, message, ask.LATER) == ""
    assert message.plain == (
        "Our new release is out\n"
        "Saved. You find it with /advocacy browse. I may bring it back once, if I haven't yet and "
        "your pace leaves room before it ends.\n"
        "[Share] [Less often | Pause 2 weeks | Opt out | Who sees this?]"
    )
    assert rows(url, ASKS) == [("sent", "later")]
    assert rows(url, RESPONSES) == []
    await brought_again(place, runtime, message)


async def test_what_is_saved_still_has_the_way_out(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await chosen(runtime, place.amara, message, ask.LATER)
    await chosen(runtime, place.amara, message, ask.LEAVE)
    assert "You've left, and I won't ask you for anything." in message.plain
    assert actions(message) == []
    assert rows(url, "SELECT left_at IS NOT NULL FROM member") == [(1,)]


async def test_what_is_saved_can_be_shared_at_once(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await chosen(runtime, place.amara, message, ask.LATER)
    await place.amara.press(message, ask.SHARE)
    assert place.amara.view is not None
    assert rows(url, ASKS) == [("sent", "shared")]
    await let_pass(place, runtime, 12 * DAY)
    assert direct(place, place.amara) == [message], "it is not brought again"


async def test_less_often_halves_the_pace_and_ends_at_the_slowest(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    words = await chosen(runtime, place.amara, message, ask.LESS)
    assert words == (
        "From now on at most once every 2 weeks. You can change that with /advocacy settings."
    )
    assert "once a month" in await chosen(runtime, place.amara, message, ask.LESS)
    words = await chosen(runtime, place.amara, message, ask.LESS)
    assert words.startswith("At most once a month is as slow as I go.")
    assert rows(url, "SELECT pace FROM member") == [("1_a_month",)]
    assert "[Share] [Skip]" in message.plain, "the post itself is not answered away"
    assert rows(url, ASKS) == [("sent", "other")]


async def test_pause_from_the_menu_lasts_two_weeks(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    words = await chosen(runtime, place.amara, message, ask.PAUSE)
    assert words.startswith("Paused until")
    began = place.sandbox.clock()
    await live_post(place, runtime, topics="releases", title="Meanwhile")
    await let_pass(place, runtime, began + 14 * DAY - place.sandbox.clock() - HOUR)
    assert direct(place, place.amara) == [message]
    later = await next_direct(place, runtime, place.amara)
    assert later.at >= began + 14 * DAY


async def test_resume_stands_beside_the_pause(place: Office, runtime: Runtime, url: str) -> None:
    message = await proposed(place, runtime, place.amara)
    await chosen(runtime, place.amara, message, ask.PAUSE)
    await pressed(runtime, place.amara, place.amara.private[-1], membership.RESUME)
    assert rows(url, "SELECT paused_until FROM member") == [(None,)]


async def test_opt_out_works_at_once_and_takes_the_buttons_along(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await chosen(runtime, place.amara, message, ask.LEAVE)
    assert message.plain == (
        "Our new release is out\n"
        "You've left, and I won't ask you for anything. If you are in #share-our-news, you can "
        "leave the channel in Slack; I remove nobody. I keep your settings in case you come back "
        "with /advocacy join; whoever runs me can delete them. What you pressed is no longer "
        "linked to you once 30 days have passed since the post ended."
    )
    assert "actions" not in {block["type"] for block in message.blocks}
    assert "You aren't taking part" in await asked(place.amara, "/advocacy")
    await live_post(place, runtime, topics="releases", title="Meanwhile")
    await let_pass(place, runtime, 3 * DAY)
    assert direct(place, place.amara) == [message]


async def test_who_comes_back_is_asked_only_once_they_choose_it_again(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await chosen(runtime, place.amara, message, ask.LEAVE)
    await asked(place.amara, "/advocacy join")
    await live_post(place, runtime, topics="releases", title="Meanwhile")
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == [message]


async def test_who_sees_this_is_answered_literally(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    words = await chosen(runtime, place.amara, message, ask.WHO_SEES)
    assert words.startswith("Who sees this?\n• You. This message is between you and me.\n")
    for promise in (
        "No colleague, manager or author of a post is shown",
        "Whoever runs my database could look at it",
        "your company can export direct messages from Slack",
    ):
        assert promise in words
    assert "[Share] [Skip]" in message.plain
    assert rows(url, ASKS) == [("sent", "other")], "looking is not passing it by"


@pytest.mark.parametrize("choice", [ask.LESS, ask.PAUSE])
async def test_the_menu_of_somebody_who_left_changes_nothing_about_them(
    place: Office, runtime: Runtime, url: str, choice: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await asked(place.amara, "/advocacy leave")
    words = await chosen(runtime, place.amara, message, choice)
    assert words.startswith("You aren't taking part")
    assert rows(url, "SELECT pace, paused_until FROM member") == [("1_a_week", None)]


async def test_save_for_later_promises_nothing_to_somebody_who_left(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await asked(place.amara, "/advocacy leave")
    words = await chosen(runtime, place.amara, message, ask.LATER)
    assert words.startswith("You aren't taking part")
    assert "Saved" not in message.plain
    assert rows(url, ASKS) == [("sent", "ended")]


async def test_who_opted_out_reads_so_even_after_a_correction(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await place.amara.press(message, ask.SHARE)
    await place.amara.close()
    await chosen(runtime, place.amara, message, ask.LEAVE)
    await place.cleo.press(the_card(place, 1), card.EDIT)
    place.cleo.fill(fields(topics="releases", title="Our newest release is out"))
    await place.cleo.submit()
    await asked(place.carl, "/advocacy approve 1")
    await runtime.tick()
    assert "You've left" in message.plain
    assert actions(message) == []

"""The menu of a direct message: later, less, a pause, the way out, and who sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.hours import start_of_day
from bot.runtime import Runtime
from bot.slack.views import asks, membership, responses, retention
from slack_sandbox import Message
from tests.slack.direct_asks import (
    ANSWERED,
    ASKS,
    CLOSED,
    DAY,
    HOUR,
    RESPONSES,
    advance,
    choose_in_menu,
    direct_messages,
    next_direct,
    receive_ask,
)
from tests.support import SlackWorld, actions, click, live_post, rows, run_command

pytestmark = pytest.mark.usefixtures("polite")

MEMBER = (
    "SELECT left_at, consented_at, consent_ends_at, paused_until, direct, pace, topics, networks,"
    " next_ask_at FROM member"
)


async def brought_again(world: SlackWorld, runtime: Runtime, first: Message) -> None:
    """It comes once more at the member's pace, and never again."""
    again = await next_direct(world, runtime, world.amara, within=9 * DAY)
    assert again is not first
    assert again.at - first.at >= 7 * DAY
    assert "so here it is once more. I won't send it again after this." in again.plain
    if asks.MENU in actions(again):
        await choose_in_menu(runtime, world.amara, again, asks.LATER)
    await advance(world, runtime, 10 * DAY)
    assert len(direct_messages(world, world.amara)) == 2


async def test_save_for_later_says_so_and_brings_it_once_more(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    assert await choose_in_menu(runtime, world.amara, message, asks.LATER) == (
        "Saved. You'll find it on Home. I might suggest it once more, if I haven't yet.\n"
        "[Share] [Undo]"
    )
    assert message.plain == ANSWERED
    assert rows(url, ASKS) == [("sent", "later")]
    assert rows(url, RESPONSES) == []
    await brought_again(world, runtime, message)


async def test_what_is_saved_can_be_shared_at_once(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await choose_in_menu(runtime, world.amara, message, asks.LATER)
    await click(runtime, world.amara, world.amara.private[-1], "share")
    assert world.amara.view is not None
    assert rows(url, ASKS) == [("sent", "shared")]
    assert message.plain == ANSWERED
    await advance(world, runtime, 9 * DAY)
    assert direct_messages(world, world.amara) == [message], "it is not brought again"


async def test_what_is_saved_can_be_a_question_again(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    question = message.plain
    await choose_in_menu(runtime, world.amara, message, asks.LATER)
    await click(runtime, world.amara, world.amara.private[-1], responses.TAKE_BACK)
    assert message.plain == question
    await advance(world, runtime, 9 * DAY)
    assert direct_messages(world, world.amara) == [message], "it is not brought again"


async def test_less_often_halves_the_pace_and_ends_at_the_slowest(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    words = await choose_in_menu(runtime, world.amara, message, asks.LESS)
    assert words == (
        "I'll message you at most once every 2 weeks from now on.\n[Even less often] [Settings]"
    )
    still_less = world.amara.private[-1]
    for _ in range(2):  # a click that is delivered twice counts once, there and in the answer
        words = await choose_in_menu(runtime, world.amara, message, asks.LESS)
        assert words.startswith("I already message you at most once every 2 weeks.")
        assert rows(url, "SELECT pace FROM member") == [("1_in_2_weeks",)]
    await click(runtime, world.amara, still_less, asks.LESS_AGAIN)
    assert still_less.plain == (
        "I'll message you at most once a month. That's the slowest I go.\n[Settings]"
    )
    assert rows(url, "SELECT pace FROM member") == [("1_a_month",)]
    assert "[Share] [Skip]" in message.plain, "the post itself is not answered away"
    assert rows(url, ASKS) == [("sent", "other")]


async def test_pause_from_the_menu_lasts_as_long_as_chosen(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    words = await choose_in_menu(runtime, world.amara, message, asks.PAUSE)
    assert words == (
        "For how long? I won't message you until the pause ends.\n"
        "[A week] [Two weeks] [A month] (Until a day…)"
    )
    words = await click(runtime, world.amara, world.amara.private[-1], f"{membership.PAUSE_FOR}:14")
    assert world.amara.private[-1].plain.startswith("Paused until")
    ends = start_of_day(world.sandbox.clock() + 14 * DAY, "America/New_York")
    await live_post(world, runtime, topics="releases", title="Meanwhile")
    await advance(world, runtime, ends - world.sandbox.clock() - HOUR)
    assert direct_messages(world, world.amara) == [message]
    later = await next_direct(world, runtime, world.amara)
    assert later.at >= ends


async def test_resume_stands_beside_the_pause(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await choose_in_menu(runtime, world.amara, message, asks.PAUSE)
    await click(runtime, world.amara, world.amara.private[-1], f"{membership.PAUSE_FOR}:7")
    assert await choose_in_menu(runtime, world.amara, message, asks.PAUSE) == (
        "You're paused until Tuesday, September 15th, 2026.\n"
        "[Resume] [A week] [Two weeks] [A month] (Until a day…)"
    )
    await click(runtime, world.amara, world.amara.private[-1], membership.RESUME)
    assert rows(url, "SELECT paused_until FROM member") == [(None,)]


async def test_opt_out_works_at_once_and_takes_the_buttons_along(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    said = await click(runtime, world.amara, message, asks.OPT_OUT)
    assert said.startswith(
        "You've left, and I won't send you anything. You can undo this for 10 minutes."
    )
    assert "In 30 days I'll delete everything stored about you" in said
    assert retention.FORGET in actions(world.amara.private[-1])
    assert message.plain == CLOSED
    assert actions(message) == []
    assert "Hi, I'm Advocacy" in await run_command(world.amara, "/advocacy")
    await live_post(world, runtime, topics="releases", title="Meanwhile")
    await advance(world, runtime, 3 * DAY)
    assert direct_messages(world, world.amara) == [message]


async def test_undo_brings_back_consent_choices_and_messages(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await choose_in_menu(runtime, world.amara, message, asks.PAUSE)
    await click(runtime, world.amara, world.amara.private[-1], f"{membership.PAUSE_FOR}:7")
    before = rows(url, MEMBER)
    await click(runtime, world.amara, message, asks.OPT_OUT)
    assert rows(url, MEMBER) != before
    world.sandbox.clock.advance(timedelta(minutes=10))
    await click(runtime, world.amara, world.amara.private[-1], membership.UNDO_LEAVE)
    assert world.amara.private[-1].plain.startswith("Undone. You're in until")
    assert rows(url, MEMBER) == before
    assert message.plain == CLOSED, "what is emptied stays so"
    await live_post(world, runtime, topics="releases", title="Meanwhile")
    later = await next_direct(world, runtime, world.amara, within=15 * DAY)
    assert later.at - message.at >= 7 * DAY


async def test_undo_ends_after_ten_minutes_and_offers_to_join(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click(runtime, world.amara, message, asks.OPT_OUT)
    answer = world.amara.private[-1]
    before = rows(url, MEMBER)
    world.sandbox.clock.advance(timedelta(minutes=10, seconds=1))
    await click(runtime, world.amara, answer, membership.UNDO_LEAVE)
    assert answer.plain == (
        "Undo works for 10 minutes after you leave. You can still join again.\n[Join again]"
    )
    assert rows(url, MEMBER) == before


async def test_who_comes_back_is_asked_only_once_they_choose_it_again(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click(runtime, world.amara, message, asks.OPT_OUT)
    await run_command(world.amara, "/advocacy join")
    await live_post(world, runtime, topics="releases", title="Meanwhile")
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == [message]


async def test_who_sees_this_is_answered_literally(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    words = await choose_in_menu(runtime, world.amara, message, asks.WHO_SEES)
    assert words.startswith("Who sees this?\n• You. This message is between you and me.\n")
    for promise in (
        "No colleague, manager or author of a post is shown",
        "The people who run the database could see it",
        "Your company can export direct messages from Slack",
    ):
        assert promise in words
    assert "[Share] [Skip]" in message.plain
    assert rows(url, ASKS) == [("sent", "other")], "looking is not passing it by"


@pytest.mark.parametrize("choice", [asks.LESS, asks.PAUSE])
async def test_the_menu_of_somebody_who_left_changes_nothing_about_them(
    world: SlackWorld, runtime: Runtime, url: str, choice: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    as_it_was = replace(message)
    await run_command(world.amara, "/advocacy leave")
    words = await choose_in_menu(runtime, world.amara, as_it_was, choice)
    assert words.startswith("Hi, I'm Advocacy")
    assert rows(url, "SELECT pace, paused_until FROM member") == [("1_a_week", None)]


async def test_save_for_later_promises_nothing_to_somebody_who_left(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    as_it_was = replace(message)
    await run_command(world.amara, "/advocacy leave")
    words = await choose_in_menu(runtime, world.amara, as_it_was, asks.LATER)
    assert words.startswith("Hi, I'm Advocacy")
    assert message.plain == CLOSED
    assert rows(url, ASKS) == [("sent", "ended")]

"""Skipping a direct message, the five reasons, and what follows from each."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack.views import asks, responses
from tests.slack.direct_asks import (
    ANSWERED,
    ASKS,
    DAY,
    RESPONSES,
    advance,
    choose_in_menu,
    click_skip,
    direct_messages,
    fill_settings,
    give_reason,
    join_for_direct,
    next_direct,
    receive_ask,
    skip_with_reason,
)
from tests.support import SlackWorld, actions, click, live_post, rows

pytestmark = pytest.mark.usefixtures("polite")


async def test_a_skip_is_answered_beside_the_message_which_keeps_no_answer(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    assert await click_skip(runtime, world.amara, message) == (
        "Skipped, thank you. No colleague is told. You can say why if you like. "
        "That stays private, too.\n"
        "[Not my audience] [Not my voice] [Too promotional] [Too often] [Not now]\n"
        "[Share it instead] [Undo]"
    )
    assert world.amara.private[-1].channel is message.channel
    assert direct_messages(world, world.amara) == [message]
    assert message.plain == ANSWERED
    assert actions(message) == []
    assert rows(url, ASKS) == [("sent", "skipped")]
    assert rows(url, RESPONSES) == [("skipped", None)]


@pytest.mark.parametrize("reason", list(SkipReason))
async def test_every_reason_is_thanked_for_in_private(
    world: SlackWorld, runtime: Runtime, url: str, reason: SkipReason
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    words = await skip_with_reason(runtime, world.amara, message, reason)
    label = responses.REASON_LABELS[reason]
    assert words.startswith(f"Thank you. You said “{label}”. You can still change your mind")
    assert f"[{label}]" not in words
    assert "[Share it instead] [Undo]" in words
    follows = {
        SkipReason.NOT_MY_AUDIENCE: "I'll suggest fewer posts on its topics.",
        SkipReason.TOO_OFTEN: "I'll message you at most once every 2 weeks from now on.",
        SkipReason.NOT_NOW: "I might suggest it once more, if I haven't yet.",
    }
    for which, sentence in follows.items():
        assert (sentence in words) is (which is reason)
    assert rows(url, RESPONSES) == [("skipped", reason)]
    assert rows(url, ASKS) == [("sent", "skipped")]
    assert direct_messages(world, world.amara) == [message]
    assert message.plain == ANSWERED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3_a_week", "1_a_week"),
        ("2_a_week", "1_a_week"),
        ("1_a_week", "1_in_2_weeks"),
        ("1_in_2_weeks", "1_a_month"),
        ("1_a_month", "1_a_month"),
    ],
)
async def test_too_often_halves_the_pace(
    world: SlackWorld, runtime: Runtime, url: str, before: str, after: str
) -> None:
    message = await receive_ask(world, runtime, world.amara, pace=before)
    words = await skip_with_reason(runtime, world.amara, message, SkipReason.TOO_OFTEN)
    assert rows(url, "SELECT pace FROM member") == [(after,)]
    assert ("I'll message you at most" in words) is (before != after)


async def test_a_reason_can_be_taken_back_where_it_was_given(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_MY_AUDIENCE)
    words = await give_reason(runtime, world.amara, None)
    assert words.startswith("Skipped, thank you.")
    assert "[Not my audience]" in words
    assert rows(url, RESPONSES) == [("skipped", None)]
    assert rows(url, ASKS) == [("sent", "skipped")]


async def test_too_often_counts_once_for_one_post(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click_skip(runtime, world.amara, message)
    for reason in (SkipReason.TOO_OFTEN, SkipReason.NOT_NOW, SkipReason.TOO_OFTEN):
        await give_reason(runtime, world.amara, reason)
    assert rows(url, "SELECT pace FROM member") == [("1_in_2_weeks",)]


async def test_undo_makes_it_a_question_again(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    question = message.plain
    await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_MY_VOICE)
    said = world.amara.private[-1]
    words = await click(runtime, world.amara, said, responses.TAKE_BACK)
    assert words == ("Undone. I've forgotten your answer. You can still share it, or skip it.")
    assert world.amara.private[-1] is said, "in the place of the answer that is taken back"
    assert message.plain == question
    assert rows(url, RESPONSES) == []
    assert rows(url, "SELECT count(*) FROM response_event") == [(0,)]
    assert rows(url, "SELECT consecutive_declines FROM member") == [(0,)]
    await world.amara.press(message, asks.SHARE)
    assert world.amara.view is not None
    assert rows(url, RESPONSES) == [("interested", None)]


async def test_not_my_audience_twice_ends_a_topic_for_a_while(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_MY_AUDIENCE)
    await live_post(world, runtime, topics="releases", title="Second")
    message = await next_direct(world, runtime, world.amara)
    assert message.plain.startswith("Second"), "one may be about the post"
    await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_MY_AUDIENCE)
    await live_post(world, runtime, topics="releases", title="Third")
    await advance(world, runtime, 12 * DAY)
    assert len(direct_messages(world, world.amara)) == 2
    await live_post(world, runtime, topics="open source", title="Fourth")
    await fill_settings(world.amara, topics=["releases", "open source"])
    message = await next_direct(world, runtime, world.amara)
    assert message.plain.startswith("Fourth")


async def test_not_now_brings_it_once_more_and_never_again(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_NOW)
    again = await next_direct(world, runtime, world.amara, within=9 * DAY)
    assert again.at - message.at >= 7 * DAY
    assert "so here it is once more. I won't send it again after this." in again.plain
    await skip_with_reason(runtime, world.amara, again, SkipReason.NOT_NOW)
    await advance(world, runtime, 10 * DAY)
    assert direct_messages(world, world.amara) == [message, again]


async def test_not_now_in_the_channel_brings_it_once_as_well(
    world: SlackWorld, runtime: Runtime
) -> None:
    posted = await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    await world.amara.press(posted, "skip")
    await runtime.context.background_tasks.drain()
    why = responses.reason_action(SkipReason.NOT_NOW)
    await click(runtime, world.amara, world.amara.private[-1], why)
    put_off = world.sandbox.clock()
    message = await next_direct(world, runtime, world.amara, within=6 * DAY)
    assert message.at - put_off >= 3 * DAY
    await advance(world, runtime, 9 * DAY)
    assert direct_messages(world, world.amara) == [message]


async def test_share_instead_opens_the_dialog_and_the_reasons_give_way(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click_skip(runtime, world.amara, message)
    said = world.amara.private[-1]
    words = await click(runtime, world.amara, said, responses.SHARE_INSTEAD)
    assert world.amara.view is not None
    assert words.startswith("You can share it in the dialog that has opened.")
    assert world.amara.private[-1] is said
    assert message.plain == ANSWERED
    assert rows(url, RESPONSES) == [("interested", None)]
    assert rows(url, ASKS) == [("sent", "shared")]
    assert rows(url, "SELECT consecutive_declines FROM member") == [(0,)]


async def test_a_double_click_is_one_answer(world: SlackWorld, runtime: Runtime, url: str) -> None:
    message = await receive_ask(world, runtime, world.amara)
    outcome = await world.amara.press(message, asks.SKIP, times=3)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT consecutive_declines FROM member") == [(1,)]
    assert rows(url, "SELECT stage FROM response_event") == [("skipped",)]


async def test_a_skip_after_another_click_counts(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await choose_in_menu(runtime, world.amara, message, asks.WHO_SEES)
    await click_skip(runtime, world.amara, message)
    assert rows(url, ASKS) == [("sent", "skipped")]
    assert rows(url, "SELECT consecutive_declines FROM member") == [(1,)]


async def test_a_click_long_afterwards_still_answers_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await advance(world, runtime, 8 * DAY)
    assert rows(url, ASKS) == [("sent", "lapsed")]
    assert rows(url, "SELECT consecutive_declines FROM member") == [(1,)]
    await world.amara.press(message, asks.SHARE)
    assert world.amara.view is not None
    assert rows(url, ASKS) == [("sent", "shared")]
    assert rows(url, "SELECT consecutive_declines FROM member") == [(0,)]

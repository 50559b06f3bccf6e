"""Skipping a direct message, the five reasons, and what follows from each."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import ask, skip
from tests.slack.direct import (
    ASKS,
    DAY,
    RESPONSES,
    because,
    choose,
    chosen,
    direct,
    follow,
    let_pass,
    next_direct,
    proposed,
    skipped,
)
from tests.support import Office, actions, live_post, pressed, rows

pytestmark = pytest.mark.usefixtures("polite")


async def test_a_skip_takes_the_place_of_the_message(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await skipped(runtime, place.amara, message)
    assert direct(place, place.amara) == [message]
    assert message.plain == (
        "Our new release is out\n"
        "Skipped, thank you. Nobody is told. If you like, say why; that stays just as private.\n"
        "[Not my audience] [Not my voice] [Too promotional] [Too often] [Not now]\n"
        "[Share it instead]"
    )
    assert place.amara.private[-1].plain.startswith("You've joined"), "nothing beside it"
    assert rows(url, ASKS) == [("sent", "skipped")]
    assert rows(url, RESPONSES) == [("skipped", None)]


@pytest.mark.parametrize("reason", list(SkipReason))
async def test_every_reason_is_thanked_for_in_the_same_place(
    place: Office, runtime: Runtime, url: str, reason: SkipReason
) -> None:
    message = await proposed(place, runtime, place.amara)
    words = await because(runtime, place.amara, message, reason)
    assert words.startswith(
        f"Our new release is out\nThank you: “{skip.WORDS[reason]}”. You can still change your mind"
    )
    assert f"[{skip.WORDS[reason]}]" not in words
    assert "[Share it instead]" in words
    follows = {
        SkipReason.NOT_MY_AUDIENCE: "I'll suggest less about its topics.",
        SkipReason.TOO_OFTEN: "From now on at most once every 2 weeks, whatever else you choose "
        "here; /advocacy settings changes it.",
        SkipReason.NOT_NOW: "I may bring it back once, if I haven't yet and your pace leaves room",
    }
    for which, sentence in follows.items():
        assert (sentence in words) is (which is reason)
    assert rows(url, RESPONSES) == [("skipped", reason)]
    assert rows(url, ASKS) == [("sent", "skipped")]
    assert direct(place, place.amara) == [message]


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
    place: Office, runtime: Runtime, url: str, before: str, after: str
) -> None:
    message = await proposed(place, runtime, place.amara, pace=before)
    words = await because(runtime, place.amara, message, SkipReason.TOO_OFTEN)
    assert rows(url, "SELECT pace FROM member") == [(after,)]
    assert ("From now on at most" in words) is (before != after)


async def test_a_reason_can_be_taken_back_where_it_was_given(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await because(runtime, place.amara, message, SkipReason.NOT_MY_AUDIENCE)
    await pressed(runtime, place.amara, message, skip.reason_action(None))
    words = message.plain
    assert words.startswith("Our new release is out\nSkipped, thank you.")
    assert "[Not my audience]" in words
    assert rows(url, RESPONSES) == [("skipped", None)]
    assert rows(url, ASKS) == [("sent", "skipped")]


async def test_too_often_counts_once_for_one_post(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    for reason in (SkipReason.TOO_OFTEN, SkipReason.NOT_NOW, SkipReason.TOO_OFTEN):
        await because_again(place, runtime, message, reason)
    assert rows(url, "SELECT pace FROM member") == [("1_in_2_weeks",)]


async def because_again(
    place: Office, runtime: Runtime, message: Message, reason: SkipReason
) -> None:
    """Skip first where it was not skipped yet; then the reason."""
    if ask.SKIP in actions(message):
        await skipped(runtime, place.amara, message)
    await pressed(runtime, place.amara, message, skip.reason_action(reason))


async def test_not_my_audience_twice_ends_a_topic_for_a_while(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await because(runtime, place.amara, message, SkipReason.NOT_MY_AUDIENCE)
    await live_post(place, runtime, topics="releases", title="Second")
    message = await next_direct(place, runtime, place.amara)
    assert message.plain.startswith("Second"), "one may be about the post"
    await because(runtime, place.amara, message, SkipReason.NOT_MY_AUDIENCE)
    await live_post(place, runtime, topics="releases", title="Third")
    await let_pass(place, runtime, 12 * DAY)
    assert len(direct(place, place.amara)) == 2
    await live_post(place, runtime, topics="open source", title="Fourth")
    await choose(place.amara, topics=["releases", "open source"])
    message = await next_direct(place, runtime, place.amara)
    assert message.plain.startswith("Fourth")


async def test_not_now_brings_it_once_more_and_never_again(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await because(runtime, place.amara, message, SkipReason.NOT_NOW)
    again = await next_direct(place, runtime, place.amara, within=9 * DAY)
    assert again.at - message.at >= 7 * DAY
    assert "so here it is once more; after that I won't bring it again." in again.plain
    await because(runtime, place.amara, again, SkipReason.NOT_NOW)
    await let_pass(place, runtime, 21 * DAY)
    assert direct(place, place.amara) == [message, again]


async def test_not_now_in_the_channel_brings_it_once_as_well(
    place: Office, runtime: Runtime
) -> None:
    posted = await live_post(place, runtime, topics="releases")
    await follow(place.amara)
    await place.amara.press(posted, "skip")
    await runtime.kit.afterwards.drain()
    why = skip.reason_action(SkipReason.NOT_NOW)
    await pressed(runtime, place.amara, place.amara.private[-1], why)
    put_off = place.sandbox.clock()
    message = await next_direct(place, runtime, place.amara, within=6 * DAY)
    assert message.at - put_off >= 3 * DAY
    await let_pass(place, runtime, 9 * DAY)
    assert direct(place, place.amara) == [message]


async def test_share_instead_opens_the_dialog_and_the_reasons_give_way(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await skipped(runtime, place.amara, message)
    await pressed(runtime, place.amara, message, skip.SHARE_INSTEAD)
    assert place.amara.view is not None
    assert "You can share it in the dialog that has opened." in message.plain
    assert actions(message) == [ask.SHARE]
    assert rows(url, RESPONSES) == [("interested", None)]
    assert rows(url, ASKS) == [("sent", "shared")]
    assert rows(url, "SELECT run FROM member") == [(0,)]


async def test_a_double_click_is_one_answer(place: Office, runtime: Runtime, url: str) -> None:
    message = await proposed(place, runtime, place.amara)
    outcome = await place.amara.press(message, ask.SKIP, times=3)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.kit.afterwards.drain()
    assert rows(url, "SELECT run FROM member") == [(1,)]
    assert rows(url, "SELECT stage FROM response_event") == [("skipped",)]


async def test_a_skip_after_another_click_counts(place: Office, runtime: Runtime, url: str) -> None:
    message = await proposed(place, runtime, place.amara)
    await chosen(runtime, place.amara, message, ask.WHO_SEES)
    await skipped(runtime, place.amara, message)
    assert rows(url, ASKS) == [("sent", "skipped")]
    assert rows(url, "SELECT run FROM member") == [(1,)]


async def test_a_click_long_afterwards_still_answers_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await let_pass(place, runtime, 8 * DAY)
    assert rows(url, ASKS) == [("sent", "lapsed")]
    assert rows(url, "SELECT run FROM member") == [(1,)]
    await place.amara.press(message, ask.SHARE)
    assert place.amara.view is not None
    assert rows(url, ASKS) == [("sent", "shared")]
    assert rows(url, "SELECT run FROM member") == [(0,)]

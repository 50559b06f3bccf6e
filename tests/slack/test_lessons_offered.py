"""Lessons just in time: each offered once, at its moment, and never again once declined or read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lessons import Occasion
from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack import messenger
from bot.slack.views import announcements, responses, share_dialog
from bot.slack.views import lessons as views
from bot.slack.views import membership as member_views
from bot.slack.views.lessons import Place
from bot.slack.views.text import say
from slack_sandbox import Message, Person
from tests.slack.direct_asks import CLOSED, receive_ask
from tests.slack.share_dialog import buttons_in, own_field, own_words_typed, text_in, type_own_words
from tests.support import (
    SlackWorld,
    actions,
    all_rows,
    announced,
    assert_polite,
    click,
    click_in_dialog,
    live_post,
    read_answer,
    rows,
    run_command,
    withdraw,
)

AUDIENCE, WHERE_YOU_WORK, FINE = (
    "choosing-an-audience",
    "saying-where-you-work",
    "it-is-fine-to-skip",
)
OFFER = "A short lesson, if you like:"
SEEN = "SELECT lesson, offered, read, dismissed FROM lesson_seen ORDER BY id"


@pytest.fixture
async def posts(world: SlackWorld, runtime: Runtime) -> list[Message]:
    """Four live posts."""
    for _ in range(4):
        await live_post(world, runtime)
    return announced(world)


@pytest.fixture
async def joined(world: SlackWorld, runtime: Runtime, posts: list[Message]) -> Person:
    """Amara, who has joined and did not want the lesson that was offered with it."""
    await choose_to_browse(runtime, world.amara)
    await world.amara.press(world.amara.private[-1], views.NO_THANKS)
    return world.amara


async def own_words(runtime: Runtime, person: Person, message: Message, words: str) -> None:
    """Share in own words; what comes of it is in the view on top."""
    await person.press(message, announcements.SHARE)
    await click_in_dialog(runtime, person, share_dialog.EDIT)
    type_own_words(person, words)
    await person.submit()


async def choose_to_browse(runtime: Runtime, person: Person) -> str:
    """Join, and choose to browse; what is said to that."""
    assert OFFER not in await run_command(person, "/advocacy join"), "one thing at a time"
    return await click(runtime, person, person.private[-1], member_views.BROWSE_ONLY)


async def test_how_to_choose_an_audience_is_offered_once_after_the_choice_that_joining_asks_for(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    words = await choose_to_browse(runtime, world.amara)
    assert f"{OFFER} “Choosing an audience”." in words
    assert rows(url, SEEN) == [(AUDIENCE, 1, 0, 0)]
    await run_command(world.amara, "/advocacy leave")
    assert OFFER not in await choose_to_browse(runtime, world.amara)
    assert_polite(world)


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_after_the_choice_the_offer_goes_and_the_rest_of_the_answer_stays(
    world: SlackWorld, runtime: Runtime, url: str, action: str
) -> None:
    await choose_to_browse(runtime, world.amara)
    answer = world.amara.private[-1]
    await click(runtime, world.amara, answer, action)
    assert OFFER not in answer.plain
    assert answer.plain.startswith("You'll see posts when you browse")
    assert actions(answer) == [member_views.BROWSE, member_views.SETTINGS]
    read = action == views.READ
    assert rows(url, SEEN) == [(AUDIENCE, 1, read, not read)]
    assert (world.amara.view is not None) == read


async def test_whoever_left_meanwhile_is_not_welcomed_again(
    world: SlackWorld, runtime: Runtime
) -> None:
    await choose_to_browse(runtime, world.amara)
    answer = world.amara.private[-1]
    await run_command(world.amara, "/advocacy leave")
    await click(runtime, world.amara, answer, views.NO_THANKS)
    assert answer.plain.startswith("Hi, I'm Advocacy")


async def test_consent_given_at_the_first_share_offers_it_in_the_dialog(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message]
) -> None:
    await world.amara.press(posts[0], announcements.SHARE)
    assert rows(url, SEEN) == []
    await world.amara.submit()
    view = world.amara.view
    assert view is not None
    assert f"{OFFER} “Choosing an audience”." in view.plain
    text, others = text_in(view), buttons_in(view) - {views.READ, views.NO_THANKS}
    await click_in_dialog(runtime, world.amara, views.NO_THANKS)
    assert OFFER not in view.plain
    assert (text_in(view), buttons_in(view)) == (text, others)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert rows(url, "SELECT stage FROM response") == [("opened",)], "the dialog goes on"
    assert rows(url, SEEN) == [(AUDIENCE, 1, 0, 1)]
    assert OFFER not in view.plain


async def test_the_dialog_is_still_closed_with_its_post_after_an_offer_was_declined(
    world: SlackWorld, runtime: Runtime, posts: list[Message]
) -> None:
    await world.amara.press(posts[0], announcements.SHARE)
    await world.amara.submit()
    await click_in_dialog(runtime, world.amara, views.NO_THANKS)
    await withdraw(world.carl, 1)
    await runtime.tick()
    assert world.amara.view is not None
    assert share_dialog.OPEN not in buttons_in(world.amara.view)


async def test_reading_from_a_dialog_leaves_the_dialog_beneath(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message]
) -> None:
    await world.amara.press(posts[0], announcements.SHARE)
    await world.amara.submit()
    beneath = world.amara.view
    assert beneath is not None
    await click_in_dialog(runtime, world.amara, views.READ)
    on_top = world.amara.view
    assert on_top is not None
    assert on_top is not beneath
    assert "Before you share, picture two or three people" in on_top.plain
    await world.amara.submit()  # Next
    await world.amara.close()  # Done
    assert world.amara.view is beneath
    assert share_dialog.OPEN in buttons_in(beneath)
    assert OFFER not in beneath.plain
    assert rows(url, SEEN) == [(AUDIENCE, 1, 1, 0), ("your-own-words", 0, 1, 0)]


async def test_the_second_skip_offers_that_it_is_fine(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message], joined: Person
) -> None:
    said = [await click(runtime, joined, post, announcements.SKIP) for post in posts]
    assert [OFFER in words for words in said] == [False, True, False, False]
    assert said[1].startswith("Skipped, thank you.")
    assert f"{OFFER} “It's fine to skip”." in said[1]
    assert rows(url, SEEN)[1:] == [(FINE, 1, 0, 0)]
    assert_polite_apart_from_cards(world)


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_after_a_skip_the_offer_goes_and_the_reasons_stay(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    posts: list[Message],
    joined: Person,
    action: str,
) -> None:
    for post in posts[:2]:
        await click(runtime, joined, post, announcements.SKIP)
    answer = joined.private[-1]
    await click(runtime, joined, answer, action)
    assert OFFER not in answer.plain
    said = await click(runtime, joined, answer, responses.reason_action(SkipReason.NOT_NOW))
    assert "Not now" in said
    assert rows(url, "SELECT post_id FROM response WHERE reason = 'not_now'") == [(2,)]
    read = action == views.READ
    assert rows(url, SEEN)[1:] == [(FINE, 1, read, not read)]
    assert (joined.view is not None) == read


async def test_a_lesson_read_before_is_not_offered(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message], joined: Person
) -> None:
    await run_command(joined, "/advocacy lessons")
    await joined.press(joined.private[-1], views.READ, f"{FINE}|list|")
    for post in posts:
        assert OFFER not in await click(runtime, joined, post, announcements.SKIP)


async def test_a_skip_pressed_twice_at_once_offers_once(
    world: SlackWorld, runtime: Runtime, posts: list[Message], joined: Person
) -> None:
    await click(runtime, joined, posts[0], announcements.SKIP)
    await joined.press(posts[1], announcements.SKIP, times=3)
    await runtime.context.background_tasks.drain()
    assert len([one for one in joined.private if OFFER in one.plain]) == 1


async def test_dropping_the_disclosure_offers_why_it_is_there_beside_the_question(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message], joined: Person
) -> None:
    await own_words(runtime, joined, posts[0], "Proud of this.")
    view = joined.view
    assert view is not None
    assert "People may not realise from this where you work." in view.plain
    assert f"{OFFER} “Saying where you work”." in view.plain
    assert own_words_typed(view) == "Proud of this."
    assert rows(url, SEEN)[1:] == [(WHERE_YOU_WORK, 1, 0, 0)]
    before = all_rows(url)
    await joined.submit()
    assert "#AcmeEmployee is enough" in view.plain, "the question stays"
    assert OFFER not in view.plain, "the lesson was offered once"
    assert all_rows(url) == before
    type_own_words(joined, "Proud of this. I work at Acme.")
    await joined.submit()
    assert "your own text" in view.plain
    assert OFFER not in view.plain


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_what_was_typed_survives_the_offer(
    world: SlackWorld, runtime: Runtime, posts: list[Message], joined: Person, action: str
) -> None:
    await own_words(runtime, joined, posts[0], "Proud of this.")
    form = joined.view
    assert form is not None
    type_own_words(joined, "Proud of this, and")
    await click_in_dialog(runtime, joined, action)
    if action == views.READ:
        await joined.close()
    assert joined.view is form
    assert OFFER not in form.plain
    assert own_words_typed(form) == "Proud of this, and"


@pytest.mark.parametrize("words", ["", f"#AcmeEmployee {'word ' * 590}"])
async def test_other_errors_offer_nothing(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message], joined: Person, words: str
) -> None:
    before = rows(url, SEEN)
    await own_words(runtime, joined, posts[0], words or " \n")
    assert joined.view is not None
    assert own_field(joined.view) in joined.view.errors
    assert rows(url, SEEN) == before


@pytest.mark.parametrize("how", ["left", "consent ended"])
async def test_offers_stop_with_consent(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message], joined: Person, how: str
) -> None:
    await click(runtime, joined, posts[0], announcements.SKIP)
    if how == "left":
        await run_command(joined, "/advocacy leave")
    else:
        world.sandbox.clock.advance(timedelta(days=200))
    before = rows(url, SEEN)
    for post in posts[1:]:
        assert OFFER not in await click(runtime, joined, post, announcements.SKIP)
    assert rows(url, SEEN) == before


async def test_skips_of_somebody_who_has_not_joined_offer_nothing(
    world: SlackWorld, runtime: Runtime, url: str, posts: list[Message]
) -> None:
    for post in posts:
        assert OFFER not in await click(runtime, world.bo, post, announcements.SKIP)
    assert rows(url, SEEN) == []


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_an_offer_below_a_direct_message_goes_when_pressed(
    world: SlackWorld, runtime: Runtime, url: str, action: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    question = message.plain
    lesson = runtime.context.lessons.lesson_for(Occasion.AFTER_FIRST_SKIPS)
    assert lesson is not None
    offer = views.offered(say("Something for you."), lesson, Place.HERE)
    await messenger.edit(runtime.context.client, message.channel.id, message.ts, offer)
    assert OFFER in message.plain
    await read_answer(runtime, world.amara, await world.amara.press(message, action))
    assert message.plain == question
    read = action == views.READ
    assert rows(url, SEEN)[1:] == [(FINE, 0, read, not read)]


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_an_offer_pressed_after_leaving_brings_no_post_back(
    world: SlackWorld, runtime: Runtime, action: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    lesson = runtime.context.lessons.lesson_for(Occasion.AFTER_FIRST_SKIPS)
    assert lesson is not None
    offer = views.offered(say("Something for you."), lesson, Place.HERE)
    await messenger.edit(runtime.context.client, message.channel.id, message.ts, offer)
    as_it_was = replace(message)
    await run_command(world.amara, "/advocacy leave")
    await read_answer(runtime, world.amara, await world.amara.press(as_it_was, action))
    assert message.plain == CLOSED


def assert_polite_apart_from_cards(world: SlackWorld) -> None:
    """Cards name their writers to comms; all else pages nobody."""
    for message in world.sandbox.state.messages:
        assert message.channel is world.comms or message.mentions == []

"""Lessons just in time: each offered once, at its moment, and never again once declined or read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.lessons import Occasion
from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.slack import messenger
from bot.slack.views import announcement, dialog, skip
from bot.slack.views import lessons as views
from bot.slack.views import membership as member_views
from bot.slack.views.lessons import Place
from bot.slack.views.text import say
from tests.slack.sharing import buttons_in, own_field, own_typed, text_in, type_own
from tests.support import (
    Office,
    actions,
    announced,
    answered,
    asked,
    assert_polite,
    live_post,
    press_in_dialog,
    pressed,
    rows,
    stored,
)

AUDIENCE, WHERE_YOU_WORK, FINE = (
    "choosing-an-audience",
    "saying-where-you-work",
    "it-is-fine-to-skip",
)
OFFER = "A short lesson, if you like:"
SEEN = (
    "SELECT lesson, first_offered_at IS NOT NULL, read_at IS NOT NULL, dismissed_at IS NOT NULL "
    "FROM lesson_seen ORDER BY id"
)


@pytest.fixture
async def posts(place: Office, runtime: Runtime) -> list[Message]:
    """Four live posts."""
    for _ in range(4):
        await live_post(place, runtime)
    return announced(place)


@pytest.fixture
async def joined(place: Office, posts: list[Message]) -> Person:
    """Amara, who has joined and did not want the lesson that was offered with it."""
    await asked(place.amara, "/advocacy join")
    await place.amara.press(place.amara.private[-1], views.NO_THANKS)
    return place.amara


async def own_words(runtime: Runtime, person: Person, message: Message, words: str) -> None:
    """Share in own words; what comes of it is in the view on top."""
    await person.press(message, announcement.SHARE)
    await press_in_dialog(runtime, person, dialog.EDIT)
    type_own(person, words)
    await person.submit()


async def test_joining_offers_how_to_choose_an_audience_once(
    place: Office, runtime: Runtime, url: str
) -> None:
    words = await asked(place.amara, "/advocacy join")
    assert words.startswith("You've joined.")
    assert f"{OFFER} “Choosing an audience”." in words
    assert rows(url, SEEN) == [(AUDIENCE, 1, 0, 0)]
    await asked(place.amara, "/advocacy leave")
    assert OFFER not in await asked(place.amara, "/advocacy join")
    assert_polite(place)


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_after_joining_the_offer_goes_and_the_rest_of_the_answer_stays(
    place: Office, runtime: Runtime, url: str, action: str
) -> None:
    await asked(place.amara, "/advocacy join")
    answer = place.amara.private[-1]
    await pressed(runtime, place.amara, answer, action)
    assert OFFER not in answer.plain
    assert answer.plain.startswith("You've joined.")
    assert actions(answer) == [
        member_views.IN_CHANNEL,
        member_views.SETTINGS,
        member_views.BROWSE_ONLY,
    ]
    read = action == views.READ
    assert rows(url, SEEN) == [(AUDIENCE, 1, read, not read)]
    assert (place.amara.view is not None) == read


async def test_whoever_left_meanwhile_is_not_welcomed_again(
    place: Office, runtime: Runtime
) -> None:
    await asked(place.amara, "/advocacy join")
    answer = place.amara.private[-1]
    await asked(place.amara, "/advocacy leave")
    await pressed(runtime, place.amara, answer, views.NO_THANKS)
    assert answer.plain.startswith("You aren't taking part")


async def test_consent_given_at_the_first_share_offers_it_in_the_dialog(
    place: Office, runtime: Runtime, url: str, posts: list[Message]
) -> None:
    await place.amara.press(posts[0], announcement.SHARE)
    assert rows(url, SEEN) == []
    await place.amara.submit()
    view = place.amara.view
    assert view is not None
    assert f"{OFFER} “Choosing an audience”." in view.plain
    text, others = text_in(view), buttons_in(view) - {views.READ, views.NO_THANKS}
    await press_in_dialog(runtime, place.amara, views.NO_THANKS)
    assert OFFER not in view.plain
    assert (text_in(view), buttons_in(view)) == (text, others)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert rows(url, "SELECT stage FROM response") == [("opened",)], "the dialog goes on"
    assert rows(url, SEEN) == [(AUDIENCE, 1, 0, 1)]
    assert OFFER not in view.plain


async def test_the_dialog_is_still_closed_with_its_post_after_an_offer_was_declined(
    place: Office, runtime: Runtime, posts: list[Message]
) -> None:
    await place.amara.press(posts[0], announcement.SHARE)
    await place.amara.submit()
    await press_in_dialog(runtime, place.amara, views.NO_THANKS)
    await place.carl.command("/advocacy withdraw 1")
    await runtime.tick()
    assert place.amara.view is not None
    assert dialog.OPEN not in buttons_in(place.amara.view)


async def test_reading_from_a_dialog_leaves_the_dialog_beneath(
    place: Office, runtime: Runtime, url: str, posts: list[Message]
) -> None:
    await place.amara.press(posts[0], announcement.SHARE)
    await place.amara.submit()
    beneath = place.amara.view
    assert beneath is not None
    await press_in_dialog(runtime, place.amara, views.READ)
    on_top = place.amara.view
    assert on_top is not None
    assert on_top is not beneath
    assert "Before you share, picture two or three people" in on_top.plain
    await place.amara.submit()  # Next
    await place.amara.close()  # Done
    assert place.amara.view is beneath
    assert dialog.OPEN in buttons_in(beneath)
    assert OFFER not in beneath.plain
    assert rows(url, SEEN) == [(AUDIENCE, 1, 1, 0), ("your-own-words", 0, 1, 0)]


async def test_the_second_skip_offers_that_it_is_fine(
    place: Office, runtime: Runtime, url: str, posts: list[Message], joined: Person
) -> None:
    said = [await pressed(runtime, joined, post, announcement.SKIP) for post in posts]
    assert [OFFER in words for words in said] == [False, True, False, False]
    assert said[1].startswith("Skipped, thank you.")
    assert f"{OFFER} “It is fine to skip”." in said[1]
    assert rows(url, SEEN)[1:] == [(FINE, 1, 0, 0)]
    assert_polite_apart_from_cards(place)


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_after_a_skip_the_offer_goes_and_the_reasons_stay(
    place: Office,
    runtime: Runtime,
    url: str,
    posts: list[Message],
    joined: Person,
    action: str,
) -> None:
    for post in posts[:2]:
        await pressed(runtime, joined, post, announcement.SKIP)
    answer = joined.private[-1]
    await pressed(runtime, joined, answer, action)
    assert OFFER not in answer.plain
    said = await pressed(runtime, joined, answer, skip.reason_action(SkipReason.NOT_NOW))
    assert "Not now" in said
    assert rows(url, "SELECT post_id FROM response WHERE reason = 'not_now'") == [(2,)]
    read = action == views.READ
    assert rows(url, SEEN)[1:] == [(FINE, 1, read, not read)]
    assert (joined.view is not None) == read


async def test_a_lesson_read_before_is_not_offered(
    place: Office, runtime: Runtime, url: str, posts: list[Message], joined: Person
) -> None:
    await asked(joined, "/advocacy lessons")
    await joined.press(joined.private[-1], views.READ, f"{FINE}|list|")
    for post in posts:
        assert OFFER not in await pressed(runtime, joined, post, announcement.SKIP)


async def test_a_skip_pressed_twice_at_once_offers_once(
    place: Office, runtime: Runtime, posts: list[Message], joined: Person
) -> None:
    await pressed(runtime, joined, posts[0], announcement.SKIP)
    await joined.press(posts[1], announcement.SKIP, times=3)
    await runtime.kit.afterwards.drain()
    assert len([one for one in joined.private if OFFER in one.plain]) == 1


async def test_dropping_the_disclosure_offers_why_it_is_there_beside_the_question(
    place: Office, runtime: Runtime, url: str, posts: list[Message], joined: Person
) -> None:
    await own_words(runtime, joined, posts[0], "Proud of this.")
    view = joined.view
    assert view is not None
    assert "Readers may not see from this that you work there." in view.plain
    assert f"{OFFER} “Saying where you work”." in view.plain
    assert own_typed(view) == "Proud of this."
    assert rows(url, SEEN)[1:] == [(WHERE_YOU_WORK, 1, 0, 0)]
    before = stored(url)
    await joined.submit()
    assert "#AcmeEmployee is enough" in view.plain, "the question stays"
    assert OFFER not in view.plain, "the lesson was offered once"
    assert stored(url) == before
    type_own(joined, "Proud of this. I work at Acme.")
    await joined.submit()
    assert "in your own words" in view.plain
    assert OFFER not in view.plain


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_what_was_typed_survives_the_offer(
    place: Office, runtime: Runtime, posts: list[Message], joined: Person, action: str
) -> None:
    await own_words(runtime, joined, posts[0], "Proud of this.")
    form = joined.view
    assert form is not None
    type_own(joined, "Proud of this, and")
    await press_in_dialog(runtime, joined, action)
    if action == views.READ:
        await joined.close()
    assert joined.view is form
    assert OFFER not in form.plain
    assert own_typed(form) == "Proud of this, and"


@pytest.mark.parametrize("words", ["", f"#AcmeEmployee {'word ' * 590}"])
async def test_other_errors_offer_nothing(
    place: Office, runtime: Runtime, url: str, posts: list[Message], joined: Person, words: str
) -> None:
    before = rows(url, SEEN)
    await own_words(runtime, joined, posts[0], words or " \n")
    assert joined.view is not None
    assert own_field(joined.view) in joined.view.errors
    assert rows(url, SEEN) == before


@pytest.mark.parametrize("how", ["left", "consent ended"])
async def test_offers_stop_with_consent(
    place: Office, runtime: Runtime, url: str, posts: list[Message], joined: Person, how: str
) -> None:
    await pressed(runtime, joined, posts[0], announcement.SKIP)
    if how == "left":
        await asked(joined, "/advocacy leave")
    else:
        place.sandbox.clock.advance(timedelta(days=200))
    before = rows(url, SEEN)
    for post in posts[1:]:
        assert OFFER not in await pressed(runtime, joined, post, announcement.SKIP)
    assert rows(url, SEEN) == before


async def test_skips_of_somebody_who_has_not_joined_offer_nothing(
    place: Office, runtime: Runtime, url: str, posts: list[Message]
) -> None:
    for post in posts:
        assert OFFER not in await pressed(runtime, place.bo, post, announcement.SKIP)
    assert rows(url, SEEN) == []


@pytest.mark.parametrize("action", [views.READ, views.NO_THANKS])
async def test_an_offer_can_stand_below_any_message_and_goes_when_pressed(
    place: Office, runtime: Runtime, url: str, joined: Person, action: str
) -> None:
    """As below a direct message, of which Slack sends back the blocks with the click."""
    lesson = runtime.kit.lessons.offered(Occasion.AFTER_FIRST_SKIPS)
    assert lesson is not None
    message = views.offered(say("Something for you."), lesson, Place.HERE)
    channel = place.sandbox.state.direct_channel(joined).id
    sent = await messenger.post(runtime.kit.client, channel, message)
    assert isinstance(sent, messenger.Sent)
    shown = joined.dm[-1]
    assert OFFER in shown.plain
    await answered(runtime, joined, await joined.press(shown, action))
    assert shown.plain == "Something for you."
    read = action == views.READ
    assert rows(url, SEEN)[1:] == [(FINE, 0, read, not read)]


def assert_polite_apart_from_cards(place: Office) -> None:
    """Cards name their writers to comms; all else pages nobody."""
    for message in place.sandbox.state.messages:
        assert message.channel is place.comms or message.pings == []

"""Deciding about posts: the card in the comms channel, its buttons, and the commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import card
from bot.slack.views.words import CHANGED_MEANWHILE
from tests.support import (
    Office,
    actions,
    announced,
    announced_ids,
    approved_post,
    asked,
    bot_running,
    card_of,
    fields,
    pressed,
    rows,
    stored,
    waiting_post,
    write_post,
)

NAME = "Post 1 (“Our new release is out”)"


def standing(message: Message) -> str:
    """The line of a card that says where its post stands."""
    return message.plain.splitlines()[2]


def shared(place: Office) -> list[Message]:
    """What everybody in the comms channel sees, oldest first."""
    return [one for one in place.cleo.messages(place.comms) if not one.ephemeral_to]


async def test_the_card_shows_the_whole_post(place: Office, runtime: Runtime) -> None:
    shown = await waiting_post(place, runtime)
    for part in (
        "Our new release is out\nPost 1 by @cleo\nWaiting for approval.",
        "It halves the time that a backup takes.",
        "https://flink.example.org/2026/08/31/a-release/",
        "Topics: releases, open source.",
        "120 of 3,000",
        "Backups in half the time. #AcmeEmployee",
    ):
        assert part in shown.plain
    assert actions(shown) == [card.APPROVE, card.SEND_BACK, card.EDIT, card.WITHDRAW]


async def test_nobody_approves_their_own_post(place: Office, runtime: Runtime, url: str) -> None:
    shown = await waiting_post(place, runtime)
    before = stored(url)
    words = await pressed(runtime, place.cleo, shown, card.APPROVE)
    assert words.startswith("You wrote the newest text of")
    assert "somebody else has to approve it" in words
    assert await asked(place.cleo, "/advocacy approve 1") == words
    assert stored(url) == before
    assert standing(shown).startswith("Waiting for approval.")


async def test_with_one_approval_the_writer_approves(
    place: Office, new_sqlite: Callable[[], str]
) -> None:
    async with bot_running(place, new_sqlite(), APPROVALS="1") as runtime:
        shown = await waiting_post(place, runtime)
        assert "other than" not in standing(shown)
        words = await pressed(runtime, place.cleo, shown, card.APPROVE)
        assert words.startswith("Approved: Post 1")
        await runtime.tick()
        assert len(announced(place)) == 1


async def test_approving_twice_says_so(place: Office, runtime: Runtime, url: str) -> None:
    as_it_was = replace(await waiting_post(place, runtime))
    await pressed(runtime, place.carl, as_it_was, card.APPROVE)
    before = stored(url)
    words = await pressed(runtime, place.carl, as_it_was, card.APPROVE)
    assert words == f"{NAME} is approved already."
    assert await asked(place.carl, "/advocacy approve #1") == words
    assert stored(url) == before


async def test_an_approval_counts_for_the_text_that_was_read(
    place: Office, runtime: Runtime, url: str
) -> None:
    outdated = replace(await waiting_post(place, runtime))
    await place.cleo.press(card_of(place, 1), card.EDIT)
    place.cleo.fill({"title": "Quite another title"})
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    before = stored(url)
    words = await pressed(runtime, place.carl, outdated, card.APPROVE)
    assert words == CHANGED_MEANWHILE
    assert stored(url) == before


async def test_sending_back_with_the_button_tells_the_writer_why(
    place: Office, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(place, runtime)
    await place.carl.press(shown, card.SEND_BACK)
    assert place.carl.view is not None
    place.carl.fill({"reason": "  "})
    await place.carl.submit()
    assert list(place.carl.view.errors) == ["reason"]
    place.carl.fill({"reason": "The link leads nowhere."})
    await place.carl.submit()
    await runtime.kit.afterwards.drain()
    assert f"Sent back: {NAME}." in place.carl.view.plain
    assert standing(shown) == "Sent back."
    assert "Sent back by @carl, Sep 1, 2026 at 8:00 AM: The link leads nowhere." in shown.plain
    assert actions(shown) == [card.EDIT, card.WITHDRAW]
    assert announced_ids(place) == [shown.ts]


async def test_comms_hear_of_what_came_back_and_of_what_waits_again(
    place: Office, runtime: Runtime
) -> None:
    await waiting_post(place, runtime)
    await asked(place.carl, "/advocacy send-back 1 See <!here> & below")
    await runtime.kit.afterwards.drain()
    returned = shared(place)[-1]
    assert returned.plain == (
        "@cleo, @carl sent back post 1, “Our new release is out”: See <!here> & below"
    )
    assert set(returned.pings) == {f"<@{place.cleo.id}>", f"<@{place.carl.id}>"}
    await place.cleo.press(card_of(place, 1), card.EDIT)
    place.cleo.fill({"title": "A new release"})
    await place.cleo.submit()
    assert place.cleo.view is None, "the card is in sight, and there is a word beside it"
    await runtime.kit.afterwards.drain()
    again = shared(place)[-1]
    assert again.plain == "Post 1, “A new release”, waits for approval again."
    assert again.pings == []
    await runtime.tick()
    assert [message.ts for message in shared(place)[1:]] == [returned.ts, again.ts]


async def test_a_form_opened_elsewhere_says_where_the_card_is(
    place: Office, runtime: Runtime
) -> None:
    await place.cleo.command("/advocacy queue", channel=place.news)
    place.cleo.fill(fields())
    await place.cleo.submit()
    assert place.cleo.view is not None
    assert f"Sent for approval: {NAME}. Its card is in the comms channel." in place.cleo.view.plain
    assert "Sent for approval" not in str([one.text for one in place.cleo.messages(place.news)])


async def test_a_returned_post_is_edited_and_put_up_again(
    place: Office, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(place, runtime)
    words = await asked(place.carl, "/advocacy send-back 1 Too long, see <!here> & below")
    assert words.startswith(f"Sent back: {NAME}.")
    await runtime.kit.afterwards.drain()
    assert "Too long, see <!here> & below" in shown.plain
    assert "Our new release is out\n[Edit]" in await asked(place.cleo, "/advocacy posts")
    await place.cleo.press(place.cleo.private[-1], card.EDIT)
    place.cleo.fill(fields(why="It is shorter now."))
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    assert standing(shown).startswith("Waiting for approval.")
    assert "an earlier text)" in shown.plain
    assert "It is shorter now." in shown.plain
    words = await pressed(runtime, place.carl, shown, card.APPROVE)
    assert words.startswith("Approved: Post 1")
    assert rows(url, "SELECT revision, what FROM decision") == [(1, "sent_back"), (2, "approved")]


async def test_an_edit_takes_an_approved_post_out_of_the_queue(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime)
    await place.carl.press(card_of(place, 1), card.EDIT)
    assert place.carl.view is not None
    assert "An edit takes it out of the queue" in place.carl.view.plain
    place.carl.fill({"title": "Another title"})
    await place.carl.submit()
    await runtime.tick()
    assert announced(place) == []
    words = await pressed(runtime, place.carl, card_of(place, 1), card.APPROVE)
    assert words.startswith("You wrote the newest text")
    words = await pressed(runtime, place.cleo, card_of(place, 1), card.APPROVE)
    assert words.startswith("Approved: Post 1")


async def test_withdrawing_is_confirmed_and_final(
    place: Office, runtime: Runtime, url: str
) -> None:
    as_it_was = replace(await waiting_post(place, runtime))
    confirm = as_it_was.blocks[-1]["elements"][-1]["confirm"]
    assert confirm["confirm"]["text"] == "Withdraw"
    words = await pressed(runtime, place.cleo, as_it_was, card.WITHDRAW)
    assert words.startswith(f"Withdrawn: {NAME}.")
    assert standing(card_of(place, 1)) == "Withdrawn."
    assert actions(card_of(place, 1)) == []
    before = stored(url)
    again = await pressed(runtime, place.carl, as_it_was, card.WITHDRAW)
    assert again == f"{NAME} was withdrawn already."
    late = await pressed(runtime, place.carl, as_it_was, card.APPROVE)
    assert "withdrawn already" in late
    late = await pressed(runtime, place.carl, as_it_was, card.EDIT)
    assert "withdrawn already" in late
    assert place.carl.views == []
    await place.carl.press(as_it_was, card.SEND_BACK)
    place.carl.fill({"reason": "Too late."})
    closing = place.carl.view
    await place.carl.submit()
    assert closing is not None
    assert "withdrawn already" in closing.plain
    assert stored(url) == before


async def test_sending_back_what_is_approved_is_refused_with_the_reason(
    place: Office, runtime: Runtime, url: str
) -> None:
    await approved_post(place, runtime)
    before = stored(url)
    words = await asked(place.carl, "/advocacy send-back 1 I changed my mind")
    assert "isn't waiting for approval" in words
    assert stored(url) == before


async def test_a_post_whose_time_has_passed_cannot_be_approved(
    place: Office, runtime: Runtime, url: str
) -> None:
    soon = place.sandbox.clock() + timedelta(hours=1)
    await write_post(place.cleo, expires_at=int(soon.timestamp()))
    await runtime.kit.afterwards.drain()
    place.sandbox.clock.advance(timedelta(hours=2))
    words = await pressed(runtime, place.carl, card_of(place, 1), card.APPROVE)
    assert words.startswith(f"The expiry of {NAME} has passed.")
    assert rows(url, "SELECT state FROM post") == [("in_review",)]

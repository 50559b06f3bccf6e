"""Deciding about posts: the card in the comms channel, its buttons, and the commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.runtime import Runtime
from bot.slack.views import cards
from bot.slack.views.replies import CHANGED_MEANWHILE, NO_SUCH_POST, NOT_APPROVED
from slack_sandbox import Message
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    actions,
    all_rows,
    announced,
    announced_ids,
    approved_post,
    bot_running,
    card_of,
    click,
    fields,
    fill_in,
    live_post,
    rows,
    run_command,
    send,
    waiting_post,
    write_post,
)

NAME = "“Our new release is out” (post 1)"


def forecast_line(message: Message) -> str:
    """The line of a card that says where its post stands."""
    return message.plain.splitlines()[2]


def shared(world: SlackWorld) -> list[Message]:
    """What everybody in the comms channel sees, oldest first."""
    return [one for one in world.cleo.messages(world.comms) if not one.ephemeral_to]


async def test_the_card_shows_the_whole_post(world: SlackWorld, runtime: Runtime) -> None:
    shown = await waiting_post(world, runtime)
    for part in (
        "Our new release is out\nPost 1 by @cleo\nWaiting for approval.",
        "It halves the time that a backup takes.",
        "https://flink.example.org/2026/08/31/a-release/",
        "Topics: releases, open source.",
        "120 of 3,000",
        "Backups in half the time. #AcmeEmployee",
    ):
        assert part in shown.plain
    assert actions(shown) == [cards.APPROVE, cards.SEND_BACK, cards.EDIT, cards.WITHDRAW]


async def test_nobody_approves_their_own_post(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    before = all_rows(url)
    words = await click(runtime, world.cleo, shown, cards.APPROVE)
    assert words.startswith("You wrote the newest text of")
    assert "someone else has to approve it" in words
    assert await run_command(world.cleo, "/advocacy approve 1") == ""
    assert world.cleo.view is not None
    assert "You wrote this text, so a colleague has to approve it." in world.cleo.view.plain
    assert "submit" not in world.cleo.view.body
    assert all_rows(url) == before
    assert forecast_line(shown).startswith("Waiting for approval.")


async def test_with_one_approval_the_writer_approves(
    world: SlackWorld, new_sqlite: Callable[[], str]
) -> None:
    async with bot_running(world, new_sqlite(), APPROVALS="1") as runtime:
        shown = await waiting_post(world, runtime)
        assert "other than" not in forecast_line(shown)
        words = await click(runtime, world.cleo, shown, cards.APPROVE)
        assert words.startswith("Approved: “")
        await runtime.tick()
        assert len(announced(world)) == 1


async def test_approving_twice_says_so(world: SlackWorld, runtime: Runtime, url: str) -> None:
    as_it_was = replace(await waiting_post(world, runtime))
    await click(runtime, world.carl, as_it_was, cards.APPROVE)
    before = all_rows(url)
    words = await click(runtime, world.carl, as_it_was, cards.APPROVE)
    assert words == f"{NAME} is already approved."
    assert await run_command(world.carl, "/advocacy approve #1") == ""
    assert world.carl.view is not None
    assert "Approved by @carl" in world.carl.view.plain
    assert "submit" not in world.carl.view.body
    assert all_rows(url) == before


async def test_an_approval_counts_for_the_text_that_was_read(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    outdated = replace(await waiting_post(world, runtime))
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"title": "Quite another title"})
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    before = all_rows(url)
    words = await click(runtime, world.carl, outdated, cards.APPROVE)
    assert words == CHANGED_MEANWHILE
    assert all_rows(url) == before


async def test_what_changed_after_the_command_is_not_approved_unread(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    await run_command(world.carl, "/advocacy approve 1")
    read = world.carl.view
    assert read is not None
    assert "Our new release is out" in read.plain
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"title": "Quite another title"})
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    before = all_rows(url)
    await world.carl.submit()
    assert CHANGED_MEANWHILE in read.plain
    assert all_rows(url) == before


async def test_sending_back_with_the_button_tells_the_writer_why(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    await world.carl.press(shown, cards.SEND_BACK)
    assert world.carl.view is not None
    world.carl.fill({"reason": "  "})
    await send(world.carl)
    assert list(world.carl.view.errors) == ["reason"]
    world.carl.fill({"reason": "The link leads nowhere."})
    await send(world.carl)
    await runtime.context.background_tasks.drain()
    assert f"Sent back: {NAME}." in world.carl.view.plain
    assert forecast_line(shown) == "Sent back."
    assert "Sent back by @carl, Sep 1, 2026 at 8:00 AM: The link leads nowhere." in shown.plain
    assert actions(shown) == [cards.EDIT, cards.WITHDRAW]
    assert announced_ids(world) == [shown.ts]


async def test_comms_hear_of_what_came_back_and_of_what_waits_again(
    world: SlackWorld, runtime: Runtime
) -> None:
    await waiting_post(world, runtime)
    await run_command(world.carl, "/advocacy send-back 1 See <!here> & below")
    await runtime.context.background_tasks.drain()
    returned = shared(world)[-1]
    assert returned.plain.startswith("@cleo, your post Our new release is out (https://")
    assert card_of(world, 1).ts.replace(".", "") in returned.plain, "a link to its card"
    assert returned.plain.endswith(" was sent back: See <!here> & below")
    assert set(returned.mentions) == {f"<@{world.cleo.id}>"}, "only who has to do something"
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"title": "A new release"})
    await send(world.cleo)
    assert world.cleo.view is None, "the card is in sight, and there is a word beside it"
    await runtime.context.background_tasks.drain()
    again = shared(world)[-1]
    assert again.plain.startswith("A new release (https://")
    assert again.plain.endswith(" is waiting for approval again.")
    assert again.mentions == []
    await runtime.tick()
    assert [message.ts for message in shared(world)[1:]] == [returned.ts, again.ts]


async def test_a_form_opened_elsewhere_says_where_the_card_is(
    world: SlackWorld, runtime: Runtime
) -> None:
    await world.cleo.command("/advocacy queue", channel=world.news)
    await fill_in(world.cleo, fields())
    await send(world.cleo)
    assert world.cleo.view is not None
    assert f"Sent for approval: {NAME}. Its card is in the comms channel." in world.cleo.view.plain
    assert "Sent for approval" not in str([one.text for one in world.cleo.messages(world.news)])


async def test_a_returned_post_is_edited_and_put_up_again(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    words = await run_command(world.carl, "/advocacy send-back 1 Too long, see <!here> & below")
    assert words.startswith(f"Sent back: {NAME}.")
    await runtime.context.background_tasks.drain()
    assert "Too long, see <!here> & below" in shown.plain
    listed = await run_command(world.cleo, "/advocacy posts")
    assert "Sent back\nPost 1: Our new release is out (https://" in listed
    assert listed.endswith("\n[Edit]")
    await world.cleo.press(world.cleo.private[-1], cards.EDIT)
    await fill_in(world.cleo, fields(why="It is shorter now."))
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert forecast_line(shown).startswith("Waiting for approval.")
    assert "an earlier text)" in shown.plain
    assert "It is shorter now." in shown.plain
    words = await click(runtime, world.carl, shown, cards.APPROVE)
    assert words.startswith("Approved: “")
    assert rows(url, "SELECT revision, what FROM decision") == [(1, "sent_back"), (2, "approved")]


async def test_an_edit_takes_an_approved_post_out_of_the_queue(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    await world.carl.press(card_of(world, 1), cards.EDIT)
    assert world.carl.view is not None
    assert "An edit takes it out of the queue" in world.carl.view.plain
    world.carl.fill({"title": "Another title"})
    await send(world.carl)
    await runtime.tick()
    assert announced(world) == []
    words = await click(runtime, world.carl, card_of(world, 1), cards.APPROVE)
    assert words.startswith("You wrote the newest text")
    words = await click(runtime, world.cleo, card_of(world, 1), cards.APPROVE)
    assert words.startswith("Approved: “")


async def test_the_card_shows_what_changed_in_an_approved_post(
    world: SlackWorld, runtime: Runtime
) -> None:
    shown = await waiting_post(world, runtime)
    await run_command(world.carl, "/advocacy approve 1")
    await world.carl.submit()
    await runtime.context.background_tasks.drain()
    assert "What changed" not in shown.plain
    await world.cleo.press(shown, cards.EDIT)
    world.cleo.fill({"title": "A newer release", "kind": "own_news"})
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    changed = shown.plain.partition("What changed since it was approved")[2]
    for said in ("Title, before and now:", "A newer release", "Useful to readers", "Our own news"):
        assert said in changed
    assert "Link, before and now:" not in changed


async def test_a_past_post_is_duplicated_without_its_dates(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    now = int(world.sandbox.clock().timestamp())
    ends = {"not_before": now, "expires_at": now + 20 * 86_400}
    shown = await live_post(world, runtime, topics="Ops", **ends)
    card = card_of(world, 1)
    await world.carl.command("/advocacy withdraw 1", channel=world.comms)
    await runtime.context.background_tasks.drain()
    await world.carl.press(world.carl.private[-1], cards.WITHDRAW)
    await runtime.context.background_tasks.drain()
    assert cards.EDIT not in str(card.blocks)
    await world.gus.press(card, cards.DUPLICATE)
    view = world.gus.view
    assert view is not None
    assert "A copy of “Our new release is out” (post 1), without its dates." in view.plain
    held = {block: next(iter(values.values())) for block, values in view.values.items()}
    assert held["topics"]["value"] == "Ops"
    assert held["x:0"]["value"] == "Backups in half the time."
    assert held["not_before"]["selected_date_time"] is None
    assert held["expires_at"]["selected_date_time"] is None
    world.gus.fill({"title": "Once more"})
    await send(world.gus)
    await runtime.context.background_tasks.drain()
    titles = rows(url, "SELECT post_id, title FROM revision ORDER BY post_id")
    assert titles == [(1, "Our new release is out"), (2, "Once more")]
    assert card_of(world, 2).plain.startswith("Once more\nPost 2 by @gus")
    assert shown.plain.startswith("Our new release is out")
    await world.cleo.command("/advocacy duplicate 1", channel=world.comms)
    assert world.cleo.view is not None
    assert "A copy of" in world.cleo.view.plain
    assert await run_command(world.carl, "/advocacy duplicate 9") == NO_SUCH_POST.replace("*", "")


async def test_withdrawing_is_confirmed_and_final(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    as_it_was = replace(await waiting_post(world, runtime))
    confirm = as_it_was.blocks[-1]["elements"][-1]["confirm"]
    assert confirm["confirm"]["text"] == "Withdraw"
    words = await click(runtime, world.cleo, as_it_was, cards.WITHDRAW)
    assert words.startswith(f"Withdrawn: {NAME}.")
    assert forecast_line(card_of(world, 1)) == "Withdrawn."
    assert actions(card_of(world, 1)) == [cards.DUPLICATE]
    before = all_rows(url)
    again = await click(runtime, world.carl, as_it_was, cards.WITHDRAW)
    assert again == f"{NAME} was already withdrawn."
    late = await click(runtime, world.carl, as_it_was, cards.APPROVE)
    assert "already been withdrawn" in late
    late = await click(runtime, world.carl, as_it_was, cards.EDIT)
    assert "already been withdrawn" in late
    assert world.carl.views == []
    await world.carl.press(as_it_was, cards.SEND_BACK)
    world.carl.fill({"reason": "Too late."})
    closing = world.carl.view
    await send(world.carl)
    assert closing is not None
    assert "already been withdrawn" in closing.plain
    assert all_rows(url) == before


async def test_sending_back_what_is_approved_is_refused_with_the_reason(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await approved_post(world, runtime)
    before = all_rows(url)
    words = await run_command(world.carl, "/advocacy send-back 1 I changed my mind")
    assert "isn't waiting for approval" in words
    assert all_rows(url) == before


async def test_a_post_whose_time_has_passed_cannot_be_approved(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    soon = world.sandbox.clock() + timedelta(hours=1)
    await write_post(world.cleo, expires_at=int(soon.timestamp()))
    await runtime.context.background_tasks.drain()
    world.sandbox.clock.advance(timedelta(hours=2))
    words = await click(runtime, world.carl, card_of(world, 1), cards.APPROVE)
    assert words.startswith(f"{NAME} is past its end.")
    assert rows(url, "SELECT state FROM post") == [("in_review",)]


async def test_comms_are_reminded_once_in_their_channel_of_what_waits(
    world: SlackWorld, runtime: Runtime
) -> None:
    await waiting_post(world, runtime)
    before = len(world.cleo.messages(world.comms))
    for _ in range(3):
        world.sandbox.clock.advance(timedelta(days=2))
        await runtime.tick()
    [reminder] = world.cleo.messages(world.comms)[before:]
    assert "has been waiting for approval for two working days." in reminder.plain
    assert reminder.mentions == []
    assert world.amara.private == []
    await world.carl.press(reminder, cards.REVIEW)
    assert world.carl.view is not None
    await world.carl.submit()
    await runtime.context.background_tasks.drain()
    assert "Approved: “" in world.carl.view.plain


async def test_an_approved_post_is_copied_as_an_e_mail_and_nothing_is_sent(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    card = await waiting_post(world, runtime)
    assert cards.COPY_AS_EMAIL not in str(card.blocks)
    await run_command(world.carl, "/advocacy approve 1")
    await world.carl.submit()
    await runtime.context.background_tasks.drain()
    before, sent = all_rows(url), len(world.sandbox.state.messages)
    held = list(card.blocks)
    await world.gus.press(card, cards.COPY_AS_EMAIL)
    view = world.gus.view
    assert view is not None
    for said in ("Our new release is out", "For X:", f"{DISCLOSURE} {LINK}", "I send nothing."):
        assert said in view.plain
    assert (all_rows(url), len(world.sandbox.state.messages)) == (before, sent)
    await world.gus.close()
    await world.cleo.press(card, cards.EDIT)
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert cards.COPY_AS_EMAIL not in str(card.blocks)
    stale = replace(card, blocks=held)
    assert await click(runtime, world.gus, stale, cards.COPY_AS_EMAIL) == NOT_APPROVED

"""The desk of comms: reading before approving, the schedule, and a Home tab that keeps up."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.slack.views import cards, freeze, notices, schedule
from bot.slack.views.replies import CHANGED_MEANWHILE
from slack_sandbox import Fault, Person
from tests.slack.home_tab import click_on_home, open_home
from tests.support import (
    SlackWorld,
    announced,
    approved_post,
    card_of,
    click_in_dialog,
    fields,
    fill_in,
    live_post,
    rows,
    run_command,
    send,
    the_card,
    waiting_post,
    write_post,
)


def shown(person: Person) -> str:
    """What stands in the dialog on top."""
    assert person.view is not None
    return person.view.plain_for(person)


def home_of(person: Person) -> str:
    """What stands on the Home tab, which nobody has opened again."""
    assert person.home is not None
    return person.home.plain_for(person)


async def submit(runtime: Runtime, person: Person) -> None:
    assert (await send(person)).acknowledged
    await runtime.context.background_tasks.drain()


async def test_a_post_is_read_and_approved_from_home_with_two_clicks(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    assert "It's waiting for your approval.\n[Review]" in await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, cards.REVIEW)
    words = shown(world.carl)
    for part in (
        "Waiting for approval. You can approve it below.",
        "Share if you like, in your own name.",
        "Backups in half the time. #AcmeEmployee",
        "Topics: releases, open source.",
    ):
        assert part in words
    assert "[Share]" not in words, "nothing in it can be shared"
    await submit(runtime, world.carl)
    assert "Approved: “" in shown(world.carl)
    assert rows(url, "SELECT state, approved_revision FROM post") == [("approved", 1)]
    assert home_of(world.carl).startswith("Comms desk\nNothing needs you.")


async def test_an_approval_is_of_the_text_that_was_read(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, cards.REVIEW)
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"title": "Another title"})
    await submit(runtime, world.cleo)
    await submit(runtime, world.carl)
    assert CHANGED_MEANWHILE in shown(world.carl)
    assert rows(url, "SELECT state, approved_revision FROM post") == [("in_review", None)]


async def test_what_changed_since_the_last_approval_stands_first(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime)
    await world.cleo.press(the_card(world, 1), cards.EDIT)
    world.cleo.fill({"title": "Backups in half the time", "x:0": None})
    await submit(runtime, world.cleo)
    assert "a correction is waiting for your approval" in await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, cards.REVIEW)
    words = shown(world.carl)
    assert "What changed since it was approved" in words
    assert "Title, before and now:\nOur new release is out\nBackups in half the time" in words
    assert "X, removed. It was:\nBackups in half the time." in words
    assert "LinkedIn, before and now" not in words


async def test_the_dialog_sends_back_edits_and_withdraws(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    for _ in range(3):
        await waiting_post(world, runtime)
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, cards.REVIEW)
    await click_in_dialog(runtime, world.carl, cards.SEND_BACK)
    world.carl.fill({"reason": "The link is broken."})
    await submit(runtime, world.carl)
    assert "Post 1 by" not in home_of(world.carl), "the Home tab followed"
    await world.carl.close()
    await click_on_home(runtime, world.carl, cards.REVIEW)
    await click_in_dialog(runtime, world.carl, cards.EDIT)
    world.carl.fill({"title": "Shorter"})
    await submit(runtime, world.carl)
    assert "Waiting for a colleague: 1. Sent back to a colleague: 1." in home_of(world.carl)
    await world.carl.close()
    await click_on_home(runtime, world.carl, cards.REVIEW)
    await click_in_dialog(runtime, world.carl, cards.WITHDRAW)
    assert home_of(world.carl).startswith("Comms desk\nNothing needs you.")
    states = rows(url, "SELECT state FROM post ORDER BY id")
    assert states == [("returned",), ("in_review",), ("withdrawn",)]
    returned = await open_home(runtime, world.cleo)
    assert "It was sent back to you: The link is broken.\n[Edit] [Review]" in returned
    assert "Post 2 by @carl. It's waiting for your approval." in returned


async def test_who_wrote_it_reads_why_a_colleague_has_to_approve(
    world: SlackWorld, runtime: Runtime
) -> None:
    await waiting_post(world, runtime)
    assert (await open_home(runtime, world.cleo)).startswith("Comms desk\nNothing needs you.")
    await run_command(world.cleo, "/advocacy posts")
    await world.cleo.press(world.cleo.private[-1], cards.REVIEW)
    assert "You wrote this text, so a colleague has to approve it." in shown(world.cleo)
    assert world.cleo.view is not None
    assert "submit" not in world.cleo.view.body


async def test_the_schedule_names_moments_in_one_zone_and_moves(
    world: SlackWorld, runtime: Runtime
) -> None:
    for title in ("First", "Second", "Third"):
        await approved_post(world, runtime, title=title, topics="")
    assert "Planned for Thu 3 Sep, 10:00 Berlin, after post 1." in the_card(world, 2).plain
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, schedule.OPEN)
    assert order(world.carl) == ["First", "Second", "Third"]
    view = world.carl.view
    assert view is not None
    await press_on(runtime, world.carl, f"{schedule.MOVE}:next", "3:1")
    assert order(world.carl) == ["Third", "First", "Second"]
    await press_on(runtime, world.carl, f"{schedule.MOVE}:down", "3:1")
    assert order(world.carl) == ["First", "Third", "Second"]
    await press_on(runtime, world.carl, f"{schedule.MOVE}:up", "2:1")
    assert order(world.carl) == ["First", "Second", "Third"]
    await press_on(runtime, world.carl, f"{schedule.MOVE}:next", "2:1")
    assert "Planned for Thu 3 Sep, 10:00 Berlin, after post 2" in the_card(world, 1).plain
    assert home_of(world.carl).index("Second") < home_of(world.carl).index("First")
    await runtime.tick()
    assert announced(world)[0].plain.startswith("Second")


async def test_the_reader_s_own_time_stands_beside_another_zone(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.comms.members.append(world.amara)  # in New York
    await approved_post(world, runtime, title="First")
    await approved_post(world, runtime, title="Second")
    words = await run_command(world.amara, "/advocacy posts")
    assert "Planned for Thu 3 Sep, 10:00 Berlin (your time: Thu 3 Sep, 4:00), after post 1" in words
    assert "your time" not in await run_command(world.carl, "/advocacy posts")


async def test_a_move_in_a_list_shows_the_list_again(world: SlackWorld, runtime: Runtime) -> None:
    for title in ("First", "Second"):
        await approved_post(world, runtime, title=title, topics="")
    await run_command(world.gus, "/advocacy posts")
    assert f"{schedule.MOVE}:up" not in str(world.gus.private[-1].blocks), "guests move nothing"
    await run_command(world.carl, "/advocacy posts")
    await world.carl.press(world.carl.private[-1], f"{schedule.MOVE}:up")
    await runtime.context.background_tasks.drain()
    words = world.carl.private[-1].plain_for(world.carl)
    assert words.index("Second") < words.index("First")


async def test_a_post_that_cannot_go_earlier_says_so(world: SlackWorld, runtime: Runtime) -> None:
    later = int(world.sandbox.clock().timestamp()) + 9 * 86_400
    await approved_post(world, runtime, title="First", topics="")
    await approved_post(world, runtime, title="Second", topics="", not_before=later)
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, f"{schedule.MOVE}:up")
    assert "stays where it is" in shown(world.carl)


async def test_a_lost_send_is_settled_from_home(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await approved_post(world, runtime)
    world.sandbox.faults.add(Fault("chat.postMessage", status=503))
    await runtime.tick()
    words = await open_home(runtime, world.carl)
    assert "I can't tell whether it reached the channel. Please look, and tell me." in words
    assert "I can't tell" not in await open_home(runtime, world.gus)
    words = await click_on_home(runtime, world.carl, notices.IT_IS_THERE)
    assert words.startswith("Comms desk\nNothing needs you.")
    assert "Live since Tue 1 Sep, 10:00 Berlin." in words
    assert rows(url, "SELECT state FROM post") == [("live",)]


async def test_a_freeze_is_on_the_desk(world: SlackWorld, runtime: Runtime) -> None:
    await open_home(runtime, world.carl)
    words = await click_on_home(runtime, world.carl, freeze.FREEZE)
    assert words.startswith("Comms desk\nNeeds you\nPosting is frozen.")
    assert "Unfreeze" not in await open_home(runtime, world.gus)
    words = await click_on_home(runtime, world.carl, freeze.UNFREEZE)
    assert words.startswith("Comms desk\nNothing needs you.")


async def test_home_follows_what_its_viewer_does_elsewhere(
    world: SlackWorld, runtime: Runtime
) -> None:
    await open_home(runtime, world.cleo)
    await write_post(world.cleo)
    await runtime.context.background_tasks.drain()
    assert "Waiting for a colleague: 1." in home_of(world.cleo)
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    await fill_in(world.cleo, fields(title="Edited"))
    assert world.cleo.view is not None
    await click_in_dialog(runtime, world.cleo, "save_draft")
    assert "Drafts: 1." in home_of(world.cleo)
    await open_home(runtime, world.carl)
    await write_post(world.cleo, title="Another")
    await runtime.context.background_tasks.drain()
    await run_command(world.carl, "/advocacy send-back 2 Why?")
    await runtime.context.background_tasks.drain()
    assert "Sent back to a colleague: 1." in home_of(world.carl)


async def test_a_live_post_is_linked_from_its_card_and_from_the_desk(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime)
    address = message.ts.replace(".", "")
    card = the_card(world, 1).plain
    assert "Live since Tue 8 Sep, 10:00 Berlin. See it in the channel (https://" in card
    assert "I show no figures about a post while it is live." in card
    assert address in card
    assert address in await open_home(runtime, world.carl)
    assert the_card(world, 1).ts.replace(".", "") in await open_home(runtime, world.carl)


def order(person: Person) -> list[str]:
    """The titles in the schedule, from above."""
    words = shown(person)
    titles = ("First", "Second", "Third")
    return sorted((one for one in titles if f"{one} (" in words), key=lambda one: words.index(one))


async def press_on(runtime: Runtime, person: Person, action: str, value: str) -> None:
    await click_in_dialog(runtime, person, action, value)

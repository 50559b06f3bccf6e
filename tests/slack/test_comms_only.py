"""Who may do what comms do: asked of Slack each time, and told kindly to everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.runtime import Runtime
from bot.slack.directory import REFUSED_FOR
from bot.slack.views import cards, freeze, post_form
from bot.slack.views.announcements import SHARE
from bot.slack.views.replies import CANNOT_CHECK, GUEST, NOT_COMMS, STRANGER
from slack_sandbox import Fault, Person
from tests.support import (
    SlackWorld,
    all_rows,
    announced,
    approve,
    approved_post,
    click,
    deliver,
    fields,
    fill_in,
    rows,
    run_command,
    send,
    sentences,
    waiting_post,
    write_post,
)

REFUSED = f"{NOT_COMMS}\n[Write to comms]"

LINES = (
    "queue",
    "queue https://example.org/news",
    "posts",
    "approve 1",
    "send-back 1 why not",
    "withdraw 1",
    "freeze",
    "unfreeze",
    "health",
    "audit",
    "audit 1",
    "APPROVE 1",
)
DECIDING = ("approve 1", "send-back 1 why not", "withdraw 1", "freeze", "unfreeze", "audit")


def reads(person: Person) -> str:
    """Everything that this person alone has read."""
    views = [f"{view.plain} {view.body}" for view in person.views]
    messages = [f"{one.plain} {one.text} {one.blocks}" for one in person.private]
    return "\n".join((*views, *messages))


async def test_others_are_told_whom_to_ask_and_never_the_private_channel(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    before = all_rows(url)
    for line in LINES:
        assert await run_command(world.amara, f"/advocacy {line}") == REFUSED
    assert world.amara.view is None
    for line in ("", "help", "join", "status", "browse", "leave", "comms", "unknown"):
        await run_command(world.amara, f"/advocacy {line}")
    seen = reads(world.amara)
    assert world.comms.name not in seen
    assert world.comms.id not in seen
    for table in ("post", "decision", "act", "notice", "workspace"):
        assert all_rows(url)[table] == before[table]


async def test_others_cannot_use_a_card_that_they_got_hold_of(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    before = all_rows(url)
    for action in (cards.APPROVE, cards.SEND_BACK, cards.EDIT, cards.WITHDRAW):
        words = await click(runtime, world.amara, shown, action)
        assert words == REFUSED
    assert world.amara.view is None
    assert all_rows(url) == before


async def test_guests_may_write_but_not_decide(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    await write_post(world.gus, title="A guest's post")
    await runtime.context.background_tasks.drain()
    assert "A guest's post" in await run_command(world.gus, "/advocacy posts")
    before = all_rows(url)
    for line in DECIDING:
        assert await run_command(world.gus, f"/advocacy {line}") == GUEST
    for action in (cards.APPROVE, cards.SEND_BACK, cards.WITHDRAW):
        assert await click(runtime, world.gus, shown, action) == GUEST
    assert all_rows(url) == before

    await world.gus.press(shown, cards.EDIT)
    world.gus.fill({"title": "Mended by a guest"})
    await send(world.gus)
    await runtime.context.background_tasks.drain()
    assert shown.plain.startswith("Mended by a guest\nPost 1 by @gus")
    assert "Approved: “" in await approve(world.cleo, 1)


async def test_a_freeze_is_checked_again_when_it_is_confirmed(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await approved_post(world, runtime)
    before = all_rows(url)
    await run_command(world.carl, "/advocacy freeze")
    question = world.carl.private[-1]
    world.carl.restricted = True
    assert await click(runtime, world.carl, question, freeze.FREEZE) == GUEST
    world.carl.restricted = False
    world.sandbox.clock.advance(REFUSED_FOR)
    await run_command(world.carl, "/advocacy freeze")
    question = world.carl.private[-1]
    world.comms.members.remove(world.carl)
    words = await click(runtime, world.carl, question, freeze.FREEZE)
    assert words == REFUSED
    assert all_rows(url) == before


async def test_strangers_of_another_organisation_get_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    stranger = world.sandbox.add_person("sam", team_id="T0ELSEWHERE")
    world.comms.members.append(stranger)
    before = all_rows(url)
    for line in LINES:
        assert await run_command(stranger, f"/advocacy {line}") == STRANGER
    for action in (cards.APPROVE, cards.SEND_BACK, cards.EDIT, cards.WITHDRAW):
        words = await click(runtime, stranger, shown, action)
        assert words == STRANGER
    assert stranger.view is None
    assert all_rows(url) == before


async def test_a_command_from_another_workspace_is_turned_away(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    payload = {
        "command": "/advocacy",
        "text": "join",
        "team_id": "T0ELSEWHERE",
        "user_id": world.amara.id,
        "trigger_id": "1.2",
        "response_url": world.sandbox.state.new_response_url(world.amara, world.news),
    }
    outcome = await deliver(world, payload, "slash_commands")
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()
    assert world.amara.private[-1].plain == STRANGER
    assert all_rows(url) == before


async def test_who_left_the_comms_channel_can_decide_no_more(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(world, runtime)
    assert "Waiting for approval" in await run_command(world.carl, "/advocacy posts")
    world.comms.members.remove(world.carl)
    before = all_rows(url)
    assert await run_command(world.carl, "/advocacy approve 1") == REFUSED
    assert await click(runtime, world.carl, shown, cards.APPROVE) == REFUSED
    assert all_rows(url) == before
    world.comms.members.append(world.carl)
    world.sandbox.clock.advance(timedelta(seconds=10))  # so long that is believed
    assert "Approved: “" in await approve(world.carl, 1)


async def test_a_form_that_was_open_when_its_writer_left_comms_stores_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await world.cleo.command("/advocacy queue")
    await fill_in(world.cleo, fields())
    world.comms.members.remove(world.cleo)
    view = world.cleo.view
    assert view is not None
    before = all_rows(url)
    await world.cleo.press(view, post_form.SAVE)
    await runtime.context.background_tasks.drain()
    assert NOT_COMMS in world.cleo.views[1].plain
    await world.cleo.close()
    await send(world.cleo)
    assert [*view.errors.values()] == [NOT_COMMS]
    assert all_rows(url) == before


async def test_a_reason_given_by_somebody_who_left_comms_stores_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await world.carl.press(await waiting_post(world, runtime), cards.SEND_BACK)
    world.comms.members.remove(world.carl)
    view = world.carl.view
    assert view is not None
    before = all_rows(url)
    world.carl.fill({"reason": "Not now."})
    await send(world.carl)
    assert NOT_COMMS in view.plain
    assert all_rows(url) == before


async def test_a_person_is_found_on_a_later_page_of_a_large_channel(
    world: SlackWorld, runtime: Runtime
) -> None:
    many = [world.sandbox.add_person(f"p{number}") for number in range(1100)]
    world.comms.members[:] = [*many, world.carl]
    assert "There are no posts yet." in await run_command(world.carl, "/advocacy posts")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("conversations.members", error="missing_scope", times=None),
        Fault("conversations.members", error="channel_not_found", times=None),
        Fault("conversations.members", status=500, times=None),
        Fault("conversations.members", status=429, retry_after=30, times=None),
        Fault("conversations.members", cut=True, times=None),
    ],
    ids=["missing_scope", "channel_not_found", "5xx", "429", "cut"],
)
async def test_when_slack_does_not_tell_who_is_in_comms_nothing_changes(
    world: SlackWorld, runtime: Runtime, url: str, fault: Fault
) -> None:
    shown = await waiting_post(world, runtime)
    before = all_rows(url)
    world.sandbox.faults.add(fault)
    for line in LINES:
        assert await run_command(world.carl, f"/advocacy {line}") == CANNOT_CHECK
    for action in (cards.APPROVE, cards.SEND_BACK, cards.EDIT, cards.WITHDRAW):
        words = await click(runtime, world.carl, shown, action)
        assert words == CANNOT_CHECK
    assert world.carl.view is None
    # That Slack did not say it is all that is noted.
    assert {**all_rows(url), "rest": ()} == {**before, "rest": ()}
    world.sandbox.faults.clear()
    world.sandbox.clock.advance(timedelta(seconds=fault.retry_after or 0))
    assert "Approved: “" in await approve(world.carl, 1)


async def test_a_slow_answer_about_comms_is_not_waited_for(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    before = all_rows(url)
    world.sandbox.faults.add(Fault("conversations.members", delay=2.5))
    outcome = await world.carl.command("/advocacy approve 1")
    assert outcome.acknowledged
    assert outcome.seconds < 3
    assert world.carl.private[-1].plain == CANNOT_CHECK
    assert all_rows(url) == before


async def test_a_deactivated_account_decides_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    world.carl.deleted = True
    assert await run_command(world.carl, "/advocacy approve 1") == STRANGER
    assert rows(url, "SELECT id FROM decision") == []


async def test_nothing_that_members_read_names_the_comms_channel(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    await runtime.tick()
    assert not [one for one in sentences(world) if world.comms.name in one]
    for person in (world.amara, world.bo):
        for line in ("/advocacy", "/advocacy join", "/advocacy browse", "/advocacy posts"):
            await run_command(person, line)
        await person.press(announced(world)[0], SHARE)
        await person.open_home()
        await runtime.context.background_tasks.drain()
        assert person.home is not None
        read = [message.blocks for message in (*person.messages(world.news), *person.private)]
        shown = [person.home.body, *(view.body for view in person.views)]
        assert world.comms.id not in f"{read} {shown}"

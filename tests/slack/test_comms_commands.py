"""What comms type: numbers that are none, the list of posts, and the freeze."""

from __future__ import annotations

import pytest

from bot.domain.desk import MOST_EACH
from bot.domain.freeze import ENDLESS
from bot.domain.ids import UserId
from bot.runtime import Runtime
from bot.services import posts
from bot.services.posts import FormOrigin
from bot.slack.views import cards, freeze
from bot.slack.views.replies import NO_SUCH_POST
from bot.storage.tables import WorkspaceRow
from bot.storage.tx import Tx
from slack_sandbox import Message
from tests.support import (
    SlackWorld,
    actions,
    all_rows,
    announced,
    approved_post,
    card_of,
    checked_content,
    click,
    execute_sql,
    live_post,
    plainly,
    run_command,
    send,
    submit_post,
    waiting_post,
)


def forecast_line(message: Message) -> str:
    """The line of a card that says where its post stands."""
    return message.plain.splitlines()[2]


@pytest.mark.parametrize("command", ["approve", "send-back", "withdraw"])
async def test_a_number_that_is_none_is_asked_for(
    world: SlackWorld, runtime: Runtime, url: str, command: str
) -> None:
    await waiting_post(world, runtime)
    before = all_rows(url)
    huge = "9" * 30
    for typed in ("", "-1", "1.5", "one", "0x1", "१", huge, "<!channel>", "1;DROP TABLE post"):
        words = await run_command(world.carl, f"/advocacy {command} {typed}")
        assert words.startswith("I need the post's number,")
    assert all_rows(url) == before


@pytest.mark.parametrize("command", ["approve {}", "send-back {} because", "withdraw {}"])
async def test_a_post_that_does_not_exist_is_said_not_to(
    world: SlackWorld, runtime: Runtime, url: str, command: str
) -> None:
    await waiting_post(world, runtime)
    before = all_rows(url)
    for number in (0, 2, 2**31 - 1):
        words = await run_command(world.carl, f"/advocacy {command.format(number)}")
        assert words == plainly(NO_SUCH_POST)
    assert all_rows(url) == before


async def test_a_post_of_another_workspace_is_not_there(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime)
    columns = ", ".join(column.name for column in WorkspaceRow.__table__.columns)
    others = columns.replace("id,", "'T0OTHER',", 1)
    execute_sql(
        url,
        f"INSERT INTO workspace ({columns}) SELECT {others} FROM workspace",
        "UPDATE post SET workspace_id = 'T0OTHER'",
    )
    before = all_rows(url)
    for line in ("approve 1", "send-back 1 because", "withdraw 1"):
        words = await run_command(world.carl, f"/advocacy {line}")
        assert words == plainly(NO_SUCH_POST)
    for action in (cards.APPROVE, cards.WITHDRAW, cards.EDIT):
        words = await click(runtime, world.carl, card_of(world, 1), action)
        assert words == plainly(NO_SUCH_POST)
    assert "There are no posts yet." in await run_command(world.carl, "/advocacy posts")
    assert all_rows(url) == before


async def test_sending_back_needs_a_reason(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await waiting_post(world, runtime)
    before = all_rows(url)
    for line in ("/advocacy send-back 1", "/advocacy send-back 1   "):
        assert (await run_command(world.carl, line)).startswith("Please say why, as in")
    example = "as in /advocacy send-back 14 the link is broken"
    assert example in await run_command(world.carl, "/advocacy send-back")
    assert all_rows(url) == before


async def test_posts_lists_every_state_within_slacks_limits(
    world: SlackWorld, runtime: Runtime
) -> None:
    assert "There are no posts yet." in await run_command(world.cleo, "/advocacy posts")
    long = {"title": "<&>" * 50, "why": "&" * 500}
    await live_post(world, runtime, **long)
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"title": "&" * 150})
    await send(world.cleo)
    content, carl = checked_content(runtime, world.cleo, long), UserId(world.carl.id)

    def store(tx: Tx) -> None:
        for number in range(12):
            origin = FormOrigin(f"draft {number}", None, 0)
            posts.save_draft(tx, UserId(world.cleo.id), origin, content)
            submit_post(tx, world.cleo, content)
            posts.approve(tx, carl, submit_post(tx, world.cleo, content), 1)
            posts.send_back(tx, carl, submit_post(tx, world.cleo, content), 1, "no")
            posts.withdraw(tx, carl, submit_post(tx, world.cleo, content))

    await runtime.context.at(runtime.context.clock()).write(store)
    words = await run_command(world.carl, "/advocacy posts")
    for title in ("Waiting for approval", "Sent back", "Draft", "Planned", "Live", "Ended"):
        assert f"{title}\n" in words
    assert words.count("[Edit]") == 2 * MOST_EACH
    assert words.count(f"These are {MOST_EACH} of ") == 4
    assert f"These are the first {MOST_EACH} of 12." in words


async def test_freezing_is_confirmed_and_comms_hear_of_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await approved_post(world, runtime)
    before = all_rows(url)
    await run_command(world.carl, "/advocacy freeze")
    question = world.carl.private[-1]
    assert all_rows(url) == before
    words = await click(runtime, world.carl, question, freeze.FREEZE)
    assert words.startswith("Frozen.")
    public = [one for one in world.cleo.messages(world.comms) if one.ephemeral_to is None]
    assert public[-1].text == freeze.frozen("Carl Jensen", ENDLESS, "Europe/Berlin").text
    assert actions(public[-1]) == [freeze.UNFREEZE]
    assert "frozen" in forecast_line(card_of(world, 1))
    await runtime.tick()
    assert announced(world) == []
    assert "frozen" in await run_command(world.gus, "/advocacy posts")

    assert await run_command(world.cleo, "/advocacy freeze") == "Posting is already frozen."

    await run_command(world.cleo, "/advocacy unfreeze")
    ask = world.cleo.private[-1]
    words = await click(runtime, world.cleo, ask, freeze.UNFREEZE)
    assert words.startswith("Unfrozen.")
    public = [one for one in world.cleo.messages(world.comms) if one.ephemeral_to is None]
    assert public[-1].text == freeze.unfrozen("Cleo Marin").text
    await runtime.tick()
    assert len(announced(world)) == 1
    assert len(public) == 3  # the card, the freeze and its end
    assert await run_command(world.cleo, "/advocacy unfreeze") == "Posting isn't frozen."


async def test_the_word_of_a_freeze_carries_its_end(world: SlackWorld, runtime: Runtime) -> None:
    await run_command(world.carl, "/advocacy freeze")
    await click(runtime, world.carl, world.carl.private[-1], freeze.FREEZE)
    [word] = [one for one in world.cleo.messages(world.comms) if one.ephemeral_to is None]
    assert "[Unfreeze]" in word.plain
    assert "someone unfreezes posting" in word.plain
    said = await click(runtime, world.cleo, word, freeze.UNFREEZE)
    assert said.startswith("Unfrozen.")
    assert await run_command(world.cleo, "/advocacy unfreeze") == "Posting isn't frozen."

"""What people really type: stopping always works, dates are asked about, nothing breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.runtime import Runtime
from bot.slack.views import membership as views
from slack_sandbox import Message
from tests.support import (
    SlackWorld,
    actions,
    all_rows,
    at,
    member,
    read_answer,
    rows,
    run_command,
    slack_world,
)


@pytest.fixture
async def world() -> AsyncIterator[SlackWorld]:
    async with slack_world() as world:
        yield world


def newest(world: SlackWorld) -> Message:
    return world.amara.private[-1]


@pytest.mark.parametrize(
    "typed",
    ["leave.", "stop!", "Stop. Thank you", "\u201cstop\u201d", "opt out", "please stop",
     "unsubscribe me", "cancel", "end", "remove me", "opt\u2011out", "st\u200bop",
     "stop\u00a0asking\tme"],
)  # fmt: skip
async def test_consent_ends_at_once(
    world: SlackWorld, runtime: Runtime, url: str, typed: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    assert (await run_command(world.amara, f"/advocacy {typed}")).startswith("You've left")
    assert member(url, "left_at") != (None,)


@pytest.mark.parametrize(
    "typed",
    ["stop asking me on Fridays", "stop the channel posts", "withdraw", "delete me", "stopp"],
)
async def test_what_may_mean_two_things_is_asked_about(
    world: SlackWorld, runtime: Runtime, url: str, typed: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    words = await run_command(world.amara, f"/advocacy {typed}")
    assert words.startswith("Would you like to leave, or to change something?")
    assert {views.LEAVE, views.SETTINGS} <= set(actions(newest(world)))
    assert all_rows(url) == before
    shown = newest(world)
    await read_answer(runtime, world.amara, await world.amara.press(shown, views.LEAVE))
    assert member(url, "left_at") != (None,)
    assert "nothing to leave" in await run_command(world.amara, f"/advocacy {typed}")


async def test_who_is_paused_can_go_on_from_the_question(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy pause 2 weeks")
    await run_command(world.amara, "/advocacy cancel my pause")
    pressed = await world.amara.press(newest(world), views.RESUME)
    assert "Welcome back." in await read_answer(runtime, world.amara, pressed)
    assert member(url, "paused_until") == (None,)


async def test_a_member_can_leave_from_any_word_that_is_not_known(
    world: SlackWorld, runtime: Runtime
) -> None:
    await run_command(world.amara, "/advocacy xyzzy")
    assert actions(newest(world)) == []
    await run_command(world.amara, "/advocacy join")
    for typed in ("xyzzy", "leav", "cancle", "\u5b89\u5168"):
        assert "I don't know" in await run_command(world.amara, f"/advocacy {typed}")
        assert actions(newest(world)) == [views.SETTINGS, views.LEAVE]


async def test_comms_who_withdraw_nothing_are_asked_for_the_number(
    world: SlackWorld, runtime: Runtime
) -> None:
    assert "I need the post's number" in await run_command(world.carl, "/advocacy withdraw")


@pytest.mark.parametrize("typed", ["`", "a`b", "``` <!channel> `", "&<b>`x`"])
async def test_what_was_typed_never_breaks_the_bots_own_words(
    world: SlackWorld, runtime: Runtime, typed: str
) -> None:
    await world.amara.command(f"/advocacy {typed}")
    text = newest(world).blocks[0]["text"]["text"]
    assert "`/advocacy help`" in text
    assert text.count("`") == 2
    assert "<!channel>" not in text


@pytest.mark.parametrize(
    "typed", ["12/1", "next friday", "a couple of weeks", "until 2020-01-01", ""]
)
async def test_a_day_that_is_not_clear_is_chosen_on_a_calendar(
    world: SlackWorld, runtime: Runtime, url: str, typed: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    await run_command(world.amara, f"/advocacy pause {typed}")
    assert all_rows(url) == before
    shown = newest(world)
    chosen = await world.amara.choose(shown, views.PAUSE_UNTIL, "2020-01-01")
    words = await read_answer(runtime, world.amara, chosen)
    assert words.startswith("Please choose a day after today")
    chosen = await world.amara.choose(shown, views.PAUSE_UNTIL, "2026-12-01")
    assert (await read_answer(runtime, world.amara, chosen)).startswith("Paused until")
    until = datetime.fromisoformat("2026-12-01T00:00-05:00")
    assert at(member(url, "paused_until")[0]) == until


async def test_a_calendar_kept_from_before_leaving_does_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy pause 12/1")
    shown = newest(world)
    await run_command(world.amara, "/advocacy leave")
    before = all_rows(url)
    await read_answer(
        runtime, world.amara, await world.amara.choose(shown, views.PAUSE_UNTIL, "2026-12-01")
    )
    assert "You haven't joined" in shown.plain
    assert all_rows(url) == before


@pytest.mark.parametrize(
    "typed",
    ["queue\u00a0https://acme.example/1", "queue <https://acme.example/1|acme.example/1>",
     "queue\n\u201chttps://acme.example/1\u201d\u200b", "QUEUE\u3000<https://acme.example/1>"],
)  # fmt: skip
async def test_the_form_opens_on_the_link_however_it_came(
    world: SlackWorld, runtime: Runtime, typed: str
) -> None:
    await world.carl.command(f"/advocacy {typed}")
    assert world.carl.view is not None
    assert world.carl.view.values["link"]["value"]["value"] == "https://acme.example/1"


async def test_a_pause_typed_with_what_cannot_be_seen(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    words = await run_command(world.amara, "/advocacy pause\u00a0\u201cuntil\u3000Mon\u200b\u201d")
    assert words.startswith("Paused until")
    paused = rows(url, "SELECT paused_until FROM member")
    assert at(paused[0][0]) == datetime.fromisoformat("2026-09-07T00:00-04:00")

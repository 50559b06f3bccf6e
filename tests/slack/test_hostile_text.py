"""What people type stays what it is: it shows as typed, mentions nobody, and fits everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import announcements, cards, post_form, share_dialog
from slack_sandbox import Message, View
from tests.slack.share_dialog import type_own_words
from tests.support import (
    SlackWorld,
    announced,
    approve,
    bot_running,
    card_of,
    click,
    fields,
    fill_in,
    rows,
    run_command,
    send,
    write_post,
)

# Mentions as Slack writes them and as people type them, Slack's own signs, Hebrew in an isolate,
# emoji of four bytes and with a joiner, and what looks like a date or a link.
PAGES = "<!channel> <!here|x> <@U000000002> <!subteam^S1> @channel"
OTHERS = "\u2067\u05e9\u05dc\u05d5\u05dd\u2069 \U0001f984 \U0001f469\u200d\U0001f680"
SIGNS = f"& &amp; &lt;b&gt; | \\ ` {OTHERS} <!date^1^{{date}}|x> <https://evil.example|ok>"
MARKS = "*bold* _slant_ ~struck~ `code`"
LITERAL = f"{PAGES} {SIGNS}"
TYPED = {"title": "Title", "why": "Why", "topics": "topic", "x:0": "Words"}
LONG_LINK = "https://example.org/?" + "utm_source=x&" * 150


def hostile(words: str) -> dict[str, str]:
    return {
        "title": f"T {words}"[:150],
        "why": f"W {words}",
        "topics": f"<!channel>, {words.split()[0]} & <@u000000002>",
        "linkedin:0": f"L {words}",
        "x:0": f"X {words}"[:80],
        "bluesky:0": f"B {words}"[:80],
    }


def mentions(world: SlackWorld) -> Iterator[str]:
    """Whom messages would page, but for comms, whom the cards name."""
    named = {f"<@{person.id}>" for person in (world.cleo, world.carl)}
    for message in world.sandbox.state.messages:
        here = set(message.mentions)
        yield from here - named if message.channel is world.comms else here


async def go_out(world: SlackWorld, runtime: Runtime, typed: dict[str, str]) -> Message:
    """Write, approve and announce a post; its message in the channel."""
    outcome = await write_post(world.cleo, **typed)
    assert outcome.error is None
    assert world.cleo.view is None, world.cleo.view.errors
    await runtime.context.background_tasks.drain()
    assert "Approved: “" in await approve(world.carl, 1)
    await runtime.tick()
    [message] = announced(world)
    return message


async def share(world: SlackWorld, runtime: Runtime, message: Message) -> View:
    await run_command(world.amara, "/advocacy join")
    await world.amara.press(message, announcements.SHARE)
    assert world.amara.view is not None
    return world.amara.view


@pytest.mark.parametrize("words", [LITERAL, MARKS], ids=["signs", "marks"])
async def test_it_shows_as_it_was_typed_wherever_a_post_shows(
    world: SlackWorld, runtime: Runtime, words: str
) -> None:
    typed = hostile(words)
    message = await go_out(world, runtime, typed)
    shown = card_of(world, 1).plain
    for part in typed.values():
        assert part in shown
    assert message.plain.startswith(f"{typed['title']}\n{typed['why']}\n")
    view = await share(world, runtime, message)
    assert typed["title"] in view.plain
    assert typed["linkedin:0"] in view.plain
    assert typed["title"] in await run_command(world.amara, "/advocacy browse")
    if words is LITERAL:  # in a list of many, one title may show bold
        assert typed["title"] in await run_command(world.carl, "/advocacy posts")


async def test_nothing_hides_in_it_and_nothing_is_turned_around(
    world: SlackWorld, runtime: Runtime
) -> None:
    odd = "\u202egpj.\u2066exe\u200b\U000e0041"
    clean = {name: f"{text} gpj.exe" for name, text in TYPED.items()}
    message = await go_out(world, runtime, {name: f"{t} {odd}" for name, t in TYPED.items()})
    card = card_of(world, 1)
    for text in clean.values():
        assert text in card.plain
    assert clean["title"] in message.plain
    reason = await run_command(world.carl, f"/advocacy wrong{odd}")
    for shown in (card.plain, message.plain, reason, await run_command(world.amara, "/advocacy")):
        assert not set(odd[:1] + odd[5:6] + odd[-2:]) & set(shown)


async def test_a_draft_shows_no_link_that_could_mislead(
    world: SlackWorld, runtime: Runtime
) -> None:
    for number, link in enumerate(
        ("javascript://acme.example/%0aalert(1)", "https://acme.example@evil.example/"), 1
    ):
        await write_post(world.cleo)
        await run_command(world.carl, f"/advocacy send-back {number} The link")
        await runtime.context.background_tasks.drain()
        await world.cleo.press(card_of(world, number), cards.EDIT)
        await fill_in(world.cleo, fields(link=link))
        assert world.cleo.view is not None
        await world.cleo.press(world.cleo.view, post_form.SAVE)
        await runtime.context.background_tasks.drain()
        card = card_of(world, number)
        assert "Draft" in card.plain
        assert [part for part in _parts(card.blocks) if part["type"] == "link"] == []
        await world.cleo.close()


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "type" in part:
            yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)


async def test_it_pings_nobody_anywhere(world: SlackWorld, runtime: Runtime) -> None:
    message = await go_out(world, runtime, hostile(LITERAL))
    view = await share(world, runtime, message)
    await world.amara.press(view, share_dialog.EDIT)
    await runtime.context.background_tasks.drain()
    type_own_words(world.amara, f"{LITERAL} #AcmeEmployee")
    await world.amara.submit()
    assert LITERAL in view.plain
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"title": LITERAL[:150]})
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    await world.carl.press(card_of(world, 1), cards.SEND_BACK)
    world.carl.fill({"reason": LITERAL})
    await send(world.carl)
    await runtime.context.background_tasks.drain()
    assert LITERAL in card_of(world, 1).plain
    for line in ("approve <!channel>", f"send-back 1 {LITERAL}", "<!channel>", "withdraw 1"):
        await run_command(world.carl, f"/advocacy {line}")
    await runtime.tick()
    assert message.plain.startswith(hostile(LITERAL)["title"])
    assert list(mentions(world)) == []


async def test_slack_is_told_to_parse_nothing_by_itself(
    world: SlackWorld, runtime: Runtime
) -> None:
    await go_out(world, runtime, hostile(LITERAL))
    posted = [call.payload for call in world.sandbox.calls if call.method == "chat.postMessage"]
    assert posted
    for payload in posted:
        assert not payload.get("link_names")
        assert payload.get("parse", "none") == "none"


@pytest.mark.parametrize("letter", ["a", "&", "<", "\U0001f984"])
async def test_the_longest_post_reaches_comms_the_channel_and_those_who_browse(
    world: SlackWorld, runtime: Runtime, url: str, letter: str
) -> None:
    longest = {
        "title": letter * 150,
        "why": letter * 500,
        "link": LONG_LINK,
        "topics": ",".join(f"{number}{letter * 39}" for number in range(5)),
        "linkedin:0": "a" * (3000 - len(f" #AcmeEmployee\n\n{LONG_LINK}")),
        "bluesky:0": "",
    }
    message = await go_out(world, runtime, longest)
    assert letter * 500 in message.plain
    assert letter * 150 in await run_command(world.amara, "/advocacy browse")
    view = await share(world, runtime, message)
    assert "[Open in LinkedIn]" in view.plain
    await world.amara.choose(view, share_dialog.NETWORK, Network.X.value)
    await runtime.context.background_tasks.drain()
    assert "[Open in X]" in view.plain


async def test_a_card_bears_many_long_reasons(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await write_post(world.cleo)
    for number in range(6):
        await run_command(world.carl, f"/advocacy send-back 1 {number}{'&' * 499}")
        await runtime.context.background_tasks.drain()
        await world.cleo.press(card_of(world, 1), cards.EDIT)
        await fill_in(world.cleo, fields(title=f"Attempt {number}"))
        await send(world.cleo)
        await runtime.context.background_tasks.drain()
    assert card_of(world, 1).plain.startswith("Attempt 5\n")
    assert len(rows(url, "SELECT id FROM decision")) == 6
    words = await click(runtime, world.carl, card_of(world, 1), cards.APPROVE)
    assert words.startswith("Approved: “Attempt 5” (post 1).")


async def test_what_a_database_cannot_keep_is_left_out(
    world: SlackWorld, new_postgresql: Callable[[], str], new_sqlite: Callable[[], str]
) -> None:
    odd = "\x00 \ud800 \ufffe"
    for number, url in enumerate((new_sqlite(), new_postgresql())):
        async with bot_running(world, url) as runtime:
            await write_post(world.cleo, **{name: f"{odd}{text}" for name, text in TYPED.items()})
            assert world.cleo.view is None
            await runtime.context.background_tasks.drain()
            words = await run_command(world.carl, f"/advocacy send-back 1 {odd}Too long")
            assert words.startswith("Sent back: “")
            await world.cleo.press(card_of(world, 1), cards.EDIT)
            await fill_in(world.cleo, fields())
            await send(world.cleo)
            await runtime.context.background_tasks.drain()
            await approve(world.carl, 1)
            await runtime.tick()
            assert len(announced(world)) == number + 1
            view = await share(world, runtime, announced(world)[-1])
            await world.amara.press(view, share_dialog.EDIT)
            await runtime.context.background_tasks.drain()
            type_own_words(world.amara, f"{odd}I like it. #AcmeEmployee")
            await world.amara.submit()
            assert "I like it. #AcmeEmployee" in view.plain
            assert "[Open on a computer]" in view.plain

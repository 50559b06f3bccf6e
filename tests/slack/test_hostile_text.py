"""What people type stays what it is: it shows as typed, pings nobody, and fits everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Message, View
from bot.slack.views import announcement, card, dialog
from tests.slack.sharing import type_own
from tests.support import (
    Office,
    announced,
    asked,
    bot_running,
    card_of,
    fields,
    pressed,
    rows,
    write_post,
)

# Mentions as Slack writes them and as people type them, Slack's own signs, Hebrew with marks of
# direction, emoji of four bytes and with a joiner, and what looks like a date or a link.
PAGES = "<!channel> <!here|x> <@U000000002> <!subteam^S1> @channel"
OTHERS = "\u202b\u05e9\u05dc\u05d5\u05dd\u202c \U0001f984 \U0001f469\u200d\U0001f680"
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


def pings(place: Office) -> Iterator[str]:
    """Whom messages would page, but for comms, whom the cards name."""
    named = {f"<@{person.id}>" for person in (place.cleo, place.carl)}
    for message in place.sandbox.state.messages:
        here = set(message.pings)
        yield from here - named if message.channel is place.comms else here


async def go_out(place: Office, runtime: Runtime, typed: dict[str, str]) -> Message:
    """Write, approve and announce a post; its message in the channel."""
    outcome = await write_post(place.cleo, **typed)
    assert outcome.error is None
    assert place.cleo.view is None, place.cleo.view.errors
    await runtime.kit.afterwards.drain()
    assert (await asked(place.carl, "/advocacy approve 1")).startswith("Approved")
    await runtime.tick()
    [message] = announced(place)
    return message


async def share(place: Office, runtime: Runtime, message: Message) -> View:
    await asked(place.amara, "/advocacy join")
    await place.amara.press(message, announcement.SHARE)
    assert place.amara.view is not None
    return place.amara.view


@pytest.mark.parametrize("words", [LITERAL, MARKS], ids=["signs", "marks"])
async def test_it_shows_as_it_was_typed_wherever_a_post_shows(
    place: Office, runtime: Runtime, words: str
) -> None:
    typed = hostile(words)
    message = await go_out(place, runtime, typed)
    shown = card_of(place, 1).plain
    for part in typed.values():
        assert part in shown
    assert message.plain.startswith(f"{typed['title']}\n{typed['why']}\n")
    view = await share(place, runtime, message)
    assert typed["title"] in view.plain
    assert typed["linkedin:0"] in view.plain
    assert typed["title"] in await asked(place.amara, "/advocacy browse")
    if words is LITERAL:  # in a list of many, one title may show bold
        assert typed["title"] in await asked(place.carl, "/advocacy posts")


async def test_it_pings_nobody_anywhere(place: Office, runtime: Runtime) -> None:
    message = await go_out(place, runtime, hostile(LITERAL))
    view = await share(place, runtime, message)
    await place.amara.press(view, dialog.EDIT)
    await runtime.kit.afterwards.drain()
    type_own(place.amara, f"{LITERAL} #AcmeEmployee")
    await place.amara.submit()
    assert LITERAL in view.plain
    await place.cleo.press(card_of(place, 1), card.EDIT)
    place.cleo.fill({"title": LITERAL[:150]})
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    await place.carl.press(card_of(place, 1), card.SEND_BACK)
    place.carl.fill({"reason": LITERAL})
    await place.carl.submit()
    await runtime.kit.afterwards.drain()
    assert LITERAL in card_of(place, 1).plain
    for line in ("approve <!channel>", f"send-back 1 {LITERAL}", "<!channel>", "withdraw 1"):
        await asked(place.carl, f"/advocacy {line}")
    await runtime.tick()
    assert message.plain.startswith(hostile(LITERAL)["title"])
    assert list(pings(place)) == []


async def test_slack_is_told_to_parse_nothing_by_itself(place: Office, runtime: Runtime) -> None:
    await go_out(place, runtime, hostile(LITERAL))
    posted = [call.payload for call in place.sandbox.calls if call.method == "chat.postMessage"]
    assert posted
    for payload in posted:
        assert not payload.get("link_names")
        assert payload.get("parse", "none") == "none"


@pytest.mark.parametrize("letter", ["a", "&", "<", "\U0001f984"])
async def test_the_longest_post_reaches_comms_the_channel_and_those_who_browse(
    place: Office, runtime: Runtime, url: str, letter: str
) -> None:
    longest = {
        "title": letter * 150,
        "why": letter * 500,
        "link": LONG_LINK,
        "topics": ",".join(f"{number}{letter * 39}" for number in range(5)),
        "linkedin:0": "a" * (3000 - len(f" #AcmeEmployee\n\n{LONG_LINK}")),
        "bluesky:0": "",
    }
    message = await go_out(place, runtime, longest)
    assert letter * 500 in message.plain
    assert letter * 150 in await asked(place.amara, "/advocacy browse")
    view = await share(place, runtime, message)
    assert "[Open in LinkedIn]" in view.plain
    await place.amara.press(view, f"{dialog.OTHER_NETWORK}:{Network.X}")
    await runtime.kit.afterwards.drain()
    assert "[Open in X]" in view.plain


async def test_a_card_bears_many_long_reasons(place: Office, runtime: Runtime, url: str) -> None:
    await write_post(place.cleo)
    for number in range(6):
        await asked(place.carl, f"/advocacy send-back 1 {number}{'&' * 499}")
        await runtime.kit.afterwards.drain()
        await place.cleo.press(card_of(place, 1), card.EDIT)
        place.cleo.fill(fields(title=f"Attempt {number}"))
        await place.cleo.submit()
        await runtime.kit.afterwards.drain()
    assert card_of(place, 1).plain.startswith("Attempt 5\n")
    assert len(rows(url, "SELECT id FROM decision")) == 6
    words = await pressed(runtime, place.carl, card_of(place, 1), card.APPROVE)
    assert words.startswith("Approved: Post 1 (“Attempt 5”).")


async def test_what_a_database_cannot_keep_is_left_out(
    place: Office, new_postgresql: Callable[[], str], new_sqlite: Callable[[], str]
) -> None:
    odd = "\x00 \ud800 \ufffe"
    for number, url in enumerate((new_sqlite(), new_postgresql())):
        async with bot_running(place, url) as runtime:
            await write_post(place.cleo, **{name: f"{odd}{text}" for name, text in TYPED.items()})
            assert place.cleo.view is None
            await runtime.kit.afterwards.drain()
            words = await asked(place.carl, f"/advocacy send-back 1 {odd}Too long")
            assert words.startswith("Sent back: Post 1")
            await place.cleo.press(card_of(place, 1), card.EDIT)
            place.cleo.fill(fields())
            await place.cleo.submit()
            await runtime.kit.afterwards.drain()
            await asked(place.carl, "/advocacy approve 1")
            await runtime.tick()
            assert len(announced(place)) == number + 1
            view = await share(place, runtime, announced(place)[-1])
            await place.amara.press(view, dialog.EDIT)
            await runtime.kit.afterwards.drain()
            type_own(place.amara, f"{odd}I like it. #AcmeEmployee")
            await place.amara.submit()
            assert "I like it. #AcmeEmployee" in view.plain
            assert "[Open in LinkedIn]" in view.plain

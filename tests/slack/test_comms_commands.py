"""What comms type: numbers that are none, the list of posts, and the freeze."""

from __future__ import annotations

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import card, lists, notices
from bot.slack.views.words import NO_SUCH_POST
from bot.storage.tables import WorkspaceRow
from tests.support import (
    Office,
    announced,
    approved_post,
    asked,
    card_of,
    fields,
    live_post,
    meddle,
    plainly,
    pressed,
    stored,
    waiting_post,
    write_post,
)


def standing(message: Message) -> str:
    """The line of a card that says where its post stands."""
    return message.plain.splitlines()[2]


@pytest.mark.parametrize("command", ["approve", "send-back", "withdraw"])
async def test_a_number_that_is_none_is_asked_for(
    place: Office, runtime: Runtime, url: str, command: str
) -> None:
    await waiting_post(place, runtime)
    before = stored(url)
    huge = "9" * 30
    for typed in ("", "-1", "1.5", "one", "0x1", "१", huge, "<!channel>", "1;DROP TABLE post"):
        words = await asked(place.carl, f"/advocacy {command} {typed}")
        assert words.startswith("I need the post's number,")
    assert stored(url) == before


@pytest.mark.parametrize("command", ["approve {}", "send-back {} because", "withdraw {}"])
async def test_a_post_that_does_not_exist_is_said_not_to(
    place: Office, runtime: Runtime, url: str, command: str
) -> None:
    await waiting_post(place, runtime)
    before = stored(url)
    for number in (0, 2, 2**31 - 1):
        words = await asked(place.carl, f"/advocacy {command.format(number)}")
        assert words == plainly(NO_SUCH_POST)
    assert stored(url) == before


async def test_a_post_of_another_workspace_is_not_there(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_post(place, runtime)
    columns = ", ".join(column.name for column in WorkspaceRow.__table__.columns)
    others = columns.replace("id,", "'T0OTHER',", 1)
    meddle(
        url,
        f"INSERT INTO workspace ({columns}) SELECT {others} FROM workspace",
        "UPDATE post SET workspace_id = 'T0OTHER'",
    )
    before = stored(url)
    for line in ("approve 1", "send-back 1 because", "withdraw 1"):
        words = await asked(place.carl, f"/advocacy {line}")
        assert words == plainly(NO_SUCH_POST)
    for action in (card.APPROVE, card.WITHDRAW, card.EDIT):
        words = await pressed(runtime, place.carl, card_of(place, 1), action)
        assert words == plainly(NO_SUCH_POST)
    assert "There are no posts yet." in await asked(place.carl, "/advocacy posts")
    assert stored(url) == before


async def test_sending_back_needs_a_reason(place: Office, runtime: Runtime, url: str) -> None:
    await waiting_post(place, runtime)
    before = stored(url)
    for line in ("/advocacy send-back 1", "/advocacy send-back 1   "):
        assert (await asked(place.carl, line)).startswith("Please say why, as in")
    example = "as in /advocacy send-back 14 the link is broken"
    assert example in await asked(place.carl, "/advocacy send-back")
    assert stored(url) == before


async def test_posts_lists_every_state_within_slacks_limits(
    place: Office, runtime: Runtime
) -> None:
    assert "There are no posts yet." in await asked(place.cleo, "/advocacy posts")
    long = {"title": "<&>" * 50, "why": "&" * 500}
    await live_post(place, runtime, **long)
    await place.cleo.press(card_of(place, 1), card.EDIT)
    place.cleo.fill({"title": "&" * 150})
    await place.cleo.submit()
    for number in range(2, 14):
        await write_post(place.cleo, **long)
        await asked(place.carl, f"/advocacy approve {number}")
    for _ in range(14, 26):
        await write_post(place.cleo, **long)
    for number in range(26, 38):
        await write_post(place.cleo, **long)
        await asked(place.carl, f"/advocacy send-back {number} no")
    for number in range(38, 50):
        await write_post(place.cleo, **long)
        await asked(place.carl, f"/advocacy withdraw {number}")
    for _ in range(12):
        await place.cleo.command("/advocacy queue")
        assert place.cleo.view is not None
        place.cleo.fill(fields(**long))
        await place.cleo.press(place.cleo.view, "save_draft")
    words = await asked(place.carl, "/advocacy posts")
    for title in ("Waiting for approval", "Sent back", "Draft", "Approved", "Live", "Ended"):
        assert f"{title}\n" in words
    assert words.count("[Edit]") == 2 * lists.MOST_EACH
    assert words.count(f"These are {lists.MOST_EACH} of ") == 5


async def test_freezing_is_confirmed_and_comms_hear_of_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    await approved_post(place, runtime)
    before = stored(url)
    await asked(place.carl, "/advocacy freeze")
    question = place.carl.private[-1]
    assert stored(url) == before
    words = await pressed(runtime, place.carl, question, notices.FREEZE)
    assert words.startswith("Frozen.")
    public = [one for one in place.cleo.messages(place.comms) if one.ephemeral_to is None]
    assert public[-1].text == notices.frozen(place.carl.id).text
    assert "frozen" in standing(card_of(place, 1))
    await runtime.tick()
    assert announced(place) == []
    assert "frozen" in await asked(place.gus, "/advocacy posts")

    assert await asked(place.cleo, "/advocacy freeze") == "It is frozen already."

    await asked(place.cleo, "/advocacy unfreeze")
    ask = place.cleo.private[-1]
    words = await pressed(runtime, place.cleo, ask, notices.UNFREEZE)
    assert words.startswith("Unfrozen.")
    public = [one for one in place.cleo.messages(place.comms) if one.ephemeral_to is None]
    assert public[-1].text == notices.unfrozen(place.cleo.id).text
    await runtime.tick()
    assert len(announced(place)) == 1
    assert len(public) == 3  # the card, the freeze and its end
    assert await asked(place.cleo, "/advocacy unfreeze") == "Nothing is frozen."

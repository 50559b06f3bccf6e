"""What a company's export of direct messages could hold: no answer, and nothing after consent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import PostId
from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack import messenger
from bot.slack.views import asks, home_tab, responses, share_dialog
from bot.slack.views.payload import PostRef
from slack_sandbox import Fault, Message, Person
from tests.slack.direct_asks import (
    ANSWERED,
    CLOSED,
    DAY,
    RESPONSES,
    WIDE,
    advance,
    choose_in_menu,
    click_skip,
    direct_messages,
    give_reason,
    receive_ask,
    skip_with_reason,
    staff,
)
from tests.slack.test_asks_that_change import corrected
from tests.support import (
    SlackWorld,
    actions,
    bot_running,
    click,
    click_in_dialog,
    execute_sql,
    live_post,
    rows,
    run_command,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("polite")

HOW = ["share", "opened", "marked", "skip", "later", "skip in the channel", *SkipReason]


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", **WIDE}


def kept(message: Message) -> str:
    """All that Slack keeps of a message, but for its moments and the ids that Slack draws."""
    blocks = [{key: block[key] for key in block if key != "block_id"} for block in message.blocks]
    return json.dumps([message.text, blocks], sort_keys=True)


async def answer(
    runtime: Runtime, person: Person, message: Message, posted: Message, how: str
) -> None:
    """Answer in one of the ways that there are."""
    if how == "later":
        await choose_in_menu(runtime, person, message, asks.LATER)
    elif how == "skip in the channel":
        await click(runtime, person, posted, "skip")
    elif how in ("share", "opened", "marked"):
        await click(runtime, person, message, asks.SHARE)
        steps = {"share": (), "opened": (share_dialog.OPEN,)}
        for step in steps.get(how, (share_dialog.OPEN, share_dialog.SHARED)):
            await click_in_dialog(runtime, person, step)
        await person.close()
    else:
        await click_skip(runtime, person, message)
        if how in list(SkipReason):
            await give_reason(runtime, person, SkipReason(how))


async def test_whatever_is_answered_the_message_keeps_the_same(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    posted = await live_post(world, runtime, topics="releases")
    execute_sql(url, "UPDATE post SET reach = 'everybody'")
    people = await staff(world, len(HOW))
    for person in people:
        world.news.members.append(person)
    await advance(world, runtime, 3 * DAY)
    for person, how in zip(people, HOW, strict=True):
        [message] = direct_messages(world, person)
        await answer(runtime, person, message, posted, how)
    await runtime.tick()
    assert len({kept(direct_messages(world, person)[0]) for person in people}) == 1
    assert direct_messages(world, people[0])[0].plain == ANSWERED
    assert all(len(direct_messages(world, person)) == 1 for person in people)
    channels = {direct_messages(world, person)[0].channel.id for person in people}
    edits = {
        json.dumps([call.payload["text"], call.payload["blocks"]], sort_keys=True)
        for call in world.sandbox.calls
        if call.method == "chat.update" and call.payload["channel"] in channels
    }
    assert len(edits) == 1, "and it never held anything else in between"


@pytest.mark.parametrize("choice", [asks.LESS, asks.PAUSE, asks.WHO_SEES])
async def test_what_the_menu_changes_leaves_no_trace_in_the_message(
    world: SlackWorld, runtime: Runtime, choice: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    before = kept(message)
    assert await choose_in_menu(runtime, world.amara, message, choice)
    assert kept(message) == before
    assert direct_messages(world, world.amara) == [message]


async def test_an_answer_that_slack_did_not_take_is_brought_in_later(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    world.sandbox.faults.add(Fault("chat.update", status=503))
    await click_skip(runtime, world.amara, message)
    assert "[Share] [Skip]" in message.plain
    await runtime.tick()
    assert message.plain == ANSWERED


async def test_a_dialog_that_did_not_open_leaves_a_way_to_share(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    world.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    words = await click(runtime, world.amara, message, asks.SHARE)
    assert words.endswith("Please try once more.\n[Share]")
    assert message.plain == ANSWERED
    await world.amara.press(world.amara.private[-1], "share")
    assert world.amara.view is not None


async def test_buttons_of_an_older_version_answer_in_private_too(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    ref = PostRef(PostId(1), 1)
    blocks = [
        {**block.to_dict(), "block_id": f"b{place}"}
        for place, block in enumerate(responses.skipped(ref).blocks)
    ]
    old = replace(message, blocks=blocks)
    why = responses.reason_action(SkipReason.TOO_PROMOTIONAL)
    words = await click(runtime, world.amara, old, why)
    assert words.startswith("Thank you. You said “Too promotional”.")
    assert message.plain == ANSWERED
    assert rows(url, RESPONSES) == [("skipped", SkipReason.TOO_PROMOTIONAL)]


# On Home


async def home(runtime: Runtime, person: Person) -> str:
    await person.open_home()
    await runtime.context.background_tasks.drain()
    assert person.home is not None
    return person.home.plain


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("share", "You pressed Share."),
        ("marked", "You shared this."),
        ("later", "You saved it for later."),
        (SkipReason.NOT_MY_VOICE, "You skipped it: “Not my voice”."),
    ],
)
async def test_home_shows_the_answer_and_takes_it_back(
    world: SlackWorld, runtime: Runtime, url: str, how: str, says: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await answer(runtime, world.amara, message, message, how)
    shown = await home(runtime, world.amara)
    assert f"What you answered\nOur new release is out\n{says}" in shown
    assert "There's nothing to share just now." in shown, "it stands there once"
    await choose_at_home(runtime, world.amara, home_tab.UNDO)
    assert "What you answered" not in await home(runtime, world.amara)
    assert "[Share] [Skip]" in message.plain
    assert rows(url, RESPONSES) == []


async def choose_at_home(runtime: Runtime, person: Person, choice: str) -> None:
    assert person.home is not None
    outcome = await person.choose(person.home, home_tab.ANSWER_MENU, f"{choice}:1:0")
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()


async def test_what_was_skipped_can_be_shared_from_home(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click_skip(runtime, world.amara, message)
    await home(runtime, world.amara)
    await choose_at_home(runtime, world.amara, home_tab.SHARE_IT)
    assert world.amara.view is not None
    assert rows(url, RESPONSES) == [("interested", None)]


async def test_home_shows_an_answer_to_a_post_that_has_ended(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click_skip(runtime, world.amara, message)
    await withdraw(world.carl, 1)
    assert "You skipped it. The post has ended." in await home(runtime, world.amara)
    assert message.plain == ANSWERED


# Consent


async def test_nothing_is_written_into_the_message_of_somebody_who_left(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await run_command(world.amara, "/advocacy leave")
    await runtime.context.background_tasks.drain()
    assert message.plain == CLOSED, "at once"
    assert actions(message) == []
    after = len(world.sandbox.calls)
    await corrected(world, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    await withdraw(world.carl, 1)
    await runtime.tick()
    assert message.plain == CLOSED
    sent = [call.payload.get("channel") for call in world.sandbox.calls[after:]]
    assert message.channel.id not in sent


async def test_nothing_is_written_into_the_message_of_somebody_whose_consent_lapsed(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url, CONSENT_MONTHS="1") as runtime:
        message = await receive_ask(world, runtime, world.amara)
        await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_MY_VOICE)
        world.sandbox.clock.advance(31 * DAY)
        await runtime.tick()
        assert message.plain == CLOSED
        await run_command(world.amara, "/advocacy join")
        await corrected(world, runtime, 1, title="Our newest release is out")
        await runtime.tick()
        assert message.plain == CLOSED, "an emptied message stays empty"


async def test_opting_out_empties_every_message(world: SlackWorld, runtime: Runtime) -> None:
    first = await receive_ask(world, runtime, world.amara)
    await live_post(world, runtime, topics="releases", title="Second")
    await advance(world, runtime, 9 * DAY)
    [_, second] = direct_messages(world, world.amara)
    await click(runtime, world.amara, second, asks.OPT_OUT)
    assert [first.plain, second.plain] == [CLOSED, CLOSED]


@pytest.mark.parametrize("button", [asks.SHARE, asks.SKIP])
async def test_an_old_button_pressed_after_leaving_changes_nothing_stored(
    world: SlackWorld, runtime: Runtime, url: str, button: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    as_it_was = replace(message)
    world.sandbox.faults.add(Fault("chat.update", status=503))
    await run_command(world.amara, "/advocacy leave")
    await runtime.context.background_tasks.drain()
    assert "[Share] [Skip]" in message.plain, "Slack did not take the edit"
    await click(runtime, world.amara, as_it_was, button)
    assert message.plain == CLOSED
    assert rows(url, RESPONSES) == []
    assert rows(url, "SELECT left_at IS NOT NULL FROM member") == [(1,)]


# Taking a message away


async def test_a_message_is_deleted_or_emptied(world: SlackWorld, runtime: Runtime) -> None:
    message = await receive_ask(world, runtime, world.amara)
    client, where = runtime.context.client, (message.channel.id, message.ts)
    faults = world.sandbox.faults
    for wait in (Fault("chat.delete", status=429, retry_after=1), Fault("chat.delete", status=503)):
        faults.add(wait)
        assert not await messenger.delete_or_empty(client, *where), "to be tried again"
        world.sandbox.clock.advance(timedelta(seconds=1))  # as long as Slack said
    assert "[Share] [Skip]" in message.plain
    faults.add(Fault("chat.delete", error="cant_delete_message"))
    assert await messenger.delete_or_empty(client, *where)
    assert message.plain == "This message was removed."
    assert await messenger.delete_or_empty(client, *where)
    assert direct_messages(world, world.amara) == []
    assert await messenger.delete_or_empty(client, *where), "gone is done"

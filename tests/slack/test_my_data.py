"""`/advocacy my-data` and `/advocacy forget-me`, as people use them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.domain.troubles import Trouble
from bot.runtime import Runtime
from bot.slack import files as slack_files
from bot.slack.messenger import NotSent, Sent
from bot.slack.views import announcements, membership, my_data, retention
from slack_sandbox import Fault, Message, Person
from slack_sandbox.files import File
from tests.slack.direct_asks import WIDE, direct_messages, join_for_direct, receive_ask
from tests.support import (
    SlackWorld,
    actions,
    all_rows,
    bot_running,
    click,
    click_in_dialog,
    open_more,
    rows,
    run_command,
)

pytestmark = pytest.mark.usefixtures("polite")


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", **WIDE}


async def opened(runtime: Runtime, person: Person) -> str:
    """Ask for one's data; what the dialog says."""
    assert await run_command(person, "/advocacy my-data") == ""
    assert person.view is not None
    return person.view.plain_for(person)


def files(world: SlackWorld) -> list[File]:
    return [file for message in world.sandbox.state.messages for file in message.files]


async def send_file(runtime: Runtime, person: Person) -> str:
    """Ask for the file and accept what it means; what the dialog says then."""
    await opened(runtime, person)
    await click_in_dialog(runtime, person, my_data.FILE)
    assert person.view is not None
    assert "may be able to export direct messages" in person.view.plain
    await click_in_dialog(runtime, person, my_data.SEND)
    return person.view.plain


async def test_a_member_reads_what_is_stored(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    said = await opened(runtime, world.amara)
    assert f"Who you are in Slack: you, {world.amara.id}" in said
    assert "Your time zone, for your hours: America/New_York" in said
    assert "Our new release is out" in said
    assert "How far you went: you skipped it" in said
    assert "Kept until 30 days after the post ended." in said
    assert "dnd:read to send nothing" in said


async def test_somebody_who_never_joined_reads_that_nothing_is_stored(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    assert "Nothing is stored about you." in await opened(runtime, world.bo)
    assert "nothing to delete" in await run_command(world.bo, "/advocacy forget-me")
    assert all_rows(url) == before


async def test_comms_read_what_they_did(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    assert "Texts you wrote" in await opened(runtime, world.cleo)
    assert "Decisions you made" in await opened(runtime, world.carl)
    assert "a former colleague" in await run_command(world.carl, "/advocacy forget-me")


@pytest.mark.parametrize("where", ["more", "home"])
async def test_it_is_a_button_as_well(world: SlackWorld, runtime: Runtime, where: str) -> None:
    amara = world.amara
    await run_command(amara, "/advocacy join")
    if where == "home":
        await amara.open_home()
        await runtime.context.background_tasks.drain()
        assert amara.home is not None
        await amara.press(amara.home, membership.MY_DATA)
    else:
        await amara.press(await open_more(runtime, amara), membership.MY_DATA)
    await runtime.context.background_tasks.drain()
    assert amara.view is not None
    assert "You, as a member" in amara.view.plain


async def test_forget_me_says_what_it_means_and_then_nothing_is_left(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    amara = world.amara
    await click(runtime, amara, message, announcements.SKIP)
    said = await run_command(amara, "/advocacy forget-me")
    for part in ("your company has exported", "backups", "up to 30 days", "you may see it once"):
        assert part in said
    assert actions(amara.private[-1]) == [retention.FORGET]
    assert rows(url, "SELECT count(*) FROM member") == [(1,)]
    done = await click(runtime, amara, amara.private[-1], retention.FORGET)
    assert done.startswith("Done.")
    assert amara.id not in repr(all_rows(url))
    assert "Nothing is stored about you." in await opened(runtime, amara)


async def test_home_is_then_that_of_somebody_who_has_not_joined(
    world: SlackWorld, runtime: Runtime
) -> None:
    amara = world.amara
    await run_command(amara, "/advocacy join")
    await amara.open_home()
    await run_command(amara, "/advocacy forget-me")
    await click(runtime, amara, amara.private[-1], retention.FORGET)
    assert amara.home is not None
    assert "Hi, I'm Advocacy" in amara.home.plain


async def test_from_the_dialog_it_is_two_steps(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    amara = world.amara
    await run_command(amara, "/advocacy join")
    await opened(runtime, amara)
    await click_in_dialog(runtime, amara, my_data.FORGET)
    assert amara.view is not None
    assert "Delete everything that is stored about you?" in amara.view.plain
    await click_in_dialog(runtime, amara, f"{my_data.PAGE}:1")
    assert "You, as a member" in amara.view.plain, "there is a way back"
    await click_in_dialog(runtime, amara, my_data.FORGET)
    await click_in_dialog(runtime, amara, retention.FORGET)
    assert "Done." in amara.view.plain
    assert rows(url, "SELECT count(*) FROM member") == [(0,)]


async def test_leaving_says_until_when_and_offers_to_delete_at_once(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    amara = world.amara
    await run_command(amara, "/advocacy join")
    said = await run_command(amara, "/advocacy leave")
    assert "In 30 days I'll delete everything stored about you" in said
    assert "you may see it once more" in said
    done = await click(runtime, amara, amara.private[-1], retention.FORGET)
    assert done.startswith("Done.")
    assert rows(url, "SELECT count(*) FROM member") == [(0,)]


async def test_messages_of_somebody_forgotten_have_to_go(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    ask = await receive_ask(world, runtime, world.amara)
    await run_command(world.amara, "/advocacy forget-me")
    await click(runtime, world.amara, world.amara.private[-1], retention.FORGET)
    assert rows(url, "SELECT channel, message_ts FROM removal") == [(ask.channel.id, ask.ts)]


async def test_the_file_comes_after_a_warning_and_holds_the_same(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    assert "Sent." in await send_file(runtime, world.amara)
    [above, below] = direct_messages(world, world.amara)
    assert "Here is what is stored about you" in above.plain
    assert below.plain == f"[{my_data.FILE_NAME}]"
    [file] = files(world)
    assert file.content is not None
    stored = json.loads(file.content)["stored"]
    assert stored["member"][0]["user"]["value"] == world.amara.id
    assert stored["response"][0]["stage"]["value"] == "skipped"
    assert rows(url, "SELECT channel, message_ts, file FROM direct_message") == [
        (above.channel.id, above.ts, file.id)
    ]
    methods = {call.method for call in world.sandbox.calls}
    assert "conversations.open" not in methods, "that would need one more permission"


async def test_without_the_permission_no_file_is_offered(
    world: SlackWorld, url: str, variables: dict[str, str]
) -> None:
    world.sandbox.scopes.remove("files:write")
    async with bot_running(world, url, **variables) as runtime:
        await run_command(world.amara, "/advocacy join")
        said = await opened(runtime, world.amara)
        assert "Send me a file" not in said
        assert "files:write" not in said


async def test_who_never_joined_is_offered_no_file(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    assert "Send me a file" not in await opened(runtime, world.cleo)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "chat.postMessage"])
async def test_a_file_that_slack_refuses_leaves_nothing(
    world: SlackWorld, runtime: Runtime, url: str, method: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    world.sandbox.faults.add(Fault(method, error="file_uploads_disabled", status=403))
    assert "Slack didn't accept the file" in await send_file(runtime, world.amara)
    assert direct_messages(world, world.amara) == []
    assert rows(url, "SELECT * FROM direct_message") == []


async def test_a_file_that_cannot_be_shown_takes_its_message_with_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    world.sandbox.faults.add(Fault("files.completeUploadExternal", error="file_not_found"))
    assert "Slack didn't accept the file" in await send_file(runtime, world.amara)
    assert rows(url, "SELECT * FROM direct_message") == []
    [above] = direct_messages(world, world.amara)
    assert rows(url, "SELECT message_ts FROM removal") == [(above.ts,)]


async def test_a_lost_reply_is_said_so_and_the_file_stays_known(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    world.sandbox.faults.add(Fault("files.completeUploadExternal", lose_reply=True))
    assert "I can't tell whether the file has arrived" in await send_file(runtime, world.amara)
    [file] = files(world)
    assert rows(url, "SELECT file FROM direct_message") == [(file.id,)]


async def test_nobody_else_notices(world: SlackWorld, runtime: Runtime, message: Message) -> None:
    await join_for_direct(world.bo)
    seen = {person.id: len(person.private) for person in (world.bo, world.cleo, world.carl)}
    posted = len(world.sandbox.state.messages)
    await run_command(world.amara, "/advocacy forget-me")
    await click(runtime, world.amara, world.amara.private[-1], retention.FORGET)
    assert {person.id: len(person.private) for person in (world.bo, world.cleo, world.carl)} == seen
    new = world.sandbox.state.messages[posted:]
    assert {one.ephemeral_to for one in new} == {world.amara}


async def test_deleting_a_file_twice_is_harmless(world: SlackWorld, runtime: Runtime) -> None:
    await run_command(world.amara, "/advocacy join")
    await send_file(runtime, world.amara)
    [file] = files(world)
    client = runtime.context.client
    for _ in range(2):
        assert isinstance(await slack_files.delete(client, file.id), Sent)
    assert direct_messages(world, world.amara)[-1].plain == "[This file was deleted.]"
    world.sandbox.faults.add(Fault("files.delete", status=429, retry_after=7))
    outcome = await slack_files.delete(client, file.id)
    assert outcome == NotSent(Trouble.THROTTLED, timedelta(seconds=7))

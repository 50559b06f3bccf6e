"""Files: uploaded in three steps, shown in one conversation, deleted; as Slack documents it."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Page, Person, Sandbox
from slack_sandbox.snapshot import seen_by

CONTENT = b'{"a": 1}\n'


async def place(client: AsyncWebClient, content: bytes = CONTENT) -> tuple[str, str]:
    """An address for the bytes, and the file's id."""
    answer = await client.files_getUploadURLExternal(filename="a.json", length=len(content))
    return str(answer["upload_url"]), str(answer["file_id"])


async def uploaded(client: AsyncWebClient, session: aiohttp.ClientSession) -> str:
    address, file_id = await place(client)
    async with session.post(address, data=CONTENT) as reply:
        assert reply.status == 200
    return file_id


async def conversation(client: AsyncWebClient, person: Person) -> str:
    answer = await client.chat_postMessage(channel=person.id, text="Here it is.")
    return str(answer["channel"])


async def shared(client: AsyncWebClient, session: aiohttp.ClientSession, person: Person) -> str:
    """A file that a person sees in the direct message."""
    file_id = await uploaded(client, session)
    channel = await conversation(client, person)
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "All of it"}], channel_id=channel
    )
    return file_id


async def test_a_file_is_shown_by_its_title(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession, amara: Person
) -> None:
    file_id = await shared(client, session, amara)
    assert [message.plain for message in amara.dm] == ["Here it is.", "[All of it]"]
    file = sandbox.state.files.find(file_id)
    assert file is not None
    async with session.get(file.address(sandbox.state.base_url)) as reply:
        assert await reply.read() == CONTENT


async def test_the_page_shows_a_link_to_it(
    attached: Page, client: AsyncWebClient, session: aiohttp.ClientSession, amara: Person
) -> None:
    file_id = await shared(client, session, amara)
    seen = seen_by(attached.sandbox, amara)
    file = attached.sandbox.state.files.find(file_id)
    assert file is not None
    link = f"<{file.address(attached.sandbox.state.base_url)}|All of it>"
    assert link in [one["text"] for key, one in seen.items() if key.startswith("m/")]


async def test_slacks_own_helper_works(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person
) -> None:
    channel = await conversation(client, amara)
    await client.files_upload_v2(channel=channel, content="words", filename="b.txt")
    assert amara.dm[-1].plain == "[b.txt]"


async def test_a_deleted_file_leaves_a_word(
    client: AsyncWebClient, session: aiohttp.ClientSession, amara: Person, refused: Any
) -> None:
    file_id = await shared(client, session, amara)
    await client.files_delete(file=file_id)
    assert amara.dm[-1].plain == "[This file was deleted.]"
    assert await refused(client.files_delete(file=file_id)) == "file_deleted"
    assert await refused(client.files_delete(file="F0NOBODY1")) == "file_not_found"


async def test_without_a_conversation_nobody_sees_it(
    client: AsyncWebClient, session: aiohttp.ClientSession, amara: Person
) -> None:
    file_id = await uploaded(client, session)
    answer = await client.files_completeUploadExternal(files=[{"id": file_id}])
    assert answer["files"] == [{"id": file_id, "title": "a.json"}]
    assert amara.dm == []


async def test_a_person_is_no_conversation(
    client: AsyncWebClient, session: aiohttp.ClientSession, amara: Person
) -> None:
    file_id = await uploaded(client, session)
    with pytest.raises(SlackApiError) as caught:
        await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=amara.id)
    answer = caught.value.response
    assert answer["error"] == "invalid_arguments"
    assert "^[CGDZ][A-Z0-9]{8,}$" in json.dumps(answer["response_metadata"])


async def test_conversations_without_the_app_are_refused(
    sandbox: Sandbox,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    refused: Any,
) -> None:
    elsewhere: Channel = sandbox.add_channel("elsewhere", bot_is_member=False)
    file_id = await uploaded(client, session)
    for channel, error in ((elsewhere.id, "not_in_channel"), ("C0NOWHERE1", "channel_not_found")):
        complete = client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel)
        assert await refused(complete) == error


async def test_an_upload_is_finished_once_and_only_with_its_bytes(
    client: AsyncWebClient, session: aiohttp.ClientSession, refused: Any
) -> None:
    address, file_id = await place(client)

    def complete() -> Any:
        return client.files_completeUploadExternal(files=[{"id": file_id}])

    assert await refused(complete()) == "file_not_found"
    async with session.post(address, data=CONTENT + b"more") as reply:
        assert reply.status == 400
    async with session.post(address, data=CONTENT) as reply:
        assert reply.status == 200
    await complete()
    assert await refused(complete()) == "file_not_found"


async def test_a_file_has_a_name_and_a_length(client: AsyncWebClient, refused: Any) -> None:
    empty = client.files_getUploadURLExternal(filename="a.json", length=0)
    assert await refused(empty) == "missing_argument"
    nameless = client.files_getUploadURLExternal(filename="", length=1)
    assert await refused(nameless) == "invalid_arguments"


async def test_files_need_their_scope(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    sandbox.scopes.remove("files:write")
    asked = client.files_getUploadURLExternal(filename="a.json", length=1)
    assert await refused(asked) == "missing_scope"
    assert await refused(client.files_delete(file="F0NOBODY1")) == "missing_scope"

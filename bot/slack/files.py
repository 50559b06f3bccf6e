"""Files in direct messages: uploaded first, shared afterwards, deleted in the end."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import get_logger
from bot.slack.messenger import FAULTS, SEND_TIMEOUT, NotSent, Sent, Unsure, classify, warn

# A file with one of these is as gone as it can be.
_GONE = frozenset({"file_not_found", "file_deleted"})
_log = get_logger(__name__)


async def upload(
    client: AsyncWebClient, session: aiohttp.ClientSession, name: str, content: bytes
) -> str | None:
    """Hand a file to Slack, which shares it with nobody yet; its id, or None where it failed."""
    try:
        place = await client.files_getUploadURLExternal(filename=name, length=len(content))
        async with (
            asyncio.timeout(SEND_TIMEOUT),
            session.post(str(place["upload_url"]), data=content) as reply,
        ):
            if reply.status != 200:
                _log.warning("a file was refused", status=reply.status)
                return None
    except FAULTS as fault:
        warn(_log, "a file could not be uploaded", fault)
        return None
    return str(place["file_id"])


async def share(
    client: AsyncWebClient, channel: str, file_id: str, name: str
) -> Sent | NotSent | Unsure:
    """Show an uploaded file in a conversation, named by its id: Slack takes no person's id here.

    The `ts` of its message is empty, since Slack makes it later and tells it only to apps that may
    read files. Deleting the file takes it out of the message.
    """
    try:
        await client.files_completeUploadExternal(
            files=[{"id": file_id, "title": name}], channel_id=channel
        )
    except FAULTS as fault:
        return classify(fault)
    return Sent(channel, "")


async def delete(client: AsyncWebClient, file_id: str) -> Sent | NotSent | Unsure:
    """Delete a file; doing it twice is harmless."""
    try:
        await client.files_delete(file=file_id)
    except FAULTS as fault:
        outcome = classify(fault)
        gone = isinstance(outcome, NotSent) and outcome.trouble in _GONE
        return Sent("", "") if gone else outcome
    return Sent("", "")

"""The Web API's files methods: uploading in three steps, and deleting."""

import re
from typing import Any, TypeAlias

from slack_sandbox.api_call import ApiCall
from slack_sandbox.errors import SlackError
from slack_sandbox.files import File
from slack_sandbox.state import Channel

Json: TypeAlias = dict[str, Any]

# A person's id is refused here, unlike in chat.postMessage.
_CONVERSATION = re.compile(r"[CGDZ][A-Z0-9]{8,}")


def get_upload_url(call: ApiCall) -> Json:
    """files.getUploadURLExternal: an address for the bytes of a file."""
    name = call.text("filename", required=True)
    length = call.text("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("missing_argument")
    file = call.state.files.announce(name, int(length))
    return {
        "ok": True,
        "upload_url": f"{call.state.base_url}/upload/{file.key}",
        "file_id": file.id,
    }


def complete_upload(call: ApiCall) -> Json:
    """files.completeUploadExternal: show uploaded files in a conversation, or to nobody yet."""
    asked = call.data("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked:
        raise SlackError("invalid_arguments")
    channel = _conversation(call)
    found = [_uploaded(call, each) for each in asked]
    for file in found:
        file.completed = True
    if channel is not None:
        call.state.post(channel, call.text("initial_comment"), [], files=found)
    # Slack shows the files in a message a moment later, and does not say here in which.
    return {"ok": True, "files": [{"id": file.id, "title": file.title} for file in found]}


def delete(call: ApiCall) -> Json:
    """files.delete: take a file back; its message stays and says so."""
    file = call.state.files.find(call.text("file", required=True))
    if file is None:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    call.state.files.delete(file)
    return {"ok": True}


def _conversation(call: ApiCall) -> Channel | None:
    named = call.text("channel_id")
    if not named:
        return None
    if not _CONVERSATION.fullmatch(named):
        problem = f"[ERROR] input must match regex pattern: ^{_CONVERSATION.pattern}$"
        messages = [f"{problem} [json-pointer:/channel_id]"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    channel = call.state.channels.get(named)
    if channel is None or not channel.bot_is_member:
        raise SlackError("channel_not_found" if channel is None else "not_in_channel")
    return channel


def _uploaded(call: ApiCall, asked: Any) -> File:
    file = call.state.files.find(str(asked.get("id"))) if isinstance(asked, dict) else None
    if file is None or file.content is None or file.completed or file.deleted:
        raise SlackError("file_not_found")
    file.title = str(asked.get("title") or file.name)
    return file

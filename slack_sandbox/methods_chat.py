"""The Web API's chat methods: posting, updating and deleting messages."""

from typing import Any, TypeAlias

from slack_sandbox.api_call import ApiCall
from slack_sandbox.errors import SlackError
from slack_sandbox.limits import check_message
from slack_sandbox.shapes import message_json
from slack_sandbox.state import Channel, Message

Json: TypeAlias = dict[str, Any]


def post_message(call: ApiCall) -> Json:
    """chat.postMessage: say something where everybody sees it."""
    channel = _target(call)
    text, blocks = _content(call)
    message = call.state.post(
        channel,
        text,
        blocks,
        thread_ts=call.text("thread_ts") or None,
        parse_names=call.flag("link_names") or call.text("parse") == "full",
    )
    shape = message_json(call.state, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shape}


def post_ephemeral(call: ApiCall) -> Json:
    """chat.postEphemeral: say something that one person sees."""
    channel = _target(call)
    user = call.state.users.get(call.text("user", required=True))
    if user is None or user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(call)
    thread_ts = call.text("thread_ts") or None
    message = call.state.post(channel, text, blocks, ephemeral_to=user, thread_ts=thread_ts)
    return {"ok": True, "message_ts": message.ts}


def update(call: ApiCall) -> Json:
    """chat.update: change what a message shows."""
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    text, blocks = _content(call)
    if call.args.get("blocks") is None:
        # Left out, blocks stay; an empty list takes them away.
        blocks = message.blocks
    call.state.edit(message, text, blocks)
    shape = message_json(call.state, message)
    del shape["ts"]  # Slack leaves it out here
    answer = {"channel": channel.id, "ts": message.ts, "text": text}
    return {"ok": True, **answer, "message": shape}


def delete(call: ApiCall) -> Json:
    """chat.delete: take a message back."""
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    call.state.delete(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def get_permalink(call: ApiCall) -> Json:
    """chat.getPermalink: the address of a message."""
    channel = call.channel()
    message = _find(call, channel, call.text("message_ts", required=True))
    path = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    link = f"https://{call.state.team_domain}.slack.com/{path}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def _target(call: ApiCall) -> Channel:
    """Find where to speak; a person's id means the direct message with that person."""
    user = call.state.users.get(call.text("channel", required=True))
    if user is not None:
        return call.state.direct_channel(user)
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if not channel.bot_is_member and "chat:write.public" not in call.scopes:
        raise SlackError("not_in_channel")
    return channel


def _content(call: ApiCall) -> tuple[str, list[Json]]:
    blocks = call.data("blocks", "invalid_blocks_format")
    attachments = call.data("attachments", "invalid_attachments")
    return check_message(call.args.get("text"), blocks, other_content=bool(attachments))


def _find(call: ApiCall, channel: Channel, ts: str) -> Message:
    for message in call.state.messages:
        if message.channel is channel and message.ts == ts and not message.deleted:
            # An ephemeral message is not in the history: these methods never find it.
            if message.ephemeral_to is None:
                return message
            break
    raise SlackError("message_not_found")


def _own(call: ApiCall, channel: Channel, error: str) -> Message:
    message = _find(call, channel, call.text("ts", required=True))
    if message.author != call.state.bot.id:
        raise SlackError(error)
    return message

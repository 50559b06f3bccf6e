"""The room of the Web API's chat methods: what the bot says, changes and takes back."""

from typing import Any, TypeAlias

from bot.sandbox.asked import Asked
from bot.sandbox.errors import SlackError
from bot.sandbox.limits import check_message
from bot.sandbox.shapes import message_json
from bot.sandbox.state import Channel, Message

Json: TypeAlias = dict[str, Any]


def post_message(asked: Asked) -> Json:
    """chat.postMessage: say something where everybody sees it."""
    channel = _target(asked)
    text, blocks = _content(asked)
    message = asked.state.post(
        channel,
        text,
        blocks,
        thread_ts=asked.text("thread_ts") or None,
        parse_names=asked.flag("link_names") or asked.text("parse") == "full",
    )
    shape = message_json(asked.state, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shape}


def post_ephemeral(asked: Asked) -> Json:
    """chat.postEphemeral: say something that one person sees."""
    channel = _target(asked)
    user = asked.state.users.get(asked.text("user", required=True))
    if user is None or user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(asked)
    thread_ts = asked.text("thread_ts") or None
    message = asked.state.post(channel, text, blocks, ephemeral_to=user, thread_ts=thread_ts)
    return {"ok": True, "message_ts": message.ts}


def update(asked: Asked) -> Json:
    """chat.update: change what a message shows."""
    channel = asked.channel()
    message = _own(asked, channel, "cant_update_message")
    if channel.archived:
        raise SlackError("is_archived")
    text, blocks = _content(asked)
    if asked.args.get("blocks") is None:
        # Left out, blocks stay; an empty list takes them away.
        blocks = message.blocks
    asked.state.edit(message, text, blocks)
    shape = message_json(asked.state, message)
    answer = {"channel": channel.id, "ts": message.ts, "text": text}
    return {"ok": True, **answer, "message": shape}


def delete(asked: Asked) -> Json:
    """chat.delete: take a message back."""
    channel = asked.channel()
    message = _own(asked, channel, "cant_delete_message")
    asked.state.delete(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def get_permalink(asked: Asked) -> Json:
    """chat.getPermalink: the address of a message."""
    channel = asked.channel()
    message = _find(asked, channel, asked.text("message_ts", required=True))
    path = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    link = f"https://{asked.state.team_domain}.slack.com/{path}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def _target(asked: Asked) -> Channel:
    """Find where to speak; a person's id means the direct message with that person."""
    user = asked.state.users.get(asked.text("channel", required=True))
    if user is not None:
        return asked.state.direct_channel(user)
    channel = asked.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if not channel.bot_is_member and "chat:write.public" not in asked.scopes:
        raise SlackError("not_in_channel")
    return channel


def _content(asked: Asked) -> tuple[str, list[Json]]:
    blocks = asked.data("blocks", "invalid_blocks_format")
    attachments = asked.data("attachments", "invalid_attachments")
    return check_message(asked.args.get("text"), blocks, other_content=bool(attachments))


def _find(asked: Asked, channel: Channel, ts: str) -> Message:
    for message in asked.state.messages:
        if message.channel is channel and message.ts == ts and not message.deleted:
            # An ephemeral message is not in the history: these methods never find it.
            if message.ephemeral_to is None:
                return message
            break
    raise SlackError("message_not_found")


def _own(asked: Asked, channel: Channel, error: str) -> Message:
    message = _find(asked, channel, asked.text("ts", required=True))
    if message.author != asked.state.bot.id:
        raise SlackError(error)
    return message

"""The Web API's methods: each with its token, its scope and its function."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_sandbox import methods_chat, methods_files, methods_validate, methods_views
from slack_sandbox.api_call import ApiCall
from slack_sandbox.errors import SlackError
from slack_sandbox.shapes import channel_json, user_json
from slack_sandbox.state import Channel, User

Json: TypeAlias = dict[str, Any]

# The scope that shows each kind of conversation, as conversations.list documents it.
_KIND_SCOPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
MOST_DND_USERS = 50


@dataclass(frozen=True)
class Method:
    """A method: what it does, the scope it always needs, and the kind of token it takes."""

    handler: Callable[[ApiCall], Json]
    scope: str | None = None
    token: str = "bot"


def _auth_test(call: ApiCall) -> Json:
    state = call.state
    org_wide = state.org_wide and state.enterprise is not None
    return {
        "ok": True,
        "url": f"https://{state.team_domain}.slack.com/",
        "team": state.team_name,
        "user": state.bot.name,
        "team_id": state.enterprise.id if org_wide and state.enterprise else state.team_id,
        "user_id": state.bot.id,
        "bot_id": state.bot_id,
        "app_id": state.app_id,
        **({"enterprise_id": state.enterprise.id} if state.enterprise else {}),
        "is_enterprise_install": org_wide,
    }


def _connections_open(call: ApiCall) -> Json:
    ticket = secrets.token_urlsafe(12)
    call.state.tickets[ticket] = time.monotonic() + call.state.ticket_life
    address = call.state.base_url.replace("http://", "ws://")
    return {"ok": True, "url": f"{address}/socket?ticket={ticket}&app_id={call.state.app_id}"}


def _kind(channel: Channel) -> str:
    if channel.direct_with is not None:
        return "im"
    return "private_channel" if channel.private else "public_channel"


def _listed(call: ApiCall, *, member: User | None = None) -> Json:
    kinds = call.names("types") or ["public_channel"]
    if any(kind not in _KIND_SCOPES for kind in kinds):
        raise SlackError("invalid_types")
    for kind in kinds:
        call.need(_KIND_SCOPES[kind])
    found = [
        channel
        for channel in call.state.channels.values()
        if _kind(channel) in kinds
        and (channel.bot_is_member or not channel.private)
        and not (channel.archived and call.flag("exclude_archived"))
        and (member is None or _is_in(call, member, channel))
    ]
    cut, metadata = call.page(found)
    shapes = [channel_json(call.state, channel, with_count=member is None) for channel in cut]
    return {"ok": True, "channels": shapes, "response_metadata": metadata}


def _is_in(call: ApiCall, user: User, channel: Channel) -> bool:
    return channel.bot_is_member if user is call.state.bot else user in channel.members


def _conversations_list(call: ApiCall) -> Json:
    return _listed(call)


def _users_conversations(call: ApiCall) -> Json:
    return _listed(call, member=call.user() if call.text("user") else call.state.bot)


def _seen(call: ApiCall) -> Channel:
    """Find a channel and check the scope for its kind."""
    channel = call.channel()
    call.need(_KIND_SCOPES[_kind(channel)])
    return channel


def _conversations_info(call: ApiCall) -> Json:
    channel = _seen(call)
    counted = call.flag("include_num_members")
    return {"ok": True, "channel": channel_json(call.state, channel, with_count=counted)}


def _conversations_members(call: ApiCall) -> Json:
    channel = _seen(call)
    ids = [user.id for user in channel.members]
    if channel.bot_is_member:
        ids.append(call.state.bot.id)
    cut, metadata = call.page(ids)
    return {"ok": True, "members": cut, "response_metadata": metadata}


def _conversations_open(call: ApiCall) -> Json:
    if call.text("channel"):
        channel = call.channel()
    else:
        names = call.names("users")
        if not names:
            raise SlackError("users_list_not_supplied")
        if len(names) > 1:
            # The app never opens a conversation with several people.
            raise SlackError("not_enough_users" if len(set(names)) == 1 else "invalid_arguments")
        user = call.state.users.get(names[0])
        if user is None:
            raise SlackError("user_not_found")
        channel = call.state.direct_channel(user)
    if not call.flag("return_im"):
        return {"ok": True, "channel": {"id": channel.id}}
    return {"ok": True, "channel": channel_json(call.state, channel)}


def _users_info(call: ApiCall) -> Json:
    user = call.user()
    shape = user_json(call.state, user, with_locale=call.flag("include_locale"))
    return {"ok": True, "user": shape}


def _users_list(call: ApiCall) -> Json:
    cut, metadata = call.page(list(call.state.users.values()))
    with_locale = call.flag("include_locale")
    members = [user_json(call.state, user, with_locale=with_locale) for user in cut]
    now = int(call.state.clock().timestamp())
    return {"ok": True, "members": members, "cache_ts": now, "response_metadata": metadata}


def _dnd_team_info(call: ApiCall) -> Json:
    call.text("users", required=True)
    names = call.names("users")
    if len(names) > MOST_DND_USERS:
        raise SlackError("too_many_users")
    found = {name: call.state.users[name] for name in names if name in call.state.users}
    return {"ok": True, "users": {name: _dnd(user) for name, user in found.items()}}


def _dnd(user: User) -> Json:
    """Build the schedule that Slack shows of one person; a snooze is never shown to others."""
    if user.do_not_disturb is None:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    start, end = (int(moment.timestamp()) for moment in user.do_not_disturb)
    return {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


METHODS: dict[str, Method] = {
    "api.test": Method(lambda call: {"ok": True, "args": call.args}, token="any"),
    "apps.manifest.validate": Method(methods_validate.validate_manifest, token="config"),
    "auth.test": Method(_auth_test, token="any"),
    "apps.connections.open": Method(_connections_open, "connections:write", token="app"),
    "blocks.validate": Method(methods_validate.validate_blocks),
    "chat.postMessage": Method(methods_chat.post_message, "chat:write"),
    "chat.postEphemeral": Method(methods_chat.post_ephemeral, "chat:write"),
    "chat.update": Method(methods_chat.update, "chat:write"),
    "chat.delete": Method(methods_chat.delete, "chat:write"),
    "chat.getPermalink": Method(methods_chat.get_permalink),
    "conversations.list": Method(_conversations_list),
    "conversations.info": Method(_conversations_info),
    "conversations.members": Method(_conversations_members),
    "conversations.open": Method(_conversations_open, "im:write"),
    "files.getUploadURLExternal": Method(methods_files.get_upload_url, "files:write"),
    "files.completeUploadExternal": Method(methods_files.complete_upload, "files:write"),
    "files.delete": Method(methods_files.delete, "files:write"),
    "users.info": Method(_users_info, "users:read"),
    "users.list": Method(_users_list, "users:read"),
    "users.conversations": Method(_users_conversations),
    "dnd.teamInfo": Method(_dnd_team_info, "dnd:read"),
    "views.open": Method(methods_views.open_view),
    "views.push": Method(methods_views.push_view),
    "views.update": Method(methods_views.update_view),
    "views.publish": Method(methods_views.publish_view),
}

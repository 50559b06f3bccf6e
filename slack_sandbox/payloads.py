"""Payloads: what the app receives for commands, presses, submissions and events."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from slack_sandbox.inputs import STATEFUL
from slack_sandbox.shapes import message_json, view_json
from slack_sandbox.state import Channel, Message, State, User, View

Json: TypeAlias = dict[str, Any]

# Slack still sends this long-retired word for checking where a payload comes from.
VERIFICATION_TOKEN = "sandbox"

# The keys of an element that an action carries back.
_ECHOED = ("text", "value", "style", "placeholder", "initial_option", "initial_date")


def command(state: State, user: User, channel: Channel, line: str) -> Json:
    """Build a slash command: `line` is all that was typed, the command's name first."""
    name, _, text = line.strip().partition(" ")
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": state.team_id,
        "team_domain": state.team_domain,
        **_enterprise(state),
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": state.app_id,
        "is_enterprise_install": "false",
        "response_url": state.new_response_url(user, channel),
        "trigger_id": state.new_trigger(user),
    }


def block_actions(
    state: State, user: User, where: Message | View, action: Json, block: Json
) -> Json:
    """Build what a press of a button or a choice in a menu sends."""
    element = {key: action[key] for key in _ECHOED if key in action}
    pressed = {
        **element,
        "type": action["type"],
        "action_id": action["action_id"],
        "block_id": block["block_id"],
        "action_ts": state.new_ts(),
        **action.get("chosen", {}),
    }
    view = where if isinstance(where, View) else None
    payload = _interaction("block_actions", state, user)
    payload["trigger_id"] = state.new_trigger(user, view)
    payload["actions"] = [pressed]
    if isinstance(where, View):
        payload["container"] = {"type": "view", "view_id": where.id}
        payload["view"] = view_json(state, where)
        return payload
    payload["container"] = {
        "type": "message",
        "message_ts": where.ts,
        "channel_id": where.channel.id,
        "is_ephemeral": where.ephemeral_to is not None,
        "is_app_unfurl": False,
    }
    if where.thread_ts:
        payload["container"]["thread_ts"] = where.thread_ts
    payload["channel"] = {"id": where.channel.id, "name": _channel_name(where.channel)}
    payload["state"] = {"values": where.values}
    payload["response_url"] = state.new_response_url(user, where.channel, where)
    if where.ephemeral_to is None:
        payload["message"] = message_json(state, where)
    return payload


def shortcut(state: State, user: User, callback_id: str, message: Message | None) -> Json:
    """Build what a shortcut sends: one on a message, or one that stands everywhere."""
    payload = _interaction("message_action" if message else "shortcut", state, user)
    payload["callback_id"] = callback_id
    payload["trigger_id"] = state.new_trigger(user)
    payload["action_ts"] = state.new_ts()
    if message is not None:
        channel = message.channel
        payload["channel"] = {"id": channel.id, "name": _channel_name(channel)}
        payload["message_ts"] = message.ts
        payload["message"] = message_json(state, message)
        payload["response_url"] = state.new_response_url(user, channel)
    return payload


def view_submission(state: State, user: User, view: View) -> Json:
    """Build what the submit button of a modal sends."""
    payload = _interaction("view_submission", state, user)
    payload["trigger_id"] = state.new_trigger(user, view)
    payload["view"] = view_json(state, view)
    payload["response_urls"] = []
    return payload


def view_closed(state: State, user: User, view: View, *, cleared: bool) -> Json:
    """Build what closing a modal sends; what was typed into it is not told."""
    payload = _interaction("view_closed", state, user)
    payload["view"] = view_json(state, view) | {"state": {"values": {}}}
    payload["is_cleared"] = cleared
    return payload


def event(state: State, inner: Mapping[str, Any]) -> Json:
    """Wrap an event in the envelope of the Events API."""
    now = state.clock()
    enterprise_id = state.enterprise.id if state.enterprise else None
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": state.team_id,
        **({"enterprise_id": enterprise_id} if enterprise_id else {}),
        "context_team_id": state.team_id,
        "context_enterprise_id": enterprise_id,
        "api_app_id": state.app_id,
        "event": {"event_ts": state.new_ts(), **inner},
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": int(now.timestamp()),
        "authorizations": [
            {
                "enterprise_id": enterprise_id,
                "team_id": state.team_id,
                "user_id": state.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def chosen(element: Json, held: Json) -> Json:
    """Build the part of an action that says what was chosen or typed."""
    if element["type"] not in STATEFUL:
        return {}
    key = STATEFUL[element["type"]][0]
    return {key: held.get(key)}


def _interaction(kind: str, state: State, user: User) -> Json:
    enterprise = state.enterprise
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": (enterprise and enterprise.users_team_id) or user.team_id,
        },
        "api_app_id": state.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": state.team_id, "domain": state.team_domain, **_enterprise(state)},
        "enterprise": None
        if enterprise is None
        else {"id": enterprise.id, "name": enterprise.name},
        "is_enterprise_install": False,
    }


def _enterprise(state: State) -> Json:
    # A workspace that is part of no organisation has neither key.
    if state.enterprise is None:
        return {}
    return {"enterprise_id": state.enterprise.id, "enterprise_name": state.enterprise.name}


def _channel_name(channel: Channel) -> str:
    # To apps, a private channel is called so in payloads.
    return "privategroup" if channel.private and not channel.direct_with else channel.name

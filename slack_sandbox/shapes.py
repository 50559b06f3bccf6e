"""Slack's objects as JSON: users, channels, messages, views."""

from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from slack_sandbox.state import Channel, Message, State, User, View

Json: TypeAlias = dict[str, Any]


def user_json(state: State, user: User, *, with_locale: bool = False) -> Json:
    """Build a user as `users.info` answers it."""
    now = state.clock().astimezone(ZoneInfo(user.tz))
    offset = now.utcoffset()
    shape: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": now.tzname() or user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "title": user.title,
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "team": user.team_id,
        },
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.restricted,
        "is_ultra_restricted": user.ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(datetime.timestamp(now)),
    }
    if user.team_id != state.team_id:
        # Slack gives this key only for people of other workspaces.
        shape["is_stranger"] = state.is_stranger(user)
    enterprise = state.enterprise_of(user)
    if enterprise is not None:
        ours = state.enterprise is not None and state.enterprise.id == enterprise
        shape["enterprise_user"] = {
            "id": user.id,
            "enterprise_id": enterprise,
            "enterprise_name": state.enterprise.name if ours and state.enterprise else "Elsewhere",
            "is_admin": False,
            "is_owner": False,
            "teams": [user.team_id],
        }
    if with_locale:
        shape["locale"] = user.locale
    return shape


def channel_json(state: State, channel: Channel, *, with_count: bool = True) -> Json:
    """Build a channel or a direct message as the conversations methods answer it."""
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_org_shared": bool(channel.shared_with),
        "context_team_id": state.team_id,
    }
    if channel.direct_with is not None:
        return {**common, "is_im": True, "user": channel.direct_with.id}
    shape: Json = {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_general": False,
        "is_shared": bool(channel.shared_with or channel.connected_to),
        "is_ext_shared": bool(channel.connected_to),
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [state.team_id, *channel.shared_with, *channel.connected_to],
        "is_member": channel.bot_is_member,
        "creator": state.bot.id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
    if with_count:
        shape["num_members"] = len(channel.members) + channel.bot_is_member
    return shape


def message_json(state: State, message: Message) -> Json:
    """Build a message as answers and payloads carry it."""
    shape: Json = {
        "type": "message",
        "user": message.author,
        "team": state.team_id,
        "ts": message.ts,
        "text": message.text,
    }
    if message.author == state.bot.id:
        shape |= {
            "bot_id": state.bot_id,
            "app_id": state.app_id,
            "bot_profile": {
                "id": state.bot_id,
                "app_id": state.app_id,
                "name": state.bot.real_name,
                "deleted": False,
                "updated": 0,
                "icons": {},
                "team_id": state.team_id,
            },
        }
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.thread_ts:
        shape["thread_ts"] = message.thread_ts
    if message.edited:
        shape["edited"] = {"user": message.author, "ts": message.ts}
    return shape


def view_json(state: State, view: View) -> Json:
    """Build a view as answers and payloads carry it."""
    body = view.body
    return {
        "id": view.id,
        "team_id": state.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "external_id": view.external_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": _plain(body.get("title", {"type": "plain_text", "text": "View Title"})),
        "close": _plain(body.get("close")),
        "submit": _plain(body.get("submit")),
        "submit_disabled": bool(body.get("submit_disabled")),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": state.app_id,
        "app_installed_team_id": state.team_id,
        "bot_id": state.bot_id,
    }


def _plain(text: Json | None) -> Json | None:
    # Slack adds what the app left out.
    return None if text is None else {"emoji": True, **text}

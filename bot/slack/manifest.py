"""The app's manifest: `manifest.json` is the one source, this reads, adapts and checks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from bot import shipped

PATH = shipped.path_of("manifest.json")

# Slack's page for new apps takes a manifest along: https://api.slack.com/apps?new_app=1 opens the
# choice, and with `manifest_json` the app is filled in.
_NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="

_HOME_TAB = ("features", "app_home", "home_tab_enabled")
_TOP_LEVEL = {"_metadata", "display_information", "features", "oauth_config", "settings"}

# Slack's limits in characters, shortest and longest (docs.slack.dev/reference/app-manifest).
_DISPLAY_LIMITS = {"name": (1, 35), "description": (1, 140), "long_description": (174, 4000)}
_SHORTCUT_LIMITS = {"name": (1, 24), "callback_id": (1, 255), "description": (1, 150)}
_COMMAND_LIMITS = {"command": (2, 32), "description": (1, 2000), "usage_hint": (1, 1000)}

# The product promises to read no conversation, to look nobody up outside Slack, to join, manage
# and fill no channel, and to speak in nobody's name. A scope named here would break that promise.
_NEVER = re.compile(
    r".*:history|search:.*|files:read|admin.*|identity\..*"
    r"|(channels|groups):(manage|join|write.*)"
    r"|chat:write\.(customize|public)"
    r"|users:read\.email|users\.profile:.*"
)


def read() -> dict[str, Any]:
    """The manifest as Slack takes it, for Socket Mode."""
    manifest: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return manifest


def scopes() -> tuple[str, ...]:
    """The scopes that the bot asks for, optional ones too, in the manifest's order."""
    return tuple(_part(read(), "oauth_config", "scopes").get("bot", []))


def optional_scopes() -> tuple[str, ...]:
    """Those of them that whoever installs the app may leave out."""
    return tuple(_part(read(), "oauth_config", "scopes").get("bot_optional", []))


def events() -> tuple[str, ...]:
    """What Slack tells the bot unasked."""
    return tuple(_events(read()))


def shortcuts() -> tuple[dict[str, str], ...]:
    """What people can do from a message's menu, or from the one that stands everywhere."""
    return tuple(_part(read(), "features").get("shortcuts", []))


def differences(theirs: Mapping[str, Any]) -> list[str]:
    """What an app's own manifest lacks or has too much, compared with ours; a line each.

    `theirs` is what the app's settings in Slack show as its manifest.
    """
    ours = read()
    lines = list(_compared("scopes", _bot_scopes(ours), _bot_scopes(theirs)))
    lines += _compared("events", _events(ours), _events(theirs))
    lines += _compared("commands", _commands(ours), _commands(theirs))
    lines += _compared("shortcuts", _shortcuts(ours), _shortcuts(theirs))
    for path in (("settings", "interactivity", "is_enabled"), _HOME_TAB):
        *parts, last = path
        if not _part(theirs, *parts).get(last):
            lines.append(f"{'.'.join(path)} is off")
    return lines


def for_http(base_url: str) -> dict[str, Any]:
    """The same manifest for a bot that Slack reaches over HTTP at `base_url`.

    Raises:
        ValueError: if `base_url` is not an https address; Slack takes no other.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("The address must begin with https://, such as https://bot.example.com.")
    address = base_url.rstrip("/") + "/slack/events"
    manifest = read()
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    manifest["settings"]["interactivity"]["request_url"] = address
    manifest["settings"]["event_subscriptions"]["request_url"] = address
    manifest["settings"]["socket_mode_enabled"] = False
    return manifest


def link(manifest: Mapping[str, Any]) -> str:
    """The address at which Slack offers to create an app of this manifest."""
    return _NEW_APP + quote(json.dumps(manifest, separators=(",", ":")), safe="")


def check(manifest: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in a manifest, or this product must never ask for; a line each."""
    problems = [f"{key}: Slack knows no such part." for key in sorted(manifest.keys() - _TOP_LEVEL)]
    display = manifest.get("display_information", {})
    if "name" not in display:
        problems.append("display_information.name: it is missing.")
    problems.extend(_outside(display, "display_information", _DISPLAY_LIMITS))
    problems.extend(_command_problems(manifest))
    problems.extend(_shortcut_problems(manifest))
    problems.extend(_scope_problems(manifest))
    return problems


def _compared(what: str, ours: Iterable[str], theirs: Iterable[str]) -> Iterator[str]:
    wanted, there = dict.fromkeys(ours), dict.fromkeys(theirs)
    if missing := [each for each in wanted if each not in there]:
        yield f"missing {what}: {', '.join(missing)}"
    if surplus := [each for each in there if each not in wanted]:
        yield f"{what} that the bot does not use: {', '.join(surplus)}"


def _outside(
    part: Mapping[str, Any], path: str, limits: Mapping[str, tuple[int, int]]
) -> Iterator[str]:
    for key, (low, high) in limits.items():
        if key in part and not low <= len(part[key]) <= high:
            yield f"{path}.{key}: {len(part[key])} characters; Slack takes {low} to {high}."


def _command_problems(manifest: Mapping[str, Any]) -> Iterator[str]:
    socket_mode = manifest.get("settings", {}).get("socket_mode_enabled", False)
    for command in manifest.get("features", {}).get("slash_commands", []):
        path = f"slash command {command.get('command', '?')}"
        if not re.fullmatch(r"/[a-z0-9_-]+", command.get("command", "")):
            yield f"{path}: it begins with / and has small letters, digits, - and _ only."
        if "description" not in command:
            yield f"{path}.description: it is missing."
        yield from _outside(command, path, _COMMAND_LIMITS)
        if not socket_mode and "url" not in command:
            yield f"{path}.url: it is needed without Socket Mode."


def _shortcut_problems(manifest: Mapping[str, Any]) -> Iterator[str]:
    for shortcut in manifest.get("features", {}).get("shortcuts", []):
        path = f"shortcut {shortcut.get('callback_id', '?')}"
        if shortcut.get("type") not in ("message", "global"):
            yield f"{path}.type: it is message or global."
        for key in _SHORTCUT_LIMITS:
            if key not in shortcut:
                yield f"{path}.{key}: it is missing."
        yield from _outside(shortcut, path, _SHORTCUT_LIMITS)


def _scope_problems(manifest: Mapping[str, Any]) -> Iterator[str]:
    asked = manifest.get("oauth_config", {}).get("scopes", {})
    for scope in asked.get("user", []):
        yield f"scope {scope}: the bot asks for nothing in a person's own name."
    for scope in _bot_scopes(manifest):
        if _NEVER.fullmatch(scope):
            yield f"scope {scope}: this product never asks for it."
    for scope in asked.get("bot_optional", []):
        if scope not in asked.get("bot", []):
            yield f"scope {scope}: Slack wants an optional one among the others, too."


def _bot_scopes(manifest: Mapping[str, Any]) -> list[str]:
    asked = _part(manifest, "oauth_config", "scopes")
    return list(dict.fromkeys([*asked.get("bot", []), *asked.get("bot_optional", [])]))


def _events(manifest: Mapping[str, Any]) -> list[str]:
    subscribed = _part(manifest, "settings", "event_subscriptions")
    return [*subscribed.get("bot_events", []), *subscribed.get("user_events", [])]


def _commands(manifest: Mapping[str, Any]) -> list[str]:
    return [each["command"] for each in _part(manifest, "features").get("slash_commands", [])]


def _shortcuts(manifest: Mapping[str, Any]) -> list[str]:
    return [each["callback_id"] for each in _part(manifest, "features").get("shortcuts", [])]


def _part(manifest: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    part = manifest
    for key in path:
        part = part.get(key, {})
    return part

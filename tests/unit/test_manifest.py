"""The manifest: what it asks Slack for, and that it keeps to Slack's limits."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.slack import manifest

_EVENTS = "event_subscriptions"


@pytest.fixture
def ours() -> dict[str, Any]:
    return copy.deepcopy(manifest.read())


def test_slack_would_take_the_manifest(ours: dict[str, Any]) -> None:
    assert manifest.check(ours) == []


def test_it_asks_for_these_scopes_and_no_others(ours: dict[str, Any]) -> None:
    assert manifest.scopes() == (
        "commands",
        "chat:write",
        "users:read",
        "channels:read",
        "groups:read",
        "dnd:read",
        "files:write",
    )
    assert ours["oauth_config"]["scopes"].keys() == {"bot", "bot_optional"}
    assert manifest.optional_scopes() == ("dnd:read", "files:write")


def test_an_optional_scope_stands_among_the_others_too(ours: dict[str, Any]) -> None:
    ours["oauth_config"]["scopes"]["bot"].remove("dnd:read")
    assert manifest.check(ours) == [
        "scope dnd:read: Slack wants an optional one among the others, too."
    ]


def test_it_hears_of_its_own_home_tab_and_of_changes_to_its_channels(ours: dict[str, Any]) -> None:
    heard = ["app_home_opened", "channel_shared", "member_left_channel"]
    assert ours["settings"]["event_subscriptions"] == {"bot_events": heard}


def test_it_is_made_for_socket_mode_in_one_workspace(ours: dict[str, Any]) -> None:
    settings = {key: ours["settings"][key] for key in ours["settings"].keys() - {_EVENTS}}
    assert settings == {
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }


def test_it_has_one_command_and_a_place_for_answers(ours: dict[str, Any]) -> None:
    (command,) = ours["features"]["slash_commands"]
    assert command["command"] == "/advocacy"
    assert command["should_escape"] is False
    assert command["usage_hint"]
    assert ours["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


def test_over_http_slack_is_told_the_address() -> None:
    http = manifest.for_http("https://bot.example.com/")
    address = "https://bot.example.com/slack/events"
    assert http["features"]["slash_commands"][0]["url"] == address
    assert http["settings"]["interactivity"]["request_url"] == address
    assert http["settings"][_EVENTS]["request_url"] == address
    assert http["settings"]["socket_mode_enabled"] is False
    assert manifest.check(http) == []


def test_over_http_nothing_else_changes() -> None:
    http = manifest.for_http("https://bot.example.com")
    del http["features"]["slash_commands"][0]["url"]
    del http["settings"]["interactivity"]["request_url"]
    del http["settings"][_EVENTS]["request_url"]
    http["settings"]["socket_mode_enabled"] = True
    assert http == manifest.read()


@pytest.mark.parametrize("address", ["http://bot.example.com", "bot.example.com", "https://"])
def test_slack_takes_only_https_addresses(address: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        manifest.for_http(address)


@pytest.mark.parametrize(
    "scope",
    [
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
        "channels:manage",
        "channels:join",
        "groups:write",
        "users:read.email",
        "users.profile:read",
        "chat:write.customize",
        "chat:write.public",
        "search:read",
        "admin.users:read",
    ],
)
@pytest.mark.parametrize("kind", ["bot", "bot_optional"])
def test_a_scope_that_breaks_a_promise_is_found(
    ours: dict[str, Any], scope: str, kind: str
) -> None:
    for each in {"bot", kind}:
        ours["oauth_config"]["scopes"][each].append(scope)
    assert manifest.check(ours) == [f"scope {scope}: this product never asks for it."]


@pytest.mark.parametrize("scope", ["im:write", "team:read"])
def test_a_harmless_scope_may_be_asked_for_later(ours: dict[str, Any], scope: str) -> None:
    ours["oauth_config"]["scopes"]["bot"].append(scope)
    assert manifest.check(ours) == []


def test_scopes_in_a_persons_name_are_found(ours: dict[str, Any]) -> None:
    ours["oauth_config"]["scopes"]["user"] = ["users:read"]
    assert len(manifest.check(ours)) == 1


@pytest.mark.parametrize(
    ("key", "value", "ok"),
    [
        ("name", "n" * 35, True),
        ("name", "n" * 36, False),
        ("name", "", False),
        ("description", "d" * 140, True),
        ("description", "d" * 141, False),
        ("long_description", "d" * 173, False),
        ("long_description", "d" * 174, True),
        ("long_description", "d" * 4000, True),
        ("long_description", "d" * 4001, False),
    ],
)
def test_texts_keep_to_slacks_limits(ours: dict[str, Any], key: str, value: str, ok: bool) -> None:
    ours["display_information"][key] = value
    assert (manifest.check(ours) == []) is ok


@pytest.mark.parametrize(
    ("key", "value", "ok"),
    [
        ("description", "d" * 2000, True),
        ("description", "d" * 2001, False),
        ("usage_hint", "u" * 1000, True),
        ("usage_hint", "u" * 1001, False),
        ("command", "advocacy", False),
        ("command", "/Advocacy", False),
        ("command", "/" + "a" * 32, False),
    ],
)
def test_the_command_keeps_to_slacks_limits(
    ours: dict[str, Any], key: str, value: str, ok: bool
) -> None:
    ours["features"]["slash_commands"][0][key] = value
    assert (manifest.check(ours) == []) is ok


def test_unknown_and_missing_parts_are_found(ours: dict[str, Any]) -> None:
    ours["colour"] = "blue"
    del ours["display_information"]["name"]
    del ours["features"]["slash_commands"][0]["description"]
    ours["settings"]["socket_mode_enabled"] = False
    assert manifest.check(ours) == [
        "colour: Slack knows no such part.",
        "display_information.name: it is missing.",
        "slash command /advocacy.description: it is missing.",
        "slash command /advocacy.url: it is needed without Socket Mode.",
    ]


def test_an_app_like_ours_has_no_differences(ours: dict[str, Any]) -> None:
    assert manifest.differences(ours) == []
    assert manifest.differences(manifest.for_http("https://bot.example.com")) == []


def test_what_an_older_app_lacks_and_has_too_much_is_named(ours: dict[str, Any]) -> None:
    ours["oauth_config"]["scopes"] = {"bot": ["commands", "im:history"]}
    ours["settings"]["event_subscriptions"] = {"user_events": ["message.im"]}
    ours["settings"]["interactivity"]["is_enabled"] = False
    del ours["features"]["app_home"]
    ours["features"]["slash_commands"] = []
    lacking = ", ".join(scope for scope in manifest.scopes() if scope != "commands")
    assert manifest.differences(ours) == [
        f"missing scopes: {lacking}",
        "scopes that the bot does not use: im:history",
        "missing events: app_home_opened, channel_shared, member_left_channel",
        "events that the bot does not use: message.im",
        "missing commands: /advocacy",
        "settings.interactivity.is_enabled is off",
        "features.app_home.home_tab_enabled is off",
    ]

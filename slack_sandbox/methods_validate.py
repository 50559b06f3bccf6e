"""The methods that only say what is wrong: blocks.validate and apps.manifest.validate."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from slack_sandbox.api_call import ApiCall
from slack_sandbox.errors import SlackError
from slack_sandbox.limits import look_at_blocks, look_at_view

Json: TypeAlias = dict[str, Any]
Found: TypeAlias = list[tuple[str, str]]

_ONE_OF = ("blocks", "message", "view")


def validate_blocks(call: ApiCall) -> Json:
    """blocks.validate: blocks, a message or a view, as they would be sent; nothing is shown."""
    given = [name for name in _ONE_OF if call.text(name)]
    if len(given) != 1:
        messages = ["[ERROR] provide exactly one of `blocks`, `message`, or `view`"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    [name] = given
    error = f"invalid_{name}"
    value = call.data(name, error)
    found = {"blocks": _blocks, "message": _message, "view": _view}[name](value)
    return _verdict(error, found)


def validate_manifest(call: ApiCall) -> Json:
    """apps.manifest.validate: what Slack's own documentation shows of its verdicts."""
    call.text("manifest", required=True)
    manifest = call.data("manifest", "invalid_manifest")
    if not isinstance(manifest, dict):
        raise SlackError("invalid_manifest", errors=[_error("", "must be an object")])
    return _verdict("invalid_manifest", list(_in_manifest(manifest)))


def _verdict(error: str, found: Found) -> Json:
    if found:
        raise SlackError(error, errors=[_error(pointer, what) for pointer, what in found])
    return {"ok": True}


def _error(pointer: str, what: str) -> Json:
    return {"pointer": pointer, "code": "failed_constraint", "message": what}


def _blocks(blocks: Any) -> Found:
    if not isinstance(blocks, list):
        return [("", "must be an array")]
    return [(path.removeprefix("/blocks"), what) for path, what in look_at_blocks(blocks).found]


def _message(message: Any) -> Found:
    if not isinstance(message, dict):
        return [("", "must be an object")]
    blocks = message.get("blocks") or []
    if not isinstance(blocks, list):
        return [("/blocks", "must be an array")]
    return look_at_blocks(blocks).found


def _view(view: Any) -> Found:
    if not isinstance(view, dict):
        return [("", "must be an object")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [("/type", "must be one of: modal, home")]
    return [(path.removeprefix("/view"), what) for path, what in look_at_view(view, kind).found]


def _in_manifest(manifest: Json) -> Iterator[tuple[str, str]]:
    display = manifest.get("display_information") or {}
    for key, most in (("name", 35), ("description", 140)):
        value = display.get(key)
        if value is None and key == "name":
            yield "/display_information", "must have required property 'name'"
        elif value is not None and not 0 < len(str(value)) <= most:
            yield f"/display_information/{key}", f"must be 1 to {most} characters"
    settings = manifest.get("settings") or {}
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions") or {}
    if events.get("bot_events") and not events.get("request_url"):
        what = "Event Subscription requires either Request URL or Socket Mode Enabled"
        yield "/settings/event_subscriptions", what
    interactivity = settings.get("interactivity") or {}
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield "/settings/interactivity", "Interactivity requires a Request URL"

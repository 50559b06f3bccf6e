"""The Web API's views methods: opening, pushing, updating and publishing."""

import time
from typing import Any, TypeAlias

from slack_sandbox import views
from slack_sandbox.api_call import ApiCall
from slack_sandbox.errors import SlackError
from slack_sandbox.shapes import view_json
from slack_sandbox.state import Trigger, View

Json: TypeAlias = dict[str, Any]


def open_view(call: ApiCall) -> Json:
    """views.open: a modal for whoever just did something."""
    trigger = _trigger(call)
    view = views.open_first(call.state, trigger.user, _body(call))
    return _spent(call, trigger, view)


def push_view(call: ApiCall) -> Json:
    """views.push: a modal on top of the one that is open."""
    trigger = _trigger(call)
    if trigger.view is None or not call.state.stack(trigger.user):
        raise SlackError("not_found")
    view = views.push(call.state, trigger.user, _body(call))
    return _spent(call, trigger, view)


def update_view(call: ApiCall) -> Json:
    """views.update: change an open modal, found by one of its two ids."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        messages = ["[ERROR] either view_id or external_id is required"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    view = call.state.find_view(view_id or None, external_id or None)
    if view is None:
        raise SlackError("not_found")
    views.change(call.state, view, _body(call), call.text("hash"))
    return {"ok": True, "view": view_json(call.state, view)}


def publish_view(call: ApiCall) -> Json:
    """views.publish: the Home tab of one person."""
    user = call.user("user_id")
    view = views.publish(call.state, user, _body(call), call.text("hash"))
    return {"ok": True, "view": view_json(call.state, view)}


def _body(call: ApiCall) -> Any:
    return call.data("view", "invalid_arguments")


def _trigger(call: ApiCall) -> Trigger:
    trigger = call.state.triggers.get(call.text("trigger_id", required=True))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() > trigger.expires:
        raise SlackError("expired_trigger_id")
    return trigger


def _spent(call: ApiCall, trigger: Trigger, view: View) -> Json:
    # Only a view that was opened uses the trigger up: a refused one may be tried again.
    trigger.used = True
    return {"ok": True, "view": view_json(call.state, view)}

"""The room of the Web API's views methods: opening, pushing, updating and publishing."""

import time
from typing import Any, TypeAlias

from bot.sandbox import views
from bot.sandbox.asked import Asked
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import view_json
from bot.sandbox.state import Trigger, View

Json: TypeAlias = dict[str, Any]


def open_view(asked: Asked) -> Json:
    """views.open: a modal for whoever just did something."""
    trigger = _trigger(asked)
    view = views.open_first(asked.state, trigger.user, _body(asked))
    return _spent(asked, trigger, view)


def push_view(asked: Asked) -> Json:
    """views.push: a modal on top of the one that is open."""
    trigger = _trigger(asked)
    if trigger.view is None or not asked.state.stack(trigger.user):
        raise SlackError("not_found")
    view = views.push(asked.state, trigger.user, _body(asked))
    return _spent(asked, trigger, view)


def update_view(asked: Asked) -> Json:
    """views.update: change an open modal, found by one of its two ids."""
    view_id, external_id = asked.text("view_id"), asked.text("external_id")
    if not view_id and not external_id:
        messages = ["[ERROR] either view_id or external_id is required"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    view = asked.state.find_view(view_id or None, external_id or None)
    if view is None:
        raise SlackError("not_found")
    views.change(asked.state, view, _body(asked), asked.text("hash"))
    return {"ok": True, "view": view_json(asked.state, view)}


def publish_view(asked: Asked) -> Json:
    """views.publish: the Home tab of one person."""
    user = asked.user("user_id")
    view = views.publish(asked.state, user, _body(asked), asked.text("hash"))
    return {"ok": True, "view": view_json(asked.state, view)}


def _body(asked: Asked) -> Any:
    return asked.data("view", "invalid_arguments")


def _trigger(asked: Asked) -> Trigger:
    trigger = asked.state.triggers.get(asked.text("trigger_id", required=True))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() > trigger.expires:
        raise SlackError("expired_trigger_id")
    return trigger


def _spent(asked: Asked, trigger: Trigger, view: View) -> Json:
    # Only a view that was opened uses the trigger up: a refused one may be tried again.
    trigger.used = True
    return {"ok": True, "view": view_json(asked.state, view)}

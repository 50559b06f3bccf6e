"""Dialogs and forms that say what failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.views import View

from bot.slack.views.as_json import as_json
from bot.slack.views.text import bare, plain, section


def closing_view(title: str, sentence: str) -> View:
    """A dialog with nothing more to do in it, and one sentence why."""
    return View(
        type="modal",
        callback_id="closed",
        title=plain(title),
        close=plain("Close"),
        blocks=[section(sentence)],
    )


def trouble_view(sentence: str) -> View:
    """Something failed; the sentence says what is stored."""
    return closing_view("That didn't work", sentence)


def fields_of(view: object) -> Mapping[str, Any]:
    """What was typed into a dialog, by its fields; empty for one without any."""
    state = view.get("state") if isinstance(view, Mapping) else None
    values = state.get("values") if isinstance(state, Mapping) else None
    return values if isinstance(values, Mapping) else {}


def at_the_form(view: object, sentence: str) -> dict[str, Any]:
    """The answer to a form: at its first field, so that nothing typed is lost, or in its place."""
    fields = fields_of(view)
    if fields:
        return {"response_action": "errors", "errors": {next(iter(fields)): bare(sentence)}}
    return {"response_action": "update", "view": as_json(trouble_view(sentence))}

"""The short form for direct messages: about what, for which networks, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock
from slack_sdk.models.views import View

from bot.domain.model import DirectChoice, Preferences
from bot.slack.views import payload, preferences
from bot.slack.views.payload import Unreadable
from bot.slack.views.preferences import Errors, Offered
from bot.slack.views.text import (
    button,
    context,
    plain,
    section,
)

FORM = "direct_form"
OPEN = "delivery_direct"
TITLE = "Direct messages"


def render(chosen: Preferences, offered: Offered) -> View:
    """The form, as the member chose before; what they decide elsewhere is not in it."""
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(TITLE),
        submit=plain("Save"),
        close=plain("Close"),
        blocks=[
            section("I'll send you one post at a time, and only what fits you."),
            *preferences.topic_fields(chosen, offered, required=True),
            preferences.network_field(chosen, offered, required=True),
            preferences.pace_field(chosen),
            context(
                "Messages come in your working hours, which you can change in your settings. Your "
                "company may be able to export direct messages. Your answers don't stay in "
                "them."
            ),
        ],
    )


def read(view: Mapping[str, Any]) -> DirectChoice | Errors:
    """What was chosen; raises Unreadable where a field is missing or holds what never was there."""
    values = payload.pick(view, "state", "values")
    errors = preferences.missing(values)
    if errors:
        return Errors(errors)
    try:
        return DirectChoice(
            preferences.read_pace(values),
            preferences.read_topics(values),
            preferences.read_networks(values),
        )
    except ValueError as error:
        raise Unreadable("no such choice") from error


def saved(sentence: str) -> View:
    """In the form's place: when the first message may come, and the way to everything else."""
    settings = button("Settings", preferences.OPEN)
    return View(
        type="modal",
        callback_id="direct_saved",
        title=plain(TITLE),
        close=plain("Done"),
        blocks=[
            section(f"Saved. {sentence}"),
            ActionsBlock(elements=[settings]),
        ],
    )

"""A dialog that says what failed."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.slack.views.text import plain, section


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

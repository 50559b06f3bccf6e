"""What a person reads before and after everything of theirs is deleted."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject

from bot.domain.my_data import PersonalRecord
from bot.domain.retention import BACKUPS_LIVE
from bot.slack.views.text import Message, plain, say, section

FORGET = "forget_me"

NOTHING = "Nothing is stored about you, so there's nothing to delete."


def ask_to_forget(record: PersonalRecord) -> Message:
    """What goes at once and what is out of reach, with the button that does it."""
    if not record.rows:
        return say(NOTHING)
    more = []
    if record.authored:
        more.append(
            section(
                "What you wrote or decided about posts stays, as evidence. It shows “a former "
                "colleague” instead of your name."
            )
        )
    return say(
        "*Delete everything that is stored about you?*",
        section(
            "These go at once: your consent and settings, your answers to posts, and notes "
            "of yours that comms haven't received yet. My messages to you are deleted in the next "
            "few minutes."
        ),
        section(
            "These are out of my reach: backups of my database (they live up to "
            f"{BACKUPS_LIVE.days} days), what you posted on networks, and what your company has "
            "exported from Slack."
        ),
        *more,
        section(
            "You've then left. If you join again while a post is still live, you may see it "
            "once more, since I won't know that you've seen it."
        ),
        ActionsBlock(elements=[button("Delete everything")]),
    )


def forgotten() -> Message:
    """Everything is deleted."""
    return say(
        "Done. Nothing is stored about you any more, and my messages to you are being deleted."
    )


def button(label: str) -> ButtonElement:
    """Deletes everything, once Slack has asked whether that is meant."""
    return ButtonElement(
        text=plain(label),
        action_id=FORGET,
        value=FORGET,
        style="danger",
        confirm=ConfirmObject(
            title=plain("Delete everything?"),
            text=plain("What is stored about you is deleted at once. This can't be undone."),
            confirm=plain("Delete"),
            deny=plain("Keep it"),
            style="danger",
        ),
    )

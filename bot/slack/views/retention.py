"""What a person reads before and after everything of theirs is deleted."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject

from bot.domain.my_data import PersonalRecord
from bot.domain.retention import BACKUPS_LIVE
from bot.slack.views.text import Message, plain, say, section

FORGET = "forget_me"

NOTHING = "Nothing is stored about you, so there is nothing to delete."


def ask_to_forget(record: PersonalRecord) -> Message:
    """What goes at once and what is out of reach, with the button that does it."""
    if not record.rows:
        return say(NOTHING)
    more = []
    if record.authored:
        more.append(
            section(
                "What you did to posts stays, as evidence. It then stands there as “a former "
                "colleague”."
            )
        )
    return say(
        "*Delete everything that is stored about you?*",
        section(
            "These go at once: your consent and settings, your answers to posts, and notes of "
            "yours that comms have not got yet. My messages to you are deleted in the minutes "
            "after it."
        ),
        section(
            "These are out of my reach: backups of my database, which live up to "
            f"{BACKUPS_LIVE.days} days; what you posted on networks; and what your company has "
            "exported from Slack."
        ),
        *more,
        section(
            "You no longer take part then. If you join again while a post lives, you may see it "
            "once more, since I won't know that you have seen it."
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
            text=plain("What is stored about you is deleted at once. It can't be brought back."),
            confirm=plain("Delete"),
            deny=plain("Keep it"),
            style="danger",
        ),
    )

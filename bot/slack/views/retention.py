"""What a person reads before and after everything of theirs is deleted."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject

from bot.domain.my_data import PersonalRecord, show_years
from bot.domain.retention import BACKUPS_LIVE
from bot.slack.views.text import Message, plain, say, section

FORGET = "forget_me"

NOTHING = "Nothing is stored about you, so there's nothing to delete."
ONLY_IN_RECORD = (
    "Only the record of what you did in comms is stored about you. It stays as evidence, and is "
    "deleted by itself when its time is over. `/advocacy my-data` shows it to you."
)


def ask_to_forget(record: PersonalRecord) -> Message:
    """What goes at once and what is out of reach, with the button that does it."""
    if not record.erasable:
        return say(ONLY_IN_RECORD if record.in_record else NOTHING)
    more = []
    if record.in_record:
        more.append(
            section(
                "What you wrote or decided about posts stays, and shows “a former colleague” "
                "instead of your name. The record of what you did in comms also stays, with your "
                f"Slack ID, for {show_years(record.evidence_years)}: approval is evidence. Your "
                "choices as a member aren't in it."
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


def forgotten(years: int) -> Message:
    """Everything is deleted but what the record keeps for some `years`, if any."""
    if not years:
        return say(
            "Done. Nothing is stored about you any more, and my messages to you are being deleted."
        )
    return say(
        "Done. My messages to you are being deleted, and nothing of what you did as a member is "
        "stored any more. The record of what you did in comms stays as evidence, for "
        f"{show_years(years)}."
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

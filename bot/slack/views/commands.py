"""What a person reads whose words are no command, or could mean two things."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.slack.views import membership, retention
from bot.slack.views.text import Message, quoted, say, section


def unknown_command(typed: str, nearest: str | None, *, member: bool) -> Message:
    """Nothing has that name; perhaps another was meant. A member can always leave from here."""
    guess = f" Did you mean `/advocacy {nearest}`?" if nearest else ""
    buttons = [membership.settings_button(), membership.leave_button()]
    more: list[Block] = [ActionsBlock(elements=buttons)] if member else []
    return say(
        f"I don't know {quoted(typed)}.{guess} `/advocacy help` lists what I understand.", *more
    )


def ask_whether_to_leave(*, halted: bool, erasing: bool) -> Message:
    """What was typed may mean to leave, or to change something.

    `halted` says that they are paused, or that the bot has stopped asking; `erasing` that they
    spoke of deleting.
    """
    choices = [
        "• *Leave* ends everything at once. You need no reason.",
        "• *Settings* changes what I send you, how often and when.",
        "• *Resume* ends your pause." if halted else "• *Pause* stops my messages for two weeks.",
    ]
    buttons = [
        membership.leave_button(),
        membership.settings_button(),
        membership.resume_button() if halted else membership.pause_button(),
    ]
    if erasing:
        choices.append("• *Delete everything* also deletes what is stored about you.")
        buttons.append(retention.button("Delete everything"))
    return say(
        "Would you like to leave, or to change something?",
        section("\n".join(choices)),
        ActionsBlock(elements=buttons),
    )

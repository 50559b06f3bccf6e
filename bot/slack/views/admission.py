"""Why somebody is not let in, in a sentence."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock

from bot.domain.admission import Refusal
from bot.slack.views import membership, replies
from bot.slack.views.text import Message, say


def refused(why: Refusal) -> Message:
    """What they are told; whom to ask, where somebody else may do it."""
    match why:
        case Refusal.UNKNOWN:
            leave = ActionsBlock(elements=[membership.leave_button()])
            return say(replies.CANNOT_CHECK_WHO, leave)
        case Refusal.OUTSIDER:
            return say(replies.STRANGER)
        case Refusal.GUEST:
            return say(replies.GUESTS_STAY_OUT)
        case Refusal.NOT_COMMS:
            return replies.not_comms()
        case Refusal.COMMS_UNKNOWN:
            return say(replies.CANNOT_CHECK)
        case Refusal.NOT_ADMIN:
            return say(replies.NOT_ADMIN)
        case Refusal.ADMIN_UNKNOWN:
            return say(replies.CANNOT_CHECK_ADMIN)
        case Refusal.CHANNEL_REFUSED:
            return say(replies.CHANNEL_REFUSED)
        case Refusal.GUEST_IN_COMMS:
            return say(replies.GUEST)

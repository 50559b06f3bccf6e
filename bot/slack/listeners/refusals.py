"""Why a post stays as it was, in a sentence."""

from __future__ import annotations

from bot.services.posts import Refusal, Refused
from bot.slack.views import replies


def why_refused(refused: Refused) -> str:
    """What a person reads where a post stays as it was."""
    if refused.post is None:
        return replies.NO_SUCH_POST
    match refused.why:
        case Refusal.NO_SUCH_POST:
            return replies.NO_SUCH_POST
        case Refusal.ENDED:
            return replies.ended(refused.post)
        case Refusal.OWN_POST:
            return replies.own_post(refused.post)
        case Refusal.CHANGED_MEANWHILE:
            return replies.CHANGED_MEANWHILE
        case Refusal.NOT_IN_REVIEW:
            return replies.not_in_review(refused.post)
        case Refusal.EXPIRY_PASSED:
            return replies.expiry_passed(refused.post)
        case Refusal.WRITER_ERASED:
            return replies.writer_erased(refused.post)

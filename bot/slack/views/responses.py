"""The private answers to a skip, to “later”, and to taking either back."""

from __future__ import annotations

from functools import lru_cache

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.domain import networks
from bot.domain.home_tab import AnsweredPost
from bot.domain.ids import PostId
from bot.domain.model import SkipReason, Stage
from bot.slack.views.announcements import SHARE
from bot.slack.views.payload import PostRef, Unreadable, number, show_ref
from bot.slack.views.replies import DIALOG_FAILED
from bot.slack.views.text import Message, plain, say

REASON = "skip_reason"
SHARE_INSTEAD = "share_instead"
TAKE_BACK = "take_back_answer"

MAY_COME_BACK = "I might suggest it once more, if I haven't yet."
_NO_REASON = "none"  # in the place of a reason: it is taken back

REASON_LABELS = {
    SkipReason.NOT_MY_AUDIENCE: "Not my audience",
    SkipReason.NOT_MY_VOICE: "Not my voice",
    SkipReason.TOO_PROMOTIONAL: "Too promotional",
    SkipReason.TOO_OFTEN: "Too often",
    SkipReason.NOT_NOW: "Not now",
}


def reason_action(reason: SkipReason | None) -> str:
    """The action id of a reason's button; None takes the reason back."""
    return f"{REASON}:{_reason_value(reason)}"


def show_value(post_id: PostId, reason: SkipReason | None) -> str:
    """The value of such a button."""
    return f"{post_id}:{_reason_value(reason)}"


def read_value(value: object) -> tuple[PostId, SkipReason | None]:
    """The inverse of `show_value`; raises Unreadable."""
    post, _, word = value.partition(":") if isinstance(value, str) else ("", "", "")
    if word == _NO_REASON:
        return PostId(number(post)), None
    if word not in list(SkipReason):
        raise Unreadable("no such reason")
    return PostId(number(post)), SkipReason(word)


@lru_cache(maxsize=256)  # the same for everybody; rendering costs more than storing the click
def skipped(ref: PostRef, *, was_shared: bool = False) -> Message:
    """Thanks, and five reasons that nobody has to give.

    `was_shared` says that the skip took the place of a post marked as shared.
    """
    word = "Skipped instead of shared" if was_shared else "Skipped"
    reasons = [
        ButtonElement(
            text=plain(words),
            action_id=reason_action(reason),
            value=show_value(ref.post_id, reason),
        )
        for reason, words in REASON_LABELS.items()
    ]
    return say(
        f"{word}, thank you. No colleague is told. You can say why if you like. "
        "That stays private, too.",
        ActionsBlock(elements=reasons),
        _share_after_all(ref),
    )


def reason_kept(reason: SkipReason | None, ref: PostRef) -> Message:
    """The reason is stored; it can still be changed, or taken back, which None says it was."""
    if reason is None:
        return skipped(ref)
    others = [
        ButtonElement(
            text=plain(words), action_id=reason_action(other), value=show_value(ref.post_id, other)
        )
        for other, words in REASON_LABELS.items()
        if other is not reason
    ]
    none = ButtonElement(
        text=plain("No reason"),
        action_id=reason_action(None),
        value=show_value(ref.post_id, None),
    )
    return say(
        f"Thank you. You said “{REASON_LABELS[reason]}”. You can still change your mind.",
        ActionsBlock(elements=[*others, none]),
        _share_after_all(ref),
    )


def sharing_instead() -> Message:
    """The reasons give way, so that none of them takes the share back by accident."""
    return say("You can share it in the dialog that has opened. Closing it is fine, too.")


def saved(ref: PostRef) -> Message:
    """Put off: nothing is lost."""
    return say(
        f"Saved. You'll find it on Home. {MAY_COME_BACK}",
        ActionsBlock(elements=[_share(ref), _undo(ref)]),
    )


def taken_back() -> Message:
    """The answer is gone, whatever it was."""
    return say("Undone. I've forgotten your answer. You can still share it, or skip it.")


def dialog_failed(ref: PostRef) -> Message:
    """The dialog did not open, and the message has no Share button any more."""
    return say(DIALOG_FAILED, ActionsBlock(elements=[_share(ref)]))


def not_joined() -> Message:
    """A skip by somebody without consent: nothing is kept."""
    return say("That's fine. You haven't joined, so I've stored nothing about it.")


def _reason_value(reason: SkipReason | None) -> str:
    return _NO_REASON if reason is None else reason.value


def _share_after_all(ref: PostRef) -> ActionsBlock:
    share = ButtonElement(
        text=plain("Share it instead"), action_id=SHARE_INSTEAD, value=show_ref(ref)
    )
    return ActionsBlock(elements=[share, _undo(ref)])


def _share(ref: PostRef) -> ButtonElement:
    return ButtonElement(text=plain("Share"), action_id=SHARE, value=show_ref(ref))


def _undo(ref: PostRef) -> ButtonElement:
    return ButtonElement(text=plain("Undo"), action_id=TAKE_BACK, value=show_ref(ref))


def what_was_answered(answer: AnsweredPost) -> str:
    """What the member answered to a post, in a sentence."""
    over = "" if answer.open else " The post has ended."
    match answer.stage:
        case None:
            return f"You saved it for later.{over}"
        case Stage.INTERESTED:
            return f"You pressed Share.{over}"
        case Stage.OPENED:
            where = networks.name(answer.network) if answer.network else "a network"
            return f"You opened {where}.{over}"
        case Stage.SHARED:
            return f"You shared this.{over}"
        case Stage.SKIPPED:
            why = f": “{REASON_LABELS[answer.reason]}”" if answer.reason else ""
            return f"You skipped it{why}.{over}"


def share_label(answer: AnsweredPost | None) -> str:
    """What the button to share a post says beside what its reader has answered to it."""
    shared = answer is not None and answer.stage in (Stage.OPENED, Stage.SHARED)
    return "Share again" if shared else "Share"

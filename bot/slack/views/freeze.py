"""A freeze: until when nothing goes out and why, its question, and the buttons around it."""

from __future__ import annotations

from datetime import UTC, datetime

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject, SectionBlock

from bot.domain.freeze import ENDLESS, LONGEST_REASON, Freeze
from bot.domain.model import ChannelPolicy
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import Message, escape, plain, say, section, wall_clock, wall_clock_date

FREEZE = "freeze"
UNFREEZE = "unfreeze"

_GO_ON = "Posts go out again, at the usual pace."


def frozen(actor: str | None, freeze: Freeze, zone: str) -> Message:
    """Everything halts; who did it is named, and not notified."""
    who = f"{escape(actor)} froze posting." if actor else "Posting was frozen."
    return say(
        f"{who} {_lasts(freeze, zone)}{_why(freeze)}", ActionsBlock(elements=[unfreeze_button()])
    )


def unfrozen(actor: str | None) -> Message:
    """Everything goes on."""
    who = f"{escape(actor)} ended the freeze." if actor else "The freeze has ended."
    return say(f"{who} {_GO_ON}")


def status(policy: ChannelPolicy, *, may_end: bool) -> list[SectionBlock]:
    """That posting is frozen, until when and why, for comms; nothing where it isn't."""
    if policy.freeze is None:
        return []
    line = f"Posting is frozen{_until(policy)}. Nothing goes out.{_why(policy.freeze)}"
    return [section(line, accessory=unfreeze_button() if may_end else None)]


def ask_freeze(wanted: Freeze, policy: ChannelPolicy) -> Message:
    """A freeze is confirmed first, also another end of one that holds."""
    question = "Freeze posting?" if policy.freeze is None else "Change the freeze?"
    return say(
        f"{question} {_lasts(wanted, policy.zone)} Posts already in the channel stay there."
        f"{_why(wanted)}",
        ActionsBlock(elements=[freeze_button(wanted, policy.zone)]),
    )


def ask_unfreeze() -> Message:
    """So is its end."""
    return say(
        "Let posts go out again, at the usual pace?",
        ActionsBlock(elements=[unfreeze_button()]),
    )


def freeze_button(freeze: Freeze = ENDLESS, zone: str = "UTC") -> ButtonElement:
    """It asks first, and carries until when and why."""
    until = None if freeze.until is None else int(freeze.until.timestamp())
    value = payload.dump({"until": until, "reason": freeze.reason})
    return _confirmed(FREEZE, value, "Freeze", _lasts(freeze, zone, in_plain=True))


def read_freeze(value: object) -> Freeze:
    """What `freeze_button` carries; raises Unreadable."""
    facts = payload.metadata({"private_metadata": value})
    reason = facts.get("reason")
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
        raise Unreadable("no reason")
    if facts.get("until") is None:
        return Freeze(None, reason)
    return Freeze(datetime.fromtimestamp(payload.whole(facts, "until"), UTC), reason)


def unfreeze_button() -> ButtonElement:
    """It asks first."""
    return _confirmed(UNFREEZE, UNFREEZE, "Unfreeze", _GO_ON)


def answer(policy: ChannelPolicy, *, changed: bool) -> Message:
    """To the one who froze or unfroze, or wanted to: how posting stands now."""
    if policy.freeze is None:
        return say(f"Unfrozen. {_GO_ON}" if changed else "Posting isn't frozen.")
    if changed:
        return say(f"Frozen. {_lasts(policy.freeze, policy.zone)}")
    return say(f"Posting is already frozen{_until(policy)}.")


def _lasts(freeze: Freeze, zone: str, *, in_plain: bool = False) -> str:
    if freeze.until is None:
        return "Nothing goes out until someone unfreezes posting."
    shown = wall_clock(freeze.until, zone) if in_plain else wall_clock_date(freeze.until, zone)
    return f"Nothing goes out until {shown}. Then the freeze ends by itself."


def _until(policy: ChannelPolicy) -> str:
    if policy.freeze is None or policy.freeze.until is None:
        return ""
    return f" until {wall_clock_date(policy.freeze.until, policy.zone)}"


def _why(freeze: Freeze) -> str:
    return f"\nWhy: {escape(freeze.reason)}" if freeze.reason else ""


def _confirmed(action: str, value: str, word: str, text: str) -> ButtonElement:
    confirm = ConfirmObject(
        title=plain(f"{word} posting?"),
        text=plain(text),
        confirm=plain(word),
        deny=plain("Cancel"),
    )
    return ButtonElement(text=plain(word), action_id=action, value=value, confirm=confirm)

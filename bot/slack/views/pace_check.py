"""The pace check as comms see it: a colour, what it means, and what would help; no figures."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ConfirmObject

from bot.domain.model import Colour
from bot.domain.pace_check import PaceCheck
from bot.slack.views.text import Message, button, context, plain, say, section, when

ACKNOWLEDGE = "acknowledge_pace"

_MEANS = {
    Colour.GREEN: "Pace check: *green*. Direct messages go out at the pace that people chose.",
    Colour.AMBER: "Pace check: *amber*. I wait 50% longer between direct messages.",
    Colour.RED: "Pace check: *red*. I'm sending no new direct messages until it recovers.",
}
_HELPS = (
    "What helps: fewer posts, topics that fit more closely, a sentence on why readers would "
    "care, and a quiet week now and then."
)
_TOO_FEW = (
    "The pace check begins at about 20 members. Until then, each person's own pace is what counts."
)


def changed(colour: Colour) -> Message:
    """A notice when the colour changes."""
    return say(_MEANS[colour], *_advice(colour))


def render(check: PaceCheck, zone: str) -> Message:
    """`/advocacy health`; red can be let go on for a week, at most once a week."""
    resting = [section(_rests(check.rests_until, zone))] if check.rests_until else []
    if not check.active:
        return say(_TOO_FEW, *resting)
    if check.colour is Colour.GREEN:
        return say(_MEANS[Colour.GREEN], *(resting or [section("There's nothing you need to do.")]))
    blocks = [*resting, *_advice(check.colour)]
    if check.goes_on_until is not None:
        return say(
            "Pace check: *red*. As comms asked, direct messages go on until "
            f"{when(check.goes_on_until, zone)}, with 50% more time between them.",
            *blocks,
        )
    if check.may_acknowledge:
        blocks.append(_acknowledge())
    note = context("I check once a day, and show no figures.")
    return say(_MEANS[check.colour], *blocks, note)


def acknowledged(until: datetime, zone: str) -> Message:
    """Comms have read it and go on."""
    return say(
        f"Direct messages go on until {when(until, zone)}, with 50% more time between "
        "them. You can do this once a week."
    )


def nothing_to_acknowledge() -> Message:
    """It is not red, or was acknowledged already."""
    return say(
        "Nothing has changed: the pace check isn't red, or someone let direct messages go on less "
        "than a week ago."
    )


def _rests(until: datetime, zone: str) -> str:
    return (
        "Slack isn't accepting direct messages just now. Nothing is lost. I'll try again "
        f"{when(until, zone)}."
    )


def _advice(colour: Colour) -> list[Block]:
    return [] if colour is Colour.GREEN else [section(_HELPS)]


def _acknowledge() -> ActionsBlock:
    confirm = ConfirmObject(
        title=plain("Keep sending?"),
        text=plain(
            "The pace check stays red. For seven days, direct messages go on, with 50% more "
            "time between them."
        ),
        confirm=plain("Keep sending"),
        deny=plain("Cancel"),
    )
    return ActionsBlock(elements=[button("Keep sending for a week", ACKNOWLEDGE, confirm=confirm)])

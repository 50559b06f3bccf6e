"""The pace check as comms see it: a colour, what it means, and what would help; no figures."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from bot.domain.model import Colour
from bot.domain.pace_check import Cause, PaceCheck, Reading
from bot.slack.views.text import Message, context, plain, say, section, when

ACKNOWLEDGE = "acknowledge_pace"

_MEANS = {
    Colour.GREEN: "Pace check: *green*. Direct messages go out at the pace that people chose.",
    Colour.AMBER: "Pace check: *amber*. I leave half as much time again between direct messages.",
    Colour.RED: "Pace check: *red*. I'm sending no new direct messages until it recovers.",
}
_HELPS = {
    Cause.SKIPS: "People skip much of what they get. Fewer posts with closer topics, and a "
    "sentence on why a reader would care, help most.",
    Cause.LAPSES: "People often don't get round to what I send. Fewer and more useful posts help; "
    "so does a good moment, such as right after the news.",
    Cause.PAUSES: "More people than usual are taking a pause. A quiet week or two helps.",
    Cause.LEAVES: "More people than usual have stopped taking part. Please queue less for a while, "
    "and only what they would tell a friend about.",
}


def changed(reading: Reading) -> Message:
    """A word of its own when the colour changes."""
    if reading.colour is Colour.GREEN:
        return say(_MEANS[Colour.GREEN])
    return say(_MEANS[reading.colour], section(_advice(reading)))


def render(check: PaceCheck, zone: str) -> Message:
    """`/advocacy health`; red can be let go on for a week, at most once a week."""
    reading = check.reading
    if reading.colour is Colour.GREEN:
        return say(_MEANS[Colour.GREEN], section("There is nothing you need to do."))
    blocks: list[Block] = [section(_advice(reading))]
    if check.goes_on_until is not None:
        return say(
            "Pace check: *red*. As you asked, direct messages go on until "
            f"{when(check.goes_on_until, zone)}, with half as much time again between them.",
            *blocks,
        )
    if check.may_acknowledge:
        blocks.append(_acknowledge())
    return say(_MEANS[reading.colour], *blocks, context("I show no figures here, only what helps."))


def acknowledged(until: datetime, zone: str) -> Message:
    """Comms have read it and go on."""
    return say(
        f"Direct messages go on until {when(until, zone)}, with half as much time again between "
        "them. You can do this once a week."
    )


def nothing_to_acknowledge() -> Message:
    """It is not red, or was acknowledged already."""
    return say(
        "Nothing has changed: the pace check isn't red, or somebody let direct messages go on less "
        "than a week ago."
    )


def _advice(reading: Reading) -> str:
    return "\n".join(f"• {_HELPS[cause]}" for cause in sorted(reading.causes))


def _acknowledge() -> ActionsBlock:
    confirm = ConfirmObject(
        title=plain("Go on for a week?"),
        text=plain(
            "The pace check stays red. For seven days, direct messages go on with half as much "
            "time again between them."
        ),
        confirm=plain("Go on"),
        deny=plain("Leave it as it is"),
    )
    button = ButtonElement(
        text=plain("Go on for a week"), action_id=ACKNOWLEDGE, value=ACKNOWLEDGE, confirm=confirm
    )
    return ActionsBlock(elements=[button])

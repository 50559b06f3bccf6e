"""`/advocacy health`: the pace check, for comms."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.services import health
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, press
from bot.slack.listeners.comms import for_comms
from bot.slack.views import pace_check
from bot.slack.views.text import Message


@for_comms()
async def show(call: Call) -> Message:
    """The colour and what would help."""
    kit = call.kit
    found = await kit.database.read(health.look, kit.workspace, call.now)
    return pace_check.health(
        found.reading,
        may_acknowledge=found.may_acknowledge,
        goes_on_until=found.goes_on_until,
        zone=kit.zone,
    )


@for_comms()
async def acknowledge(call: Call) -> Message:
    """Let a red workspace's direct messages go on, slowly, for a week."""
    kit = call.kit
    until = await kit.database.write(health.acknowledge, kit.workspace, call.now)
    if until is None:
        return pace_check.nothing_to_acknowledge()
    return pace_check.acknowledged(until, kit.zone)


COMMANDS: dict[str, Handler] = {"health": show}


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The one button."""
    press(app, kit, delivery, pace_check.ACKNOWLEDGE, acknowledge, replace=True)

"""The two channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import refusals
from bot.doctor.asking import Refusal, ask, refused
from bot.doctor.findings import Finding
from bot.domain.comms_channel import find_fault
from bot.slack.channels import Channel, find_channel

_MEND_SCOPES = "Reinstall the app from manifest.json."


async def examine_channels(
    client: AsyncWebClient, values: Mapping[str, Any], bot: str
) -> list[Finding]:
    """Whether the two channels are there, and the bot is in them; `bot` is what it is called."""
    findings, ids = [], []
    for variable in ("advocacy_channel", "comms_channel"):
        name: str | None = values.get(variable)
        if name is None:
            continue
        subject = variable.replace("_", " ")
        found = await ask(find_channel(client, name))
        if isinstance(found, Refusal):
            findings.append(refused(subject, found, _MEND_SCOPES))
        elif found is None:
            says = f"{name} doesn't exist, or it is private and the bot isn't in it"
            mend = f"Check the spelling. If the channel is private, write /invite @{bot} in it."
            findings.append(Finding(False, subject, says, mend, fatal=True))
        else:
            findings.append(_channel(subject, found, bot))
            ids.append(found.id)
    if len(ids) != len(set(ids)):
        says = "the opt-in channel and the comms channel are the same"
        mend = "Choose another channel for ADVOCACY_CHANNEL or COMMS_CHANNEL."
        findings.append(Finding(False, "channels", says, mend, fatal=True))
    return findings


def _channel(subject: str, found: Channel, bot: str) -> Finding:
    name = f"#{found.name} ({found.id})"
    if found.is_archived:
        mend = "Unarchive it, or choose another channel."
        return Finding(False, subject, f"{name} is archived", mend, fatal=True)
    if not found.is_member:
        mend = f"Write /invite @{bot} in it."
        return Finding(False, subject, f"the bot isn't in {name}", mend, fatal=True)
    fault = find_fault(found.openness) if subject == "comms channel" else None
    if fault is not None:
        says, mend = refusals.COMMS_CHANNEL[fault]
        return Finding(False, subject, f"{name} {says}", mend, fatal=True)
    return Finding(True, subject, name)

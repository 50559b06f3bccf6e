"""What does not work in Slack just now, and what mends it: for the log and the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.comms_channel import ChannelFault
from bot.domain.rests import PEOPLE, Rest, Target
from bot.domain.troubles import Trouble

_INVITE: Final = "Invite the bot there, or choose another channel."
_UPDATE: Final = "Check SLACK_API_URL, and update the bot."
# What is wrong with a comms channel that the bot refuses, and what mends it.
COMMS_CHANNEL: Final[Mapping[ChannelFault, tuple[str, str]]] = MappingProxyType(
    {
        ChannelFault.PUBLIC: (
            "is public: anyone can join it, then write and approve posts.",
            "Make it a private channel, or choose another one.",
        ),
        ChannelFault.SHARED: (
            "is shared with another organisation, whose people can read what isn't approved yet.",
            "Stop sharing it, or choose another channel.",
        ),
    }
)
_MENDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Trouble.MISSING_SCOPE: "Reinstall the app from manifest.json.",
        Trouble.TOKEN_REFUSED: "Copy the Bot User OAuth Token again (app settings, OAuth & "
        "Permissions) into SLACK_BOT_TOKEN, and start the bot again.",
        Trouble.ARCHIVED: "Unarchive the channel, or choose another one.",
        Trouble.NOT_IN_CHANNEL: _INVITE,
        Trouble.CHANNEL_NOT_FOUND: _INVITE,
        Trouble.RESTRICTED: "Let the app write there (the channel's posting permissions).",
        **{fault: mend for fault, (_, mend) in COMMS_CHANNEL.items()},
        "not_enabled": "Turn on the Home tab (app settings, App Home).",
        "method_deprecated": _UPDATE,
        "unknown_method": _UPDATE,
    }
)
# What is wrong with an installation for a whole organisation, and what mends it.
ORG_WIDE: Final = (
    "the app is installed for the whole organisation, and the bot serves one workspace.",
    "Install the app in that workspace alone, and copy the token from there.",
)
_OTHERWISE: Final = "Ask a workspace admin why the app isn't allowed to."


def name(target: Target, channels: Mapping[str, str]) -> str:
    """What rests, for an operator; `channels` names the bot's channels by their ids."""
    if not target.place:
        return target.method
    if target.place == PEOPLE:
        return f"{target.method} in direct messages"
    return f"{target.method} in {channels.get(target.place, 'a former channel')}"


def describe(target: Target, trouble: str, channels: Mapping[str, str]) -> tuple[str, str]:
    """A refusal that will not pass by itself, and what mends it."""
    says = f"Slack refuses {name(target, channels)}: {trouble}."
    return says, _MENDS.get(trouble, _OTHERWISE)


def describe_rest(
    target: Target, rest: Rest, channels: Mapping[str, str]
) -> tuple[str, str | None]:
    """What rests since when and until when (UTC), and what mends it; None: it passes by itself."""
    times = f"since {rest.since:%Y-%m-%d %H:%M} UTC; tried again at {rest.until:%H:%M}"
    if rest.trouble == Trouble.THROTTLED:
        return f"{name(target, channels)}: Slack asked to wait, {times}", None
    if rest.trouble in (Trouble.NO_REPLY, Trouble.UNREACHABLE):
        return f"{name(target, channels)}: Slack doesn't answer, {times}", None
    _, mend = describe(target, rest.trouble, channels)
    return f"{name(target, channels)}: refused ({rest.trouble}), {times}", mend

"""What keeps the comms channel from being used: whoever is in it may read and decide everything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChannelFault(StrEnum):
    """Why a channel cannot be that of comms."""

    PUBLIC = "channel_public"
    SHARED = "channel_shared"


@dataclass(frozen=True, slots=True)
class Openness:
    """To whom a channel is open, as Slack says.

    `is_shared` is with any other workspace, `is_org_shared` with sister workspaces of the same
    organisation, `is_ext_shared` with another organisation; with `is_pending` one is invited.
    """

    is_private: bool
    is_shared: bool = False
    is_org_shared: bool = False
    is_ext_shared: bool = False
    is_pending: bool = False


def find_fault(channel: Openness) -> ChannelFault | None:
    """Why comms cannot use the channel; None where it is private and the company's own.

    People of sister workspaces are colleagues, so a channel may be shared with those.
    """
    if channel.is_ext_shared or (channel.is_shared and not channel.is_org_shared):
        return ChannelFault.SHARED
    return None if channel.is_private else ChannelFault.PUBLIC


def find_fault_of_choice(channel: Openness) -> ChannelFault | None:
    """Why a channel is not to be chosen for comms: also since people of others are to come.

    One in use goes on while they are only invited; once they are there, `find_fault` refuses it.
    """
    return find_fault(channel) or (ChannelFault.SHARED if channel.is_pending else None)

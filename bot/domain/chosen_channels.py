"""Why a channel that Slack knows is none to work in."""

from __future__ import annotations

from enum import StrEnum


class ChannelTrouble(StrEnum):
    """What is wrong with a chosen channel besides what Slack itself refuses."""

    PUBLIC = "public"
    SHARED = "shared"
    SAME = "same"

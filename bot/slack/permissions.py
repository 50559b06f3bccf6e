"""Why the bot asks Slack for each permission, and what it cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FILES: Final = "files:write"

# In the manifest's order; the dialog of `/advocacy my-data` and the papers are made of it.
REASONS: Final = MappingProxyType(
    {
        "commands": "to answer `/advocacy` and the shortcuts for suggestions",
        "chat:write": "to post in the two channels, to send direct messages to people who chose "
        "them, and to change and delete its own messages",
        "users:read": "to learn a person's time zone, whether they are of the company, a guest or "
        "of another organisation, whether an account is closed, and who administers the workspace",
        "channels:read": "to find the public channel and who is in it",
        "groups:read": "to find the private channel of comms, who is in it, and that it is still "
        "private",
    }
)
# The bot runs without these; whoever installs it may leave them out.
OPTIONAL: Final = MappingProxyType(
    {
        "dnd:read": "to send nothing during people's do-not-disturb hours",
        FILES: "to send people a file of what is stored about them, and comms one of the figures "
        "in their reports, when they ask for it",
    }
)
WITHOUT: Final = MappingProxyType(
    {
        "commands": "`/advocacy` and the shortcuts are not there",
        "chat:write": "nothing can be posted or sent",
        "users:read": "nobody is recognised as a colleague: people can leave and see their data, "
        "and nothing else",
        "channels:read": "the public channel can't be chosen, and who is in it isn't known",
        "groups:read": "the comms channel can't be chosen, and nobody is recognised as comms",
        "dnd:read": "direct messages may be sent while somebody's notifications are off; Slack "
        "holds the notification back by itself",
        FILES: "`/advocacy my-data` and `/advocacy report` show everything, and offer no file",
    }
)
# Events are what Slack tells the bot unasked: why, and what is lost without.
EVENTS: Final = MappingProxyType(
    {
        "app_home_opened": (
            "to show people their Home tab when they open it",
            "the Home tab stays empty; commands and messages work",
        ),
        "channel_shared": (
            "to stop at once when the comms channel is shared with another organisation",
            "it is noticed before the next post, and within an hour",
        ),
        "member_left_channel": (
            "to take what comms see from the Home tab of somebody who leaves comms; of other "
            "channels it is ignored",
            "it is taken within an hour; no button of it works for them before that, either",
        ),
    }
)
CANNOT_SEE: Final = (
    "what people write to each other, in channels and in direct messages",
    "social accounts: there is no password and no token for them, and no way to see what is posted",
    "e-mail addresses and phone numbers",
)
_HEADER: Final = "x-oauth-scopes"


def granted(headers: Mapping[str, str]) -> frozenset[str] | None:
    """The scopes that Slack names beside an answer; None where it names none."""
    header = headers.get(_HEADER)
    return None if header is None else frozenset(_names(header))


def _names(header: str) -> set[str]:
    return {scope.strip() for scope in header.split(",")} - {""}

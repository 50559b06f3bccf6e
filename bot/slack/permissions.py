"""Why the bot asks Slack for each permission, and what it cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# In the manifest's order; the dialog of `/advocacy my-data` and `docs/privacy.md` are made of it.
REASONS: Final = MappingProxyType(
    {
        "commands": "to answer `/advocacy`",
        "chat:write": "to post in the two channels, to send direct messages to people who chose "
        "them, and to change and delete its own messages",
        "users:read": "to learn a person's time zone, and whether an account is closed or is a "
        "guest's",
        "channels:read": "to find the public channel and who is in it",
        "groups:read": "to find the private channel of comms and who is in it",
        "dnd:read": "to send nothing while Slack keeps somebody's notifications quiet",
    }
)
FILES: Final = "files:write"
# The bot runs without these; an operator adds them in the app's settings.
OPTIONAL: Final = MappingProxyType(
    {FILES: "to send people a file of what is stored about them, when they ask for it"}
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

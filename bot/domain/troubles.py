"""What keeps a message from being sent or changed, and whom that concerns."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """What a refusal means; each is stored under this word. `messenger` reads them from Slack.

    A refusal of one message that is none of these is kept as Slack's own error code.
    """

    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    CHANNEL_NOT_FOUND = "channel_not_found"
    NOT_IN_CHANNEL = "not_in_channel"
    ARCHIVED = "is_archived"
    RESTRICTED = "restricted_action"
    MISSING_SCOPE = "missing_scope"
    TOKEN_REFUSED = "invalid_auth"
    MESSAGE_GONE = "message_not_found"


# About the bot or the workspace as a whole, so that no message gets through.
_EVERYBODY = frozenset(
    {Trouble.THROTTLED, Trouble.UNREACHABLE, Trouble.MISSING_SCOPE, Trouble.TOKEN_REFUSED}
)
# About the channel as well, so that no post gets into it, whatever its text is.
_WHOLE_CHANNEL = _EVERYBODY | {
    Trouble.CHANNEL_NOT_FOUND,
    Trouble.NOT_IN_CHANNEL,
    Trouble.ARCHIVED,
    Trouble.RESTRICTED,
}


# About what a message holds, so that another one may get through to the same person.
_ONE_MESSAGE = frozenset(
    {
        "invalid_arguments",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_form_data",
        "message_limit_exceeded",
        "metadata_too_large",
        "msg_blocked",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)


def concerns_everybody(trouble: str | None) -> bool:
    """Whether nothing can be sent to anybody, rather than to one person only."""
    return trouble in _EVERYBODY


def concerns_person(trouble: str) -> bool:
    """Whether no direct message will get through to this person, whatever it holds."""
    return trouble not in _EVERYBODY and trouble not in _ONE_MESSAGE


def concerns_channel(trouble: str | None) -> bool:
    """Whether nothing can be posted in the channel, rather than one post only."""
    return trouble in _WHOLE_CHANNEL

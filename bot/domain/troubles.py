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
    MESSAGE_FIXED = "cant_update_message"  # it is there, and cannot be changed any more
    NO_REPLY = "no_reply"


# About what the bot may do, wherever it does it; somebody has to mend it.
_NOT_ALLOWED = frozenset(
    {
        Trouble.MISSING_SCOPE,
        Trouble.TOKEN_REFUSED,
        "access_denied",
        "method_deprecated",
        "not_allowed_token_type",
        "unknown_method",
    }
)
# The same of a method that is used for no person and in no channel.
_NOT_ALLOWED_AT_ALL = _NOT_ALLOWED | {
    "ekm_access_denied",
    "enterprise_is_restricted",
    "no_permission",
    "not_enabled",
    "team_access_not_granted",
}
# About the bot or the workspace as a whole, so that no message gets through.
_EVERYBODY = _NOT_ALLOWED | {Trouble.THROTTLED, Trouble.UNREACHABLE}
_CHANNEL = frozenset(
    {
        Trouble.CHANNEL_NOT_FOUND,
        Trouble.NOT_IN_CHANNEL,
        Trouble.ARCHIVED,
        Trouble.RESTRICTED,
    }
)
# About the channel as well, so that no post gets into it, whatever its text is.
_WHOLE_CHANNEL = _EVERYBODY | _CHANNEL

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


def lasts_for_people(trouble: str) -> bool:
    """Whether the bot may write to nobody, until somebody mends it."""
    return trouble in _NOT_ALLOWED


def lasts_in_channel(trouble: str) -> bool:
    """Whether nothing can be done in the channel, until somebody mends it."""
    return trouble in _NOT_ALLOWED or trouble in _CHANNEL


def lasts_everywhere(trouble: str) -> bool:
    """Whether a method that has no place cannot be used, until somebody mends it."""
    return trouble in _NOT_ALLOWED_AT_ALL


def concerns_channel(trouble: str | None) -> bool:
    """Whether nothing can be posted in the channel, rather than one post only."""
    return trouble in _WHOLE_CHANNEL

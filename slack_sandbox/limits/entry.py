"""Checks a whole message or view: it is accepted, or refused with Slack's own error code."""

import json
from typing import Any, Literal, TypeAlias

from slack_sandbox.errors import SlackError
from slack_sandbox.limits import numbers
from slack_sandbox.limits.blocks import check_blocks
from slack_sandbox.limits.check import Check

Json: TypeAlias = dict[str, Any]

_VIEW_KEYS = (
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "title",
    "submit",
    "close",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)
_HOME_KEYS = ("blocks", "private_metadata", "callback_id", "external_id")


def check_message(text: Any, blocks: Any, *, other_content: bool = False) -> tuple[str, list[Json]]:
    """Check what a message says, and answer its text and blocks.

    Args:
        text: The text, or None.
        blocks: The blocks, or None.
        other_content: Whether the message has something else to show.

    Raises:
        SlackError: `no_text`, `msg_too_long`, `invalid_blocks_format`, or `invalid_blocks` with
            messages that say what is wrong, and where.
    """
    said = str(text) if text else ""
    if not said and not blocks and not other_content:
        raise SlackError("no_text")
    if len(said) > numbers.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if not isinstance(blocks, list | None):
        raise SlackError("invalid_blocks_format")
    listed = blocks or []
    check = look_at_blocks(listed)
    if check.found:
        raise _refused("invalid_blocks", check)
    return said, listed


def look_at_blocks(blocks: list[Any]) -> Check:
    """What is wrong with the blocks of a message."""
    check = Check("message")
    if len(blocks) > numbers.MESSAGE_BLOCKS:
        check.fail("/blocks", f"no more than {numbers.MESSAGE_BLOCKS} items allowed")
    check_blocks(check, blocks, "/blocks")
    return check


def check_view(body: Any, *, kind: Literal["modal", "home"]) -> Json:
    """Check a view, and answer it.

    Raises:
        SlackError: `invalid_arguments` with messages that say what is wrong, and where, or
            `view_too_large`.
    """
    if not isinstance(body, dict):
        check = Check(kind)
        check.fail("/view", "must be an object")
        raise _refused("invalid_arguments", check)
    if len(json.dumps(body).encode()) > numbers.VIEW_BYTES:
        raise SlackError("view_too_large")
    check = look_at_view(body, kind)
    if check.found:
        raise _refused("invalid_arguments", check)
    return body


def look_at_view(body: Json, kind: Literal["modal", "home"]) -> Check:
    """What is wrong with a view."""
    check = Check(kind)
    if body.get("type") != kind:
        check.fail("/view/type", f"must be {kind}")
    check.keys(body, "/view", _VIEW_KEYS if kind == "modal" else _HOME_KEYS)
    check.string(body, "private_metadata", "/view", numbers.PRIVATE_METADATA)
    check.string(body, "callback_id", "/view", numbers.CALLBACK_ID)
    check.string(body, "external_id", "/view", numbers.EXTERNAL_ID)
    blocks = check.items(body, "blocks", "/view", numbers.VIEW_BLOCKS, least=0)
    check_blocks(check, blocks, "/view/blocks")
    if kind == "modal":
        _modal(check, body, blocks)
    return check


def _modal(check: Check, body: Json, blocks: list[Json]) -> None:
    check.text(body, "title", "/view", numbers.VIEW_TITLE, needed=True)
    check.text(body, "submit", "/view", numbers.VIEW_TITLE)
    check.text(body, "close", "/view", numbers.VIEW_TITLE)
    if "submit" not in body and any(block.get("type") == "input" for block in blocks):
        check.fail("/view", "missing required field: submit (the view has input blocks)")
    focused = sum(bool((block.get("element") or {}).get("focus_on_load")) for block in blocks)
    if focused > 1:
        check.fail("/view/blocks", "only one element may have focus_on_load")


def _refused(error: str, check: Check) -> SlackError:
    return SlackError(error, response_metadata={"messages": check.problems})

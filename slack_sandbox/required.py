"""What Slack's own client refuses before it sends a form."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from slack_sandbox.inputs import is_empty

Json: TypeAlias = dict[str, Any]

_TEXT_INPUTS = ("plain_text_input", "url_text_input", "email_text_input")
DEFAULT_MAX_LENGTH = 3000


def problems_before_submitting(blocks: Sequence[Json], values: Json) -> dict[str, str]:
    """Check what was typed into a form: a message for each block id that is not right yet."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        held = values[block["block_id"]][element["action_id"]]
        problem = _missing(block, held) or _wrong(element, held)
        if problem:
            found[block["block_id"]] = problem
    return found


def _missing(block: Json, held: Json) -> str | None:
    if is_empty(held) and not block.get("optional"):
        return "Please complete this required field."
    return None


def _wrong(element: Json, held: Json) -> str | None:
    value = held.get("value")
    if not value:
        return None
    if element["type"] == "number_input":
        return _wrong_number(element, value)
    if element["type"] in _TEXT_INPUTS:
        return _wrong_text(element, value)
    return None


def _wrong_text(element: Json, value: str) -> str | None:
    most = element.get("max_length", DEFAULT_MAX_LENGTH)
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > most:
        return f"Please enter at most {most} characters."
    if element["type"] == "url_text_input" and not value.startswith(("http://", "https://")):
        return "Please enter a valid URL."
    if element["type"] == "email_text_input" and "@" not in value:
        return "Please enter a valid email address."
    return None


def _wrong_number(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number not below {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number not above {element['max_value']}."
    return None

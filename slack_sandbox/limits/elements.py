"""What Slack refuses in elements: buttons, menus, inputs, pickers."""

import re
from collections.abc import Callable, Collection
from typing import Any, TypeAlias

from slack_sandbox.inputs import options_of
from slack_sandbox.limits import numbers
from slack_sandbox.limits.check import BOTH, PLAIN, Check

Json: TypeAlias = dict[str, Any]

WEB = ("http://", "https://")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

IN_ACTIONS = frozenset(
    {
        "button",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "overflow",
        "radio_buttons",
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
        "rich_text_input",
        "timepicker",
        "workflow_button",
    }
)
IN_SECTION = (IN_ACTIONS - {"rich_text_input"}) | {"image"}
IN_INPUT = (IN_ACTIONS - {"button", "overflow", "workflow_button"}) | {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "file_input",
}
# Inputs that Slack has in modals only.
MODAL_ONLY = frozenset({"file_input"})


def check_element(check: Check, element: Any, path: str, allowed: Collection[str]) -> None:
    """Check one element that stands where only some types may."""
    if not isinstance(element, dict):
        check.fail(path, "must be an object")
        return
    kind = element.get("type")
    if kind not in allowed:
        check.fail(f"{path}/type", f"unsupported type: {kind}")
        return
    if kind in MODAL_ONLY and check.surface != "modal":
        check.fail(f"{path}/type", f"{kind} is supported in modals only")
    check.string(element, "action_id", path, numbers.ACTION_ID, least=1)
    if "confirm" in element:
        _confirm(check, element["confirm"], f"{path}/confirm")
    check.text(element, "placeholder", path, numbers.PLACEHOLDER)
    _CHECKS.get(str(kind), _any)(check, element, path)


def _confirm(check: Check, confirm: Any, path: str) -> None:
    if not isinstance(confirm, dict):
        check.fail(path, "must be an object")
        return
    check.keys(confirm, path, ("title", "text", "confirm", "deny", "style"))
    check.text(confirm, "title", path, numbers.CONFIRM_TITLE, needed=True)
    check.text(confirm, "text", path, numbers.CONFIRM_TEXT, kinds=BOTH, needed=True)
    check.text(confirm, "confirm", path, numbers.CONFIRM_BUTTON, needed=True)
    check.text(confirm, "deny", path, numbers.CONFIRM_BUTTON, needed=True)
    check.one_of(confirm, "style", path, ("primary", "danger"))


def _any(_check: Check, _element: Json, _path: str) -> None:
    """Accept what needs no check of its own."""


def _button(check: Check, element: Json, path: str) -> None:
    check.keys(element, path, ("text", "url", "value", "style", "confirm", "accessibility_label"))
    check.text(element, "text", path, numbers.BUTTON_TEXT, needed=True)
    check.string(element, "value", path, numbers.BUTTON_VALUE, least=1)
    check.string(element, "accessibility_label", path, numbers.ACCESSIBILITY_LABEL)
    check.one_of(element, "style", path, ("primary", "danger"))
    if "url" in element:
        check.address(element, "url", path, schemes=(*WEB, "mailto:"))


def check_image(check: Check, image: Json, path: str) -> None:
    """Check an image, as an element or as a block."""
    check.string(image, "alt_text", path, numbers.ALT_TEXT, needed=True)
    if "image_url" not in image and "slack_file" not in image:
        check.fail(path, "missing required field: image_url")
    if "image_url" in image:
        check.address(image, "image_url", path, schemes=WEB)


def _options(check: Check, element: Json, path: str, most: int, kinds: tuple[str, ...]) -> None:
    for index, option in enumerate(check.items(element, "options", path, most)):
        _option(check, option, f"{path}/options/{index}", kinds)
    values = [option.get("value") for option in options_of(element)]
    check.unique(values, f"{path}/options", "option value")


def _option(check: Check, option: Json, path: str, kinds: tuple[str, ...]) -> None:
    check.keys(option, path, ("text", "value", "description", "url"))
    check.text(option, "text", path, numbers.OPTION_TEXT, kinds=kinds, needed=True)
    check.text(option, "description", path, numbers.OPTION_DESCRIPTION, kinds=kinds)
    check.string(option, "value", path, numbers.OPTION_VALUE, least=1, needed=True)
    if "url" in option:
        check.address(option, "url", path, schemes=(*WEB, "mailto:"))


def _select(check: Check, element: Json, path: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        check.fail(path, "exactly one of options and option_groups is required")
    if "options" in element:
        _options(check, element, path, numbers.SELECT_OPTIONS, PLAIN)
    if "option_groups" in element:
        groups = check.items(element, "option_groups", path, numbers.OPTION_GROUPS)
        for index, group in enumerate(groups):
            at = f"{path}/option_groups/{index}"
            check.text(group, "label", at, numbers.OPTION_GROUP_LABEL, needed=True)
            _options(check, group, at, numbers.SELECT_OPTIONS, PLAIN)
    _initial(check, element, path)


def _boxes(check: Check, element: Json, path: str) -> None:
    _options(check, element, path, numbers.CHECKBOX_OPTIONS, BOTH)
    _initial(check, element, path)


def _overflow(check: Check, element: Json, path: str) -> None:
    _options(check, element, path, numbers.OVERFLOW_OPTIONS, PLAIN)


def _initial(check: Check, element: Json, path: str) -> None:
    """Refuse first choices that are not among the options, letter for letter."""
    offered = options_of(element)
    if "initial_option" in element and element["initial_option"] not in offered:
        check.fail(f"{path}/initial_option", "initial_option must be one of the options")
    if "initial_options" in element:
        chosen = check.items(element, "initial_options", path, len(offered) or 1)
        if any(option not in offered for option in chosen):
            check.fail(f"{path}/initial_options", "initial_options must be among the options")
    check.number(element, "max_selected_items", path, 1, 1_000_000)


def _text_input(check: Check, element: Json, path: str) -> None:
    check.keys(
        element,
        path,
        (
            "initial_value",
            "multiline",
            "min_length",
            "max_length",
            "dispatch_action_config",
            "focus_on_load",
            "placeholder",
        ),
    )
    check.number(element, "min_length", path, 0, numbers.INPUT_LENGTH)
    check.number(element, "max_length", path, 1, numbers.INPUT_LENGTH)
    low, high = element.get("min_length"), element.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        check.fail(f"{path}/min_length", "must not be more than max_length")
    most = high if isinstance(high, int) else numbers.INPUT_LENGTH
    check.string(element, "initial_value", path, most)


def _number_input(check: Check, element: Json, path: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        check.fail(path, "missing required field: is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        value = element.get(key)
        if value is not None and not _is_number(value):
            check.fail(f"{path}/{key}", "must be a number, written as a string")


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return isinstance(value, str)


def _datepicker(check: Check, element: Json, path: str) -> None:
    value = element.get("initial_date")
    if value is not None and not _DATE.fullmatch(str(value)):
        check.fail(f"{path}/initial_date", "must be in the format YYYY-MM-DD")


def _timepicker(check: Check, element: Json, path: str) -> None:
    value = element.get("initial_time")
    if value is not None and not _TIME.fullmatch(str(value)):
        check.fail(f"{path}/initial_time", "must be in the format HH:mm")


def _datetimepicker(check: Check, element: Json, path: str) -> None:
    # Ten digits, as the reference has it.
    check.number(element, "initial_date_time", path, 1_000_000_000, 9_999_999_999)


_CHECKS: dict[str, Callable[[Check, Json, str], None]] = {
    "button": _button,
    "image": check_image,
    "static_select": _select,
    "multi_static_select": _select,
    "checkboxes": _boxes,
    "radio_buttons": _boxes,
    "overflow": _overflow,
    "plain_text_input": _text_input,
    "number_input": _number_input,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
}

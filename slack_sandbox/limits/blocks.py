"""What Slack refuses in blocks, one check for each type."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from slack_sandbox.limits import data, numbers
from slack_sandbox.limits.check import BOTH, Check
from slack_sandbox.limits.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from slack_sandbox.limits.rich import check_rich_text

Json: TypeAlias = dict[str, Any]


def check_blocks(check: Check, blocks: Sequence[Any], path: str) -> None:
    """Check blocks, one after the other, and that no block id stands twice."""
    for index, block in enumerate(blocks):
        if isinstance(block, dict):
            _check_block(check, block, f"{path}/{index}")
        else:
            check.fail(f"{path}/{index}", "must be an object")
    objects = [block for block in blocks if isinstance(block, dict)]
    check.unique([block.get("block_id") for block in objects], path, "block_id")
    charts = sum(block.get("type") == "data_visualization" for block in objects)
    if check.surface == "message" and charts > numbers.MESSAGE_CHARTS:
        check.fail(path, f"no more than {numbers.MESSAGE_CHARTS} data_visualization blocks allowed")


def _check_block(check: Check, block: Json, path: str) -> None:
    kind = block.get("type")
    specific = _CHECKS.get(str(kind))
    if specific is None:
        check.fail(f"{path}/type", f"unsupported type: {kind}")
        return
    check.string(block, "block_id", path, numbers.BLOCK_ID)
    specific(check, block, path)


def _section(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("text", "fields", "accessory", "expand"))
    if "text" not in block and "fields" not in block:
        check.fail(path, "missing required field: text or fields")
    check.text(block, "text", path, numbers.SECTION_TEXT, kinds=BOTH)
    if "fields" in block:
        for index, one in enumerate(check.items(block, "fields", path, numbers.SECTION_FIELDS)):
            check.text_object(one, f"{path}/fields/{index}", numbers.FIELD_TEXT)
    if "accessory" in block:
        check_element(check, block["accessory"], f"{path}/accessory", IN_SECTION)


def _header(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("text", "level"))
    check.text(block, "text", path, numbers.HEADER_TEXT, needed=True)


def _divider(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ())


def _context(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("elements",))
    elements = check.items(block, "elements", path, numbers.CONTEXT_ELEMENTS)
    for index, element in enumerate(elements):
        at = f"{path}/elements/{index}"
        if element.get("type") == "image":
            check_image(check, element, at)
        else:
            check.text_object(element, at, numbers.TEXT_OBJECT)


def _actions(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("elements",))
    elements = check.items(block, "elements", path, numbers.ACTIONS_ELEMENTS)
    for index, element in enumerate(elements):
        check_element(check, element, f"{path}/elements/{index}", IN_ACTIONS)
    ids = [element.get("action_id") for element in elements]
    check.unique(ids, f"{path}/elements", "action_id")


def _context_actions(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("elements",))
    if check.surface != "message":
        check.fail(f"{path}/type", "context_actions is supported in messages only")
    most = numbers.CONTEXT_ACTIONS_ELEMENTS
    for index, element in enumerate(check.items(block, "elements", path, most)):
        known = {"feedback_buttons", "icon_button"}
        check_element(check, element, f"{path}/elements/{index}", known)


def _input(check: Check, block: Json, path: str) -> None:
    if check.surface == "message":
        # Stricter than Slack, which takes a few inputs in messages: forms belong into modals.
        check.fail(f"{path}/type", "input blocks are not taken in messages here")
    check.keys(block, path, ("label", "element", "hint", "optional", "dispatch_action"))
    check.text(block, "label", path, numbers.LABEL, needed=True)
    check.text(block, "hint", path, numbers.HINT)
    check_element(check, block.get("element"), f"{path}/element", IN_INPUT)


def _image(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("image_url", "slack_file", "alt_text", "title"))
    check_image(check, block, path)
    check.text(block, "title", path, numbers.IMAGE_TITLE)


def _markdown(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("text",))
    if check.surface != "message":
        check.fail(f"{path}/type", "markdown is supported in messages only")
    check.string(block, "text", path, numbers.MARKDOWN_TEXT, least=1, needed=True)


def _rich_text(check: Check, block: Json, path: str) -> None:
    check.keys(block, path, ("elements",))
    check_rich_text(check, block, path)


def _container(check: Check, block: Json, path: str) -> None:
    check.text(block, "title", path, numbers.CONTAINER_TITLE)
    check.text(block, "subtitle", path, numbers.CONTAINER_TITLE, kinds=BOTH)
    if "title" not in block and "rich_text_title" not in block:
        check.fail(path, "missing required field: title or rich_text_title")
    children = check.items(block, "child_blocks", path, numbers.CONTAINER_BLOCKS)
    check_blocks(check, children, f"{path}/child_blocks")


_CHECKS: dict[str, Callable[[Check, Json, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "container": _container,
    "table": data.check_table,
    "data_table": data.check_data_table,
    "data_visualization": data.check_chart,
    "card": data.check_card,
    "carousel": data.check_carousel,
    "alert": data.check_alert,
}

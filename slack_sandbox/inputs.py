"""Inputs: finding the elements of a message or a view, their first values, and changing them."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from slack_sandbox.json_copies import copied

Json: TypeAlias = dict[str, Any]

# For each element that keeps a value: the key in state.values, and the key it starts from.
STATEFUL: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}


def is_plural(kind: str) -> bool:
    """Say whether an element of this type holds a list of values."""
    return STATEFUL[kind][0] in (
        "selected_options",
        "selected_users",
        "selected_conversations",
        "selected_channels",
        "files",
    )


def elements_of(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Walk over every block that holds elements: pairs of block and element."""
    for block in blocks:
        for key in ("accessory", "element"):
            if isinstance(block.get(key), dict):
                yield block, block[key]
        if block.get("type") in ("actions", "context_actions"):
            for element in block.get("elements", []):
                yield block, element
        if block.get("type") == "card":
            for element in block.get("actions", []):
                yield block, element
        if block.get("type") == "carousel":
            yield from elements_of(block.get("elements", []))
        if block.get("type") == "container":
            yield from elements_of(block.get("child_blocks", []))


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Copy blocks and fill in the block and action ids that the app left out, as Slack does."""
    filled: list[Json] = copied(list(blocks))
    for block in filled:
        _fill_block_id(block)
        for inner in (*block.get("child_blocks", []), *_cards_of(block)):
            _fill_block_id(inner)
    for _, element in elements_of(filled):
        if element.get("type") != "image" and not element.get("action_id"):
            element["action_id"] = secrets.token_urlsafe(4)
    return filled


def _cards_of(block: Json) -> list[Json]:
    return block.get("elements", []) if block.get("type") == "carousel" else []


def _fill_block_id(block: Json) -> None:
    if not block.get("block_id"):
        block["block_id"] = secrets.token_urlsafe(4)


def options_of(element: Json) -> list[Json]:
    """List the options of an element, those in groups included."""
    groups = element.get("option_groups") or []
    grouped = [option for group in groups for option in group.get("options", [])]
    return [*(element.get("options") or []), *grouped]


def initial_values(blocks: Sequence[Json]) -> Json:
    """Build `state.values` as they are before anybody touched anything."""
    values: Json = {}
    for block, element in elements_of(blocks):
        kind = element.get("type", "")
        if kind not in STATEFUL:
            continue
        key, initial = STATEFUL[kind]
        start = element.get(initial)
        if start is None and is_plural(kind):
            start = []
        held = values.setdefault(block["block_id"], {})
        held[element["action_id"]] = {"type": kind, key: copied(start)}
    return values


def values_after_update(old: Json, blocks: Sequence[Json]) -> Json:
    """Build `state.values` after an update: what was typed stays where both ids stay the same."""
    values = initial_values(blocks)
    for block, element in elements_of(blocks):
        before = old.get(block["block_id"], {}).get(element.get("action_id"))
        if before and before["type"] == element.get("type") and _still_offered(element, before):
            values[block["block_id"]][element["action_id"]] = copied(before)
    return values


def _still_offered(element: Json, held: Json) -> bool:
    chosen = [*(held.get("selected_options") or [])]
    if held.get("selected_option"):
        chosen.append(held["selected_option"])
    offered = {option.get("value") for option in options_of(element)}
    return not offered or all(option.get("value") in offered for option in chosen)


def value_for(element: Json, value: Any) -> Json:
    """Build what `state.values` holds for an element after somebody gave it this value.

    Args:
        element: The element, as the app sent it.
        value: Text, a number, an option's value, or a list of them; None empties it.

    Raises:
        LookupError: If the element does not offer this option.
        TypeError: If the element holds no value at all, or a list is needed.
    """
    kind = element["type"]
    if kind not in STATEFUL:
        raise TypeError(f"a {kind} holds no value")
    key = STATEFUL[kind][0]
    if is_plural(kind):
        if value is None:
            value = []
        if not isinstance(value, list | tuple | set | frozenset):
            raise TypeError(f"a {kind} takes a list of values")
        chosen = [_option(element, one) if key == "selected_options" else one for one in value]
        return {"type": kind, key: chosen}
    if value is not None and key == "selected_option":
        value = _option(element, value)
    if value is not None and key == "value":
        # A field that a person empties reads null, like one that was never touched.
        value = str(value) or None
    return {"type": kind, key: value}


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option.get("value") == value:
            found: Json = copied(option)
            return found
    offered = [option.get("value") for option in options_of(element)]
    raise LookupError(f"no option {value!r} in {element.get('action_id')}; it offers {offered}")


def is_empty(held: Json) -> bool:
    """Say whether a value in `state.values` is empty."""
    key = STATEFUL[held["type"]][0]
    return held.get(key) in (None, "", [])

"""Slack's model objects as plain JSON: what `to_dict` gives, in a fraction of its time.

`to_dict` looks at every attribute of every object for a check of Slack's limits, each time anew;
that was three quarters of what opening a dialog cost. Which checks a class has never changes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject
from slack_sdk.models.blocks import Option

_MAY_BE_EMPTY = frozenset(
    (one["type"], one["property"]) for one in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST
)


def as_json(value: Any) -> Any:
    """The JSON of a view or a block, or of whatever stands in one.

    Raises:
        SlackObjectFormationError: If an object breaks one of Slack's limits.
    """
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    if isinstance(value, Option):
        return _option(value)
    if not isinstance(value, JsonObject) or type(value).to_dict is not JsonObject.to_dict:
        given = getattr(value, "to_dict", None)
        return value if given is None else given()
    _check(value)
    found = ((key, value.get_object_attribute(key)) for key in sorted(value.attributes))
    return {key: as_json(one) for key, one in found if _says_something(value, key, one)}


def _option(option: Option) -> dict[str, Any]:
    """Options say themselves which of their attributes belong in a block; menus have hundreds."""
    _check(option)
    shown: dict[str, Any] = {"text": option._text, "value": option.value}
    shown |= {"description": option._block_description, "url": option.url}
    return {key: as_json(one) for key, one in shown.items() if one}


def _check(value: JsonObject) -> None:
    for name in _checks(type(value)):
        getattr(value, name)()


@cache
def _checks(kind: type[JsonObject]) -> tuple[str, ...]:
    """The names of the methods of a class that check a limit."""
    return tuple(name for name in dir(kind) if hasattr(getattr(kind, name), "validator"))


def _says_something(value: JsonObject, key: str, attribute: Any) -> bool:
    if attribute is None:
        return False
    empty = hasattr(attribute, "__len__") and len(attribute) == 0
    return not empty or (getattr(value, "type", None), key) in _MAY_BE_EMPTY

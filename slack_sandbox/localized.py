"""Dates in the words of one reader, as Slack's own client writes them."""

import re
from datetime import datetime
from typing import Any, TypeAlias

from slack_sandbox.text import date_text

Json: TypeAlias = dict[str, Any]

_DATE = re.compile(r"<!date\^(-?\d+)\^([^|>^]*)(\^[^|>]*)?(?:\|([^>]*))?>")


def localized(value: Any, now: datetime) -> Any:
    """Copy blocks, with the words of each date where its fallback stands.

    Args:
        value: Blocks, or any part of them.
        now: The present moment in the reader's time zone, for "today" and "tomorrow".
    """
    if isinstance(value, list):
        return [localized(one, now) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "mrkdwn":
        return {**value, "text": localized_text(str(value.get("text", "")), now)}
    if value.get("type") == "date" and "timestamp" in value:
        fallback = str(value.get("fallback", ""))
        return {**value, "fallback": _words(value["timestamp"], value["format"], fallback, now)}
    return {key: localized(one, now) for key, one in value.items()}


def localized_text(text: str, now: datetime) -> str:
    """The same for a mrkdwn text."""
    return _DATE.sub(lambda match: _sequence(match, now), text)


def _sequence(match: re.Match[str], now: datetime) -> str:
    stamp, form, address, fallback = match.groups()
    words = _words(int(stamp), form, fallback or "", now)
    return f"<!date^{stamp}^{form}{address or ''}|{words}>"


def _words(stamp: int, form: str, fallback: str, now: datetime) -> str:
    zone = now.tzinfo
    if zone is None:
        raise ValueError("the reader's moment needs a time zone")
    try:
        return date_text(stamp, form, zone, now)
    except (ValueError, OverflowError):
        return fallback

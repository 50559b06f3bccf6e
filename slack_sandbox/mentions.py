"""Mentions: whom a message would notify. Only real control sequences do."""

import re
from collections.abc import Iterator
from typing import Any

_CONTROL = re.compile(r"<(![a-z]+|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_BROADCASTS = ("!channel", "!here", "!everyone")
_BARE = re.compile(r"(?<![\w<!@])@(channel|here|everyone)\b")


def mentions_in_text(text: str, *, parse_names: bool = False) -> list[str]:
    """List what a mrkdwn text would page, such as `<!here>`; bare names only if asked."""
    found = [
        f"<{match[1]}>"
        for match in _CONTROL.finditer(text)
        if not match[1].startswith("!")
        or match[1] in _BROADCASTS
        or match[1].startswith("!subteam^")
    ]
    if parse_names:
        found += [f"<!{match[1]}>" for match in _BARE.finditer(text)]
    return found


def mentions_in_blocks(blocks: Any) -> list[str]:
    """List what blocks would page, in the order in which it stands there."""
    return [mention for part in _parts(blocks) for mention in _mentions_of(part)]


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts(inner)


def _mentions_of(part: dict[str, Any]) -> list[str]:
    kind = part.get("type")
    if kind in ("mrkdwn", "markdown"):
        return mentions_in_text(str(part.get("text", "")))
    if kind == "user" and "user_id" in part:
        return [f"<@{part['user_id']}>"]
    if kind == "usergroup" and "usergroup_id" in part:
        return [f"<!subteam^{part['usergroup_id']}>"]
    if kind == "broadcast":
        return [f"<!{part.get('range', 'channel')}>"]
    return []

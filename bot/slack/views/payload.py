"""Reading what Slack sends back: anything that is not as we wrote it is unreadable."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.ids import PostId
from bot.domain.post import Network

LONGEST_TYPED: Final = 3_000  # characters that a field of Slack's takes at most
LONGEST_METADATA: Final = 3_000  # Slack's limit for what a view keeps
_LONGEST_VALUE: Final = 150  # Slack's limit for the value of an option
# What Slack names people, places, dialogs and triggers by. It is stored and sent back as it came.
_ID: Final = re.compile(r"[!-~]{1,255}")
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")  # no database can store one


class Unreadable(Exception):
    """A payload lacks something, or holds what this bot never wrote."""


@dataclass(frozen=True, slots=True)
class PostRef:
    """A button's post, and the revision that the person was looking at."""

    post_id: PostId
    revision: int


def show_ref(ref: PostRef) -> str:
    """As a button's value."""
    return f"{ref.post_id}:{ref.revision}"


def read_ref(value: object) -> PostRef:
    """The inverse of `show_ref`; raises Unreadable."""
    if not isinstance(value, str):
        raise Unreadable("no value")
    post, _, revision = value.partition(":")
    return PostRef(PostId(number(post)), number(revision))


def number(text: object, most: int = 2**31 - 1) -> int:
    """A whole number from 0 to `most`; raises Unreadable."""
    digits = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 10
    if not digits or not isinstance(text, str) or int(text) > most:
        raise Unreadable(f"not a number: {text!r:.40}")
    return int(text)


def pick(payload: Mapping[str, Any], *path: str | int) -> Any:
    """What lies at `path` in a payload; raises Unreadable where nothing does."""
    found: Any = payload
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError) as error:
            raise Unreadable(f"nothing at {'.'.join(map(str, path))}") from error
    return found


def text_at(payload: Mapping[str, Any], *path: str | int) -> str:
    """The text at `path`; raises Unreadable where there is none."""
    found = pick(payload, *path)
    if not isinstance(found, str):
        raise Unreadable(f"no text at {'.'.join(map(str, path))}")
    return found


def id_at(payload: Mapping[str, Any], *path: str | int) -> str:
    """The id at `path`; raises Unreadable where there is none, or nothing that can be one."""
    found = known_id(pick(payload, *path))
    if found is None:
        raise Unreadable(f"no id at {'.'.join(map(str, path))}")
    return found


def known_id(found: object) -> str | None:
    """An id that may be missing: None for what is no text; raises Unreadable for another text."""
    if not isinstance(found, str) or not found:
        return None
    if not _ID.fullmatch(found):
        raise Unreadable(f"not an id: {found!r:.40}")
    return found


def option_at(payload: Mapping[str, Any], *path: str | int) -> str:
    """The value of a chosen option at `path`; raises Unreadable."""
    found = text_at(payload, *path)
    if len(found) > _LONGEST_VALUE or _HALF_CHARACTER.search(found):
        raise Unreadable(f"no option at {'.'.join(map(str, path))}")
    return found


def typed(payload: Mapping[str, Any], *path: str | int) -> str:
    """What was typed into the field at `path`, empty where no text was; raises Unreadable.

    Only the beginning of what is longer than Slack lets anybody type: it is too long for every
    field, and to look at all of it would take long.
    """
    found = pick(payload, *path)
    return found[: LONGEST_TYPED + 1] if isinstance(found, str) else ""


def network(action: Mapping[str, Any]) -> Network:
    """The network that a button stands for; raises Unreadable."""
    value = text_at(action, "value")
    if value not in list(Network):
        raise Unreadable("no such network")
    return Network(value)


def metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a view keeps for itself; raises Unreadable."""
    kept = text_at(view, "private_metadata")
    if len(kept) > LONGEST_METADATA:
        raise Unreadable("private_metadata is too long")
    try:
        facts = json.loads(kept)
    except (ValueError, RecursionError) as error:
        raise Unreadable("private_metadata is not JSON") from error
    # Halves may be spelt out in it, so they are looked for in what was read.
    if not isinstance(facts, dict) or _HALF_CHARACTER.search(dump(facts)):
        raise Unreadable("private_metadata is not an object")
    return facts


def dump(facts: Mapping[str, Any]) -> str:
    """The inverse of `metadata`."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def whole(facts: Mapping[str, Any], key: str) -> int:
    """A whole number that a view kept; raises Unreadable."""
    found = facts.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**31:
        raise Unreadable(f"no number in {key}")
    return found

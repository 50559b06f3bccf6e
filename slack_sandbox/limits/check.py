"""The findings of a check: what is wrong, and where, in Slack's words and JSON pointers."""

from collections.abc import Collection, Sequence
from typing import Any, Literal, TypeAlias

from slack_sandbox.limits import numbers

Json: TypeAlias = dict[str, Any]
Surface = Literal["message", "modal", "home"]

BOTH = ("plain_text", "mrkdwn")
PLAIN = ("plain_text",)


class Check:
    """Collects what is wrong with one message or view."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.found: list[tuple[str, str]] = []

    @property
    def problems(self) -> list[str]:
        """What is wrong, as most methods answer it."""
        return [f"[ERROR] {what} [json-pointer:{path}]" for path, what in self.found]

    def fail(self, path: str, what: str) -> None:
        """Write down one problem: what is wrong, and where."""
        self.found.append((path, what))

    def keys(self, part: Json, path: str, allowed: Collection[str]) -> None:
        """Refuse keys that Slack does not know here."""
        for key in part:
            if key not in allowed and key not in ("type", "block_id", "action_id"):
                self.fail(path, f"invalid additional property: {key}")

    def string(
        self, part: Json, key: str, path: str, most: int, *, least: int = 0, needed: bool = False
    ) -> None:
        """Check a bare string under a key."""
        value = part.get(key)
        if value is None:
            if needed:
                self.fail(path, f"missing required field: {key}")
        elif not isinstance(value, str):
            self.fail(f"{path}/{key}", "must be a string")
        else:
            self._length(value, f"{path}/{key}", most, least)

    def _length(self, value: str, path: str, most: int, least: int) -> None:
        if len(value) < least:
            self.fail(path, f"must be more than {least - 1} characters")
        if len(value) > most:
            self.fail(path, f"must be less than {most + 1} characters")

    def text(
        self,
        part: Json,
        key: str,
        path: str,
        most: int,
        *,
        kinds: Sequence[str] = PLAIN,
        needed: bool = False,
    ) -> None:
        """Check a text object under a key: its kind, that it says something, and its length."""
        value = part.get(key)
        if value is None:
            if needed:
                self.fail(path, f"missing required field: {key}")
            return
        self.text_object(value, f"{path}/{key}", most, kinds=kinds)

    def text_object(self, value: Any, path: str, most: int, *, kinds: Sequence[str] = BOTH) -> None:
        """Check a text object."""
        if not isinstance(value, dict):
            self.fail(path, "must be a text object")
            return
        if value.get("type") not in kinds:
            self.fail(f"{path}/type", f"must be one of: {', '.join(kinds)}")
        self.keys(value, path, ("text", "emoji", "verbatim"))
        if value.get("type") == "mrkdwn" and "emoji" in value:
            self.fail(path, "invalid additional property: emoji")
        self.string(value, "text", path, most, least=1, needed=True)

    def items(self, part: Json, key: str, path: str, most: int, *, least: int = 1) -> list[Json]:
        """Check a list of objects under a key, and answer those that are objects."""
        value = part.get(key)
        if value is None:
            self.fail(path, f"missing required field: {key}")
            return []
        if not isinstance(value, list):
            self.fail(f"{path}/{key}", "must be an array")
            return []
        if len(value) < least:
            self.fail(f"{path}/{key}", f"no less than {least} items required")
        if len(value) > most:
            self.fail(f"{path}/{key}", f"no more than {most} items allowed")
        for index, one in enumerate(value):
            if not isinstance(one, dict):
                self.fail(f"{path}/{key}/{index}", "must be an object")
        return [one for one in value if isinstance(one, dict)]

    def one_of(
        self, part: Json, key: str, path: str, known: Collection[Any], *, needed: bool = False
    ) -> None:
        """Check that a value is one of those that Slack knows."""
        if key in part and part[key] not in known:
            self.fail(f"{path}/{key}", f"must be one of: {', '.join(map(str, known))}")
        if needed and key not in part:
            self.fail(path, f"missing required field: {key}")

    def number(self, part: Json, key: str, path: str, least: int, most: int) -> None:
        """Check that an integer, if it is given, lies within its bounds."""
        value = part.get(key)
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(f"{path}/{key}", "must be an integer")
        elif not least <= value <= most:
            self.fail(f"{path}/{key}", f"must be between {least} and {most}")

    def address(self, part: Json, key: str, path: str, *, schemes: Sequence[str]) -> None:
        """Check an address under a key."""
        self.string(part, key, path, numbers.URL, least=1)
        value = part.get(key)
        if isinstance(value, str) and not value.lower().startswith(tuple(schemes)):
            self.fail(f"{path}/{key}", "invalid url")

    def unique(self, values: Sequence[Any], path: str, what: str) -> None:
        """Refuse a value that stands twice among those given."""
        seen: set[str] = set()
        for value in values:
            if isinstance(value, str) and value:
                if value in seen:
                    self.fail(path, f"{what} `{value}` already exists")
                seen.add(value)

"""One call of the Web API as its method sees it: arguments read, scopes checked, pages cut."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_sandbox.errors import SlackError
from slack_sandbox.state import Channel, State, User

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class ApiCall:
    """A call: what the sandbox knows, the arguments, and the scopes of the token."""

    state: State
    args: Json
    scopes: Sequence[str]

    def text(self, name: str, *, required: bool = False) -> str:
        """Read an argument as text; empty if it is missing.

        Raises:
            SlackError: `invalid_arguments`, if it is required and missing.
        """
        value = self.args.get(name)
        if required and value in (None, ""):
            raise SlackError(
                "invalid_arguments",
                response_metadata={"messages": [f"[ERROR] missing required field: {name}"]},
            )
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Read an argument as yes or no; forms send it as text."""
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def names(self, name: str) -> list[str]:
        """Read an argument that lists ids, with commas between them."""
        return [one.strip() for one in self.text(name).split(",") if one.strip()]

    def data(self, name: str, error: str) -> Any:
        """Read an argument that is JSON, perhaps written as text inside a form.

        Raises:
            SlackError: With the given error, if it cannot be read.
        """
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise SlackError(error) from None

    def need(self, *scopes: str) -> None:
        """Check that the token has one of these scopes.

        Raises:
            SlackError: `missing_scope`, with what is needed and what is there.
        """
        if not any(scope in self.scopes for scope in scopes):
            provided = ",".join(self.scopes)
            raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)

    def channel(self) -> Channel:
        """Find the channel that the call names, if the app can see it.

        Raises:
            SlackError: `channel_not_found`.
        """
        channel = self.state.channels.get(self.text("channel", required=True))
        if channel is None or (channel.private and not channel.bot_is_member):
            raise SlackError("channel_not_found")
        return channel

    def user(self, name: str = "user") -> User:
        """Find the person that the call names.

        Raises:
            SlackError: `user_not_found`.
        """
        user = self.state.users.get(self.text(name, required=True))
        if user is None:
            raise SlackError("user_not_found")
        return user

    def page(self, items: Sequence[Any], default: int = 100) -> tuple[list[Any], Json]:
        """Cut one page out of a list: the items, and the metadata with the next cursor.

        Raises:
            SlackError: `invalid_cursor` or `invalid_limit`.
        """
        start = 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
            except ValueError:
                raise SlackError("invalid_cursor") from None
        try:
            limit = int(self.text("limit") or default)
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 0 < limit <= 1000:
            raise SlackError("invalid_limit")
        more = start + limit < len(items)
        following = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
        return list(items[start : start + limit]), {"next_cursor": following}

"""Envelopes: what the sandbox sends to the app over either transport, and how that fails."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

Json: TypeAlias = dict[str, Any]
Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Envelope:
    """One payload for the app, and for a repeated event the number and reason of the retry."""

    kind: Kind
    payload: Json
    retry: int = 0
    reason: str = ""


class UndeliveredError(Exception):
    """The app did not acknowledge a envelope in time, or could not be reached.

    Attributes:
        error: What the person reads: `operation_timeout` or `dispatch_failed`.
        reason: What a repeated event says: `timeout`, `http_error` or `connection_failed`.
        final: Whether the app asked for no repetition.
    """

    def __init__(self, error: str, reason: str, *, final: bool = False) -> None:
        super().__init__(f"{error} ({reason})")
        self.error = error
        self.reason = reason
        self.final = final


class Delivery(Protocol):
    """A way from the sandbox to the app."""

    async def deliver(self, envelope: Envelope, within: float) -> Json | None:
        """Hand over a envelope and answer what the acknowledgement carried.

        Raises:
            UndeliveredError: If it was not acknowledged within that many seconds.
        """
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...

"""The outcome of an act: acknowledged or not, how fast, and with which answer."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """How the app took something.

    Attributes:
        acknowledged: Whether the app acknowledged it in time.
        response: What the acknowledgement carried.
        seconds: How long the acknowledgement took, in real time.
        error: What went wrong: `operation_timeout`, `dispatch_failed`, `incomplete` (the client
            itself refused), or the reason for which Slack would refuse the answer.
        url: The address that the pressed button opens.
        attempts: How often it was sent; more than once for events only.
        repeats: The outcomes of the further presses of a double click.
    """

    acknowledged: bool
    response: dict[str, Any] | None = None
    seconds: float = 0.0
    error: str | None = None
    url: str | None = None
    attempts: int = 1
    repeats: tuple["Outcome", ...] = ()

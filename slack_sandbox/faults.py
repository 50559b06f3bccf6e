"""Faults: which Web API calls fail, how, and how often."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Fault:
    """One way in which calls fail.

    Attributes:
        method: The Web API method, `response_url` for answers to a response address, or `*`.
        error: Answer with this Slack error instead of doing anything.
        status: Answer with this HTTP status instead of doing anything.
        retry_after: Seconds in the `Retry-After` header of a refused call.
        cut: Cut the connection before anything is done.
        lose_reply: Do what was asked, then cut the connection.
        delay: Wait this many seconds first.
        hold: Do what was asked, then wait for this event before answering.
        times: How many calls fail so; None means all of them, until cleared.
        when: Only calls whose payload this accepts.
    """

    method: str = "*"
    error: str | None = None
    status: int | None = None
    retry_after: int | None = None
    cut: bool = False
    lose_reply: bool = False
    delay: float = 0.0
    hold: asyncio.Event | None = None
    times: int | None = 1
    when: Callable[[dict[str, Any]], bool] | None = None

    @property
    def only_slows(self) -> bool:
        """Whether this fault leaves the answer as it is, only later."""
        return (
            self.error is None
            and self.status is None
            and not (self.cut or self.lose_reply or self.hold)
        )

    def applies(self, method: str, payload: dict[str, Any]) -> bool:
        """Say whether this fault meets that call."""
        if self.method not in ("*", method) or self.times == 0:
            return False
        return self.when is None or self.when(payload)


class Faults:
    """The faults that wait for a call, in the order they were added."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._waiting: list[Fault] = []
        self._held = 0
        self._on_change = on_change

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def held(self) -> int:
        """How many calls are held back at this moment."""
        return self._held

    async def hold(self, fault: Fault) -> None:
        """Hold a call back until its event is set; without one, go on at once."""
        if fault.hold is None:
            return
        self._held += 1
        self._on_change()
        try:
            await fault.hold.wait()
        finally:
            self._held -= 1

    def add(self, fault: Fault) -> Fault:
        """Let calls fail in this way from now on."""
        self._waiting.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take back one fault, if it still waits, and let go of what it holds."""
        if fault in self._waiting:
            self._waiting.remove(fault)
        if fault.hold is not None:
            fault.hold.set()

    def clear(self) -> None:
        """Let everything work again, and let go of every call that is held."""
        for fault in self._waiting:
            if fault.hold is not None:
                fault.hold.set()
        self._waiting.clear()

    def take(self, method: str, payload: dict[str, Any]) -> list[Fault]:
        """Take what this call meets: every delay, and the first fault of another kind.

        Two faults of another kind for one method are met one after the other by two calls.
        """
        taken: list[Fault] = []
        spent = False
        for fault in self._waiting:
            if not fault.applies(method, payload) or (spent and not fault.only_slows):
                continue
            spent = spent or not fault.only_slows
            if fault.times is not None:
                fault.times -= 1
            taken.append(fault)
        # A held fault stays in the list so that `clear` can let go of its call.
        self._waiting = [f for f in self._waiting if f.times != 0 or f.hold is not None]
        return taken

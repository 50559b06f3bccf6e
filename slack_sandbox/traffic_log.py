"""The inspector's log: what the app was sent and what it sent. The newest entries are kept."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from slack_sandbox.json_copies import copied

Json: TypeAlias = dict[str, Any]

MOST = 300


@dataclass(frozen=True)
class LogEntry:
    """One thing that was sent, in either direction, and its answer.

    Attributes:
        number: Counts up from 1.
        to_bot: Whether it went to the app; otherwise the app sent it.
        name: The Web API method, or what a person did.
        who: The id of the person who did it; empty for calls of the app.
        payload: What was sent, without tokens.
        answer: What came back; None if nothing did.
        verdict: `ok`, or the error in one word.
        seconds: How long the answer took, in real time.
        at: When it was sent, by the clock of the sandbox.
    """

    number: int
    to_bot: bool
    name: str
    who: str
    payload: Json
    answer: Json | None
    verdict: str
    seconds: float
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether it worked."""
        return self.verdict == "ok"

    @property
    def actions(self) -> list[str]:
        """The action ids of what was pressed or chosen."""
        return [str(one.get("action_id")) for one in self.payload.get("actions") or []]


class TrafficLog:
    """Remembers the last few hundred entrys."""

    def __init__(self) -> None:
        self._kept: deque[LogEntry] = deque(maxlen=MOST)
        self._count = 0

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self._kept)

    def sent(
        self,
        payload: Json,
        answer: Json | None,
        verdict: str,
        seconds: float,
        at: datetime,
        *,
        method: str | None = None,
    ) -> None:
        """Write one down; `method` is given for calls of the app only."""
        self._count += 1
        self._kept.append(
            LogEntry(
                self._count,
                method is None,
                method or _describe(payload),
                "" if method else _who(payload),
                # A payload shares its parts with what it tells of, which goes on changing.
                copied(payload),
                copied(answer),
                verdict,
                seconds,
                at,
            )
        )

    def find(self, number: int) -> LogEntry | None:
        """Find one by its number, if it is still kept."""
        return next((one for one in self._kept if one.number == number), None)

    def clear(self) -> None:
        """Forget all of it; the numbers go on."""
        self._kept.clear()


def _describe(payload: Json) -> str:
    """Name what a person did."""
    if "command" in payload:
        return f"{payload['command']} {payload.get('text', '')}".strip()
    if "event" in payload:
        return f"event {payload['event'].get('type')}"
    kind = str(payload.get("type"))
    actions = [str(one.get("action_id")) for one in payload.get("actions") or []]
    return " ".join([kind, *(actions or [str((payload.get("view") or {}).get("callback_id", ""))])])


def _who(payload: Json) -> str:
    user = payload.get("user_id") or payload.get("user") or payload.get("event", {}).get("user")
    return str(user.get("id", "")) if isinstance(user, dict) else str(user or "")

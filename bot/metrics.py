"""What this process counts of itself: that requests came and calls failed, and nothing of people.

A request is a click, a command or an event, and no finer: a Share and a Skip are both clicks. How
long one took is counted in whole seconds, since opening a dialog takes longer than a Skip.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

# Slack waits 3 seconds for an acknowledgement.
WITHIN: Final = (1.0, 2.0, 3.0)  # seconds


class RequestKind(StrEnum):
    """What Slack sends; a click is any button, menu or form."""

    CLICK = "click"
    COMMAND = "command"
    EVENT = "event"


class Failure(StrEnum):
    """Why a request could not be answered as it should; each is told to whoever waits."""

    BUSY = "busy"  # the database had no time; surely nothing was stored
    UNKNOWN = "unknown"  # nobody knows whether it was stored
    UNREADABLE = "unreadable"  # not what the bot sends out
    BROKEN = "broken"  # a fault of the bot


class SlackFault(StrEnum):
    """What became of a call to Slack that brought nothing."""

    THROTTLED = "throttled"
    NO_REPLY = "no_reply"
    REFUSED = "refused"


@dataclass(slots=True)
class Metrics:
    """Counts since the start. Only the event loop changes them, so nothing is locked.

    `jobs` is when each job of the heartbeat last came to its end, or the program's start.
    """

    requests: Counter[RequestKind] = field(default_factory=Counter)
    answered_within: Counter[tuple[RequestKind, float]] = field(default_factory=Counter)
    failures: Counter[Failure] = field(default_factory=Counter)
    slack: Counter[tuple[str, SlackFault]] = field(default_factory=Counter)
    jobs: dict[str, datetime] = field(default_factory=dict)
    failed_jobs: Counter[str] = field(default_factory=Counter)

    def record_request(self, kind: RequestKind, seconds: float) -> None:
        """A request was answered after so many seconds."""
        self.requests[kind] += 1
        for most in WITHIN:
            if seconds <= most:
                self.answered_within[kind, most] += 1

    def record_failure(self, why: Failure) -> None:
        """A request could not be answered as it should."""
        self.failures[why] += 1

    def record_slack(self, method: str, fault: SlackFault) -> None:
        """A call that nobody waited for failed.

        While somebody waits nothing is counted: only who presses Share gets a dialog opened.
        """
        self.slack[method, fault] += 1

    def record_job(self, job: str, ended_at: datetime, *, well: bool) -> None:
        """A job of the heartbeat came to its end; one that failed did not do its work."""
        if well:
            self.jobs[job] = ended_at
        else:
            self.failed_jobs[job] += 1

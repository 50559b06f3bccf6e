"""Throttling ahead of Slack's limits: this process's share of what Slack permits a minute."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from aiolimiter import AsyncLimiter

POST: Final = "chat.postMessage"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls a minute, and so many at once after a quiet time.

    In no minute more than both together go out, so both together stay below what Slack permits.
    """

    per_minute: float
    at_once: int


# Slack's tiers permit 20, 50 and 100 calls a minute (docs.slack.dev/apis/web-api/rate-limits).
_TIER_2: Final = Limit(14, 5)
_TIER_3: Final = Limit(39, 10)
_TIER_4: Final = Limit(74, 25)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may do in a minute (in seconds).

    `otherwise` holds for a method that is not named. `in_channel` is for messages to one channel,
    besides the limit of their method. `processes` is among how many processes all that is divided.
    """

    methods: Mapping[str, Limit]
    otherwise: Limit
    in_channel: Limit
    minute: float = 60.0
    processes: int = 1


# Slack permits "several hundred" messages a minute in a workspace: 300 is the least that this says.
# A twentieth is left for what answers clicks and cannot wait.
SLACK_LIMITS: Final = Limits(
    methods=MappingProxyType(
        {
            POST: Limit(288, 6),
            "chat.delete": _TIER_3,
            "chat.getPermalink": _TIER_4,
            "chat.update": _TIER_3,
            "conversations.info": _TIER_3,
            "conversations.members": _TIER_4,
            "dnd.teamInfo": _TIER_2,
            "files.completeUploadExternal": _TIER_4,
            "files.delete": _TIER_3,
            "files.getUploadURLExternal": _TIER_4,
            "users.info": _TIER_4,
            "views.open": _TIER_4,
            "views.publish": _TIER_4,
            "views.push": _TIER_4,
            "views.update": _TIER_4,
        }
    ),
    otherwise=_TIER_2,
    in_channel=Limit(60, 3),
)


class Waiting(Enum):
    """What a call does where its slot has not come."""

    FOR_A_SLOT = auto()  # nobody waits for it
    NOT_AT_ALL = auto()  # a person waits: it goes ahead, for which background work leaves room
    RATHER_NOT = auto()  # it is left out, since it can be done without
    HAS_A_SLOT = auto()


WAITING: Final = ContextVar("WAITING", default=Waiting.FOR_A_SLOT)


@contextmanager
def _waiting(how: Waiting) -> Iterator[None]:
    before = WAITING.set(how)
    try:
        yield
    finally:
        WAITING.reset(before)


@asynccontextmanager
async def at_once(seconds: float) -> AsyncIterator[None]:
    """Calls in the block wait behind no background work; raises TimeoutError after so long."""
    with _waiting(Waiting.NOT_AT_ALL):
        async with asyncio.timeout(seconds):
            yield


@contextmanager
def only_if_free() -> Iterator[None]:
    """Calls in the block are left out where they had to wait; see `messenger.Held`."""
    with _waiting(Waiting.RATHER_NOT):
        yield


@contextmanager
def slot_taken() -> Iterator[None]:
    """The call in the block has waited for its slot already."""
    with _waiting(Waiting.HAS_A_SLOT):
        yield


@dataclass(slots=True)
class Throttle:
    """Keeps this process to its share; without `limits` nothing waits.

    Each limit is a leaky bucket, which spreads calls evenly: a bucket of the method, and for
    messages one of their channel.
    """

    limits: Limits | None = SLACK_LIMITS
    _buckets: dict[str, AsyncLimiter] = field(default_factory=dict)

    async def wait(self, method: str, channel: str | None = None) -> None:
        """Wait for the slot of a call; `channel` is where it posts, None for a person."""
        for bucket in self._of(method, channel):
            await bucket.acquire()

    async def take_if_free(self, method: str, channel: str | None = None) -> bool:
        """Take a slot if there is one now; False where the call would have to wait."""
        buckets = self._of(method, channel)
        if not all(bucket.has_capacity() for bucket in buckets):
            return False
        for bucket in buckets:
            await bucket.acquire()  # at once
        return True

    def _of(self, method: str, channel: str | None) -> list[AsyncLimiter]:
        limits = self.limits
        if limits is None:
            return []
        mine = [self._bucket(method, limits.methods.get(method, limits.otherwise), limits)]
        if method == POST and channel is not None:
            # Its place in the channel comes first, so that nobody's slot is used up meanwhile.
            mine.insert(0, self._bucket(channel, limits.in_channel, limits))
        return mine

    def _bucket(self, name: str, limit: Limit, limits: Limits) -> AsyncLimiter:
        if name not in self._buckets:
            share = 1 / limits.processes
            size = max(1.0, limit.at_once * share)
            seconds = size / (limit.per_minute * share) * limits.minute
            self._buckets[name] = AsyncLimiter(size, seconds)
        return self._buckets[name]

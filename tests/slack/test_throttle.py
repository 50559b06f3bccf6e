"""Keeping to what Slack permits, in time that passes as fast as it can."""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from bot.slack.throttle import POST, SLACK_LIMITS, Limits, Throttle

PERMITTED = 300  # messages a minute in a workspace
TIERS = {"chat.update": 50, "chat.delete": 50, "users.info": 100, "dnd.teamInfo": 20}
MINUTE = 60.0
T = TypeVar("T")


class _Jumping(selectors.DefaultSelector):
    """Where nothing is to be done, the clock jumps to when something is."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += (timeout or 0.0) + 1e-6  # time never stands still
        return super().select(0)


class _JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=_JumpingLoop) as runner:
        return runner.run(work)


class Window:
    """What went out in the last minute, and the most that ever did."""

    def __init__(self) -> None:
        self.count = 0
        self.most = 0
        self._recent: deque[float] = deque()

    def add(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._recent and self._recent[0] <= now - MINUTE:
            self._recent.popleft()
        self._recent.append(now)
        self.count += 1
        self.most = max(self.most, len(self._recent))


async def use(
    limits: Limits, method: str, count: int, *, channel: str | None = None, processes: int = 1
) -> tuple[Window, float]:
    """So many calls as fast as they may go out; what went out, and how long it took."""
    window = Window()

    async def work(throttle: Throttle, calls: int) -> None:
        for _ in range(calls):
            await throttle.wait(method, channel)
            window.add()

    each = [Throttle(limits) for _ in range(processes)]
    beside = 4  # calls of one process that wait at the same time
    share = count // (processes * beside)
    await asyncio.gather(*(work(one, share) for one in each for _ in range(beside)))
    return window, asyncio.get_running_loop().time()


def test_ten_thousand_messages_use_nearly_all_that_is_permitted_and_never_more() -> None:
    window, seconds = run(use(SLACK_LIMITS, POST, 10_000))
    assert window.count == 10_000
    assert window.most <= PERMITTED
    assert window.count / (seconds / MINUTE * PERMITTED) >= 0.95


@pytest.mark.parametrize("processes", [2, 4])
def test_several_processes_together_keep_to_what_one_may(processes: int) -> None:
    limits = Limits(
        SLACK_LIMITS.methods,
        SLACK_LIMITS.otherwise,
        SLACK_LIMITS.in_channel,
        processes=processes,
    )
    window, seconds = run(use(limits, POST, 4_000, processes=processes))
    assert window.most <= PERMITTED
    assert window.count / (seconds / MINUTE * PERMITTED) >= 0.95


@pytest.mark.parametrize("method", TIERS)
def test_every_tier_is_kept(method: str) -> None:
    window, _ = run(use(SLACK_LIMITS, method, 1_000))
    assert window.most <= TIERS[method]


def test_one_channel_gets_a_message_a_second_after_a_few_at_once() -> None:
    async def fill() -> list[float]:
        throttle = Throttle()
        times: list[float] = []
        for _ in range(6):
            await throttle.wait(POST, "C1")
            times.append(round(asyncio.get_running_loop().time()))
        return times

    assert run(fill()) == [0, 0, 0, 1, 2, 3]


def test_a_channel_that_waits_holds_up_no_other() -> None:
    async def fill() -> float:
        throttle = Throttle()
        waiting = [asyncio.create_task(throttle.wait(POST, "C1")) for _ in range(20)]
        await asyncio.sleep(0.5)
        begun = asyncio.get_running_loop().time()
        await throttle.wait(POST, "C2")
        await throttle.wait(POST)
        waited = asyncio.get_running_loop().time() - begun
        await asyncio.gather(*waiting)
        return waited

    assert round(run(fill())) == 0


def test_a_slot_is_taken_only_if_it_is_free() -> None:
    async def fill() -> list[bool]:
        throttle = Throttle()
        return [await throttle.take_if_free("dnd.teamInfo") for _ in range(6)]

    assert run(fill()) == [True] * 5 + [False]


def test_without_limits_nothing_waits() -> None:
    async def fill() -> float:
        throttle = Throttle(None)
        for _ in range(1_000):
            await throttle.wait(POST, "C1")
        return asyncio.get_running_loop().time()

    assert round(run(fill())) == 0

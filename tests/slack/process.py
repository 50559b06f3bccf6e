"""One process of the program, which may die at a named step of it.

It is forked from a server that has imported the program already, since starting Python takes longer
than all that a test does with it. The process itself runs `python -m bot …`, and nothing in it is
replaced: a profiling hook, as a debugger has it, sees that the step is reached.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.slack.imported"])


class Moment(Enum):
    """When it dies, seen from one function of the program."""

    REACHED = auto()  # it is called, and has done nothing
    STORED = auto()  # it has done its part of a transaction, which is not committed
    COMMITTED = auto()  # that transaction is committed, and nobody has heard of it


@dataclass(frozen=True)
class Step:
    """A step of the program: one of its functions, and a moment."""

    function: Callable[..., Any]
    moment: Moment

    def __str__(self) -> str:
        place = self.function.__module__.rpartition(".")[2]
        return f"{place}.{self.function.__name__} {self.moment.name.lower()}"


class BotProcess:
    """The program as a process of its own."""

    def __init__(self, process: ForkServerProcess, out: Pipe) -> None:
        self._process = process
        self._out = out

    @classmethod
    def start(
        cls,
        environment: Mapping[str, str],
        errors: Path,
        *,
        arguments: Sequence[str] = ("run",),
        step: Step | None = None,
        typed: bool = False,
    ) -> BotProcess:
        """Start it; it dies at `step`. `typed` starts Python anew, as whoever types it does."""
        out, theirs = _context.Pipe(duplex=False)
        given = (dict(environment), theirs, str(errors), tuple(arguments), step, typed)
        process = _context.Process(target=_run, args=given)
        process.start()
        theirs.close()
        return cls(process, out)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.exitcode

    async def first_line(self) -> bytes:
        """What it says first; nothing where it has ended."""
        return await asyncio.to_thread(os.read, self._out.fileno(), 4096)

    async def all_said(self) -> bytes:
        """What it says until its end."""
        said = [await self.first_line()]
        while said[-1]:
            said.append(await self.first_line())
        return b"".join(said)

    def send(self, how: signal.Signals) -> None:
        """Send a signal, if it is there to get it."""
        if self.status is None:
            os.kill(self.pid, how)

    async def ended(self, within: float) -> int | None:
        """Wait for its end; the exit status, None where it still runs."""
        await asyncio.to_thread(self._process.join, within)
        return self.status

    def close(self) -> None:
        """End it whatever it does, and let go of it."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._out.close()


def _run(
    environment: dict[str, str],
    out: Pipe,
    errors: str,
    arguments: tuple[str, ...],
    step: Step | None,
    typed: bool,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(out.fileno(), 1)
    sys.stdout = os.fdopen(1, "w", closefd=False)  # the server's is no pipe
    with open(errors, "ab", buffering=0) as written:
        os.dup2(written.fileno(), 2)
    if typed:
        os.execve(sys.executable, [sys.executable, "-m", "bot", *arguments], environment)
    if step is not None:
        _die_at(step)
    from bot.__main__ import main

    sys.exit(main(arguments))


def _die_at(step: Step) -> None:
    hook = _Hook(step)
    threading.setprofile(hook)  # the writer's thread begins later
    if step.moment is Moment.REACHED:
        sys.setprofile(hook)


class _Hook:
    def __init__(self, step: Step) -> None:
        self._moment = step.moment
        self._code = step.function.__code__
        self._stored = False

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if frame.f_code is self._code:
            if event == "call" and self._moment is Moment.REACHED:
                _die()
            if event == "return" and self._moment is Moment.STORED:
                _die()
            self._stored = self._stored or event == "return"
        committed = event == "return" and frame.f_code is _COMMIT
        if committed and self._stored and self._moment is Moment.COMMITTED:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_COMMIT = DefaultDialect.do_commit.__code__

"""Stopping at Ctrl-C and at the system's request, on Windows too."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def call_at_signals(stop: Callable[[], object]) -> None:
    """Call `stop` in the running loop at SIGINT and SIGTERM."""
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(one, stop)
        except NotImplementedError:  # Windows' loop has none
            signal.signal(one, lambda *_: loop.call_soon_threadsafe(stop))

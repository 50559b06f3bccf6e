"""The program as a process: how soon it is ready, and what it keeps: `python -m bench.process`.

Ready is measured from the typed command to the line that says that it runs, beside Python importing
the libraries alone. What clicks leave behind is measured on the app that `bench.clicks` measures.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

from bench import ground
from bench.children import child
from bench.ground import Ground
from tests.slack import program

LIBRARIES = "import aiohttp, apscheduler, slack_bolt.async_app, sqlalchemy, uvicorn, uvloop"
READY, AT_REST, GROWTH = 1.0, 90.0, 2.0  # seconds, MiB, MiB
_WARM_UP = 5_000  # clicks after which pools and caches have their size


async def measure_start(folder: Path, times: int) -> tuple[float, float, float]:
    """Seconds until it is ready, seconds for its libraries alone, and MiB at rest; medians."""
    ready, libraries, at_rest = [], [], []
    for _ in range(times):
        began = time.perf_counter()
        imported = await asyncio.create_subprocess_exec(sys.executable, "-c", LIBRARIES)
        await imported.wait()
        libraries.append(time.perf_counter() - began)
        url = ground.empty_sqlite(folder)
        async with program.program(url, "http", folder) as made:
            command = (sys.executable, "-m", "bot", "run")
            began = time.perf_counter()
            started = await asyncio.create_subprocess_exec(
                *command, env=made.environment(), stdout=asyncio.subprocess.PIPE
            )
            if started.stdout is None or b"is running" not in await started.stdout.readline():
                raise RuntimeError("the program did not start")
            ready.append(time.perf_counter() - began)
            await asyncio.sleep(3)  # its first heartbeats
            at_rest.append(memory_of(started.pid))
            started.terminate()
            await started.communicate()
    return median(ready), median(libraries), median(at_rest)


async def measure_growth(folder: Path, clicks: int) -> float:
    """MiB more after so many clicks than after the first few thousand."""
    url = ground.empty_sqlite(folder)
    place = Ground(url)
    place.fill()
    try:
        async with AsyncExitStack() as stack:
            sink = await stack.enter_async_context(child("bench.sink"))
            where = (await sink.ask("where"))["port"]
            command = ("bench.bot", url, str(where))
            bot = await stack.enter_async_context(child(*command))
            load = await stack.enter_async_context(child("bench.load"))
            port, pid = (await bot.ask("state"))["port"], (await bot.ask("state"))["pid"]
            answers = f"http://127.0.0.1:{where}/answer"
            after = []
            for first, most in ((0, _WARM_UP), (_WARM_UP, clicks)):
                await load.ask(
                    "click",
                    port=port,
                    connections=32,
                    seconds=90.0,
                    button="skip",
                    first=first,
                    most=most,
                    answers=answers,
                )
                await bot.ask("settle")
                after.append(memory_of(pid))
    finally:
        place.close()
    return after[1] - after[0]


def memory_of(pid: int) -> float:
    """What a process holds in memory, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; the status is 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.process", description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="starts (5)")
    parser.add_argument("--clicks", type=int, default=50_000, help="clicks (50,000)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        ready, libraries, at_rest = asyncio.run(measure_start(Path(folder), given.times))
        growth = asyncio.run(measure_growth(Path(folder), given.clicks))
    print("\n## the program as a process")
    alone = f"{ready / libraries:.2f} times its libraries alone"
    for met, shown in (
        (ready < READY, f"ready after {ready:.2f} s, {alone}, in less than {READY:g} s"),
        (at_rest < AT_REST, f"{at_rest:.0f} MiB at rest, less than {AT_REST:g}"),
        (
            growth < GROWTH,
            f"{growth:+.1f} MiB after {given.clicks:,} clicks more, less than {GROWTH:g}",
        ),
    ):
        print("met   " if met else "MISSED", f" {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The disk, the database or the clock fail under the running program: what was acknowledged is
stored, people are told what is not, and it goes on by itself once all is well again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from tests.slack.at_rest import let_time_pass
from tests.slack.gate import DatabaseGate
from tests.slack.program import Program, program
from tests.slack.report import Record
from tests.slack.workload import Workload
from tests.support import locked

# How long the database is away; a longer run takes the half minute that a failover takes.
SOAK = bool(os.environ.get("SOAK_KILLS"))
AWAY_FOR = 30.0 if SOAK else 3.0
SMALL = "3m"  # a file system that the database fills by half


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A small file system of its own, where this machine lets us have one."""
    folder.mkdir(exist_ok=True)
    given = ",".join((f"size={SMALL}", *options))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", given, "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("this machine lets us mount no small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@asynccontextmanager
async def under_way(
    url: str, folder: Path, mode: str = "http", *, through: str | None = None
) -> AsyncIterator[Workload]:
    """The program at rest after its first work; it reaches its database `through` this address."""
    async with program(url, mode, folder) as made:
        made.more["DATABASE_URL"] = through or url
        workload = Workload(made, may_break=True)
        workload.add()
        await made.start()
        workload.act()
        await workload.settle()
        await workload.rest()
        yield workload


async def press_during(workload: Workload, fault: Callable[[], None]) -> None:
    """More work comes, then the fault, and people press in the middle of it."""
    workload.add(ended=False)
    fault()
    workload.act()
    await workload.settle()


async def recovers(workload: Workload, record: Record, fault: str) -> None:
    """All is well again: it goes on by itself, and can be used."""
    assert workload.met_trouble, "there was none"
    workload.act_again()
    await workload.settle()
    seconds = await workload.rest()
    assert await workload.made.end(signal.SIGTERM) == 0
    tally = workload.check()
    assert (tally.lost, tally.twice) == (0, 0)
    record.row(fault, tally, seconds)


def fill(filler: Path) -> None:
    """Fill what room there is."""
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def make_read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def limit_files(made: Program, size: int) -> None:
    """Let no file of the program's grow beyond that; the kernel refuses what would."""
    for each in made.processes:
        resource.prlimit(each.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def test_a_full_disk_loses_nothing_and_is_gone_when_there_is_room(
    new_sqlite: Callable[[], str], tmp_path: Path, record: Record
) -> None:
    with mounted(tmp_path / "small") as small:
        moved = shutil.move(new_sqlite().removeprefix("sqlite:///"), small)
        async with under_way(f"sqlite:///{moved}", tmp_path) as workload:
            filler = small / "filler"

            await press_during(workload, lambda: fill(filler))
            filler.unlink()
            await recovers(workload, record, "disk full, sqlite")


async def test_files_that_cannot_be_written_lose_nothing(
    new_sqlite: Callable[[], str], tmp_path: Path, record: Record
) -> None:
    """As where a file system turns read-only: every write of the program's is refused."""
    async with under_way(new_sqlite(), tmp_path) as workload:
        await press_during(workload, lambda: limit_files(workload.made, 0))
        limit_files(workload.made, resource.RLIM_INFINITY)
        await recovers(workload, record, "writes refused, sqlite")


async def test_on_a_read_only_file_system_it_says_so_and_does_not_start(
    new_sqlite: Callable[[], str], tmp_path: Path, record: Record
) -> None:
    with mounted(tmp_path / "small") as small:
        moved = shutil.move(new_sqlite().removeprefix("sqlite:///"), small)
        async with program(f"sqlite:///{moved}", "http", tmp_path) as made:
            make_read_only(small)
            started = made.begin()
            assert await started.ended(20) == 1
            [line] = made.errors.read_text().splitlines()
            assert line.startswith("DATABASE_URL: ")


async def test_a_database_that_another_program_holds_is_waited_for(
    new_sqlite: Callable[[], str], tmp_path: Path, record: Record
) -> None:
    async with under_way(new_sqlite(), tmp_path) as workload:
        workload.add(ended=False)
        with locked(workload.made.url):
            workload.act()
            await asyncio.sleep(AWAY_FOR)  # the outage itself
        await workload.settle()
        await recovers(workload, record, f"database held for {AWAY_FOR:g} s, sqlite")


@pytest.mark.parametrize("how", ["shut", "hangs"] if SOAK else ["shut"])
async def test_a_database_that_is_away_is_waited_for(
    new_postgresql: Callable[[], str], tmp_path: Path, how: str, record: Record
) -> None:
    async with (
        DatabaseGate(url := new_postgresql()) as gate,
        under_way(url, tmp_path, "socket", through=gate.url) as workload,
    ):
        workload.add(ended=False)
        if how == "shut":
            await gate.shut()
        else:
            gate.hang()
        workload.act()
        await asyncio.sleep(AWAY_FOR)  # the outage itself
        if how == "shut":
            await gate.open()
        else:
            gate.go_on()
        await workload.settle()
        let_time_pass(workload.made)  # until a claim is given up that nobody heard of
        await recovers(workload, record, f"database {how} for {AWAY_FOR:g} s, postgresql")

"""`python -m tests.weeks`: four weeks of a programme, told; `--page` opens it in a browser."""

from __future__ import annotations

import argparse
import asyncio
import sys
from tempfile import TemporaryDirectory

from bot.storage import schema
from slack_sandbox import Clock, Page, Sandbox, attach_page
from tests.weeks.programme import START
from tests.weeks.run import four_weeks


async def play(staff: int, seed: int, *, typed: bool, page: bool) -> bool:
    """Play one company; whether its figures give nobody away."""
    sandbox = Sandbox(clock=Clock(start=START, frozen=True))
    shown: Page | None = attach_page(sandbox) if page else None
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/weeks.db"
        schema.upgrade(url)
        async with four_weeks(url, staff=staff, seed=seed, typed=typed, sandbox=sandbox) as told:
            if shown is not None:
                sandbox.mover.beat = told.played.runtime.tick
                print(f"Open {shown.link}. Ctrl-C ends it.", flush=True)
                await asyncio.Event().wait()
    return not told.findings


async def main() -> int:
    """Play as many companies as was asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.weeks", description=__doc__)
    parser.add_argument("--staff", type=int, default=60, help="how many people")
    parser.add_argument("--seed", type=int, default=1, help="the first company's")
    parser.add_argument("--seeds", type=int, default=1, help="how many companies")
    parser.add_argument("--page", action="store_true", help="open the company in a browser")
    given = parser.parse_args()
    well = True
    for seed in range(given.seed, given.seed + given.seeds):
        print(f"Seed {seed}, {given.staff} staff, 2 in comms")
        # The first company types everything; the others join by the services that typing calls.
        typed = seed == given.seed
        well = await play(given.staff, seed, typed=typed, page=given.page) and well
    return 0 if well else 1


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except KeyboardInterrupt:
        sys.exit(0)

"""Telling the story on paper first, then opening the same company in a browser."""

from __future__ import annotations

import asyncio
import sys
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from advocacy_demo import data
from advocacy_demo.company import clock_shows, set_up
from advocacy_demo.page import START, demo_page, settings
from advocacy_demo.past import Past
from advocacy_demo.story import tell
from advocacy_demo.tables import print_tables
from bot import stopping
from bot.first_workspace import CannotStart
from bot.runtime import running
from slack_sandbox import Clock, Sandbox


async def run_demo(
    *,
    once: bool = False,
    story: bool = True,
    port: int = 0,
    database: str | None = None,
    keep: bool = False,
    new: bool = False,
    past: bool = False,
) -> int:
    """Tell the story, then serve the page until stopped; returns the exit status.

    Args:
        once: End after the story.
        story: Whether the story is told at all.
        port: The page's port on 127.0.0.1; 0 takes any that is free.
        database: The address of the page's database; a fresh temporary file, if left out.
        keep: Delete nothing, neither before nor afterwards; the page then has no reset.
        new: The page's bot has tokens alone, and an admin sets it up there.
        past: The page's company has half a year behind it.
    """
    stopped = asyncio.Event()
    stopping.call_at_signals(stopped.set)
    if story:
        await _tell_story()
    if once:
        return 0
    try:
        with data.prepared(database, keep=keep) as url:
            page = demo_page(
                url,
                port=port,
                keep=keep,
                new=new,
                past=Past() if past else None,
                on_month=_show_month,
            )
            if past:
                print("\nInvented people live through half a year first; it takes a while.")
            async with page as shown:
                print("\nSimulated Slack. Nothing leaves this machine. Open in a browser:\n")
                print(f"    {shown.link}\n\nCtrl-C ends it.", flush=True)
                await stopped.wait()
    except (CannotStart, data.NotOurs) as reason:
        print(reason, file=sys.stderr)
        return 1
    except (ValueError, SQLAlchemyError) as error:
        print(f"DATABASE_URL: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"--port {port}: {error}", file=sys.stderr)
        return 1
    return 0


def _show_month(day: date) -> None:
    print(f"    {day:%B %Y}", flush=True)


async def _tell_story() -> None:
    with data.prepared(None, keep=False) as url:
        async with Sandbox(clock=Clock(start=START)) as sandbox:
            company = set_up(sandbox)
            print(f"Simulated Slack at {sandbox.api_url}. Nothing leaves this machine.")
            clock_shows(sandbox.clock())
            async with running(settings(company, url), sandbox.clock, limits=None) as runtime:
                await sandbox.connected(2)
                await tell(company, runtime)
                print_tables(url)

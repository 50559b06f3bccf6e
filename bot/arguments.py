"""What can be typed on the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import bot
from bot import shipped

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")  # Python reads other ways to write one, too


def make_parser(today: date) -> argparse.ArgumentParser:
    """What can be typed; `command` is None where nothing was. `today` is the day in UTC."""
    parser = argparse.ArgumentParser(prog=shipped.command(), description=bot.__doc__)
    parser.add_argument(
        "--version", action="store_true", help="print this version and the tables it needs"
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    run = commands.add_parser("run", help="start the bot with the settings in .env")
    run.add_argument(
        "--migrate", action="store_true", help="first update the database's tables, as migrate does"
    )
    demo = commands.add_parser("demo", help="try it all in a simulated Slack, in a browser")
    demo.add_argument("--once", action="store_true", help="tell the story, then end")
    demo.add_argument("--no-story", action="store_true", help="skip the story and open the page")
    demo.add_argument("--port", type=int, default=0, help="the page's port (default: any free one)")
    demo.add_argument("--database", metavar="URL", help="where to keep the page's data")
    demo.add_argument(
        "--keep", action="store_true", help="delete nothing, neither at the start nor at the end"
    )
    begins = demo.add_mutually_exclusive_group()
    begins.add_argument("--new", action="store_true", help="begin with tokens alone, and set it up")
    begins.add_argument("--past", action="store_true", help="begin with half a year of 60 people")
    migrate = commands.add_parser("migrate", help="update the database's tables to this version")
    migrate.add_argument("--check", action="store_true", help="only say whether they are")
    backup = commands.add_parser("backup", help="copy the whole database into one file")
    backup.add_argument("file", metavar="FILE", type=Path, help="a new file ending with .backup")
    restore = commands.add_parser("restore", help="put a backup in the place of the database")
    restore.add_argument("file", metavar="FILE", type=Path, help="what backup wrote")
    restore.add_argument(
        "--nothing-lost",
        action="store_true",
        help="nothing happened since: keep everybody's consent",
    )
    simulate = commands.add_parser("simulate", help="try the rules on invented people, in memory")
    simulate.add_argument(
        "--members", type=_from_to(1, 10_000), default=500, help="how many people"
    )
    simulate.add_argument("--days", type=_from_to(7, 1_000), default=180, help="for how long")
    simulate.add_argument(
        "--seed", type=int, default=1, help="a different seed invents different people"
    )
    simulate.add_argument("--into", metavar="FOLDER", help="draw pacing.svg into this folder")
    simulate.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="another value for a constant of the rules, such as STOPS_AFTER=6",
    )
    simulate.add_argument(
        "--compare", action="store_true", help="compare other defaults, one per line"
    )
    manifest = commands.add_parser("manifest", help="print the manifest of the Slack app")
    manifest.add_argument("--http", metavar="URL", help="for HTTP instead of Socket Mode")
    shown = manifest.add_mutually_exclusive_group()
    shown.add_argument(
        "--link", action="store_true", help="print the address that opens it in Slack as a new app"
    )
    shown.add_argument("--check", action="store_true", help="check it against Slack's limits")
    forget = commands.add_parser(
        "forget",
        help="delete what is stored of a person whose account is closed; the record of comms stays",
    )
    forget.add_argument("user", metavar="USER", help="their id in Slack, such as U0123456789")
    export = commands.add_parser(
        "export", help="write what comms did, their posts, or figures, for the company's archive"
    )
    export.add_argument(
        "what",
        choices=("audit", "posts", "report"),
        help="who did what; texts and who approved them; or all published figures",
    )
    export.add_argument(
        "--since",
        metavar="DATE",
        type=partial(read_day, today),
        help="from the beginning of this day in UTC on, such as 2026-09-01; not for report",
    )
    export.add_argument(
        "--as",
        dest="form",
        choices=("csv", "json"),
        default="csv",
        help="for a spreadsheet, or word for word (default: csv); moments are UTC",
    )
    commands.add_parser("privacy", help="print what is stored, what for and how long")
    papers = commands.add_parser("papers", help="bring the pages for reviewers up to date")
    papers.add_argument("folder", metavar="FOLDER", type=Path, help="where they are, such as docs")
    doctor = commands.add_parser("doctor", help="say what is set, missing or wrong")
    doctor.add_argument(
        "--manifest", metavar="FILE", type=Path, help="the app's manifest, saved from its settings"
    )
    doctor.add_argument(
        "--views",
        action="store_true",
        help="also ask Slack whether it takes every message and view",
    )
    return parser


def _from_to(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two limits."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}, please")
        return int(text)

    return number


def read_day(today: date, typed: str) -> date:
    """A day such as 2026-09-01 that has come; raises ArgumentTypeError with what is taken."""
    try:
        day = date.fromisoformat(typed if _DAY.fullmatch(typed) else "")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day such as 2026-09-01") from None
    if day > today:
        raise argparse.ArgumentTypeError(f"{typed} has not come yet")
    return day

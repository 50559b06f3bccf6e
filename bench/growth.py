"""What screens and heartbeats cost with a hundred times as much stored: `python -m bench.growth`.

Each is read, drawn and put into JSON from both databases, in turns. A ratio is a median over the
median from the smaller one. Processor time is this process's own: all there is with SQLite, which
is judged by it, since what else the machine does hardly moves it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import Engine

from bench import company, crowd, ground
from bench.company import Size, post_in
from bench.ground import TEAM
from bot.domain.desk import Viewer
from bot.domain.ids import UserId
from bot.domain.lessons import EMPTY_CATALOG
from bot.domain.link_tags import TagNames
from bot.domain.model import Stage
from bot.domain.post import PostState
from bot.domain.responses import Answer
from bot.services import (
    announcements,
    asks,
    heartbeat,
    home_tab,
    monitoring,
    my_data,
    pace_check,
    post_lists,
    reconcile,
    record,
    reports,
    responses,
    retention,
    reviews,
    share_dialog,
    snapshots,
)
from bot.services.responses import Stored
from bot.slack.asks import AT_ONCE
from bot.slack.views import home_tab as home_tab_view
from bot.slack.views import pace_check as pace_check_view
from bot.slack.views import post_lists as post_lists_view
from bot.slack.views import record as record_view
from bot.slack.views import report_file, schedule
from bot.slack.views import reports as reports_view
from bot.slack.views.as_json import as_json
from bot.slack.views.text import Message
from bot.storage.database import create_engine_for
from bot.storage.tx import Tx

SIZES = (Size(1_000, 50), Size(100_000, 5_000))
MOST = 2.0  # times as much
_MEMBER = UserId("U00000007")
_COMMS = Viewer(UserId(company.WRITERS[3]))
_LIVE, _ENDED, _WAITING = map(post_in, (PostState.LIVE, PostState.EXPIRED, PostState.IN_REVIEW))


def _home(tx: Tx, viewer: Viewer | None = None) -> object:
    data = home_tab.load_home_tab(tx, _MEMBER, EMPTY_CATALOG, viewer)
    return as_json(home_tab_view.render(data))


def _posts(tx: Tx) -> object:
    return _said(post_lists_view.overview(post_lists.load_overview(tx), _COMMS))


def _schedule(tx: Tx) -> object:
    return as_json(schedule.dialog(post_lists.load_schedule(tx), _COMMS))


def _browse(tx: Tx) -> object:
    return _said(post_lists_view.browse(home_tab.load_browsable(tx, _MEMBER)))


def _report(tx: Tx) -> object:
    return _said(reports_view.of_span(reports.load_newest(tx), TagNames(), with_file=True))


def _post_report(tx: Tx) -> object:
    found = reports.load_post(tx, _ENDED)
    return None if found is None else _said(reports_view.of_post(found, TagNames()))


def _pace_check(tx: Tx) -> object:
    return _said(pace_check_view.render(pace_check.load_pace_check(tx), crowd.ZONE))


def _audit(tx: Tx) -> object:
    return _said(record_view.render(record.load_page(tx, None)))


def _skip(tx: Tx) -> object:
    stored = responses.record_response(tx, _MEMBER, _LIVE, Answer(Stage.SKIPPED))
    if not (isinstance(stored, Stored) and stored.changed):
        raise RuntimeError("nothing was stored")
    return None


def _beat(tx: Tx) -> object:
    """All that a heartbeat asks and decides, where nothing is due."""
    announcements.find_due(tx)
    heartbeat.run_heartbeat(tx, announce=False)
    work = asks.find_work(tx, AT_ONCE)
    pending = reconcile.find_pending(tx)
    if work.due or work.sendable or pending or snapshots.is_due(tx):
        raise RuntimeError("something was due")
    return None


def _morning(tx: Tx) -> object:
    """The snapshot of a Monday."""
    monday = Tx(tx.connection, TEAM, crowd.NOW + timedelta(days=6))
    if not snapshots.take(monday, frozenset(map(UserId, company.WRITERS))):
        raise RuntimeError("no snapshot was due")
    return None


def _said(message: Message) -> object:
    return message.payload()


Work = Callable[[Tx], object]
SCREENS: Final[Mapping[str, Work]] = {
    "a member's Home": _home,
    "comms' Home": lambda tx: _home(tx, _COMMS),
    "the schedule": _schedule,
    "the list of posts": _posts,
    "browsing": _browse,
    "a review": lambda tx: bool(reviews.load_review(tx, _COMMS, _WAITING)),
    "a month's report": _report,
    "a post's report": _post_report,
    "the pace check": _pace_check,
    "the record": _audit,
    "the share dialog": lambda tx: bool(share_dialog.load_share_dialog(tx, _MEMBER, _LIVE)),
    "a Skip": _skip,
    "a heartbeat, nothing due": _beat,
    "erasing, nothing due": retention.erase_due,
}
# These look at more the more there is: the whole queue, all that somebody wrote, everybody.
WHOLE: Final[Mapping[str, Work]] = {
    "metrics": lambda tx: bool(monitoring.load_figures(tx)),
    "my data": lambda tx: bool(my_data.load_record(tx, _MEMBER)),
    "the morning's snapshot": _morning,
    "the export": lambda tx: report_file.render(reports.load_export(tx)),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one thing costs in one database: medians in ms."""

    wall: float
    cpu: float


def measure(engines: Sequence[Engine], work: Work, rounds: int) -> list[Cost]:
    """The cost in each database, measured in turns; what it changes is taken back."""
    taken: list[list[tuple[float, float]]] = [[] for _ in engines]
    for number in range(rounds + 1):
        for engine, times in zip(engines, taken, strict=True):
            one = _once(engine, work)
            if number:  # what is first used is prepared once
                times.append(one)
    return [Cost(*(1_000 * median(part) for part in zip(*times, strict=True))) for times in taken]


def _once(engine: Engine, work: Work) -> tuple[float, float]:
    with engine.connect() as connection, connection.begin() as transaction:
        wall, cpu = time.perf_counter(), time.process_time()
        json.dumps(work(Tx(connection, TEAM, crowd.NOW)))
        took = time.perf_counter() - wall, time.process_time() - cpu
        transaction.rollback()
    return took


def render(kind: str, sizes: Sequence[Size], costs: Mapping[str, Sequence[Cost]]) -> str:
    """A table, and whether each grew at most so much."""
    small, large = sizes
    lines = [
        f"\n## {kind}: {large}, beside {small}",
        f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "| what | ratio | of processor time | ms | ms of the smaller one |",
        "|" + "---|" * 5,
    ]
    judged = {}
    for name, (before, after) in costs.items():
        ratio, cpu = after.wall / before.wall, after.cpu / before.cpu
        if name in SCREENS:
            judged[name] = cpu if kind == "sqlite" else ratio
        lines.append(f"| {name} | {ratio:.2f} | {cpu:.2f} | {after.wall:.2f} | {before.wall:.2f} |")
    worst = max(judged, key=lambda name: judged[name])
    grown = [f"{name} {judged[name]:.1f}" for name in judged if judged[name] > MOST]
    named = ", ".join(grown) or f"{worst} {judged[worst]:.1f}"
    met = "MISSED" if grown else "met   "
    wanted = f"{len(judged)} screens and heartbeats cost at most {MOST:g} times as much"
    lines += ["", f"{met}  {wanted}; the most: {named}"]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; the status is 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="of each in each database (15)")
    parser.add_argument("--databases", nargs="+", choices=ground.KINDS, default=list(ground.KINDS))
    parser.add_argument("--times", type=int, default=100, help="as much in the larger one (100)")
    given = parser.parse_args(arguments)
    small = SIZES[0]
    sizes = (small, Size(small.members * given.times, small.posts * given.times))
    for kind in given.databases:
        with (
            tempfile.TemporaryDirectory(prefix="bench") as folder,
            ground.databases([kind] * 2, Path(folder)) as found,
        ):
            engines = []
            for size, (_, url) in zip(sizes, found, strict=True):
                company.fill(url, size)
                engines.append(create_engine_for(url))
            costs = {name: measure(engines, work, given.rounds) for name, work in SCREENS.items()}
            costs |= {name: measure(engines, work, 3) for name, work in WHOLE.items()}
            for engine in engines:
                engine.dispose()
            print(render(kind, sizes, costs), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

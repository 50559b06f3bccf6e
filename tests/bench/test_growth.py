"""What screens and heartbeats do with ten times as much stored: steps are counted, not time.

A step is ten instructions of SQLite, or a call of a Python function: they take about as long.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

from sqlalchemy import Engine

from bench import company, crowd, growth
from bench.company import Size
from bench.ground import TEAM
from bench.growth import Cost, Work
from bot.storage.database import create_engine_for
from bot.storage.tx import Tx

SIZES = (Size(100, 50), Size(1_000, 500))
MOST = 2.5  # times as many; what looks at all members or all posts takes ten times as many


def steps(engine: Engine, work: Work) -> int:
    """How many steps it takes; what it changes is taken back."""
    taken = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal taken
        taken += event == "call"

    def count_instructions() -> int:
        nonlocal taken
        taken += 1
        return 0

    with engine.connect() as connection, connection.begin() as transaction:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count_instructions, 10)
        sys.setprofile(count)
        try:
            work(Tx(connection, TEAM, crowd.NOW))
        finally:
            sys.setprofile(None)
            driver.set_progress_handler(None, 0)
            transaction.rollback()
    return taken


def test_what_people_see_takes_no_more_steps_where_ten_times_as_much_is_stored(
    new_sqlite: Callable[[], str],
) -> None:
    engines = []
    for size in SIZES:
        url = new_sqlite()
        company.fill(url, size)
        engines.append(create_engine_for(url))
    grown = {}
    for name, work in growth.SCREENS.items():
        # The first time it prepares its statements.
        few, many = [[steps(engine, work) for _ in range(2)][1] for engine in engines]
        grown[name] = many / few
    assert {name: ratio for name, ratio in grown.items() if ratio > MOST} == {}
    for engine in engines:
        engine.dispose()


def test_the_report_names_what_grew() -> None:
    costs = {
        "a Skip": [Cost(1.0, 1.0), Cost(1.5, 1.2)],
        "browsing": [Cost(1.0, 1.0), Cost(9.0, 1.0)],
    }
    said = growth.render("postgresql", SIZES, costs)
    assert "| a Skip | 1.50 | 1.20 | 1.50 | 1.00 |" in said
    assert (
        "MISSED  2 screens and heartbeats cost at most 2 times as much; the most: browsing 9.0"
        in said
    )

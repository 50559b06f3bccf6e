"""The comparison itself: in a company that leaks on purpose, it finds each leak."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from sqlalchemy import Engine, func, select

from bot.domain.model import Stage
from bot.storage.tables import AskRow, MemberRow, ResponseRow
from bot.storage.tx import Tx
from tests.differential.company import OPERATOR, Company
from tests.differential.script import scripts
from tests.differential.slack import Sent
from tests.differential.theatre import theatre
from tests.differential.ways import WAYS

Count = Callable[[Tx], int]


def members(tx: Tx) -> int:
    """Members now."""
    query = select(func.count()).where(MemberRow.left_at.is_(None))
    return tx.connection.execute(query).scalar_one()


def paused(tx: Tx) -> int:
    """Members who pause now."""
    query = select(func.count()).where(MemberRow.paused_until > tx.now)
    return tx.connection.execute(query).scalar_one()


def openings(tx: Tx) -> int:
    """Texts that were opened."""
    query = select(func.count()).where(ResponseRow.stage == Stage.OPENED)
    return tx.connection.execute(query).scalar_one()


def skips(tx: Tx) -> int:
    """Posts that were skipped."""
    query = select(func.count()).where(ResponseRow.stage == Stage.SKIPPED)
    return tx.connection.execute(query).scalar_one()


def asks(tx: Tx) -> int:
    """Asks that were made."""
    return tx.connection.execute(select(func.count()).select_from(AskRow)).scalar_one()


class ShowsIt(Company):
    """Somebody's screen shows a live count."""

    def __init__(self, *args: object, count: Count) -> None:
        self._count = count
        super().__init__(*args)  # type: ignore[arg-type]

    def watch(self, moment: tuple[object, ...]) -> None:
        super().watch(moment)
        figure = self.run(self._count)
        self._show(moment, "U_BO", "a figure", figure, partial(str, figure))


class WaitsForIt(ShowsIt):
    """A message for somebody else comes at the heartbeat after a live count has become even."""

    def _beat(self) -> None:
        super()._beat()
        if self.run(self._count) % 2 == 0:
            self._take(Sent("U_BO", "chat.postMessage", "hello"))


class LogsIt(ShowsIt):
    """A line of the log says how many there are of late."""

    def _beat(self) -> None:
        super()._beat()
        self.sent.setdefault((self.beats, OPERATOR), []).append(f"{self.run(self._count)} rows")


@pytest.mark.parametrize(
    ("kind", "count", "way"),
    [
        (ShowsIt, members, "joins where the gate is at its edge"),
        (ShowsIt, openings, "opens a text and takes it back"),
        (WaitsForIt, paused, "is the sixth to pause"),
        (WaitsForIt, asks, "joins and answers nothing"),
        (LogsIt, skips, "clicks on an announcement that may not be there"),
    ],
)
def test_a_live_count_anywhere_is_found(
    sqlite_engine: Engine, kind: type[ShowsIt], count: Count, way: str
) -> None:
    with theatre(sqlite_engine, partial(kind, count=count)) as stage:
        assert stage.judge(WAYS[way]).leaks != ()


def test_scripts_that_nobody_wrote_find_one_as_well(sqlite_engine: Engine) -> None:
    chosen = settings(
        max_examples=20,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with theatre(sqlite_engine, partial(ShowsIt, count=members)) as stage:
        found = find(scripts(4), lambda script: stage.judge(script).leaks != (), settings=chosen)
    assert found.steps

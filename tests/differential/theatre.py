"""Where scripts are played: one database, emptied before each of the two runs of a script."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine

from bot.domain.model import Colour
from bot.storage.database import Database
from tests.conftest import empty
from tests.differential.company import Company
from tests.differential.compare import COMMS, Verdict, compare
from tests.differential.her_note import ANOTHERS
from tests.differential.script import Script
from tests.services.helpers import AMARA, CARL, CLEO


@dataclass
class Theatre:
    """Plays a script with and without Amara's acts; `reached` counts what the scripts led to."""

    engine: Engine
    database: Database
    runner: asyncio.Runner
    kind: Callable[..., Company] = Company
    reached: Counter[str] = field(default_factory=Counter)

    def judge(self, script: Script) -> Verdict:
        """What somebody else could tell."""
        runs = [self._play(script, with_her=with_her) for with_her in (True, False)]
        apart = frozenset({CLEO, CARL, AMARA} if script.in_comms else {CLEO, CARL})
        verdict = compare(runs[0], runs[1], apart)
        self.reached.update(_situations(runs[0]))
        self.reached.update(f"a snapshot tells: {name.split()[0]}" for name in verdict.told)
        return verdict

    def _play(self, script: Script, *, with_her: bool) -> Company:
        empty(self.engine)
        company = self.kind(self.engine, self.database, self.runner, script)
        company.play(with_her=with_her)
        return company


@contextmanager
def theatre(engine: Engine, kind: Callable[..., Company] = Company) -> Iterator[Theatre]:
    """A place on this database; companies are of this kind."""
    url = engine.url.render_as_string(hide_password=False)
    with asyncio.Runner() as runner:
        database = Database(url)
        try:
            yield Theatre(engine, database, runner, kind)
        finally:
            runner.run(database.close())
            empty(engine)


def _situations(company: Company) -> Iterator[str]:
    """What a script led to, to see that scripts lead anywhere."""
    for facts in company.snapshots:
        says = facts.says
        yield from (
            name
            for name in ("gate", "note_gate", "used", "networks", "audiences")
            if says.get(name)
        )
        yield from (colour for colour in (Colour.AMBER, Colour.RED) if says["colour"] is colour)
        yield from ["an announcement is found"] if facts.found else []
    for (_, to), bodies in company.sent.items():
        for body in bodies:
            if to.startswith("U_"):
                yield "an ask" if body.startswith("chat.postMessage") else "an edit"
            if "says thank you for sharing" in body:
                yield "thanks"
            if to == COMMS and ANOTHERS in body:
                yield "a note"
            if to == COMMS and "Pace check" in body:
                yield "a notice of the pace check"

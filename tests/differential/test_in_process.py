"""The one invariant: what anybody gets does not depend on what one other person does.

Each script is played twice, once with what Amara does and once without. Everybody else must get
the same, byte for byte and at the same heartbeat. Only a daily snapshot with enough people behind
both sides may tell, and what she sends on purpose.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Engine

from tests.differential.script import SIZES, Script, scripts
from tests.differential.theatre import Theatre, theatre
from tests.differential.ways import SEEN_BY_NO_SECOND_MESSAGE, WAYS

# So many scripts of each size in a short run, on SQLite; a larger company takes longer.
EXAMPLES = {1: 1, 2: 1, 4: 1, 6: 1, 14: 2, 20: 1, 25: 1, 60: 1}
LONGER = settings().max_examples // settings.get_profile("short").max_examples
IS_SHORT = LONGER == 1
SITUATIONS = {
    *(
        "an ask",
        "an edit",
        "a note",
        "thanks",
        "gate",
        "note_gate",
        "used",
        "networks",
        "audiences",
    ),
    *("amber", "red"),
    *("an announcement is found", "a notice of the pace check"),
    *("a snapshot tells: colour", "a snapshot tells: gate", "a snapshot tells: used"),
    "a snapshot tells: figures",
}
# Of the ways that a short run leaves out, those without which it would not reach SITUATIONS.
NEEDED = (
    "is one of many who open a text",
    "is one of many who pause",
    "clicks on an announcement that may not be there",
    "follows other topics between two Mondays",
    "joins where the gate is at its edge",
    "opens a post whose figures are at their edge",
    "writes to comms without her name, among others who do",
)


def test_nobody_can_tell_what_one_person_did(engine: Engine) -> None:
    with theatre(engine) as stage:
        if engine.dialect.name == "sqlite":
            for size in SIZES:
                try_scripts(stage, size, EXAMPLES[size] * (LONGER if IS_SHORT else 5 * LONGER))
        else:  # the same services, on another database: a sample
            for size in (2, 25):
                try_scripts(stage, size, LONGER)


def try_scripts(stage: Theatre, size: int, examples: int) -> None:
    @settings(
        max_examples=examples,
        derandomize=IS_SHORT,  # the same scripts in every short run
        database=None,
        phases=[Phase.generate] if IS_SHORT else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts(size))
    def nobody_can_tell(script: Script) -> None:
        assert stage.judge(script).leaks == ()

    nobody_can_tell()


def test_nobody_can_tell_in_ways_that_once_were_open(engine: Engine) -> None:
    ways = list(WAYS.items())
    if engine.dialect.name != "sqlite":  # the same services, on another database: a sample
        ways = ways[::16] if IS_SHORT else ways[::6]
    elif IS_SHORT:
        names = dict.fromkeys((*list(WAYS)[1::4], *NEEDED))  # each once
        ways = [(name, WAYS[name]) for name in names]
    with theatre(engine) as stage:
        told = {name: stage.judge(script).leaks for name, script in ways}
    assert {name: leaks for name, leaks in told.items() if leaks} == {}
    if engine.dialect.name == "sqlite":
        assert SITUATIONS - set(stage.reached) == set()


def test_that_nothing_is_sent_twice_can_be_seen(sqlite_engine: Engine) -> None:
    with theatre(sqlite_engine) as stage:
        [leak, *more] = stage.judge(SEEN_BY_NO_SECOND_MESSAGE).leaks
    assert "C_NEWS is sent [] instead of" in leak
    assert all("C_NEWS" in one or "is in the channel" in one for one in more)

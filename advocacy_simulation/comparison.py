"""Other defaults beside the ones there are, each tried on the same few crowds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from advocacy_simulation.figures import Side, reached, side
from advocacy_simulation.people import Crowd
from advocacy_simulation.run import Run, Setting, paced
from bot.domain.model import Colour, Pace

# Chance alone moves opt-outs by some people: one crowd says little about a small difference.
SEEDS: Final = 3


@dataclass(frozen=True, slots=True)
class Variation:
    """What is different: constants of the rules, and what is invented."""

    name: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    pace: Pace | None = None
    asks_per_week: float | None = None
    patience: float = 1.0
    answers: float = 1.0


_EARLY: Final = {"amber_declined": 0.6, "red_declined": 0.8}
VARIATIONS: Final = (
    Variation("as it is"),
    Variation("everybody fortnightly", pace=Pace.FORTNIGHTLY),
    Variation("everybody weekly", pace=Pace.WEEKLY),
    Variation("everybody twice a week", pace=Pace.TWICE_A_WEEK),
    Variation("gap doubles at 1", {"slows_after": 1}),
    Variation("gap doubles at 3", {"slows_after": 3}),
    Variation("gap never doubles", {"slows_after": 99}),
    Variation("stop at 3", {"stops_after": 3}),
    Variation("stop at 5", {"stops_after": 5}),
    Variation("stop at 6", {"stops_after": 6}),
    Variation("never double, never stop", {"slows_after": 99, "stops_after": 99}),
    Variation("lapse after 2 days", {"lapses_after_days": 2}),
    Variation("lapse after 5 days", {"lapses_after_days": 5}),
    Variation("first group 5 %", {"first_group_share": 0.05}),
    Variation("first group 20 %", {"first_group_share": 0.20}),
    Variation("no first group", {"first_group_least": 1000, "enough_people": 1000}),
    Variation("10 people behind a verdict", {"first_group_least": 20, "enough_people": 10}),
    Variation("stopped above 50 % skips", {"too_many_skips": 0.5}),
    Variation("stopped above 80 % skips", {"too_many_skips": 0.8}),
    Variation("amber 50 %, red 70 %", {"amber_declined": 0.5, "red_declined": 0.7}),
    Variation("amber 60 %, red 80 %", _EARLY),
    Variation("amber 70 %, red 90 %", {"amber_declined": 0.7, "red_declined": 0.9}),
    Variation("amber changes nothing", {"amber_stretch": 1.0}),
    Variation("amber stretches by 3", {"amber_stretch": 3.0}),
    Variation("budget 0.25", asks_per_week=0.25),
    Variation("budget 0.5", asks_per_week=0.5),
    Variation("budget 3", asks_per_week=3.0),
    Variation("people half as patient", patience=0.5),
    Variation("people twice as patient", patience=2.0),
    Variation("people answer half as much", answers=0.5),
    Variation("the same, 60 % and 80 %", _EARLY, answers=0.5),
)
_HEAD: Final = (
    f"{'':27}{'asks':>6}{'/week':>7}{'shares':>8}{'of 100':>8}"
    f"{'left':>6}{'stopped':>9}  {'green, amber, red':18}{'posts stopped: weak, others'}"
)


def compared(setting: Setting) -> Iterator[str]:
    """A line for each variation, the mean of SEEDS crowds, as soon as it is known.

    `setting` says how many people, for how long, and the first seed.
    """
    yield _HEAD
    for variation in VARIATIONS:
        runs = [
            _run(variation, replace(setting, seed=setting.seed + more)) for more in range(SEEDS)
        ]
        yield _line(variation.name, runs)


def _run(variation: Variation, setting: Setting) -> Run:
    crowd = Crowd(setting.crowd.members, variation.patience, variation.answers, variation.pace)
    budget = variation.asks_per_week or setting.asks_per_week
    constants = replace(setting.constants, **variation.constants)
    return paced(replace(setting, crowd=crowd, asks_per_week=budget, constants=constants))


def _line(name: str, runs: list[Run]) -> str:
    sides: list[Side] = [side(run.world) for run in runs]
    posts = [post for run in runs for post in reached(run)]
    weak = [post.stopped for post in posts if post.weak]
    others = [post.stopped for post in posts if not post.weak]
    asks, shares = _sum(sides, "asks"), _sum(sides, "shares")
    colours = [_each([one.colours.count(colour) for one in sides]) for colour in Colour]
    return (
        f"{name:27}{asks / SEEDS:6.0f}{sum(one.a_week for one in sides) / SEEDS:7.2f}"
        f"{shares / SEEDS:8.0f}{100 * shares / max(1, asks):8.0f}"
        f"{_sum(sides, 'left') / SEEDS:6.0f}{_sum(sides, 'stopped') / SEEDS:9.0f}  "
        f"{', '.join(colours):18}{sum(weak)} of {len(weak)}, {sum(others)} of {len(others)}"
    )


def _sum(sides: list[Side], key: str) -> int:
    return sum(getattr(one, key) for one in sides)


def _each(days: list[int]) -> str:
    return f"{sum(days) / SEEDS:.0f}"

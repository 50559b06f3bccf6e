"""Whether anybody could tell from what they get what Amara did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tests.differential.facts import Facts, differing, unjustified
from tests.differential.her_note import ANOTHERS

COMMS = "G_COMMS"  # its channel


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody would be shown at a moment: what it is made from, and what that looks like.

    Looking the same is what counts; where it is made from the same, nobody has to draw it.
    """

    who: str
    surface: str
    beat: int
    data: object
    draw: Callable[[], object]


class Played(Protocol):
    """A script that was played: what was sent to whom at which heartbeat, what was shown, and the
    snapshots that were taken."""

    beats: int
    sent: dict[tuple[int, str], list[str]]
    shown: dict[tuple[object, ...], Shown]
    snapshots: list[Facts]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one script shows.

    `leaks` are sentences: who got what, and when. `told` is what snapshots said differently, from
    where on nothing is compared.
    """

    leaks: tuple[str, ...]
    told: tuple[str, ...] = ()


def compare(with_her: Played, without: Played, apart: frozenset[str]) -> Verdict:
    """Everything that everybody else got, up to the first snapshot that may tell."""
    until, told, unfair = with_her.beats + 1, [], []
    for first, second in zip(with_her.snapshots, without.snapshots, strict=True):
        told = differing(first, second)
        if told:
            until, unfair = first.beat, unjustified(first, second, apart)
            break
    leaks = [f"beat {until}: a snapshot tells “{name}” by too few" for name in unfair]
    leaks += _sent(with_her, without, until)
    leaks += _shown(with_her, without, until)
    return Verdict(tuple(leaks), tuple(told))


def _sent(with_her: Played, without: Played, until: int) -> Iterator[str]:
    for key in sorted({*with_her.sent, *without.sent}):
        beat, to = key
        if beat < until:
            got, had = (_in_order(to, run.sent.get(key, [])) for run in (with_her, without))
            if got != had:
                yield f"beat {beat}: {to} is sent {_apart(got, had)} instead of {_apart(had, got)}"


def _in_order(to: str, sent: list[str]) -> list[str]:
    """As they came; notes without a name are shuffled on their way to comms."""
    return sorted(sent, key=lambda one: one if ANOTHERS in one else "") if to == COMMS else sent


def _apart(these: list[str], those: list[str]) -> list[str]:
    return [one[:300] for one in these if one not in those] or these[:3]


def _shown(with_her: Played, without: Played, until: int) -> Iterator[str]:
    assert with_her.shown.keys() == without.shown.keys()
    for key, one in with_her.shown.items():
        other = without.shown[key]
        if one.beat >= until or one.data == other.data:
            continue
        drawn = (one.draw(), other.draw())
        if drawn[0] != drawn[1]:
            first, second = _around(repr(drawn[0]), repr(drawn[1]))
            yield f"beat {one.beat}: {one.who} sees “{one.surface}” {first} instead of {second}"


def _around(first: str, second: str) -> tuple[str, str]:
    at = next(
        (at for at, pair in enumerate(zip(first, second, strict=False)) if len({*pair}) > 1), 0
    )
    return first[max(0, at - 150) : at + 150], second[max(0, at - 150) : at + 150]

"""What a measurement showed, as a table; no number stands there without its ratio."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING

from bench.ground import WAITING

if TYPE_CHECKING:
    from bench.clicks import Round, Variant

AIMS = {"sqlite": 2.0, "postgresql": 3.0}
_P99_MORE = 20.0  # ms above the no-op's
_DIALOG = 12.0  # times the no-op's p50
_TIMES_PEERS = 5.0
_P50_ALONE = 3.0  # ms at one connection

_HEAD = (
    "| connections | click | ratio: median | worst | best | CPU ratio "
    "| clicks/s | p50 ms | p99 ms | max ms |"
)


def render(kind: str, pairs: Sequence[Sequence[Round]], conditions: str) -> str:
    """Tables and verdicts for one database."""
    variants = list(dict.fromkeys(one.variant for rounds in pairs for one in rounds))
    variants.sort(key=lambda one: (-one.connections, not one.noop, one.name))
    lines = [
        f"\n## {kind}: every kind of round {len(pairs)} times, in turns",
        f"{conditions}. Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "The no-op is a bare Bolt app served in the same way; both were up at once, measured in",
        "turns. The private answer to each Skip goes to another process at the click's",
        "response_url; 'no answers' is the same click without that address. Beside 'planning' the",
        f"heartbeat's decision runs without a pause over {WAITING} waiting posts. CPU ratio: what",
        "the server's process used of the processors for a click and what follows it, over what",
        "the no-op's used; it hardly moves when the machine is busy with something else.",
        "",
        _HEAD,
        "|" + "---|" * 10,
        *(_row(variant, pairs) for variant in variants),
        "",
        *_verdicts(kind, pairs),
        *_checks(pairs),
    ]
    return "\n".join(lines)


def _of(variant: Variant, pairs: Sequence[Sequence[Round]]) -> list[Round]:
    return [one for rounds in pairs for one in rounds if one.variant == variant]


def _ratios(
    variant: Variant,
    pairs: Sequence[Sequence[Round]],
    of: Callable[[Round, Round], float] = lambda noop, mine: noop.per_second / mine.per_second,
) -> list[float]:
    """Of each pair: the no-op's clicks per second over this variant's, or what `of` says."""
    found = []
    for rounds in pairs:
        beside = next(
            one
            for one in rounds
            if one.variant.noop and one.variant.connections == variant.connections
        )
        mine = next(one for one in rounds if one.variant == variant)
        found.append(of(beside, mine))
    return found


def _row(variant: Variant, pairs: Sequence[Sequence[Round]]) -> str:
    rounds, ratios = _of(variant, pairs), _ratios(variant, pairs)
    cells = (
        str(variant.connections),
        variant.name,
        f"{median(ratios):.2f}",
        f"{max(ratios):.2f}",
        f"{min(ratios):.2f}",
        f"{median(_ratios(variant, pairs, _cpu)):.2f}",
        f"{median(one.per_second for one in rounds):.0f}",
        f"{median(one.p50 for one in rounds):.2f}",
        f"{median(one.p99 for one in rounds):.1f}",
        f"{max(one.most for one in rounds):.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _cpu(noop: Round, mine: Round) -> float:
    return mine.cpu / noop.cpu


def _latency(noop: Round, mine: Round) -> float:
    return mine.p50 / noop.p50


def _verdicts(kind: str, pairs: Sequence[Sequence[Round]]) -> list[str]:
    every = [one for rounds in pairs for one in rounds]
    many = max(one.variant.connections for one in every)

    def p99(name: str) -> float:
        return median(
            one.p99 for one in every if one.variant.name == name and one.variant.connections == many
        )

    def ratio(name: str, of: Callable[[Round, Round], float] | None = None) -> float:
        variant = next(
            one.variant
            for one in every
            if one.variant.name == name and one.variant.connections == many
        )
        return median(_ratios(variant, pairs, of) if of else _ratios(variant, pairs))

    peers = {
        one.variant.name: ratio(one.variant.name) / ratio("Skip")
        for one in every
        if one.variant.server not in ("noop", "bot")
    }
    dialog = ratio("Share", _latency)

    alone = median(
        one.p50 for one in every if one.variant.name == "Skip" and one.variant.connections == 1
    )
    planned = [one for one in every if one.variant.planning]
    locked = sum(one.locked for one in planned)
    ticks = sum(one.ticks for one in planned)
    return [
        *(
            _verdict(
                ratio(name) <= AIMS[kind],
                f"{name}: ratio {ratio(name):.2f}, at most {AIMS[kind]:g}",
            )
            for name in ("Skip", "Skip, no answers")
        ),
        _verdict(
            p99("Skip") <= p99("no-op") + _P99_MORE,
            f"p99 {p99('Skip'):.1f} ms, the no-op's {p99('no-op'):.1f} plus {_P99_MORE:g} at most",
        ),
        _verdict(
            dialog <= _DIALOG,
            f"Share, its dialog opened: p50 {dialog:.1f} times the no-op's, at most {_DIALOG:g}",
        ),
        *(
            _verdict(
                times >= _TIMES_PEERS,
                f"{times:.1f} times as many as “{name}”, at least {_TIMES_PEERS:g}",
            )
            for name, times in peers.items()
        ),
        _verdict(
            alone < _P50_ALONE,
            f"p50 {alone:.2f} ms at one connection, under {_P50_ALONE:g}",
        ),
        _verdict(
            locked == 0 and all(one.whole for one in planned) and ticks > 0,
            f"'database is locked' {locked} times beside {ticks} ticks",
        ),
    ]


def _verdict(met: bool, words: str) -> str:
    return f"{'met   ' if met else 'MISSED'}  {words}"


def _checks(pairs: Sequence[Sequence[Round]]) -> list[str]:
    """Whether the clicks that were acknowledged are there, and what else was noticed."""
    skips = [one for rounds in pairs for one in rounds if not one.variant.noop]
    acknowledged = sum(one.acknowledged for one in skips)
    refused = sum(one.refused for one in skips)
    told = sum(one.told for one in skips)
    stored = sum(len(one.history) for one in skips)
    history = sum(sum(one.history) for one in skips)
    wrong = sum(not one.whole for one in skips)
    late = max((one.late / max(1, one.acknowledged) for one in skips), default=0.0)
    complaints = sum(one.complaints for one in skips)
    return [
        _verdict(
            wrong == 0,
            f"stored {stored} of {acknowledged} acknowledged, {history} history rows; "
            f"{wrong} of {len(skips)} rounds do not agree",
        ),
        f"of {acknowledged + refused} clicks {refused} refused; "
        f"{told} acknowledged with the words that it may not be stored",
        f"answers at most {late:.1%} of a round's were still to be sent at its end; "
        f"{complaints} complaints in the log",
    ]

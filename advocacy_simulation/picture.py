"""A run as one picture of six charts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import ceil
from typing import Final

from advocacy_simulation.figures import GAPS, Figures, Side
from advocacy_simulation.run import Setting
from advocacy_simulation.svg import Chart, Style, page
from bot.domain.model import Colour

_QUARTERS: Final = [(part / 4, f"{part * 25}%") for part in range(5)]


def picture(setting: Setting, figures: Figures) -> str:
    """The SVG file."""
    return page(
        f"{setting.crowd.members} invented people over {setting.days} days",
        "Solid: paced by the bot. Dashed or hatched: every post sent to everybody.",
        _description(figures),
        [
            _asks(figures),
            _gaps(figures),
            _reach(figures),
            _rates(figures),
            _strain(figures),
            _left(figures),
        ],
    )


def _asks(figures: Figures) -> list[str]:
    paced, all_ = figures.paced.asks_a_week, figures.everything.asks_a_week
    chart = _by_week("Asks", "asks a member in that week", paced, ceil(max((*paced, *all_, 1))))
    chart.line(paced, "plain")
    chart.line(all_, "other")
    return chart.drawn(_whole(chart.up), _weeks(len(paced)))


def _gaps(figures: Figures) -> list[str]:
    chart = Chart("Time between two asks of a person", "days", "share of all gaps", len(GAPS), 1)
    for place in range(len(GAPS)):
        chart.bar(place + 0.14, place + 0.46, figures.paced.gaps[place], "plain")
        chart.bar(place + 0.54, place + 0.86, figures.everything.gaps[place], "other")
    ends = [f"to {last - 1}" for last in GAPS[1:]]
    words = [f"{first} {end}" for first, end in zip(GAPS, ends, strict=False)]
    words.append(f"{GAPS[-1]} or more")
    return chart.drawn(_QUARTERS, [(place + 0.5, text) for place, text in enumerate(words)])


def _reach(figures: Figures) -> list[str]:
    posts = sorted(figures.reached, key=lambda post: -post.rate)
    chart = Chart(
        "Reach of each post when paced",
        "posts, widest reach first; hollow: stopped after the first group",
        "of those it fits, so many were asked",
        max(1, len(posts)),
        1,
    )
    for place, post in enumerate(posts):
        style: Style = "hollow" if post.stopped else "plain"
        chart.bar(place + 0.15, place + 0.85, min(1.0, post.rate), style)
    return chart.drawn(_QUARTERS, [])


def _rates(figures: Figures) -> list[str]:
    paced, all_ = figures.paced.share_rate, figures.everything.share_rate
    chart = _by_week("Shares", "of that week's asks, so many led to a share", paced, 1)
    chart.line(paced, "plain")
    chart.line(all_, "other")
    return chart.drawn(_QUARTERS, _weeks(len(paced)))


def _strain(figures: Figures) -> list[str]:
    paced, all_ = figures.paced, figures.everything
    top = ceil(max((*paced.strain, *all_.strain, 1)))
    chart = _by_week(
        "Annoyance of those who stay, and the pace check",
        "in units of patience; bands: hatched is amber, full is red",
        paced.strain,
        top * 1.5,
    )
    chart.line(paced.strain, "plain")
    chart.line(all_.strain, "other")
    _band(chart, "paced", paced, top * 1.36)
    _band(chart, "to all", all_, top * 1.16)
    return chart.drawn(_whole(top), _weeks(len(paced.strain)))


def _band(chart: Chart, name: str, side: Side, up: float) -> None:
    """The pace check's colours, day by day."""
    looks: dict[Colour, Style] = {
        Colour.GREEN: "hollow",
        Colour.AMBER: "hatched",
        Colour.RED: "full",
    }
    day = 0
    for colour, days in groupby(side.colours):
        length = len(list(days))
        end = min((day + length) / 7, chart.across)
        chart.bar(min(day / 7, chart.across), end, chart.up / 20, looks[colour], foot=up)
        day += length
    chart.beside(up, name)


def _left(figures: Figures) -> list[str]:
    paced, all_ = figures.paced.left_by_then, figures.everything.left_by_then
    chart = _by_week("Opted out", "of all who joined, so many have left by then", paced, 1)
    chart.line(paced, "plain")
    chart.line(all_, "other")
    return chart.drawn(_QUARTERS, _weeks(len(paced)))


def _by_week(title: str, up_label: str, values: Sequence[object], up: float) -> Chart:
    return Chart(title, "week", up_label, max(1, len(values)), up)


def _weeks(count: int) -> list[tuple[float, str]]:
    """Every fourth week below the axis."""
    return [(week - 0.5, str(week)) for week in range(1, count + 1) if week % 4 == 1]


def _whole(up: float) -> list[tuple[float, str]]:
    step = ceil(up / 5)
    return [(value, str(value)) for value in range(0, int(up) + 1, step)]


def _description(figures: Figures) -> str:
    paced, all_ = figures.paced, figures.everything
    return (
        "Six charts. Asks: paced, members get "
        f"{paced.a_week:.2f} a week on average; with every post to everybody {all_.a_week:.2f}. "
        f"Half of the gaps between two asks are longer than {paced.typical.days} days, "
        f"against {all_.typical.days}. "
        f"Of 100 asks, {_of(paced.shares, paced.asks)} lead to a share, "
        f"against {_of(all_.shares, all_.asks)}. "
        f"{_of(paced.left, paced.joined)} in 100 opt out, against {_of(all_.left, all_.joined)}. "
        f"The pace check is red on {paced.colours.count(Colour.RED)} days, "
        f"against {all_.colours.count(Colour.RED)}."
    )


def _of(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f}"

"""A small writer of charts: axes, lines and bars as SVG, told apart without colour.

What belongs to one side is `plain` (solid), to the other `other` (dashed or hatched); bars can be
`hollow`, `hatched` or `full` besides, which belongs to neither. The drawing brings its own ground,
light or dark as the reader's system is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.sax.saxutils import escape

Style = Literal["plain", "other", "hollow", "hatched", "full"]

WIDTH: Final = 470
HEIGHT: Final = 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 18, 52, 50

_LOOK: Final = """
svg { --ground: #ffffff; --ink: #1f2328; --faint: #d0d7de; --plain: #0b5cad; --other: #a04000; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #14171c; --ink: #e6e8eb; --faint: #3a4048; --plain: #79b8ff; --other: #ffab70; }
}
text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.title { font-weight: 600; font-size: 14px; }
.heading { font-weight: 600; font-size: 18px; }
.ground { fill: var(--ground); }
.axis { stroke: var(--ink); fill: none; }
.grid { stroke: var(--faint); fill: none; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.plain { stroke: var(--plain); }
.line.other { stroke: var(--other); stroke-dasharray: 6 4; }
.bar { stroke-width: 1; }
.bar.plain { fill: var(--plain); stroke: var(--plain); }
.bar.other { fill: url(#hatched); stroke: var(--other); }
.bar.hollow { fill: none; stroke: var(--ink); }
.bar.hatched { fill: url(#grey); stroke: var(--ink); }
.bar.full { fill: var(--ink); stroke: var(--ink); }
.hatch { stroke: var(--other); stroke-width: 2; }
.grey { stroke: var(--ink); stroke-width: 1.5; }
""".strip()


@dataclass(slots=True)
class Chart:
    """One chart of WIDTH by HEIGHT: `across` and `up` are how far its axes reach, from 0."""

    title: str
    across_label: str
    up_label: str
    across: float
    up: float
    marks: list[str] = field(default_factory=list)

    def line(self, values: Sequence[float | None], style: Style) -> None:
        """Values at 0.5, 1.5 and so on, each in the middle of its week; None breaks the line."""
        drawn: list[str] = []
        pen = "M"
        for place, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            drawn.append(f"{pen}{self._x(place + 0.5):.1f} {self._y(value):.1f}")
            pen = "L"
        self.marks.append(f'<path class="line {style}" d="{" ".join(drawn)}"/>')

    def bar(self, start: float, end: float, value: float, style: Style, *, foot: float = 0) -> None:
        """A bar from one place of the lower axis to another, standing on `foot`."""
        left, right, top = self._x(start), self._x(end), self._y(foot + value)
        self.marks.append(
            f'<rect class="bar {style}" x="{left:.1f}" y="{top:.1f}" '
            f'width="{right - left:.1f}" height="{self._y(foot) - top:.1f}"/>'
        )

    def beside(self, up: float, words: str) -> None:
        """Words left of the upright axis."""
        self.marks.append(_text(_LEFT - 6, self._y(up), words, anchor="end"))

    def drawn(
        self, ups: Sequence[tuple[float, str]], acrosses: Sequence[tuple[float, str]]
    ) -> list[str]:
        """The whole chart, with these places and words along its axes."""
        left, right, low, high = self._x(0), self._x(self.across), self._y(0), self._y(self.up)
        parts = [_text(0, 16, self.title, kind="title"), _text(0, 34, self.up_label)]
        for value, words in ups:
            y = self._y(value)
            parts.append(f'<path class="grid" d="M{left} {y:.1f}H{right}"/>')
            parts.append(_text(left - 6, y + 4, words, anchor="end"))
        for value, words in acrosses:
            parts.append(_text(self._x(value), low + 17, words, anchor="middle"))
        parts.append(_text((left + right) / 2, low + 37, self.across_label, anchor="middle"))
        axes = f'<path class="axis" d="M{left} {high}V{low}H{right}"/>'
        return [*parts, *self.marks, axes]

    def _x(self, across: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * across / self.across

    def _y(self, up: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * up / self.up


def page(heading: str, words: str, description: str, charts: Sequence[Sequence[str]]) -> str:
    """An SVG file with two charts a row below a heading; `description` is its text alternative."""
    rows = (len(charts) + 1) // 2
    width, height = 2 * WIDTH + 60, rows * (HEIGHT + 16) + 84
    hatching = 'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(heading)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        f"<style>{_LOOK}</style>",
        f'<defs><pattern id="hatched" {hatching}><path class="hatch" d="M0 0V6"/></pattern>'
        f'<pattern id="grey" {hatching}><path class="grey" d="M0 0V6"/></pattern></defs>',
        f'<rect class="ground" width="{width}" height="{height}"/>',
        _text(20, 32, heading, kind="heading"),
        _text(20, 54, words),
    ]
    for number, chart in enumerate(charts):
        x, y = 20 + number % 2 * (WIDTH + 20), 76 + number // 2 * (HEIGHT + 16)
        parts += [f'<g transform="translate({x} {y})">', *chart, "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{attribute}>{escape(words)}</text>'

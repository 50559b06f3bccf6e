"""A run in words: one plain table, both worlds side by side."""

from __future__ import annotations

from datetime import timedelta

from advocacy_simulation.figures import Figures, Reached, Side
from advocacy_simulation.run import Setting
from bot.domain.model import Colour


def table(setting: Setting, figures: Figures) -> str:
    """What is printed."""
    sides = (figures.paced, figures.everything)
    rows = [
        ("", "paced", "every post to all"),
        ("asks", *(f"{side.asks:,}" for side in sides)),
        ("asks a member and week", *(f"{side.a_week:.2f}" for side in sides)),
        ("shortest gap between two asks", *(_days(side.shortest) for side in sides)),
        ("half of the gaps are longer than", *(_days(side.typical) for side in sides)),
        ("asks on a chosen topic and network", *(_of(one.fitting, one.asks) for one in sides)),
        ("shares", *(f"{side.shares:,}" for side in sides)),
        ("shares of 100 asks", *(_of(side.shares, side.asks) for side in sides)),
        ("opted out, of all who joined", *(_of(side.left, side.joined) for side in sides)),
        ("annoyance at the end (from 2 on people leave)", *(_last(side) for side in sides)),
        ("pace check: days green, amber, red", *(_colours(side) for side in sides)),
    ]
    width = max(len(row[0]) for row in rows)
    lines = [f"{name:{width}}  {paced:>13}  {all_:>17}" for name, paced, all_ in rows]
    return "\n".join([_heading(setting, figures), "", *lines, "", *_notes(figures)])


def _heading(setting: Setting, figures: Figures) -> str:
    return (
        f"{setting.crowd.members} invented people, {setting.days} days, "
        f"{len(figures.reached)} posts, seed {setting.seed}"
    )


def _notes(figures: Figures) -> list[str]:
    """What has no counterpart where every post goes to everybody."""
    paced, reached = figures.paced, figures.reached
    rates = sorted(post.rate for post in reached)
    weak = [post for post in reached if post.weak]
    others = [post for post in reached if not post.weak]
    notes = [
        f"Stopped after their first group: {_stopped(weak)} of {len(weak)} weak posts, "
        f"{_stopped(others)} of {len(others)} others.",
        f"The bot has stopped asking {paced.stopped} of {paced.joined - paced.left} members.",
    ]
    if rates:
        middle = rates[len(rates) // 2]
        notes.insert(
            0, f"Half of the posts were proposed to {middle:.0%} or more of those they fit."
        )
    return notes


def _stopped(posts: list[Reached]) -> int:
    return sum(post.stopped for post in posts)


def _days(gap: timedelta) -> str:
    return f"{gap / timedelta(days=1):.1f} days"


def _of(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.0%}"


def _last(side: Side) -> str:
    return f"{side.strain[-1]:.2f}" if side.strain else "-"


def _colours(side: Side) -> str:
    return ", ".join(str(side.colours.count(colour)) for colour in Colour)

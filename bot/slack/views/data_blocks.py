"""Charts and tables, for which Slack's library has no classes yet, and what stands for them.

Not every place of Slack's takes them: whoever sends one sends the other where it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_sdk.models.blocks import Block

from bot.slack.views.text import copyable, section, shortened

_LONGEST_LABEL: Final = 20  # Slack's limits
_LONGEST_TITLE: Final = 50
MOST_ROWS: Final = 50  # below the headings: read at a glance, and few enough for Slack
_ROWS_A_PAGE: Final = 10
_LONGEST_CELL: Final = 60  # characters of a title, in the table that is text


class DataBlock(Block):
    """A block as Slack's reference has it; `otherwise` is what stands for it where it's refused."""

    def __init__(self, content: Mapping[str, Any], otherwise: Block) -> None:
        super().__init__(type=content["type"])
        self.content = content
        self.otherwise = otherwise

    def to_dict(self, *_args: object) -> dict[str, Any]:
        """The block itself."""
        return dict(self.content)


def bar_chart(title: str, bars: Sequence[tuple[str, int]], unit: str) -> DataBlock:
    """One bar for each label, from 1 to 20; `unit` says what is counted."""
    named = [(label[:_LONGEST_LABEL], value) for label, value in bars]
    content = {
        "type": "data_visualization",
        "title": title[:_LONGEST_TITLE],
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": unit[:_LONGEST_LABEL],
                    "data": [{"label": label, "value": value} for label, value in named],
                }
            ],
            "axis_config": {"categories": [label for label, _ in named]},
        },
    }
    lines = [f"{label}: about {value}" for label, value in bars]
    return DataBlock(content, section(f"*{title}*\n" + "\n".join(lines)))


def data_table(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[str | int]]
) -> DataBlock:
    """A table with headings, the first column naming each row; at most MOST_ROWS rows."""
    shown: list[Sequence[str | int]] = [heads, *rows[:MOST_ROWS]]
    content = {
        "type": "data_table",
        "caption": caption,
        "page_size": _ROWS_A_PAGE,
        "rows": [[_cell(value) for value in row] for row in shown],
    }
    return DataBlock(content, copyable(_as_text(shown)))


def _cell(value: str | int) -> dict[str, Any]:
    if isinstance(value, int):
        return {"type": "raw_number", "value": value}
    return {"type": "raw_text", "text": value}


def _as_text(rows: Sequence[Sequence[str | int]]) -> str:
    """The table without columns, which are wider than a dialog: below each name what is told."""
    (_, *heads), *others = rows
    lines = []
    for name, *values in others:
        told = [
            f"{head} {value}"
            for head, value in zip(heads, values, strict=True)
            if isinstance(value, int)
        ]
        lines += [shortened(str(name), _LONGEST_CELL), f"  {', '.join(told) or 'not told'}"]
    return "\n".join(lines)

"""All that is published, as a table for spreadsheets: one line for each figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from bot.domain.exports import ExportedFigure, Form, write
from bot.domain.report import Export
from bot.domain.reports import Figure, find_people
from bot.domain.spans import month_of
from bot.slack.views import report_words as words


def render(export: Export) -> str:
    """The table as CSV."""
    return "".join(write(ExportedFigure, rows(export), Form.CSV))


def rows(export: Export) -> Iterator[ExportedFigure]:
    """The oldest months first, and posts below them."""
    for span in export.spans:
        of_span = partial(
            ExportedFigure, f"{span.first:%Y-%m}", f"{span.last:%Y-%m}", None, "all posts"
        )
        if span.members is not None:
            yield of_span("Members", span.members)
        for figure in _figures(span.figures):
            yield of_span(*figure)
    for post in export.posts:
        month = None
        if post.ended_at is not None:
            month = f"{month_of(post.ended_at, export.settings.zone):%Y-%m}"
        for figure in _figures(post.figures or ()):
            yield ExportedFigure(month, month, post.id, post.title, *figure)


def _figures(figures: Sequence[Figure]) -> Iterator[tuple[str, int]]:
    for name, question, group in words.COLUMNS:
        people = find_people(figures, question, group)
        if people is not None:
            yield name, people
    for label, people in words.reasons(figures):
        yield f"Skipped: {label}", people
    for label, people in words.opened_on(figures):
        yield f"Opened: {label}", people

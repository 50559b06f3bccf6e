"""A note for all staff: what the programme did, drafted for comms, who edit and post it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.report import ReportSettings, Standing, Transparency
from bot.domain.retention import KEPT_FOR
from bot.domain.spans import Span
from bot.slack.views import report_words as words
from bot.slack.views.text import Message, context, copyable, section

_ABOVE = (
    "A draft for all staff. Copy it, change what you like, and post it where everyone reads it."
)


def render(found: Transparency) -> Message:
    """The draft, to be copied; I post it nowhere."""
    note = "\n\n".join(_paragraphs(found))
    below = context(
        "I don't post it anywhere. Its figures are those of the reports, and no others."
    )
    return Message(f"{_ABOVE}\n{note}", (section(_ABOVE), copyable(note), below))


def _paragraphs(found: Transparency) -> Iterator[str]:
    yield f"Sharing company news: {words.months(found.first, found.last)}"
    yield (
        "Some of us get company news that they can share in their own name, if they like. It's "
        "voluntary, and nobody is shown who shares or skips: not colleagues, managers or comms."
    )
    yield from (_span(span) for span in found.spans)
    if not found.spans:
        yield _no_figures(found.settings)
    yield (
        f"What people answer to a post is deleted {KEPT_FOR.days} days after it ends. What stays "
        "are rounded figures that say nothing about one person."
    )
    yield (
        "/advocacy join and /advocacy leave work at any time, without a reason. /advocacy my-data "
        "shows all that is stored about you."
    )


def _span(span: Span) -> str:
    posts = "one post" if span.posts == 1 else f"{span.posts} posts"
    said = f"{words.months(span.first, span.last)}, {posts}: people {words.what_people_did(span)}."
    cost = words.cost(span)
    return said if cost is None else f"{said} For this they were asked {cost}."


def _no_figures(settings: ReportSettings) -> str:
    if settings.standing is Standing.TOO_FEW:
        return "We are too few for figures: they would say too much about one person."
    if settings.standing is Standing.OFF:
        return "We keep no figures about it."
    return "There are no figures of these months: too few people stand behind them."

"""A note for all staff: what the programme did, drafted for comms, who edit and post it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from bot.domain.report import NoSpan, Standing, Transparency
from bot.domain.retention import KEPT_FOR
from bot.domain.spans import Span
from bot.slack.views import report_words as words
from bot.slack.views.text import Message, context, copyable, section

_ABOVE = (
    "A draft for all staff. Copy it, change what you like, and post it where everyone reads it."
)

_WITHOUT: Final = {
    NoSpan.OPEN: "figures come later",
    NoSpan.WAITS: "figures could give a few people away, so there are none yet",
    NoSpan.TOLD_NEVER: "figures could give a few people away, so there are none",
    NoSpan.NO_POST: "no post ended",
    NoSpan.BEFORE: "there are no figures",
}


def render(found: Transparency) -> Message:
    """The draft, to be copied; I post it nowhere."""
    note = "\n\n".join(_paragraphs(found))
    figures = " Its figures are those of the reports, and no others." if found.spans else ""
    below = context(f"I don't post it anywhere.{figures}")
    return Message(f"{_ABOVE}\n{note}", (section(_ABOVE), copyable(note), below))


def _paragraphs(found: Transparency) -> Iterator[str]:
    yield f"Sharing company news: {words.months(found.first, found.last)}"
    yield (
        "Some of us get company news that they can share in their own name, if they like. It's "
        "voluntary, and nobody is shown who shares or skips: not colleagues, managers or comms. "
        "Only you can tell them what you did."
    )
    yield from _figures(found)
    stays = " What stays are rounded figures that say nothing about one person."
    yield (
        f"What people answer to a post is deleted {KEPT_FOR.days} days after it ends."
        f"{stays if found.spans else ''}"
    )
    yield (
        "/advocacy join and /advocacy leave work at any time, without a reason. /advocacy my-data "
        "shows all that is stored about you."
    )


def _figures(found: Transparency) -> Iterator[str]:
    """A paragraph for each span, the oldest first, and one for months that are in none."""
    if found.settings.standing is Standing.TOO_FEW:
        yield "We are too few for figures: they would say too much about one person."
    if found.settings.standing is Standing.OFF:
        yield "There are no figures about it: they are off."
    told = [(span.first, _span(span)) for span in found.spans]
    for why, alike in groupby(found.without, key=lambda each: each[1]):
        months = [month for month, _ in alike]
        told.append((months[0], f"{words.months(months[0], months[-1])}: {_WITHOUT[why]}."))
    yield from (paragraph for _, paragraph in sorted(told))


def _span(span: Span) -> str:
    posts = "one post" if span.posts == 1 else f"{span.posts} posts"
    said = f"{words.months(span.first, span.last)}, {posts}: people {words.what_people_did(span)}."
    cost = words.cost(span)
    asked = None if cost is None else f"For this they were asked {cost}"
    return " ".join(filter(None, (said, asked, words.joined(span))))

"""Reports in words: what figures say, what they leave out, and why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.domain import networks
from bot.domain.model import SkipReason
from bot.domain.post import Network
from bot.domain.report import ReportSettings, Standing
from bot.domain.reports import (
    ALL_OPENED,
    ALL_SKIPPED,
    ASKED,
    INTERESTED,
    NO_REASON,
    SHARED,
    Figure,
    Group,
    Question,
    find_people,
    rounded,
)
from bot.domain.spans import CLOSED_AFTER, Span
from bot.slack.views.responses import REASON_LABELS
from bot.slack.views.text import day

NOT_TOLD: Final = "not told"
# What a report has a column for: which figure it is, and what it is called.
COLUMNS: Final = (
    ("Opened", Question.ANSWERS, ALL_OPENED),
    ("Marked as shared", Question.ANSWERS, Group({SHARED})),
    ("Skipped", Question.ANSWERS, ALL_SKIPPED),
    ("Pressed Share only", Question.ANSWERS, Group({INTERESTED})),
    ("Asked directly", Question.ASKED, Group({ASKED})),
)
_NO_ONE_REASON: Final = ("No reason given", "Another, or none")
_OTHERS: Final = "Other networks"
OPENED_MEANS: Final = (
    "*Opened* means that a network was opened from here, and counts people who marked the post as "
    "shared, too. I can't see what was posted there."
)


def months(first: date, last: date) -> str:
    """Months as people say them: "March to May 2026"."""
    if first == last:
        return f"{last:%B %Y}"
    if first.year == last.year:
        return f"{first:%B} to {last:%B %Y}"
    return f"{first:%B %Y} to {last:%B %Y}"


def of_span(span: Span) -> str:
    """What the figures of months say first."""
    ended = "1 post" if span.posts == 1 else f"{span.posts} posts"
    return f"*{months(span.first, span.last)}*: {ended} ended. People {what_people_did(span)}."


def what_people_did(span: Span) -> str:
    """The figures of months in words, as far as they are told: "opened one about 40 times"."""
    words = ("opened a post to share", "marked one as shared", "skipped one")
    return _joined([f"{what} about {people} times" for what, people in _told(words, span.figures)])


def cost(span: Span) -> str | None:
    """What it cost: "in direct messages about 45 times …"; None where that is not told."""
    asked = find_people(span.figures, Question.ASKED, Group({ASKED}))
    if asked is None:
        return None
    line = f"in direct messages about {asked} times."
    each = span.asks_per_member
    return line if each is None else f"{line} That's about {each:.1f} times for each member."


def joined(span: Span) -> str | None:
    """How many people there are; None where they were not counted."""
    return None if span.members is None else f"About {span.members} people have joined."


def of_post(title: str, figures: Sequence[Figure]) -> str:
    """What the figures of one post say first; `title` is escaped."""
    words = ("opened it to share", "marked it as shared", "skipped it")
    rest = ("pressed Share and went no further", "were asked about it directly")
    told = _told(words, figures) or _told((*words, *rest), figures)
    people = [f"about {count} people {what}" for what, count in told[:1]]
    others = [f"about {count} {what}" for what, count in told[1:]]
    return f"“{title}”: {_joined([*people, *others])}."


def _told(words: Sequence[str], figures: Sequence[Figure]) -> list[tuple[str, int]]:
    """The first columns that have a figure, each in these words."""
    found = zip(words, COLUMNS, strict=False)
    return [
        (what, people)
        for what, (_, question, group) in found
        if (people := find_people(figures, question, group)) is not None
    ]


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def reasons(figures: Sequence[Figure]) -> list[tuple[str, int]]:
    """Why people skipped, as far as it can be told, the most frequent first."""
    found = [
        (_reason(figure.parts), figure.people)
        for figure in figures
        if figure.question is Question.ANSWERS and figure.parts < ALL_SKIPPED
    ]
    return sorted(found, key=lambda one: (one[0] in _NO_ONE_REASON, -one[1], one[0]))


def _reason(parts: Group) -> str:
    if len(parts) == 1 and parts != {NO_REASON}:
        return REASON_LABELS[SkipReason(next(iter(parts)))]
    return _NO_ONE_REASON[len(parts) > 1]


def opened_on(figures: Sequence[Figure]) -> list[tuple[str, int]]:
    """On which networks people opened posts, as far as it can be told."""
    found = [
        (_network(figure.parts), figure.people)
        for figure in figures
        if figure.question is Question.NETWORKS
    ]
    return sorted(found, key=lambda one: (one[0] == _OTHERS, -one[1], one[0]))


def _network(parts: Group) -> str:
    return networks.name(Network(next(iter(parts)))) if len(parts) == 1 else _OTHERS


def untold(figures: Sequence[Figure]) -> str | None:
    """What is not told; None where everything is.

    That is so where few people are behind it, and also where it would tell of a few when something
    else that is told is taken from it.
    """
    missing = [
        name[0].lower() + name[1:]
        for name, question, group in COLUMNS
        if find_people(figures, question, group) is None
    ]
    missing += ["reasons for skipping"] if not reasons(figures) else []
    missing += ["by network"] if not opened_on(figures) else []
    if not missing:
        return None
    return f"Not told, since it could give a few people away: {', '.join(missing)}."


def rules(settings: ReportSettings) -> str:
    """How figures come about."""
    return (
        f"{OPENED_MEANS} Figures are rounded to 5, leave out people in comms, and are computed "
        f"once. Behind each are at least {settings.least} people, and as many behind the rest."
        f"{_smallest(settings.least)}"
    )


def _smallest(least: int) -> str:
    """What the smallest figure stands for, where it is smaller than that."""
    told = rounded(least)
    if told >= least:
        return ""
    stands_for = [str(people) for people in range(least, least + told) if rounded(people) == told]
    return f" So {told} stands for {' or '.join(stands_for)}."


def begin(settings: ReportSettings) -> str:
    """Whether there will be figures, and from when on."""
    match settings.standing:
        case Standing.OFF:
            return (
                "Figures are off. An admin can turn them on in `/advocacy setup`, with *More "
                "settings*. They begin at about 20 members, with posts that end from then on or "
                "ended in the week before."
            )
        case Standing.TOO_FEW:
            return (
                "Figures begin at about 20 members. With fewer, they would say too much about one "
                "person."
            )
        case Standing.ON if settings.since is None:
            return "Figures begin tomorrow morning."
        case Standing.ON:
            return (
                f"Figures began on {_first_day(settings)}. Those of a post come a week after it "
                "ended. Those of a month come a week after its last day."
            )


def _first_day(settings: ReportSettings) -> str:
    return "" if settings.since is None else day(settings.since, settings.zone)


def before(settings: ReportSettings) -> str:
    """Since which posts there are figures."""
    if settings.since is None:
        return ""
    since: datetime = settings.since - CLOSED_AFTER
    return f" They began with posts that ended after {day(since, settings.zone)}."

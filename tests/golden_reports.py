"""Reports in each of their states, from figures as the real rules publish them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.domain.ids import PostId
from bot.domain.link_tags import TagNames
from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.domain.report import (
    Export,
    NoSpan,
    PostReport,
    ReportedPost,
    ReportSettings,
    SpanReport,
    Standing,
    Transparency,
)
from bot.domain.reports import Cell, ClosedPost, find_figures, publish_post, publish_span
from bot.domain.spans import Span
from bot.slack.views import reports, transparency
from tests.golden_values import DAY, HOSTILE, NOW, TITLES

LEAST = 6
TAGS = TagNames()
SETTINGS = ReportSettings(Standing.ON, NOW, LEAST, "Europe/Berlin", "")
ANALYTICS = "https://stats.acme.example/visits?campaign={campaign}&from=2026"
Did = tuple[Stage | None, SkipReason | Network | None, bool, int]


def closed(*did: Did) -> ClosedPost:
    """A post that so many people did these things with: stage, reason or network, whether asked."""
    cells: Counter[Cell] = Counter()
    for stage, detail, asked, people in did:
        reason = detail if isinstance(detail, SkipReason) else None
        network = detail if isinstance(detail, Network) else None
        cells[Cell(stage, reason, network, asked)] += people
    return ClosedPost(cells, publish_post(cells, LEAST))


# Forty members, a few of whom take direct messages.
FORTY = (
    closed(
        (Stage.OPENED, Network.LINKEDIN, True, 5),
        (Stage.OPENED, Network.LINKEDIN, False, 4),
        (Stage.SHARED, Network.LINKEDIN, False, 6),
        (Stage.OPENED, Network.X, False, 2),
        (Stage.SHARED, Network.X, True, 1),
        (Stage.SKIPPED, SkipReason.NOT_MY_AUDIENCE, True, 4),
        (Stage.SKIPPED, None, False, 3),
        (None, None, True, 6),
        (None, None, False, 9),
    ),
    closed(
        (Stage.OPENED, Network.LINKEDIN, False, 7),
        (Stage.SHARED, Network.LINKEDIN, True, 2),
        (Stage.SKIPPED, SkipReason.NOT_NOW, True, 2),
        (None, None, True, 10),
        (None, None, False, 19),
    ),
    closed(
        (Stage.OPENED, Network.LINKEDIN, True, 8),
        (Stage.SHARED, Network.X, False, 7),
        (Stage.SKIPPED, SkipReason.NOT_MY_AUDIENCE, False, 7),
        (None, None, True, 6),
        (None, None, False, 12),
    ),
)
MANY = (
    closed(
        *((Stage.OPENED, network, True, 12) for network in Network),
        *((Stage.SHARED, network, False, 9) for network in Network),
        *((Stage.SKIPPED, reason, False, 15) for reason in SkipReason),
        (Stage.SKIPPED, None, False, 20),
        (Stage.INTERESTED, None, False, 30),
        (None, None, True, 200),
        (None, None, False, 300),
    ),
)


def reported(posts: Sequence[ClosedPost], *titles: str) -> list[ReportedPost]:
    return [
        ReportedPost(
            PostId(14 + number),
            title,
            f"https://acme.example/archives/G1/p{number}",
            NOW + number * DAY,
            NOW + (20 + number) * DAY,
            find_figures([post], post.published),
        )
        for number, (post, title) in enumerate(zip(posts, titles, strict=True))
    ]


def span_of(posts: Sequence[ClosedPost], first: date, last: date, members: int | None) -> Span:
    published = publish_span(posts, LEAST)
    assert published is not None
    return Span(first, last, len(posts), members, find_figures(posts, published))


JULY, AUGUST, SEPTEMBER = (date(2026, month, 1) for month in (7, 8, 9))
SPAN = span_of(FORTY, SEPTEMBER, SEPTEMBER, 40)
MONTHS = span_of(MANY, date(2026, 11, 1), date(2027, 1, 1), None)
POSTS = reported(FORTY, *TITLES[:3])
HOSTILE_POSTS = reported(MANY, HOSTILE.title)
EXPORT = Export(SETTINGS, [SPAN, MONTHS], [*POSTS, *HOSTILE_POSTS])


def cases() -> Mapping[str, Callable[[], Any]]:
    """Every report: a name, and what builds it."""
    of_span = partial(reports.of_span, tags=TAGS, with_file=True)
    before = replace(SPAN, first=date(2026, 3, 1), last=date(2026, 5, 1))
    newest = SpanReport(SETTINGS, SPAN, POSTS, earlier=before)
    long = SpanReport(replace(SETTINGS, analytics=ANALYTICS), MONTHS, HOSTILE_POSTS)
    off = replace(SETTINGS, standing=Standing.OFF, since=None)
    few = replace(SETTINGS, standing=Standing.TOO_FEW, since=None)
    out = [replace(post, figures=None) for post in POSTS]
    none = partial(SpanReport, span=None, posts=(), month=SEPTEMBER, closes_at=NOW + 37 * DAY)

    def of_post(settings: ReportSettings = SETTINGS, **changed: Any) -> Callable[[], Any]:
        report = PostReport(settings, replace(POSTS[0], **changed), live=False)
        return lambda: reports.of_post(report, TAGS)

    live = PostReport(SETTINGS, replace(out[0], ended_at=None), live=True)
    soon = PostReport(SETTINGS, out[0], live=False, closes_at=NOW + 27 * DAY)
    return {
        "report": lambda: of_span(newest),
        "report_without_data": lambda: reports.without_data(of_span(newest)),
        "report_dialog": lambda: reports.dialog(of_span(newest)),
        "report_no_file": lambda: reports.of_span(newest, TAGS, with_file=False),
        "report_many": lambda: of_span(long),
        "report_off": lambda: of_span(SpanReport(off, None, out)),
        "report_few_members": lambda: of_span(SpanReport(few, None, out[:1])),
        "report_few_members_analytics": lambda: of_span(
            SpanReport(replace(few, analytics=ANALYTICS), None, out)
        ),
        "report_nothing_out": lambda: of_span(SpanReport(few, None, ())),
        "report_no_span_yet": lambda: of_span(SpanReport(SETTINGS, None, out)),
        "report_begins": lambda: of_span(SpanReport(replace(SETTINGS, since=None), None, out)),
        "report_month_open": lambda: of_span(none(SETTINGS, why=NoSpan.OPEN)),
        "report_month_waits": lambda: of_span(none(SETTINGS, why=NoSpan.WAITS)),
        "report_month_told_never": lambda: of_span(none(SETTINGS, why=NoSpan.TOLD_NEVER)),
        "report_month_no_post": lambda: of_span(none(SETTINGS, why=NoSpan.NO_POST)),
        "report_month_before": lambda: of_span(none(SETTINGS, why=NoSpan.BEFORE)),
        "report_post": of_post(),
        "report_post_hostile": lambda: reports.of_post(
            PostReport(SETTINGS, HOSTILE_POSTS[0], live=False), TAGS
        ),
        "report_post_small": of_post(figures=()),
        "report_post_none": of_post(off, figures=None),
        "report_post_live": lambda: reports.of_post(live, TAGS),
        "report_post_soon": lambda: reports.of_post(soon, TAGS),
        "report_no_post": reports.no_post,
        "transparency": lambda: transparency.render(
            Transparency(
                SETTINGS,
                JULY,
                SEPTEMBER,
                [SPAN],
                [(JULY, NoSpan.NO_POST), (AUGUST, NoSpan.NO_POST)],
            )
        ),
        **{
            f"transparency_{standing}": partial(
                transparency.render,
                Transparency(replace(SETTINGS, standing=standing), JULY, SEPTEMBER, []),
            )
            for standing in (Standing.OFF, Standing.TOO_FEW)
        },
        "transparency_no_months": lambda: transparency.render(
            Transparency(
                SETTINGS,
                JULY,
                SEPTEMBER,
                [],
                [(JULY, NoSpan.BEFORE), (AUGUST, NoSpan.NO_POST), (SEPTEMBER, NoSpan.WAITS)],
            )
        ),
        "report_closing": lambda: reports.closing(reports.FILE_POSTED),
    }

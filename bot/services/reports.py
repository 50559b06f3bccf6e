"""Reports: what was published, read as it was stored; nothing is computed here."""

from __future__ import annotations

from datetime import date

from bot.domain import report, snapshot, spans
from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.domain.report import (
    Export,
    NoSpan,
    PostReport,
    ReportSettings,
    SpanReport,
    Standing,
    Transparency,
)
from bot.domain.spans import Span
from bot.storage import figures, snapshots, workspaces
from bot.storage import reports as report_rows
from bot.storage.tx import Tx

_LONG_AGO = date(2000, 1, 1)


def load_newest(tx: Tx) -> SpanReport:
    """The newest months with figures, or what went out lately."""
    settings, span = load_settings(tx), load_newest_span(tx)
    if span is None:
        return SpanReport(settings, None, report_rows.load_out(tx, report.MOST_OUT))
    return _report(tx, settings, span)


def load_newest_span(tx: Tx) -> Span | None:
    """The newest months with figures; None where there are none, or figures don't act now."""
    shown = load_settings(tx).standing is Standing.ON
    return figures.find_span(tx) if shown else None


def load_month(tx: Tx, month: date) -> SpanReport:
    """The figures of the months that one is in, or why there are none."""
    settings = load_settings(tx)
    if settings.standing is not Standing.ON:
        return SpanReport(settings, None, report_rows.load_out(tx, report.MOST_OUT), month)
    span = figures.find_span(tx, month)
    if span is not None:
        return _report(tx, settings, span, month)
    why = _why_no_span(tx, month, settings)
    return SpanReport(settings, None, (), month, why, spans.closes_at(month, settings.zone))


def _report(tx: Tx, settings: ReportSettings, span: Span, month: date | None = None) -> SpanReport:
    posts = report_rows.load_closed(tx, span.first, span.last)
    earlier = figures.find_span_before(tx, span.first)
    return SpanReport(settings, span, posts, month, earlier=earlier)


def _why_no_span(tx: Tx, month: date, settings: ReportSettings) -> NoSpan:
    """Why there are no figures of a month, where they are published in general."""
    closed = figures.load_progress(tx).month
    if spans.closes_at(month, settings.zone) > tx.now or (closed is not None and month > closed):
        return NoSpan.OPEN
    ended = report_rows.find_ended(tx, month, settings.zone)
    if not ended:
        return NoSpan.NO_POST
    if any(post.waits for post in ended):
        return NoSpan.WAITS
    begun = settings.since and settings.since - spans.CLOSED_AFTER
    counted = any(post.counted and begun and post.ended_at > begun for post in ended)
    return NoSpan.TOLD_NEVER if counted else NoSpan.BEFORE


def load_post(tx: Tx, post_id: PostId) -> PostReport | None:
    """What is published of one post; None where none of this number went out."""
    found = report_rows.find_post(tx, post_id)
    if found is None:
        return None
    settings, (post, state) = load_settings(tx), found
    closes_at = None if post.ended_at is None else post.ended_at + spans.CLOSED_AFTER
    if closes_at is not None and (closes_at <= tx.now or settings.standing is not Standing.ON):
        closes_at = None
    if settings.standing is not Standing.ON:
        post = report.without_figures(post)
    return PostReport(settings, post, live=state is PostState.LIVE, closes_at=closes_at)


def load_export(tx: Tx) -> Export:
    """All that is published, the oldest first."""
    settings = load_settings(tx)
    if settings.standing is not Standing.ON:
        return Export(settings)
    today = snapshot.day_of(tx.now, settings.zone)
    posts = report_rows.load_closed(tx, _LONG_AGO, today)
    return Export(settings, figures.load_spans(tx, _LONG_AGO), list(reversed(posts)))


def load_transparency(tx: Tx) -> Transparency:
    """What the note about the newest three months that have closed is drafted from."""
    settings = load_settings(tx)
    last = spans.last_closed(tx.now, settings.zone)
    months = [spans.months_before(last, before) for before in (2, 1, 0)]
    if settings.standing is not Standing.ON:
        return Transparency(settings, months[0], last, [])
    shown = figures.load_spans(tx, months[0])
    without = [
        (month, _why_no_span(tx, month, settings))
        for month in months
        if not any(span.first <= month <= span.last for span in shown)
    ]
    first = min([months[0], *(span.first for span in shown)])
    return Transparency(settings, first, last, shown, without)


def load_settings(tx: Tx) -> ReportSettings:
    """Whether figures are published, and what else reports depend on."""
    found = workspaces.load(tx)
    standing = Standing.ON if snapshots.load_head(tx).gate else Standing.TOO_FEW
    return ReportSettings(
        standing if found.figures else Standing.OFF,
        figures.load_progress(tx).since,
        found.least_people,
        found.policy.zone,
        found.analytics_url,
    )

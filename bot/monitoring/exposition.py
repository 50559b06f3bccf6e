"""The metrics in Prometheus' words: what was counted here, and how things stand in the database.

What each is and what it is for stands in docs/operations.md; a test holds the page to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from itertools import chain

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot import shipped
from bot.domain.rests import PEOPLE, Rest, Target
from bot.metrics import WITHIN, Failure, Metrics, RequestKind
from bot.services.monitoring import CHANNEL_REASONS, DIRECT_REASONS, Figures
from bot.services.retention import Lateness

Labelled = tuple[Sequence[str], float]


def written(
    counted: Metrics,
    ready: Mapping[str, bool],
    figures: Figures | None,
    post_due_since: datetime | None,
    tables: str,
    now: datetime,
) -> bytes:
    """Everything as text; without `figures`, which the database has, what there is without it.

    `post_due_since` is since when a post has been due in the channel; None where none is.
    """
    registry = CollectorRegistry()
    found = [*_of_process(counted, ready, tables, now)]
    if figures is not None:
        found += _of_database(figures, post_due_since, now)
    registry.register(_Found(found))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Found(Collector):
    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def _of_process(
    counted: Metrics, ready: Mapping[str, bool], tables: str, now: datetime
) -> Iterator[Metric]:
    requests = CounterMetricFamily("advocacy_requests", "Requests of Slack's.", labels=["kind"])
    within = HistogramMetricFamily(
        "advocacy_request_seconds", "Seconds until a request was acknowledged.", labels=["kind"]
    )
    for kind in RequestKind:
        requests.add_metric([kind], counted.requests[kind])
        buckets = [(str(most), float(counted.answered_within[kind, most])) for most in WITHIN]
        # Without their sum, which would tell a slow Share from a quick Skip.
        within.add_metric([kind], [*buckets, ("+Inf", float(counted.requests[kind]))], None)
    yield requests
    yield within
    failures = CounterMetricFamily(
        "advocacy_request_failures", "Requests that got an apology.", labels=["why"]
    )
    for why in Failure:
        failures.add_metric([why], counted.failures[why])
    yield failures
    faults = CounterMetricFamily(
        "advocacy_slack_errors", "Calls to Slack in the background.", labels=["method", "fault"]
    )
    for (method, fault), count in sorted(counted.slack.items()):
        faults.add_metric([method, fault], count)
    yield faults
    yield from _of_jobs(counted, now)
    parts = (((part,), there) for part, there in ready.items())
    yield _gauge("advocacy_ready", "1 if this part is there.", ["check"], parts)
    build = [((shipped.version(), tables), 1)]
    yield _gauge("advocacy_build_info", "What runs.", ["version", "tables"], build)


def _of_jobs(counted: Metrics, now: datetime) -> Iterator[Metric]:
    ages = (((job,), (now - ended).total_seconds()) for job, ended in counted.jobs.items())
    about = "Seconds since a job of the heartbeat last came to its end."
    yield _gauge("advocacy_heartbeat_age_seconds", about, ["name"], ages)
    failed = CounterMetricFamily(
        "advocacy_heartbeat_failures", "Jobs of the heartbeat that failed.", labels=["name"]
    )
    for job in counted.jobs:
        failed.add_metric([job], counted.failed_jobs[job])
    yield failed


def _of_database(
    figures: Figures, post_due_since: datetime | None, now: datetime
) -> Iterator[Metric]:
    channel = 0.0 if post_due_since is None else (now - post_due_since).total_seconds()
    waits = [
        (("channel",), channel),
        (("direct",), figures.direct_wait.total_seconds()),
        (("comms",), figures.notices_wait.total_seconds()),
    ]
    about = "Seconds since when something could be sent and was not."
    yield _gauge("advocacy_queue_age_seconds", about, ["queue"], waits)
    channel_reasons = ((("channel", one), one is figures.post_withheld) for one in CHANNEL_REASONS)
    direct_reasons = ((("direct", one), one in figures.direct_withheld) for one in DIRECT_REASONS)
    about = "1 if the rules hold it back now."
    reasons = chain(channel_reasons, direct_reasons)
    yield _gauge("advocacy_withheld", about, ["surface", "reason"], reasons)
    about = "1 if such calls to Slack are left alone for a while."
    resting = _resting(figures.resting)
    yield _gauge("advocacy_slack_resting", about, ["method", "place", "why"], resting)
    about = "Seconds by which erasing is late; 0 if it is on time."
    yield _gauge("advocacy_erasing_late_seconds", about, ["part"], _lateness(figures.late))
    if figures.snapshot_age is not None:
        age = [((), figures.snapshot_age.days)]
        yield _gauge("advocacy_snapshot_age_days", "Days since the last snapshot.", [], age)


def _resting(resting: Mapping[Target, Rest]) -> Iterator[Labelled]:
    for target, rest in resting.items():
        if not target.is_personal:
            place = target.place and ("people" if target.place == PEOPLE else "channel")
            yield (target.method, place, rest.trouble), 1


def _lateness(late: Lateness) -> Iterator[Labelled]:
    for part, by in zip(fields(late), astuple(late), strict=True):
        yield (part.name,), by.total_seconds() if by else 0.0


def _gauge(name: str, about: str, labels: Sequence[str], values: Iterable[Labelled]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=labels)
    for labelled, value in values:
        family.add_metric(labelled, value)
    return family

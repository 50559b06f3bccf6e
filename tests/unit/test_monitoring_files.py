"""The dashboard, the alerts and the page on them name what is exported, and leave nothing out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.model import Reason
from bot.domain.rests import DIRECT, Rest
from bot.metrics import Metrics, SlackFault
from bot.monitoring.exposition import written
from bot.services.monitoring import Figures
from bot.services.retention import Lateness

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PAGE = (ROOT / "docs" / "operations.md").read_text()
DASHBOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text())
[GROUP] = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"]
_NAME = re.compile(r"\b(?:advocacy|process)_[a-z_]+\b")
_LABELLED = re.compile(r"\b((?:advocacy|process)_[a-z_]+)\{([^}]*)\}")


def exported() -> dict[str, set[str]]:
    """Every sample's name with its labels, where each metric has something to say."""
    counted = Metrics(jobs={"erasing": NOW})
    counted.record_slack("chat.update", SlackFault.NO_REPLY)
    figures = Figures(
        post_is_due=True,
        post_withheld=None,
        direct_withheld=frozenset({Reason.FROZEN}),
        direct_wait=timedelta(),
        notices_wait=timedelta(),
        resting={DIRECT: Rest(NOW, NOW + timedelta(minutes=1), "throttled")},
        late=Lateness(None, None, None, None),
        snapshot_age=timedelta(days=1),
    )
    text = written(counted, {"database": True}, figures, NOW, "0001", NOW).decode()
    families = text_string_to_metric_families(text)
    return {one.name: {*one.labels} for family in families for one in family.samples}


def expressions() -> Iterator[str]:
    for rule in GROUP["rules"]:
        yield rule["expr"]
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_whatever_they_ask_for_is_exported_with_its_labels() -> None:
    known = exported()
    asked = {name for each in expressions() for name in _NAME.findall(each)}
    assert asked - known.keys() - {"advocacy"} == set()
    for each in expressions():
        for name, labels in _LABELLED.findall(each):
            assert {*re.findall(r"(\w+)[!=~]+", labels)} <= known[name], each


def test_the_dashboard_shows_every_metric_of_the_bot() -> None:
    shown = {name for each in expressions() for name in _NAME.findall(each)}
    assert {name for name in exported() if name.startswith("advocacy_")} <= shown


def test_the_page_says_what_each_metric_is_and_names_no_other() -> None:
    table = PAGE.partition("### What is measured")[2].partition("### What each alert")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    said = {name for row in rows for name in _NAME.findall(row.split("|")[1])}
    assert said == set(exported())


def test_there_are_five_alerts_and_the_page_says_what_to_do() -> None:
    rules: list[dict[str, Any]] = GROUP["rules"]
    assert len(rules) == 5
    for rule in rules:
        name = rule["alert"]
        assert f"\n#### {name}\n" in PAGE
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{name.lower()}"
        assert rule["annotations"]["summary"]


def test_panels_do_not_lie_on_each_other() -> None:
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(places) == len(set(places))
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))

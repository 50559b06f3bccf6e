"""When the running bot last had a heartbeat, as its monitoring and the last snapshot tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.findings import Finding
from bot.services import monitoring
from bot.storage.offline import run_for_each_workspace

_AGE: Final = "advocacy_heartbeat_age_seconds"
# As the alerts in deploy/alerts.yaml have it: a round of direct messages takes long where many
# processes share Slack's limits.
_LATE_AFTER: Final = timedelta(minutes=15)
_ASKING_LATE_AFTER: Final = timedelta(hours=2)
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_START: Final = "Start the bot. If it runs, look at its log."
_RESTART: Final = "Look at the log, and start the bot again. Nothing is sent twice by that."


async def ask_monitoring(
    values: Mapping[str, Any], session: aiohttp.ClientSession
) -> Finding | None:
    """What the bot on this machine says of itself; None where it has no fixed HEALTH_PORT."""
    port: int | None = values.get("health_port")
    if not port:
        return None
    host: str = values.get("health_host", "127.0.0.1")
    host = _EVERYWHERE.get(host, host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/metrics"
    try:
        async with session.get(address) as reply:
            ages = _ages(await reply.text())
    except (aiohttp.ClientError, OSError, ValueError):
        return Finding(None, "heartbeat", f"nothing answers at {address}", _START)
    if not ages:
        return Finding(None, "heartbeat", f"what answers at {address} isn't the bot", None)
    late = {job: age for job, age in ages.items() if age > _late_after(job).total_seconds()}
    if late:
        oldest = max(late, key=lambda job: late[job])
        says = f"“{oldest}” has not come to its end for {round(late[oldest] / 60)} minutes"
        return Finding(False, "heartbeat", says, _RESTART)
    seconds = round(min(ages.values()))
    ago = f"{seconds} second{'' if seconds == 1 else 's'} ago"
    return Finding(True, "heartbeat", f"the last one was {ago}")


def _late_after(job: str) -> timedelta:
    return _ASKING_LATE_AFTER if job == "asking" else _LATE_AFTER


def _ages(text: str) -> dict[str, float]:
    return {
        sample.labels["name"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == _AGE
    }


def find_last_snapshot(url: str, now: datetime) -> Finding:
    """Whether the heartbeat has taken today's snapshot, the one thing that it does every day."""
    try:
        found = run_for_each_workspace(url, now, monitoring.load_figures)
    except SQLAlchemyError:
        return Finding(None, "snapshot", "not checked: the database is busy")
    known = (each.snapshot_age for each in found if each is not None)
    ages = [age for age in known if age is not None]
    if not ages:
        return Finding(True, "snapshot", "none was taken yet")
    if (days := max(ages).days) < 1:
        return Finding(True, "snapshot", "today's was taken")
    says = f"the last one was taken {days} day{'' if days == 1 else 's'} ago"
    return Finding(None, "snapshot", says, _START)

"""Everything looked at, in the order in which it is best mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot import first_settings, lesson_files
from bot.doctor import database, files, heartbeat, settings, slack, views
from bot.doctor.app_manifest import compare_manifest
from bot.doctor.asking import TIMEOUT
from bot.doctor.findings import Finding
from bot.first_settings import FirstSettings
from bot.settings import Settings, read_each


async def examine(
    settings_source: Mapping[str, str],
    clock: Callable[[], datetime],
    app_manifest: Path | None = None,
    *,
    env_file: Path | None = None,
    validate: bool = False,
) -> list[Finding]:
    """Everything looked at, in the order in which it is best mended; changes nothing anywhere.

    Goes on after a failure with whatever can be looked at without it.

    Args:
        settings_source: the environment, with what `.env` adds to it.
        clock: the current moment, aware.
        app_manifest: what Slack has of the app, saved from its settings; None where nobody did.
        env_file: where `.env` is; None where there is none to look at.
        validate: whether Slack is asked about every view, which takes a minute or more.
    """
    values, problems = read_each(settings_source)
    findings = list(settings.look_at(settings_source, Settings, problems))
    stored = await asyncio.to_thread(database.load_workspace, values.get("database_url"), clock())
    first, first_problems = first_settings.read_each(settings_source)
    if stored is None:
        findings += settings.look_at(settings_source, FirstSettings, first_problems)
        findings += settings.not_set_up(first)
        values |= first
    else:
        findings += settings.changed(settings_source, stored, first)
        values["advocacy_channel"] = stored.advocacy_channel
        values["comms_channel"] = stored.comms_channel
    findings += settings.find_unknown(env_file, settings_source)
    url: str | None = values.get("database_url")
    findings += files.find_readable(env_file, url, settings_source)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        findings += await slack.examine_slack(values, clock, session)
        findings.append(await asyncio.to_thread(compare_manifest, app_manifest))
        if validate:
            findings += await views.validate(values, session)
        findings += await _running(values, url, clock(), session)
    findings += await asyncio.to_thread(_lessons, values.get("lessons_dir"))
    return findings


async def _running(
    values: Mapping[str, Any], url: str | None, now: datetime, session: aiohttp.ClientSession
) -> list[Finding]:
    """The database, and whether the bot that uses it does its work."""
    reached = await database.reach(url)
    findings = [reached]
    beat = await heartbeat.ask_monitoring(values, session)
    if beat is not None:
        findings.append(beat)
    if url is not None and reached.ok:
        findings.append(await asyncio.to_thread(heartbeat.find_last_snapshot, url, now))
        findings.append(await asyncio.to_thread(database.find_late_erasing, url, now))
        findings.append(await asyncio.to_thread(database.count_unreachable, url, now))
        findings += await asyncio.to_thread(database.find_resting, url, now)
    return findings


def _lessons(folder: Path | None) -> list[Finding]:
    try:
        catalog = lesson_files.load_lessons(folder)
    except lesson_files.UnusableLessons as error:
        mend = "Correct it in LESSONS_DIR. A file named like one in bot/lessons replaces it."
        return [Finding(False, "lessons", says, mend, fatal=True) for says in error.problems]
    return [Finding(True, "lessons", f"{len(catalog.lessons)} can be read")]

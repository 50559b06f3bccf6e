"""Everything looked at, in the order in which it is best mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot import env_file, first_settings, lesson_files, secret_files
from bot.doctor import database, files, heartbeat, settings, slack, views
from bot.doctor.app_manifest import compare_manifest
from bot.doctor.asking import TIMEOUT
from bot.doctor.findings import Finding
from bot.first_settings import FirstSettings
from bot.settings import Settings, read_each


async def examine(
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    app_manifest: Path | None = None,
    *,
    settings_file: Path | None = None,
    validate: bool = False,
) -> list[Finding]:
    """Everything looked at, in the order in which it is best mended; changes nothing anywhere.

    Goes on after a failure with whatever can be looked at without it.

    Args:
        environ: the environment, to which `.env` and files of secrets add.
        clock: the current moment, aware.
        app_manifest: what Slack has of the app, saved from its settings; None where nobody did.
        settings_file: where `.env` is; None where there is none to look at.
        validate: whether Slack is asked about every view, which takes a minute or more.
    """
    in_file, file_problems = (
        ({}, ()) if settings_file is None else env_file.read_each(settings_file)
    )
    source, unread = secret_files.read_each({**in_file, **environ})
    findings = [*settings.describe_file(settings_file, file_problems)]
    values, problems = read_each(source)
    for each in unread:  # what it would be without is not what was meant
        values.pop(each.variable.removesuffix("_FILE").lower(), None)
    findings += settings.look_at(source, Settings, problems, unread)
    stored = await asyncio.to_thread(database.load_workspace, values.get("database_url"), clock())
    first, first_problems = first_settings.read_each(source)
    if stored is None:
        findings += settings.look_at(source, FirstSettings, first_problems)
        findings += settings.not_set_up(first)
        values |= first
    else:
        findings += settings.changed(source, stored, first)
        values["advocacy_channel"] = stored.advocacy_channel
        values["comms_channel"] = stored.comms_channel
    findings += settings.find_unknown(in_file, environ)
    url: str | None = values.get("database_url")
    findings += files.find_readable(settings_file, url, source)
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

"""Looks at everything the bot needs to run, line by line, and says how to mend what is wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import erasing, first_settings, lesson_files, refusals
from bot.domain.comms_channel import find_fault
from bot.domain.model import Workspace
from bot.domain.workspace_settings import show_settings
from bot.first_settings import FirstSettings
from bot.services import asks, rests, retention
from bot.setting_values import Problem, shown, variables
from bot.settings import Settings, read_each
from bot.slack import manifest, permissions, starting
from bot.slack.channels import Channel, find_channel
from bot.storage import schema, workspaces
from bot.storage.offline import run_for_each_workspace

_TIMEOUT = 5

# Slack's requests are refused when their time is more than five minutes from ours.
_CLOCK_MAY_DIFFER = timedelta(seconds=60)
_SIGNATURES_FAIL = timedelta(minutes=5)

# Errors of Slack's that say nothing about what was asked.
_PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}

_MEND_BOT_TOKEN = (
    "Install the app if it isn't installed, and copy the Bot User OAuth Token again (app settings, "
    "OAuth & Permissions)."
)
_MEND_APP_TOKEN = (
    "Make an app-level token with the scope connections:write (app settings, Basic Information), "
    "and turn on Socket Mode."
)
_MEND_DIRECT = (
    "Their accounts may be closed. If they aren't, turn on the Messages Tab (app settings, App "
    "Home), and ask an admin to let the app write to people. People who choose direct messages "
    "again will then get them."
)
_MEND_SCOPES = "Reinstall the app from manifest.json."
_MEND_MANIFEST = (
    "Paste what `python -m bot manifest` prints into the app settings (App Manifest), and "
    "reinstall the app."
)
_SAVE_MANIFEST = (
    "Save the JSON of the app settings (App Manifest) as a file, and run: "
    "python -m bot doctor --manifest FILE"
)

# Of people; fewer could be recognised.
_FEWEST_TOLD = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: fine (`ok` is True), worth knowing (None) or wrong (False).

    `mend` says what to do; `fatal` means that the bot cannot run.
    """

    ok: bool | None
    subject: str
    says: str
    mend: str | None = None
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A call to Slack that brought no result; `mend` is None where the caller knows best."""

    says: str
    mend: str | None
    headers: Mapping[str, str]
    known_wrong: bool = True


async def examine(
    settings_source: Mapping[str, str],
    clock: Callable[[], datetime],
    app_manifest: Path | None = None,
) -> list[Finding]:
    """Everything looked at, in the order in which it is best mended; changes nothing anywhere.

    Goes on after a failure with whatever can be looked at without it.

    Args:
        settings_source: the environment, with what `.env` adds to it.
        clock: the current moment, aware.
        app_manifest: what Slack has of the app, saved from its settings; None where nobody did.
    """
    values, problems = read_each(settings_source)
    findings = list(_settings(settings_source, Settings, problems))
    stored = await asyncio.to_thread(_stored, values.get("database_url"), clock())
    first, first_problems = first_settings.read_each(settings_source)
    if stored is None:
        findings += _settings(settings_source, FirstSettings, first_problems)
        findings += _not_set_up(first)
        values |= first
    else:
        findings += _changed(settings_source, stored, first)
        values["advocacy_channel"] = stored.advocacy_channel
        values["comms_channel"] = stored.comms_channel
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        findings += await _slack(values, clock, session)
    findings.append(await asyncio.to_thread(_app_manifest, app_manifest))
    url: str | None = values.get("database_url")
    database = await _database(url)
    findings.append(database)
    if url is not None and database.ok:
        findings.append(await asyncio.to_thread(_erasing, url, clock()))
        findings.append(await asyncio.to_thread(_direct_messages, url, clock()))
        findings += await asyncio.to_thread(_resting, url, clock())
    findings += await asyncio.to_thread(_lessons, values.get("lessons_dir"))
    return findings


def report(findings: Sequence[Finding]) -> str:
    """The findings as lines of plain text that need no colour, and a last line that sums up."""
    width = max((len(finding.subject) for finding in findings), default=0)
    lines = []
    for finding in findings:
        mark = {True: "ok", None: "note", False: "wrong"}[finding.ok]
        lines.append(f"{mark:<5}  {finding.subject:<{width}}  {finding.says}")
        if finding.mend is not None:
            lines.append(f"{'':<5}  {'':<{width}}  -> {finding.mend}")
    wrong = sum(finding.ok is False for finding in findings)
    count = "one thing is" if wrong == 1 else f"{wrong} things are"
    if exit_status(findings):
        lines.append(f"\nThe bot cannot run yet: {count} wrong.")
    else:
        lines.append(f"\nThe bot can run, but {count} wrong." if wrong else "\nThe bot can run.")
    return "\n".join(lines)


def exit_status(findings: Sequence[Finding]) -> int:
    """1 if the bot could not run, otherwise 0."""
    return int(any(finding.fatal for finding in findings))


def _settings(
    source: Mapping[str, str],
    kind: type[Settings] | type[FirstSettings],
    problems: Sequence[Problem],
) -> Iterator[Finding]:
    wrong = {problem.variable: problem for problem in problems}
    for each in variables(kind):
        variable = each.name.upper()
        text = source.get(variable, "").strip()
        if problem := wrong.get(variable):
            says = problem.got or "is not set"
            yield Finding(False, variable, says, problem.takes, fatal=True)
        elif text:
            yield Finding(True, variable, shown(variable, text).strip('"'))
        elif (default := each.metadata["default"]) is not None:
            yield Finding(True, variable, f"{default} (default)")
        else:
            yield Finding(True, variable, _unset(variable))


def _stored(url: str | None, now: datetime) -> Workspace | None:
    """The row of the workspace, which is the truth about its settings; None: there is none yet."""
    if url is None:
        return None
    try:
        if not schema.state(url).in_step:
            return None
        return next(filter(None, run_for_each_workspace(url, now, workspaces.find)), None)
    except (ImportError, OSError, SQLAlchemyError):
        return None  # what is wrong is said of the database


def _not_set_up(first: Mapping[str, Any]) -> Iterator[Finding]:
    """What is left to an admin in Slack, where `.env` leaves something open."""
    if not all(first.get(name) for name in ("advocacy_channel", "comms_channel", "disclosure")):
        yield Finding(
            None, "workspace", "not set up yet", "A workspace admin types /advocacy setup."
        )


def _changed(
    source: Mapping[str, str], stored: Workspace, first: Mapping[str, Any]
) -> Iterator[Finding]:
    """The settings as they stand in the row, and what `.env` says where that is something else."""
    now_reads, _ = first_settings.read_each(show_settings(stored))
    for variable, value in show_settings(stored).items():
        written, name = source.get(variable, "").strip(), variable.lower()
        says = value or "none"
        if not written or (name in first and first[name] == now_reads[name]):
            yield Finding(True, variable, says)
            continue
        says += (
            f" in the workspace; .env says {shown(variable, written)}, which is not read any more"
        )
        yield Finding(
            None, variable, says, "To change it, an admin types /advocacy setup in Slack."
        )


def _unset(variable: str) -> str:
    return {
        "SLACK_APP_TOKEN": "not set: Slack reaches the bot over HTTP",
        "SLACK_SIGNING_SECRET": "not set: Socket Mode needs none",
        "ADVOCACY_CHANNEL": "not set: a workspace admin chooses it in Slack",
        "COMMS_CHANNEL": "not set: a workspace admin chooses it in Slack",
        "DISCLOSURE": "not set: a workspace admin writes it in Slack",
        "TIME_ZONE": "not set: the one that most people in comms have",
        "LESSONS_DIR": "not set: only the lessons that come with the bot",
    }.get(variable, "not set")


async def _slack(
    values: Mapping[str, Any], clock: Callable[[], datetime], session: aiohttp.ClientSession
) -> list[Finding]:
    """What only Slack can tell, as far as the settings allow to ask it."""
    api_url: str | None = values.get("slack_api_url")
    token: str | None = values.get("slack_bot_token")
    if api_url is None:
        return [Finding(None, "Slack", "not checked: SLACK_API_URL is wrong")]
    client = AsyncWebClient(
        token, base_url=api_url, timeout=_TIMEOUT, session=session, retry_handlers=[]
    )
    if token is None:
        findings = [Finding(None, "bot token", "not checked: SLACK_BOT_TOKEN is wrong")]
    else:
        answer = await _ask(client.auth_test())
        if isinstance(answer, _Refusal):
            findings = [_refused("bot token", answer, _MEND_BOT_TOKEN)]
        else:
            findings = [_identity(answer), *_scopes(answer.headers)]
            findings += await _channels(client, values, answer.get("user") or "the app")
        findings += _clock(answer.headers, clock(), http=values.get("slack_app_token") is None)
    return [*findings, *await _connection(client, values)]


def _identity(answer: AsyncSlackResponse) -> Finding:
    who = f'accepted in "{answer.get("team")}" as {answer.get("user")}'
    if not answer.get("bot_id"):
        return Finding(False, "bot token", f"{who}, which isn't a bot", _MEND_BOT_TOKEN, fatal=True)
    if starting.is_org_wide(answer):
        says, mend = refusals.ORG_WIDE
        return Finding(False, "bot token", f"{who}; {says}", mend, fatal=True)
    return Finding(True, "bot token", who)


def _scopes(headers: Mapping[str, str]) -> Iterator[Finding]:
    granted = permissions.granted(headers)
    if granted is None:
        yield Finding(None, "scopes", "Slack didn't say which scopes the app has")
        return
    wanted, optional = manifest.scopes(), manifest.optional_scopes()
    missing = [scope for scope in wanted if scope not in granted]
    if lacking := [scope for scope in missing if scope not in optional]:
        yield Finding(False, "scopes", f"missing: {', '.join(lacking)}", _MEND_SCOPES, fatal=True)
    else:
        yield Finding(True, "scopes", ", ".join(scope for scope in wanted if scope in granted))
    for scope in optional:
        if scope in missing:
            says = f"{scope} is left out: {permissions.WITHOUT[scope]}"
            mend = "To change that, reinstall the app and grant it."
            yield Finding(None, "optional scope", says, mend)
    if surplus := sorted(granted - set(wanted)):
        says = f"more than the bot uses: {', '.join(surplus)}"
        mend = "Remove them (app settings, OAuth & Permissions), and reinstall the app."
        yield Finding(None, "scopes", says, mend)


def _app_manifest(path: Path | None) -> Finding:
    """What only the app's settings show: Slack tells no bot which events it gets."""
    if path is None:
        says = f"not checked: Slack doesn't say whether the app gets {_wanted_events()}"
        return Finding(None, "events", says, _SAVE_MANIFEST)
    try:
        different = manifest.differences(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return Finding(False, "events", f"{path} isn't a manifest in JSON", _SAVE_MANIFEST)
    if different:
        return Finding(False, "events", "; ".join(different), _MEND_MANIFEST)
    return Finding(True, "events", f"{_wanted_events()}; everything else is as in manifest.json")


def _wanted_events() -> str:
    return ", ".join(manifest.events())


async def _channels(client: AsyncWebClient, values: Mapping[str, Any], bot: str) -> list[Finding]:
    findings, ids = [], []
    for variable in ("advocacy_channel", "comms_channel"):
        name: str | None = values.get(variable)
        if name is None:
            continue
        subject = variable.replace("_", " ")
        found = await _ask(find_channel(client, name))
        if isinstance(found, _Refusal):
            findings.append(_refused(subject, found, _MEND_SCOPES))
        elif found is None:
            says = f"{name} doesn't exist, or it is private and the bot isn't in it"
            mend = f"Check the spelling. If the channel is private, write /invite @{bot} in it."
            findings.append(Finding(False, subject, says, mend, fatal=True))
        else:
            findings.append(_channel(subject, found, bot))
            ids.append(found.id)
    if len(ids) != len(set(ids)):
        says = "the opt-in channel and the comms channel are the same"
        mend = "Choose another channel for ADVOCACY_CHANNEL or COMMS_CHANNEL."
        findings.append(Finding(False, "channels", says, mend, fatal=True))
    return findings


def _channel(subject: str, found: Channel, bot: str) -> Finding:
    name = f"#{found.name} ({found.id})"
    if found.is_archived:
        mend = "Unarchive it, or choose another channel."
        return Finding(False, subject, f"{name} is archived", mend, fatal=True)
    if not found.is_member:
        mend = f"Write /invite @{bot} in it."
        return Finding(False, subject, f"the bot isn't in {name}", mend, fatal=True)
    fault = find_fault(found.openness) if subject == "comms channel" else None
    if fault is not None:
        says, mend = refusals.COMMS_CHANNEL[fault]
        return Finding(False, subject, f"{name} {says}", mend, fatal=True)
    return Finding(True, subject, name)


def _clock(headers: Mapping[str, str], now: datetime, *, http: bool) -> Iterator[Finding]:
    try:
        difference = abs(now - parsedate_to_datetime(headers["Date"]))
    except (KeyError, TypeError, ValueError):
        yield Finding(None, "clock", "not checked: Slack didn't say what time it is")
        return
    seconds = round(difference.total_seconds())
    if difference <= _CLOCK_MAY_DIFFER:
        yield Finding(True, "clock", "in step with Slack's")
        return
    says = f"{seconds} seconds off Slack's; from 300 on, the bot refuses Slack's requests"
    mend = "Let the operating system set its clock from the network."
    yield Finding(False, "clock", says, mend, fatal=http and difference >= _SIGNATURES_FAIL)


async def _connection(client: AsyncWebClient, values: Mapping[str, Any]) -> list[Finding]:
    """How Slack reaches the bot: the token of Socket Mode, or the secret of HTTP."""
    app_token: str | None = values.get("slack_app_token")
    if app_token is not None:
        answer = await _ask(client.apps_connections_open(app_token=app_token))
        if isinstance(answer, _Refusal):
            return [_refused("app token", answer, _MEND_APP_TOKEN)]
        return [Finding(True, "app token", "accepted: Socket Mode")]
    if values.get("slack_signing_secret") is not None:
        return [
            Finding(
                None, "signing secret", "set; only a request from Slack can show that it is right"
            )
        ]
    return []


async def _database(url: str | None) -> Finding:
    if url is None:
        return Finding(None, "database", "not checked: DATABASE_URL is wrong")
    try:
        found = await asyncio.to_thread(schema.state, url)
    except ImportError:
        mend = 'Run: pip install "psycopg[binary]"'
        return Finding(False, "database", "the PostgreSQL driver is missing", mend, fatal=True)
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        mend = "Check DATABASE_URL, and that the database is running."
        return Finding(False, "database", f"cannot be reached: {reason}", mend, fatal=True)
    if found.in_step:
        return Finding(True, "database", f"reached, tables up to date ({found.current})")
    if not found.known:
        says = f"its tables belong to a newer version of the bot ({found.current})"
        return Finding(False, "database", says, "Run that version of the bot.", fatal=True)
    says = (
        "has no tables yet"
        if found.current is None
        else "its tables belong to an older version of the bot"
    )
    return Finding(False, "database", says, "Run: python -m bot migrate", fatal=True)


def _erasing(url: str, now: datetime) -> Finding:
    try:
        found = run_for_each_workspace(url, now, retention.load_lateness)
    except SQLAlchemyError:
        return Finding(None, "erasing", "not checked: the database is busy")
    says, mend = erasing.describe(found)
    return Finding(mend is None, "erasing", says, mend)


def _direct_messages(url: str, now: datetime) -> Finding:
    try:
        refused = sum(run_for_each_workspace(url, now, asks.count_unreachable))
    except SQLAlchemyError:
        return Finding(None, "direct messages", "not checked: the database is busy")
    if refused < _FEWEST_TOLD:
        return Finding(
            True, "direct messages", f"Slack refuses them for fewer than {_FEWEST_TOLD} people"
        )
    says = f"Slack refuses them for {refused} people, so the bot no longer sends them any"
    return Finding(None, "direct messages", says, _MEND_DIRECT)


def _resting(url: str, now: datetime) -> list[Finding]:
    """What the running bot leaves alone in Slack just now, and why."""
    try:
        found = run_for_each_workspace(url, now, rests.load_for_doctor)
    except SQLAlchemyError:
        return [Finding(None, "calls to Slack", "not checked: the database is busy")]
    findings = []
    for resting, channels in found:
        for target, rest in sorted(resting.items(), key=lambda each: each[1].since):
            says, mend = refusals.describe_rest(target, rest, channels)
            findings.append(Finding(False if mend else None, "calls to Slack", says, mend))
    return findings or [Finding(True, "calls to Slack", "none is waiting, and none was refused")]


def _lessons(folder: Path | None) -> list[Finding]:
    try:
        catalog = lesson_files.load_lessons(folder)
    except lesson_files.UnusableLessons as error:
        mend = "Correct it in LESSONS_DIR. A file named like one in bot/lessons replaces it."
        return [Finding(False, "lessons", says, mend, fatal=True) for says in error.problems]
    return [Finding(True, "lessons", f"{len(catalog.lessons)} can be read")]


def _refused(subject: str, refusal: _Refusal, mend: str) -> Finding:
    ok = False if refusal.known_wrong else None
    return Finding(ok, subject, refusal.says, refusal.mend or mend, fatal=refusal.known_wrong)


async def _ask(call: Awaitable[T]) -> T | _Refusal:
    """The result of a call to Slack, or why there is none."""
    elsewhere = "Check the network and SLACK_API_URL."
    try:
        return await call
    except SlackApiError as error:
        answer = error.response
        data = getattr(answer, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        if code is not None:
            passing = code in _PASSING
            mend = "Try again in a minute." if passing else None
            return _Refusal(f"Slack answers {code}", mend, answer.headers, known_wrong=not passing)
    except (AttributeError, TypeError, KeyError, ValueError):
        # So slack_sdk and we stumble over an answer in plain text or of another shape.
        pass
    except (aiohttp.ClientError, OSError):
        return _Refusal("Slack doesn't answer", elsewhere, {})
    return _Refusal("the answer isn't from Slack", elsewhere, {})

"""Putting the program together, and taking it apart again in the right order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import lesson_files, refusals
from bot.domain.admission import Company
from bot.domain.comms_channel import find_fault
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.lessons import LessonCatalog
from bot.domain.model import ChannelPolicy, Workspace
from bot.domain.sharing_policy import SharingPolicy
from bot.logs import get_logger
from bot.pages import fetching
from bot.pages.fetching import FetchPreview
from bot.scheduler import HeartbeatTimer
from bot.services import calendars, rests
from bot.services import workspaces as workspaces_service
from bot.settings import Settings
from bot.slack import messenger, people, permissions, serving, starting
from bot.slack.app import build_app
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.channels import Channel, find_channel
from bot.slack.comms_channel import CommsChannel
from bot.slack.context import AppContext, Clock
from bot.slack.directory import Directory
from bot.slack.heartbeat import Heartbeat
from bot.slack.reconciler import Reconciler
from bot.slack.throttle import SLACK_LIMITS, Limits, Throttle
from bot.slack.web_client import SlackClient
from bot.storage import preferences as preferences_rows
from bot.storage import schema
from bot.storage.database import Busy, Database, Unknown
from bot.storage.tx import Transactions

_FINISH_WITHIN = 2.0  # seconds, for what follows the last answers when the program ends
_ASKED_FOR_ZONE = 20  # people in comms whose zone is looked up when TIME_ZONE is not set
_log = get_logger(__name__)


class CannotStart(Exception):
    """Why the bot could not run, a line for each reason, for the operator."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The running program."""

    context: AppContext
    reconciler: Reconciler
    heartbeat: Heartbeat
    timer: HeartbeatTimer
    port: int | None

    async def tick(self) -> None:
        """One heartbeat now, and all that follows from it and from earlier clicks."""
        await self.timer.run_once()
        await self.context.background_tasks.drain()


@asynccontextmanager
async def running(
    settings: Settings,
    clock: Clock,
    *,
    ticking: bool = True,
    fetch: FetchPreview = fetching.fetch_preview,
    limits: Limits | None = SLACK_LIMITS,
) -> AsyncIterator[Runtime]:
    """Run while the block runs; without `ticking` only `Runtime.tick` sends anything.

    `fetch` fetches the previews of pages, unless the settings say that nobody shall. `limits` is
    what Slack permits, None for a Slack that permits everything.

    Raises CannotStart, which says what is wrong.
    """
    check_schema(settings.database_url)
    lessons = _lessons(settings.lessons_dir)
    async with AsyncExitStack() as stack:
        throttle = Throttle(limits and replace(limits, processes=settings.processes))
        context, authorized = await _open_context(stack, settings, clock, lessons, throttle)
        context = replace(context, fetch=fetch if settings.previews else None)
        context.background_tasks.add(_warm(context))
        reconciler = Reconciler(context)
        app = build_app(context, reconciler, authorized)
        port = None
        if settings.slack_app_token:
            await stack.enter_async_context(
                serving.sockets(app, settings.slack_app_token, settings.slack_api_url)
            )
        else:
            secret = settings.slack_signing_secret or ""
            port = await stack.enter_async_context(serving.http(app, secret, settings.port))
        heartbeat = Heartbeat(context, reconciler, context.fetch)
        timer = HeartbeatTimer(heartbeat.jobs, settings.tick_seconds)
        stack.push_async_callback(timer.stop)
        if ticking:
            timer.start()
        yield Runtime(context, reconciler, heartbeat, timer, port)


async def _open_context(
    stack: AsyncExitStack,
    settings: Settings,
    clock: Clock,
    lessons: LessonCatalog,
    throttle: Throttle,
) -> tuple[AppContext, AuthorizeResult]:
    """Open what the Slack layer works with; `stack` closes it again, the last one first."""
    timeout = aiohttp.ClientTimeout(total=messenger.SEND_TIMEOUT)
    session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
    # These calls may be made again, since they change nothing.
    client = starting.patient_client(settings.slack_bot_token, settings.slack_api_url, session)
    authorized = await _authorize(client, settings)
    if settings.slack_app_token:
        await _check_app_token(client, settings.slack_app_token, settings.slack_api_url)
    company = Company(authorized.team_id or "", authorized.enterprise_id)
    workspace = await _workspace(client, settings, WorkspaceId(company.workspace_id))
    database = Database(settings.database_url)
    stack.push_async_callback(database.close)
    sharing_policy = SharingPolicy(
        networks=settings.networks,
        tags=settings.link_tags,
        phrases=settings.disclosure_phrases or (),
        avoid=settings.avoid_terms or (),
    )
    await _store(database, workspace, sharing_policy, clock())
    background_tasks = BackgroundTasks()

    def at() -> Transactions:
        return Transactions(database, workspace.id, clock())

    slack = SlackClient(
        settings.slack_bot_token,
        settings.slack_api_url,
        session,
        throttle=throttle,
        at=at,
        channels=rests.name_channels(workspace),
        background_tasks=background_tasks,
    )
    context = AppContext(
        database=database,
        client=slack,
        directory=Directory(slack, company, workspace.comms_channel, clock),
        comms=CommsChannel(slack, workspace.comms_channel, at),
        guests_may_join=settings.guests_may_join,
        background_tasks=background_tasks,
        session=session,
        clock=clock,
        workspace_id=workspace.id,
        advocacy_channel=workspace.advocacy_channel,
        comms_channel=workspace.comms_channel,
        time_zone=workspace.policy.zone,
        disclosure=workspace.disclosure,
        post_days=workspace.post_days,
        lessons=lessons,
        can_send_files=permissions.FILES in (authorized.bot_scopes or ()),
        sharing_policy=sharing_policy,
    )
    stack.push_async_callback(context.background_tasks.drain, _FINISH_WITHIN)
    return context, authorized


def check_schema(url: str) -> None:
    """Refuse to run on tables of another version; raises CannotStart."""
    try:
        state = schema.state(url)
    except (OSError, SQLAlchemyError) as error:
        raise CannotStart(
            f"DATABASE_URL: the database can't be reached ({_first(error)})"
        ) from error
    if not state.in_step:
        raise CannotStart(
            "DATABASE_URL: its tables belong to another version of the bot. "
            "Run: python -m bot migrate"
        )


def _lessons(folder: Path | None) -> LessonCatalog:
    try:
        return lesson_files.load_lessons(folder)
    except lesson_files.UnusableLessons as error:
        raise CannotStart("\n".join(f"LESSONS_DIR: {each}" for each in error.problems)) from error


async def _authorize(client: AsyncWebClient, settings: Settings) -> AuthorizeResult:
    try:
        found = await client.auth_test()
    except messenger.FAULTS as fault:
        raise CannotStart(
            starting.why_not(fault, settings.slack_api_url)
            or f"SLACK_BOT_TOKEN: Slack at {settings.slack_api_url} didn't accept it "
            f"({messenger.describe(fault)}). `python -m bot doctor` says more."
        ) from fault
    if starting.is_org_wide(found):
        raise CannotStart(f"SLACK_BOT_TOKEN: {' '.join(refusals.ORG_WIDE)}")
    scopes = permissions.granted(found.headers)
    return AuthorizeResult(
        enterprise_id=found.get("enterprise_id"),
        team_id=found["team_id"],
        bot_user_id=found["user_id"],
        bot_id=found.get("bot_id"),
        bot_token=settings.slack_bot_token,
        bot_scopes=None if scopes is None else sorted(scopes),
    )


async def _check_app_token(client: AsyncWebClient, token: str, api_url: str) -> None:
    """The socket's own client would ask for an address again and again, and never say why."""
    try:
        await client.apps_connections_open(app_token=token)
    except messenger.FAULTS as fault:
        raise CannotStart(
            starting.why_not(fault, api_url)
            or f"SLACK_APP_TOKEN: Slack didn't accept it ({messenger.describe(fault)}). "
            "`python -m bot doctor` says more."
        ) from fault


async def _workspace(
    client: AsyncWebClient, settings: Settings, workspace_id: WorkspaceId
) -> Workspace:
    advocacy = await _channel(client, "ADVOCACY_CHANNEL", settings.advocacy_channel)
    named = await _channel(client, "COMMS_CHANNEL", settings.comms_channel)
    comms = await _channel(client, "COMMS_CHANNEL", named.id)  # a list may say less of it
    _check_comms(comms)
    policy = ChannelPolicy(
        min_gap=settings.channel_min_gap,
        weekly_cap=settings.channel_weekly_cap,
        hours=settings.channel_hours,
        workdays=settings.workdays,
        zone=settings.time_zone or await _common_zone(client, comms.id),
    )
    return Workspace(
        id=workspace_id,
        advocacy_channel=advocacy.id,
        comms_channel=comms.id,
        policy=policy,
        disclosure=settings.disclosure,
        approvals=settings.approvals,
        topics=settings.topics or (),
        consent_months=settings.consent_months,
        post_days=settings.post_days,
        evidence_years=settings.evidence_years,
        asks_per_week=settings.asks_per_week,
    )


async def _channel(client: AsyncWebClient, variable: str, name: str) -> Channel:
    try:
        found = await find_channel(client, name)
    except messenger.FAULTS as fault:
        raise CannotStart(
            f"{variable}: Slack didn't say whether “{name}” exists ({messenger.describe(fault)})"
        ) from fault
    if found is None:
        raise CannotStart(
            f"{variable}: the bot can't find “{name}” in Slack. Check the name or id. If the "
            "channel is private, invite the bot there."
        )
    return found


def _check_comms(comms: Channel) -> None:
    fault = find_fault(comms.openness)
    if fault is not None:
        says, mend = refusals.COMMS_CHANNEL[fault]
        raise CannotStart(f"COMMS_CHANNEL: “{comms.name}” {says} {mend}")


async def _common_zone(client: AsyncWebClient, channel: str) -> str:
    """The zone of most people in comms: Slack knows none for a workspace as a whole."""
    try:
        page = await client.conversations_members(channel=channel, limit=_ASKED_FOR_ZONE)
    except messenger.FAULTS as fault:
        why = messenger.describe(fault)
        _log.warning("TIME_ZONE is not set and could not be guessed", why=why)
        return "UTC"
    zones = Counter(filter(None, [await _zone(client, user) for user in page["members"]]))
    chosen = zones.most_common(1)[0][0] if zones else "UTC"
    _log.info("TIME_ZONE is not set, so it is the one of most people in comms", zone=chosen)
    return chosen


async def _zone(client: AsyncWebClient, user_id: UserId) -> str | None:
    try:
        return (await people.load_person(client, user_id)).time_zone
    except messenger.FAULTS as fault:
        _log.info("a person's time zone is unknown", why=messenger.describe(fault))
        return None


async def _warm(context: AppContext) -> None:
    """Public holidays take long to ask for the first time, so they are asked for beside."""
    try:
        kept = await context.at(context.clock()).read(preferences_rows.load_calendars)
    except Busy:
        return  # whoever is asked for first waits a moment longer
    await asyncio.to_thread(calendars.warm, kept, context.clock().date())


async def _store(
    database: Database, workspace: Workspace, sharing_policy: SharingPolicy, now: datetime
) -> None:
    try:
        transactions = Transactions(database, workspace.id, now)
        await transactions.write(workspaces_service.store_settings, workspace, sharing_policy)
        await transactions.write(rests.forget_refusals)
    except (Busy, Unknown, SQLAlchemyError) as error:
        raise CannotStart("DATABASE_URL: the database can't be written to") from error


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:200]

"""Putting the program together, and taking it apart again in the right order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import first_workspace, lesson_files, ports, refusals, shipped
from bot.domain.admission import Company
from bot.domain.ids import WorkspaceId
from bot.domain.lessons import LessonCatalog
from bot.first_workspace import CannotStart
from bot.logs import get_logger
from bot.metrics import Metrics
from bot.monitoring import server as monitoring_server
from bot.monitoring.readiness import IsReached, Readiness, SlackWatch, listens
from bot.monitoring.server import Monitoring
from bot.pages import feeds, fetching
from bot.pages.feeds import FetchFeed
from bot.pages.fetching import FetchPreview
from bot.scheduler import HeartbeatTimer, OnEnd
from bot.services import calendars, rests
from bot.settings import Settings
from bot.slack import messenger, permissions, serving, starting
from bot.slack.app import build_app
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.comms_channel import CommsChannel
from bot.slack.context import AppContext, Clock
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.directory import Directory
from bot.slack.heartbeat import Heartbeat
from bot.slack.reconciler import Reconciler
from bot.slack.throttle import SLACK_LIMITS, Limits, Throttle
from bot.slack.web_client import SlackClient
from bot.storage import preferences as preferences_rows
from bot.storage import schema
from bot.storage.database import Busy, Database
from bot.storage.schema import WrongTables
from bot.storage.tx import Transactions

_FINISH_WITHIN = 2.0  # seconds, for what follows the last answers when the program ends
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Runtime:
    """The running program."""

    context: AppContext
    reconciler: Reconciler
    heartbeat: Heartbeat
    timer: HeartbeatTimer
    port: int | None
    monitoring: Monitoring
    health_port: int | None

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
    fetch_feed: FetchFeed = feeds.fetch_feed,
    limits: Limits | None = SLACK_LIMITS,
) -> AsyncIterator[Runtime]:
    """Run while the block runs; without `ticking` only `Runtime.tick` sends anything.

    `fetch` fetches the previews of pages and `fetch_feed` feeds, unless the workspace wants
    neither. `limits` is what Slack permits, None for a Slack that permits everything.

    Raises CannotStart, which says what is wrong.
    """
    check_schema(settings.database_url)
    ports.check(settings)
    lessons = _lessons(settings.lessons_dir)
    async with AsyncExitStack() as stack:
        throttle = Throttle(limits and replace(limits, processes=settings.processes))
        context, authorized = await _open_context(stack, settings, clock, lessons, throttle)
        context = replace(context, fetcher=fetch, feed_fetcher=fetch_feed)
        context.background_tasks.add(_warm(context))
        reconciler = Reconciler(context)
        app = build_app(context, reconciler, authorized)
        port, door, is_reached = await _open_door(stack, settings, app)
        slack = SlackWatch(context, clock())
        monitoring = Monitoring(Readiness(context, slack, door, is_reached, schema.head()))
        health_port = await _serve_monitoring(stack, settings, monitoring)
        heartbeat = Heartbeat(context, reconciler)
        jobs = dict(heartbeat.jobs)
        if health_port is not None:
            jobs["looking whether Slack answers"] = slack.look
        timer = HeartbeatTimer(jobs, settings.tick_seconds, _counting(context, jobs))
        stack.push_async_callback(timer.stop)
        if ticking:
            timer.start()
        yield Runtime(context, reconciler, heartbeat, timer, port, monitoring, health_port)


async def _open_door(
    stack: AsyncExitStack, settings: Settings, app: AsyncApp
) -> tuple[int | None, str, IsReached]:
    """Let Slack in: the port if it comes over HTTP, the way's name, and who says if it is open."""
    if settings.slack_app_token:
        is_connected = await stack.enter_async_context(
            serving.sockets(app, settings.slack_app_token, settings.slack_api_url)
        )
        return None, "sockets", is_connected
    secret = settings.slack_signing_secret or ""
    with ports.explained("PORT", ports.EVERYWHERE, settings.port):
        port = await stack.enter_async_context(serving.http(app, secret, settings.port))
    return port, "server", partial(listens, port)


async def _serve_monitoring(
    stack: AsyncExitStack, settings: Settings, monitoring: Monitoring
) -> int | None:
    if settings.health_port is None:
        return None
    with ports.explained("HEALTH_PORT", settings.health_host, settings.health_port):
        return await stack.enter_async_context(
            monitoring_server.serve(monitoring, settings.health_host, settings.health_port)
        )


def _counting(context: AppContext, jobs: Iterable[str]) -> OnEnd:
    """Count the heartbeat's jobs; one that has never come to its end is as old as the program."""
    for job in jobs:
        context.metrics.record_job(job, context.clock(), well=True)

    def count(job: str, well: bool) -> None:
        context.metrics.record_job(job, context.clock(), well=well)

    return count


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
    workspace_id = WorkspaceId(company.workspace_id)
    database = Database(settings.database_url)
    stack.push_async_callback(database.close)
    transactions = Transactions(database, workspace_id, clock())
    found, proposed = await first_workspace.load_or_make(client, settings, transactions)
    current = CurrentWorkspace(found)
    background_tasks, metrics = BackgroundTasks(), Metrics()

    def at() -> Transactions:
        return Transactions(database, workspace_id, clock())

    slack = SlackClient(
        settings.slack_bot_token,
        settings.slack_api_url,
        session,
        throttle=throttle,
        at=at,
        channels=lambda: rests.name_channels(current.value),
        background_tasks=background_tasks,
        metrics=metrics,
    )
    context = AppContext(
        database=database,
        client=slack,
        directory=Directory(slack, company, current, clock),
        comms=CommsChannel(slack, current, at),
        background_tasks=background_tasks,
        session=session,
        metrics=metrics,
        clock=clock,
        workspace_id=workspace_id,
        current=current,
        proposed=proposed,
        lessons=lessons,
        can_send_files=permissions.FILES in (authorized.bot_scopes or ()),
    )
    stack.push_async_callback(context.background_tasks.drain, _FINISH_WITHIN)
    return context, authorized


def check_schema(url: str) -> None:
    """Refuse to run on tables of another version; raises CannotStart."""
    try:
        schema.require(url)
    except WrongTables as problem:
        raise CannotStart(str(problem)) from problem
    except (OSError, SQLAlchemyError) as error:
        raise CannotStart(
            f"DATABASE_URL: the database can't be reached ({_first(error)})"
        ) from error


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
            f"({messenger.describe(fault)}). `{shipped.command()} doctor` says more."
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
            f"`{shipped.command()} doctor` says more."
        ) from fault


async def _warm(context: AppContext) -> None:
    """Public holidays take long to ask for the first time, so they are asked for beside."""
    try:
        kept = await context.at(context.clock()).read(preferences_rows.load_calendars)
    except Busy:
        return  # whoever is asked for first waits a moment longer
    await asyncio.to_thread(calendars.warm, kept, context.clock().date())


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:200]

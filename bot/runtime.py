"""Putting the program together, and taking it apart again in the right order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy.exc import SQLAlchemyError

from bot import lesson_files
from bot.domain.ids import WorkspaceId
from bot.domain.lessons import LessonCatalog
from bot.domain.model import Workspace
from bot.domain.sharing_policy import SharingPolicy
from bot.logs import get_logger
from bot.metrics import Metrics
from bot.monitoring import server as monitoring_server
from bot.monitoring.readiness import IsReached, Readiness, SlackWatch, listens
from bot.monitoring.server import Monitoring
from bot.pages import fetching
from bot.pages.fetching import FetchPreview
from bot.scheduler import HeartbeatTimer, OnEnd
from bot.services import calendars, rests
from bot.services import workspaces as workspaces_service
from bot.settings import Settings
from bot.slack import messenger, permissions, serving, starting
from bot.slack.app import build_app
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.context import AppContext, Clock
from bot.slack.heartbeat import Heartbeat
from bot.slack.reconciler import Reconciler
from bot.slack.starting import CannotStart
from bot.slack.throttle import SLACK_LIMITS, Limits, Throttle
from bot.slack.web_client import SlackClient
from bot.storage import preferences as preferences_rows
from bot.storage import schema
from bot.storage.database import Busy, Database, Unknown
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
        port, door, is_reached = await _open_door(stack, settings, app)
        slack = SlackWatch(context, clock())
        monitoring = Monitoring(Readiness(context, slack, door, is_reached, schema.head()))
        health_port = await _serve_monitoring(stack, settings, monitoring)
        heartbeat = Heartbeat(context, reconciler, context.fetch)
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
    port = await stack.enter_async_context(serving.http(app, secret, settings.port))
    return port, "server", partial(listens, port)


async def _serve_monitoring(
    stack: AsyncExitStack, settings: Settings, monitoring: Monitoring
) -> int | None:
    if settings.health_port is None:
        return None
    try:
        return await stack.enter_async_context(
            monitoring_server.serve(monitoring, settings.health_host, settings.health_port)
        )
    except OSError as error:
        raise CannotStart(f"HEALTH_PORT: {error}") from error


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
    authorized = await starting.authorize(client, settings)
    if settings.slack_app_token:
        await starting.check_app_token(client, settings.slack_app_token, settings.slack_api_url)
    workspace = await starting.load_workspace(
        client, settings, WorkspaceId(authorized.team_id or "")
    )
    database = Database(settings.database_url)
    stack.push_async_callback(database.close)
    sharing_policy = SharingPolicy(
        networks=settings.networks,
        tags=settings.link_tags,
        phrases=settings.disclosure_phrases or (),
        avoid=settings.avoid_terms or (),
    )
    await _store(database, workspace, sharing_policy, clock())
    background_tasks, metrics = BackgroundTasks(), Metrics()
    context = AppContext(
        database=database,
        client=SlackClient(
            settings.slack_bot_token,
            settings.slack_api_url,
            session,
            throttle=throttle,
            at=lambda: Transactions(database, workspace.id, clock()),
            channels=rests.name_channels(workspace),
            background_tasks=background_tasks,
            metrics=metrics,
        ),
        background_tasks=background_tasks,
        session=session,
        metrics=metrics,
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

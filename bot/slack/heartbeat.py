"""One heartbeat: what is due by time goes out, and Slack is brought up to what is stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.domain.ids import PostId
from bot.logs import get_logger
from bot.services import announcements, heartbeat, planning, retention, snapshots
from bot.slack import home_tab_publisher, messenger, people, second_approver
from bot.slack.answers import answer_due
from bot.slack.asks import AskSender
from bot.slack.closing import close_due
from bot.slack.context import AppContext
from bot.slack.dispatches import send
from bot.slack.feeds import FeedReader
from bot.slack.messenger import Sent
from bot.slack.previews import PreviewFetcher
from bot.slack.reconciler import Reconciler
from bot.slack.recording import record
from bot.slack.removals import REMOVED_AT_ONCE, Remover
from bot.slack.views.announcements import render_live

Job = Callable[[], Awaitable[None]]

ERASE_EVERY = timedelta(hours=1)  # what is due is counted in days
LOOK_EVERY = timedelta(hours=1)  # at comms: events that tell of changes may get lost
_log = get_logger(__name__)


class Heartbeat:
    """The jobs of one workspace at each beat. Every step of them can be repeated.

    They run beside each other, so that a Slack that hangs on one holds up none of the others.
    """

    def __init__(self, context: AppContext, reconciler: Reconciler) -> None:
        self._context = context
        self._reconciler = reconciler
        self._asks = AskSender(context)
        self._remover = Remover(context)
        self._erased_at: datetime | None = None  # when nothing was left that was due
        self._looked_at = context.clock()  # at comms: when it started
        self._previews = PreviewFetcher(context, reconciler.refresh)
        self._feeds = FeedReader(context, reconciler.refresh)
        once_set_up: Mapping[str, Job] = {
            "taking the snapshot": self._take_snapshot,
            "announcing": self._announce,
            "asking": self._asks.send_due,
            "looking at pages": self._fetch_previews,
            "reading feeds": self._read_feeds,
            "answering": partial(answer_due, context),
            "reconciling": reconciler.refresh,
            "reconciling people's messages": reconciler.refresh_of_people,
            "looking at comms": self._look_at_comms,
            "erasing": self._erase,
        }
        self.jobs: Mapping[str, Job] = {
            "reading the settings": self._read_settings,
            **{name: self._if_set_up(job) for name, job in once_set_up.items()},
        }

    async def beat(self) -> None:
        """Every job, one after the other: for tests and the demo, which move their clock."""
        for job in self.jobs.values():
            await job()

    async def _read_settings(self) -> None:
        """Learn what was changed in another process."""
        await self._context.current.refresh(self._context.at(self._context.clock()))

    def _if_set_up(self, job: Job) -> Job:
        async def run() -> None:
            if self._context.current.value is not None:
                await job()

        return run

    async def _announce(self) -> None:
        """End what is over, and send the announcement whose turn it is."""
        context = self._context
        due = await context.at(context.clock()).read(announcements.find_due)
        announce = due is not None and await context.comms.may_post()
        claimed = await context.at(context.clock()).write(
            heartbeat.run_heartbeat, announce=announce
        )
        if claimed is None:
            return
        message, name = render_live(claimed.post), f"post {claimed.post.id}"
        outcome = await send(context, announcements, claimed, claimed.channel, message, name)
        if isinstance(outcome, Sent):
            _log.info("a post is in the channel", post=claimed.post.id)
            await self._record_link(claimed.post.id, outcome)

    async def _record_link(self, post_id: PostId, message: Sent) -> None:
        link = await messenger.load_link(self._context.client, message)
        if link is not None:
            database = self._context.at(self._context.clock())
            await record(database, announcements.record_link, post_id, link)

    async def _fetch_previews(self) -> None:
        self._context.background_tasks.add(self._previews.fetch())

    async def _read_feeds(self) -> None:
        self._context.background_tasks.add(self._feeds.read())

    async def _erase(self) -> None:
        """Erase some of what is due, here, in Slack, and in the database's own log."""
        context = self._context
        now = context.clock()
        if self._erased_at is None or abs(now - self._erased_at) >= ERASE_EVERY:
            more = await context.at(now).write(retention.erase_due)
            self._erased_at = None if more else now
            await context.database.delete_old_backups(now)
        left = await context.at(now).read(retention.find_leftovers, REMOVED_AT_ONCE)
        await self._remover.remove(left.messages)
        if left.log_since is not None and await context.database.empty_log():
            await context.at(context.clock()).write(retention.record_log_emptied, left.log_since)

    async def _look_at_comms(self) -> None:
        """Whether the comms channel is still closed to others, who left it, and whether two are."""
        context = self._context
        now = context.clock()
        if abs(now - self._looked_at) < LOOK_EVERY:
            return
        self._looked_at = now
        await context.comms.may_post()
        await home_tab_publisher.clear_desks(context)
        await second_approver.suggest_if_two(context)

    async def _take_snapshot(self) -> None:
        """Take today's snapshot if it is due; where Slack does not say who is in comms, later."""
        context = self._context
        if not await context.at(context.clock()).read(snapshots.is_due):
            return
        try:
            comms = await people.load_comms(context.client, context.comms_channel)
        except people.CannotCheck:
            return
        now = context.clock()
        # Whatever has lapsed by now counts, also of people whom the planner has not looked at.
        members = await context.at(now).read(planning.find_members_with_open)
        for start in range(0, len(members), planning.AT_ONCE):
            some = members[start : start + planning.AT_ONCE]
            await context.at(now).write(planning.count_lapsed, some)
        if await context.at(now).write(snapshots.take, comms):
            await close_due(context, comms)

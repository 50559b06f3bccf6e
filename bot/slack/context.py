"""What listeners and deliveries work with, put together once at the start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from bot.domain.ids import WorkspaceId
from bot.domain.lessons import LessonCatalog
from bot.domain.model import Workspace
from bot.domain.sharing_policy import SharingPolicy
from bot.metrics import Metrics
from bot.pages.feeds import FetchFeed
from bot.pages.fetching import FetchPreview
from bot.slack import messenger
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.comms_channel import CommsChannel
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.directory import Directory
from bot.slack.home_tabs import HomeTabs
from bot.slack.note_limit import NoteLimit
from bot.slack.views.text import Message
from bot.slack.web_client import SlackClient
from bot.storage.database import Database
from bot.storage.tx import Transactions

Clock = Callable[[], datetime]


class NotSetUp(Exception):
    """Nobody has chosen the workspace's channels yet."""


@dataclass(frozen=True, slots=True)
class AppContext:
    """One workspace's tools. `clock` gives aware UTC moments and is read once per click or tick.

    `current` is the workspace as this process read it last, and `proposed` with what it begins
    until it is set up. `directory` says who somebody is, `comms` whether anything may go out.
    `can_send_files` says that the optional scope for it was granted. `fetcher` looks at the page
    behind a link, `feed_fetcher` at a feed; None where nothing can. `home_opened` is set once Slack
    has told that anybody opened the Home tab.
    """

    database: Database
    client: SlackClient
    session: aiohttp.ClientSession
    clock: Clock
    workspace_id: WorkspaceId
    current: CurrentWorkspace
    directory: Directory
    comms: CommsChannel
    lessons: LessonCatalog = field(default_factory=LessonCatalog)
    background_tasks: BackgroundTasks = field(default_factory=BackgroundTasks)
    can_send_files: bool = False
    home_tabs: HomeTabs = field(default_factory=HomeTabs)
    note_limit: NoteLimit = field(default_factory=NoteLimit)
    suggestion_limit: NoteLimit = field(default_factory=NoteLimit)
    share_note_limit: NoteLimit = field(default_factory=NoteLimit)
    fetcher: FetchPreview | None = None
    metrics: Metrics = field(default_factory=Metrics)
    feed_fetcher: FetchFeed | None = None
    proposed: Workspace | None = None
    home_opened: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def workspace(self) -> Workspace:
        """The workspace with its settings; raises NotSetUp where nobody has set it up yet."""
        if self.current.value is None:
            raise NotSetUp
        return self.current.value

    @property
    def advocacy_channel(self) -> str:
        """The opt-in channel's id in Slack."""
        return self.workspace.advocacy_channel

    @property
    def comms_channel(self) -> str:
        """The comms channel's id in Slack."""
        return self.workspace.comms_channel

    @property
    def time_zone(self) -> str:
        """The workspace's IANA zone."""
        return self.workspace.policy.zone

    @property
    def disclosure(self) -> str:
        """The phrase that names the employer."""
        return self.workspace.disclosure

    @property
    def post_days(self) -> int:
        """After how many days a post ends whose form names no end."""
        return self.workspace.post_days

    @property
    def sharing_policy(self) -> SharingPolicy:
        """What the workspace chose for all that is shared."""
        return self.workspace.sharing_policy

    @property
    def guests_may_join(self) -> bool:
        """Whether guests of the Slack workspace may be members; nobody can before the set-up."""
        return self.current.value is not None and self.current.value.guests_may_join

    @property
    def fetch(self) -> FetchPreview | None:
        """What looks at the page behind a link; None where nobody shall."""
        return self.fetcher if self.workspace.previews else None

    @property
    def fetch_feed(self) -> FetchFeed | None:
        """What looks at a feed; None where nobody shall."""
        return self.feed_fetcher if self.workspace.previews else None

    def at(self, now: datetime, *, until: float | None = None) -> Transactions:
        """The database as services see it at a moment, which is read once per click or tick.

        `until` is the loop's time at which a waiting person must have an answer.
        """
        return Transactions(self.database, self.workspace_id, now, until)

    def answer(self, url: str | None, message: Message, *, replace: bool = False) -> None:
        """Answer a click privately, after its acknowledgement."""
        if url:
            self.background_tasks.add(messenger.answer(self.session, url, message, replace=replace))

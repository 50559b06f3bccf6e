"""What listeners and deliveries work with, put together once at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from bot.domain.ids import WorkspaceId
from bot.domain.lessons import LessonCatalog
from bot.domain.retention import DEFAULT_POST_DAYS
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.pages.fetching import FetchPreview
from bot.slack import messenger
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.comms_channel import CommsChannel
from bot.slack.directory import Directory
from bot.slack.home_tabs import HomeTabs
from bot.slack.note_limit import NoteLimit
from bot.slack.views.text import Message
from bot.slack.web_client import SlackClient
from bot.storage.database import Database
from bot.storage.tx import Transactions

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class AppContext:
    """One workspace's tools. `clock` gives aware UTC moments and is read once per click or tick.

    `time_zone` is the workspace's IANA zone; the channels are Slack ids. `directory` says who
    somebody is, `comms` whether anything may go out, and `guests_may_join` whether guests of the
    workspace may be members. `post_days` is after how many days a post ends whose form names no
    end. `can_send_files` says that the optional scope for it was granted. `fetch` looks at the page
    behind a link; None where nobody shall.
    """

    database: Database
    client: SlackClient
    session: aiohttp.ClientSession
    clock: Clock
    workspace_id: WorkspaceId
    advocacy_channel: str
    comms_channel: str
    time_zone: str
    disclosure: str
    directory: Directory
    comms: CommsChannel
    guests_may_join: bool = False
    lessons: LessonCatalog = field(default_factory=LessonCatalog)
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY
    background_tasks: BackgroundTasks = field(default_factory=BackgroundTasks)
    post_days: int = DEFAULT_POST_DAYS
    can_send_files: bool = False
    home_tabs: HomeTabs = field(default_factory=HomeTabs)
    note_limit: NoteLimit = field(default_factory=NoteLimit)
    fetch: FetchPreview | None = None

    def at(self, now: datetime, *, until: float | None = None) -> Transactions:
        """The database as services see it at a moment, which is read once per click or tick.

        `until` is the loop's time at which a waiting person must have an answer.
        """
        return Transactions(self.database, self.workspace_id, now, until)

    def answer(self, url: str | None, message: Message, *, replace: bool = False) -> None:
        """Answer a click privately, after its acknowledgement."""
        if url:
            self.background_tasks.add(messenger.answer(self.session, url, message, replace=replace))

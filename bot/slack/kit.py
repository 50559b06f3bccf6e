"""What listeners and deliveries work with, put together once at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.house import USUAL, House
from bot.domain.lessons import Shelf
from bot.slack import messenger
from bot.slack.afterwards import Afterwards
from bot.slack.views.text import Message
from bot.storage.database import Database

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Kit:
    """One workspace's tools. `clock` gives aware UTC moments and is read once per click or tick.

    `zone` is the workspace's IANA zone; the channels are Slack ids.
    """

    database: Database
    client: AsyncWebClient
    session: aiohttp.ClientSession
    clock: Clock
    workspace: str
    advocacy_channel: str
    comms_channel: str
    zone: str
    disclosure: str
    lessons: Shelf = field(default_factory=Shelf)
    house: House = USUAL
    afterwards: Afterwards = field(default_factory=Afterwards)

    def answer(self, url: str | None, message: Message, *, replace: bool = False) -> None:
        """Answer a click privately, after its acknowledgement."""
        if url:
            self.afterwards.later(messenger.answer(self.session, url, message, replace=replace))

"""Who somebody is, and whether they are in comms, as Slack says it now or said it just before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.admission import Company, Person, Standing, find_standing
from bot.domain.ids import UserId
from bot.slack import people
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.messenger import CLICK_TIMEOUT
from bot.slack.throttle import at_once

# A colleague stays one for a while. What refuses somebody may be mended at any moment.
COLLEAGUE_FOR: Final = timedelta(minutes=5)
REFUSED_FOR: Final = timedelta(seconds=10)
_MOST: Final = 5_000  # people who are remembered

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Directory:
    """Asks Slack once where many ask at the same time, and remembers the answer for a moment.

    Whoever is let in to what comms or admins do is looked up anew each time. Only what refuses
    somebody is remembered, so that many refused commands cost few calls.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        company: Company,
        current: CurrentWorkspace,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._current = current
        self.company = company
        self._people: _Memory[UserId, Person] = _Memory(clock)
        self._comms: _Memory[str, frozenset[UserId]] = _Memory(clock)

    async def find_person(self, user_id: UserId) -> Person:
        """What Slack says of somebody, or said just before. Raises CannotCheck."""
        known = self._people.find(user_id, COLLEAGUE_FOR)
        if known is None or self.standing(known) is not Standing.COLLEAGUE:
            known = self.recall_person(user_id)
        return known if known is not None else await self.load_person(user_id)

    async def load_person(self, user_id: UserId) -> Person:
        """What Slack says of somebody now. Raises CannotCheck."""
        return await self._people.ask(user_id, partial(self._ask_person, user_id))

    def recall_person(self, user_id: UserId) -> Person | None:
        """What Slack said of somebody a few seconds ago; None where it was not asked then."""
        return self._people.find(user_id, REFUSED_FOR)

    async def is_in_comms(self, user_id: UserId) -> bool:
        """Whether the person is in the comms channel right now. Raises CannotCheck.

        That they are not is believed for a few seconds.
        """
        channel = self._comms_channel
        if channel is None or self.recall_in_comms(user_id) is False:
            return False
        return user_id in await self._comms.ask(channel, partial(self._ask_comms, channel))

    def recall_in_comms(self, user_id: UserId) -> bool | None:
        """Whether somebody was in comms a few seconds ago; None where Slack was not asked."""
        channel = self._comms_channel
        inside = None if channel is None else self._comms.find(channel, REFUSED_FOR)
        return None if inside is None else user_id in inside

    def forget_comms(self) -> None:
        """Somebody has left or entered comms: whoever is refused is looked up anew."""
        self._comms.clear()

    async def _ask_person(self, user_id: UserId) -> Person:
        with people.checking("who somebody is"):
            async with at_once(CLICK_TIMEOUT):
                return await people.load_person(self._client, user_id)

    @property
    def _comms_channel(self) -> str | None:
        """None until the workspace is set up: then nobody is comms."""
        workspace = self._current.value
        return None if workspace is None else workspace.comms_channel

    async def _ask_comms(self, channel: str) -> frozenset[UserId]:
        with people.checking("who is in comms"):
            async with at_once(CLICK_TIMEOUT):
                return await people.load_members(self._client, channel)

    def standing(self, person: Person) -> Standing:
        """What somebody is to the company."""
        return find_standing(person, self.company)


class _Memory(Generic[K, V]):
    """Answers with the moment at which they were given."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[K, tuple[datetime, V]] = {}
        self._asking: dict[K, asyncio.Task[V]] = {}

    def find(self, key: K, lasts: timedelta) -> V | None:
        """What was said of it, not longer ago than that; a clock that was set back counts, too."""
        if key not in self._known:
            return None
        at, value = self._known[key]
        return value if abs(self._clock() - at) < lasts else None

    async def ask(self, key: K, load: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """What `load` says; whoever asks meanwhile gets the same answer, or the same error."""
        under_way = self._asking.get(key)
        if under_way is None:
            under_way = asyncio.create_task(self._load(key, load))
            self._asking[key] = under_way
            under_way.add_done_callback(partial(self._asked, key))
        return await asyncio.shield(under_way)  # whoever gives up does so alone

    async def _load(self, key: K, load: Callable[[], Coroutine[Any, Any, V]]) -> V:
        value = await load()
        self._known.pop(key, None)
        self._known[key] = (self._clock(), value)
        if len(self._known) > _MOST:
            del self._known[next(iter(self._known))]  # the oldest
        return value

    def _asked(self, key: K, ended: asyncio.Task[V]) -> None:
        del self._asking[key]
        if not ended.cancelled():
            ended.exception()  # whoever waits has it; where nobody does, it is no news

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()

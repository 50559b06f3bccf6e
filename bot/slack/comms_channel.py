"""Whether the comms channel is private and the company's own; while it isn't, nothing goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import refusals
from bot.domain.comms_channel import ChannelFault, find_fault
from bot.domain.rests import Target
from bot.logs import get_logger
from bot.services import rests
from bot.slack import messenger
from bot.slack.channels import find_by_id
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.messenger import FAULTS, warn
from bot.slack.recording import record
from bot.slack.views import notices
from bot.storage.tx import Transactions

_POSTING: Final = "posting"  # no method of Slack's: what rests is all that goes out
_log = get_logger(__name__)


class CommsChannel:
    """The comms channel as Slack described it last.

    What is refused is recorded for all processes, so that one of them says why, once.
    """

    def __init__(
        self, client: AsyncWebClient, current: CurrentWorkspace, at: Callable[[], Transactions]
    ) -> None:
        """`at` gives the database at this moment."""
        self._client = client
        self._current = current
        self._known: tuple[str, ChannelFault | None] = ("", None)
        self._at = at

    @property
    def fault(self) -> ChannelFault | None:
        """Why the channel is refused, as far as is known of it; another one may be chosen since."""
        workspace = self._current.value
        channel, fault = self._known
        return fault if workspace is not None and workspace.comms_channel == channel else None

    async def may_post(self) -> bool:
        """Ask Slack what the channel is now; False also where it does not say, until it does."""
        if self._current.value is None:
            return False
        channel = self._current.value.comms_channel
        try:
            found = await find_by_id(self._client, channel)
        except FAULTS as fault:
            warn(_log, "the comms channel could not be looked at", fault)
            return False
        if found is None:
            _log.warning("the comms channel could not be found")
            return False
        before, now = self.fault, find_fault(found.openness)
        self._known = (channel, now)
        if now is not None:
            await self._refuse(channel, now)
        elif before is not None:
            await record(self._at(), rests.record_works, Target(_POSTING, channel))
            _log.info("the comms channel is private again, and things go out")
        return now is None

    async def _refuse(self, channel: str, fault: ChannelFault) -> None:
        if await record(self._at(), rests.record_refused, Target(_POSTING, channel), fault):
            says, mend = refusals.COMMS_CHANNEL[fault]
            _log.error("the comms channel is refused, and nothing goes out", why=says, mend=mend)
            line = notices.comms_channel_refused(fault)
            await messenger.post(self._client, channel, line)

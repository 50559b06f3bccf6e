"""Sending the announcement that a heartbeat has claimed."""

from __future__ import annotations

import logging

from bot.services import announcements
from bot.services.announcements import ClaimedAnnouncement
from bot.slack.context import AppContext
from bot.slack.dispatches import send
from bot.slack.messenger import Sent
from bot.slack.views.announcements import render_live

_log = logging.getLogger(__name__)


async def announce(context: AppContext, claimed: ClaimedAnnouncement) -> None:
    """Post it once. Where the reply is lost, it counts as posted until comms say otherwise."""
    message, name = render_live(claimed.post), f"post {claimed.post.id}"
    outcome = await send(context, announcements, claimed, claimed.channel, message, name)
    if isinstance(outcome, Sent):
        _log.info("%s is in the channel", name)

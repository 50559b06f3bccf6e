"""Sending the announcement that a heartbeat has claimed, and recording what became of it."""

from __future__ import annotations

import logging

from bot.services import announcements
from bot.services.announcements import ClaimedAnnouncement
from bot.slack import messenger
from bot.slack.context import AppContext
from bot.slack.messenger import NotSent, Sent, Unsure
from bot.slack.recording import RETRY_AFTER, record
from bot.slack.views import announcements as announcements_view

_log = logging.getLogger(__name__)


async def announce(context: AppContext, claimed: ClaimedAnnouncement) -> None:
    """Post it once. Where the reply is lost, it counts as posted until comms say otherwise."""
    post_id = claimed.post.id
    message = announcements_view.render_live(claimed.post)
    outcome = await messenger.post(context.client, claimed.channel, message)
    now = context.clock()
    database = context.at(now)
    match outcome:
        case Sent(channel, ts):
            _log.info("post %s is in the channel", post_id)
            await record(database, announcements.record_sent, claimed, channel, ts)
            link = await messenger.load_link(context.client, outcome)
            if link is not None:
                await record(database, announcements.record_link, post_id, link)
        case NotSent(trouble, retry_after):
            _log.warning("post %s stays queued: %s", post_id, trouble)
            later = now + (retry_after or RETRY_AFTER)
            await record(database, announcements.record_not_sent, claimed, trouble, later)
        case Unsure():
            _log.warning("nobody knows whether post %s reached the channel", post_id)
            lost = (claimed.announcement_id, post_id)
            await record(database, announcements.record_uncertain, *lost)

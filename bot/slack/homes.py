"""Publishing somebody's Home tab as it is now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.lessons import Shelf
from bot.domain.model import Member, Post, PostState
from bot.services import curation, health, lessons, membership, pace, responding
from bot.slack import messenger, people
from bot.slack.kit import Kit
from bot.slack.people import Role
from bot.slack.views import home, pace_check
from bot.slack.views.home import Desk, Facts
from bot.storage import workspaces

_UNDER_WAY = tuple(state for state in PostState if not state.ended)


def publish_soon(kit: Kit, user: str) -> None:
    """Show the person their Home tab as it is now, after an acknowledgement."""
    kit.afterwards.later(publish(kit, user))


async def publish(kit: Kit, user: str) -> None:
    """Read what the tab shows and hand it to Slack; what comms see only for comms."""
    try:
        role = await people.role(kit.client, kit.comms_channel, user)
    except people.CannotCheck:
        role = Role.NEITHER
    comms = role is Role.COMMS
    facts = await kit.database.read(_facts, kit.workspace, user, kit.clock(), kit.lessons, comms)
    await messenger.publish_view(kit.client, user, home.render(facts))


def _facts(
    connection: Connection, workspace: str, user: str, now: datetime, shelf: Shelf, comms: bool
) -> Facts:
    settings = workspaces.get(connection, workspace)
    found = membership.stand(connection, workspace, user)
    member = found if found is not None and found.consents(now) else None
    desk = None
    if comms:
        overview = curation.overview(connection, workspace, now, _UNDER_WAY)
        found_pace = health.look(connection, workspace, now)
        check = pace_check.health(
            found_pace.reading,
            may_acknowledge=found_pace.may_acknowledge,
            goes_on_until=found_pace.goes_on_until,
            zone=settings.policy.zone,
        )
        desk = Desk(overview.posts, overview.outlook, check)
    return Facts(
        workspace=settings,
        member=member,
        decision=pace.outlook(connection, workspace, member, now) if member else None,
        paused=member is not None and member.paused(now),
        renewable=member is not None and membership.renewable(member, now),
        posts=_fitting(responding.live(connection, workspace, now), member),
        desk=desk,
        shelf=shelf,
        read=lessons.read_by(connection, workspace, user, now),
    )


def _fitting(posts: list[Post], member: Member | None) -> list[Post]:
    """Those about what the member follows, where they follow anything."""
    topics = set(member.preferences.topics) if member is not None else set()
    return [post for post in posts if not topics or topics & set(post.content.topics)]

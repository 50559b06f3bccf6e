"""What is so once nothing is left to be done, and how time passes until then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from bot.domain.model import Colour, DispatchState, NoticeKind
from bot.slack.views import announcements as announcements_view
from bot.slack.views import asks as asks_view
from bot.slack.views import replies
from bot.slack.views.payload import read_ref
from bot.storage.tables import (
    AnnouncementRow,
    AskRow,
    FeedRow,
    MemberRow,
    NoticeRow,
    PostRow,
    RemovalRow,
    RestRow,
    WorkspaceRow,
)
from slack_sandbox import Message, Person
from tests.slack.program import (
    Program,
    database,
)

AWAY = timedelta(days=8)  # longer than anything waits, and than what counts for the channel's cap
HONEST = (replies.BUSY, replies.UNKNOWN, replies.BROKEN, replies.CANNOT_CHECK_WHO)


def let_time_pass(made: Program) -> None:
    """As if the program had been away for a while: whatever waits has waited long enough."""
    now = datetime.now(UTC)
    with database(made.url) as connection:
        cut_short = update(AskRow).where(AskRow.state == DispatchState.SENDING)
        connection.execute(cut_short.values(claimed_at=now - AWAY))
        for each in connection.execute(select(AnnouncementRow.id, AnnouncementRow.sent_at)).all():
            mine = update(AnnouncementRow).where(AnnouncementRow.id == each.id)
            sent_at = None if each.sent_at is None else min(each.sent_at, now - AWAY)
            connection.execute(mine.values(claimed_at=now - AWAY, sent_at=sent_at))
        for row in (AskRow, AnnouncementRow):
            waits = update(row).where(row.not_before.is_not(None))
            connection.execute(waits.values(not_before=now - AWAY))
        connection.execute(update(RemovalRow).values(not_before=now - AWAY))
        claimed = update(FeedRow).where(FeedRow.claimed_at.is_not(None))
        connection.execute(claimed.values(claimed_at=now - AWAY))
        _age(connection, PostRow, PostRow.from_feed != "")
        _age(connection, NoticeRow, NoticeRow.kind == NoticeKind.FEED_DRAFTS)
        connection.execute(update(RestRow).values(until=now - AWAY))
        mine = update(WorkspaceRow).values(colour=Colour.GREEN)
        connection.execute(mine.values(reconciling_by=None, reconciling_until=None))


def _age(
    connection: Connection, row: type[PostRow | NoticeRow], which: ColumnElement[bool]
) -> None:
    """Let these be of the day before: what there may be once a day can come again."""
    for each in connection.execute(select(row.id, row.created_at).where(which)).all():
        mine = update(row).where(row.id == each.id)
        connection.execute(mine.values(created_at=each.created_at - timedelta(days=1)))


def posted(made: Program) -> Counter[tuple[str, int]]:
    """How often each post is, or was, in each channel."""
    return Counter(
        (message.channel.id, post_id)
        for message in made.sandbox.state.messages
        if not message.ephemeral_to and (post_id := post_of(message)) is not None
    )


def was_told(who: Person) -> bool:
    """Whether somebody read that something of theirs may not be stored."""
    return any(message.text in HONEST for message in who.private)


def post_of(message: Message) -> int | None:
    """The post that a message asks to share."""
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("action_id") in (announcements_view.SHARE, asks_view.SHARE):
                return read_ref(element["value"]).post_id
    return None


def left_to_do(connection: Connection) -> Iterator[str]:
    """What still has to be done, in words."""
    moving = (DispatchState.PLANNED, DispatchState.SENDING)
    counts: dict[str, Any] = {
        "asks on their way": select(func.count()).where(AskRow.state.in_(moving)),
        "announcements on their way": select(func.count()).where(AnnouncementRow.state.in_(moving)),
        "posts in the queue": select(func.count())
        .select_from(PostRow)
        .outerjoin(AnnouncementRow, AnnouncementRow.post_id == PostRow.id)
        .where(PostRow.approved_at.is_not(None), PostRow.live_at.is_(None))
        .where(PostRow.ended_at.is_(None), AnnouncementRow.id.is_(None)),
        "members to ask": select(func.count()).where(MemberRow.next_ask_at <= datetime.now(UTC)),
        "messages to remove": select(func.count()).select_from(RemovalRow),
        "posts to fold": select(func.count()).where(
            PostRow.ended_at.is_not(None), PostRow.folded.is_(False)
        ),
        "a log to empty": select(func.count()).where(WorkspaceRow.erased_at.is_not(None)),
    }
    for what, query in counts.items():
        if number := connection.execute(query).scalar_one():
            yield f"{number} {what}"


def check_uncertain(readers: Sequence[Person], connection: Connection) -> int:
    """What nobody can know was told to comms, or counts as asked; how much that is."""
    query = select(AnnouncementRow.post_id).where(AnnouncementRow.state == DispatchState.UNCERTAIN)
    lost = list(connection.execute(query).scalars())
    told = select(NoticeRow.post_id).where(
        NoticeRow.kind == NoticeKind.UNCERTAIN, NoticeRow.sent_at.is_not(None)
    )
    assert set(lost) <= set(connection.execute(told).scalars())
    states = select(MemberRow.user, AskRow.state).join(MemberRow).where(AskRow.outcome.is_(None))
    open_asks = {row.user: row.state for row in connection.execute(states)}
    uncertain = [user for user, state in open_asks.items() if state is DispatchState.UNCERTAIN]
    sent = {user for user, state in open_asks.items() if state is DispatchState.SENT}
    for reader in readers:
        assert reader.id not in sent or len(reader.dm) == 1
    return len(lost) + len(uncertain)

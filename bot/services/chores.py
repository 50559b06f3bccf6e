"""What Slack shows and should show otherwise: cards, messages, dialogs, words owed to comms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain import queue
from bot.domain.model import (
    Decision,
    DispatchState,
    Member,
    Notice,
    Outcome,
    Post,
    PostState,
    Workspace,
)
from bot.domain.preview import Preview
from bot.domain.queue import Forecast
from bot.services import membership, pace
from bot.storage import announcements, asks, cards, members, posts, previews, responses, workspaces
from bot.storage.announcements import Announcement
from bot.storage.asks import Ask
from bot.storage.cards import Card

AT_ONCE = 20  # messages, cards or dialogs brought up to date in one go: a bounded burst
OPEN_FOR = timedelta(days=1)  # longer than anybody leaves a dialog open
HELD_FOR = timedelta(seconds=60)  # a process that died leaves its chores to the others then


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a post's card in the comms channel has to show."""

    card: Card
    post: Post
    decisions: list[Decision]
    forecast: Forecast | None
    workspace: Workspace
    uncertain: bool
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A word for comms, with the title and the writer of the post it is about, if it is."""

    notice: Notice
    title: str
    writer: str


@dataclass(frozen=True, slots=True)
class AskShown:
    """The message of an ask that does not show its post as it is now.

    `renew_before` is when consent ends, where the message offers to renew it.
    """

    ask: Ask
    member: Member
    post: Post
    renew_before: datetime | None


@dataclass(frozen=True, slots=True)
class Chores:
    """All that has to be brought up to date."""

    messages: list[tuple[Announcement, Post]]
    asks: list[AskShown]
    asks_done: bool
    cards: list[CardFacts]
    dialogs: list[tuple[int, str, PostState]]
    notices: list[Owed]

    def __bool__(self) -> bool:
        return bool(
            self.messages
            or self.asks
            or self.asks_done
            or self.cards
            or self.dialogs
            or self.notices
        )


def find(connection: Connection, workspace: str, now: datetime) -> Chores:
    """What is to be done; never more than a bounded number of each kind."""
    stale = asks.any_stale(connection, workspace)
    shown = _asks(connection, workspace, now) if stale else []
    return Chores(
        messages=_messages(connection, workspace),
        asks=shown,
        asks_done=stale and len(shown) < AT_ONCE,
        cards=_cards(connection, workspace, now),
        dialogs=responses.open_dialogs(connection, workspace, now - OPEN_FOR, AT_ONCE),
        notices=_notices(connection, workspace),
    )


def take(connection: Connection, workspace: str, holder: str, now: datetime) -> bool:
    """Become the one process that does the chores; False where another one does them."""
    return workspaces.hold(connection, workspace, holder, now, now + HELD_FOR)


def leave(connection: Connection, workspace: str, holder: str) -> None:
    """Let others do the chores again."""
    workspaces.release(connection, workspace, holder)


def message_shown(
    connection: Connection, announcement: int, revision: int | None, *, ended: bool
) -> None:
    """The channel message shows this revision now, or that the post has ended."""
    announcements.shows(connection, announcement, revision, ended=ended)


def ask_shown(
    connection: Connection, ask: int, revision: int | None, now: datetime, *, ended: bool
) -> None:
    """The message of an ask shows this revision now, or that its post has ended.

    Then nobody can answer it any more, so that it is nobody's to have left open.
    """
    asks.shows(connection, ask, revision, ended=ended)
    found = asks.get(connection, ask) if ended else None
    if found is not None and found.outcome is None:
        asks.settle(connection, {ask: now}, Outcome.ENDED)
        pace.reschedule(connection, found.member, now)


def asks_shown(connection: Connection, workspace: str) -> None:
    """Posts all of whose asks show what they should are not looked at any more."""
    asks.refreshed(connection, workspace)


def card_shown(connection: Connection, post: int, ts: str, version: int) -> None:
    """The card shows this version now."""
    cards.shows(connection, post, ts, version)


def dialog_closed(connection: Connection, response: int) -> None:
    """The dialog says that the post has ended, or was closed long ago."""
    responses.forget_dialog(connection, response)


def notice_sent(connection: Connection, notice: int, now: datetime) -> None:
    """Comms have got the word."""
    workspaces.settle(connection, notice, now)


def forecast(connection: Connection, workspace: Workspace, now: datetime) -> dict[int, Forecast]:
    """When each waiting post goes out if nothing else happens."""
    waiting = announcements.waiting(connection, workspace.id)
    if not waiting:
        return {}
    announced = announcements.recent(connection, workspace.id)
    return queue.forecast(waiting, announced, workspace.policy, now)


def _messages(connection: Connection, workspace: str) -> list[tuple[Announcement, Post]]:
    pairs = [
        (announcement, posts.find_approved(connection, workspace, announcement.post))
        for announcement in announcements.outdated(connection, workspace, AT_ONCE)
    ]
    return [(announcement, post) for announcement, post in pairs if post is not None]


def _asks(connection: Connection, workspace: str, now: datetime) -> list[AskShown]:
    shown = []
    for ask, user in asks.outdated(connection, workspace, AT_ONCE):
        post = posts.find_approved(connection, workspace, ask.post)
        member = members.find(connection, workspace, user)
        if post is not None and member is not None:
            renew_before = member.consent_ends_at if membership.renewable(member, now) else None
            shown.append(AskShown(ask, member, post, renew_before))
    return shown


def _cards(connection: Connection, workspace: str, now: datetime) -> list[CardFacts]:
    stale = cards.stale(connection, workspace, AT_ONCE)
    found = workspaces.find(connection, workspace) if stale else None
    if found is None:
        return []
    outlook = forecast(connection, found, now)
    facts = []
    for card in stale:
        post = posts.find(connection, workspace, card.post)
        sent = announcements.find(connection, workspace, card.post)
        if post is not None:
            facts.append(
                CardFacts(
                    card=card,
                    post=post,
                    decisions=posts.decisions(connection, card.post),
                    forecast=outlook.get(card.post),
                    workspace=found,
                    uncertain=sent is not None and sent.state is DispatchState.UNCERTAIN,
                    preview=previews.of_link(connection, card.post, post.content.link),
                )
            )
    return facts


def _notices(connection: Connection, workspace: str) -> list[Owed]:
    owed = []
    for notice in workspaces.owed(connection, workspace):
        post = posts.find(connection, workspace, notice.post) if notice.post else None
        title, writer = (post.content.title, post.writer) if post else ("", "")
        owed.append(Owed(notice, title, writer))
    return owed

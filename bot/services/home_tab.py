"""The Home tab: everything that one person's tab shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain import desk
from bot.domain.desk import Desk, Viewer
from bot.domain.home_tab import AnsweredPost, HomeTabData
from bot.domain.ids import UserId
from bot.domain.lessons import LessonCatalog
from bot.domain.model import Member
from bot.domain.post import Post, PostState
from bot.domain.rules import changes_to_tell
from bot.domain.topics import topic_keys
from bot.services import (
    membership,
    pace_check,
    pacing,
    posts,
    preferences,
    reports,
    share_dialog,
)
from bot.storage import answers, lessons, rules, workspaces
from bot.storage.tx import Tx

_UNDER_WAY = tuple(state for state in PostState if not state.ended)


def load_home_tab(
    tx: Tx, user_id: UserId, catalog: LessonCatalog, viewer: Viewer | None = None
) -> HomeTabData:
    """What the person's Home tab shows now; `viewer` is who they are in comms, if they are."""
    member = membership.load_consenting(tx, user_id)
    answered = _answered_by(tx, member)
    return HomeTabData(
        workspace=workspaces.load(tx),
        member=member,
        decision=pacing.outlook(tx, member) if member is not None else None,
        paused=member is not None and member.paused(tx.now),
        renewable=member is not None and membership.renewable(member, tx.now),
        posts=_unanswered(_followed(share_dialog.load_shareable_posts(tx), member), answered),
        desk=load_desk(tx, viewer) if viewer is not None else None,
        catalog=catalog,
        read_lessons=None if member is None else lessons.load_read(tx, member.id),
        answered=answered,
        changes=() if member is None else changes_to_tell(rules.load_values(tx), tx.now),
        topics=_shown_topics(tx, member),
    )


def _shown_topics(tx: Tx, member: Member | None) -> list[str]:
    """What the member follows, as it is written; one that no post has any more as it is stored."""
    if member is None:
        return []
    written = preferences.load_topics(tx)
    return [written.get(topic, topic) for topic in member.preferences.topics]


def load_answered(tx: Tx, user_id: UserId) -> list[AnsweredPost]:
    """What the person has answered, newest first; nothing without valid consent."""
    return _answered_by(tx, membership.load_consenting(tx, user_id))


def _answered_by(tx: Tx, member: Member | None) -> list[AnsweredPost]:
    return [] if member is None else answers.load_answered(tx, member.id)


def load_desk(tx: Tx, viewer: Viewer) -> Desk:
    """What somebody in comms sees of what needs them, and of what is under way."""
    overview = posts.load_overview(tx, _UNDER_WAY)
    known = {post.id for post in overview.posts}
    ended = [posts.find_post(tx, each) for each in overview.uncertain if each not in known]
    concerned = [*overview.posts, *(post for post in ended if post is not None)]
    reasons = posts.load_reasons(tx, concerned)
    rows = desk.find_rows(
        viewer, concerned, overview.uncertain, reasons, overview.workspace, tx.now
    )
    if viewer.is_guest:
        return Desk(viewer, rows, overview, None)
    return Desk(
        viewer, rows, overview, pace_check.load_pace_check(tx), reports.load_newest_span(tx)
    )


def _unanswered(found: list[Post], answered: Iterable[AnsweredPost]) -> list[Post]:
    known = {answer.post_id for answer in answered}
    return [post for post in found if post.id not in known]


def _followed(shareable: list[Post], member: Member | None) -> list[Post]:
    """The posts about a topic that the member follows; all of them where they follow none."""
    topics = member.preferences.topics if member is not None else ()
    if not topics:
        return shareable
    return [post for post in shareable if {*topics} & {*topic_keys(post.content.topics)}]

"""The Home tab: everything that one person's tab shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import home_tab
from bot.domain.desk import Viewer
from bot.domain.home_tab import AnsweredPost, Browsable, HomeTabData
from bot.domain.ids import UserId
from bot.domain.lessons import LessonCatalog
from bot.domain.model import Member
from bot.domain.post import Post
from bot.domain.rules import changes_to_tell
from bot.domain.topics import topic_keys
from bot.services import membership, pacing, preferences, share_dialog
from bot.services import post_lists as post_lists_service
from bot.storage import answers, lessons, post_lists, rules, workspaces
from bot.storage.tx import Tx


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
        posts=_offered(tx, member, answered),
        desk=post_lists_service.load_desk(tx, viewer) if viewer is not None else None,
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


def load_browsable(tx: Tx, user_id: UserId) -> Browsable:
    """What can be shared now; what the person has answered comes last."""
    answered = load_answered(tx, user_id)
    known = {answer.post_id for answer in answered}
    most = home_tab.MOST_BROWSED
    found = share_dialog.load_shareable_posts(tx, most, lambda post: post.id not in known)
    if len(found) < most:
        others = share_dialog.load_shareable_posts(tx, most, lambda post: post.id in known)
        found += others[: most - len(found)]
    return Browsable(found, answered, left_out=post_lists.count_shareable(tx) - len(found))


def _offered(tx: Tx, member: Member | None, answered: Sequence[AnsweredPost]) -> list[Post]:
    """The newest posts that they did not answer, about a topic that they follow, if they do."""
    known = {answer.post_id for answer in answered}
    topics = set() if member is None else {*member.preferences.topics}

    def fits(post: Post) -> bool:
        about_it = not topics or bool(topics & {*topic_keys(post.content.topics)})
        return about_it and post.id not in known

    return share_dialog.load_shareable_posts(tx, home_tab.MOST_OFFERED, fits)

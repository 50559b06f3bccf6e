"""The Home tab: everything that one person's tab shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.home_tab import AnsweredPost, CommsData, HomeTabData
from bot.domain.ids import UserId
from bot.domain.lessons import LessonCatalog
from bot.domain.model import Member
from bot.domain.post import Post, PostState
from bot.domain.rules import changes_to_tell
from bot.services import lessons, membership, pace_check, pacing, posts, share_dialog
from bot.storage import answers, rules, workspaces
from bot.storage.tx import Tx

_UNDER_WAY = tuple(state for state in PostState if not state.ended)


def load_home_tab(
    tx: Tx, user_id: UserId, catalog: LessonCatalog, *, in_comms: bool
) -> HomeTabData:
    """What the person's Home tab shows now; what comms see is read only for comms."""
    known = membership.find_member(tx, user_id)
    member = known if known is not None and known.consents(tx.now) else None
    answered = load_answered(tx, user_id)
    return HomeTabData(
        workspace=workspaces.load(tx),
        member=member,
        decision=pacing.outlook(tx, member) if member is not None else None,
        paused=member is not None and member.paused(tx.now),
        renewable=member is not None and membership.renewable(member, tx.now),
        posts=_unanswered(_followed(share_dialog.load_shareable_posts(tx), member), answered),
        comms=_load_comms(tx) if in_comms else None,
        catalog=catalog,
        read_lessons=lessons.load_read(tx, user_id),
        answered=answered,
        changes=() if member is None else changes_to_tell(rules.load_values(tx), tx.now),
    )


def load_answered(tx: Tx, user_id: UserId) -> list[AnsweredPost]:
    """What the person has answered, newest first; nothing without valid consent."""
    known = membership.find_member(tx, user_id)
    if known is None or not known.consents(tx.now):
        return []
    return answers.load_answered(tx, known.id)


def _load_comms(tx: Tx) -> CommsData:
    overview = posts.load_overview(tx, _UNDER_WAY)
    return CommsData(overview.posts, overview.forecasts, pace_check.load_pace_check(tx))


def _unanswered(found: list[Post], answered: Iterable[AnsweredPost]) -> list[Post]:
    known = {answer.post_id for answer in answered}
    return [post for post in found if post.id not in known]


def _followed(shareable: list[Post], member: Member | None) -> list[Post]:
    """The posts about a topic that the member follows; all of them where they follow none."""
    topics = set(member.preferences.topics) if member is not None else set()
    return [post for post in shareable if not topics or topics & set(post.content.topics)]

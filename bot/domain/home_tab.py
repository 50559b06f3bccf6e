"""What one person's Home tab shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.desk import Desk
from bot.domain.ids import PostId
from bot.domain.lessons import EMPTY_CATALOG, LessonCatalog
from bot.domain.model import Allowed, Member, SkipReason, Stage, Withheld, Workspace
from bot.domain.post import Network, Post
from bot.domain.rules import RuleChange

MOST_BROWSED: Final = 10  # posts in the answer to `/advocacy browse`
MOST_SHOWN: Final = 5  # on a Home tab, which is read at a glance
MOST_OFFERED: Final = MOST_SHOWN + 1  # one more tells that there are more


@dataclass(frozen=True, slots=True)
class AnsweredPost:
    """What a member answered to a post; `stage` is None where it was saved for later.

    `open` says that the post can still be shared, and the answer be taken back.
    """

    post_id: PostId
    title: str
    open: bool
    stage: Stage | None
    reason: SkipReason | None
    network: Network | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Browsable:
    """Posts that can be shared now, those that their reader has `answered` last.

    `left_out` is how many more there are.
    """

    posts: Sequence[Post]
    answered: Sequence[AnsweredPost] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class HomeTabData:
    """All that one person's Home tab shows; `desk` is None for those who are not in comms.

    `member` is None where there is no valid consent; `paused` and `renewable` are as of now, and
    `read_lessons` names the lessons of the `catalog` that a member has read. `posts` are the
    newest that they have not answered, `answered` the others, newest answer first. `changes` are
    the rules that changed lately, the same for every member. `topics` are those that they follow,
    as they are shown.
    """

    workspace: Workspace
    member: Member | None
    decision: Allowed | Withheld | None
    paused: bool
    renewable: bool
    posts: Sequence[Post]
    desk: Desk | None
    catalog: LessonCatalog = EMPTY_CATALOG
    read_lessons: frozenset[str] | None = None
    answered: Sequence[AnsweredPost] = ()
    changes: Sequence[RuleChange] = ()
    topics: Sequence[str] = ()

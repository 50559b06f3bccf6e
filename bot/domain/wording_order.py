"""In which order a member meets the wordings of a post, and when a wording was used enough."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bot.domain import languages
from bot.domain.draws import draw
from bot.domain.ids import PostId
from bot.domain.post import Wording
from bot.domain.snapshot import LEAST_PEOPLE, Snapshot, wording_key

# Networks show a post for some days; a reader who meets the same words after a week forgives it.
WINDOW: Final = timedelta(days=7)
# Audiences of a larger company overlap less, so each wording may go a little further: 5 %.
MEMBERS_PER_USE: Final = 20


def max_uses(members: int) -> int:
    """How many people may open one wording in any seven days, among so many members.

    At least so many that a snapshot may speak of them; then a reader who follows several
    colleagues hardly meets the same words twice.
    """
    return max(LEAST_PEOPLE, members // MEMBERS_PER_USE)


def order_wordings(
    post_id: PostId,
    wordings: Iterable[Wording],
    seed: int | None = None,
    language: str | None = None,
) -> tuple[Wording, ...]:
    """The wordings in the member's own order: a hash, so that colleagues begin differently.

    Those in the member's language come first. Without a `seed`, a member's, they stay as written.
    """
    own = list(wordings)
    if seed is not None:
        own.sort(key=lambda wording: draw(seed, wording_key(post_id, wording)[1]))
    return languages.theirs_first(own, language)


def is_used(post_id: PostId, wording: Wording, snapshot: Snapshot) -> bool:
    """Whether yesterday's figures found the wording used enough: then it is offered last."""
    return snapshot.gate and wording_key(post_id, wording) in snapshot.used

"""Whether posts are about more than the company's own news."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.post import PostKind

LOOKED_BACK_ON: Final = 6
TOO_MANY: Final = 5


def own_news_before(kind: PostKind | None, earlier: Sequence[PostKind | None]) -> int | None:
    """How many of the last posts were the company's own news, where that is worth a thought.

    Args:
        kind: What kind the post is that is about to be approved.
        earlier: The kinds of the LOOKED_BACK_ON posts approved last before it; None where nobody
            said.

    Returns:
        A number from TOO_MANY on; None where the post is about something else, or they were.
    """
    if kind is not PostKind.OWN_NEWS or len(earlier) < LOOKED_BACK_ON:
        return None
    count = sum(each is PostKind.OWN_NEWS for each in earlier)
    return count if count >= TOO_MANY else None

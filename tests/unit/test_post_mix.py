"""The company's own news among the posts before: said where it is nearly all there was."""

from __future__ import annotations

import pytest

from bot.domain.post import PostKind
from bot.domain.post_mix import own_news_before

OWN, JOBS, UNSAID = PostKind.OWN_NEWS, PostKind.JOBS, None


@pytest.mark.parametrize(
    ("kind", "earlier", "found"),
    [
        (OWN, [OWN] * 6, 6),
        (OWN, [JOBS, *[OWN] * 5], 5),
        (OWN, [UNSAID, *[OWN] * 5], 5),
        (OWN, [JOBS, JOBS, *[OWN] * 4], None),
        (OWN, [OWN] * 5, None),
        (JOBS, [OWN] * 6, None),
        (UNSAID, [OWN] * 6, None),
    ],
)
def test_it_is_said_to_whoever_approves_one_more(
    kind: PostKind | None, earlier: list[PostKind | None], found: int | None
) -> None:
    assert own_news_before(kind, earlier) == found

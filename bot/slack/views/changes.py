"""What changed in a post since it was decided about last, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, DividerBlock

from bot.domain import networks
from bot.domain.post import Decision, Network, PostKind, Verdict
from bot.domain.review import Change, Field, Value
from bot.slack.views.post_words import KINDS, ways
from bot.slack.views.text import context, copyable, header, section, shortened, wall_clocks

_LONGEST_SHOWN = 1_400  # of what a part said and says: two of them in one block
_FIELDS = {
    Field.TITLE: "Title",
    Field.LINK: "Link",
    Field.WHY: "Why it matters",
    Field.TOPICS: "Topics",
    Field.KIND: "Kind of post",
    Field.PROMPTS: "Questions to start from",
    Field.PICTURE: "Picture",
    Field.PICTURE_ALT: "What the picture shows",
    Field.AUTHOR: "Author",
    Field.DELIVERY: "Where it goes",
    Field.NOT_BEFORE: "Earliest time",
    Field.EXPIRES_AT: "Ends",
}


def render(
    since: Decision | None,
    changes: Sequence[Change],
    zone: str,
    own_zone: str | None = None,
    *,
    most: int | None = None,
) -> list[Block]:
    """What changed since the decision `since`; nothing for a first text.

    Times are shown on the clock of `zone`, and of the reader's `own_zone` where it is another.
    After `most` parts the others are only named.
    """
    if since is None:
        return []
    what = "approved" if since.verdict is Verdict.APPROVED else "sent back"
    blocks: list[Block] = [DividerBlock(), header(f"What changed since it was {what}")]
    if not changes:
        return [*blocks, section("Nothing has changed.")]
    for change in changes[:most]:
        blocks += _change(change, (zone, own_zone))
    others = [] if most is None else [_label(change) for change in changes[most:]]
    return [*blocks, context(f"Changed as well: {', '.join(others)}.")] if others else blocks


def _label(change: Change) -> str:
    part = change.part
    return networks.name(part) if isinstance(part, Network) else _FIELDS[part]


def _change(change: Change, zones: tuple[str, str | None]) -> list[Block]:
    label = _label(change)
    before, after = (_shown(value, zones) for value in (change.before, change.after))
    match before, after:
        case "", _:
            return [context(f"*{label}*, new:"), copyable(after)]
        case _, "":
            return [context(f"*{label}*, removed. It was:"), copyable(before)]
        case _:
            return [context(f"*{label}*, before and now:"), copyable(before, after)]


def _shown(value: Value, zones: tuple[str, str | None]) -> str:
    match value:
        case datetime():
            return wall_clocks(value, *zones)
        case PostKind():
            return KINDS[value]
        case frozenset():
            return ways(value)
    return shortened(value or "", _LONGEST_SHOWN)

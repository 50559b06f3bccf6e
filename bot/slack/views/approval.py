"""What an approver is asked, on a card and in a review."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.domain.audience import Audience
from bot.domain.post_mix import LOOKED_BACK_ON
from bot.slack.views.text import context, escape

QUESTION = "*Would you share this if you didn't work here?*"


def questions(own_news: int | None, audience: Audience | None) -> list[Block]:
    """A question to whoever approves, and who would be asked about it, where that is told.

    `own_news` is how many of the last posts were the company's own news.
    """
    mix = ""
    if own_news == LOOKED_BACK_ON:
        mix = f" The last {LOOKED_BACK_ON} posts were all our own news."
    elif own_news is not None:
        mix = f" Of the last {LOOKED_BACK_ON} posts, {own_news} were our own news."
    blocks: list[Block] = [context(QUESTION + mix)]
    if audience is not None:
        which = "" if audience.is_only else " Of its topics that one has the most."
        blocks.append(
            context(
                f"*Who would be asked:* about {audience.people} people who get direct messages "
                f"follow “{escape(audience.topic)}”.{which} Counted once a week."
            )
        )
    return blocks

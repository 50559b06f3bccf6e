"""What an approver is asked, on a card and in a review."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.domain.post_mix import LOOKED_BACK_ON
from bot.slack.views.text import context

QUESTION = "*Would you share this if you didn't work here?*"


def questions(own_news: int | None) -> list[Block]:
    """A question to whoever approves; `own_news` is how many of the last posts were that."""
    mix = ""
    if own_news == LOOKED_BACK_ON:
        mix = f" The last {LOOKED_BACK_ON} posts were all our own news."
    elif own_news is not None:
        mix = f" Of the last {LOOKED_BACK_ON} posts, {own_news} were our own news."
    return [context(QUESTION + mix)]

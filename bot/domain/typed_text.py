"""Text as people type and paste it: cleaned on entry, and as commands read it."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

from bot.domain.invisible import without_invisible

# What the Unicode Standard (5.8, "Newline Guidelines") lists beside the line feed.
_LINE_END: Final = regex.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
# Half a character, and the noncharacters that X refuses in a post.
_UNWANTED: Final = regex.compile(r"[\p{Cc}--\n\t]|\p{Cs}|[\ufeff\ufffe\uffff]", regex.V1)
_EDGE: Final = r"[\s\u200b\u2060]"
# What ends the text is looked for where a run of blanks begins, and not at each blank of it anew.
_EDGES: Final = regex.compile(rf"\A{_EDGE}++|(?<!{_EDGE}){_EDGE}++\Z")
# Drawn as nothing (Unicode's Default_Ignorable_Code_Point: the Hangul fillers, the soft hyphen,
# joiners, tags), as an empty Braille cell, or only standing for what was not pasted with it.
_INVISIBLE: Final = r"\p{Default_Ignorable_Code_Point}\p{Cc}"
_SHOWS_NOTHING: Final = regex.compile(rf"[\s\p{{Z}}{_INVISIBLE}\u2800\ufffc]*")

_SPACE: Final = regex.compile(r"[\s\p{Z}\u2800]+")
_UNSEEN: Final = regex.compile(rf"[{_INVISIBLE}--\s]", regex.V1)
# A link may hold joiners: Persian words do.
_UNSEEN_IN_LINK: Final = regex.compile(rf"[{_INVISIBLE}--[\s\u200c\u200d]]", regex.V1)
_DASH: Final = regex.compile(r"[\p{Dash}\u2043\u30fc\uff70]")
_SINGLE_QUOTE: Final = regex.compile("[\u2018-\u201b\u2032\u2035\u2039\u203a`\u00b4\u02b9-\u02bd]")
_DOUBLE_QUOTE: Final = regex.compile(
    "[\u201c-\u201f\u2033\u2036\u00ab\u00bb\u275d-\u2760\u300c-\u300f\u301d-\u301f]"
)
_AROUND: Final = " .,;:!?'\"()[]*_~"
_SLACK_LINK: Final = regex.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")


def clean(text: str) -> str:
    """Text as it is stored: composed (NFC), without surrounding space.

    Invisible characters are gone but for those that scripts and emoji need (`invisible`). Lines end
    with a line feed, however they ended before. What shows nothing is empty.
    """
    text = unicodedata.normalize("NFC", without_invisible(_clean(text))).strip()
    return "" if _SHOWS_NOTHING.fullmatch(text) else text


def clean_link(typed: str) -> str:
    """An address as it is stored: `clean`, but not composed, since that would name another page."""
    text = _clean(typed)
    return "" if _SHOWS_NOTHING.fullmatch(text) else text


def plain(text: str) -> str:
    """Text as commands read it, in small letters: what looks alike becomes the same.

    Every white space is one blank, every dash a hyphen, every quotation mark a straight one;
    invisible characters are gone, wide and other compatible letters are the usual ones (NFKC).
    Punctuation around the whole is gone as well, but for what stands there alone.
    """
    text = unicodedata.normalize("NFKC", _SINGLE_QUOTE.sub("'", text))
    text = _SINGLE_QUOTE.sub("'", _DOUBLE_QUOTE.sub('"', _DASH.sub("-", text)))
    text = _SPACE.sub(" ", _UNSEEN.sub("", text)).strip().casefold()
    return text.strip(_AROUND) or text


def first_word(text: str) -> tuple[str, str]:
    """The first word, and the rest without the white space between; both as typed."""
    word, *rest = _SPACE.split(_edges_off(text), maxsplit=1)
    return word, _edges_off(rest[0]) if rest else ""


def typed_link(text: str) -> str:
    """The address in what was typed: bare, in quotation marks, or as Slack writes links in text.

    Slack writes `<https://…>` or `<https://…|…>`, with `&amp;` for `&`.
    """
    text = _UNSEEN_IN_LINK.sub("", text).strip()
    text = text.strip("\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a ")
    if match := _SLACK_LINK.fullmatch(text):
        text = match[1]
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return clean_link(text)


def _clean(text: str) -> str:
    return _EDGES.sub("", _UNWANTED.sub("", _LINE_END.sub("\n", text)))


def _edges_off(text: str) -> str:
    return regex.sub(rf"^[\s\p{{Z}}\u2800{_INVISIBLE}]+", "", text)

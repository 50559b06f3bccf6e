"""Characters that show nothing, or turn others around: what of them people may send each other.

A text must not look like another one, hide something, or change the sentence in which it stands.
What scripts and emoji need stays: joiners between their letters, selectors of a form, flags,
marks of direction and closed isolates in a text that has right-to-left letters (UAX #9, UTS #51,
RFC 5892, appendix A).
"""

from __future__ import annotations

from typing import Final

import regex

_JOINED_SCRIPTS: Final = (
    "Adlam Arabic Bengali Chakma Devanagari Gujarati Gurmukhi Hanifi_Rohingya Javanese Kannada "
    "Khmer Malayalam Mandaic Mongolian Myanmar Nko Oriya Phags_Pa Sinhala Syriac Tamil Telugu "
    "Tibetan"
)
_JOINED: Final = "[" + "".join(rf"\p{{scx={script}}}" for script in _JOINED_SCRIPTS.split()) + "]"
# Each has its letters in one of a few forms: Han, Mongolian, Phags-pa and Myanmar (Unicode's
# StandardizedVariants.txt, and the Ideographic Variation Database).
_WITH_FORMS: Final = r"[\p{Script=Han}\p{Script=Mongolian}\p{Script=Phags_Pa}\p{Script=Myanmar}]"
_PICTURE: Final = r"(?:\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})"
_SUBDIVISION: Final = r"[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"

_KEPT: Final = "|".join(
    (
        rf"(?<={_JOINED}\p{{M}}{{0,4}})\u200c(?={_JOINED})",
        rf"(?<={_JOINED}\p{{M}}{{0,4}})\u200d|\u200d(?={_JOINED})",
        rf"(?<={_PICTURE})\u200d(?=\p{{Extended_Pictographic}})",
        r"(?<=[0-9#*])\ufe0f(?=\u20e3)|(?<=[\p{Emoji}--[0-9#*]])[\ufe0e\ufe0f]",
        rf"(?<={_WITH_FORMS})\p{{Variation_Selector}}",
        r"(?<=\p{Script=Mongolian})\u180e(?=\p{Script=Mongolian})",
        rf"(?<=\U0001f3f4){_SUBDIVISION}",
    )
)
# Unicode's Default_Ignorable_Code_Point holds the fillers of Hangul, the soft hyphen, joiners,
# tags and much that is not assigned yet. The rest are annotations, and controls but for line ends.
_UNSEEN: Final = (
    r"[[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Cc}]"
    r"--[\n\t\u200e\u200f\u061c\u2066-\u2069]]"
)
_INVISIBLE: Final = regex.compile(rf"(?:{_KEPT})(*SKIP)(*FAIL)|{_UNSEEN}", regex.V1)
_MANY_SELECTORS: Final = regex.compile(r"(?<=\p{Variation_Selector})\p{Variation_Selector}+")
_LEFTWARD: Final = regex.compile(r"[[\p{Bidi_Class=R}\p{Bidi_Class=AL}]&&\p{L}]", regex.V1)
_DIRECTION: Final = regex.compile("[\u200e\u200f\u061c\u2066-\u2069]")
_BRAILLE_BLANK: Final = regex.compile("(?<![\u2801-\u28ff])\u2800(?![\u2801-\u28ff])")
_ISOLATE: Final = regex.compile("(?P<opens>[\u2066-\u2068])|\u2069")
_FIRST_STRONG_ISOLATE: Final = "\u2068"
_END_OF_ISOLATE: Final = "\u2069"


def without_invisible(text: str) -> str:
    """The text with only those invisible characters that its scripts and emoji need."""
    if text.isascii() and text.isprintable():
        return text
    text = _BRAILLE_BLANK.sub(" ", text)
    # A letter has one form, so only the first selector can be of use. Each alone takes long.
    text = _INVISIBLE.sub("", _MANY_SELECTORS.sub("", text))
    return with_closed_isolates(text) if _LEFTWARD.search(text) else _DIRECTION.sub("", text)


def with_closed_isolates(text: str) -> str:
    """The text without isolates that no line of it closes, and without ends of none."""
    return "\n".join(map(_closed, text.split("\n")))


def isolated(text: str) -> str:
    """The text as it can stand in a sentence, whose words stay in their order.

    Nothing is added where nothing in the text runs from right to left.
    """
    return "\n".join(map(_isolated, text.split("\n")))


def _closed(line: str) -> str:
    open_ones: list[int] = []
    unpaired: set[int] = set()
    for found in _ISOLATE.finditer(line):
        if found["opens"]:
            open_ones.append(found.start())
        elif open_ones:
            open_ones.pop()
        else:
            unpaired.add(found.start())
    unpaired.update(open_ones)
    if not unpaired:
        return line
    return "".join(sign for place, sign in enumerate(line) if place not in unpaired)


def _isolated(line: str) -> str:
    if line.isascii() or not (_LEFTWARD.search(line) or _DIRECTION.search(line)):
        return line
    return f"{_FIRST_STRONG_ISOLATE}{_closed(line)}{_END_OF_ISOLATE}"

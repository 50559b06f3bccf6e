"""Texts that are slow to look at where a rule reads them again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.domain.avoided_terms import MOST_TERMS
from bot.domain.drafting import Fields, check
from bot.domain.post import Network
from bot.domain.post_fields import MAX_LINK, MAX_TITLE, MAX_WHY
from bot.domain.sharing_policy import SharingPolicy

NOW: Final = datetime(2026, 9, 1, 8, tzinfo=UTC)
NETWORKS: Final = (Network.LINKEDIN, Network.X, Network.BLUESKY, Network.MASTODON)
POLICY: Final = SharingPolicy(avoid=tuple(f"a a a {number}" for number in range(MOST_TERMS)))
# What is written again and again; its name is what a test shows.
UNITS: Final = {
    "stops": ".",
    "short names": "a.",
    "letters beyond Latin": "\u6f22",
    "names beyond Latin": "\u6f22.",
    "hosts": "a.com ",
    "hosts in one word": "a.com/",
    "long labels": "a" * 60 + ".",
    "encoded names": "xn--",
    "labels with a bad end": "a_-.",
    "endings": ".com",
    "schemes": "http://",
    "links in links": "https://a.com/(",
    "paths with commas": "a.com/a,(",
    "opened brackets": "(",
    "closed brackets": "()",
    "angles": "<",
    "ampersands": "&",
    "mentions": "@",
    "addresses": "@a@b.com ",
    "tags": "#a",
    "colons": ":",
    "emoji codes": ":a",
    "slashes": "/",
    "percent signs": "%41",
    "combining marks": "\u0301",
    "families": "\U0001f469\u200d",
    "halves of flags": "\U0001f1e9",
    "hidden letters": "\U0001f3f4\U000e0067\U000e0062",
    "forms of letters": "\u6f22\ufe0f\ufe0f",
    "overrides": "a\u202e",
    "open isolates": "\u05d0\u2067",
    "joiners": "\u0628\u200c",
    "lines": "\n",
    "spaces": " x",
    "words of terms to avoid": "a ",
    "blanks": "\t",
    "unseen blanks": "\u200b",
    "employers": "my acme ",
    "halves of statements": "I work at ",
}
PLAIN: Final = "word "
INSIDE: Final = {"blanks", "unseen blanks", "lines"}  # which would be nothing at an edge


def hostile(name: str, size: int) -> Fields:
    """A form full of one of the units."""
    around = "x" if name in INSIDE else ""
    return form(UNITS[name], size, around)


def form(unit: str, size: int, around: str = "", fields: int = 1) -> Fields:
    """A form whose fields hold nothing else: its texts have `size` characters, the link fewer.

    `fields` is how many each network has.
    """
    text = around + (unit * size)[: size - 2 * len(around)] + around
    return Fields(
        title=text[:MAX_TITLE],
        link=f"https://acme.example/{text}"[: min(size, MAX_LINK)],
        why=text[:MAX_WHY],
        topics=text,
        wordings=tuple((network, text) for network in NETWORKS for _ in range(fields)),
        not_before=None,
        expires_at=None,
        picture_alt=text,
    )


def read(fields: Fields) -> None:
    """All that is done with a form when it is sent."""
    check(fields, "#AcmeEmployee", NOW, sharing_policy=POLICY)

"""Figures as a curious reader finds them on a screen: what each counts, and how many it says.

Every number has to be placed: it counts people, and is read, or it is a date, the number of a post,
a count of posts or texts, a setting. One that is nothing of these fails the test that reads it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from calendar import month_name
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTH: Final = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_SHORT: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_DAY: Final = "(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_MONTHS: Final = rf"{_MONTH}(?: [0-9]{{4}})?(?: to {_MONTH})? [0-9]{{4}}"

OPENED, SHARED, SKIPPED = "Opened", "Marked as shared", "Skipped"
INTERESTED, ASKED, MEMBERS = "Pressed Share only", "Asked directly", "Members"
OTHER_NETWORKS, OTHER_REASONS, NO_REASON = "Other networks", "another, or none", "no reason given"
_IN_WORDS: Final = {
    "opened a post to share": OPENED,
    "opened it to share": OPENED,
    "marked one as shared": SHARED,
    "marked it as shared": SHARED,
    "skipped one": SKIPPED,
    "skipped it": SKIPPED,
    "pressed Share and went no further": INTERESTED,
    "were asked about it directly": ASKED,
}

# What is none of people's, in the order in which it is taken away.
_PLACED: Final = tuple(
    re.compile(part)
    for part in (
        r"https?://\S+",
        r"utm_campaign=post-[0-9]+",
        r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9:.]+Z?)?)?",
        rf"(?:[0-9]{{1,2}} )?{_MONTHS}",
        rf"(?:{_DAY},? )?{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?(?:, [0-9]{{4}})?",
        rf"(?:{_DAY},? )?[0-9]{{1,2}} (?:{_MONTH}|{_SHORT})(?: [0-9]{{4}})?",
        rf"{_SHORT} [0-9]{{1,2}}(?:, [0-9]{{4}})?",
        rf"{_DAY} [0-9]{{1,2}}",
        r"[0-9]{1,2}:[0-9]{2}(?:-[0-9]{1,2}:[0-9]{2})?(?: [AP]M)?",
        # Numbers of posts and of their versions, as comms type them, too.
        r"(?i)\b(?:posts?|version|draft) [0-9]+",
        r"\bAll [0-9]+\b",
        r"(?m)^[0-9]+: ",
        r"/advocacy (?:approve|send-back|withdraw|duplicate|report|audit|feed remove) [0-9]+",
        r"/advocacy freeze until 14 ",
        # Counts of what is no person, and settings.
        r"\b[0-9,]+ (?:more )?(?:posts?|drafts?|texts?|weeks?|days?|years?|months?|hours?|minutes?"
        r"|entries|of [0-9,]+|characters|times a week)\b",
        r"\b[0-9]+(?:h|d)\b",
        r"Waiting for a colleague: [0-9]+",  # posts
        r"the newest [0-9]+\.",  # posts, or visits to one
        r"50% (?:longer|more)",
        r"[0-9]+ for none",
        r"at most:? [0-9]+",
        r"rounded to (?:5|10)",
        r"at least 6 people",
        r"5 stands for 6 or 7",
        r"about 20 members",
    )
)
_OF_MONTHS: Final = re.compile(
    rf"(?P<months>{_MONTHS})"
    r"(?:: [0-9]+ posts? ended\. People |, (?:one post|[0-9]+ posts): people )"
    r"(?P<did>[^.]*)\."
)
_OF_POST: Final = re.compile(r"“(?P<title>TITLE-[0-9]+)”: (?P<did>about [^.]*)\.")
_DID: Final = re.compile(rf"(?:({'|'.join(_IN_WORDS)}) about ([0-9]+) times)")
_DID_IT: Final = re.compile(rf"about ([0-9]+) (?:people )?({'|'.join(_IN_WORDS)})")
_COST: Final = re.compile(
    r"in direct messages about (?P<asked>[0-9]+) times"
    r"(?:\. That's about [0-9.]+ times for each member)?"
)
_JOINED: Final = re.compile(r"About ([0-9]+) people have joined\.")
_POINTS: Final = re.compile(r"(?m)^About so (?:often|many people): (.*)$")
_WHY: Final = re.compile(r"Why people skipped: (.*)\.")
_BAR: Final = re.compile(r"(?m)^([A-Z][^:|\n]*): about ([0-9]+)$")
_ROW: Final = re.compile(r"(?m)^(All [0-9]+|[0-9]+: [^|\n]+)((?: \| (?:[0-9]+|not told)){5})$")
_BELOW: Final = re.compile(
    r"(?m)^(All [0-9]+|[0-9]+: [^|\n]+)\n  ((?:[A-Z][A-Za-z ]+ [0-9]+(?:, )?)+)$"
)
_BELOW_IT: Final = (_POINTS, _BAR, _WHY, _ROW, _BELOW)
_COLUMNS: Final = (OPENED, SHARED, SKIPPED, INTERESTED, ASKED)
_AUDIENCE: Final = re.compile(
    r"about (?P<people>[0-9]+) people who get direct messages follow “(?P<topic>[^”]+)”"
)

# The columns of exports of what comms did and wrote.
_OF_COMMS: Final = {
    *("workspace", "number", "at", "who", "act", "post", "version", "title", "before", "after"),
    *("reason", "disclosure", "subject", "state", "link", "why", "topics", "kind", "prompts"),
    *("delivery", "network", "language", "text", "author", "picture", "picture_alt"),
    *("written_by", "written_at", "approved_by", "approved_at", "not_before"),
    *("live_at", "ends_at", "ended_at"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure is about: one post, or all that ended in months; or followers of a topic."""

    post: int | None = None
    first: date | None = None
    last: date | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one figure counts, by its name; `people` is how many it says."""

    scope: Scope
    name: str
    people: int


class Unplaced(AssertionError):
    """A number on a screen that may count people, and of which nobody knows what it counts."""


def read(text: str, titles: Sequence[str], known: Sequence[str] = ()) -> list[Figure]:
    """All figures on one screen; `titles` are those of the posts by number, `known` other texts.

    Raises:
        Unplaced: for a number that is no figure that is known, and nothing else, either.
    """
    if text.lstrip("\ufeff").startswith('"first_month"'):
        return [_of_file(row, titles) for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))]
    if text.startswith("[") and '"first_month"' in text:
        return [_of_file(row, titles) for row in json.loads(text)]
    if _is_of_comms(text):
        return []
    text = _masked(text, titles, known)
    reader = _Reader(text)
    found = list(reader.figures())
    left = reader.text
    for part in _PLACED:
        left = part.sub(" ", left)
    left = re.sub(r"TITLE-[0-9]+", " ", left)
    unplaced = [line for line in left.splitlines() if re.search("[0-9]", line)]
    if unplaced:
        raise Unplaced(unplaced[:3])
    return found


def _is_of_comms(text: str) -> bool:
    """Whether it is an export of what comms did or wrote, none of whose columns counts people."""
    text = text.lstrip("\ufeff")
    if text.startswith('"workspace",'):
        columns = next(csv.reader(io.StringIO(text)))
    elif text.startswith("[") and '{"workspace":' in text:
        columns = list(json.loads(text)[0])
    else:
        return False
    more = set(columns) - _OF_COMMS
    if more:
        raise Unplaced(more)
    return True


def _masked(text: str, titles: Sequence[str], known: Sequence[str]) -> str:
    """Without what comms wrote: it may hold any number."""
    for one in sorted(map(str.strip, known), key=len, reverse=True):
        text = text.replace(one, " ")
    named = sorted(enumerate(titles, 1), key=lambda pair: -len(pair[1]))
    for number, title in named:
        text = text.replace(title, f"TITLE-{number}")
        start = re.escape(title[:24])
        text = re.sub(rf"{start}[^…\n“”]*…", f"TITLE-{number}", text)
    return text


class _Reader:
    """Takes figures from a text; `text` is what is left of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def figures(self) -> Iterator[Figure]:
        scope = Scope()
        for found in [*_OF_MONTHS.finditer(self.text)]:
            scope = _of_months(found["months"])
            for name, people in _DID.findall(found["did"]):
                yield Figure(scope, _IN_WORDS[name], int(people))
            after = self.text[found.end() : found.end() + 200]
            cost = _COST.search(after.partition("\n\n")[0])
            if cost:
                yield Figure(scope, ASKED, int(cost["asked"]))
            joined = _JOINED.search(after.partition("\n\n")[0])
            if joined:
                yield Figure(scope, MEMBERS, int(joined[1]))
        for found in [*_OF_POST.finditer(self.text)]:
            scope = Scope(post=_number(found["title"]))
            for people, name in _DID_IT.findall(found["did"]):
                yield Figure(scope, _IN_WORDS[name], int(people))
        yield from self._below(scope)
        for found in _AUDIENCE.finditer(self.text):
            yield Figure(Scope(topic=found["topic"]), "follow", int(found["people"]))
        for part in (_OF_MONTHS, _OF_POST, _COST, _JOINED, *_BELOW_IT, _AUDIENCE):
            self.text = part.sub(" ", self.text)

    def _below(self, scope: Scope) -> Iterator[Figure]:
        """The charts, the reasons and the table below the sentence of a report."""
        for line in _POINTS.findall(self.text):
            for label, people in re.findall(r"([^,]+?) ([0-9]+)(?:, |$)", line):
                yield Figure(scope, _of_bar(label), int(people))
        for label, people in _BAR.findall(self.text):
            yield Figure(scope, _of_bar(label), int(people))
        for line in _WHY.findall(self.text):
            for label, people in re.findall(r"(.+?) about ([0-9]+)(?:, |$)", line):
                yield Figure(scope, f"Skipped: {label}", int(people))
        yield from self._rows(scope)

    def _rows(self, scope: Scope) -> Iterator[Figure]:
        """The table of a report, or what stands for it."""
        for head, cells in _BELOW.findall(self.text):
            for label, people in re.findall(r"([A-Z][A-Za-z ]+) ([0-9]+)", cells):
                yield Figure(_of_row(head, scope), label, int(people))
        for head, cells in _ROW.findall(self.text):
            whose = _of_row(head, scope)
            for name, people in zip(_COLUMNS, re.findall("[0-9]+|not told", cells), strict=True):
                if people != "not told":
                    yield Figure(whose, name, int(people))


def _of_bar(label: str) -> str:
    """The name of a figure in a chart: what people did, or a network where they opened posts."""
    return label if label in _COLUMNS else f"{OPENED}: {label}"


def _of_row(head: str, scope: Scope) -> Scope:
    """What a row of a report's table is about: the months, or the post that it names."""
    return scope if head.startswith("All") else Scope(post=int(head.partition(":")[0]))


def _of_file(row: Mapping[str, str], titles: Sequence[str]) -> Figure:
    first, last = (date.fromisoformat(f"{row[name]}-01") for name in ("first_month", "last_month"))
    name = row["figure"]
    if name.startswith("Skipped: "):
        name = f"Skipped: {name.removeprefix('Skipped: ').lower()}"
    post = int(row["post"]) if row["post"] else None
    assert row["title"] == ("all posts" if post is None else titles[post - 1])
    scope = Scope(None, first, last) if post is None else Scope(post=post)
    return Figure(scope, name, int(row["people"]))


def _of_months(text: str) -> Scope:
    """As reports name them: "March to May 2026", "December 2026 to January 2027"."""
    first, _, last = text.partition(" to ")
    month, year = (last or first).split()
    begin, *earlier = first.split()
    number = list(month_name).index
    return Scope(
        None,
        date(int(earlier[0] if earlier else year), number(begin), 1),
        date(int(year), number(month), 1),
    )


def _number(title: str) -> int:
    return int(title.removeprefix("TITLE-"))

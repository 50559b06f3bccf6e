"""Lessons: short pieces of training, what makes one readable, and which is offered when."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import regex

MOST_WORDS: Final = 120
MOST_CHARACTERS: Final = 3_000  # of a lesson's text: words may be long in any language
MOST_PARTS: Final = 20  # paragraphs and lists; a dialog takes 100 blocks
MOST_LESSONS: Final = 40  # one block each in a message of at most 50
MAX_TITLE: Final = 60  # a button's label takes 75, "Read" included
MAX_SUMMARY: Final = 150
MAX_NAME: Final = 60
FIRST_SKIPS: Final = 2  # one skip says nothing; after the second it helps to hear that it is fine

_NAME: Final = regex.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Occasion(StrEnum):
    """A moment at which one lesson is offered, once to each member."""

    BEFORE_FIRST_ASK = "before_first_ask"
    DISCLOSURE_DROPPED = "disclosure_dropped"
    AFTER_FIRST_SKIPS = "after_first_skips"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text in one style; `link` is where it leads."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: tuple[tuple[TextRun, ...], ...]


Part = Paragraph | Bullets


@dataclass(frozen=True, slots=True)
class Lesson:
    """One short piece of training. `name` is its file's, without the ending.

    `order` is its place among the others, smallest first. `when` is the occasion on which it is
    offered; None for one that is read on request only.
    """

    name: str
    title: str
    summary: str
    order: int
    when: Occasion | None
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All that a person reads in it, without its title."""
        return "\n".join("".join(run.text for run in runs) for runs in _lines(self.parts))


def _lines(parts: Iterable[Part]) -> Iterable[tuple[TextRun, ...]]:
    for part in parts:
        if isinstance(part, Paragraph):
            yield part.runs
        else:
            yield from part.items


@dataclass(frozen=True, slots=True)
class LessonCatalog:
    """A workspace's lessons, in the order in which they are read."""

    lessons: tuple[Lesson, ...] = ()

    def find(self, name: str) -> Lesson | None:
        """The lesson of this name."""
        return next((lesson for lesson in self.lessons if lesson.name == name), None)

    def suggest(self, read: Collection[str]) -> Lesson | None:
        """The first lesson that is not among those `read`, by their names."""
        return next((lesson for lesson in self.lessons if lesson.name not in read), None)

    def next_after(self, name: str) -> Lesson | None:
        """The lesson that follows the one of this name; None after the last."""
        names = [lesson.name for lesson in self.lessons]
        following = names.index(name) + 1 if name in names else len(names)
        return self.lessons[following] if following < len(names) else None

    def lesson_for(self, occasion: Occasion) -> Lesson | None:
        """The lesson that is offered on an occasion."""
        return next((lesson for lesson in self.lessons if lesson.when is occasion), None)


EMPTY_CATALOG: Final = LessonCatalog()


def build_catalog(lessons: Iterable[Lesson]) -> LessonCatalog:
    """The lessons in their order; two of the same place stand by their names."""
    return LessonCatalog(tuple(sorted(lessons, key=lambda lesson: (lesson.order, lesson.name))))


def lesson_problems(lesson: Lesson) -> list[str]:
    """What keeps a lesson from being short and readable, each as the rest of a sentence."""
    text = lesson.text
    words = len(text.split())
    found = []
    if len(lesson.name) > MAX_NAME or not _NAME.fullmatch(lesson.name):
        found.append(
            "its name takes small letters, digits and single hyphens, such as how-we-write, and "
            f"{MAX_NAME} characters at most"
        )
    found += _line_faults("title", lesson.title, MAX_TITLE)
    found += _line_faults("summary", lesson.summary, MAX_SUMMARY)
    if not all("".join(run.text for run in runs).strip() for runs in _lines(lesson.parts)):
        found.append("it has an empty paragraph or list item")
    elif words == 0:
        found.append("it has no text")
    if words > MOST_WORDS:
        found.append(f"it has {words} words, and {MOST_WORDS} is the most")
    if len(text) > MOST_CHARACTERS:
        found.append(f"its text has {len(text):,} characters, and {MOST_CHARACTERS:,} is the most")
    if len(lesson.parts) > MOST_PARTS:
        found.append(
            f"it has {len(lesson.parts)} paragraphs and lists, and {MOST_PARTS} is the most"
        )
    return found


def _line_faults(what: str, value: str, most: int) -> list[str]:
    if not value:
        return [f"its {what} is empty"]
    if any(unicodedata.category(each) == "Cc" for each in value):
        return [f"its {what} has a character that cannot be shown"]
    if len(value) > most:
        return [f"its {what} has {len(value)} characters, and {most} is the most"]
    return []


def catalog_problems(lessons: Iterable[Lesson]) -> list[str]:
    """What keeps lessons from standing side by side, each as a whole sentence."""
    known = sorted(lessons, key=lambda lesson: lesson.name)
    found = [
        f"{both} are both offered {when}, and only one can be"
        for when, both in _alike(known, lambda lesson: lesson.when)
    ]
    found += [
        f"{both} have the same title, “{title}”"
        for title, both in _alike(known, lambda lesson: lesson.title)
    ]
    found += [f"two lessons are named {name}" for name, _ in _alike(known, lambda one: one.name)]
    if len(known) > MOST_LESSONS:
        found.append(f"there are {len(known)} lessons, and {MOST_LESSONS} is the most")
    return found


def _alike(
    lessons: Iterable[Lesson], key: Callable[[Lesson], str | None]
) -> Iterable[tuple[str, str]]:
    """Each value that several lessons share, with their names."""
    groups: dict[str, list[str]] = defaultdict(list)
    for lesson in lessons:
        if (value := key(lesson)) is not None:
            groups[value].append(lesson.name)
    return [(value, " and ".join(names)) for value, names in groups.items() if len(names) > 1]

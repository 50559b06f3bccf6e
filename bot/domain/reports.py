"""Reports: which figures about a post, or a span of months, may be published, and when.

Each person that a post concerned is in one cell: how far they went, why they skipped, where they
opened it, and whether they were asked. A figure is published for a group of cells only. Groups are
joined until enough people are behind each and behind the rest, and until nothing that was ever
published about the same posts gives a smaller number when one is taken from the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final

from bot.domain.combinations import Undivided, stand_for_few
from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.domain.snapshot import LEAST_PEOPLE

ROUNDED_TO: Final = 5
MEMBERS_ROUNDED_TO: Final = 10


class Question(StrEnum):
    """What a partition tells people apart by."""

    ANSWERS = "answers"
    ASKED = "asked"
    NETWORKS = "networks"


# The finest parts of each question. Of those who opened, some have no network that is known.
OPENED: Final = str(Stage.OPENED)
SHARED: Final = str(Stage.SHARED)
INTERESTED: Final = str(Stage.INTERESTED)
NOTHING: Final = "nothing"
NO_REASON: Final = "no_reason"
ASKED: Final = "asked"
NOT_ASKED: Final = "not_asked"
NOT_OPENED: Final = "not_opened"
ELSEWHERE: Final = "elsewhere"

Group = frozenset[str]
Partition = frozenset[Group]
Published = Mapping[Question, Partition]

ALL_OPENED: Final = Group({OPENED, SHARED})
ALL_SKIPPED: Final = Group({*map(str, SkipReason), NO_REASON})
_REST: Final = {Question.ANSWERS: NOTHING, Question.ASKED: NOT_ASKED, Question.NETWORKS: NOT_OPENED}
# Groups that are too small join the one that holds this part.
_JOINED: Final = {Question.ANSWERS: NO_REASON, Question.NETWORKS: ELSEWHERE}
_FINEST: Final = {
    Question.ANSWERS: (NOTHING, INTERESTED, OPENED, SHARED, *ALL_SKIPPED),
    Question.ASKED: (NOT_ASKED, ASKED),
    Question.NETWORKS: (NOT_OPENED, ELSEWHERE, *map(str, Network)),
}
# So few groups say no more than the question before.
_SAYS_NOTHING: Final = {Question.ANSWERS: 1, Question.ASKED: 1, Question.NETWORKS: 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person did with one post; `stage` is None for nothing."""

    stage: Stage | None
    reason: SkipReason | None
    network: Network | None
    asked: bool

    def part(self, question: Question) -> str:
        """The finest part of a question in which they are."""
        if question is Question.ASKED:
            return ASKED if self.asked else NOT_ASKED
        if question is Question.NETWORKS:
            opened = self.stage in (Stage.OPENED, Stage.SHARED)
            return (self.network or ELSEWHERE) if opened else NOT_OPENED
        if self.stage is Stage.SKIPPED:
            return self.reason or NO_REASON
        return self.stage or NOTHING


@dataclass(frozen=True, slots=True)
class ClosedPost:
    """How many people are in each cell of a post, and what is published of it on its own.

    `known` are those who can still be told to be the same as in other posts.
    """

    cells: Mapping[Cell, int]
    published: Published = field(default_factory=dict)
    known: Mapping[Cell, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """So many people, rounded, of a question: of a part of it, or of several that were joined."""

    question: Question
    parts: Group
    people: int


def publish_post(cells: Mapping[Cell, int], least: int) -> Published:
    """What may be published of a post on its own, `least` people being enough."""
    return _publish([ClosedPost(cells)], least)


def publish_span(posts: Sequence[ClosedPost], least: int) -> Published | None:
    """What may be published of all these posts together, after what was of each.

    None where it is not even how many opened: then the span joins the next month.
    """
    found = _publish(posts, least)
    return found if _tells(found, ALL_OPENED) else None


def find_figures(posts: Sequence[ClosedPost], published: Published) -> list[Figure]:
    """The figures of what is published of these posts: counts of people and posts, rounded."""
    sizes = _Sizes(posts)
    found = []
    for question, partition in published.items():
        groups = {group for group in partition if _REST[question] not in group}
        if question is Question.ANSWERS:
            groups |= {whole for whole in (ALL_OPENED, ALL_SKIPPED) if _tells(published, whole)}
        found += [
            Figure(question, group, rounded(sizes.in_all(question, group))) for group in groups
        ]
    order = {question: number for number, question in enumerate(Question)}
    return sorted(found, key=lambda one: (order[one.question], -len(one.parts), min(one.parts)))


def find_people(figures: Sequence[Figure], question: Question, parts: Group) -> int | None:
    """How many people a figure counts; None where it is not published."""
    return next(
        (one.people for one in figures if (one.question, one.parts) == (question, parts)), None
    )


def rounded(people: int, to: int = ROUNDED_TO) -> int:
    """A number as it is published."""
    return to * ((people + to // 2) // to)


def steady(told: int | None, people: int, to: int = ROUNDED_TO) -> int:
    """A number that is told again from time to time, rounded; `told` is what it was before.

    Another one is told only where at least LEAST_PEOPLE more, or fewer, are there by now: what was
    told is at most half of `to` away from what it was computed from.
    """
    if told is not None and abs(people - told) < LEAST_PEOPLE + to // 2:
        return told
    return rounded(people, to)


def _publish(posts: Sequence[ClosedPost], least: int) -> Published:
    """The finest groups that nobody can be told from, one question after the other."""
    sizes = _Sizes(posts)
    published: Published = {}
    for question in Question:
        if question is Question.NETWORKS and not _tells(published, ALL_OPENED):
            continue
        for partition in _ever_coarser(question, partial(sizes.behind, question)):
            if len(partition) <= _SAYS_NOTHING[question]:
                break
            if any(sizes.behind(question, group) < least for group in partition):
                continue
            wanted = {**published, question: partition}
            if _is_safe(posts, wanted, least):
                published = wanted
                break
    return published


def _tells(published: Published, whole: Group) -> bool:
    """Whether the people in `whole` are known by adding up groups."""
    inside = [group for group in published.get(Question.ANSWERS, ()) if group <= whole]
    return bool(inside) and Group().union(*inside) == whole


def _ever_coarser(question: Question, size: Callable[[Group], int]) -> Iterator[Partition]:
    """Partitions from the finest one on, in each the smallest group joined to its neighbour."""
    partition = Partition(Group({part}) for part in _FINEST[question])
    yield partition
    while len(partition) > 1:
        smallest = min(partition, key=lambda group: (size(group), sorted(group)))
        joined = _neighbours(question, partition, smallest, size)
        partition = Partition({*(partition - joined), Group().union(*joined)})
        yield partition


def _neighbours(
    question: Question, partition: Partition, group: Group, size: Callable[[Group], int]
) -> frozenset[Group]:
    """The group with what it is joined to: its like first, then the rest."""
    rest = next(each for each in partition if _REST[question] in each)
    families: tuple[Group, ...] = (Group(_FINEST[question]) - rest,)
    if question is Question.ANSWERS:
        families = (Group({INTERESTED}), ALL_SKIPPED, ALL_OPENED)
    if group == rest:  # too few did nothing: what is told last goes with them
        for family in families:
            whole = frozenset(each for each in partition if each <= family)
            if whole:
                return whole | {rest}
    family = next(each for each in families if group <= each)
    alike = sorted(
        (each for each in partition if each <= family and each != group),
        key=lambda each: (_JOINED.get(question) not in each, size(each), sorted(each)),
    )
    return frozenset({group, alike[0] if alike else rest})


def _is_safe(posts: Sequence[ClosedPost], together: Published, least: int) -> bool:
    """Whether no combination of all that is published of the posts stands for a few people."""
    concerned = [
        _undivided(number, post, together)
        for number, post in enumerate(posts)
        # What a post tells on its own adds up to what it adds to these groups: nothing new.
        if not _refines(post.published, together)
    ]
    return not stand_for_few(concerned, least)


def _refines(published: Published, coarser: Published) -> bool:
    return all(
        question in published
        and all(any(group <= whole for whole in groups) for group in published[question])
        for question, groups in coarser.items()
    )


def _undivided(number: int, post: ClosedPost, together: Published) -> list[Undivided]:
    """The people of a post by the figures that count them."""
    found: dict[tuple[object, ...], Undivided] = {}
    for cell, people in post.cells.items():
        own = [(number, *each) for each in _groups_of(cell, post.published)]
        figures = (number, *own, *_groups_of(cell, together))
        before = found.get(figures, Undivided(0, figures))
        known = before.known | post.known.get(cell, frozenset())
        found[figures] = Undivided(before.people + people, figures, known)
    return list(found.values())


def _groups_of(cell: Cell, published: Published) -> list[tuple[Question, Group]]:
    return [
        (question, next(group for group in partition if cell.part(question) in group))
        for question, partition in published.items()
    ]


class _Sizes:
    """How many people are behind a group of several posts."""

    def __init__(self, posts: Sequence[ClosedPost]) -> None:
        self._parts: list[Counter[tuple[Question, str]]] = []
        self._known: dict[tuple[Question, str], frozenset[int]] = {}
        for post in posts:
            parts: Counter[tuple[Question, str]] = Counter()
            for cell, people in post.cells.items():
                for question in Question:
                    part = question, cell.part(question)
                    parts[part] += people
                    known = post.known.get(cell, frozenset())
                    self._known[part] = self._known.get(part, frozenset()) | known
            self._parts.append(parts)

    def behind(self, question: Question, group: Group) -> int:
        """How many different people there are at least."""
        in_one_post = max((_sum(parts, question, group) for parts in self._parts), default=0)
        known = frozenset().union(*(self._known.get((question, part), ()) for part in group))
        return max(in_one_post, len(known))

    def in_all(self, question: Question, group: Group) -> int:
        """How often somebody was in it, each person counted once for each post."""
        return sum(_sum(parts, question, group) for parts in self._parts)


def _sum(parts: Counter[tuple[Question, str]], question: Question, group: Group) -> int:
    return sum(parts[question, part] for part in group)

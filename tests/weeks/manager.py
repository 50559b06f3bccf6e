"""The curious manager: takes every figure from every screen, every week, and subtracts.

`look` reads the screens of a week. `findings` then says what the figures give away, since the test
knows who is behind each: a figure, or one taken from others, may stand for nobody or for at least
six people, and so may the rest; and a figure that changes tells of at least six people, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Final, TypeVar

from tests.subtracting import combined
from tests.weeks.reading import (
    MEMBERS,
    OTHER_NETWORKS,
    OTHER_REASONS,
    Figure,
    Scope,
    read,
)

LEAST: Final = 6
ROUNDED_TO, MEMBERS_ROUNDED_TO, STEADY = 5, 10, 8
_AT_MOST: Final = 3  # figures that are added to each other, and taken from each other
_OF_A_SCREEN: Final = 4
_MOST_ON_A_SCREEN: Final = 25  # figures of which so many are tried
K = TypeVar("K")
Pair = tuple[int, str]  # a post and a person


@dataclass(frozen=True, slots=True)
class Post:
    """What is true of a post that has closed: who it concerned, and who of them did what.

    `answers` are the names of the figures, from `reading`, that count each person.
    """

    month: date
    concerned: frozenset[str]
    answers: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Manager:
    """All that one reader has seen; `titles` are those of the posts, `known` what else they say."""

    titles: Sequence[str]
    known: Sequence[str] = ()
    screens: int = 0
    said: dict[tuple[Scope, str], dict[str, int]] = field(default_factory=dict)
    together: set[frozenset[tuple[Scope, str]]] = field(default_factory=set)

    def look(self, week: str, screens: Iterable[tuple[str, str]]) -> None:
        """Read all screens of a week."""
        for name, text in screens:
            self.screens += 1
            found = read(text, self.titles, self.known)
            for figure in found:
                key = figure.scope, figure.name
                before = self.said.setdefault(key, {}).setdefault(week, figure.people)
                assert before == figure.people, f"{name} says {figure}, another one {before}"
            self.together.add(frozenset((one.scope, one.name) for one in found))

    @property
    def figures(self) -> list[Figure]:
        """All figures about posts, each as it was said last."""
        return [
            Figure(scope, name, list(weeks.values())[-1])
            for (scope, name), weeks in self.said.items()
            if not scope.topic and name != MEMBERS
        ]

    def findings(
        self,
        posts: Mapping[int, Post],
        members: Mapping[date, Collection[str]],
        follow: Mapping[str, Mapping[str, frozenset[str]]],
    ) -> Iterator[str]:
        """What the figures give away, in words.

        `members` are who was a member when they were counted, by the first day of the quarter, and
        `follow` who followed each topic, and may be asked, on the Monday of a week; `""` is
        everybody who may.
        """
        yield from self._changes(members, follow)
        sets = {(one.scope, one.name): self._pairs(one, posts) for one in self.figures}
        for key, pairs in sets.items():
            people = rounded(len(pairs))
            if people != list(self.said[key].values())[-1]:
                yield f"{key} says {self.said[key]}, and it is {len(pairs)}"
        yield from self._few(sets, posts)
        for week in sorted(follow):
            yield from self._few_of_topics(week, follow[week])

    def _changes(
        self,
        members: Mapping[date, Collection[str]],
        follow: Mapping[str, Mapping[str, frozenset[str]]],
    ) -> Iterator[str]:
        """Figures that say another number in another week."""
        for (scope, name), weeks in self.said.items():
            if not scope.topic and len(set(weeks.values())) > 1:
                yield f"{name} of {scope} was counted again: {weeks}"
        for topic in {scope.topic for scope, _ in self.said if scope.topic}:
            weeks = self.said[Scope(topic=topic), "follow"]
            counts = {week: len(follow[week].get(topic, ())) for week in weeks}
            yield from _steps(f"followers of {topic}", weeks, counts, STEADY)
        told = {
            _counted_in(scope): list(weeks.values())[-1]
            for (scope, name), weeks in sorted(self.said.items(), key=_by_month)
            if name == MEMBERS
        }
        counted = {quarter: len(members[quarter]) for quarter in told}
        yield from _steps("members", told, counted, LEAST + MEMBERS_ROUNDED_TO // 2)

    def _pairs(self, figure: Figure, posts: Mapping[int, Post]) -> frozenset[Pair]:
        """Who is behind a figure, in which post."""
        what, _, part = figure.name.partition(": ")
        is_rest = part in (OTHER_NETWORKS, OTHER_REASONS)
        found = frozenset(
            (number, person)
            for number in _posts_of(figure.scope, posts)
            for person in posts[number].answers.get(what if is_rest else figure.name, ())
            if person in posts[number].concerned
        )
        return found - self._named(figure, what, posts) if is_rest else found

    def _named(self, figure: Figure, what: str, posts: Mapping[int, Post]) -> frozenset[Pair]:
        """Who is behind the figures beside this one that name one network, or one reason."""
        others = (f"{what}: {OTHER_NETWORKS}", f"{what}: {OTHER_REASONS}")
        names = [
            name
            for scope, name in self.said
            if scope == figure.scope and name.startswith(f"{what}: ") and name not in others
        ]
        return frozenset(
            (number, person)
            for number in _posts_of(figure.scope, posts)
            for name in names
            for person in posts[number].answers.get(name, ())
        )

    def _few(
        self, sets: Mapping[tuple[Scope, str], frozenset[Pair]], posts: Mapping[int, Post]
    ) -> Iterator[str]:
        """Figures about a few, alone or taken from others about the same posts."""
        spans = [scope for scope in {scope for scope, _ in sets} if scope.first is not None]
        inside = {number for span in spans for number in _posts_of(span, posts)}
        alone = [Scope(post=number) for number in posts if number not in inside]
        for whole in (*spans, *alone):
            numbers = _posts_of(whole, posts)
            some = {
                key: pairs
                for key, pairs in sets.items()
                if key[0] == whole or key[0].post in numbers
            }
            everybody = {(one, who) for one in numbers for who in posts[one].concerned}
            for found in (
                *combined(list(set(some.values())), _AT_MOST),
                *_left_over(whole, some),
                *self._on_one_screen(some),
            ):
                concerned = {number for number, _ in found}
                rest = {pair for pair in everybody if pair[0] in concerned} - found
                for pairs in (found, rest):
                    people = {who for _, who in pairs}
                    if 0 < len(people) < LEAST:
                        yield f"figures of {whole} stand for {sorted(pairs)}"

    def _on_one_screen(
        self, sets: Mapping[tuple[Scope, str], frozenset[Pair]]
    ) -> Iterator[frozenset[Pair]]:
        for keys in self.together:
            shown = {sets[key] for key in keys if key in sets}
            if len(shown) <= _MOST_ON_A_SCREEN:
                yield from combined(list(shown), _OF_A_SCREEN)

    def _few_of_topics(self, week: str, topics: Mapping[str, frozenset[str]]) -> Iterator[str]:
        told = [
            topics.get(scope.topic, frozenset())
            for (scope, _), weeks in self.said.items()
            if scope.topic and week in weeks
        ]
        for found in combined(told, _AT_MOST):
            for people in (found, topics[""] - found):
                if 0 < len(people) < LEAST:
                    yield f"followers, in {week}, stand for {sorted(people)}"


def rounded(people: int) -> int:
    """A number as reports say it."""
    return ROUNDED_TO * ((people + ROUNDED_TO // 2) // ROUNDED_TO)


def _posts_of(scope: Scope, posts: Mapping[int, Post]) -> list[int]:
    if scope.post is not None:
        return [scope.post]
    assert scope.first is not None
    assert scope.last is not None
    return [number for number, post in posts.items() if scope.first <= post.month <= scope.last]


def _by_month(said: tuple[tuple[Scope, str], object]) -> date:
    return said[0][0].last or date.min


def _counted_in(scope: Scope) -> date:
    """The first day of the quarter in which months closed: a week after their last day."""
    assert scope.last is not None
    after = scope.last + timedelta(days=31 + 7)
    return date(after.year, after.month - (after.month - 1) % 3, 1)


def _left_over(
    whole: Scope, sets: Mapping[tuple[Scope, str], frozenset[Pair]]
) -> Iterator[frozenset[Pair]]:
    """A figure about months, less those of the same name about some of their posts."""
    for (scope, name), pairs in sets.items():
        if scope == whole and whole.post is None:
            parts = [part for (of, called), part in sets.items() if called == name and of.post]
            for size in range(1, len(parts) + 1):
                for taken in combinations(parts, size):
                    yield pairs.difference(*taken)


def _steps(what: str, told: Mapping[K, int], counts: Mapping[K, int], within: int) -> Iterator[str]:
    """Each number is near what it counts, and another one tells of enough people more, or fewer."""
    for week, number in told.items():
        if abs(number - counts[week]) > within:
            yield f"{what}: {number} in {week}, and it is {counts[week]}"
    for before, after in pairwise(told):
        if told[before] != told[after] and abs(counts[after] - told[before]) < LEAST:
            yield f"{what}: {told[before]}, then {told[after]} for {counts[after]}"

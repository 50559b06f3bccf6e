"""Whether figures that were published together, added and subtracted, stand for only a few people.

A figure counts people in groups of one partition, such as those who opened a post. Whoever reads
several can subtract them: all who opened a month's posts, less those of each post but one, leaves
that one. So before something is published, every signed combination of all figures is looked at
that is a set of people (each counted once or not at all). None may stand for a few only.

The figures are the unknowns of linear equations: for each cell of people that no figure divides,
the sum of the unknowns whose figures count it is 1 inside the set and 0 outside. A cell of enough
people is outside every small set. What is left is tried out, cell by cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

# Beyond so many steps the figures count as unsafe: coarser ones need fewer.
_MOST_STEPS: Final = 4_000
_MOST_TRIED: Final = 200  # cells that depend on no other

# Whole numbers are counted modulo this prime: quick, and no solution is lost.
_PRIME: Final = 2**61 - 1

Unknown = Hashable
_Sum = tuple[dict[Unknown, int], int]  # factors of unknowns, and a number


@dataclass(frozen=True, slots=True)
class Undivided:
    """People of one post whom no published figure tells apart.

    `figures` are all figures that count them, those of this post alone first; each post has one for
    everybody it concerned. `known` are those of the people who can be told to be the same in
    another post.
    """

    people: int
    figures: tuple[Unknown, ...]
    known: frozenset[int] = frozenset()


def stand_for_few(posts: Sequence[Sequence[Undivided]], least: int) -> bool:
    """Whether a combination of the figures stands for fewer people than `least`, but for some.

    A set has at least as many people as it has in any one post, and as are known in all of them.
    """
    equations = _Equations()
    cells = sorted((cell for post in posts for cell in post), key=lambda cell: -cell.people)
    figures = {figure for cell in cells for figure in cell.figures}
    for cell in cells:
        if cell.people < least:
            break
        equations.set_sum(cell.figures, 0)
        if equations.solved == len(figures):
            return False  # no combination but the empty one leaves all of these out
    small = [
        (number, cell)
        for number, post in enumerate(posts)
        for cell in post
        if 0 < cell.people < least
    ]
    return _Search(small, least, equations).finds(0, _Inside(), _MOST_TRIED)


@dataclass(frozen=True, slots=True)
class _Inside:
    """The people of a set, as far as it was put together."""

    counts: Counter[int] = field(default_factory=Counter)
    known: frozenset[int] = frozenset()

    def with_cell(self, post: int, cell: Undivided) -> _Inside:
        return _Inside(self.counts + Counter({post: cell.people}), self.known | cell.known)

    @property
    def people(self) -> int:
        """How many they are at least."""
        return max(len(self.known), *self.counts.values(), 0)


class _Search:
    """Tries to put each small cell inside or outside a set of few people."""

    def __init__(
        self, cells: Sequence[tuple[int, Undivided]], least: int, equations: _Equations
    ) -> None:
        self._cells = cells
        self._least = least
        self._equations = equations
        self._steps = 0

    def finds(self, index: int, inside: _Inside, tries: int) -> bool:
        """Whether the cells from `index` on go with those inside, to a set of few people."""
        for at in range(index, len(self._cells)):
            self._steps += 1
            if self._steps > _MOST_STEPS or tries == 0:
                return True
            post, cell = self._cells[at]
            known = self._equations.value_of(cell.figures)
            if known is None:
                return any(self._tries(at, inside, value, tries - 1) for value in (0, 1))
            if known == 1:
                inside = inside.with_cell(post, cell)
            if known not in (0, 1) or inside.people >= self._least:
                return False
        return inside.people > 0

    def _tries(self, at: int, inside: _Inside, value: int, tries: int) -> bool:
        post, cell = self._cells[at]
        after = inside.with_cell(post, cell) if value else inside
        if after.people >= self._least:
            return False
        newest = self._equations.set_sum(cell.figures, value)
        found = self.finds(at + 1, after, tries)
        self._equations.drop(newest)
        return found


class _Equations:
    """Sums of unknowns that are known, each solved for one unknown of its own."""

    def __init__(self) -> None:
        self._solved: dict[Unknown, _Sum] = {}
        self._order: dict[Unknown, int] = {}  # in which they came

    def value_of(self, unknowns: Sequence[Unknown]) -> int | None:
        """The sum of the unknowns, where the equations say it."""
        factors, number = self._reduced(unknowns)
        return None if factors else number

    @property
    def solved(self) -> int:
        """How many unknowns follow from the others."""
        return len(self._solved)

    def set_sum(self, unknowns: Sequence[Unknown], value: int) -> Unknown | None:
        """Let the sum be `value`; what `drop` takes, None where it was known already."""
        factors, number = self._reduced(unknowns)
        if not factors:
            return None
        solved = next(iter(factors))  # a post's own one, so that it leads to no other post
        factor = factors.pop(solved)
        inverse = pow(-factor, -1, _PRIME)
        others = {unknown: each * inverse % _PRIME for unknown, each in factors.items()}
        self._order[solved] = len(self._solved)
        self._solved[solved] = (others, (number - value) * inverse % _PRIME)
        return solved

    def drop(self, newest: Unknown | None) -> None:
        """Take back the newest equation."""
        if newest is not None:
            del self._solved[newest]

    def _reduced(self, unknowns: Sequence[Unknown]) -> _Sum:
        """The sum of the unknowns as one of those that are not solved, and a number."""
        factors: dict[Unknown, int] = dict(Counter(unknowns))
        number = 0
        while known := factors.keys() & self._solved.keys():
            # An equation may lead to later ones, never to earlier ones.
            first = min(known, key=self._order.__getitem__)
            others, value = self._solved[first]
            factor = factors.pop(first)
            number += factor * value
            for unknown, each in others.items():
                factors[unknown] = (factors.get(unknown, 0) + factor * each) % _PRIME
                if not factors[unknown]:
                    del factors[unknown]
        return factors, number % _PRIME

"""Figures as sets of people: all that adding them up, and taking them from each other, can show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import TypeVar

T = TypeVar("T")


def combined(figures: Sequence[frozenset[T]], most: int = 4) -> Iterator[frozenset[T]]:
    """Every sum and difference of at most so many figures that counts each one once at most."""
    counted: dict[tuple[bool, ...], set[T]] = {}  # by the figures that count them
    for one in frozenset[T]().union(*figures):
        counted.setdefault(tuple(one in figure for figure in figures), set()).add(one)
    # Sums of whole numbers are quick: each kind has eight bits of one.
    atoms = list(counted.items())
    numbers = [
        sum(1 << 8 * at for at, (inside, _) in enumerate(atoms) if inside[index])
        for index in range(len(figures))
    ]
    zero = sum(0x80 << 8 * at for at in range(len(atoms)))
    rest = sum(0xFE << 8 * at for at in range(len(atoms)))
    found = {
        total
        for size in range(1, most + 1)
        for some in combinations(numbers, size)
        for signs in product((1, -1), repeat=size)
        if (total := zero + sum(map(int.__mul__, signs, some))) & rest == zero
    }
    for total in found:
        yield frozenset[T]().union(
            *(some for at, (_, some) in enumerate(atoms) if total >> 8 * at & 1)
        )

"""However odd a text is, looking at a longer one costs more in proportion, and not in square."""

from __future__ import annotations

import time

import pytest

from bot.domain.drafting import Fields
from tests.hostile_texts import UNITS, hostile, read

SIZE, TIMES = 1_500, 4
MOST = 9  # times the work: in proportion it would be 4, in square 16


@pytest.mark.parametrize("name", UNITS)
def test_a_form_of_four_times_the_length_is_no_square_of_work(name: str) -> None:
    read(hostile(name, 10))  # what is compiled once
    short, long = hostile(name, SIZE), hostile(name, TIMES * SIZE)
    assert any(_work(long) / _work(short) < MOST for _ in range(3))


def _work(fields: Fields) -> float:
    """Seconds of this thread alone, so that what runs beside it counts for nothing."""
    start = time.thread_time()
    read(fields)
    return time.thread_time() - start

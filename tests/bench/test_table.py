"""The table of all aims: what parts print becomes its rows."""

from __future__ import annotations

from bench.__main__ import BEGIN, END, Row, put_into, read_rows, render


def test_each_aim_that_a_part_prints_is_a_row() -> None:
    printed = [
        "\n",
        "## sqlite: every kind of round 6 times, in turns\n",
        "| 32 | Skip |\n",
        "met     Skip: ratio 1.90, at most 2\n",
        "MISSED  p50 9 ms | under 3\n",
        "## postgresql: every kind of round\n",
        "met     Skip: ratio 2.90, at most 3\n",
    ]
    rows = list(read_rows("clicks", printed))
    assert rows == [
        Row("clicks, sqlite", True, "Skip: ratio 1.90, at most 2"),
        Row("clicks, sqlite", False, "p50 9 ms | under 3"),
        Row("clicks, postgresql", True, "Skip: ratio 2.90, at most 3"),
    ]
    assert "| clicks, sqlite | p50 9 ms \\| under 3 | **missed** |" in render(rows)


def test_a_new_table_takes_the_place_of_the_last_one() -> None:
    page = f"# Performance\n\n{BEGIN}\nold\n\n{END}\nMore.\n"
    once = put_into(page, "new\n")
    assert once == f"# Performance\n\n{BEGIN}\nnew\n\n{END}\nMore.\n"
    assert put_into(once, "new\n") == once

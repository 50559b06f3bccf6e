"""The tables that end the demo's story: aligned, to the minute, and no wider than a page."""

from __future__ import annotations

from datetime import UTC, datetime

from advocacy_demo.tables import lines

AT = datetime(2026, 9, 7, 7, 30, tzinfo=UTC)


def test_columns_stand_below_their_names() -> None:
    rows: list[dict[str, object]] = [
        {"id": 1, "stage": "skipped", "at": AT},
        {"id": 12, "stage": None, "at": AT},
    ]
    assert list(lines(rows)) == [
        "id  stage    at",
        "1   skipped  2026-09-07 09:30",
        "12  -        2026-09-07 09:30",
    ]


def test_a_wide_table_is_turned_and_its_empty_columns_are_named() -> None:
    wide = {f"a_long_name_{number}": number for number in range(9)}
    shown = list(lines([{"id": 1, "left_at": None, **wide, "topics": ()}]))
    assert shown[0].split() == ["id", "1"]
    assert shown[-1] == "empty: left_at, topics"
    assert len({line.rindex(line.split()[-1]) for line in shown[:-1]}) == 1


def test_a_member_has_the_times_of_their_own_zone() -> None:
    [_, row] = lines([{"zone": "Asia/Shanghai", "direct": True, "next_ask_at": AT}])
    assert row == "Asia/Shanghai  yes     2026-09-07 15:30"


def test_a_table_without_rows_says_so() -> None:
    assert list(lines([])) == ["(no rows)"]

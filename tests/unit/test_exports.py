"""An export as a file: a spreadsheet computes no cell of it, and JSON says all word for word."""

from __future__ import annotations

import csv
import io
import json
from argparse import ArgumentTypeError
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.arguments import read_day
from bot.domain.exports import ArchivedAct, Form, guarded, write

ACT = ArchivedAct(
    workspace="T_ACME",
    number=7,
    at=datetime(2026, 9, 1, 10, tzinfo=timezone(timedelta(hours=2))),
    who="U_CLEO",
    act="send_back",
    post=14,
    version=2,
    title="A title",
    before="in_review",
    after="returned",
    reason="Too long.",
    disclosure=None,
    subject=None,
)
TYPED = st.text(st.sampled_from("=+-@\uff1d;,\"'\t\r\n x"), max_size=12)


def exported(acts: list[ArchivedAct], form: Form) -> str:
    return "".join(write(ArchivedAct, acts, form))


@given(st.lists(st.tuples(TYPED, TYPED), max_size=3))
@example([("", ';"\t')])
@example([('x;"=1+1', "\n@SUM(A1)"), ("\t=1", "-1")])
def test_no_cell_is_a_formula_whatever_parts_cells(typed: list[tuple[str, str]]) -> None:
    acts = [replace(ACT, title=title, reason=reason) for title, reason in typed]
    file = exported(acts, Form.CSV).removeprefix("\ufeff")
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(file, newline=""), delimiter=delimiter):
            for cell in row:
                assert cell.lstrip()[:1] not in tuple("=+-@\uff1d"), (delimiter, cell)
                assert cell[:1] not in ("\t", "\r"), (delimiter, cell)
    rows = list(csv.DictReader(io.StringIO(file, newline="")))
    found = [(row["title"], row["reason"]) for row in rows]
    assert found == [(guarded(title), guarded(reason)) for title, reason in typed]


def test_what_is_no_formula_stays_as_it_is() -> None:
    for text in ("Our news", "a+b=c", "5 - 3", "x@example.org", "#AcmeEmployee", "“-”", ""):
        assert guarded(text) == text
    assert guarded("-5") == "'-5"
    assert guarded("Three things:\n- one") == "Three things:\n'- one"


def test_json_is_word_for_word_and_in_utc() -> None:
    hostile = replace(ACT, reason='=1+1\n"\u2028ü')
    first, second = json.loads(exported([hostile, ACT], Form.JSON))
    assert first["reason"] == hostile.reason
    assert second == {
        "workspace": "T_ACME",
        "number": 7,
        "at": "2026-09-01T08:00:00Z",
        "who": "U_CLEO",
        "act": "send_back",
        "post": 14,
        "version": 2,
        "title": "A title",
        "before": "in_review",
        "after": "returned",
        "reason": "Too long.",
        "disclosure": None,
        "subject": None,
    }


def test_nothing_is_a_file_too() -> None:
    assert exported([], Form.JSON) == "[]\n"
    assert exported([], Form.CSV).startswith('\ufeff"workspace","number","at","who"')


def test_it_comes_in_pieces() -> None:
    def endless() -> object:
        while True:
            yield ACT

    pieces = write(ArchivedAct, endless(), Form.CSV)  # type: ignore[arg-type]
    assert "U_CLEO" in [next(pieces), next(pieces)][1]


TODAY = datetime(2026, 9, 2, tzinfo=UTC).date()


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "2026-02-30", "01/02/2026", "20260901", "2026-W36-2", "२०२६-०९-०१"]
)
def test_a_day_is_written_in_one_way(typed: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"is no day such as 2026-09-01"):
        read_day(TODAY, typed)


def test_a_day_that_has_not_come_is_a_mistake() -> None:
    assert read_day(TODAY, "2026-09-02") == date(2026, 9, 2)
    with pytest.raises(ArgumentTypeError, match=r"2026-09-03 has not come yet"):
        read_day(TODAY, "2026-09-03")

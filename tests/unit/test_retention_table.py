"""The table of what is stored says everything, and nothing that is not so."""

from __future__ import annotations

import importlib

import pytest

from bot.domain import my_data
from bot.domain.retention import COLUMNS, ERASERS, Life
from bot.storage.tables import metadata


def test_every_column_of_every_table_is_described_and_no_other() -> None:
    stored = {
        table.name: {column.name for column in table.columns} for table in metadata.sorted_tables
    }
    assert {table: set(columns) for table, columns in COLUMNS.items()} == stored


def test_every_life_has_an_eraser_or_says_that_there_is_none() -> None:
    assert set(ERASERS) == set(Life)
    assert [life for life, eraser in ERASERS.items() if eraser is None] == [Life.WORKSPACE]


@pytest.mark.parametrize("names", [names for names in ERASERS.values() if names])
def test_every_eraser_is_there(names: str) -> None:
    for name in names.split(", "):
        module, _, function = name.partition(".")
        assert callable(getattr(importlib.import_module(f"bot.storage.{module}"), function)), name


def test_nothing_of_a_person_stays_for_ever() -> None:
    lives = {
        (table, name): column.life
        for table, columns in COLUMNS.items()
        for name, column in columns.items()
        if column.kind in my_data.OWN
    }
    assert [where for where, life in lives.items() if life is Life.WORKSPACE] == []

"""Public holidays, from the `holidays` package: its import takes long, so nothing here is eager."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


@cache
def countries() -> dict[str, str]:
    """The countries whose holidays are known: their English names by their code."""
    from holidays.registry import COUNTRIES

    return {code: _name(module) for module, (_class, code, *_more) in COUNTRIES.items()}


@cache
def regions(country: str | None) -> dict[str, str]:
    """The parts of a country with holidays of their own: their names, as there, by their code.

    Empty for None, for an unknown country, and where the whole country keeps the same days.
    """
    if country is None or country not in countries():
        return {}
    from holidays import country_holidays

    known = country_holidays(country)
    names = known.get_subdivision_aliases()
    return {code: next(iter(names[code]), code) for code in known.subdivisions}


@cache
def days_off(country: str | None, region: str | None = None) -> Container[date]:
    """The public holidays of a country (ISO 3166, two letters); none for None or an unknown one.

    Those of one of its `regions` where that is known; otherwise those that at least half of the
    regions keep. The days of any region would block 73 weekdays a year in India, and the days of
    the whole country lack Easter Monday in the United Kingdom.

    The first call for a country takes up to half a second, so it is made outside a transaction:
    see `warm`.
    """
    if country is None or country not in countries():  # a later package may have dropped it
        return frozenset()
    from holidays import country_holidays

    known = regions(country)
    if region in known:
        return country_holidays(country, subdiv=region)  # grows with the years asked for
    if not known:
        return country_holidays(country)
    return _DaysOfMost([country_holidays(country, subdiv=code) for code in known])


class _DaysOfMost(Container[date]):
    """The days that at least half of some calendars keep, counted a year at a time."""

    def __init__(self, calendars: Sequence[HolidayBase]) -> None:
        self._calendars = calendars
        self._years: dict[int, frozenset[date]] = {}

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if day.year not in self._years:
            self._years[day.year] = self._count(day.year)
        return day in self._years[day.year]

    def _count(self, year: int) -> frozenset[date]:
        kept: Counter[date] = Counter()
        for calendar in self._calendars:
            _ = date(year, 1, 1) in calendar  # it grows by the year that is asked for
            kept.update(day for day in calendar if day.year == year)
        return frozenset(day for day, times in kept.items() if 2 * times >= len(self._calendars))


def warm(kept: Iterable[tuple[str, str | None]], today: date) -> None:
    """Make the first questions of a transaction about these countries and regions quick."""
    for country, region in kept:
        for year in range(today.year - 1, today.year + 3):
            _ = date(year, 1, 1) in days_off(country, region)


# Names that the package's own spelling does not give.
_SPELT = {
    "aland_islands": "Åland Islands",
    "bonaire_sint_eustatius_and_saba": "Bonaire, Sint Eustatius and Saba",
    "curacao": "Curaçao",
    "dr_congo": "DR Congo",
    "guinea_bissau": "Guinea-Bissau",
    "heard_island_and_mcdonald_islands": "Heard Island and McDonald Islands",
    "hongkong": "Hong Kong",
    "reunion": "Réunion",
    "saint_barthelemy": "Saint Barthélemy",
    "saint_helena_ascension_and_tristan_da_cunha": "Saint Helena, Ascension and Tristan da Cunha",
    "sao_tome_and_principe": "São Tomé and Príncipe",
    "syrian_arab_republic": "Syria",
    "timor_leste": "Timor-Leste",
}


def _name(module: str) -> str:
    if module in _SPELT:
        return _SPELT[module]
    small = ("and", "of", "the")
    return " ".join(word if word in small else word.capitalize() for word in module.split("_"))

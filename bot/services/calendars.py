"""Public holidays, from the `holidays` package: its import takes long, so nothing here is eager."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache


@cache
def countries() -> dict[str, str]:
    """The countries whose holidays are known: their English names by their code."""
    from holidays.registry import COUNTRIES

    return {code: _name(module) for module, (_class, code, *_more) in COUNTRIES.items()}


@cache
def days_off(country: str | None) -> Container[date]:
    """The public holidays of a country (ISO 3166, two letters); none for None or an unknown one.

    The first call for a country takes up to half a second, so it is made outside a transaction:
    see `warm`.
    """
    if country is None:
        return frozenset()
    from holidays import country_holidays

    try:
        return country_holidays(country)  # grows by itself with the years that are asked for
    except NotImplementedError:  # a country that a later version of the package dropped
        return frozenset()


def warm(countries: list[str], today: date) -> None:
    """Make the first questions of a transaction as quick as the later ones."""
    for country in countries:
        for year in range(today.year - 1, today.year + 3):
            _ = date(year, 1, 1) in days_off(country)


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

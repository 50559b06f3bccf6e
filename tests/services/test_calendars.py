"""Public holidays of countries and their regions: which days count for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.services import pacing
from bot.services.calendars import countries, days_off, regions
from bot.services.membership import find_member
from tests.services.helpers import AMARA, ServiceWorld

EASTER_MONDAY = date(2027, 3, 29)
THANKSGIVING = date(2026, 10, 12)  # in Canada
JUHANNUS = date(2026, 6, 20)


# What the countries' own governments publish: gov.uk/bank-holidays, canada.ca (public holidays),
# and for Germany the laws of its states: Epiphany in three of sixteen, Corpus Christi in seven.
@pytest.mark.parametrize(
    ("country", "region", "day", "off"),
    [
        ("GB", "ENG", EASTER_MONDAY, True),
        ("GB", "SCT", EASTER_MONDAY, False),
        ("GB", None, EASTER_MONDAY, True),
        ("GB", "SCT", date(2026, 11, 30), True),
        ("GB", None, date(2026, 11, 30), False),
        ("GB", "NIR", date(2027, 3, 17), True),
        ("GB", None, date(2027, 3, 17), False),
        ("CA", "ON", THANKSGIVING, True),
        ("CA", None, THANKSGIVING, True),
        ("CA", "QC", date(2027, 6, 24), True),
        ("CA", None, date(2027, 6, 24), False),
        ("DE", "BY", date(2027, 1, 6), True),
        ("DE", "BE", date(2027, 1, 6), False),
        ("DE", None, date(2027, 1, 6), False),
        ("DE", None, date(2026, 10, 3), True),
        ("JP", None, date(2026, 11, 3), True),
        ("FI", None, JUHANNUS, True),
        ("DE", "no such region", date(2026, 10, 3), True),
        ("XX", None, date(2026, 12, 25), False),
        (None, None, date(2026, 12, 25), False),
    ],
)
def test_a_day_counts_where_it_is_kept(
    country: str | None, region: str | None, day: date, off: bool
) -> None:
    assert (day in days_off(country, region)) is off


def test_no_country_is_off_for_most_of_the_year() -> None:
    """The days of any region would be 73 weekdays in India."""
    year = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    weekdays = [day for day in year if day.weekday() < 5]
    for country in ("IN", "US", "GB", "CA", "DE", "CH", "ES", "AU", "IT"):
        kept = sum(day in days_off(country) for day in weekdays)
        assert 5 <= kept <= 20, country


def test_a_day_of_every_region_counts_before_one_is_chosen() -> None:
    for country in ("GB", "CA", "US", "DE", "IN", "AU"):
        every = set.intersection(
            *(
                {day for day in _days(2027) if day in days_off(country, region)}
                for region in regions(country)
            )
        )
        assert every <= {day for day in _days(2027) if day in days_off(country)}


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range(365)]


def test_regions_have_names_and_codes_that_can_be_kept() -> None:
    assert regions("GB") == {
        "ENG": "England",
        "NIR": "Northern Ireland",
        "SCT": "Scotland",
        "WLS": "Wales",
    }
    assert regions("DE")["BY"] == "Bayern"
    assert regions("JP") == regions("XX") == regions(None) == {}
    for country in countries():
        found = regions(country)
        assert all(0 < len(code) <= 32 for code in found)
        assert all(0 < len(name) <= 75 for name in found.values())
        assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("country", "region", "day"),
    [
        ("GB", None, EASTER_MONDAY),
        ("GB", "ENG", EASTER_MONDAY),
        ("CA", None, THANKSGIVING),
        ("CA", "ON", THANKSGIVING),
    ],
)
def test_nobody_is_asked_on_their_holiday(
    world: ServiceWorld, country: str, region: str | None, day: date
) -> None:
    world.save_workspace()
    world.join()
    world.choose(country=country, region=region)
    member = world.run(find_member, AMARA)
    assert member is not None
    assert member.preferences.region == region
    schedule = pacing.schedule_of(member)
    assert not schedule.works_on(day)
    assert schedule.works_on(day + timedelta(days=1))

"""Invented colleagues: the simulation's people with names, in the company's Slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from advocacy_demo.company import Company
from advocacy_simulation import people as simulated
from slack_sandbox import Person

_FIRST: Final = (
    "Ada Bela Ciro Dara Emre Farid Gina Hana Imre Jana Kofi Lena Mina Nils Olga Pari Rafa "
    "Sami Tara Uma Vito Wanda Yara Zeno Anton Bibi Cosmo"
)
_LAST: Final = (
    "Lindt Quist Mehta Abel Yilmaz Duarte Sato Fontaine Novak Iyer Brandt Xu Osei Engel "
    "Kaur Weiss Costa Petrov Holm Umar Jansen Reyes Ghosh Vogel Tanaka Zima"
)
_TITLES: Final = ("Engineering", "Sales", "Customer support", "Research", "People", "Finance")


def add_colleagues(company: Company, crowd: Sequence[simulated.Person]) -> dict[int, Person]:
    """Put the crowd into the workspace and the opt-in channel; everybody by their number in it."""
    firsts, lasts, added = _FIRST.split(), _LAST.split(), {}
    for place, person in enumerate(crowd):
        name = f"{firsts[place % len(firsts)]} {lasts[place % len(lasts)]}"
        added[person.id] = company.sandbox.add_person(
            name.lower().replace(" ", "."),
            real_name=name,
            tz=person.zone,
            title=_TITLES[place % len(_TITLES)],
        )
        company.news.members.append(added[person.id])
    return added

"""What papers for reviewers say about the program, written between marks in their pages.

A page has `<!-- begin NAME -->` and `<!-- end NAME -->`; what stands between them is made here, so
that it is never older than the program. `python -m bot papers docs` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot import privacy
from bot.domain.admission import Access, Standing, why_refused
from bot.domain.my_data import OWN, life_of, tables
from bot.domain.retention import BACKUPS_LIVE, COLUMNS, KEPT_FOR, MOST_POST_DAYS, Life
from bot.domain.rules import TOLD_FOR, Rule
from bot.domain.snapshot import GATE_OFF_BELOW, GATE_ON, LEAST_PEOPLE
from bot.slack import permissions
from bot.slack.app import LISTENERS
from bot.slack.listeners import commands
from bot.slack.listeners.registry import Kind
from bot.slack.views import rules

_MARKS: Final = re.compile(r"(<!-- begin ([a-z-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def refreshed(text: str) -> str:
    """A page with everything between marks as the program has it; raises KeyError for a name."""
    return _MARKS.sub(lambda found: f"{found[1]}\n{_block(found[2])}\n\n{found[3]}", text)


def refresh(folder: Path) -> list[Path]:
    """Write the pages below a folder anew; returns those that changed."""
    changed = []
    for page in sorted(folder.rglob("*.md")):
        before = page.read_text(encoding="utf-8")
        after = refreshed(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            changed.append(page)
    return changed


def names_in(text: str) -> list[str]:
    """The names of what a page takes from the program."""
    return [found[2] for found in _MARKS.finditer(text)]


def _block(name: str) -> str:
    return "\n".join(BLOCKS[name]())


def _scopes() -> Iterator[str]:
    yield "| permission | why | without it |"
    yield "|---|---|---|"
    for scope, why in {**permissions.REASONS, **permissions.OPTIONAL}.items():
        mark = ", optional" if scope in permissions.OPTIONAL else ""
        yield f"| `{scope}`{mark} | {why} | {permissions.WITHOUT[scope]} |"


def _events() -> Iterator[str]:
    yield "| event | why | without it |"
    yield "|---|---|---|"
    for event, (why, without) in permissions.EVENTS.items():
        yield f"| `{event}` | {why} | {without} |"


def _cannot_see() -> Iterator[str]:
    for each in permissions.CANNOT_SEE:
        yield f"- {each}"


def _kinds_of_data() -> Iterator[str]:
    yield "| what | whose | which data | kept |"
    yield "|---|---|---|---|"
    for table in tables():
        own = [column for column in COLUMNS[table].values() if column.kind in OWN]
        whose = " and ".join(dict.fromkeys(privacy.KINDS[column.kind] for column in own))
        said = "; ".join(dict.fromkeys(column.purpose for column in own))
        kept = privacy.lasts(life_of(table))
        yield f"| {privacy.TITLES[table]} (`{table}`) | {whose} | {said} | {kept} |"


def _lives() -> Iterator[str]:
    yield "| kept | ended by |"
    yield "|---|---|"
    for life in Life:
        yield f"| {privacy.lasts(life)} | {privacy.ENDED_BY[life]} |"


_ADMINS: Final = "admins, in `/advocacy setup`"


def _numbers() -> Iterator[str]:
    months, days = privacy.default("consent_months"), privacy.default("post_days")
    years, approvals = privacy.default("evidence_years"), privacy.default("approvals")
    yield "| what | by default | who can change it |"
    yield "|---|---|---|"
    yield f"| consent ends by itself after | {months} months | {_ADMINS} |"
    yield f"| a post ends by itself after | {days} days | {_ADMINS}, up to {MOST_POST_DAYS} |"
    yield f"| answers are kept after their post ended for | {KEPT_FOR.days} days | nobody |"
    yield f"| a person's data is kept after consent ended for | {KEPT_FOR.days} days | nobody |"
    yield f"| who in comms did what is kept for | {years} years | {_ADMINS} |"
    yield f"| backups are kept for at most | {BACKUPS_LIVE.days} days | whoever makes them |"
    yield f"| people who approve a post | {approvals} | {_ADMINS} |"
    least = "least people behind a figure, and behind the rest"
    yield f"| {least} | {LEAST_PEOPLE} | {_ADMINS}, upwards only |"
    gate = f"{GATE_ON[0]} to {GATE_ON[-1]}, drawn once"
    yield f"| members from which on figures act | {gate}; off below {GATE_OFF_BELOW} | nobody |"


def _rules() -> Iterator[str]:
    yield f"Home tells each of these to every member for {TOLD_FOR.days} days:"
    yield ""
    for rule in Rule:
        yield f"- {rules.in_general(rule)}"


# Who is who: what they are to the company, and whether they are in the comms channel, and an admin.
_PEOPLE: Final[Mapping[str, tuple[Standing, bool, bool]]] = MappingProxyType(
    {
        "member": (Standing.COLLEAGUE, False, False),
        "not joined": (Standing.COLLEAGUE, False, False),
        "guest": (Standing.GUEST, False, False),
        "comms": (Standing.COLLEAGUE, True, False),
        "guest in comms": (Standing.GUEST, True, False),
        "workspace admin": (Standing.COLLEAGUE, False, True),
        "removed from comms": (Standing.COLLEAGUE, False, False),
        "sister workspace": (Standing.COLLEAGUE, False, False),
        "other organisation": (Standing.OUTSIDER, False, False),
        "closed account, bot": (Standing.CLOSED, False, False),
    }
)
_VIEWS: Final = (
    ("Home tab: where they stand, posts to share, lessons", Access.MEMBERS),
    ("Home tab: the desk of comms", Access.COMMS_AND_GUESTS),
)


def _who_may_do_what() -> Iterator[str]:
    yield f"| | what | {' | '.join(_PEOPLE)} |"
    yield f"|---|---|{'---|' * len(_PEOPLE)}"
    for command in commands.COMMANDS:
        typed = f"{commands.COMMAND} {command.name}".rstrip()
        yield _row("command", f"`{typed}`", command.access)
    for command in commands.UNLISTED:
        yield _row("command", command.name, command.access)
    for listener in LISTENERS:
        kind = {Kind.ACTION: "button", Kind.VIEW: "form", Kind.SHORTCUT: "shortcut"}[listener.kind]
        yield _row(kind, f"{listener.about} (`{listener.name}`)", listener.access)
    for view, access in _VIEWS:
        yield _row("view", view, access)


def _row(kind: str, what: str, access: Access) -> str:
    cells = (_cell(access, *who) for who in _PEOPLE.values())
    return f"| {kind} | {what} | {' | '.join(cells)} |"


def _cell(access: Access, standing: Standing, in_comms: bool, is_admin: bool) -> str:
    def may(*, guests_may_join: bool) -> bool:
        refused = why_refused(
            access,
            standing,
            in_comms=in_comms,
            guests_may_join=guests_may_join,
            is_admin=is_admin,
        )
        return refused is None

    if may(guests_may_join=False):
        return "yes"
    return "by a setting" if may(guests_may_join=True) else "no"


BLOCKS: Final = MappingProxyType[str, Callable[[], Iterator[str]]](
    {
        "scopes": _scopes,
        "events": _events,
        "cannot-see": _cannot_see,
        "kinds-of-data": _kinds_of_data,
        "lives": _lives,
        "numbers": _numbers,
        "rules": _rules,
        "who-may-do-what": _who_may_do_what,
    }
)

"""The privacy page says what the table says, and each permission has its reason."""

from __future__ import annotations

import re
from pathlib import Path

from bot import privacy
from bot.domain.my_data import OWN
from bot.domain.retention import COLUMNS
from bot.slack import manifest, permissions

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"


def test_the_page_is_what_the_command_prints() -> None:
    """`python -m bot privacy > docs/privacy.md` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == privacy.page()


def test_every_column_stands_in_it() -> None:
    page = privacy.page()
    for table, columns in COLUMNS.items():
        for name, column in columns.items():
            assert column.purpose in page
            assert column.kind not in OWN or f"| `{name}` | {column.purpose}" in page, (table, name)


def test_every_permission_of_the_manifest_has_its_reason_and_no_other() -> None:
    reasons = {**permissions.REASONS, **permissions.OPTIONAL}
    assert tuple(reasons) == manifest.scopes()
    assert tuple(permissions.OPTIONAL) == manifest.optional_scopes()
    for scope, why in reasons.items():
        assert why.startswith("to "), scope


def test_every_permission_and_event_says_what_is_lost_without() -> None:
    assert tuple(permissions.WITHOUT) == manifest.scopes()
    assert tuple(permissions.EVENTS) == manifest.events()


def test_values_of_settings_are_those_by_default() -> None:
    said = re.findall(r"(\d+) (?:years|months|days)[^.;|]*?\(`([A-Z_]+)`\)", privacy.page())
    assert set(said) == {("3", "EVIDENCE_YEARS"), ("6", "CONSENT_MONTHS"), ("60", "POST_DAYS")}


def test_what_slack_granted_is_read_from_its_header() -> None:
    granted = permissions.granted({"x-oauth-scopes": "chat:write, files:write"})
    assert granted == frozenset({"chat:write", "files:write"})
    assert permissions.granted({"x-oauth-scopes": ""}) == frozenset()
    assert permissions.granted({}) is None

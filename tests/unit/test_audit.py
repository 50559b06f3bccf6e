"""What `make check` says about vulnerabilities: it fails for one, and never for a network."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.audit import verdict

FINE = {"name": "yarl", "version": "1.25", "vulns": []}
BAD = {"name": "aiohttp", "version": "3.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


def said(*packages: dict[str, Any]) -> tuple[int, str]:
    return verdict(json.dumps({"dependencies": packages, "fixes": []}), "")


def test_a_known_vulnerability_fails_and_is_named() -> None:
    assert said(FINE, BAD, UNKNOWN) == (1, "Vulnerabilities: aiohttp 3.0 (PYSEC-1, PYSEC-2).")


def test_none_is_said_for_those_packages_that_the_index_knows() -> None:
    assert said(FINE) == (0, "Vulnerabilities: none known in 1 packages.")
    assert said(FINE, UNKNOWN)[1].endswith("in 1 packages; 1 not known to the index.")


def test_an_index_without_a_word_on_any_package_is_a_skip_and_no_all_clear() -> None:
    status, line = said(UNKNOWN)
    assert status == 0
    assert "skipped" in line


@pytest.mark.parametrize("out", ["", "<html>", "[]", "{}", "null"])
def test_a_missing_network_is_a_skip(out: str) -> None:
    status, line = verdict(out, "Traceback\nrequests.ConnectionError: no route\n")
    assert status == 0
    assert "skipped" in line
    assert "no route" in line

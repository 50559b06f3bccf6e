"""What the documentation says about the code, as far as a program can tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.slack import manifest
from bot.slack.listeners.commands import COMMANDS
from slack_sandbox.text import Reader, plain_text_of_blocks
from tests import golden_reports

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs", ROOT / "docs" / "decisions", ROOT / "docs" / "data-protection")
PAGES = sorted(
    page.relative_to(ROOT).as_posix()
    for folder in (ROOT, *DOCS, ROOT / "slack_sandbox")
    for page in folder.glob("*.md")
)
_PATH = re.compile(
    r"`((?:bot|slack_sandbox|advocacy_demo|advocacy_simulation|bench|tests|migrations|docs)/[\w./-]*)`"
)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def text_of(page: str) -> str:
    return (ROOT / page).read_text()


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    text = text_of(page)
    named = [ROOT / path for path in _PATH.findall(text)]
    named += [(ROOT / page).parent / link for link in _LINK.findall(text)]
    assert [str(path) for path in named if not path.exists()] == []


def test_the_readme_names_every_command() -> None:
    section = text_of("README.md").partition("## What people can type")[2].partition("\n## ")[0]
    named = {word for code in re.findall(r"`([^`]*)`", section) for word in code.split()}
    assert {command.name for command in COMMANDS} - {""} <= named


def test_the_readme_opens_slack_with_the_manifest_as_it_is() -> None:
    [address] = re.findall(r"^\[new-app\]: (.*)$", text_of("README.md"), re.MULTILINE)
    assert address == manifest.link(manifest.read()), "python -m bot manifest --link prints it"


@pytest.mark.parametrize("name", ["report_without_data", "report_few_members"])
def test_the_readme_shows_reports_as_they_are(name: str) -> None:
    message = golden_reports.cases()[name]()
    section = text_of("README.md").partition("## What comms can read")[2].partition("\n## ")[0]
    shown = section.splitlines()
    left_out = {"Report"}  # a heading; and buttons
    for block in message.payload()["blocks"]:
        lines = plain_text_of_blocks([block], {}, Reader()).splitlines()
        if lines[0] != "What people did" and not lines[0].startswith("Visits"):  # the chart
            said = {line for line in lines if not line.startswith("[")}
            assert said - left_out <= {*shown}


def test_the_glossary_has_each_word_once() -> None:
    rows = [line.split("|") for line in text_of("docs/glossary.md").splitlines() if "|" in line]
    words = [row[1].strip() for row in rows if row[1].strip() not in ("word", "---")]
    assert len(words) > 50
    assert sorted(set(words)) == sorted(words)


def test_every_decision_has_a_date_a_status_and_what_was_rejected() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = text_of("docs/decisions/README.md")
    for page in folder.glob("0*.md"):
        text = page.read_text()
        assert re.search(r"^2\d{3}-\d{2}-\d{2} · (accepted|replaced by .+)$", text, re.MULTILINE)
        assert "\n## Rejected\n" in text, page.name
        assert f"({page.name})" in listed

"""Papers for reviewers: what they say about the program is so, as far as a program can tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import papers
from bot.__main__ import main
from bot.first_settings import FirstSettings
from bot.setting_values import variables
from bot.settings import Settings
from bot.slack.listeners.commands import COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAPERS = [
    ROOT / "SECURITY.md",
    *(DOCS / f"{name}.md" for name in ("works-council", "threat-model", "permissions")),
    *(DOCS / f"{name}.md" for name in ("disclosure", "enterprise-grid", "who-may-do-what")),
    *sorted((DOCS / "data-protection").glob("*.md")),
]
PAGES = sorted({*PAPERS, ROOT / "README.md", *DOCS.glob("*.md")})
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)#([^)]+)\)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def rows_of(text: str, heading: str) -> list[str]:
    """The rows of the tables below a heading, without their heads."""
    part = text.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [
        line
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if not below.startswith("|---") and not line.startswith("|---")
    ]


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in its address."""
    found = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found}


@pytest.mark.parametrize("page", PAPERS, ids=lambda page: page.name)
def test_what_a_page_takes_from_the_program_is_as_the_program_has_it(page: Path) -> None:
    """`python -m bot papers docs` writes it anew."""
    assert text_of(page) == papers.refreshed(text_of(page))


def test_everything_that_is_made_stands_in_a_page() -> None:
    named = {name for page in PAPERS for name in papers.names_in(text_of(page))}
    assert named == set(papers.BLOCKS)


def test_a_page_of_before_is_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "inner" / "page.md"
    page.parent.mkdir()
    page.write_text("a\n<!-- begin events -->\nold\n<!-- end events -->\nb\n")
    assert main(["papers", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{page} is up to date now.\n"
    text = page.read_text()
    assert "app_home_opened" in text
    assert "old" not in text
    assert text.startswith("a\n")
    assert text.endswith("\nb\n")
    assert main(["papers", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_a_name_that_nothing_makes_is_refused() -> None:
    with pytest.raises(KeyError):
        papers.refreshed("<!-- begin nothing -->\n<!-- end nothing -->")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    missing = [
        f"{path}::{name}"
        for path, name in _TEST.findall(text_of(page))
        if not (ROOT / path).exists()
        or not re.search(rf"^ *(async )?def {name}\(", text_of(ROOT / path), re.MULTILINE)
    ]
    assert missing == []


@pytest.mark.parametrize("heading", ["What is not possible", "What is possible"])
def test_each_line_for_a_works_council_has_its_test(heading: str) -> None:
    rows = rows_of(text_of(DOCS / "works-council.md"), heading)
    assert len(rows) > 5
    assert [row for row in rows if not _TEST.search(row)] == []


def test_each_threat_has_a_test_or_says_what_is_missing() -> None:
    text = text_of(DOCS / "threat-model.md")
    kinds = ("Spoofing", "Tampering", "Repudiation", "Information", "Denial", "Elevation")
    for kind in kinds:
        rows = rows_of(text, kind)
        assert len(rows) > 2, kind
        untested = [row for row in rows if not _TEST.search(row)]
        assert [row for row in untested if "*Missing*" not in row or "| none |" not in row] == []


def test_a_reviewer_finds_ten_answers() -> None:
    rows = rows_of(text_of(ROOT / "SECURITY.md"), "Ten questions")
    assert len(rows) == 10
    assert all(len(row.split("|")) == 5 for row in rows)


@pytest.mark.parametrize("name", ["works-council.md", "data-protection/README.md"])
def test_what_no_program_can_hide_is_said_plainly(name: str) -> None:
    said = " ".join(text_of(DOCS / name).lower().replace("*", "").split())
    for sentence in (
        "whoever holds the database",
        "small teams are guessable",
        "slack shows who is in a channel",
        "confidential, not anonymous",
    ):
        assert sentence in said, sentence


@pytest.mark.parametrize("page", PAPERS, ids=lambda page: page.name)
def test_no_paper_names_a_command_or_a_setting_that_is_not_there(page: Path) -> None:
    text = text_of(page)
    commands = {command.name for command in COMMANDS}
    assert set(re.findall(r"`/advocacy ([a-z-]+)", text)) <= commands
    settings = {each.name.upper() for kind in (Settings, FirstSettings) for each in variables(kind)}
    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)[`=]", text)) <= settings
    for command in set(re.findall(r"`python -m bot ([a-z]+)", text)):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command


@pytest.mark.parametrize("page", PAPERS, ids=lambda page: page.name)
def test_every_heading_that_a_page_leads_to_is_there(page: Path) -> None:
    for path, anchor in _LINK.findall(text_of(page)):
        target = (page.parent / path) if path else page
        assert anchor in anchors(target), f"{path}#{anchor}"

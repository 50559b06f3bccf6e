"""Invented people asked by the real rules: the same every time, and no rule is bent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import process_time
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from advocacy_simulation import variations
from advocacy_simulation.figures import figures
from advocacy_simulation.people import Crowd
from advocacy_simulation.posts import START
from advocacy_simulation.run import Run, Setting, everything, paced
from advocacy_simulation.table import table
from advocacy_simulation.world import Ask, Member
from bot.__main__ import main
from bot.domain.model import Outcome, Pace

GOLDEN = Path(__file__).parent / "simulation.txt"
SMALL = Setting(Crowd(120), days=120, seed=1)
DAY = timedelta(days=1)
GAPS = {
    Pace.MONTHLY: 28 * DAY,
    Pace.FORTNIGHTLY: 14 * DAY,
    Pace.WEEKLY: 7 * DAY,
    Pace.TWICE_A_WEEK: 2 * DAY,
    Pace.THRICE_A_WEEK: 1 * DAY,
}
IN_ANY_WEEK = {Pace.TWICE_A_WEEK: 2, Pace.THRICE_A_WEEK: 3}
COMMAND = ("simulate", "--members", "40", "--days", "40", "--seed", "7")


@pytest.fixture(scope="module")
def run() -> Run:
    return paced(SMALL)


def told(setting: Setting) -> str:
    return table(setting, figures(paced(setting), everything(setting)))


def in_a_row(run: Run) -> Iterator[tuple[Member, Ask, Ask]]:
    """Each two asks of a member that follow each other."""
    for member in run.world.members:
        for earlier, later in pairwise(member.asks):
            yield member, earlier, later


def all_asks(run: Run) -> Iterator[tuple[Member, Ask]]:
    for member in run.world.members:
        for ask in member.asks:
            yield member, ask


def declined_in_a_row(asks: list[Ask], before: datetime) -> int:
    """How many skips and silences were learnt of by then since the last share."""
    known = [(ask.settled_at, ask.outcome) for ask in asks if ask.settled_at is not None]
    row = 0
    for at, outcome in sorted(known, key=lambda one: one[0]):
        if outcome is Outcome.SHARED and at <= before:
            row = 0
        row += at <= before and outcome in (Outcome.SKIPPED, Outcome.LAPSED)
    return row


def test_it_tells_what_its_golden_file_says_in_no_time() -> None:
    began = process_time()
    said = told(SMALL) + "\n"
    assert process_time() - began < 5
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")


def test_the_same_seed_makes_the_same_run_and_another_one_another() -> None:
    setting = Setting(Crowd(30), days=60, seed=3)
    assert paced(setting) == paced(setting)
    assert everything(setting) == everything(setting)
    assert told(setting) != told(Setting(Crowd(30), days=60, seed=4)).replace("seed 4", "seed 3")


def test_there_is_enough_of_everything_to_see_a_rule_bent(run: Run) -> None:
    became = {ask.outcome for _, ask in all_asks(run)}
    assert became >= {Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER, Outcome.LAPSED, None}
    assert any(ask.repeat for _, ask in all_asks(run))
    assert any(member.stopped_at for member in run.world.members)
    assert any(member.paused_at for member in run.world.members)
    assert any(member.left_at for member in run.world.members)
    assert {"stopped", "everybody"} <= set(run.planner.reach.values())


def test_nobody_is_asked_sooner_than_their_pace(run: Run) -> None:
    for member, earlier, later in in_a_row(run):
        assert later.at - earlier.at >= GAPS[member.person.pace]
    for member in run.world.members:
        most = IN_ANY_WEEK.get(member.person.pace, 1)
        for first, next_but_most in zip(member.asks, member.asks[most:], strict=False):
            assert next_but_most.at - first.at >= 7 * DAY


def test_skips_and_silences_in_a_row_double_the_gap(run: Run) -> None:
    doubled = 0
    for member in run.world.members:
        for place, ask in enumerate(member.asks[1:], start=1):
            row = declined_in_a_row(member.asks[:place], ask.at)
            if row in (2, 3):  # from four on the member has resumed, which begins anew
                gap = GAPS[member.person.pace] * 2 ** (row - 1)
                assert ask.at - member.asks[place - 1].at >= gap
                doubled += 1
    assert doubled > 10


def test_whoever_the_bot_stopped_asking_is_asked_no_more(run: Run) -> None:
    for member in run.world.members:
        if member.stopped_at is not None:
            assert all(ask.at <= member.stopped_at for ask in member.asks)
            assert declined_in_a_row(member.asks, member.stopped_at) >= 4


def test_what_nobody_answers_counts_within_days_or_not_at_all(run: Run) -> None:
    over = START + SMALL.days * DAY
    for member, ask in all_asks(run):
        if ask.outcome is Outcome.LAPSED:
            assert ask.settled_at is not None
            assert 3 * DAY < ask.settled_at - ask.at < 6 * DAY
            assert ask.settled_at <= ask.post.expires_at
        if ask.outcome is None:
            assert over - ask.at < 6 * DAY
            assert ask.post.expires_at > over
            assert member.left_at is None


def test_everybody_is_asked_in_their_own_hours_only(run: Run) -> None:
    for member, ask in all_asks(run):
        local = ask.at.astimezone(ZoneInfo(member.person.zone))
        assert local.weekday() < 5
        assert 9 * 60 + 30 <= local.hour * 60 + local.minute < 16 * 60 + 30


def test_nobody_is_asked_before_joining_after_leaving_or_in_a_pause(run: Run) -> None:
    for member, ask in all_asks(run):
        assert member.joined_at <= ask.at
        assert member.left_at is None or ask.at < member.left_at + DAY, "on that day at most"
        if member.paused_at is not None and member.paused_until is not None:
            assert not member.paused_at + DAY <= ask.at < member.paused_until


def test_a_post_comes_once_or_once_more_after_later_and_always_fits(run: Run) -> None:
    for member in run.world.members:
        first: dict[int, Ask] = {}
        again: set[int] = set()
        for ask in member.asks:
            assert ask.fits
            assert ask.post.live_at <= ask.at < ask.post.expires_at
            if ask.post.id in first:
                assert ask.repeat
                assert ask.post.id not in again
                assert first[ask.post.id].outcome is Outcome.LATER
                again.add(ask.post.id)
            first.setdefault(ask.post.id, ask)


@pytest.mark.parametrize("budget", [0.25, 0.5])
def test_there_are_no_more_asks_than_the_budget_on_average(budget: float) -> None:
    tight = paced(Setting(Crowd(60), days=120, seed=7, asks_per_week=budget))
    assert tight.planner.snapshot.budget_share < 1
    member_weeks = sum(day.members for day in tight.world.days) / 7
    assert 0 < len(list(all_asks(tight))) <= budget * member_weeks


def test_a_calmer_bot_bothers_the_same_people_less(run: Run) -> None:
    found = figures(run, everything(SMALL))
    assert found.paced.asks < found.everything.asks
    assert found.paced.left < found.everything.left
    assert found.paced.strain[-1] < found.everything.strain[-1]


def test_another_value_for_a_rule_counts_for_its_run_alone(run: Run) -> None:
    stricter = variations.read_constants(["SLOWS_AFTER=1", "STOPS_AFTER=2"])
    other = paced(replace(SMALL, constants=stricter))
    assert len(list(all_asks(other))) < len(list(all_asks(run)))
    assert paced(SMALL) == run


@pytest.mark.parametrize(
    "text",
    [
        "",
        "STOPS_AFTER",
        "NOTHING=1",
        "STOPS_AFTER=1.5",
        "FIRST_GROUP_SHARE=nan",
        "FIRST_GROUP_SHARE=-1",
        "FIRST_GROUP_SHARE=",
    ],
)
def test_a_value_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"takes a|write NAME=VALUE"):
        variations.read(text)


def test_the_command_prints_the_table_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    assert main([*COMMAND, "--into", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("40 invented people, 40 days, ")
    assert said.out.endswith(f"The picture: {folder / 'pacing.svg'}\n")


def test_the_picture_reads_without_colour_and_without_eyes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, "--into", str(tmp_path)]) == 0
    capsys.readouterr()
    root = ElementTree.parse(tmp_path / "pacing.svg").getroot()
    svg = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    names = {part.get("id"): part.text or "" for part in root}
    assert root.get("aria-labelledby") == "title desc"
    assert names["title"] == "40 invented people over 40 days"
    assert "opt out" in names["desc"]
    style = root.findtext(f"{svg}style") or ""
    assert "prefers-color-scheme: dark" in style
    assert "stroke-dasharray" in style
    charts = root.findall(f"{svg}g")
    assert len(charts) == 6
    for chart in charts:
        words = [text.text for text in chart.findall(f"{svg}text")]
        assert len(words) >= 5  # a title, both labels, and places along the axes
    assert root.find(f".//{svg}image") is None
    assert root.find(f".//{svg}script") is None


def test_the_command_takes_other_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(COMMAND) == 0
    as_it_is = capsys.readouterr().out
    assert main([*COMMAND, "--set", "SLOWS_AFTER=1", "--set", "STOPS_AFTER=1"]) == 0
    assert capsys.readouterr().out != as_it_is


def test_the_command_compares_other_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--members", "3", "--days", "7", "--compare"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("as it is") for line in lines)
    assert any(line.startswith("never double, never stop") for line in lines)


def test_the_command_says_what_it_does_not_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMAND, "--set", "STOPS_AFTER=soon"]) == 1
    assert capsys.readouterr().err == "--set: STOPS_AFTER takes a whole number\n"
    (tmp_path / "file").touch()
    assert main([*COMMAND, "--into", str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err.startswith("--into: ")
    for wrong in ("0", "-1", "many", "1.5", "10001", "9" * 5000):
        with pytest.raises(SystemExit):
            main(["simulate", f"--members={wrong}"])
        assert "a whole number from 1 to 10000" in capsys.readouterr().err

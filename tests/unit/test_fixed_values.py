"""No sentence states the value of a setting as fixed text: each follows what is set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from slack_sdk.models.views import View

from bot.domain.hours import DAY_MINUTES
from bot.domain.ids import PostId
from bot.domain.model import Hours, Pace, Preferences
from bot.domain.post import Network
from bot.slack.views import direct_form, membership, preferences, share_forms
from bot.slack.views.preferences import Offered
from tests.golden_values import BROWSING, COUNTRIES

BOT = Path(__file__).parents[2] / "bot"
SPOKEN = (BOT / "slack" / "views", BOT / "slack" / "listeners", BOT / "lessons")
# The defaults of CONSENT_MONTHS, POST_DAYS, EVIDENCE_YEARS, CHANNEL_HOURS, CHANNEL_MIN_GAP and
# CHANNEL_WEEKLY_CAP, and the hours that members begin with, as a sentence would name them.
DEFAULTS = re.compile(
    r"(?i)\b(six|6) months\b|\b(sixty|60) days\b|\b(three|3) years\b|\b0?9:30\b|\b(16:30|4:30)\b"
    r"|\b(two|2) posts (a|in a|each) week\b"
)


def spoken() -> Iterator[tuple[str, str]]:
    """Every text in code that speaks to people, docstrings apart, and every lesson."""
    for folder in SPOKEN:
        for path in sorted(folder.iterdir()):
            if path.suffix == ".md":
                yield path.name, path.read_text()
            elif path.suffix == ".py":
                tree = ast.parse(path.read_text())
                nodes = list(ast.walk(tree))
                silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
                for node in nodes:
                    if isinstance(node, ast.Constant) and id(node) not in silent:
                        yield path.name, str(node.value)


def text_of(view: View) -> str:
    return str(view.to_dict())


def test_nothing_that_people_read_names_a_default() -> None:
    found = [(place, text) for place, text in spoken() if DEFAULTS.search(text)]
    assert found == []


@pytest.mark.parametrize(
    ("months", "words"),
    [(1, "in for a month."), (6, "in for 6 months."), (24, "in for 24 months.")],
)
def test_the_question_for_consent_says_how_long_it_lasts(months: int, words: str) -> None:
    for at_length in (False, True):
        assert words in text_of(share_forms.consent_form(PostId(1), months, at_length=at_length))


def test_forms_offer_only_the_networks_and_topics_that_there_are() -> None:
    few = Offered({}, (Network.X,), COUNTRIES)
    for view in (
        direct_form.render(Preferences(), few),
        preferences.render(Preferences(), few),
    ):
        shown = text_of(view)
        assert "There are no topics to follow yet" in shown
        assert "LinkedIn" not in shown
        assert "Mastodon" not in shown


def test_forms_show_the_hours_that_were_chosen() -> None:
    chosen = replace(Preferences(), hours=Hours(7 * 60, DAY_MINUTES), pace=Pace.MONTHLY)
    shown = text_of(preferences.render(chosen, Offered({}, (Network.X,), COUNTRIES)))
    assert "'07:00'" in shown
    assert "'00:00'" in shown
    assert "09:30" not in shown


def test_what_was_kept_names_what_the_member_chose() -> None:
    member = replace(
        BROWSING, preferences=Preferences(topics=("r&d",), networks=(Network.X,), pace=Pace.MONTHLY)
    )
    assert "Topics: R&amp;d\n• Networks: X\n• Pace: at most once a month" in (
        membership.joined(member).text
    )

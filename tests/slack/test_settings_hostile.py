"""Settings as nobody could choose them: an error at the field, or a clear word, and no change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.sandbox import Outcome, Person, View
from bot.slack.views import words
from tests.slack.direct import CHOSEN, opened
from tests.slack.hostile import submission
from tests.support import Office, asked, deliver, plainly, rows, stored

pytestmark = pytest.mark.usefixtures("polite")

Json = dict[str, Any]


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases, open source, community"}


async def sent_as(place: Office, person: Person, view: View, **changed: Any) -> Outcome:
    """Submit the form with doctored values; None takes a field away."""
    payload = submission(place, person, view)
    values = payload["view"]["state"]["values"]
    for block, value in changed.items():
        if value is None:
            values.pop(block, None)
        else:
            values[block] = value
    return await deliver(place, payload)


def options(*values: Any) -> Json:
    """A field with several choices, as Slack sends it."""
    return {"value": {"type": "checkboxes", "selected_options": [{"value": v} for v in values]}}


def option(value: Any) -> Json:
    """A field with one choice, as Slack sends it."""
    return {"value": {"type": "static_select", "selected_option": {"value": value}}}


def at(clock: Any) -> Json:
    """A time, as Slack sends it."""
    return {"value": {"type": "timepicker", "selected_time": clock}}


BROKEN: list[Json] = [
    {"pace": option("9_a_day")},
    {"pace": option(None)},
    {"pace": option(["1_a_week"])},
    {"pace": {"value": {"selected_option": None}}},
    {"pace": {}},
    {"pace": None},
    {"delivery": options("telepathy")},
    {"delivery": options(None)},
    {"delivery": {"value": {"selected_options": "direct"}}},
    {"delivery": {"value": {"selected_options": None}}},
    {"delivery": None},
    {"networks": options("orkut")},
    {"networks": options("linkedin", 5)},
    {"networks": None},
    {"days": options("7")},
    {"days": options("-1")},
    {"days": options("x")},
    {"days": options("9" * 400)},
    {"days": None},
    {"from": at("25:00")},
    {"from": at("10:60")},
    {"from": at("")},
    {"from": at(None)},
    {"from": at("10")},
    {"until": at("\u0661\u0660:\u0660\u0660")},
    {"until": None},
    {"topics": {"value": {"selected_options": [{"value": 5}]}}},
    {"topics": {"value": {"selected_options": {}}}},
    {"topics": {}},
    {"country": option(5)},
    {"country": {}},
    {"topics": options("a,b")},
    {"topics": options(",")},
    {"topics": options("x" * 3000)},
    {"topics": options("")},
    {"topics": options("\x00")},
    {"country": option("Germany")},
    {"country": option("../..")},
    {"country": option("")},
    {"country": option("\ud800")},
]


async def test_no_day_at_all_is_refused_at_the_field(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await opened(place.amara)
    place.amara.fill({"days": []})
    outcome = await place.amara.submit()
    assert outcome.error == "incomplete", "Slack's client itself asks for one"
    before = stored(url)
    outcome = await sent_as(place, place.amara, view, days=options())
    assert outcome.response is not None
    assert outcome.response["errors"] == {"days": "Please choose at least one day."}
    assert stored(url) == before


async def test_two_errors_stand_at_their_two_fields(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await opened(place.amara)
    changed = {"days": options(), "from": at("10:00"), "until": at("10:10")}
    outcome = await sent_as(place, place.amara, view, **changed)
    assert outcome.response is not None
    assert set(outcome.response["errors"]) == {"days", "until"}


@pytest.mark.parametrize("changed", BROKEN, ids=lambda changed: ascii(changed)[:120])
async def test_what_the_form_never_offered_changes_nothing(
    place: Office, runtime: Runtime, url: str, changed: Json
) -> None:
    view = await opened(place.amara)
    before = stored(url)
    outcome = await sent_as(place, place.amara, view, **changed)
    assert outcome.acknowledged
    assert outcome.response is not None
    assert words.UNREADABLE in str(outcome.response)
    assert stored(url) == before


async def test_a_choice_sent_twice_is_kept_once(place: Office, runtime: Runtime, url: str) -> None:
    view = await opened(place.amara)
    outcome = await sent_as(
        place,
        place.amara,
        view,
        topics=options("releases", "releases"),
        networks=options("x", "x"),
        days=options("1", "1"),
        delivery=options("direct", "direct"),
    )
    assert outcome.acknowledged
    kept = rows(url, "SELECT direct, topics, networks, workdays FROM member")
    assert kept == [(1, ",releases,", ",x,", "1")]


async def test_a_form_without_state_is_told_apart(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await opened(place.amara)
    before = stored(url)
    states: list[Any] = [None, {}, [], {"values": None}, {"values": []}, "x"]
    for state in states:
        payload = submission(place, place.amara, view)
        payload["view"]["state"] = state
        outcome = await deliver(place, payload)
        assert outcome.acknowledged
        assert words.UNREADABLE in str(outcome.response)
    assert stored(url) == before


@pytest.mark.parametrize("how", ["left", "ended", "never"])
async def test_a_form_sent_without_consent_keeps_nothing(
    place: Office, runtime: Runtime, url: str, how: str
) -> None:
    view = await opened(place.amara)
    place.amara.fill(CHOSEN | {"topics": ["releases"]})
    who = place.amara
    if how == "left":
        await asked(place.amara, "/advocacy leave")
    elif how == "ended":
        place.sandbox.clock.advance(timedelta(days=183))
    else:
        who = place.bo
    before = stored(url)
    outcome = await sent_as(place, who, view)
    assert outcome.acknowledged
    assert plainly(words.CONSENT_ENDED)[:30] in str(outcome.response)
    assert stored(url) == before

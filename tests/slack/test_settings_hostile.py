"""Settings as nobody could choose them: an error at the field, or a clear word, and no change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import replies
from slack_sandbox import Outcome, Person, View
from tests.slack.direct_asks import CHOSEN, open_settings
from tests.slack.hostile import submission_payload
from tests.support import SlackWorld, all_rows, deliver, plainly, rows, run_command

pytestmark = pytest.mark.usefixtures("polite")

Json = dict[str, Any]


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases, open source, community"}


async def sent_as(world: SlackWorld, person: Person, view: View, **changed: Any) -> Outcome:
    """Submit the form with doctored values; None takes a field away."""
    payload = submission_payload(world, person, view)
    values = payload["view"]["state"]["values"]
    for block, value in changed.items():
        if value is None:
            values.pop(block, None)
        else:
            values[block] = value
    return await deliver(world, payload)


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
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await open_settings(world.amara)
    world.amara.fill({"days": []})
    outcome = await world.amara.submit()
    assert outcome.error == "incomplete", "Slack's client itself asks for one"
    before = all_rows(url)
    outcome = await sent_as(world, world.amara, view, days=options())
    assert outcome.response is not None
    assert outcome.response["errors"] == {"days": "Please choose at least one day."}
    assert all_rows(url) == before


async def test_two_errors_stand_at_their_two_fields(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await open_settings(world.amara)
    changed = {"days": options(), "from": at("10:00"), "until": at("10:10")}
    outcome = await sent_as(world, world.amara, view, **changed)
    assert outcome.response is not None
    assert set(outcome.response["errors"]) == {"days", "until"}


@pytest.mark.parametrize("changed", BROKEN, ids=lambda changed: ascii(changed)[:120])
async def test_what_the_form_never_offered_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, changed: Json
) -> None:
    view = await open_settings(world.amara)
    before = all_rows(url)
    outcome = await sent_as(world, world.amara, view, **changed)
    assert outcome.acknowledged
    assert outcome.response is not None
    assert replies.UNREADABLE in str(outcome.response)
    assert all_rows(url) == before


async def test_a_choice_sent_twice_is_kept_once(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await open_settings(world.amara)
    outcome = await sent_as(
        world,
        world.amara,
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
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await open_settings(world.amara)
    before = all_rows(url)
    states: list[Any] = [None, {}, [], {"values": None}, {"values": []}, "x"]
    for state in states:
        payload = submission_payload(world, world.amara, view)
        payload["view"]["state"] = state
        outcome = await deliver(world, payload)
        assert outcome.acknowledged
        assert replies.UNREADABLE in str(outcome.response)
    assert all_rows(url) == before


@pytest.mark.parametrize("how", ["left", "ended", "never"])
async def test_a_form_sent_without_consent_keeps_nothing(
    world: SlackWorld, runtime: Runtime, url: str, how: str
) -> None:
    view = await open_settings(world.amara)
    world.amara.fill(CHOSEN | {"topics": ["releases"]})
    who = world.amara
    if how == "left":
        await run_command(world.amara, "/advocacy leave")
    elif how == "ended":
        world.sandbox.clock.advance(timedelta(days=183))
    else:
        who = world.bo
    before = all_rows(url)
    outcome = await sent_as(world, who, view)
    assert outcome.acknowledged
    assert plainly(replies.CONSENT_ENDED)[:30] in str(outcome.response)
    assert all_rows(url) == before

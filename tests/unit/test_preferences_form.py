"""The settings form: what it shows comes back, it fits Slack, and nothing else is ever read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import languages
from bot.domain.delivery import Delivery
from bot.domain.hours import DAY_MINUTES
from bot.domain.model import Hours, Pace, Preferences
from bot.domain.post import Network
from bot.domain.post_fields import MAX_OFFERED, MAX_TOPIC, split_topics
from bot.domain.topics import topic_key, topic_keys
from bot.services.calendars import countries, regions
from bot.slack.views import preferences
from bot.slack.views.payload import Unreadable
from bot.slack.views.preferences import Errors, Offered
from slack_sandbox.inputs import elements_of, initial_values, options_of, value_for, with_ids
from slack_sandbox.limits import check_view
from tests.golden_values import CHOSEN, COUNTRIES, HOSTILE, LONG

Json = dict[str, Any]

TOPICS = {topic: topic for topic in ("releases", "open source", "awards")}
OFFERED = Offered(TOPICS, tuple(Network), COUNTRIES)
FIELDS = ("delivery", "pace", "topics", "networks", "from", "until", "days", "country", "language")
KEYS = ("selected_option", "selected_options", "selected_time")

topics = st.text(max_size=60).map(split_topics).filter(bool).map(lambda found: topic_key(found[0]))
windows = (
    st.tuples(st.integers(0, DAY_MINUTES), st.integers(0, DAY_MINUTES))
    .map(sorted)
    .filter(lambda pair: pair[1] - pair[0] >= 60)
    .map(lambda pair: Hours(*pair))
)
some_topics = st.lists(topics.filter(lambda one: len(one) <= MAX_TOPIC), unique=True, max_size=6)


def complete(chosen: Preferences) -> bool:
    """Whether the form takes it: direct messages need a topic and a network."""
    direct = Delivery.DIRECT in chosen.delivery
    return not direct or bool(chosen.topics and chosen.networks)


chosen_ones = st.builds(
    Preferences,
    delivery=st.frozensets(st.sampled_from(Delivery)),
    pace=st.sampled_from(Pace),
    topics=some_topics.map(tuple),
    networks=st.sets(st.sampled_from(Network)).map(
        lambda some: tuple(network for network in Network if network in some)
    ),
    hours=windows,
    workdays=st.frozensets(st.integers(0, 6), min_size=1),
    country=st.none() | st.sampled_from(sorted(COUNTRIES)),
    language=st.none() | st.sampled_from(sorted(languages.NAMES)),
).filter(complete)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def shown(chosen: Preferences, offered: Offered = OFFERED) -> Json:
    """The form as Slack sends it back, nothing changed in it."""
    view: Json = json.loads(json.dumps(preferences.render(chosen, offered).to_dict()))
    view["blocks"] = with_ids(view["blocks"])
    view["state"] = {"values": initial_values(view["blocks"])}
    return view


SENT = shown(CHOSEN)


def fill(view: Json, **typed: Any) -> Json:
    """The form as Slack sends it back after somebody chose this, by the block ids."""
    filled = copy.deepcopy(view)
    elements = {block["block_id"]: element for block, element in elements_of(view["blocks"])}
    for block, value in typed.items():
        element = elements[block]
        filled["state"]["values"][block][element["action_id"]] = value_for(element, value)
    return filled


@given(chosen=chosen_ones, offered=some_topics)
@example(chosen=CHOSEN, offered=[])
@example(chosen=Preferences(), offered=[])
@example(chosen=replace(CHOSEN, hours=Hours(0, DAY_MINUTES)), offered=["releases"])
def test_what_was_chosen_comes_back(chosen: Preferences, offered: list[str]) -> None:
    view = shown(chosen, replace(OFFERED, topics=dict.fromkeys(offered, "as written")))
    assert preferences.read(view) == chosen


@given(wanted=chosen_ones, before=chosen_ones)
def test_whatever_is_filled_in_is_read(wanted: Preferences, before: Preferences) -> None:
    offered = dict.fromkeys((*wanted.topics, "awards"), "as written")
    view = shown(before, replace(OFFERED, topics=offered))
    end = wanted.hours.end % DAY_MINUTES
    filled = fill(
        view,
        delivery=[way.value for way in wanted.delivery],
        pace=wanted.pace.value,
        topics=list(wanted.topics),
        networks=[network.value for network in wanted.networks],
        until=f"{end // 60:02}:{end % 60:02}",
        days=[str(day) for day in wanted.workdays],
        country=wanted.country,
        language=wanted.language,
        **{"from": f"{wanted.hours.start // 60:02}:{wanted.hours.start % 60:02}"},
    )
    assert preferences.read(filled) == wanted


@pytest.mark.parametrize(
    ("start", "end"),
    [("09:30", "09:30"), ("09:30", "10:29"), ("17:00", "09:00"), ("23:01", "00:00")],
)
def test_hours_shorter_than_one_are_an_error_at_their_end(start: str, end: str) -> None:
    found = preferences.read(fill(shown(CHOSEN), until=end, **{"from": start}))
    assert isinstance(found, Errors)
    assert list(found.by_field) == ["until"]


def test_midnight_ends_the_day() -> None:
    found = preferences.read(fill(shown(CHOSEN), until="00:00", **{"from": "23:00"}))
    assert isinstance(found, Preferences)
    assert found.hours == Hours(23 * 60, DAY_MINUTES)


def test_all_errors_are_told_at_once() -> None:
    found = preferences.read(fill(shown(CHOSEN), until="08:00", days=[]))
    assert isinstance(found, Errors)
    assert set(found.by_field) == {"until", "days"}


def test_a_country_without_known_holidays_is_shown_as_none() -> None:
    found = preferences.read(shown(replace(CHOSEN, country="XX")))
    assert found == replace(CHOSEN, country=None)


def test_a_network_the_company_turned_off_is_not_offered() -> None:
    view = shown(CHOSEN, replace(OFFERED, networks=(Network.LINKEDIN, Network.X)))
    assert preferences.read(view) == replace(CHOSEN, networks=(Network.X,))


@pytest.mark.parametrize("field", FIELDS)
def test_a_form_without_one_of_its_fields_is_unreadable(field: str) -> None:
    view = shown(CHOSEN)
    del view["state"]["values"][field]
    if field == "topics":  # the form leaves it out while there are none
        assert preferences.read(view) == replace(CHOSEN, topics=())
        return
    with pytest.raises(Unreadable):
        preferences.read(view)


@pytest.mark.parametrize(
    ("field", "held"),
    [
        ("delivery", {"selected_options": [{"value": "email"}]}),
        ("pace", {"selected_option": {"value": "9_a_day"}}),
        ("pace", {"selected_option": None}),
        ("topics", {"selected_options": [{"value": "two, topics"}]}),
        ("topics", {"selected_options": [{"value": "x" * (MAX_TOPIC + 1)}]}),
        ("topics", {"selected_options": [{"value": ""}]}),
        ("networks", {"selected_options": [{"value": "myspace"}]}),
        ("from", {"selected_time": None}),
        ("from", {"selected_time": "24:00"}),
        ("until", {"selected_time": "12:60"}),
        ("until", {"selected_time": "٠٩:٣٠"}),
        ("days", {"selected_options": [{"value": "7"}]}),
        ("days", {"selected_options": [{"value": "-1"}]}),
        ("days", {"selected_options": {"value": "1"}}),
        ("country", {"selected_option": {"value": "Germany"}}),
        ("language", {"selected_option": {"value": "tlh"}}),
    ],
    ids=str,
)
def test_what_was_never_offered_is_unreadable(field: str, held: Json) -> None:
    view = shown(CHOSEN)
    action = preferences.COUNTRY if field == "country" else "value"
    view["state"]["values"][field][action] = held
    with pytest.raises(Unreadable):
        preferences.read(view)


@given(field=st.sampled_from(FIELDS), key=st.sampled_from(KEYS), held=anything)
def test_anything_in_a_field_is_read_or_unreadable(field: str, key: str, held: Any) -> None:
    view = copy.deepcopy(SENT)
    for kept in (
        held,
        {"value": held},
        {"value": {key: held}},
        {"value": {key: [{"value": held}]}},
    ):
        view["state"]["values"][field] = kept
        with suppress(Unreadable):
            preferences.read(view)


def widest() -> Offered:
    """As many topics as can be, as long as can be, and every country there is."""
    wide = {f"{number:03}": "ß" * MAX_TOPIC for number in range(MAX_OFFERED)}
    return Offered(wide, tuple(Network), countries(), regions("IT"))


def least() -> Offered:
    """No topic yet; there is always a network and a country."""
    return Offered({}, (Network.X,), {"DE": "Germany"})


@pytest.mark.parametrize(
    "mine", [(), HOSTILE.topics, LONG.topics, tuple(f"own {n}" for n in range(200))], ids=len
)
@pytest.mark.parametrize("offered", [least, widest])
def test_slack_takes_the_form(mine: tuple[str, ...], offered: Callable[[], Offered]) -> None:
    chosen = replace(CHOSEN, topics=mine)
    check_view(preferences.render(chosen, offered()).to_dict(), kind="modal")


def test_every_country_can_be_chosen_and_comes_back() -> None:
    offered = replace(widest(), topics=dict.fromkeys(CHOSEN.topics, "shown"))
    view = shown(CHOSEN, offered)
    [select] = [one for block, one in elements_of(view["blocks"]) if block["block_id"] == "country"]
    chosen = {option["value"]: option for option in options_of(select)}
    assert chosen.keys() == offered.countries.keys()
    for country, option in chosen.items():
        view["state"]["values"]["country"][preferences.COUNTRY]["selected_option"] = option
        assert preferences.read(view) == replace(CHOSEN, country=country)


@given(typed=st.text())
def test_every_topic_of_a_post_can_be_followed(typed: str) -> None:
    """What a post's form makes of what was typed is what the settings read back."""
    for topic in topic_keys(split_topics(typed)):
        if len(topic) <= MAX_TOPIC:
            chosen = replace(CHOSEN, topics=(topic,))
            assert preferences.read(shown(chosen)) == chosen

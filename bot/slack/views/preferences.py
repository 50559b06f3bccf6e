"""The settings of a member: the form, and the reader of what it sends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    OptionGroup,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)
from slack_sdk.models.views import View

from bot.domain import hosts, languages, networks, post_fields
from bot.domain.delivery import Delivery
from bot.domain.hours import DAY_MINUTES
from bot.domain.model import Hours, Pace, Preferences
from bot.domain.post import Network
from bot.domain.topics import topic_key
from bot.domain.typed_text import clean
from bot.slack.views import payload
from bot.slack.views.outlook import PACES
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import context, plain, section, shortened

FORM = "settings_form"
OPEN = "open_settings"
COUNTRY = "settings_country"  # tells at once, so that its regions can be offered

_MOST_OPTIONS = 100  # of a menu: Slack's limit
MOST_TOPICS = _MOST_OPTIONS
_LEAST_HOURS = 60  # minutes: a shorter window would be missed by chance

_VALUE = "value"
_REGION = "region"
_LONGEST_CODE = 32  # of a region: what its column takes
_WAYS = {
    Delivery.CHANNEL: ("In the channel", "Now and then. You join the channel yourself."),
    Delivery.DIRECT: ("As a direct message", "Only what fits you, at your own pace"),
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen from: topics by their key, networks, and countries by their code.

    `regions` are those of the country that is chosen, by their code, where it has any.
    """

    topics: Mapping[str, str]
    networks: tuple[Network, ...]
    countries: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Errors:
    """One sentence for each field that cannot stay as it is, by the field's block id."""

    by_field: dict[str, str]


def render(chosen: Preferences, offered: Offered, server: str = "") -> View:
    """The form, as the member chose before; `server` is theirs on Mastodon, empty if unknown."""
    blocks: list[Block] = [
        _boxes(
            "delivery",
            "How posts reach you",
            [_option(way.value, *words) for way, words in _WAYS.items()],
            [way.value for way in _WAYS if way in chosen.delivery],
            hint="Choose any. With neither, you can browse, and I won't send you anything. Your "
            "company may be able to export direct messages. Your answers don't stay in them.",
        ),
        pace_field(chosen),
        *topic_fields(chosen, offered, required=False),
        network_field(chosen, offered, required=False),
        *_server_field(offered, server),
        InputBlock(
            block_id="language",
            label=plain("Language you like to share in"),
            element=_languages(chosen.language),
            hint=plain("If a post has a text in this language, it comes first."),
            optional=True,
        ),
        section("*When direct messages may come*"),
        _time("from", "Not before", chosen.hours.start),
        _time("until", "Not after", chosen.hours.end),
        _boxes(
            "days",
            "On these days",
            [_option(str(day), name) for day, name in enumerate(_DAYS)],
            [str(day) for day in sorted(chosen.workdays)],
            optional=False,
        ),
        InputBlock(
            block_id="country",
            label=plain("No messages on public holidays of"),
            element=_places(COUNTRY, "Choose a country", chosen.country, offered.countries),
            optional=True,
            dispatch_action=True,
        ),
        *_region_field(chosen, offered),
        context("Times are in your Slack time zone. No colleague is shown these settings."),
    ]
    return View(
        type="modal",
        callback_id=FORM,
        title=plain("Your settings"),
        submit=plain("Save"),
        close=plain("Close"),
        blocks=blocks,
    )


def read(view: Mapping[str, Any]) -> Preferences | Errors:
    """What was chosen; raises Unreadable where a field is missing or holds what never was there."""
    values = payload.pick(view, "state", "values")
    hours = Hours(_minutes(values, "from"), _minutes(values, "until") or DAY_MINUTES)
    days = frozenset(payload.number(day, 6) for day in _several(values, "days"))
    errors = {}
    if hours.end - hours.start < _LEAST_HOURS:
        errors["until"] = "Please choose an hour or more after “Not before”. 00:00 is midnight."
    if not days:
        errors["days"] = "Please choose at least one day."
    if Delivery.DIRECT in _several(values, "delivery"):
        errors |= missing(values)
    try:
        read_server(view)
    except ValueError as error:
        errors["server"] = str(error)
    if errors:
        return Errors(errors)
    try:
        return Preferences(
            delivery=frozenset(map(Delivery, _several(values, "delivery"))),
            pace=read_pace(values),
            topics=read_topics(values),
            networks=read_networks(values),
            hours=hours,
            workdays=days,
            country=_country(values),
            region=_region(values),
            language=_language(values),
        )
    except ValueError as error:
        raise Unreadable("no such choice") from error


def read_country(view: Mapping[str, Any]) -> str | None:
    """The country that is chosen in the open form; raises Unreadable."""
    return _country(payload.pick(view, "state", "values"))


def read_server(view: Mapping[str, Any]) -> str | None:
    """The host name of their server on Mastodon, empty for none; None where it was not asked for.

    Raises Unreadable, and ValueError with a sentence for people where it is no public host.
    """
    values = payload.pick(view, "state", "values")
    if "server" not in values:
        return None
    typed = payload.pick(values, "server", _VALUE, "value")
    if typed is not None and not isinstance(typed, str):
        raise Unreadable("no text in server")
    cleaned = clean(typed or "")
    return hosts.public_host(cleaned) if cleaned else ""


def saved(sentence: str, *, channel: str | None) -> View:
    """In the form's place: it is stored, and when the next direct message may come.

    `channel` is the one in which posts appear, where they want to see them there.
    """
    where = f"Posts appear in <#{channel}>. Join it whenever you like." if channel else ""
    return View(
        type="modal",
        callback_id="settings_saved",
        title=plain("Your settings"),
        close=plain("Done"),
        blocks=[section("Saved."), section(sentence), *([section(where)] if where else [])],
    )


def _topics(chosen: Preferences, offered: Offered) -> dict[str, str]:
    """What to choose from: what the member follows stays, even if no post has it any more."""
    keys = list(dict.fromkeys((*chosen.topics, *offered.topics)))[:MOST_TOPICS]
    return {key: offered.topics.get(key, key) for key in keys}


def pace_field(chosen: Preferences) -> InputBlock:
    """How often direct messages may come, at most."""
    options = [_option(pace.value, PACES[pace].capitalize()) for pace in Pace]
    return InputBlock(
        block_id="pace",
        label=plain("Direct messages, at most"),
        element=_select(options, chosen.pace.value),
    )


def topic_fields(chosen: Preferences, offered: Offered, *, required: bool) -> list[Block]:
    """What the member follows; one line instead where there is nothing to follow yet."""
    topics = _topics(chosen, offered)
    if not topics:
        return [section("There are no topics to follow yet. They come with the first posts.")]
    options = [_option(*topic) for topic in topics.items()]
    menu = StaticMultiSelectElement(
        action_id=_VALUE,
        placeholder=plain("Choose topics"),
        options=options,
        initial_options=[one for one in options if one.value in chosen.topics] or None,
    )
    return [
        InputBlock(
            block_id="topics",
            label=plain("Topics you follow"),
            element=menu,
            optional=not required,
            hint=plain("Direct messages are only about these."),
        )
    ]


def network_field(chosen: Preferences, offered: Offered, *, required: bool) -> InputBlock:
    """The networks on which the member has an audience."""
    return _boxes(
        "networks",
        "Networks you have an audience on",
        [_option(network.value, networks.name(network)) for network in offered.networks],
        [network.value for network in chosen.networks if network in offered.networks],
        hint="I only message you about posts meant for one of these.",
        optional=not required,
    )


def missing(values: Mapping[str, Any]) -> dict[str, str]:
    """One sentence at each field without which no direct message could come."""
    errors = {}
    if "topics" in values and not _several(values, "topics"):
        errors["topics"] = "Please choose at least one topic for your direct messages."
    if not _several(values, "networks"):
        errors["networks"] = "Please choose at least one network for your direct messages."
    return errors


def read_pace(values: Mapping[str, Any]) -> Pace:
    """The pace that was chosen; raises Unreadable, and ValueError for what is none."""
    return Pace(_one(values, "pace") or "")


def read_topics(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The topics that were chosen, none where there were none to choose; raises Unreadable."""
    return tuple(map(_topic, _several(values, "topics"))) if "topics" in values else ()


def read_networks(values: Mapping[str, Any]) -> tuple[Network, ...]:
    """The networks that were chosen; raises Unreadable, and ValueError for what is none."""
    return tuple(map(Network, _several(values, "networks")))


def _server_field(offered: Offered, server: str) -> list[Block]:
    if Network.MASTODON not in offered.networks:
        return []
    field = PlainTextInputElement(
        action_id=_VALUE,
        max_length=hosts.MAX_TYPED,
        initial_value=server or None,
        placeholder=plain("mastodon.social"),
    )
    hint = "Posts open there. No one else sees it. Leave it empty and I'll forget it."
    return [
        InputBlock(
            block_id="server",
            label=plain("Your Mastodon server"),
            element=field,
            hint=plain(hint),
            optional=True,
        )
    ]


def _option(value: str, label: str, description: str | None = None) -> Option:
    return Option(
        text=plain(shortened(label, 75)),
        value=value,
        description=plain(description) if description else None,
    )


def _boxes(
    block: str,
    label: str,
    options: list[Option],
    chosen: Sequence[str],
    *,
    hint: str | None = None,
    optional: bool = True,
) -> InputBlock:
    return InputBlock(
        block_id=block,
        label=plain(label),
        element=CheckboxesElement(
            action_id=_VALUE,
            options=options,
            initial_options=[one for one in options if one.value in chosen] or None,
        ),
        hint=plain(hint) if hint else None,
        optional=optional,
    )


def _select(options: list[Option], chosen: str) -> StaticSelectElement:
    return StaticSelectElement(
        action_id=_VALUE,
        options=options,
        initial_option=next(one for one in options if one.value == chosen),
    )


def _time(block: str, label: str, minutes: int) -> InputBlock:
    shown = minutes % DAY_MINUTES  # midnight ends the day as 00:00
    picker = TimePickerElement(action_id=_VALUE, initial_time=f"{shown // 60:02}:{shown % 60:02}")
    return InputBlock(block_id=block, label=plain(label), element=picker)


def _region_field(chosen: Preferences, offered: Offered) -> list[Block]:
    """Which part of the country, where its parts keep different days."""
    if not offered.regions:
        return []
    hint = "Until you choose one, a holiday counts if at least half of the regions have it."
    return [
        InputBlock(
            # The country is in it: Slack keeps what was chosen under the same id.
            block_id=f"{_REGION}:{chosen.country}",
            label=plain("In this region"),
            element=_places(_VALUE, "Choose a region", chosen.region, offered.regions),
            hint=plain(hint),
            optional=True,
        )
    ]


def _places(
    action: str, placeholder: str, chosen: str | None, names: Mapping[str, str]
) -> StaticSelectElement:
    """A menu of names by their code, in groups by letter where a single one can't hold them."""
    by_name = sorted(names.items(), key=lambda entry: _sorted_as(entry[1]))
    options = [_option(*place) for place in by_name]
    groups = [
        OptionGroup(label=plain(letter.upper()), options=[_option(*place) for place in places])
        for letter, places in groupby(by_name, key=lambda entry: _sorted_as(entry[1])[0])
    ]
    few = len(options) <= _MOST_OPTIONS
    return StaticSelectElement(
        action_id=action,
        placeholder=plain(placeholder),
        options=options if few else None,
        option_groups=None if few else groups,
        initial_option=next((one for one in options if one.value == chosen), None),
    )


def _sorted_as(name: str) -> str:
    """A name as people look it up: Å stands with A."""
    parts = unicodedata.normalize("NFD", name)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _languages(chosen: str | None) -> StaticSelectElement:
    by_name = sorted(languages.NAMES.items(), key=lambda entry: entry[1])
    options = [_option(*language) for language in by_name]
    return StaticSelectElement(
        action_id=_VALUE,
        placeholder=plain("Any language"),
        options=options,
        initial_option=next((one for one in options if one.value == chosen), None),
    )


def _language(values: Mapping[str, Any]) -> str | None:
    """A language's code, or None; raises Unreadable."""
    code = _one(values, "language")
    if code is not None and code not in languages.NAMES:
        raise Unreadable("no such language")
    return code


def _several(values: Mapping[str, Any], block: str) -> list[str]:
    options = payload.pick(values, block, _VALUE, "selected_options")
    if not isinstance(options, list):
        raise Unreadable(f"no options in {block}")
    return list(dict.fromkeys(payload.option_at(option, "value") for option in options))


def _one(values: Mapping[str, Any], block: str, action: str = _VALUE) -> str | None:
    option = payload.pick(values, block, action, "selected_option")
    return None if option is None else payload.option_at(option, "value")


def _topic(value: str) -> str:
    """The key of a topic, offered any longer or not; raises Unreadable."""
    is_one = post_fields.split_topics(value) == (value,) and topic_key(value) == value
    if not is_one or len(value) > post_fields.MAX_TOPIC:
        raise Unreadable("no such topic")
    return value


def _country(values: Mapping[str, Any]) -> str | None:
    """A country's code, or None; raises Unreadable. One without known holidays is fine."""
    code = _one(values, "country", COUNTRY)
    if code is not None and not re.fullmatch(r"[A-Z]{2}", code):
        raise Unreadable("no such country")
    return code


def _region(values: Mapping[str, Any]) -> str | None:
    """The code of a region of the country, or None; raises Unreadable.

    That of another country is left out: the form may not have been changed yet.
    """
    block = f"{_REGION}:{_country(values)}"
    code = _one(values, block) if block in values else None
    if code is not None and not 0 < len(code) <= _LONGEST_CODE:
        raise Unreadable("no such region")
    return code


def _minutes(values: Mapping[str, Any], block: str) -> int:
    hour, _, minute = payload.text_at(values, block, _VALUE, "selected_time").partition(":")
    return payload.number(hour, 23) * 60 + payload.number(minute, 59)

"""What Slack refuses, number by number; what lies just within the number is taken."""

import json
from typing import Any

import pytest

from slack_sandbox.errors import SlackError
from slack_sandbox.limits import check_message, check_view

Json = dict[str, Any]


def plain(length: int = 4) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 4) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def options(count: int, text: int = 4, value: int = 4) -> list[Json]:
    return [
        {"text": plain(text), "value": f"{number}".rjust(value, "x")} for number in range(count)
    ]


def select(count: int = 2, **more: Any) -> Json:
    return {"type": "static_select", "options": options(count), **more}


def menu(kind: str, count: int) -> Json:
    return {"type": kind, "options": options(count)}


def confirm(title: int = 5, text: int = 5, ends: int = 5) -> Json:
    parts = {"title": plain(title), "text": plain(text)}
    return {**parts, "confirm": plain(ends), "deny": plain(ends)}


def field(element: Json | None = None, label: int = 5, **more: Any) -> Json:
    typed = element or {"type": "plain_text_input"}
    return {"type": "input", "label": plain(label), "element": typed, **more}


def typing(**more: Any) -> Json:
    return field({"type": "plain_text_input", **more})


def modal(*blocks: Json, **more: Any) -> Json:
    body = {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks)}
    return {key: value for key, value in {**body, **more}.items() if value is not None}


def cells(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


def data_table(count: int, **more: Any) -> Json:
    return {
        "type": "data_table",
        "caption": "Caption",
        "rows": [cells("a", "b") for _ in range(count)],
        **more,
    }


def chart(count: int = 1, title: int = 5, kind: str = "bar", label: str = "Mon") -> Json:
    data = [{"label": label, "value": 1}]
    series = [{"name": f"Series {number}", "data": data} for number in range(count)]
    body: Json = {"type": kind, "series": series, "axis_config": {"categories": ["Mon"]}}
    if kind == "pie":
        segments = [{"label": f"S{number}", "value": 1} for number in range(count)]
        body = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": "x" * title, "chart": body}


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain(), **more}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def leaves(*inner: Json, kind: str = "rich_text_section") -> Json:
    return {"type": kind, "elements": list(inner)}


TEXT = {"type": "text", "text": "hello"}
ALERT = {"type": "alert", "text": plain(), "level": "info"}

# For each: what is just within the limit, and what is just beyond it.
BLOCKS: dict[str, tuple[Json, Json]] = {
    "section text": (section(text=mrkdwn(3000)), section(text=mrkdwn(3001))),
    "section without text": (section(), section(text=mrkdwn(0))),
    "section fields": (section(fields=[mrkdwn()] * 10), section(fields=[mrkdwn()] * 11)),
    "section field": (section(fields=[mrkdwn(2000)]), section(fields=[mrkdwn(2001)])),
    "header": (
        {"type": "header", "text": plain(150)},
        {"type": "header", "text": plain(151)},
    ),
    "header kind": ({"type": "header", "text": plain()}, {"type": "header", "text": mrkdwn()}),
    "actions elements": (actions(*[button()] * 25), actions(*[button()] * 26)),
    "actions empty": (actions(button()), actions()),
    "context elements": (
        {"type": "context", "elements": [mrkdwn()] * 10},
        {"type": "context", "elements": [mrkdwn()] * 11},
    ),
    "button text": (actions(button(text=plain(75))), actions(button(text=plain(76)))),
    "button empty": (actions(button(text=plain(1))), actions(button(text=plain(0)))),
    "button value": (actions(button(value="x" * 2000)), actions(button(value="x" * 2001))),
    "button url": (
        actions(button(url="https://x.example/".ljust(3000, "x"))),
        actions(button(url="https://x.example/".ljust(3001, "x"))),
    ),
    "button scheme": (
        actions(button(url="mailto:?subject=Hi")),
        actions(button(url="javascript:alert(1)")),
    ),
    "button style": (actions(button(style="danger")), actions(button(style="loud"))),
    "action id": (actions(button(action_id="x" * 255)), actions(button(action_id="x" * 256))),
    "action ids twice": (
        actions(button(action_id="a"), button(action_id="b")),
        actions(button(action_id="a"), button(action_id="a")),
    ),
    "block id": (section(block_id="x" * 255), section(block_id="x" * 256)),
    "unknown key": (section(), section(colour="red")),
    "unknown element": (section(accessory=button()), section(accessory={"type": "knob"})),
    "text input outside input": (actions(select()), actions({"type": "plain_text_input"})),
    "select options": (actions(select(100)), actions(select(101))),
    "select without options": (actions(select(1)), actions(select(0))),
    "select placeholder": (
        actions(select(placeholder=plain(150))),
        actions(select(placeholder=plain(151))),
    ),
    "option text": (
        actions(select(options=options(1, text=75))),
        actions(select(options=options(1, text=76))),
    ),
    "option value": (
        actions(select(options=options(1, value=150))),
        actions(select(options=options(1, value=151))),
    ),
    "first option": (
        actions(select(initial_option=options(1)[0])),
        actions(select(initial_option={"text": plain(), "value": "other"})),
    ),
    "checkboxes": (actions(menu("checkboxes", 10)), actions(menu("checkboxes", 11))),
    "radio buttons": (actions(menu("radio_buttons", 10)), actions(menu("radio_buttons", 11))),
    "overflow": (actions(menu("overflow", 5)), actions(menu("overflow", 6))),
    "overflow empty": (actions(menu("overflow", 1)), actions(menu("overflow", 0))),
    "confirm title": (
        actions(button(confirm=confirm(title=100))),
        actions(button(confirm=confirm(title=101))),
    ),
    "confirm text": (
        actions(button(confirm=confirm(text=300))),
        actions(button(confirm=confirm(text=301))),
    ),
    "confirm buttons": (
        actions(button(confirm=confirm(ends=30))),
        actions(button(confirm=confirm(ends=31))),
    ),
    "data table rows": (data_table(101), data_table(102)),
    "data table alone": (data_table(2), data_table(1)),
    "data table caption": (data_table(2), data_table(2, caption="")),
    "data table shape": (data_table(2), data_table(2, rows=[cells("a", "b"), cells("a")])),
    "data table header": (
        data_table(2),
        data_table(2, rows=[[rich(leaves(TEXT))], cells("a")]),
    ),
    "table rows": (
        {"type": "table", "rows": [cells("a")] * 100},
        {"type": "table", "rows": [cells("a")] * 101},
    ),
    "table columns": (
        {"type": "table", "rows": [cells(*["a"] * 20)]},
        {"type": "table", "rows": [cells(*["a"] * 21)]},
    ),
    "chart title": (chart(title=50), chart(title=51)),
    "chart series": (chart(6), chart(7)),
    "chart segments": (chart(6, kind="pie"), chart(7, kind="pie")),
    "chart kind": (chart(kind="line"), chart(kind="radar")),
    "chart category": (chart(), chart(label="Tue")),
    "card title": (card(title=plain(150)), card(title=plain(151))),
    "card body": (card(body=mrkdwn(200)), card(body=mrkdwn(201))),
    "carousel": (
        {"type": "carousel", "elements": [card()] * 10},
        {"type": "carousel", "elements": [card()] * 11},
    ),
    "rich text part": (rich(leaves(TEXT)), rich(leaves(TEXT, kind="rich_text_poem"))),
    "rich text leaf": (
        rich(leaves({"type": "user", "user_id": "U0"})),
        rich(leaves({"type": "song"})),
    ),
    "rich text link": (
        rich(leaves({"type": "link", "url": "https://x.example"})),
        rich(leaves({"type": "link"})),
    ),
    "preformatted": (
        rich(leaves(TEXT, kind="rich_text_preformatted")),
        rich(leaves({"type": "emoji", "name": "wave"}, kind="rich_text_preformatted")),
    ),
    "list": (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [leaves(TEXT)]}),
        rich({"type": "rich_text_list", "elements": [TEXT]}),
    ),
    "image": (
        {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "A picture"},
        {"type": "image", "image_url": "https://x.example/i.png"},
    ),
    "unknown block": ({"type": "divider"}, {"type": "fireworks"}),
    "alert in a message": ({"type": "divider"}, ALERT),
    "input in a message": ({"type": "divider"}, field()),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_it_takes_a_block_within_the_limit(name: str) -> None:
    check_message("text", [BLOCKS[name][0]])


@pytest.mark.parametrize("name", BLOCKS)
def test_it_refuses_a_block_beyond_the_limit(name: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_message("text", [BLOCKS[name][1]])
    assert caught.value.error == "invalid_blocks"
    messages = caught.value.extra["response_metadata"]["messages"]
    assert messages
    assert all("[json-pointer:/blocks/0" in message for message in messages)


MESSAGES: dict[str, tuple[list[Json], list[Json]]] = {
    "blocks": ([section()] * 50, [section()] * 51),
    "charts": ([chart()] * 2, [chart()] * 3),
    "block ids": (
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_it_refuses_a_message_beyond_the_limit(name: str) -> None:
    check_message("text", MESSAGES[name][0])
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message("text", MESSAGES[name][1])


def test_it_refuses_a_message_that_says_nothing() -> None:
    with pytest.raises(SlackError, match="no_text"):
        check_message("", [])
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        check_message("text", {"type": "section"})


VIEWS: dict[str, tuple[Json, Json]] = {
    "blocks": (modal(*[section()] * 100), modal(*[section()] * 101)),
    "title": (modal(title=plain(24)), modal(title=plain(25))),
    "no title": (modal(), modal(title=None)),
    "submit": (modal(submit=plain(24)), modal(submit=plain(25))),
    "close": (modal(close=plain(24)), modal(close=plain(25))),
    "no submit": (modal(field()), modal(field(), submit=None)),
    "metadata": (modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001)),
    "callback id": (modal(callback_id="x" * 255), modal(callback_id="x" * 256)),
    "external id": (modal(external_id="x" * 255), modal(external_id="x" * 256)),
    "unknown key": (modal(), modal(color="red")),
    "kind": (modal(), modal(type="home")),
    "label": (modal(field(label=2000)), modal(field(label=2001))),
    "hint": (modal(field(hint=plain(2000))), modal(field(hint=plain(2001)))),
    "first text": (
        modal(typing(max_length=5, initial_value="x" * 5)),
        modal(typing(max_length=5, initial_value="x" * 6)),
    ),
    "max length": (modal(typing(max_length=3000)), modal(typing(max_length=3001))),
    "min length": (
        modal(typing(min_length=5, max_length=5)),
        modal(typing(min_length=6, max_length=5)),
    ),
    "number input": (
        modal(field({"type": "number_input", "is_decimal_allowed": False})),
        modal(field({"type": "number_input"})),
    ),
    "date": (
        modal(field({"type": "datepicker", "initial_date": "2026-07-01"})),
        modal(field({"type": "datepicker", "initial_date": "1 July"})),
    ),
    "button in an input": (modal(field(select())), modal(field(button()))),
    "two focused": (
        modal(typing(focus_on_load=True)),
        modal(typing(focus_on_load=True), typing(focus_on_load=True)),
    ),
    "alert": (modal(ALERT), modal({**ALERT, "text": plain(201)})),
    "carousel": (modal(), modal({"type": "carousel", "elements": [card()]})),
}


@pytest.mark.parametrize("name", VIEWS)
def test_it_refuses_a_modal_beyond_the_limit(name: str) -> None:
    check_view(VIEWS[name][0], kind="modal")
    with pytest.raises(SlackError) as caught:
        check_view(VIEWS[name][1], kind="modal")
    assert caught.value.error == "invalid_arguments"
    assert "/view" in caught.value.extra["response_metadata"]["messages"][0]


def test_it_refuses_a_view_of_too_many_bytes() -> None:
    body = modal(*[section(text=mrkdwn(2900))] * 100)
    assert len(json.dumps(body)) > 250_000
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(body, kind="modal")


def test_it_refuses_an_alert_in_a_home_tab() -> None:
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view({"type": "home", "blocks": [ALERT]}, kind="home")

"""Every block that the bot emits, and every one that is announced, is shown without a fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visit import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

_GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
_RENDER = """async (messages) => {
  const { renderBlocks } = await import("/page/blocks.js");
  return messages.map((blocks) => {
    const node = renderBlocks(blocks);
    document.querySelector("#stream").replaceChildren(node);
    return {
      faults: [...node.querySelectorAll("[data-fault]")].map((one) => one.dataset.fault),
      text: node.innerText,
      empty: [...node.children].filter((one) => !one.innerText.trim() && one.tagName !== "HR")
        .length,
      count: node.children.length,
    };
  });
}"""


async def rendered(visitor: Visitor, messages: list[list[Any]]) -> list[Any]:
    """What the page makes of the blocks of each message, in one go."""
    shown: list[Any] = await visitor.page.evaluate(_RENDER, messages)
    return shown


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[dict[str, Any]]:
    return [{"text": plain(name), "value": name} for name in names]


def field(kind: str, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": kind, **more}
    return {"type": "input", "block_id": kind, "label": plain(kind), "element": element}


_CELLS = [[{"type": "raw_text", "text": "Topic"}, {"type": "raw_text", "text": "Posts"}]] + [
    [{"type": "raw_text", "text": name}, {"type": "raw_number", "value": value}]
    for name, value in (("releases", 12), ("awards", 3), ("engineering", 7))
]
_AXES = {"categories": ["May", "June", "July"], "x_label": "Month", "y_label": "Posts"}
_SERIES = [
    {"name": name, "data": [{"label": one, "value": value} for one, value in points]}
    for name, points in (
        ("Queued", (("May", 4), ("June", 9), ("July", 6))),
        ("Sent", (("May", 3), ("June", 5), ("July", 6))),
    )
]
_CHOICE = {"action_id": "a", "options": options("One", "Two", "Three")}
ANNOUNCED: dict[str, list[dict[str, Any]]] = {
    "menus": [
        {
            "type": "actions",
            "block_id": "menus",
            "elements": [
                {"type": kind, **_CHOICE, "action_id": kind}
                for kind in ("static_select", "multi_static_select", "overflow", "radio_buttons")
            ],
        },
        {"type": "section", "text": plain("x"), "accessory": {"type": "checkboxes", **_CHOICE}},
    ],
    "inputs": [
        field("plain_text_input"),
        field("url_text_input"),
        field("email_text_input"),
        field("number_input", is_decimal_allowed=False),
        field("datepicker"),
        field("timepicker"),
        field("datetimepicker"),
        field("static_select", options=options("One", "Two")),
        field("multi_static_select", options=options("One", "Two")),
        field("radio_buttons", options=options("One", "Two")),
        field("checkboxes", options=options("One", "Two")),
    ],
    "pictures": [
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A chart"},
        {"type": "alert", "level": "warning", "text": plain("Mind the gap")},
        {"type": "divider"},
        {
            "type": "markdown",
            "text": "# Title\n\n**bold** and *soft*, [a link](https://e.org)\n- a",
        },
    ],
    "tables": [
        {"type": "table", "rows": _CELLS},
        {"type": "data_table", "caption": "Topics", "rows": _CELLS},
    ],
    **{
        kind: [
            {
                "type": "data_visualization",
                "title": "Posts",
                "chart": {"type": kind, "series": _SERIES, "axis_config": _AXES},
            }
        ]
        for kind in ("bar", "line", "area")
    },
    "pie": [
        {
            "type": "data_visualization",
            "title": "Skips",
            "chart": {
                "type": "pie",
                "segments": [{"label": "a", "value": 2}, {"label": "b", "value": 5}],
            },
        }
    ],
}


async def test_every_golden_file_is_shown_without_fault(visitor: Visitor) -> None:
    assert _GOLDEN, "there are no golden files"
    bodies = {path.name: json.loads(path.read_text("utf-8")) for path in _GOLDEN}
    blocks = {name: body["blocks"] for name, body in bodies.items() if "blocks" in body}
    for name, shown in zip(blocks, await rendered(visitor, [*blocks.values()]), strict=True):
        assert shown["faults"] == [], name
        assert shown["empty"] == 0, name
        assert shown["count"] == len(blocks[name]), name


async def test_what_is_announced_is_shown_without_fault(visitor: Visitor) -> None:
    for name, shown in zip(ANNOUNCED, await rendered(visitor, [*ANNOUNCED.values()]), strict=True):
        assert shown["faults"] == [], name
        assert shown["empty"] == 0, name


async def test_what_the_page_does_not_know_is_a_visible_fault(visitor: Visitor) -> None:
    strange = [
        {"type": "hologram"},
        {"type": "actions", "elements": [{"type": "lever", "action_id": "a"}]},
        {"type": "input", "label": plain("x"), "element": {"type": "dial", "action_id": "b"}},
        {"type": "context", "elements": [{"type": "smell"}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "tune"}]}],
        },
        {"type": "section"},
    ]
    [shown] = await rendered(visitor, [strange])
    for name in ("hologram", "lever", "dial", "smell", "tune"):
        assert any(name in fault for fault in shown["faults"]), name
        assert name in shown["text"]


async def test_marks_links_mentions_and_code_are_shown_as_slack_shows_them(
    visitor: Visitor,
) -> None:
    cleo = visitor.sandbox.person("cleo").id
    text = (
        f"*bold* _soft_ ~gone~ `co*de*` snake_case_stays <https://e.org/a_b_c|a link> <@{cleo}> "
        ":tada: &lt;b&gt; <!date^1788760800^{date_num}|then>\n> quoted\n• one\n• two\n"
        "```\nraw *text*\n```<javascript:alert(1)|no>"
    )
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    await rendered(visitor, [[block]])
    stream = visitor.page.locator("#stream")
    found = await stream.evaluate(
        """(node) => Object.fromEntries(["strong", "em", "s", "code", "a", "blockquote", "pre",
          ".mention", "[role=img]", "time"].map((one) =>
            [one, [...node.querySelectorAll(one)].map((each) => each.textContent).join("|")]))"""
    )
    assert found["strong"] == "bold"
    assert found["em"] == "soft"
    assert found["s"] == "gone"
    assert found["code"] == "co*de*"
    assert found["blockquote"] == "quoted"
    assert found["pre"] == "raw *text*"
    assert found[".mention"] == "@Cleo Marin"
    assert found["time"] == "then"
    assert found["a"] == "a link|no"
    assert await stream.locator("a").last.get_attribute("href") is None
    assert await stream.locator("[role=listitem]").count() == 2
    shown = await stream.inner_text()
    assert "snake_case_stays" in shown
    assert "<b>" in shown

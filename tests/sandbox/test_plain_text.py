"""What a person sees, as plain text."""

from typing import Any

import pytest

from slack_sandbox import Channel, Person, Sandbox
from slack_sandbox.text import Reader, mrkdwn, plain_text_of_blocks

Json = dict[str, Any]
MOMENT = 1_782_900_000  # 2026-07-01 10:00 in UTC


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* and _thin_ and ~gone~ and `code`", "bold and thin and gone and code"),
        ("snake_case_name * 2", "snake_case_name * 2"),
        ("<https://x.example/a_b_c|Read> it", "Read (https://x.example/a_b_c) it"),
        ("<https://x.example>", "https://x.example"),
        ("<@U0AMARA> in <#C0NEWS>", "@amara in #news"),
        ("&lt;!channel&gt; &amp; more", "<!channel> & more"),
        ("<!here>", "@here"),
        (f"<!date^{MOMENT}^{{date_short}} at {{time}}|then>", "Jul 1, 2026 at 10:00 AM"),
        (f"<!date^{MOMENT}^{{century}}|then>", "then"),
    ],
)
def test_mrkdwn_reads_as_people_see_it(text: str, shown: str) -> None:
    reader = Reader(names={"U0AMARA": "amara", "C0NEWS": "news"})
    assert mrkdwn(text, reader) == shown


def test_blocks_read_from_top_to_bottom() -> None:
    def plain(text: str) -> Json:
        return {"type": "plain_text", "text": text}

    def rich(kind: str, *inner: Json, **more: Any) -> Json:
        return {"type": kind, "elements": list(inner), **more}

    text = {"type": "text", "text": "copy me"}
    link = {"type": "link", "url": "https://x.example"}
    date = {"type": "date", "timestamp": MOMENT, "format": "{date_num} {time}"}
    blocks: list[Json] = [
        {"type": "header", "text": plain("Heading")},
        {"type": "divider"},
        {"type": "section", "text": plain("Text"), "fields": [plain("one"), plain("two")]},
        {"type": "context", "elements": [plain("small"), plain("print")]},
        {
            "type": "rich_text",
            "elements": [
                rich("rich_text_section", text, {"type": "emoji", "name": "wave"}),
                rich("rich_text_preformatted", text, link),
                rich("rich_text_quote", date),
                rich("rich_text_list", rich("rich_text_section", text), style="ordered"),
            ],
        },
        {"type": "actions", "elements": [{"type": "button", "text": plain("Share")}]},
        {
            "type": "data_table",
            "caption": "Numbers",
            "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 3}]],
        },
        {
            "type": "data_visualization",
            "title": "Chart",
            "chart": {"type": "pie", "segments": [{"label": "Yes", "value": 2}]},
        },
        {"type": "card", "title": plain("Card"), "body": plain("Body")},
    ]
    assert plain_text_of_blocks(blocks, {}, Reader()).splitlines() == [
        "Heading",
        "---",
        "Text",
        "one",
        "two",
        "small print",
        "copy me:wave:",
        "copy mehttps://x.example",
        "> 2026-07-01 10:00 AM",
        "1. copy me",
        "[Share]",
        "Numbers",
        "a | 3",
        "Chart",
        "Yes: 2",
        "Card",
        "Body",
    ]


def test_dates_are_shown_in_the_persons_time_zone(
    sandbox: Sandbox, amara: Person, news: Channel
) -> None:
    message = sandbox.state.post(news, f"<!date^{MOMENT}^{{time}}|then>", [])
    assert message.plain == "10:00 AM"
    assert message.plain_for(amara) == "12:00 PM"


def test_inputs_show_their_current_value(sandbox: Sandbox, amara: Person) -> None:
    def option(value: str) -> Json:
        return {"text": {"type": "plain_text", "text": value.upper()}, "value": value}

    def field(block_id: str, element: Json) -> Json:
        label = {"type": "plain_text", "text": block_id.capitalize()}
        return {"type": "input", "block_id": block_id, "label": label, "element": element}

    placeholder = {"type": "plain_text", "text": "Your name"}
    options = [option("a"), option("b")]
    body = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            field("name", {"type": "plain_text_input", "placeholder": placeholder}),
            field("pace", {"type": "static_select", "options": options}),
            field("days", {"type": "checkboxes", "options": options}),
        ],
    }
    view = sandbox.state.new_view(amara, body)
    sandbox.state.stack(amara).append(view)
    assert view.plain == "Form\nName: (Your name)\nPace: (empty)\nDays: ( ) A ( ) B\n[Send]"
    amara.fill({"name": "Amara", "pace": "b", "days": ["a"]})
    assert view.plain == "Form\nName: Amara\nPace: B\nDays: (x) A ( ) B\n[Send]"

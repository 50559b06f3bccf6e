"""Everything that people see, as it goes to Slack: one file each, to look at and to compare.

`UPDATE_GOLDEN=1` writes the files anew. Each can be pasted into Slack's Block Kit Builder.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.slack.views.as_json import as_json
from bot.slack.views.text import Message
from slack_sandbox.limits import check_message, check_view
from slack_sandbox.mentions import mentions_in_blocks, mentions_in_text
from slack_sandbox.text import Reader, mrkdwn
from tests import golden_cases
from tests.golden_values import CARL, CLEO, HOSTILE, PAGES

FOLDER = Path(__file__).parent.parent / "golden"
CASES = golden_cases.cases()
NEVER = ("fatigue", "golden goose", "canary", "blast radius", "silent", "unanswered", "ignored")
EMOJI = re.compile(r":[a-z_]+:|[\u2600-\U0001faff]")
DATE = re.compile(r"<!date\^\d+\^[^<>|^]+\|(?P<plain>[^<>|]+)>")
PLAIN_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{1,2} \w+ \d{4}(, \d\d:\d\d [\w+-]+)?"
    r"|(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} \w+, \d{1,2}:\d\d [\w +-]+"  # on a named clock
)


def each_case(check: Callable[[str], None]) -> Callable[[], None]:
    """One test for all cases: one for each would cost three times what it looks at."""

    def test() -> None:
        for name in sorted(CASES):
            try:
                check(name)
            except AssertionError as error:
                error.add_note(f"in {name}.json")
                raise

    test.__name__, test.__doc__ = check.__name__, check.__doc__
    return test


@cache
def built(name: str) -> dict[str, Any]:
    made = CASES[name]()
    return made.payload() if isinstance(made, Message) else as_json(made)


def is_view(shown: dict[str, Any]) -> bool:
    return "text" not in shown


def written(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def objects(shown: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, outer ones first."""
    if isinstance(shown, dict):
        yield shown
        for inner in shown.values():
            yield from objects(inner)
    elif isinstance(shown, list):
        for inner in shown:
            yield from objects(inner)


def texts(shown: dict[str, Any]) -> list[str]:
    """All that a person reads in it, what people wrote included."""
    keys = ("text", "initial_value", "accessibility_label")
    return [
        value for part in objects(shown) for key in keys if isinstance(value := part.get(key), str)
    ]


def own_texts(shown: dict[str, Any]) -> list[str]:
    """All that a person reads in it, but for dates and for what a hostile person wrote."""
    theirs = [HOSTILE.link, HOSTILE.title, HOSTILE.why, *HOSTILE.topics]
    theirs += [wording.text for wording in HOSTILE.wordings]
    own = []
    for text in texts(shown):
        plain = html.unescape(DATE.sub("", text))
        for words in sorted((*theirs, PAGES), key=len, reverse=True):
            plain = plain.replace(words, "")
        own.append(plain)
    return own


@each_case
def test_it_is_as_in_its_golden_file(name: str) -> None:
    path = FOLDER / f"{name}.json"
    now = written(built(name))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(now, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing; UPDATE_GOLDEN=1 writes it"
    assert now == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_behind() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.json" for name in CASES}


@each_case
def test_slack_takes_it(name: str) -> None:
    shown = built(name)
    if is_view(shown):
        check_view(shown, kind=shown["type"])
    else:
        check_message(shown["text"], shown["blocks"])


@each_case
def test_a_message_says_something_without_its_blocks(name: str) -> None:
    shown = built(name)
    if is_view(shown):
        return
    said = mrkdwn(DATE.sub("", shown["text"]), Reader())
    assert len(re.findall(r"\w+", said)) >= 3


@each_case
def test_it_never_raises_its_voice(name: str) -> None:
    assert not [text for text in own_texts(built(name)) if "!" in text]


@each_case
def test_it_holds_no_word_that_people_never_read(name: str) -> None:
    said = " ".join(own_texts(built(name))).casefold()
    assert not [word for word in NEVER if re.search(rf"\b{word}", said)]


@each_case
def test_every_date_can_be_read_without_slack(name: str) -> None:
    for text in texts(built(name)):
        found = DATE.findall(text) and [match["plain"] for match in DATE.finditer(text)]
        assert text.count("<!date") == len(found)
        assert all(PLAIN_DATE.fullmatch(plain) for plain in found), found


@each_case
def test_it_pages_only_those_whom_the_bot_names(name: str) -> None:
    shown = built(name)
    found = set(mentions_in_blocks(shown["blocks"])) | set(mentions_in_text(shown.get("text", "")))
    assert found <= {f"<@{CLEO}>", f"<@{CARL}>"}


@each_case
def test_no_two_of_its_buttons_sound_alike(name: str) -> None:
    """A screen reader lists buttons by themselves: each has to say what it does, and to what."""
    labels = Counter(
        part.get("accessibility_label") or part["text"]["text"]
        for part in objects(built(name))
        if part.get("type") == "button"
    )
    assert not [label for label, count in labels.items() if count > 1 or len(label) < 4]


@pytest.mark.parametrize("name", [name for name in sorted(CASES) if name.startswith("member_")])
def test_what_a_member_agrees_to_does_not_need_blocks(name: str) -> None:
    """Slack's screen reader support reads a message's text, not what its blocks say."""
    shown = built(name)
    paragraphs = [block["text"]["text"] for block in shown["blocks"] if block["type"] == "section"]
    assert not [one for one in paragraphs if one not in shown["text"]]


@each_case
def test_no_colour_and_no_emoji_carries_a_meaning(name: str) -> None:
    shown = built(name)
    own = [part for part in objects(shown) if "style" in part and "elements" not in part]
    styles = [
        part["style"] for part in own if part.get("type") not in ("text", "link")
    ]  # in a lesson
    assert set(styles) <= {"primary", "danger"}  # whose label says "Delete"
    plain = [part for part in objects(shown) if part.get("type") == "plain_text"]
    assert all(part.get("emoji") is False for part in plain)
    assert not [text for text in own_texts(shown) if EMOJI.search(text)]


def test_slack_makes_no_link_and_no_mention_of_plain_words() -> None:
    """Escaping stops `<…>` alone: Slack parses bare addresses and names unless told not to."""
    loose = {
        name
        for name in CASES
        for part in objects(built(name))
        if part.get("type") == "mrkdwn" and part.get("verbatim") is not True
    }
    assert not loose, f"{len(loose)} of {len(CASES)}, such as {sorted(loose)[:3]}"

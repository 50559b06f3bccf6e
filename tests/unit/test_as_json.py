"""Slack's objects as JSON: what Slack's own library makes of them, with its checks."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    Option,
    RichTextBlock,
    RichTextListElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.views.as_json import as_json
from bot.slack.views.text import Message
from tests import golden_cases


def test_everything_people_see_is_what_the_library_makes_of_it() -> None:
    for name, make in golden_cases.cases().items():
        made = make()
        parts: tuple[Block | View, ...] = made.blocks if isinstance(made, Message) else (made,)
        assert [as_json(one) for one in parts] == [one.to_dict() for one in parts], name


def test_a_list_that_slack_lets_be_empty_stays() -> None:
    block = RichTextBlock(elements=[RichTextListElement(style="bullet", elements=[])])
    assert as_json(block) == block.to_dict()


@pytest.mark.parametrize(
    "broken",
    [
        SectionBlock(text="x" * 3_001),
        SectionBlock(text="y", accessory=ButtonElement(text="z" * 76, action_id="a")),
        SectionBlock(
            text="y",
            accessory=StaticSelectElement(
                placeholder="p", options=[Option(value="v" * 200, text="one")]
            ),
        ),
    ],
    ids=["a long text", "a long label", "a long value"],
)
def test_what_breaks_a_limit_is_refused(broken: Block) -> None:
    with pytest.raises(SlackObjectFormationError) as theirs:
        broken.to_dict()
    with pytest.raises(SlackObjectFormationError, match=f"^{theirs.value}$"):
        as_json(broken)

"""Payloads that Slack would never send, and what is answered to them."""

from __future__ import annotations

import copy
from typing import Any

from bot.runtime import Runtime
from slack_sandbox import Message, Outcome, Person, View, payloads
from tests.support import SlackWorld, deliver

Json = dict[str, Any]

HUGE = "9" * 400
NO_REF = [
    None, "", ":", "1", "1:", ":1", "1:x", "-1:1", "1:1:1", "1 :1", "1.0:1", "4294967297:1",
    f"{HUGE}:1", f"1:{HUGE}", "\uff11:1", "\u0661:1", "<!channel>", "1:1\n", "1:1\x00", "\ud800",
    1, 1.5, True, ["1:1"], {"1": 1}, [],
]  # fmt: skip
NO_METADATA = [
    "", "x", "{", "[]", "null", '"1"', "1", "{}", '{"post":"1"}', '{"post":-1}', '{"post":1.5}',
    '{"post":true}', '{"post":[1]}', '{"post":1e400}', f'{{"post":{HUGE}}}', '{"post":NaN}',
    '{"post":1,"revision":0,"counts":[1,1]}', '{"post":1,"revision":0,"counts":[1,1,99]}',
    '{"post":1,"revision":0,"counts":[1,1,1.0]}', '{"post":1,"revision":0,"counts":[[],1,1]}',
    '{"post":1,"network":"orkut","wording":0}', '{"post":1,"network":["x"],"wording":0}',
    '{"post":1,"network":"x","wording":-1}', '{"post":1,"network":"x","wording":0,"own":5}',
    "[" * 2900, None, 5, ["{}"],
]  # fmt: skip
PAGING = "<!channel> <!here> <@U000000001> <!subteam^S1> @everyone"


def click_payload(
    world: SlackWorld, who: Person, where: Message | View, action: str, value: Any = "1:1"
) -> Json:
    """The press of a button, to be doctored; what Slack would send is the start."""
    block = {"block_id": "b"}
    element = {"type": "button", "action_id": action, "value": value}
    return payloads.block_actions(world.sandbox.state, who, where, element, block)


def submission_payload(world: SlackWorld, who: Person, view: View) -> Json:
    """A form as it stands, to be doctored."""
    return copy.deepcopy(payloads.view_submission(world.sandbox.state, who, view))


async def send_payload(world: SlackWorld, runtime: Runtime, who: Person, payload: Json) -> str:
    """What the person reads in answer to a payload; it must be exactly one answer."""
    before = len(who.private)
    outcome = await deliver(world, payload)
    assert outcome.acknowledged, payload
    await runtime.context.background_tasks.drain()
    answers = who.private[before:]
    assert len(answers) == 1, [answer.plain for answer in answers]
    return answers[0].plain


def at_the_dialog(outcome: Outcome) -> str:
    """What a submitted dialog is answered: an error at a field, or a sentence in its place."""
    assert outcome.acknowledged
    assert outcome.response is not None
    if outcome.response["response_action"] == "errors":
        return " ".join(outcome.response["errors"].values())
    assert outcome.response["response_action"] == "update"
    blocks = outcome.response["view"]["blocks"]
    return " ".join(block["text"]["text"] for block in blocks if block["type"] == "section")

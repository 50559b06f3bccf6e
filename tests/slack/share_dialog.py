"""The share dialog: how a member opens it, what it shows, and the words that they type there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import announcements, share_dialog
from slack_sandbox import Message, Outcome, Person
from slack_sandbox.state import View
from tests.support import SlackWorld, click_in_dialog, live_post, run_command

STANDS = "SELECT stage, reason, network FROM response"


async def click_share(person: Person, message: Message) -> View:
    """Press Share; the dialog that opens."""
    outcome = await person.press(message, announcements.SHARE)
    assert outcome.acknowledged, outcome.error
    assert person.view is not None
    return person.view


async def share_new_post(world: SlackWorld, runtime: Runtime, person: Person, **post: str) -> View:
    """The dialog of a new post, for somebody who joins."""
    message = await live_post(world, runtime, **post)
    await run_command(person, "/advocacy join")
    return await click_share(person, message)


async def choose_network(runtime: Runtime, person: Person, network: Network) -> None:
    """Choose another network in the dialog, and let it change."""
    assert person.view is not None
    outcome = await person.choose(person.view, share_dialog.NETWORK, network.value)
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()


async def take_step(runtime: Runtime, person: Person, action_id: str) -> None:
    """Press a button in the dialog; with the network's menu, choose X."""
    if action_id == share_dialog.NETWORK:
        await choose_network(runtime, person, Network.X)
    else:
        await click_in_dialog(runtime, person, action_id)


def networks_in(view: View) -> list[str]:
    """The networks that the dialog's menu offers; none where there is no menu."""
    found = [block["accessory"] for block in view.blocks if "accessory" in block]
    menus = [one["options"] for one in found if one["action_id"] == share_dialog.NETWORK]
    return [option["value"] for options in menus for option in options]


def text_in(view: View) -> str:
    """The text that the share dialog shows in its frame."""
    [frame] = [block for block in view.blocks if block["type"] == "rich_text"]
    return str(frame["elements"][0]["elements"][0]["text"])


def buttons_in(view: View) -> set[str]:
    """The action ids of a dialog's buttons."""
    found = [
        element
        for block in view.blocks
        for element in [*block.get("elements", []), block.get("accessory") or {}]
    ]
    return {str(element["action_id"]) for element in found if "action_id" in element}


def opened_text(outcome: Outcome) -> str:
    """What a composer begins with, read from the address as a browser reads it."""
    address = urlsplit(str(outcome.url))
    assert address.scheme == "https"
    carried = {name: text for name, [text] in parse_qs(address.query).items()}
    gap = " " if address.netloc == "x.com" else "\n\n"
    return gap.join(carried[name] for name in ("text", "url") if name in carried)


def own_field(view: View) -> str:
    """The block in which a member writes their own words: other words, another block."""
    [name] = [name for name in view.values if name.startswith("own:")]
    return name


def type_own_words(person: Person, words: str) -> None:
    """Write own words into the dialog on top."""
    assert person.view is not None
    person.fill({own_field(person.view): words})


def own_words_typed(view: View) -> str:
    """What stands in the field for own words."""
    return str(view.values[own_field(view)]["own"]["value"])

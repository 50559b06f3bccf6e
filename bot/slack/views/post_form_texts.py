"""The part of a post's form in which its texts are written, network by network."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.domain import networks
from bot.domain.drafting import Fields
from bot.domain.post import Network
from bot.domain.post_fields import MAX_PROMPT, MOST_PROMPTS
from bot.slack.views import post_form_inputs as inputs
from bot.slack.views.post_form_state import MOST_WORDINGS, Form
from bot.slack.views.text import button, context, plain, section

ADD_WORDING = "add_wording"
MORE_NETWORKS = "more_networks"

_LONGEST = 3000  # Slack's limit for a text field
# What a composer link surely carries: English takes some 1.4 characters of 3,000 for each letter.
_FILLED_IN = 1_800
_LONGEST_PROMPTS = MOST_PROMPTS * (MAX_PROMPT + 1)
_LONGEST_UNKNOWN = 1000  # where a network names no limit: nobody reads more in a message


def render(form: Form, fields: Fields) -> list[Block]:
    """A field for each text, and buttons for more of them."""
    blocks: list[Block] = [
        section(
            "*Texts to share.* Write for as few networks as you like. Begin a text with [de] for "
            "German, [fr] for French, and so on. People get their own language first.",
            block_id="words",
        )
    ]
    for network, count in form.counts:
        blocks += _wordings(network, count, fields)
    return [
        *blocks,
        *_more(form),
        inputs.text(
            "prompts",
            "Questions to start from",
            fields.prompts,
            "What did you find hard? Who should know of this?",
            most=_LONGEST_PROMPTS,
            multiline=True,
            optional=True,
            hint=f"Up to {MOST_PROMPTS}, one on each line, for people who write their own text.",
        ),
    ]


def _wordings(network: Network, count: int, fields: Fields) -> list[Block]:
    shown = networks.name(network)
    texts = [text for other, text in fields.wordings if other is network]
    longest = networks.limit(network)
    about = "about " if networks.about(network) else ""
    hint = (
        f"Up to {about}{longest:,} characters, link and disclosure included." if longest else None
    )
    if about:
        hint = f"{hint} An emoji counts as four or more here, and a letter such as ü as two."
    if longest is not None and longest > _FILLED_IN:
        hint = f"{hint} People have to paste a text longer than about {_FILLED_IN:,}."
    if not networks.takes_text(network):
        hint = f"{shown} takes no text from outside, so people copy this and paste it there."
    blocks: list[Block] = []
    for place in range(count):
        label = f"Text for {shown}" if count == 1 else f"Text for {shown}, {place + 1}"
        blocks.append(
            inputs.text(
                f"{network}:{place}",
                label,
                texts[place] if place < len(texts) else "",
                "Just the text. The link and the disclosure are added.",
                most=_LONGEST if longest else _LONGEST_UNKNOWN,
                multiline=True,
                optional=True,
                hint=hint,
            )
        )
    return blocks


def _more(form: Form) -> list[Block]:
    """A button for each network that can have another text, and one for the other networks."""
    buttons = [
        ButtonElement(
            text=plain(f"Another text for {networks.name(network)}"),
            action_id=f"{ADD_WORDING}:{network}",
            value=network.value,
        )
        for network, count in form.counts
        if 0 < count < MOST_WORDINGS
    ]
    if form.has_more_networks:
        buttons.append(button("More networks", MORE_NETWORKS))
    why = context("Several texts for one network keep colleagues from sounding alike.")
    return [why, ActionsBlock(block_id="more", elements=buttons)] if buttons else []

"""The member's own words: the field, its reader, and a question where they disclose nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from slack_sdk.models.blocks import ActionsBlock, Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.domain import drafting, networks, share_dialog
from bot.domain.share_dialog import ShareDialog
from bot.domain.share_options import ShareOptions
from bot.slack.views import payload, wordings
from bot.slack.views.payload import Unreadable
from bot.slack.views.share_dialog import (
    BACK,
    LONGEST_OWN,
    too_long_to_keep,
    view_of,
)
from bot.slack.views.text import button, escape, plain, section

FORM = "own_words_form"
PUT_BACK = "put_disclosure_back"
SAID_SO = "said_so"

_LONGEST_FIELD = 3_000  # a wording may be longer than what the dialog can keep
_FIELD = "own"


def edit(
    dialog: ShareDialog,
    options: ShareOptions,
    *,
    typed: str | None = None,
    undisclosed: bool = False,
    why: str | None = None,
) -> View:
    """The form in which a member writes their own text.

    `typed` is what stood in the field before. With `undisclosed` the form asks whether the text
    says where the member works. `why` is a sentence on top for a form that nobody asked for.

    The field's block id depends on its text, since Slack keeps what was typed under the same id.
    """
    shown = networks.name(dialog.network)
    text = (typed if typed is not None else _text(dialog, options))[:_LONGEST_FIELD]
    limit = min(networks.limit(dialog.network) or LONGEST_OWN, LONGEST_OWN)
    about = "about " if networks.about(dialog.network) else ""
    field = PlainTextInputElement(
        action_id=_FIELD,
        multiline=True,
        max_length=_LONGEST_FIELD,
        initial_value=text or None,
        focus_on_load=True,
    )
    blocks: list[Block] = [section(escape(why))] if why else []
    blocks += _question(options.disclosure) if undisclosed else []
    blocks += [
        section("One sentence of your own often says more than a polished text."),
        *wordings.prompts(options.content),
        InputBlock(
            block_id=f"{_FIELD}:{crc32(text.encode('utf-8', 'surrogatepass')):08x}",
            label=plain(f"Your text for {shown}"),
            element=field,
            hint=plain(
                f"Up to {about}{limit:,} characters. Please keep {options.disclosure}, or say "
                "where you work, for example “I work at …”, so that readers know."
            ),
        ),
        ActionsBlock(block_id="back", elements=[button("Back to the suggested texts", BACK)]),
    ]
    title = "Your own text"
    # What stands in the field is read from there: words too long to keep can still be shortened.
    stored = dialog if too_long_to_keep(dialog) is None else share_dialog.show_suggested(dialog)
    close = "Close without saving"
    return view_of(FORM, title, blocks, stored, submit="Use this text", close=close)


def _text(dialog: ShareDialog, options: ShareOptions) -> str:
    """The whole text; where the field can't hold it, the words alone: the rest is added again."""
    text = share_dialog.full_text(dialog, options)
    wording = share_dialog.chosen_wording(dialog, options)
    if len(text) <= _LONGEST_FIELD:
        return text
    return dialog.own or (wording.text if wording else text)


def _question(disclosure: str) -> list[Block]:
    buttons = [
        button(f"Put {disclosure} back", PUT_BACK, style="primary"),
        button("My text already says so", SAID_SO),
    ]
    return [
        section(
            "People may not realise from this where you work. Saying so keeps your post honest, "
            f"and in many countries the law asks for it. {escape(disclosure)} is enough."
        ),
        ActionsBlock(block_id="undisclosed", elements=buttons),
    ]


def read(view: Mapping[str, Any]) -> str:
    """The words typed; raises Unreadable."""
    typed = payload.typed(view, "state", "values", field_of(view), _FIELD, "value")
    return drafting.own_words(typed)


def field_of(view: Mapping[str, Any]) -> str:
    """The block in which the words were typed; raises Unreadable."""
    values = payload.pick(view, "state", "values")
    names = values if isinstance(values, Mapping) else ()
    found = [name for name in names if str(name).partition(":")[0] == _FIELD]
    if len(found) != 1:
        raise Unreadable("no field for own words")
    return str(found[0])

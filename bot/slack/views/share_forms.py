"""What the share dialog asks besides: consent, a server's name, a note to comms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain import hosts
from bot.domain.ids import PostId
from bot.domain.notes import MOST_A_WEEK
from bot.domain.share_dialog import ShareDialog
from bot.domain.typed_text import clean
from bot.slack.views import payload
from bot.slack.views.errors import closing_view
from bot.slack.views.membership import IN_SHORT, WHO_SEES_WHAT, who_sees_what_button
from bot.slack.views.share_dialog import view_of
from bot.slack.views.text import context, plain, section

CONSENT = "consent_form"
SERVER = "server_form"
NOTE_FORM = "note_form"
COMMS_FORM = "note_to_comms"
NOTE_TITLE = "A note to comms"

LONGEST_NOTE = 1_000
_HOST = "server"
_WORDS = "words"
_SIGN = "sign"


def consent_form(post_id: PostId, months: int, *, at_length: bool = False) -> View:
    """Asked once, before a first share; then it goes on with the post.

    `months` is how long consent lasts; `at_length` also answers who sees what.
    """
    lasts = "a month" if months == 1 else f"{months} months"
    return View(
        type="modal",
        callback_id=CONSENT,
        title=plain("Before you share"),
        submit=plain("Join and continue"),
        close=plain("Not now"),
        private_metadata=payload.dump({"post": post_id}),
        blocks=[
            section(
                "You haven't joined yet, so I didn't save that click. Here's what joining means:"
            ),
            section(IN_SHORT),
            section(WHO_SEES_WHAT)
            if at_length
            else ActionsBlock(elements=[who_sees_what_button()]),
            context(f"You're in for {lasts}. After that I stop, unless you renew."),
        ],
    )


def read_consent(view: Mapping[str, Any]) -> PostId:
    """The post that the person wanted to share; raises Unreadable."""
    return PostId(payload.whole(payload.metadata(view), "post"))


def closing(sentence: str) -> View:
    """A dialog that has nothing more to offer, with one line why."""
    return closing_view("Share", sentence)


def server_form(dialog: ShareDialog, instance: str) -> View:
    """Which server the member's account is on."""
    blocks: list[Block] = [
        InputBlock(
            block_id=_HOST,
            label=plain("Your server"),
            element=PlainTextInputElement(
                action_id=_HOST,
                max_length=hosts.MAX_TYPED,
                initial_value=instance or None,
                placeholder=plain("mastodon.social"),
                focus_on_load=True,
            ),
            hint=plain("Its name, or your address there, such as @you@mastodon.social."),
        ),
        context(
            "You're trying this out. I'll forget it when you close the dialog."
            if dialog.practice
            else "I remember only the server's name. No one else sees it."
        ),
    ]
    return view_of(SERVER, "Your server", blocks, dialog, submit="Use it", close="Close")


def read_server(view: Mapping[str, Any]) -> str:
    """What was typed; raises Unreadable."""
    return clean(payload.typed(view, "state", "values", _HOST, _HOST, "value"))


def server_error(sentence: str) -> dict[str, str]:
    """The error at the field."""
    return {_HOST: sentence}


NEEDS_NAME = (
    "It carries your name. With fewer than about 10 members, people could guess who wrote it."
)


def note_form(dialog: ShareDialog, *, may_be_unsigned: bool) -> View:
    """The form for a note about a post; with few members it always carries the name."""
    question = "What's the problem? Your note goes to the comms team, and to nobody else."
    blocks = _note_blocks(question, may_be_unsigned=may_be_unsigned)
    if dialog.practice:
        blocks.insert(0, context("You're trying this out. Your note goes nowhere."))
    return view_of(NOTE_FORM, NOTE_TITLE, blocks, dialog, submit="Send it", close="Close")


def comms_form(*, may_be_unsigned: bool) -> View:
    """The form for a note about anything else."""
    question = "What would you like to tell the comms team? Nobody else gets your note."
    return View(
        type="modal",
        callback_id=COMMS_FORM,
        title=plain(NOTE_TITLE),
        submit=plain("Send it"),
        close=plain("Close"),
        blocks=_note_blocks(question, may_be_unsigned=may_be_unsigned),
    )


def _note_blocks(question: str, *, may_be_unsigned: bool) -> list[Block]:
    return [
        section(question),
        InputBlock(
            block_id=_WORDS,
            label=plain("Your note"),
            element=PlainTextInputElement(
                action_id=_WORDS, multiline=True, max_length=LONGEST_NOTE, focus_on_load=True
            ),
            hint=plain(f"Up to {LONGEST_NOTE:,} characters."),
        ),
        signature() if may_be_unsigned else context(NEEDS_NAME),
    ]


_ANSWERABLE = (
    "With it, they can answer you. Notes without a name reach them together, at 10:00 on their "
    "next working day."
)


def signature(hint: str = _ANSWERABLE) -> InputBlock:
    """The question whether to sign; `hint` says what comes of it."""
    return tick_box(_SIGN, "Your name", "Sign it with my name", hint)


def tick_box(block_id: str, label: str, choice: str, hint: str) -> InputBlock:
    """One choice that may be left unticked; block, action and value have the same id."""
    option = Option(value=block_id, text=plain(choice))
    return InputBlock(
        block_id=block_id,
        label=plain(label),
        element=CheckboxesElement(action_id=block_id, options=[option]),
        hint=plain(hint),
        optional=True,
    )


def optional_words(block_id: str, label: str, most: int, hint: str | None = None) -> InputBlock:
    """A field for up to `most` characters that may stay empty; its action has the same id."""
    return InputBlock(
        block_id=block_id,
        label=plain(label),
        element=PlainTextInputElement(action_id=block_id, multiline=True, max_length=most),
        hint=None if hint is None else plain(hint),
        optional=True,
    )


def read_note(view: Mapping[str, Any]) -> tuple[str, bool]:
    """The note, and whether to sign it: a form that does not ask signs. Raises Unreadable."""
    values = payload.pick(view, "state", "values")
    text = clean(payload.typed(values, _WORDS, _WORDS, "value"))
    return text[:LONGEST_NOTE], is_signed(values)


def is_signed(values: Mapping[str, Any]) -> bool:
    """Whether what was sent carries a name: a form that does not ask signs. Raises Unreadable."""
    if _SIGN not in values:
        return True
    ticked = payload.pick(values, _SIGN, _SIGN, "selected_options")
    return isinstance(ticked, list) and any(
        payload.pick(option, "value") == _SIGN for option in ticked
    )


def note_needs_name() -> dict[str, str]:
    """The error at the checkbox of a form that was opened when there were more members."""
    return {_SIGN: "There are too few members now for a note without a name. Please sign it."}


def too_many_notes() -> dict[str, str]:
    """The error at the field for one note too many."""
    return {
        _WORDS: f"I pass on {MOST_A_WEEK} notes from one person a week. Please tell them the rest "
        "yourself."
    }


def note_missing() -> dict[str, str]:
    """The error at the field that says nothing."""
    return {_WORDS: "Please write your note first."}

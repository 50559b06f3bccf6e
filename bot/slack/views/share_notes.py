"""Notes that say that somebody shared: their form, what comms read, and the thanks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
)
from slack_sdk.models.views import View

from bot.domain.ids import PostId
from bot.domain.notes import MOST_A_WEEK
from bot.domain.share_dialog import ShareDialog
from bot.domain.share_notes import Batch, ShareNote, Unthankable
from bot.domain.typed_text import clean
from bot.slack.views import payload, share_forms
from bot.slack.views.errors import closing_view
from bot.slack.views.share_dialog import view_of
from bot.slack.views.text import Message, as_typed, context, escape, plain, say, section

FORM = "share_note_form"
THANK = "thank_sharers"
THANK_FORM = "thanks_form"

LONGEST_WORDS: Final = 300
_LATEST: Final = 10**10 - 1  # seconds since 1970 in ten digits
_WORDS, _ANSWER = "words", "may_answer"
_THANKS_TITLE = "Say thanks"

DONT_ASK = "Many people share without saying so. Please don't ask who did."
NOT_SHARED = "Nothing was sent, since the post isn't marked as shared any more."


def form(dialog: ShareDialog, *, may_be_unsigned: bool) -> View:
    """What to tell comms beside that one shared; with few members it carries the name."""
    blocks: list[Block] = [
        section(
            "No colleague is told that you shared. If you'd like the comms team to know, send "
            "them this note. It goes to nobody else."
        ),
        share_forms.optional_words(_WORDS, "A few words for them", LONGEST_WORDS),
        share_forms.signature("Without it, they don't learn who you are.")
        if may_be_unsigned
        else context(share_forms.NEEDS_NAME),
        share_forms.tick_box(
            _ANSWER,
            "An answer",
            "You may answer",
            "If they say thanks, I pass it on to you in one direct message. They don't see who "
            "ticked this.",
        ),
        context("They get all notes about this post together, at 10:00 on their next working day."),
    ]
    if dialog.practice:
        blocks.insert(0, context("You're trying this out. Your note goes nowhere."))
    return view_of(FORM, share_forms.NOTE_TITLE, blocks, dialog, submit="Send it", close="Close")


def read_form(view: Mapping[str, Any]) -> tuple[str, bool, bool]:
    """The words, whether they are signed, and whether comms may answer; raises Unreadable."""
    values = payload.pick(view, "state", "values")
    ticked = payload.pick(values, _ANSWER, _ANSWER, "selected_options")
    may_answer = isinstance(ticked, list) and bool(ticked)
    return _words(values), share_forms.is_signed(values), may_answer


def too_many() -> dict[str, str]:
    """The error at the field for one note too many."""
    return {
        _WORDS: f"I pass on {MOST_A_WEEK} of these notes from one person a week. You don't need "
        "one for sharing."
    }


def sent(*, signed: bool) -> str:
    """The line at the top of the dialog after it."""
    how = "with your name" if signed else "without your name"
    return f"Thank you. The comms team gets your note {how}, at 10:00 on their next working day."


def card(batch: Batch, post: str, notes: Sequence[ShareNote]) -> Message:
    """For comms: what people who shared a post tell them, in any order.

    `post` is its title in mrkdwn. Those without a name and without words are one line, however
    many there are: nobody is counted.
    """
    blocks: list[Block] = [context(DONT_ASK)]
    told = [note for note in notes if note.words or note.signed_by]
    blocks += [_note(note) for note in told]
    if len(told) < len(notes):
        blocks.append(section("_Without a name and without words:_ I shared it."))
    thank = ButtonElement(text=plain("Say thanks"), action_id=THANK, value=_show(batch))
    return say(
        f"People who shared {post} send you this:",
        *blocks,
        ActionsBlock(elements=[thank]),
    )


def _note(note: ShareNote) -> RichTextBlock:
    if note.signed_by is None:
        return as_typed(f"“{note.words}”")
    words = f": “{note.words}”" if note.words else " shared it."
    who = RichTextElementParts.User(user_id=note.signed_by)
    return RichTextBlock(
        elements=[RichTextSectionElement(elements=[who, RichTextElementParts.Text(text=words)])]
    )


def thanks_form(batch: Batch) -> View:
    """What is said with the thanks, and to whom they go."""
    return View(
        type="modal",
        callback_id=THANK_FORM,
        title=plain(_THANKS_TITLE),
        submit=plain(_THANKS_TITLE),
        close=plain("Cancel"),
        private_metadata=payload.dump({"batch": _show(batch)}),
        blocks=[
            section(
                "I pass your thanks on to those of them who said that you may answer, in a direct "
                "message. I don't tell who that is."
            ),
            share_forms.optional_words(
                _WORDS,
                "A few words from you",
                LONGEST_WORDS,
                "They read them as the comms team's, without your name.",
            ),
        ],
    )


def read_thank(value: object) -> Batch:
    """The notes that a button is about; raises Unreadable."""
    post, _, at = value.partition(":") if isinstance(value, str) else ("", "", "")
    seconds = payload.number(at, _LATEST)
    return Batch(PostId(payload.number(post)), datetime.fromtimestamp(seconds, UTC))


def read_thanks_form(view: Mapping[str, Any]) -> tuple[Batch, str]:
    """The notes, and the words with the thanks; raises Unreadable."""
    batch = read_thank(payload.metadata(view).get("batch"))
    return batch, _words(payload.pick(view, "state", "values"))


def thanked() -> View:
    """It is done; the same whether or not anybody may be answered."""
    return closing_view(
        _THANKS_TITLE,
        "Done. Those who said that you may answer hear it from me, in their working hours and not "
        "during a pause.",
    )


def unthankable(why: Unthankable) -> str:
    """Why nothing was passed on."""
    if why is Unthankable.THANKED:
        return "Someone in comms has already said thanks for these notes. Once is enough."
    return "The post ended a month ago, and its notes are deleted. So I can't pass on thanks."


def not_thanked(why: Unthankable) -> View:
    """The same in the place of the form."""
    return closing_view(_THANKS_TITLE, unthankable(why))


def thanks(title: str, words: str) -> Message:
    """To one person who said that comms may answer."""
    said: list[Block] = [as_typed(f"“{words}”")] if words else []
    return say(
        f"The comms team says thank you for sharing “{escape(title)}”.",
        *said,
        context("You said that they may answer. They don't learn from me that you got this."),
    )


def _words(values: Mapping[str, Any]) -> str:
    return clean(payload.typed(values, _WORDS, _WORDS, "value"))[:LONGEST_WORDS]


def _show(batch: Batch) -> str:
    return f"{batch.post_id}:{int(batch.at.timestamp())}"

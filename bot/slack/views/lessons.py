"""Lessons as people see them: the list, the dialog, and the line that offers one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    RichTextBlock,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import (
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextSectionElement,
)
from slack_sdk.models.views import View

from bot.domain.lessons import Lesson, LessonCatalog, Paragraph, Part, TextRun
from bot.slack.views import payload
from bot.slack.views.payload import PostRef, Unreadable, read_ref, show_ref
from bot.slack.views.text import Message, context, escape, header, plain, section

READ = "lesson_read"
NO_THANKS = "lesson_no_thanks"
DIALOG = "lesson"

_LINE, _BUTTONS = "lesson_offer", "lesson_offer_buttons"


class Place(StrEnum):
    """Where a lesson's button stands, which says what stands there once it was pressed.

    `HERE` is the message of an ask, or a dialog that Slack sends back with the click, so that the
    offer can be taken out of it. All else is rendered anew.
    """

    LIST = "list"
    DELIVERY = "delivery"
    SKIPPED = "skipped"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class LessonButton:
    """What a lesson's button stands for; `ref` is the post whose skip was answered."""

    lesson: str
    place: Place
    ref: PostRef | None = None


def show_value(button: LessonButton) -> str:
    """As a button's value."""
    ref = "" if button.ref is None else show_ref(button.ref)
    return f"{button.lesson}|{button.place}|{ref}"


def read_value(value: object) -> LessonButton:
    """The inverse of `show_value`; raises Unreadable."""
    parts = value.split("|") if isinstance(value, str) else []
    if len(parts) != 3 or parts[1] not in list(Place):
        raise Unreadable("no lesson's button")
    lesson, place, ref = parts
    if (place == Place.SKIPPED) != bool(ref):
        raise Unreadable("no lesson's button")
    return LessonButton(lesson, Place(place), read_ref(ref) if ref else None)


def catalogue(catalog: LessonCatalog, read: Iterable[str] | None) -> Message:
    """Every lesson; `read` are those that a member has read, None for somebody who is none."""
    known = frozenset(read or ())
    opening = "Short lessons on sharing, half a minute each. Read what you like. None is required."
    blocks: list[Block] = [section(opening)]
    blocks += [_listed(lesson, read=lesson.name in known) for lesson in catalog.lessons]
    if read is None:
        blocks.append(context("You haven't joined, so I don't remember what you read."))
    else:
        blocks.append(context("No colleague is shown which ones you have read."))
    titles = "; ".join(escape(lesson.title) for lesson in catalog.lessons)
    return Message(f"{opening}\n{titles}", tuple(blocks))


def all_lessons(catalog: LessonCatalog, read: Iterable[str] | None) -> View:
    """Every lesson, as a dialog."""
    blocks = list(catalogue(catalog, read).blocks)
    return View(
        type="modal",
        callback_id="all_lessons",
        title=plain("Short lessons"),
        close=plain("Done"),
        blocks=blocks,
    )


def suggestion(catalog: LessonCatalog, read: Iterable[str] | None) -> list[Block]:
    """One lesson that its reader has not `read` yet, if there is one."""
    suggested = catalog.suggest(frozenset(read or ()))
    return [] if suggested is None else [_listed(suggested, read=False)]


def _listed(lesson: Lesson, *, read: bool) -> SectionBlock:
    mark = " (read)" if read else ""
    button = _button(f"Read “{lesson.title}”", READ, LessonButton(lesson.name, Place.LIST), "Read")
    return section(
        f"*{escape(lesson.title)}*{mark}\n{escape(lesson.summary)}",
        block_id=f"lesson:{lesson.name}",
        accessory=button,
    )


def dialog(lesson: Lesson, catalog: LessonCatalog) -> View:
    """The lesson's text; Next leads to the one that follows, Done closes."""
    place = catalog.lessons.index(lesson) + 1
    following = catalog.next_after(lesson.name)
    return View(
        type="modal",
        callback_id=DIALOG,
        title=plain("A short lesson"),
        submit=plain("Next") if following else None,
        close=plain("Done"),
        private_metadata=payload.dump({"lesson": lesson.name}),
        blocks=[
            header(lesson.title),
            *(RichTextBlock(elements=[_part(part)]) for part in lesson.parts),
            context(f"Lesson {place} of {len(catalog.lessons)}. You'll find them all on Home."),
        ],
    )


def read_dialog(view: Mapping[str, Any]) -> str:
    """The name of the lesson that the dialog shows; raises Unreadable."""
    name = payload.metadata(view).get("lesson")
    if not isinstance(name, str):
        raise Unreadable("no lesson")
    return name


def offered(message: Message, lesson: Lesson, place: Place, ref: PostRef | None = None) -> Message:
    """A message with a line below it that offers the lesson."""
    blocks = offer_blocks(lesson, place, ref)
    return Message(f"{message.text}\n{_line(lesson)}", (*message.blocks, *blocks))


def offered_in(view: View, lesson: Lesson) -> View:
    """A dialog with a line below it that offers the lesson."""
    view.blocks = [*(view.blocks or []), *offer_blocks(lesson, Place.HERE)]
    return view


def offer_blocks(lesson: Lesson, place: Place, ref: PostRef | None = None) -> list[Block]:
    """The line that offers a lesson, with its buttons: to read it, or never to be offered it."""
    button = LessonButton(lesson.name, place, ref)
    buttons = [
        _button(f"Read the lesson “{lesson.title}”", READ, button, "Read it"),
        _button("No, thanks: don't offer this lesson again", NO_THANKS, button, "No, thanks"),
    ]
    return [
        context(_line(lesson), block_id=_LINE),
        ActionsBlock(block_id=_BUTTONS, elements=buttons),
    ]


def view_without_offer(view: Mapping[str, Any]) -> View:
    """A dialog as Slack sent it back, without the offer; raises Unreadable."""
    copied = ("callback_id", "title", "submit", "close", "private_metadata")
    facts = {key: view[key] for key in copied if view.get(key)}
    external_id = payload.known_id(view.get("external_id"))
    try:
        shown = View(type="modal", blocks=_without_offer(view), external_id=external_id, **facts)
        shown.to_dict()
    except Exception as error:  # what Slack's classes raise for others' blocks is written nowhere
        raise Unreadable("no dialog") from error
    return shown


def _without_offer(shown: Mapping[str, Any]) -> list[Block]:
    blocks = payload.pick(shown, "blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Unreadable("no blocks")
    ours = (_LINE, _BUTTONS)
    return Block.parse_all([block for block in blocks if block.get("block_id") not in ours])


def _line(lesson: Lesson) -> str:
    return f"A short lesson, if you like: “{escape(lesson.title)}”. {escape(lesson.summary)}"


def _button(label: str, action: str, button: LessonButton, text: str) -> ButtonElement:
    # A screen reader lists buttons by themselves, so each says what it leads to.
    return ButtonElement(
        text=plain(text),
        action_id=action,
        value=show_value(button),
        accessibility_label=None if text == label else label,
    )


def _part(part: Part) -> RichTextElement:
    if isinstance(part, Paragraph):
        return _section(part.runs)
    return RichTextListElement(style="bullet", elements=[_section(item) for item in part.items])


def _section(runs: tuple[TextRun, ...]) -> RichTextSectionElement:
    return RichTextSectionElement(elements=[_leaf(run) for run in runs])


def _leaf(run: TextRun) -> RichTextElementParts.Text | RichTextElementParts.Link:
    style = None
    if run.strong or run.emphasis or run.code:
        style = RichTextElementParts.TextStyle(
            bold=run.strong or None, italic=run.emphasis or None, code=run.code or None
        )
    if run.link:
        return RichTextElementParts.Link(url=run.link, text=run.text, style=style)
    return RichTextElementParts.Text(text=run.text, style=style)

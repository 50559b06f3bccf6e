"""The dialog that shows a person everything that is stored about them, page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain.lessons import LessonCatalog
from bot.domain.my_data import (
    OWN,
    Named,
    PersonalRecord,
    RowNumber,
    StoredRow,
    lasts,
    life_of,
    tables,
)
from bot.domain.retention import COLUMNS
from bot.slack import permissions
from bot.slack.views import payload, retention
from bot.slack.views.stored_values import in_words, label
from bot.slack.views.text import Message, context, escape, header, packed, plain, say, section

DIALOG = "my_data"
PAGE = "my_data_page"  # to another page; the number after it tells two buttons apart
FILE = "my_data_file"
SEND = "my_data_send"
FORGET = "my_data_forget"

NOTHING = "Nothing is stored about you."
FILE_NAME = "my-data.json"
_MOST_BLOCKS = 80  # on one page: Slack takes 100, and a page is to be read
_LONGEST_LINE = 1_000  # characters of a value in one line, so that no paragraph is too long
# What must stay whole where a long text is cut: dates, escaped characters and short words.
_PARTS = re.compile(r"<[^>]*>|&\w+;|\s|[^\s<&]{1,100}|[<&]")

# Values that say nothing to a reader stand together at the end of their row.
_FOR_THE_PROGRAM: Final = frozenset(
    {
        "id",
        "member_id",
        "post_id",
        "response_id",
        "sender",
        "channel",
        "message_ts",
        "file",
        "dialog",
        "claimed_at",
        "not_before",
        "shown_revision",
    }
)
_TITLES: Final = {
    "member": "You, as a member",
    "lesson_seen": "Lessons",
    "ask": "Posts I sent you",
    "response": "What you did with posts",
    "response_event": "The same, step by step",
    "direct_message": "Other messages I sent you",
    "removal": "Messages I'm deleting",
    "notice": "What I tell the comms channel",
    "suggestion": "News you suggested to comms",
    "share_note": "Notes to comms that you shared",
    "revision": "Texts you wrote",
    "decision": "Decisions you made",
    "act": "The record of what you did in comms",
    "workspace": "The freeze",
}


def render(
    record: PersonalRecord, catalog: LessonCatalog, page: int = 1, *, with_file: bool = False
) -> View:
    """One page of the record, with what can be done about it; pages count from 1.

    `with_file` says that the bot may send it as a file.
    """
    pages = _pages([*_record(record, catalog), *_permissions(with_file=with_file)])
    page = min(max(page, 1), len(pages))
    blocks = list(pages[page - 1])
    if page > 1:
        blocks.insert(0, context(f"Page {page} of {len(pages)}."))
    if page < len(pages):
        blocks.append(context(f"Page {page} of {len(pages)}. There's more on the next page."))
    return _view([*blocks, *_buttons(record, page, len(pages), with_file=with_file)])


def warn() -> View:
    """What a file in a direct message means, before it is sent."""
    return _view(
        [
            section(
                "I can send you all this as a file, in a direct message. Your company may be able "
                "to export direct messages from Slack, and others could then read the file. "
                "Deleting your data deletes the file too, but not what was exported before."
            ),
            ActionsBlock(
                elements=[
                    _button("Send the file", SEND, "send"),
                    _button("Back", f"{PAGE}:1", "1"),
                ]
            ),
        ]
    )


def sending() -> View:
    """The file is on its way."""
    return _answer("I'm sending you the file in a direct message.")


def sent() -> View:
    """The file has arrived."""
    return _answer("Sent. You'll find the file in our direct messages.")


def not_sent() -> View:
    """Slack did not take the file."""
    return _answer(
        "Slack didn't accept the file, so it wasn't sent. Everything in it is on the pages here."
    )


def maybe_sent() -> View:
    """Slack's reply was lost."""
    return _answer(
        "I can't tell whether the file has arrived. If it isn't in our direct messages "
        "in a minute, please ask for it again."
    )


def file_message() -> Message:
    """What stands above the file."""
    return say(
        "Here is what is stored about you, as you asked. This message and its file are deleted "
        "together with your data."
    )


def ask_to_forget(record: PersonalRecord) -> View:
    """What deleting everything means, inside the dialog."""
    blocks = retention.ask_to_forget(record).blocks
    return _view([*blocks, ActionsBlock(elements=[_button("Back", f"{PAGE}:1", "1")])])


def forgotten(years: int) -> View:
    """Everything is deleted but what the record keeps for some `years`, if any."""
    return _view([*retention.forgotten(years).blocks])


def read_page(action: Mapping[str, Any]) -> int:
    """The page that a button leads to; raises Unreadable."""
    return payload.number(action.get("value"))


def as_json(record: PersonalRecord, now: datetime) -> str:
    """The same record for a program: every column, also the empty ones, with what it is for."""
    found = {
        table: [
            {
                column: {
                    "what": label(table, column),
                    "kept": lasts(COLUMNS[table][column].life, record.evidence_years),
                    "value": _literal(value),
                }
                for column, value in row.values
            }
            for row in record.in_table(table)
        ]
        for table in tables()
    }
    facts = {
        "user": record.user_id,
        "at": now.isoformat(),
        "stored": {table: rows for table, rows in found.items() if rows},
        "permissions": {**permissions.REASONS},
        "optional permissions": {**permissions.OPTIONAL},
        "cannot see": list(permissions.CANNOT_SEE),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"


def _literal(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case RowNumber():
            return "a number, not shown"
        case Named():
            return {"number": value.number, "name": value.name}
        case tuple():
            return list(value)
        case _:
            return value


def _record(record: PersonalRecord, catalog: LessonCatalog) -> Iterator[Block]:
    if not record.rows:
        yield section(f"{NOTHING} Only you see this.")
        return
    yield section(
        "This is everything stored about you, and what it's for. Only you see this. "
        "Where it says “a number”, I leave it out, because it also counts other people's rows."
    )
    for table in _TITLES:
        rows = list(record.in_table(table))
        if not rows:
            continue
        yield header(_TITLES[table])
        yield context(f"Kept {lasts(life_of(table), record.evidence_years)}.")
        for row in rows:
            for text in packed(_lines(record, row, catalog)):
                yield section(text)
            if bookkeeping := _for_the_program(record, row):
                yield context(bookkeeping)


def _lines(record: PersonalRecord, row: StoredRow, catalog: LessonCatalog) -> Iterator[str]:
    heading = _heading(row, catalog)
    if heading:
        yield f"*{escape(heading)}*"
    for column, value in row.values:
        if value is not None and column not in _FOR_THE_PROGRAM:
            first, *more = _cut(in_words(record, row.table, column, value))
            yield f"• {label(row.table, column)}: {first}{_unlike(record, row.table, column)}"
            yield from more


def _for_the_program(record: PersonalRecord, row: StoredRow) -> str:
    said = [
        f"{label(row.table, column)}: {in_words(record, row.table, column, value)}"
        f"{_unlike(record, row.table, column)}"
        for column, value in row.values
        if value is not None and column in _FOR_THE_PROGRAM
    ]
    return f"Only for the program. {'. '.join(said)}." if said else ""


def _unlike(record: PersonalRecord, table: str, column: str) -> str:
    """How long a value is kept, where that is not as long as the others of its row."""
    about = COLUMNS[table][column]
    if about.kind not in OWN or about.life is life_of(table):
        return ""
    return f" (kept {lasts(about.life, record.evidence_years)})"


def _heading(row: StoredRow, catalog: LessonCatalog) -> str:
    if row.table == "lesson_seen":
        name = str(dict(row.values)["lesson"])
        lesson = catalog.find(name)
        return name if lesson is None else lesson.title
    return row.about


def _cut(text: str) -> list[str]:
    """A text of mrkdwn in pieces, none of which is too long."""
    pieces = [""]
    for part in _PARTS.findall(text):
        if len(pieces[-1]) + len(part) > _LONGEST_LINE:
            pieces.append("")
        pieces[-1] += part
    return pieces


def _permissions(*, with_file: bool) -> Iterator[Block]:
    yield header("What I may do in Slack, and why")
    given = {**permissions.REASONS, **permissions.OPTIONAL}
    if not with_file:
        del given[permissions.FILES]
    yield section("\n".join(f"• `{scope}` {why}" for scope, why in given.items()))
    yield header("What I can't see")
    yield section("\n".join(f"• {each}" for each in permissions.CANNOT_SEE))


def _pages(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    return [blocks[at : at + _MOST_BLOCKS] for at in range(0, len(blocks), _MOST_BLOCKS)]


def _buttons(
    record: PersonalRecord, page: int, pages: int, *, with_file: bool
) -> Iterator[ActionsBlock]:
    turns = []
    if page > 1:
        turns.append(_button("Previous page", f"{PAGE}:{page - 1}", str(page - 1)))
    if page < pages:
        turns.append(_button("Next page", f"{PAGE}:{page + 1}", str(page + 1)))
    if turns:
        yield ActionsBlock(elements=turns)
    if not record.rows:
        return
    forget = [_button("Delete my data", FORGET, "forget")] if record.erasable else []
    # A file is a message, and only of members it is remembered, so that it can be deleted.
    file = [_button("Send me a file", FILE, "file")] if with_file and record.member_id else []
    if file or forget:
        yield ActionsBlock(elements=[*file, *forget])


def _button(text: str, action: str, value: str) -> ButtonElement:
    return ButtonElement(text=plain(text), action_id=action, value=value)


def _answer(sentence: str) -> View:
    return _view(
        [section(sentence), ActionsBlock(elements=[_button("Back", f"{PAGE}:1", "1")])],
    )


def _view(blocks: Sequence[Block]) -> View:
    return View(
        type="modal",
        callback_id=DIALOG,
        title=plain("Your data"),
        close=plain("Close"),
        blocks=list(blocks),
    )

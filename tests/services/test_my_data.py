"""What is mine is mine to see: each stored value of a person, and nobody else's."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Enum, select, update

from bot.domain import my_data as rules
from bot.domain.ids import PostId, UserId
from bot.domain.lessons import Lesson, LessonCatalog, Occasion
from bot.domain.model import Stage
from bot.domain.my_data import Named, PersonalRecord, RowNumber
from bot.domain.post import Network
from bot.domain.responses import ResponseState
from bot.domain.retention import COLUMNS, Kind
from bot.domain.share_notes import Batch
from bot.services import (
    lessons,
    my_data,
    posts,
    retention,
    suggestions,
    workspaces,
)
from bot.services.suggestions import Offer
from bot.slack.views import my_data as view
from bot.slack.views.stored_values import label
from bot.storage import removals, responses, share_notes
from bot.storage.columns import UtcDateTime
from bot.storage.tables import DirectMessageRow, MemberRow, RemovalRow, metadata
from tests.services.helpers import AMARA, BO, CARL, CLEO, ServiceWorld
from tests.services.test_retention import everything_of_amara

NEWS = LessonCatalog((Lesson("first", "The first", "", 1, Occasion.BEFORE_FIRST_ASK, ()),))
OWN = [
    (table, column)
    for table, columns in COLUMNS.items()
    for column, about in columns.items()
    if about.kind in (Kind.PERSON, Kind.LINK)
]

IN_WORDS = {
    ("member", "hours_start"): "09:30",
    ("member", "hours_end"): "16:30",
    ("member", "workdays"): "Mon-Fri",
    ("ask", "repeat"): "no",
}


def record_of(world: ServiceWorld, user: UserId = AMARA) -> PersonalRecord:
    return world.run(my_data.load_record, user)


def pages(record: PersonalRecord, catalog: LessonCatalog = NEWS) -> list[dict[str, Any]]:
    """Every page of the dialog."""
    found: list[dict[str, Any]] = []
    while not found or "Next page" in json.dumps(found[-1]):
        found.append(view.render(record, catalog, len(found) + 1).to_dict())
    return found


def lines(record: PersonalRecord, catalog: LessonCatalog = NEWS) -> list[str]:
    """Every line that a person reads in it."""
    return [
        line
        for page in pages(record, catalog)
        for block in page["blocks"]
        for text in (block.get("text"), *block.get("elements", ()))
        if isinstance(text, dict) and isinstance(text.get("text"), str)
        for line in text["text"].splitlines()
    ]


def everything(world: ServiceWorld) -> None:
    """Amara as a member and in comms, with a value in every column that can hold one of hers."""
    everything_of_amara(world)
    world.run(lessons.record_read, AMARA, "first")
    member = world.stored(AMARA).id
    world.run(removals.insert_direct_message, member, "D1", "9.1", "F9")
    world.run(removals.enqueue, [("D1", "8.1", "F8")])
    world.submit(world.form(), who=AMARA, title="Hers")
    post = world.in_review(title="Another's")
    world.run(posts.send_back, AMARA, PostId(post), None, "Please name the <number>.")
    world.run(workspaces.freeze, AMARA)
    offer = Offer("https://news.example.org/", "It's about us.", signed=True, tell=True)
    world.run(suggestions.suggest, AMARA, offer)
    shared = ResponseState(Stage.SHARED, Network.LINKEDIN)
    response = world.run(responses.insert_response, PostId(post), member, shared, "share-1")
    batch = Batch(PostId(post), world.now)
    ways = {"signed": True, "may_answer": True}
    world.run(share_notes.insert_share_note, batch, response, "Mine.", **ways)
    for table, column in OWN:
        fill(world, metadata.tables[table].columns[column])


def fill(world: ServiceWorld, column: Column[Any]) -> None:
    """A value where a row has none."""
    if column.nullable is False:
        return
    empty = update(column.table).where(column.is_(None))
    with world.engine.begin() as connection:
        if column.foreign_keys:
            [key] = column.foreign_keys
            first = connection.execute(select(key.column).order_by(key.column)).scalars().first()
            connection.execute(empty.values({column: first}))
        elif column.name not in ("who", "writer", "frozen_by", "reason", "detail"):
            connection.execute(empty.values({column: sample(column)}))


def sample(column: Column[Any]) -> object:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat("2026-09-12T10:11:12+00:00")
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return list(kind.enum_class)[-1]
    if kind.python_type is int:
        return 7
    return {"country": "DE", "language": "de"}.get(column.name, f"{column.name}-1")


def test_a_person_sees_every_value_that_is_stored_of_them(afternoon: ServiceWorld) -> None:
    everything(afternoon)
    record = record_of(afternoon)
    shown = lines(record)
    missing = []
    for table, column in OWN:
        values = [dict(row.values)[column] for row in record.in_table(table)]
        there = [
            line.partition(f"{label(table, column)}: ")[2]
            for line in shown
            if f" {label(table, column)}: " in line
        ]
        words = IN_WORDS.get((table, column))
        stored = [words or value for value in values if value is not None]
        if not stored or not all(any(shows(said, one) for said in there) for one in stored):
            missing.append((table, column))
    assert missing == []


def shows(said: str, value: object) -> bool:
    """Whether what a line says can be this value."""
    match value:
        case bool() | StrEnum() | tuple():
            return bool(said)
        case datetime():
            return "<!date^" in said
        case RowNumber():
            return said.startswith("a number")
        case Named():
            return said.startswith(f"“{value.name}”, number {value.number}")
        case _:
            escaped = str(value).replace("<", "&lt;").replace(">", "&gt;")
            return escaped in said or (not escaped.isdecimal() and bool(said))


def test_numbers_and_words_stand_there_literally(afternoon: ServiceWorld) -> None:
    everything(afternoon)
    shown = "\n".join(lines(record_of(afternoon)))
    for literal in ("9.1", "F9", "8.1", "F8", "D1", AMARA, "share-1", "A word of mine.", "DE"):
        assert literal in shown, literal
    assert "Please name the &lt;number&gt;." in shown
    assert "Which composer you opened: X" in shown
    assert "Why you skipped, if you said so, for the next choice: Too often" in shown
    assert "How often at most: once a month" in shown
    assert "*The first*" in shown, "a lesson by its title"
    assert "*Our new release is out*" in shown, "a post by its title"


def test_no_name_of_a_column_is_shown(world: ServiceWorld) -> None:
    world.join(AMARA)
    shown = "\n".join(lines(record_of(world)))
    for _, column in OWN:
        assert "_" not in column or column not in shown, column


def test_every_table_with_something_of_people_has_its_place() -> None:
    assert set(rules.tables()) == set(view._TITLES)


def test_nobody_sees_a_value_of_somebody_else(afternoon: ServiceWorld) -> None:
    everything(afternoon)
    afternoon.join(BO)
    record = record_of(afternoon, BO)
    assert {row.table for row in record.rows} == {"member"}
    assert AMARA not in repr(record)


def test_numbers_that_count_others_are_named_and_not_shown(afternoon: ServiceWorld) -> None:
    """Else the number of one's own answer would tell how much the others did before it."""
    everything(afternoon)
    record = record_of(afternoon)
    counters = {
        (row.table, column)
        for row in record.rows
        for column, value in row.values
        if value == RowNumber()
    }
    assert counters == {
        (table, column)
        for table, column in OWN
        if column in ("id", "member_id", "response_id", "notice_id", "sender")
    }
    assert any("Tells rows apart: a number." in line for line in lines(record))


def test_comms_who_never_joined_see_what_they_did(world: ServiceWorld) -> None:
    world.live()
    world.run(workspaces.freeze, CARL)
    assert {row.table for row in record_of(world, CLEO).rows} == {"revision", "act"}
    carls = record_of(world, CARL)
    assert {row.table for row in carls.rows} == {"decision", "act", "notice", "workspace"}
    assert "• Who in comms decided, as evidence: you, U_CARL" in lines(carls)
    assert "• What was decided: approved" in lines(carls)
    assert "Kept for 3 years." in lines(carls)


def test_an_unsigned_note_of_another_member_is_not_shown_to_who_never_joined(
    afternoon: ServiceWorld,
) -> None:
    afternoon.run(workspaces.freeze, CARL)  # a notice without a sender
    assert record_of(afternoon, BO).rows == ()


def test_of_whom_nothing_is_stored_reads_so(world: ServiceWorld) -> None:
    shown = lines(record_of(world, BO))
    assert shown[0] == "Nothing is stored about you. Only you see this."
    assert any(line.startswith("• `users:read` to learn") for line in shown)
    assert "What I can't see" in shown


def test_a_long_record_is_paged_and_whole(afternoon: ServiceWorld) -> None:
    everything(afternoon)
    member = afternoon.stored(AMARA).id
    for number in range(300):
        afternoon.run(removals.insert_direct_message, member, "D1", f"{number}.5")
    record = record_of(afternoon)
    shown = lines(record)
    assert [line for line in shown if "There's more on the next page" in line]
    for number in range(300):
        assert any(f"Which message it is: {number}.5." in line for line in shown)
    for page in pages(record):
        assert len(page["blocks"]) <= 100
        for block in page["blocks"]:
            assert len(str((block.get("text") or {}).get("text", ""))) <= 3_000


def test_the_file_says_the_same_for_a_program(afternoon: ServiceWorld) -> None:
    everything(afternoon)
    record = record_of(afternoon)
    file = json.loads(view.as_json(record, afternoon.now))
    assert file["user"] == AMARA
    for table, column in OWN:
        values = [row[column]["value"] for row in file["stored"][table]]
        assert any(value is not None for value in values), (table, column)
    assert file["permissions"]["users:read"]
    assert file["optional permissions"]["dnd:read"]


def test_a_file_is_deleted_with_its_message(world: ServiceWorld) -> None:
    world.join(AMARA)
    member = world.stored(AMARA).id
    assert world.run(my_data.record_file, member, "D1", "9.1", "F9")
    world.run(retention.forget, AMARA)
    assert world.rows(DirectMessageRow) == []
    [removal] = world.run(retention.find_leftovers, 10).messages
    assert (removal.channel, removal.message_ts, removal.file) == ("D1", "9.1", "F9")


def test_a_file_for_somebody_erased_meanwhile_goes_at_once(world: ServiceWorld) -> None:
    world.join(AMARA)
    member = world.stored(AMARA).id
    world.run(retention.forget, AMARA)
    assert not world.run(my_data.record_file, member, "D1", "9.1", "F9")
    assert [row.file for row in world.rows(RemovalRow)] == ["F9"]
    assert world.rows(MemberRow) == []


def test_the_message_of_a_file_that_was_refused_goes(world: ServiceWorld) -> None:
    world.join(AMARA)
    member = world.stored(AMARA).id
    world.run(my_data.record_file, member, "D1", "9.1", "F9")
    world.run(my_data.record_file_refused, member, "D1", "9.1")
    assert world.rows(DirectMessageRow) == []
    assert [(row.message_ts, row.file) for row in world.rows(RemovalRow)] == [("9.1", None)]

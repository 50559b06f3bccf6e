"""What makes a lesson short and readable, and which one is offered when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import lesson_files
from bot.domain.lessons import (
    MAX_NAME,
    MAX_SUMMARY,
    MAX_TITLE,
    MOST_CHARACTERS,
    MOST_LESSONS,
    MOST_PARTS,
    MOST_WORDS,
    Bullets,
    Lesson,
    Occasion,
    Paragraph,
    TextRun,
    build_catalog,
    catalog_problems,
    lesson_problems,
)
from bot.slack.views.lessons import LessonButton, Place, read_value, show_value
from bot.slack.views.payload import PostRef, Unreadable

PACKAGED = lesson_files.load_lessons(None)
NAMES = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


def lesson(name: str = "a-lesson", text: str = "A few words.", **changed: object) -> Lesson:
    plain = Lesson(
        name, f"About {name}"[:MAX_TITLE], "Why.", 1, None, (Paragraph((TextRun(text),)),)
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("one", PACKAGED.lessons, ids=lambda one: one.name)
def test_each_packaged_lesson_is_short_and_calm(one: Lesson) -> None:
    assert lesson_problems(one) == []
    assert len(one.text.split()) >= 60, "a lesson says something"
    assert one.summary.endswith(".")
    assert "!" not in one.title + one.summary + one.text


def test_the_packaged_lessons_cover_what_was_promised() -> None:
    assert len(PACKAGED.lessons) == 14
    assert len({one.order for one in PACKAGED.lessons}) == 14
    offered = {occasion: PACKAGED.lesson_for(occasion) for occasion in Occasion}
    assert {when: one.name for when, one in offered.items() if one} == {
        Occasion.BEFORE_FIRST_ASK: "choosing-an-audience",
        Occasion.DISCLOSURE_DROPPED: "saying-where-you-work",
        Occasion.AFTER_FIRST_SKIPS: "it-is-fine-to-skip",
    }
    text = " ".join(one.text for one in PACKAGED.lessons)
    for network in ("LinkedIn", "X", "Facebook", "Threads", "Bluesky", "Mastodon"):
        assert f"{network}. " in text


def test_each_network_gets_three_sentences() -> None:
    for one in PACKAGED.lessons:
        if one.name.startswith("on-"):
            for part in one.parts:
                assert isinstance(part, Paragraph)
                name, *rest = part.runs
                assert name.strong
                assert "".join(run.text for run in rest).count(".") == 3


def test_a_lesson_may_have_so_many_words_and_not_one_more() -> None:
    assert lesson_problems(lesson(text=" ".join(["word"] * MOST_WORDS))) == []
    assert lesson_problems(lesson(text=" ".join(["word"] * (MOST_WORDS + 1)))) == [
        "it has 121 words, and 120 is the most"
    ]


def test_words_in_lists_count_too() -> None:
    items = Bullets(tuple((TextRun("one"), TextRun(" two", strong=True)) for _ in range(50)))
    assert len(lesson(parts=(Paragraph((TextRun("zero"),)), items)).text.split()) == 101


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "t" * (MAX_TITLE + 1)}, "its title has 61 characters"),
        ({"title": ""}, "its title is empty"),
        ({"summary": "s" * (MAX_SUMMARY + 1)}, "its summary has 151 characters"),
        ({"summary": ""}, "its summary is empty"),
        ({"parts": ()}, "it has no text"),
        ({"text": "x" * (MOST_CHARACTERS + 1)}, "its text has 3,001 characters"),
        ({"parts": (Paragraph((TextRun("x"),)),) * (MOST_PARTS + 1)}, "it has 21 paragraphs"),
        ({"name": "n" * (MAX_NAME + 1)}, "its name takes"),
        *(
            ({"name": name}, "its name takes")
            for name in ("A", "a b", "a--b", "-a", "", "ä", "a|b")
        ),
    ],
)
def test_what_is_too_long_or_missing_is_named(changed: dict[str, object], said: str) -> None:
    [found] = lesson_problems(lesson(**changed))  # type: ignore[arg-type]
    assert found.startswith(said)


def test_only_one_lesson_is_offered_on_an_occasion() -> None:
    for when in Occasion:
        both = [lesson("one", when=when), lesson("two", when=when)]
        assert catalog_problems(both) == [
            f"one and two are both offered {when}, and only one can be"
        ]
    assert catalog_problems([lesson("one"), lesson("two")]) == [], "any number is offered on none"


def test_titles_and_names_are_told_apart() -> None:
    same = [lesson("one", title="Alike"), lesson("two", title="Alike")]
    assert catalog_problems(same) == ["one and two have the same title, “Alike”"]
    assert "two lessons are named one" in catalog_problems(
        [lesson("one"), lesson("one", title="Other")]
    )


def test_there_are_so_many_lessons_at_most() -> None:
    many = [lesson(f"l{number}") for number in range(MOST_LESSONS + 1)]
    assert catalog_problems(many[1:]) == []
    assert catalog_problems(many) == ["there are 41 lessons, and 40 is the most"]


@given(st.dictionaries(NAMES, st.integers(), max_size=12))
def test_next_leads_through_all_lessons_once_in_their_order(orders: dict[str, int]) -> None:
    shown = build_catalog(lesson(name, order=order) for name, order in orders.items())
    walked = []
    at = shown.lessons[0] if orders else None
    while at is not None:
        walked.append(at)
        at = shown.next_after(at.name)
    assert tuple(walked) == shown.lessons
    assert [one.order for one in walked] == sorted(orders.values())


def test_what_is_not_on_the_shelf_is_not_found_and_leads_nowhere() -> None:
    shown = build_catalog([lesson("one")])
    assert shown.find("two") is None
    assert shown.next_after("two") is None


@given(
    NAMES,
    st.one_of(
        st.tuples(st.sampled_from([one for one in Place if one is not Place.SKIPPED]), st.none()),
        st.tuples(
            st.just(Place.SKIPPED),
            st.builds(PostRef, st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)),
        ),
    ),
)
def test_a_button_reads_back_what_it_wrote(name: str, where: tuple[Place, PostRef | None]) -> None:
    button = LessonButton(name, *where)
    assert read_value(show_value(button)) == button


@pytest.mark.parametrize(
    "value", [None, 7, "", "a", "a|b", "a|nowhere|", "a|skipped|", "a|list|1:2", "a|skipped|x:y"]
)
def test_a_button_that_is_not_ours_is_unreadable(value: object) -> None:
    with pytest.raises(Unreadable):
        read_value(value)

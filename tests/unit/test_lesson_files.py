"""Lessons as files: what a workspace's own folder adds, takes the place of, or gets wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import lesson_files
from bot.domain.lessons import Bullets, Occasion, Paragraph, TextRun
from bot.lesson_files import UnusableLessons

FRONT = "---\ntitle: Our tone\nsummary: How we write.\norder: 25\n---\n"
BODY = "Some words."

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes one file into the workspace's folder; the folder."""

    def write(text: str | bytes, name: str = "our-tone.md") -> Path:
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(content)
        return tmp_path

    return write


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(UnusableLessons) as caught:
        lesson_files.load_lessons(folder)
    return caught.value.problems


def test_an_own_lesson_stands_among_ours_in_its_order(write: Write) -> None:
    names = [one.name for one in lesson_files.load_lessons(write(FRONT + BODY)).lessons]
    assert names[:3] == ["choosing-an-audience", "your-own-words", "our-tone"]
    assert len(names) == 15


def test_a_file_of_the_same_name_takes_the_place_of_ours(write: Write) -> None:
    found = lesson_files.load_lessons(write(FRONT + BODY, "your-own-words.md"))
    assert len(found.lessons) == 14
    ours = found.find("your-own-words")
    assert ours is not None
    assert (ours.title, ours.order, ours.text) == ("Our tone", 25, BODY)


def test_an_occasion_can_be_given_to_another_lesson(write: Write) -> None:
    write(FRONT + BODY, "it-is-fine-to-skip.md")  # which has no “when” any more
    folder = write(FRONT.replace("Our tone\n", "Mine\nwhen: after_first_skips\n") + BODY)
    found = lesson_files.load_lessons(folder).lesson_for(Occasion.AFTER_FIRST_SKIPS)
    assert found is not None
    assert found.name == "our-tone"


def test_a_source_is_kept_in_the_file_and_shown_to_no_one(write: Write) -> None:
    plain = lesson_files.load_lessons(write(FRONT + BODY)).find("our-tone")
    sourced = FRONT.replace("order", "source: 16 CFR 255.5\norder")
    assert lesson_files.load_lessons(write(sourced + BODY)).find("our-tone") == plain
    assert not any("CFR" in one.text for one in lesson_files.load_lessons(None).lessons)


def test_what_is_no_lesson_is_left_alone(write: Write, tmp_path: Path) -> None:
    (tmp_path / "drafts.md").mkdir()
    write("x", "notes.txt")
    assert lesson_files.load_lessons(write("x", "our-tone.md~")) == lesson_files.load_lessons(None)


def test_paragraphs_lists_and_styles_are_read(write: Write) -> None:
    text = (
        "One *two **three*** `four`\nfive [six](https://a.example/?b=1&c=2).\n\n"
        "- seven\n- *eight*\n\n&lt;!channel&gt; \\*nine\\* snake_case\n"
    )
    lesson = lesson_files.load_lessons(write(FRONT + text)).find("our-tone")
    assert lesson is not None
    assert lesson.parts == (
        Paragraph(
            (
                TextRun("One "),
                TextRun("two ", emphasis=True),
                TextRun("three", emphasis=True, strong=True),
                TextRun(" "),
                TextRun("four", code=True),
                TextRun(" five "),
                TextRun("six", link="https://a.example/?b=1&c=2"),
                TextRun("."),
            )
        ),
        Bullets(((TextRun("seven"),), (TextRun("eight", emphasis=True),))),
        Paragraph((TextRun("<!channel> *nine* snake_case"),)),
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("# A heading", "it has a heading; a lesson can have paragraphs"),
        ("Text\n===", "it has a heading"),
        ("1. one\n2. two", "it has a numbered list"),
        ("```\ncode\n```", "it has a block of code"),
        ("one\n\n    code", "it has a block of code"),
        ("> words", "it has a quotation"),
        ("<b>words</b>", "it has HTML"),
        ("<div>\nwords\n</div>", "it has HTML"),
        ("![a picture](https://a.example/b.png)", "it has a picture"),
        ("one\n\n***\n\ntwo", "it has a dividing line"),
        ("one  \ntwo", "it has a forced line break"),
        ("- one\n  - two", "it has a list item that isn't one"),
        ("- one\n\n  two", "it has a list item that isn't one"),
        ("-\n- one", "it has a list item that isn't one"),
        ("[here](/etc/passwd)", "it has a link that does not begin with https://"),
        ("[here](mailto:a@b.example)", "it has a link that does not begin with https://"),
        ("[here](https://)", "it has a link that does not begin with https://"),
        ("", "it has no text"),
        ("words\n\n[](https://a.example)", "it has an empty paragraph or list item"),
        ("- one\n- [](https://a.example)", "it has an empty paragraph or list item"),
        ("word " * 121, "it has 121 words, and 120 is the most"),
    ],
)
def test_what_slack_could_not_show_as_meant_is_refused(write: Write, body: str, said: str) -> None:
    [problem] = problems(write(FRONT + body))
    assert problem.startswith(f"our-tone.md: {said}")
    assert problem.endswith(".")


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        ("[here](javascript:alert(1))", "[here](javascript:alert(1))"),
        ("<https://a.example/>", "https://a.example/"),
        ("@here #general :tada:", "@here #general :tada:"),
    ],
)
def test_what_only_looks_like_more_stays_text(write: Write, body: str, reads: str) -> None:
    lesson = lesson_files.load_lessons(write(FRONT + body)).find("our-tone")
    assert lesson is not None
    assert lesson.text == reads


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("", "it has no front matter"),
        ("---\n---\n", "it has no front matter"),
        ("---\ntitle: One\n", "it has no front matter"),
        ("---\n- a\n- b\n---\n", "it has no front matter"),
        ("---\ntitle: [\n---\n", "its front matter isn't YAML"),
        ("---\ntitle: a: b\nsummary: c\norder: 1\n---\n", "its front matter isn't YAML in line 2"),
        ("---\ntitle: 2024-99-99\nsummary: c\norder: 1\n---\n", "its front matter isn't YAML"),
        ("---\n" + "[" * 9_000 + "\n---\n", "its front matter isn't YAML"),
        ("---\nsummary: c\norder: 1\n---\n", "its front matter lacks “title”"),
        ("---\ntitle: a\nsummary: c\n---\n", "its front matter lacks “order”"),
        ("---\ntitle: No\nsummary: c\norder: 1\n---\n", "its “title” isn't text"),
        ("---\ntitle: a\nsummary: 3\norder: 1\n---\n", "its “summary” isn't text"),
        ("---\ntitle: a\nsummary: c\norder: first\n---\n", "its “order” isn't a whole number"),
        ("---\ntitle: a\nsummary: c\norder: true\n---\n", "its “order” isn't a whole number"),
        (
            FRONT.replace("25", f"0x{'f' * 6_000}"),
            "its “order” isn't a whole number up to 1,000,000",
        ),
        (FRONT.replace("Our tone", '"a\\0b"'), "its title has a character that cannot be shown"),
        (FRONT.replace("order", "when: soon\norder"), "its “when” must be one of before_first_ask"),
        (FRONT.replace("order", "when: [a]\norder"), "its “when” must be one of before_first_ask"),
        (FRONT.replace("order", "source: 3\norder"), "its “source” isn't text"),
        (FRONT.replace("order", "author: me\norder"), "its front matter has “author”, which"),
    ],
)
def test_front_matter_that_cannot_be_used_is_named(write: Write, front: str, said: str) -> None:
    [problem] = problems(write(front + BODY))
    assert problem.startswith(f"our-tone.md: {said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (FRONT.encode() + b"caf\xe9", "it is not in UTF-8"),
        (FRONT.encode() + b"x" * 20_000, "it is longer than 20,000 bytes"),
    ],
)
def test_a_file_that_is_no_short_text_is_named(write: Write, content: bytes, said: str) -> None:
    assert problems(write(content)) == (f"our-tone.md: {said}.",)


def test_a_byte_order_mark_and_windows_lines_do_no_harm(write: Write) -> None:
    text = "\ufeff" + (FRONT + "One\ntwo.").replace("\n", "\r\n")
    lesson = lesson_files.load_lessons(write(text)).find("our-tone")
    assert lesson is not None
    assert (lesson.title, lesson.text) == ("Our tone", "One two.")


def test_all_problems_are_told_at_once_with_their_files(write: Write) -> None:
    write("---\ntitle: 1\n---\n# A\n\n> b", "one.md")
    found = problems(write(FRONT + BODY, "Two Words.md"))
    assert [problem.split(": ")[0] for problem in found] == ["Two Words.md", *["one.md"] * 5]


def test_a_second_lesson_for_an_occasion_is_told_with_both_names(write: Write) -> None:
    front = FRONT.replace("order", "when: disclosure_dropped\norder")
    assert problems(write(front + BODY)) == (
        "our-tone and saying-where-you-work are both offered disclosure_dropped, and only one can "
        "be.",
    )


def test_files_that_differ_in_their_endings_only_are_named(write: Write) -> None:
    write(FRONT + BODY, "our-tone.MD")
    assert problems(write(FRONT + BODY)) == ("our-tone.md: another file has the same name.",)


def test_a_link_to_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "our-tone.md").symlink_to(tmp_path / "gone.md")
    [problem] = problems(tmp_path)
    assert problem.startswith("our-tone.md: it cannot be read (")


def test_a_folder_that_went_away_is_named(tmp_path: Path) -> None:
    [problem] = problems(tmp_path / "gone")
    assert "gone: the folder cannot be read" in problem

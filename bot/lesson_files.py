"""The lessons as files: Markdown with front matter, read once at the start.

Those in `bot/lessons` come with the bot. A workspace's own folder adds to them, and a file of the
same name takes the place of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.domain.lessons import (
    Bullets,
    Lesson,
    LessonCatalog,
    Occasion,
    Paragraph,
    Part,
    TextRun,
    build_catalog,
    catalog_problems,
    lesson_problems,
)

PACKAGED = Path(__file__).parent / "lessons"

_MOST_BYTES = 20_000  # many times what a lesson needs
_LAST = 1_000_000  # the largest place in the order
_NEEDED = ("title", "summary", "order")
# `source` is for those who change a lesson; no one is shown it.
_KEYS = {*_NEEDED, "when", "source"}
_OCCASIONS = ", ".join(Occasion)

# What Markdown knows besides, in words.
_CALLED = {
    "heading": "a heading",
    "ordered_list": "a numbered list",
    "fence": "a block of code",
    "code_block": "a block of code (it begins with four spaces)",
    "blockquote": "a quotation",
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "a picture",
    "hr": "a dividing line",
    "hardbreak": "a forced line break",
}
_TAKES = (
    "a lesson can have paragraphs, lists with -, *emphasis*, **strong words**, `code` and links"
)


_MARKDOWN = MarkdownIt("commonmark")


class UnusableLessons(Exception):
    """The lessons cannot be used; holds every problem found, each a sentence naming its file."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Fault(Exception):
    """What is wrong with one file, as the rest of a sentence."""


def load_lessons(folder: Path | None) -> LessonCatalog:
    """The lessons that come with the bot, and those of the workspace's own folder.

    Raises:
        Unusable: holding every problem of every file.
    """
    lessons: dict[str, Lesson] = {}
    problems: list[str] = []
    for place in (PACKAGED, folder):
        here: set[str] = set()
        for path in _files(place, problems):
            if path.stem in here:  # their endings differ
                problems.append(f"{path.name}: another file has the same name.")
            here.add(path.stem)
            try:
                lesson = _lesson(path.stem, _text(path))
            except _Fault as fault:
                problems += [f"{path.name}: {line}." for line in str(fault).splitlines()]
                continue
            lessons[lesson.name] = lesson
    if not problems:
        problems = [f"{quarrel}." for quarrel in catalog_problems(lessons.values())]
    if problems:
        raise UnusableLessons(tuple(problems))
    return build_catalog(lessons.values())


@lru_cache(maxsize=128)  # the same text is the same lesson
def _lesson(name: str, text: str) -> Lesson:
    """The lesson in a file's text; raises _Fault, one line for each thing that is wrong."""
    facts, body = _split(text)
    found = [f"its front matter lacks “{key}”" for key in _NEEDED if facts.get(key) is None]
    found += [f"its front matter has “{key}”, which isn't known" for key in facts.keys() - _KEYS]
    for key in ("title", "summary", "source"):
        if not isinstance(facts.get(key), str | None):
            found.append(f"its “{key}” isn't text; put it in quotation marks")
    order, when = facts.get("order"), facts.get("when")
    if order is not None and not _is_place(order):
        found.append(f"its “order” isn't a whole number up to {_LAST:,}")
    if when is not None and when not in list(Occasion):
        found.append(f"its “when” must be one of {_OCCASIONS}, or left out")
    parts: list[Part] = []
    for node in SyntaxTreeNode(_MARKDOWN.parse(body)).children:
        try:
            parts.append(_part(node))
        except _Fault as fault:
            found.append(str(fault))
    if not found:
        lesson = Lesson(
            name=name,
            title=" ".join(str(facts["title"]).split()),
            summary=" ".join(str(facts["summary"]).split()),
            order=int(str(order)),
            when=None if when is None else Occasion(str(when)),
            parts=tuple(parts),
        )
        found = lesson_problems(lesson)
        if not found:
            return lesson
    raise _Fault("\n".join(found))


def _is_place(order: object) -> bool:
    return isinstance(order, int) and not isinstance(order, bool) and abs(order) <= _LAST


def _files(folder: Path | None, problems: list[str]) -> list[Path]:
    """The lessons in a folder; a problem where it cannot be looked into."""
    if folder is None:
        return []
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        problems.append(f"{folder}: the folder cannot be read ({error.strerror}).")
        return []
    return [path for path in found if path.suffix.lower() == ".md" and not path.is_dir()]


def _text(path: Path) -> str:
    """A file's text; raises _Fault."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise _Fault(f"it cannot be read ({error.strerror})") from error
    if len(content) > _MOST_BYTES:
        raise _Fault(f"it is longer than {_MOST_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Fault("it is not in UTF-8") from error


def _split(text: str) -> tuple[dict[str, object], str]:
    """The front matter and what follows it; raises _Fault."""
    try:
        facts, body = frontmatter.parse(text, handler=YAMLHandler())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        at = getattr(error, "problem_mark", None)
        where = f" in line {at.line + 1}" if at is not None else ""
        raise _Fault(f"its front matter isn't YAML{where}; quotation marks may help") from error
    if not facts:
        raise _Fault("it has no front matter: lines such as “title: …” between two lines ---")
    return facts, body


def _part(node: SyntaxTreeNode) -> Part:
    """A paragraph or a list; raises _Fault."""
    if node.type == "paragraph":
        return Paragraph(_runs(node))
    if node.type != "bullet_list":
        raise _Fault(_not_taken(node.type))
    items = []
    for item in node.children:
        if [inner.type for inner in item.children] != ["paragraph"]:
            raise _Fault("it has a list item that isn't one paragraph")
        items.append(_runs(item.children[0]))
    return Bullets(tuple(items))


def _runs(paragraph: SyntaxTreeNode) -> tuple[TextRun, ...]:
    runs: list[TextRun] = []
    for run in _leaves(paragraph.children, TextRun("")):
        if runs and replace(runs[-1], text=run.text) == run:
            runs[-1] = replace(run, text=runs[-1].text + run.text)
        elif run.text:  # Slack takes no empty stretch
            runs.append(run)
    return tuple(runs)


def _leaves(nodes: list[SyntaxTreeNode], style: TextRun) -> Iterator[TextRun]:
    """The stretches of text in `nodes`, each with the styles around it; raises _Fault."""
    for node in nodes:
        match node.type:
            case "inline":
                yield from _leaves(node.children, style)
            case "text":
                yield replace(style, text=node.content)
            case "softbreak":
                yield replace(style, text=" ")
            case "code_inline":
                yield replace(style, text=node.content, code=True)
            case "em":
                yield from _leaves(node.children, replace(style, emphasis=True))
            case "strong":
                yield from _leaves(node.children, replace(style, strong=True))
            case "link":
                where = _address(str(node.attrs["href"]))
                yield from _leaves(node.children, replace(style, link=where))
            case other:
                raise _Fault(_not_taken(other))


def _address(href: str) -> str:
    """Where a link leads; raises _Fault unless it is a whole address on the web."""
    try:
        parts = urlsplit(href)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole or len(href) > 3_000:
        raise _Fault("it has a link that does not begin with https://")
    return href


def _not_taken(kind: str) -> str:
    return f"it has {_CALLED.get(kind, kind)}; {_TAKES}"

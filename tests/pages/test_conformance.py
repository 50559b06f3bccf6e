"""Pages are read as the public cases of html5lib-tests say; every case, by its number."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from turbohtml import Element

from bot.pages.reading import find_elements, find_encoding, parse

DATA = Path(__file__).parents[1] / "data"


def cases(name: str) -> list[Any]:
    found: list[Any] = json.loads((DATA / name).read_text())["cases"]
    return found


def written_out(text: str) -> bytes:
    return re.sub("…(.)([0-9]+)…", lambda run: run[1] * int(run[2]), text).encode("latin-1")


def facts(element: Element) -> list[Any]:
    attributes = {
        # turbohtml gives the attributes that are lists of words as lists.
        name: " ".join(value) if isinstance(value, list) else value or ""
        for name, value in element.attrs.items()
    }
    text = [element.text] if element.tag == "title" else []
    return [element.tag, attributes, *text]


def test_the_encoding_of_every_case_is_found() -> None:
    differ = {
        name: found
        for name, encoding, text in cases("html_encodings.json")
        if (found := find_encoding(written_out(text), None).casefold()) != encoding
    }
    assert differ == {}
    assert len(cases("html_encodings.json")) == 82


def test_the_elements_of_every_case_are_found() -> None:
    differ = {}
    for name, page, elements in cases("html_trees.json"):
        document, whole = parse(page.encode(), "utf-8")
        found = [facts(one) for one in find_elements(document, "title", "meta", "link", "base")]
        if found != elements or not whole:
            differ[name] = found
    assert differ == {}
    assert len(cases("html_trees.json")) == 58

"""What a page says of itself, read as browsers read it: its characters, its tags, nothing else.

The rules are those of the WHATWG (html.spec.whatwg.org, encoding.spec.whatwg.org), and turbohtml
knows them. What is here is how far a page is read, and what is looked for in it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final
from urllib.parse import urljoin

import turbohtml
from turbohtml import Document, Element, Namespace

from bot.domain import previews
from bot.domain.previews import Preview, Problem

# A usual page of 512 kB takes 0.02 s. One that repeats `<html a1=…>` takes a minute, since each
# attribute is compared with all before it.
_WITHIN: Final = 1.0  # seconds
_PIECE: Final = 4_096  # bytes; after each the time is looked at
# Browsers look for a declaration in the first 1,024 bytes, and then while they read on.
_DECLARED_WITHIN: Final = 16_384  # bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: where it was in the end, its bytes, and the character set of its header.

    `cut` says that the body may end anywhere.
    """

    address: str
    body: bytes
    charset: str | None
    cut: bool = False


def read(page: Page) -> Preview:
    """The preview that a page provides. It takes at most a second or so, in any thread."""
    encoding = find_encoding(page.body, page.charset)
    if encoding == "replacement":  # what browsers refuse to read, such as iso-2022-kr
        return Preview(problem=Problem.UNREADABLE)
    document, whole = parse(page.body, encoding)
    found = previews.preview_from_tags(_tags(document), _base(document, page.address))
    if found.lacks and (page.cut or not whole):
        return replace(found, problem=Problem.CUT)
    return found


def find_encoding(body: bytes, charset: str | None) -> str:
    """The name of a page's encoding: by its mark, its header, its own word, or by its looks."""
    start = body[:_DECLARED_WITHIN]
    document = _sniffed(start, charset)
    said = document.encoding or "windows-1252"
    if document.encoding_confidence == "certain" or body.isascii():
        return said
    if _is_utf8(body):
        return "UTF-8"
    return turbohtml.parse(start, detect_encoding=True, positions=False).encoding or said


def parse(body: bytes, encoding: str) -> tuple[Document, bool]:
    """The tree of a page, and whether it was read to its end before the time was up."""
    parser = turbohtml.IncrementalParser(encoding=encoding, positions=False)
    until = monotonic() + _WITHIN
    whole = True
    for begin in range(0, len(body), _PIECE):
        if monotonic() > until:
            whole = False
            break
        parser.feed(body[begin : begin + _PIECE])
    return parser.close(), whole


def find_elements(document: Document, *tags: str) -> Iterator[Element]:
    """HTML's own elements of these names; not shapes' titles, nor what is in a template."""
    for element in document.find_all(list(tags)):
        if element.namespace is Namespace.HTML and element.closest("template") is None:
            yield element


def _sniffed(start: bytes, charset: str | None) -> Document:
    try:
        return turbohtml.parse(start, encoding=charset, positions=False)
    except LookupError:  # A name that is none.
        return turbohtml.parse(start, positions=False)


def _is_utf8(body: bytes) -> bool:
    try:
        # Not to its end: a cut body may end inside a character.
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True


def _tags(document: Document) -> dict[str, str]:
    """What the tags say that count. Of several with one name the first that says something does."""
    tags: dict[str, str] = {}
    for name, said in _said(document):
        if name in previews.TAG_NAMES and said.strip():
            tags.setdefault(name, said)
    return tags


def _said(document: Document) -> Iterator[tuple[str, str]]:
    for element in find_elements(document, "title", "meta"):
        if element.tag == "title":
            yield "title", element.text
        else:
            for key in ("property", "name"):
                name = _attribute(element, key).strip().casefold()
                yield name, _attribute(element, "content")


def _base(document: Document, address: str) -> str:
    """Where relative addresses begin: at the first `<base href>`, if it is an address of a page."""
    for element in find_elements(document, "base"):
        if "href" not in element.attrs:
            continue
        try:
            base = urljoin(address, _attribute(element, "href").strip())
        except ValueError:  # A host that is none.
            return address
        return base if base.startswith(("https://", "http://")) else address
    return address


def _attribute(element: Element, name: str) -> str:
    said = element.attrs.get(name)
    return said if isinstance(said, str) else ""

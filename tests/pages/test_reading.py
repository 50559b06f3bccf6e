"""What is read of a page: its tags, in its characters, whatever surrounds them."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.previews import Preview, Problem
from bot.pages.reading import Page, find_encoding, read

HERE = "https://news.example.org/2026/a/"


def seen(
    html: str | bytes, charset: str | None = None, address: str = HERE, *, cut: bool = False
) -> Preview:
    body = html.encode() if isinstance(html, str) else html
    return read(Page(address, body, charset, cut))


def test_open_graph_comes_before_the_others() -> None:
    found = seen(
        "<title>Plain</title><meta name=description content='Plain words'>"
        "<meta name='twitter:title' content='For X'><meta name='twitter:image' content='x.png'>"
        "<meta property='og:title' content='Open &amp; Graph'>"
        "<meta property='og:description' content='Its words'>"
        "<meta property='og:image' content='og.png'>"
    )
    assert found == Preview("Open & Graph", "Its words", HERE + "og.png")


def test_the_tags_of_x_come_before_those_of_every_page() -> None:
    found = seen(
        "<title>Plain</title><meta name=description content='Plain words'>"
        "<meta name='twitter:title' content='For X'>"
        "<meta property='twitter:image:src' content='/x'>"
    )
    assert found == Preview("For X", "Plain words", "https://news.example.org/x")


def test_the_first_of_several_that_says_something_counts() -> None:
    found = seen(
        "<meta property='og:title' content=' '><meta property='og:title' content='One'>"
        "<meta property='og:title' content='Two'><title></title><title>Three</title>"
        "<META CONTENT='Words' PROPERTY=' OG:Description '><meta property='og:image'>"
    )
    assert found == Preview("One", "Words")


@pytest.mark.parametrize(
    "shapes",
    [
        "<svg><title>A shape</title></svg>",
        "<svg><g><title>A shape</title></g></svg>",
        "<template><title>A template</title><meta name=title content=no></template>",
    ],
)
def test_titles_inside_the_page_are_not_the_pages(shapes: str) -> None:
    # html.spec.whatwg.org, "the title element": the first one of HTML's own in the document.
    assert seen("<title>The page</title>" + shapes).title == "The page"
    assert seen(shapes + "<title>The page</title>").title == "The page"
    assert seen(shapes).title == ""


def test_tags_in_scripts_and_comments_are_none() -> None:
    found = seen(
        "<script>'<meta property=og:title content=no>'</script><!-- <title>no</title> -->"
        "<style><title>no</title></style><title>Yes</title>"
    )
    assert found.title == "Yes"


@pytest.mark.parametrize("comment", ["<!-->", "<!--->", "<!-- a --!>", "<!a>", "<?a>", "</ a>"])
def test_a_comment_that_is_none_ends_where_browsers_end_it(comment: str) -> None:
    # html.spec.whatwg.org, "tokenization": abrupt-closing-of-empty-comment and its neighbours.
    assert seen(f"{comment}<title>Yes</title> -->").title == "Yes"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        # html.spec.whatwg.org, "named character reference state": in an attribute, a name without
        # its semicolon is none before a letter, a digit or "=".
        ("?w=1200&section=news&copy=1", "?w=1200&section=news&copy=1"),
        ("?a=1&region=eu&notify=1&lt=2", "?a=1&region=eu&notify=1&lt=2"),
        ("?a=1&copy", "?a=1©"),
        ("?a=1&amp;copy=1", "?a=1&copy=1"),
        ("?a=1&#38;b=2", "?a=1&b=2"),
    ],
)
def test_an_address_keeps_its_parameters(said: str, meant: str) -> None:
    assert seen(f"<meta name=description content='{said}'>").description == meant


@pytest.mark.parametrize(
    ("base", "image"),
    [
        ("/b/c/", "https://news.example.org/b/c/a.png"),
        ("c/", HERE + "c/a.png"),
        ("https://cdn.example.org/x", "https://cdn.example.org/a.png"),
        ("//cdn.example.org", "https://cdn.example.org/a.png"),
        (" /b/\n", "https://news.example.org/b/a.png"),
        # html.spec.whatwg.org, "set the frozen base URL": these are no bases.
        ("data:text/html,x", HERE + "a.png"),
        ("javascript:x", HERE + "a.png"),
        ("http://[::1", HERE + "a.png"),
        ("", HERE + "a.png"),
    ],
)
def test_the_page_says_where_its_addresses_begin(base: str, image: str) -> None:
    picture = "<meta property=og:image content=a.png>"
    assert seen(f"{picture}<base target=x><base href='{base}'><base href=/no/>").image == image
    assert seen(f"<template><base href='{base}'></template>{picture}").image == HERE + "a.png"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a.png", HERE + "a.png"),
        ("/a.png", "https://news.example.org/a.png"),
        ("//cdn.example.org/a.png", "https://cdn.example.org/a.png"),
        ("http://cdn.example.org/a.png?b=1&amp;c=2", "http://cdn.example.org/a.png?b=1&c=2"),
        (" https://cdn.example.org/a.png\n", "https://cdn.example.org/a.png"),
        ("data:image/png;base64,AAAA", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://user:word@cdn.example.org/a.png", ""),
        ("https://[::1", ""),
        ("https://cdn.example.org/a b.png", ""),
        ("https://cdn.example.org/a|b.png", ""),
        ("https://cdn.example.org/" + "a" * 3000, ""),
    ],
)
def test_the_address_of_the_picture_is_whole_and_harmless(said: str, meant: str) -> None:
    assert seen(f'<meta property="og:image" content="{said}">').image == meant


def test_a_picture_that_is_none_gives_way_to_the_next() -> None:
    found = seen(
        "<meta property='og:image' content='data:image/png;base64,AAAA'>"
        "<meta name='twitter:image' content='x.png'>"
    )
    assert found.image == HERE + "x.png"


def test_words_are_on_one_line_without_control_characters_and_cut() -> None:
    found = seen(
        "<title>\n  Two\t words\x07 \u2028 and\u0085 more\ufeff </title>"
        f"<meta name=description content='{'word ' * 1000}'>"
    )
    assert found.title == "Two words and more"
    assert len(found.description) == 300
    assert found.description.endswith("…")


WORDS = "Straße, Größe, naïve"


@pytest.mark.parametrize("codec", ["utf-8", "iso-8859-1", "windows-1252", "utf-16", "utf-8-sig"])
def test_characters_are_read_as_the_header_says(codec: str) -> None:
    declared = codec.removesuffix("-sig")
    assert seen(f"<title>{WORDS}</title>".encode(codec), declared).title == WORDS


@pytest.mark.parametrize(
    "how", ["<meta charset={}>", "<meta http-equiv=content-type content='a; charset={}'>"]
)
@pytest.mark.parametrize(
    ("codec", "words"),
    [("iso-8859-15", "5 €"), ("shift_jis", "日本語"), ("gb2312", "中文"), ("koi8-r", "Привет")],
)
def test_characters_are_read_as_the_page_itself_says(how: str, codec: str, words: str) -> None:
    html = how.format(codec) + f"<title>{words}</title>"
    assert seen(html.encode(codec)).title == words


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        # encoding.spec.whatwg.org, "names and labels": a label means its superset.
        ("windows-31j", "cp932", "①日本語㈱"),
        ("x-sjis", "cp932", "①日本語㈱"),
        ("shift_jis", "cp932", "①日本語㈱"),
        ("gb2312", "gb18030", "镕中文€"),
        ("gbk", "gb18030", "镕中文"),
        ("euc-kr", "cp949", "똠방각하"),
        ("ks_c_5601-1987", "cp949", "똠방각하"),
        ("big5", "big5hkscs", "中文㗎"),
        ("windows-874", "cp874", "ภาษาไทย…"),
        ("tis-620", "cp874", "ภาษาไทย…"),
        ("iso-8859-8-i", "iso8859-8", "שלום"),
        ("iso-8859-1", "cp1252", "“5 €”"),
        ("ascii", "cp1252", "“5 €”"),
        ("iso-8859-9", "cp1254", "“İstanbul”"),
        ("x-mac-cyrillic", "mac_cyrillic", "Привет"),
        ("utf-16", "utf-8", WORDS),
        ("utf-16le", "utf-8", WORDS),
        ("unicode", "utf-8", WORDS),
    ],
)
def test_a_label_means_what_browsers_mean_by_it(label: str, codec: str, words: str) -> None:
    body = f"<meta charset={label}><title>{words}</title>".encode(codec)
    assert seen(body).title == words
    if codec != "utf-8":  # In a header UTF-16 means itself.
        assert seen(f"<title>{words}</title>".encode(codec), label).title == words


@pytest.mark.parametrize(
    "declaration",
    [
        "<!-- <meta charset=koi8-r> -->",
        "<script>'<meta charset=koi8-r>'</script>",
        "<meta data-charset=koi8-r>",
        "<meta name=x content='text/html; charset=koi8-r'>",
        "<title><meta charset=koi8-r></title>",
    ],
)
def test_a_declaration_elsewhere_is_none(declaration: str) -> None:
    # html.spec.whatwg.org, "prescan a byte stream to determine its encoding".
    assert seen(f"{declaration}<meta name=description content='{WORDS}'>").description == WORDS
    assert seen(f"{declaration}<meta charset=utf-8><title>{WORDS}").title in (
        WORDS,
        "<meta charset=koi8-r>",
    )


def test_a_mark_comes_before_the_header_and_the_header_before_the_page() -> None:
    # html.spec.whatwg.org, "determining the character encoding".
    assert find_encoding("\ufeff<title>é".encode(), "koi8-r") == "UTF-8"
    assert find_encoding(b"<meta charset=koi8-r>\xe9", "iso-8859-2") == "ISO-8859-2"
    assert find_encoding(b"<meta charset=koi8-r>\xe9", "no-such-name") == "KOI8-R"
    assert find_encoding(b"<meta charset=koi8-r>\xc3\xa9", None) == "KOI8-R"


def test_a_character_set_that_nobody_names_is_guessed() -> None:
    assert seen(f"<title>{WORDS}</title>".encode()).title == WORDS
    assert seen(f"<title>{WORDS}</title>".encode("cp1252")).title == WORDS
    assert seen("<title>aé".encode()[:-1]).title == "a\ufffd"  # cut within a character
    japanese = "<title>日本語の題名です</title>"
    assert seen(japanese.encode("shift_jis")).title == "日本語の題名です"
    late = "<!-- " + "x" * 20_000 + f" --><title>{WORDS}</title>"
    assert seen(late).title == WORDS


@pytest.mark.parametrize(
    "name",
    ["zlib", "base64", "idna", "punycode", "unicode_escape", "utf-7", "rot13", "no", "", "\0"],
)
def test_what_is_no_character_set_is_not_used(name: str) -> None:
    assert seen(f"<title>{WORDS}</title>", name).title == WORDS


def test_bytes_that_are_no_characters_do_no_harm() -> None:
    assert seen(b"<title>a\xff\xfe\x80b</title>", "utf-8").title == "a���b"
    assert seen(b"\xff\xfe<title>").lacks
    # encoding.spec.whatwg.org, "replacement": labels that browsers refuse to read.
    refused = Preview(problem=Problem.UNREADABLE)
    assert seen("<meta charset=iso-2022-kr><title>One</title>") == refused
    assert seen("<title>One</title>", "hz-gb-2312") == refused


WHOLE = (
    "<title>One</title><meta name=description content=Two><meta property=og:image content=a.png>"
)


def test_of_a_page_that_was_cut_nothing_is_said_to_be_missing() -> None:
    found = seen("<title>One</title><p>", cut=True)
    assert (found.title, found.problem, found.lacks) == ("One", Problem.CUT, ())
    assert seen("", cut=True) == Preview(problem=Problem.CUT)
    assert seen(WHOLE, cut=True) == Preview("One", "Two", HERE + "a.png")  # nothing else counts


def test_of_a_page_that_takes_too_long_nothing_is_said_to_be_missing() -> None:
    slow = "".join(f"<html a{number}=1>" for number in range(40_000))
    assert seen("<title>One</title>" + slow) == Preview("One", problem=Problem.CUT)
    assert seen(WHOLE + slow) == Preview("One", "Two", HERE + "a.png")


SLOW = {
    "nested": "<div>",
    "brackets": "<",
    "tags": "<a ",
    "closings": "</",
    "comments": "<!--",
    "declarations": "<!DOCTYPE ",
    "sections": "<![CDATA[",
    "marked": "<!a[",
    "instructions": "<?",
    "entities": "&",
    "numbers": "&#1",
    "metas": "<meta property='og:image' content='&amp;'>",
    "formats": "<a><b><i><p></a>",
    "tables": "<table>a<td>",
    "shapes": "<svg><desc>",
    "templates": "<template>",
    "choices": "<select><option>",
}
INSIDE = {
    "names": ("<a ", "a "),
    "spaces": ("<a ", " "),
    "equals": ("<a ", "a = "),
    "quotes": ("<a ", "'\"/ "),
    "one quote": ("<a ", "a='"),
    "number": ("<meta content='&#", "9"),
    "entity": ("<meta name=description content='", "&am"),
    "script": ("<script>", "</script "),
    "title": ("<title>", "</"),
    "long title": ("<title>", "a"),
}


@pytest.mark.parametrize("name", [*SLOW, *INSIDE])
def test_no_page_takes_long_to_read(name: str) -> None:
    first, more = ("", SLOW[name]) if name in SLOW else INSIDE[name]
    body = "<title>First</title>" + first + more * (512 * 1024 // len(more))
    began = monotonic()
    assert seen(body).title == "First"
    assert monotonic() - began < 4.0  # a second and a piece, on a machine with other things to do


PIECES = st.lists(
    st.one_of(
        st.sampled_from(["<", ">", "/", "=", "'", '"', "&", ";", "#", "<!", "<!--", "-->", "<?"]),
        st.sampled_from(["<meta", "<title>", "</title>", "<script>", "</script>", "property"]),
        st.sampled_from(["content", "og:title", "og:image", "name", "<![CDATA[", "]]>", "\x00"]),
        st.sampled_from(["&#x", "&#99999999;", "charset=utf-7", " "]),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)


@given(html=PIECES, charset=st.one_of(st.none(), st.sampled_from(["utf-16", "x"]), st.text()))
def test_whatever_a_page_holds_its_preview_is_tidy(html: str, charset: str | None) -> None:
    found = seen(html.encode("utf-8", "replace"), charset)
    assert found.problem in (None, Problem.UNREADABLE)
    for text, most in ((found.title, 150), (found.description, 300), (found.image, 2000)):
        assert len(text) <= most
        assert text == " ".join(text.split())
    assert not found.image or found.image.startswith(("https://", "http://"))


@given(body=st.binary(max_size=300), charset=st.one_of(st.none(), st.text(max_size=12)))
def test_any_bytes_are_read(body: bytes, charset: str | None) -> None:
    assert seen(body, charset).problem in (None, Problem.UNREADABLE)

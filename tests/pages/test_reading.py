"""What is read of a page: its tags, in its characters, whatever surrounds them."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.previews import Preview
from bot.pages.reading import Page, decode, read

HERE = "https://news.example.org/2026/a/"


def seen(html: str | bytes, charset: str | None = None, address: str = HERE) -> Preview:
    body = html.encode() if isinstance(html, str) else html
    return read(Page(address, body, charset))


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


def test_titles_inside_the_page_are_not_the_pages() -> None:
    assert seen("<title>The page</title><svg><title>A shape</title></svg>").title == "The page"


def test_tags_in_scripts_and_comments_are_none() -> None:
    found = seen(
        "<script>'<meta property=og:title content=no>'</script><!-- <title>no</title> -->"
        "<style><title>no</title></style><title>Yes</title>"
    )
    assert found.title == "Yes"


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
    "how", ["<meta charset={}>", "<meta http-equiv=x content='a; charset={}'>"]
)
@pytest.mark.parametrize(
    ("codec", "words"),
    [("iso-8859-15", "5 €"), ("shift_jis", "日本語"), ("gb2312", "中文"), ("koi8-r", "Привет")],
)
def test_characters_are_read_as_the_page_itself_says(how: str, codec: str, words: str) -> None:
    html = how.format(codec) + f"<title>{words}</title>"
    assert seen(html.encode(codec)).title == words


def test_a_character_set_that_nobody_names_is_guessed() -> None:
    assert seen(f"<title>{WORDS}</title>".encode()).title == WORDS
    assert seen(f"<title>{WORDS}</title>".encode("cp1252")).title == WORDS
    assert decode("aé".encode()[:-1], None) == "a"  # cut within a character


@pytest.mark.parametrize(
    "name",
    ["zlib", "base64", "idna", "punycode", "unicode_escape", "utf-7", "rot13", "no", "", "\0"],
)
def test_what_is_no_character_set_is_not_used(name: str) -> None:
    assert seen(f"<title>{WORDS}</title>", name).title == WORDS


def test_bytes_that_are_no_characters_do_no_harm() -> None:
    assert seen(b"<title>a\xff\xfe\x80b</title>", "utf-8").title == "a���b"
    assert seen(b"\xff\xfe<title>").lacks


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
    assert found.problem is None
    for text, most in ((found.title, 150), (found.description, 300), (found.image, 2000)):
        assert len(text) <= most
        assert text == " ".join(text.split())
    assert not found.image or found.image.startswith(("https://", "http://"))


@given(body=st.binary(max_size=300), charset=st.one_of(st.none(), st.text(max_size=12)))
def test_any_bytes_are_read(body: bytes, charset: str | None) -> None:
    assert seen(body, charset).problem is None

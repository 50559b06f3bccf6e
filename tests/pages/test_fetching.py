"""Pages that answer badly cost a bounded time and a bounded number of bytes, and one sentence."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib
from collections.abc import Callable
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.previews import Part, Preview, Problem
from bot.pages.fetching import MOST_BYTES, fetch_preview
from bot.pages.visiting import Reach
from tests.pages.hostile import INSIDE, PAGE, Hostile, Names, head, reach, serving

GOOD = Preview("A title", "What it is about.", "")
ZEROS = b"\0" * 1_000_000


async def seen(server: Hostile, link: str, names: Names | None = None) -> Preview:
    """What a look finds; whatever the server does, it ends in time, and nobody inside is asked."""
    began = monotonic()
    found = await fetch_preview(link, reach(server, names, within=1.0))
    assert monotonic() - began < 3.5
    assert server.asked_inside == 0
    return found


async def test_a_page_is_seen(server: Hostile) -> None:
    found = await seen(server, server.page("/a/page", PAGE))
    assert found == Preview("A title", "What it is about.", server.url("/picture.png"))
    assert found.lacks == ()


async def test_the_bot_says_who_it_is_and_nothing_else(server: Hostile) -> None:
    server.page("/next", PAGE)
    server.moved("/", "/next")
    await seen(server, server.url("/?q=1#part"))
    first, second = server.requests
    assert first.startswith("GET /?q=1 HTTP/1.1\r\n")
    for request in (first, second):
        names = {line.partition(":")[0].casefold() for line in request.strip().split("\r\n")[1:]}
        assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert "advocacy-bot" in request


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_five_redirects_are_followed_and_a_sixth_is_not(server: Hostile, status: int) -> None:
    server.page("/6", PAGE)
    for number in range(6):
        server.moved(f"/{number}", f"/{number + 1}", status)
    assert (await seen(server, server.url("/1"))).title == "A title"
    assert (await seen(server, server.url("/0"))).problem is Problem.REDIRECTS


async def test_a_redirect_in_a_circle_ends(server: Hostile) -> None:
    link = server.moved("/round", "/round")
    assert (await seen(server, link)).problem is Problem.REDIRECTS
    assert len(server.requests) == 6
    nowhere = server.answers("/nowhere", head(status=302))
    assert (await seen(server, nowhere)).problem is Problem.REDIRECTS


def cookies(request: str) -> str:
    """What a request brought back of the cookies that it had got."""
    lines = (line.partition(": ") for line in request.split("\r\n"))
    return next((said for name, _, said in lines if name.casefold() == "cookie"), "")


async def test_a_cookie_is_brought_back_within_one_look_only(server: Hostile) -> None:
    # Pages behind a question of consent lead to themselves until their cookie comes back.
    server.answers("/", head("Location: /a", "Set-Cookie: seen=1=x y; Path=/", status=302))
    server.answers("/a", head("Location: /b", "Set-Cookie: only=a; Path=/a", status=302))
    server.page("/b", PAGE, "Set-Cookie: late=1")
    assert (await seen(server, server.url())).title == "A title"
    assert list(map(cookies, server.requests)) == ["", "seen=1=x y", "seen=1=x y"]
    server.requests.clear()
    await seen(server, server.url("/b"))
    assert list(map(cookies, server.requests)) == [""]


async def test_a_cookie_is_not_brought_to_another_host(server: Hostile) -> None:
    names = Names({"a.example": [["127.0.0.1"]], "b.example": [["127.0.0.1"]]})
    set_cookies = ("Set-Cookie: a=1", "Set-Cookie: b=2; Domain=b.example", "Set-Cookie: \xff; =;")
    there = server.url("/there", "b.example")
    server.answers("/", head(f"Location: {there}", *set_cookies, status=302))
    server.page("/there", PAGE)
    assert (await seen(server, server.url("/", "a.example"), names)).title == "A title"
    assert list(map(cookies, server.requests)) == ["", ""]


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "javascript:alert(1)",
        "data:text/html,<title>x</title>",
        "http://name:word@127.0.0.1:{port}/good",
        "http://127.0.0.1:22/",
        "http://[::1",
        "//127.0.0.1:1/",
        "https:",
    ],
)
async def test_a_redirect_to_no_page_is_not_followed(server: Hostile, to: str) -> None:
    server.page("/good", PAGE)
    link = server.moved("/", to.format(port=server.port))
    assert (await seen(server, link)).problem is Problem.ADDRESS
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "to",
    [
        f"http://{INSIDE}:{{port}}/secret",
        "//127.0.0.2:{port}/secret",
        "http://127.2:{port}/secret",
        "http://2130706434:{port}/secret",
        "http://0x7f000002:{port}/secret",
        "http://0177.0.0.02:{port}/secret",
        "http://[::ffff:127.0.0.2]:{port}/secret",
        "http://inside.example:{port}/secret",
        "http://both.example:{port}/secret",
        "http://127。0。0。2:{port}/secret",
    ],
)
async def test_a_redirect_inside_is_not_followed(server: Hostile, to: str) -> None:
    names = Names({"inside.example": [[INSIDE]], "both.example": [["127.0.0.1", INSIDE]]})
    server.page("/secret", PAGE)
    target = to.format(port=server.port).encode().decode("latin-1")
    for number in range(3):  # at once, and at the end of the road
        server.moved(f"/{number}", f"/{number + 1}" if number < 2 else target)
        server.moved("/direct", target)
    for path in ("/direct", "/0"):
        found = await seen(server, server.url(path), names)
        assert found.problem in (Problem.NOT_PUBLIC, Problem.ADDRESS, Problem.UNREACHABLE)
    assert not [one for one in server.requests if "secret" in one]


async def test_a_name_of_an_inner_address_is_not_visited(server: Hostile) -> None:
    names = Names({"inside.example": [[INSIDE]], "both.example": [["127.0.0.1", INSIDE]]})
    for name in names.known:
        link = server.url("/", name)
        assert (await seen(server, link, names)).problem is Problem.NOT_PUBLIC
    assert server.requests == []


async def test_a_name_that_changes_its_mind_is_asked_once_and_changes_nothing(
    server: Hostile,
) -> None:
    names = Names({"rebind.example": [["127.0.0.1"], [INSIDE]]})
    server.page("/", PAGE)
    assert (await seen(server, server.url("/", "rebind.example"), names)).title == "A title"
    assert names.asked == ["rebind.example"]
    assert "Host: rebind.example:" in server.requests[0]


async def test_a_number_that_was_not_checked_is_not_called(server: Hostile) -> None:
    names = Names({INSIDE: [["127.0.0.1"]]})  # as if the check had read another number
    server.page("/", PAGE)
    found = await seen(server, server.url("/", INSIDE), names)
    assert found.problem is Problem.UNREACHABLE
    assert names.asked == [INSIDE]
    assert server.requests == []


async def test_a_name_that_has_changed_by_the_next_redirect_is_not_visited_again(
    server: Hostile,
) -> None:
    names = Names({"rebind.example": [["127.0.0.1"], [INSIDE]]})
    server.moved("/", "/next")
    server.page("/next", PAGE)
    found = await seen(server, server.url("/", "rebind.example"), names)
    assert found.problem is Problem.NOT_PUBLIC
    assert names.asked == ["rebind.example"] * 2
    assert len(server.requests) == 1


async def test_the_local_machine_is_refused_where_nothing_else_is_said(server: Hostile) -> None:
    server.page("/", PAGE)
    only_the_port = Reach(ports=frozenset({server.port}))
    for host in ("127.0.0.1", "localhost", "127.1"):
        found = await fetch_preview(server.url("/", host), only_the_port)
        assert found.problem in (Problem.NOT_PUBLIC, Problem.ADDRESS)
    assert (await fetch_preview(server.url("/"))).problem is Problem.ADDRESS
    assert server.requests == []


async def test_names_that_are_not_there_and_doors_that_are_shut(server: Hostile) -> None:
    assert (await seen(server, server.url("/", "no.example"))).problem is Problem.UNREACHABLE
    names = Names({"empty.example": [[]], "odd.example": [["not an address"]]})
    assert (await seen(server, server.url("/", "empty.example"), names)).problem is not None
    assert (await seen(server, server.url("/", "odd.example"), names)).problem is not None
    shut = Reach(allowed=lambda _: True, ports=frozenset({1}))
    assert (await fetch_preview("http://127.0.0.1:1/", shut)).problem is Problem.UNREACHABLE


async def test_a_name_that_takes_for_ever_is_given_up(server: Hostile) -> None:
    async def slow(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    found = await fetch_preview(
        server.url(), Reach(resolve=slow, ports=frozenset({server.port}), within=0.3)
    )
    assert found.problem is Problem.SLOW


@pytest.mark.parametrize("status", [201, 204, 304, 400, 401, 403, 404, 410, 429, 500, 503, 999])
async def test_a_page_that_does_not_open_is_told(server: Hostile, status: int) -> None:
    body = b"" if status in (204, 304) else PAGE.encode()
    link = server.answers("/", head("Content-Type: text/html", status=status), body)
    assert (await seen(server, link)).problem is Problem.REFUSED


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "text/plain", "application/json", "", "text/html2"]
)
async def test_only_pages_are_read(server: Hostile, kind: str) -> None:
    assert (await seen(server, server.page("/", PAGE, kind=kind))).problem is Problem.NO_PAGE


@pytest.mark.parametrize(
    ("kinds", "charset"),
    [
        # fetch.spec.whatwg.org, "extract a MIME type": the last one that is a kind counts.
        (["text/html, text/html; charset=koi8-r"], "koi8-r"),
        (["text/html", "text/html;charset=koi8-r"], "koi8-r"),
        (["text/html; charset=koi8-r, text/html"], "koi8-r"),
        (["text/html; charset=koi8-r, */*"], "koi8-r"),
        (["text/plain; charset=utf-8, text/html; charset=koi8-r"], "koi8-r"),
        (['TEXT/HTML ; x="a, b; charset=utf-8" ; Charset="KOI8-R"'], "koi8-r"),
        (["text/html; charset=koi8-r, text/plain, text/html"], "windows-1251"),
        (["text/html; charset"], "windows-1251"),
    ],
)
async def test_a_page_may_name_its_kind_twice(
    server: Hostile, kinds: list[str], charset: str
) -> None:
    body = "<meta charset=windows-1251><title>Привет</title>".encode(charset)
    server.answers("/", head(*(f"Content-Type: {kind}" for kind in kinds)), body)
    assert (await seen(server, server.url())).title == "Привет"


@pytest.mark.parametrize("kind", ["text/html, text/plain", "text/html, image/png;x", "html, */*"])
async def test_the_last_kind_of_several_is_what_came(server: Hostile, kind: str) -> None:
    assert (await seen(server, server.page("/", PAGE, kind=kind))).problem is Problem.NO_PAGE


async def test_an_xhtml_page_is_a_page(server: Hostile) -> None:
    kind = "Application/XHTML+xml; charset=utf-8"
    assert (await seen(server, server.page("/", PAGE, kind=kind))).title == "A title"


HEAD = head("Content-Type: text/html")


async def test_a_page_without_end_is_cut(server: Hostile) -> None:
    link = server.forever("/", HEAD + PAGE.encode(), b"<p>" * 10_000)
    assert (await seen(server, link)).title == "A title"
    # What the sockets hold on both sides is sent and never read.
    assert server.sent < MOST_BYTES + 4_000_000


@pytest.mark.parametrize("headers", [[f"X: {'y' * 65_000}"], [f"X: {'y' * 320}"] * 200])
async def test_long_headers_are_read(server: Hostile, headers: list[str]) -> None:
    # Browsers take 256 kB of them.
    assert (await seen(server, server.page("/", PAGE, *headers))).title == "A title"


async def test_of_a_page_that_breaks_off_nothing_is_said_to_be_missing(server: Hostile) -> None:
    length = "Content-Length: 100000"
    found = await seen(server, server.page("/", "<title>One</title><p>", length))
    assert (found.title, found.problem, found.lacks) == ("One", Problem.CUT, ())
    # What a page says at its beginning is all that counts.
    assert (await seen(server, server.page("/a", PAGE, length))).problem is None
    nothing = await seen(server, server.page("/b", "", length))
    assert nothing.problem is Problem.UNREACHABLE


async def test_of_a_page_without_end_nothing_is_said_to_be_missing(server: Hostile) -> None:
    link = server.forever("/", HEAD + b"<title>One</title>", b"<p>" * 10_000)
    found = await seen(server, link)
    assert (found.title, found.problem, found.lacks) == ("One", Problem.CUT, ())
    just = "<title>One</title>".ljust(MOST_BYTES)
    assert (await seen(server, server.page("/just", just))).problem is None


@pytest.mark.parametrize(
    ("first", "more", "pause"),
    [
        (b"HTTP/1.1 200 ", b"O", 0.05),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.05),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
        (HEAD, b"<", 0.05),
        (HEAD + PAGE.encode(), b"\n", 0.05),
        (head("Transfer-Encoding: chunked", "Content-Type: text/html"), b"1\r\na\r\n", 0.05),
    ],
    ids=["status", "headers", "continue", "body", "after the page", "chunks"],
)
async def test_a_slow_drip_is_given_up(
    server: Hostile, first: bytes, more: bytes, pause: float
) -> None:
    assert (await seen(server, server.forever("/", first, more, pause))).problem is Problem.SLOW


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0" * 100_000,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X" * 1_000_000,
        b"HTTP/1.1 200 " + b"O" * 1_000_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n",
    ],
)
async def test_what_is_no_answer_is_told(server: Hostile, answer: bytes) -> None:
    assert (await seen(server, server.answers("/", answer))).problem is not None


def _raw(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-zlib.MAX_WBITS)


def _members(data: bytes) -> bytes:
    return b"".join(gzip.compress(data[place : place + 50]) for place in range(0, 500, 50)) + (
        gzip.compress(data[500:]) + b"\0\0and more"
    )


PACKINGS = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "members": ("gzip", _members),  # RFC 1952, 2.2: a file is a series of members
    "deflate": ("deflate", zlib.compress),
    "raw": ("deflate", _raw),  # RFC 9110, 8.4.1.2: some send it without zlib's wrapper
    "with identity": ("identity, gzip", gzip.compress),
    "with nonsense": ("UTF-8, none,, gzip", gzip.compress),
    "said twice": ("gzip, gzip", gzip.compress),
    "done twice": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "both": ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
}


@pytest.mark.parametrize(("name", "pack"), PACKINGS.values(), ids=PACKINGS)
class TestPacked:
    async def test_a_packed_page_is_unpacked(
        self, server: Hostile, name: str, pack: Callable[[bytes], bytes]
    ) -> None:
        link = server.page("/", pack(PAGE.encode()), f"Content-Encoding: {name}")
        assert (await seen(server, link)).title == "A title"

    async def test_a_bomb_is_unpacked_only_so_far(
        self, server: Hostile, name: str, pack: Callable[[bytes], bytes]
    ) -> None:
        bomb = pack(PAGE.encode() + ZEROS * 100)
        assert len(bomb) < MOST_BYTES
        link = server.page("/", bomb, f"Content-Encoding: {name}")
        assert (await seen(server, link)).title == "A title"

    async def test_what_cannot_be_unpacked_is_told(
        self, server: Hostile, name: str, pack: Callable[[bytes], bytes]
    ) -> None:
        broken = b"\xee" + pack(PAGE.encode())[5:]
        link = server.page("/", broken, f"Content-Encoding: {name}")
        assert (await seen(server, link)).problem is Problem.UNREADABLE

    async def test_what_unpacks_to_nothing_ends(
        self, server: Hostile, name: str, pack: Callable[[bytes], bytes]
    ) -> None:
        empty = pack(b"")
        link = server.forever(
            "/", head("Content-Type: text/html", f"Content-Encoding: {name}"), empty * 1_000
        )
        found = await seen(server, link)
        assert found.problem is not None or found.lacks == tuple(Part)

    async def test_of_one_that_breaks_off_nothing_is_said_to_be_missing(
        self, server: Hostile, name: str, pack: Callable[[bytes], bytes]
    ) -> None:
        page = b"<title>One</title>" + random.Random(1).randbytes(100_000)
        link = server.page("/", pack(page)[:60_000], f"Content-Encoding: {name}")
        found = await seen(server, link)
        assert (found.title, found.problem, found.lacks) == ("One", Problem.CUT, ())


@pytest.mark.parametrize("name", ["br", "zstd", "compress", "gzip, br", "x", "gzip," * 4, ""])
async def test_other_packings_are_not_unpacked(server: Hostile, name: str) -> None:
    link = server.page("/", gzip.compress(PAGE.encode()), f"Content-Encoding: {name}")
    assert (await seen(server, link)).problem is Problem.UNREADABLE


@pytest.mark.parametrize("name", ["UTF-8", "none", "identity", "x", "text/html", "utf-8, none"])
async def test_a_packing_that_is_none_is_passed_over(server: Hostile, name: str) -> None:
    link = server.page("/", PAGE, f"Content-Encoding: {name}")
    assert (await seen(server, link)).title == "A title"


async def test_an_empty_page_is_not_unpacked(server: Hostile) -> None:
    found = await seen(server, server.page("/", b"", "Content-Encoding: gzip"))
    assert (found.problem, found.lacks) == (None, tuple(Part))


async def test_a_body_of_very_many_members_ends(server: Hostile) -> None:
    body = gzip.compress(b"<title>One</title>") + gzip.compress(b"") * 20_000
    found = await seen(server, server.page("/", body, "Content-Encoding: gzip"))
    assert (found.title, found.problem) == ("One", Problem.CUT)


def test_it_is_the_same_on_the_loop_that_the_bot_runs_on() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def both() -> tuple[Preview, Preview]:
        async with serving() as server:
            names = Names({"here.example": [["127.0.0.1"]], "inside.example": [[INSIDE]]})
            server.page("/", PAGE)
            server.moved("/in", f"//inside.example:{server.port}/")
            good = await seen(server, server.url("/", "here.example"), names)
            return good, await seen(server, server.url("/in"), names)

    good, bad = uvloop.run(both())
    assert (good.title, bad.problem) == ("A title", Problem.NOT_PUBLIC)


async def test_a_door_that_does_not_speak_tls_is_told(server: Hostile) -> None:
    server.page("/", PAGE)
    link = server.url().replace("http:", "https:")
    assert (await seen(server, link)).problem in (Problem.UNREACHABLE, Problem.SLOW)
    assert server.requests == []


async def test_cancelling_leaves_nothing_behind(server: Hostile) -> None:
    link = server.forever("/", HEAD, b"<", 0.01)
    task = asyncio.create_task(fetch_preview(link, reach(server)))
    await server.arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


SCHEMES = st.sampled_from(
    ["http", "https", "HTTP", "file", "ftp", "gopher", "javascript", "", "ws"]
)
HOSTS = st.one_of(
    st.sampled_from(["127.0.0.1", "localhost", "127.1", "[::1]", "2130706433", "inside.example"]),
    st.integers(0, 2**32 - 1).map(str),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
    st.text(max_size=12),
)
URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{}{}{}{}{}".format,
        SCHEMES,
        st.sampled_from(["://", ":", "//", ":///", ":\\\\", "://a@", "://a:b@", "://@"]),
        HOSTS,
        st.sampled_from(["", ":80", ":443", ":0", ":22", ":99999", ":x", ":\uff18\uff10"]),
        st.sampled_from(["", "/", "\\@127.0.0.1/", "#@127.0.0.1", "?@127.0.0.1", "/../..//"]),
        st.text(max_size=10),
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(link=URLS, base=st.booleans())
def test_whatever_is_given_as_a_link_or_a_redirect_nobody_is_called(link: str, base: bool) -> None:
    """Every host resolves to an inner address; whatever is asked for, it must end there."""

    async def inside(host: str, port: int) -> list[str]:
        assert port in (80, 443)
        return ["10.0.0.1"]

    found = asyncio.run(
        fetch_preview(f"http://{link}" if base else link, Reach(resolve=inside, within=1.0))
    )
    assert found.problem in (Problem.ADDRESS, Problem.NOT_PUBLIC)

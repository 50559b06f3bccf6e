"""Feeds that are wrong in the usual ways, as their servers send them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from bot.domain.feeds import FeedProblem
from tests.pages.hostile import Hostile, head

FEEDS: Final = Path(__file__).parents[1] / "data" / "feeds"  # Apache License 2.0, shortened
RSS: Final = "application/rss+xml"
HEADS: Final = '<?xml version="1.0" encoding="utf-8"?>'


def entry(title: str = "One", link: str = "https://blog.example.org/one", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def rss(*entries: str, title: str = "Our blog", more: str = "") -> str:
    inside = f"<title>{title}</title>{more}{''.join(entries)}"
    return f'{HEADS}<rss version="2.0"><channel>{inside}</channel></rss>'


def atom(*entries: str, title: str = "Our blog", root: str = "") -> str:
    namespace = 'xmlns="http://www.w3.org/2005/Atom"'
    return f"{HEADS}<feed {namespace} {root}><title>{title}</title>{''.join(entries)}</feed>"


def dated(number: int, day: str) -> str:
    link = f"https://blog.example.org/{number}"
    return entry(f"Number {number}", link, f"<pubDate>{day}</pubDate>")


@dataclass(frozen=True)
class Crooked:
    """A feed that can be read all the same: what came, and what it says."""

    body: str | bytes
    titles: tuple[str, ...] = ("One",)
    links: tuple[str, ...] = ("https://blog.example.org/one",)
    title: str = "Our blog"
    kind: str = RSS


_BOMB = "".join(f'<!ENTITY b{n + 1} "{f"&b{n};" * 10}">' for n in range(12))

CROOKED: Final = {
    "a wrong declaration": Crooked(
        rss(entry("Größe")), titles=("Größe",), kind="text/xml; charset=latin1"
    ),
    "no UTF-8 as declared": Crooked(
        rss(entry("Größe “zwei”")).encode("cp1252"), titles=("Größe “zwei”",)
    ),
    "an older character set": Crooked(
        rss(entry("日本")).replace("utf-8", "shift_jis").encode("shift_jis"), titles=("日本",)
    ),
    "a mark at the start": Crooked(b"\xef\xbb\xbf\n" + rss(entry()).encode()),
    "relative links": Crooked(
        rss(entry(link="/one"), more="<link>https://blog.example.org/</link>")
    ),
    "relative links in Atom": Crooked(
        atom(
            '<entry><title>One</title><link rel="self" href="x"/><link href="one"/></entry>',
            root='xml:base="https://blog.example.org/"',
        )
    ),
    "no dates": Crooked(rss(entry())),
    "days that are none": Crooked(
        rss(entry(more="<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>"))
    ),
    "markup in titles": Crooked(
        rss(entry("&lt;b&gt;One&lt;/b&gt; &amp;amp; <![CDATA[<i>two</i>]]>")), titles=("One & two",)
    ),
    "no title": Crooked(
        rss(entry(title="", more="<description>First words.</description>")),
        titles=("First words.",),
    ),
    "bare signs": Crooked(
        rss(entry("R&D &nbsp; & more", "https://blog.example.org/one?a=1&b=2")),
        titles=("R&D & more",),
        links=("https://blog.example.org/one?a=1&b=2",),
    ),
    "tracking in links": Crooked(
        rss(entry(link="https://blog.example.org/one?utm_source=rss&amp;fbclid=x"))
    ),
    "links that lead nowhere": Crooked(
        rss(entry("Bad", "javascript:alert(1)"), entry(), "<item/>")
    ),
    "one page twice": Crooked(
        rss(entry(), entry("Again", "http://www.blog.example.org/one/#part"))
    ),
    "broken off in a link": Crooked(
        rss(entry(), entry("Two", "https://blog.example.org/two"))[:-35]
    ),
    "an older version": Crooked(rss(entry()).replace("2.0", "0.91")),
    "no name space": Crooked(
        atom(
            '<entry><title>One</title><link href="https://blog.example.org/one"/></entry>'
        ).replace("xmlns=", "xml:lang=")
    ),
    "control characters": Crooked(rss(entry("O\x0bne"))),
    "sent as a page": Crooked(rss(entry()), kind="text/html"),
    "empty": Crooked(rss(), titles=(), links=()),
    "a script behind it": Crooked(rss(entry()) + "<script>track()</script>"),
    "entities that multiply": Crooked(
        f'<!DOCTYPE rss [<!ENTITY b0 "ha">{_BOMB}]>' + rss(entry("&b12;")).removeprefix(HEADS),
        titles=("&b12;",),
    ),
    "entities that read files": Crooked(
        '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        + rss(entry("&f;")).removeprefix(HEADS),
        titles=("&f;",),
    ),
    "a thousand entries and more": Crooked(
        rss(*(entry(f"N{n}", f"https://blog.example.org/{n}") for n in range(1_200))),
        titles=tuple(f"N{n}" for n in range(1_000)),
        links=tuple(f"https://blog.example.org/{n}" for n in range(1_000)),
    ),
}

_paths = count()


def _answer(*lines: str, status: int = 200, body: str = "") -> Callable[[Hostile], str]:
    def serve(server: Hostile) -> str:
        return server.answers(f"/{next(_paths)}", head(*lines, status=status), body.encode())

    return serve


def _circle(server: Hostile) -> str:
    return server.moved("/circle", "/circle", 301)


def _slow(server: Hostile) -> str:
    return server.forever("/slow", head(f"Content-Type: {RSS}"), b" ", 0.05)


def _inside(server: Hostile) -> str:
    return f"http://127.0.0.2:{server.port}/"


def _moved_inside(server: Hostile) -> str:
    return server.moved("/out", _inside(server), 301)


_PAGE = "<!doctype html><title>A page</title>"
_NAMES = '<link rel="alternate" type="application/rss+xml" href="https://blog.example.org/feed">'

# What cannot be read: how it is served, and why not.
UNREADABLE: Final[dict[str, tuple[Callable[[Hostile], str], FeedProblem]]] = {
    "gone": (_answer(status=410), FeedProblem.GONE),
    "not found": (_answer(status=404), FeedProblem.GONE),
    "closed": (_answer(status=403), FeedProblem.REFUSED),
    "too busy": (_answer("Retry-After: 7200", status=429), FeedProblem.BUSY),
    "nothing at all": (_answer(f"Content-Type: {RSS}"), FeedProblem.NO_FEED),
    "a page": (_answer("Content-Type: text/html", body=_PAGE), FeedProblem.NO_FEED),
    "a page that names one": (
        _answer("Content-Type: text/html", body=_PAGE + _NAMES),
        FeedProblem.NO_FEED,
    ),
    "a picture": (_answer("Content-Type: image/png", body="\x89PNG\0\0"), FeedProblem.NO_FEED),
    "another format": (_answer(body='{"version": "1.1", "items": []}'), FeedProblem.NO_FEED),
    "badly packed": (
        _answer("Content-Encoding: gzip", body=rss(entry())),
        FeedProblem.UNREADABLE,
    ),
    "in a circle": (_circle, FeedProblem.REDIRECTS),
    "slow": (_slow, FeedProblem.SLOW),
    "inside": (_inside, FeedProblem.NOT_PUBLIC),
    "moved inside": (_moved_inside, FeedProblem.NOT_PUBLIC),
}

"""Feeds are read however they are written, and a bad one costs a bounded time and one sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from bot.domain.feeds import (
    FailedFeed,
    FeedLook,
    FeedProblem,
    FeedRequest,
    ReadFeed,
    UnchangedFeed,
)
from bot.pages.feeds import MOST_BYTES, fetch_feed
from tests.pages.hostile import Hostile, head, reach
from tests.pages.wrong_feeds import (
    CROOKED,
    FEEDS,
    RSS,
    UNREADABLE,
    atom,
    dated,
    entry,
    rss,
)

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


async def look(server: Hostile, address: str, etag: str = "", modified: str = "") -> FeedLook:
    """One look; whatever the server does, it ends in time, and nobody inside is asked."""
    began = monotonic()
    asked = FeedRequest(address, etag, modified)
    found = await fetch_feed(asked, NOW, reach(server, within=1.0))
    assert monotonic() - began < 5
    assert server.asked_inside == 0
    return found


async def read(server: Hostile, body: str | bytes, *headers: str, kind: str = RSS) -> ReadFeed:
    found = await look(server, server.page("/feed", body, *headers, kind=kind))
    assert isinstance(found, ReadFeed), found
    return found


@pytest.mark.parametrize("name", CROOKED)
async def test_a_feed_that_is_wrong_is_read_all_the_same(server: Hostile, name: str) -> None:
    crooked = CROOKED[name]
    found = await read(server, crooked.body, kind=crooked.kind)
    assert found.title == crooked.title
    assert tuple(one.title for one in found.entries) == crooked.titles
    assert tuple(one.link for one in found.entries) == crooked.links


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_cannot_be_read_says_why(server: Hostile, name: str) -> None:
    serve, problem = UNREADABLE[name]
    found = await look(server, serve(server))
    assert isinstance(found, FailedFeed)
    assert found.problem is problem
    named = ("https://blog.example.org/feed",) if name == "a page that names one" else ()
    assert found.named == named
    assert found.retry_after == timedelta(hours=2 if name == "too busy" else 0)


@pytest.mark.parametrize(
    ("name", "title", "entries", "is_dated"),
    [
        ("flink-blog", "Flink Blog on Apache Flink", 5, True),
        ("flink-zh", "Apache Flink Documentation on Apache Flink", 6, False),
    ],
)
async def test_feeds_of_the_world_are_read(
    server: Hostile, name: str, title: str, entries: int, is_dated: bool
) -> None:
    found = await read(server, (FEEDS / f"{name}.rss.xml").read_bytes())
    assert (found.title, len(found.entries)) == (title, entries)
    for one in found.entries:
        assert one.title
        assert one.link.startswith("https://flink.apache.org/")
        assert (one.published is not None) is is_dated
        assert "<" not in one.summary


async def test_the_newest_comes_first_and_nothing_is_from_the_future(server: Hostile) -> None:
    days = ["2026-08-01T10:00:00+02:00", "Sun, 30 Aug 2026 08:00:00 GMT", "2031-01-01", "soon"]
    found = await read(server, rss(*(dated(number, day) for number, day in enumerate(days))))
    assert [(one.title, one.published) for one in found.entries] == [
        ("Number 2", NOW),
        ("Number 1", datetime(2026, 8, 30, 8, 0, tzinfo=UTC)),
        ("Number 0", datetime(2026, 8, 1, 8, 0, tzinfo=UTC)),
        ("Number 3", None),
    ]


async def test_a_name_that_all_entries_have_tells_none_apart(server: Hostile) -> None:
    guid = '<guid isPermaLink="false">post</guid>'
    found = await read(
        server, rss(*(entry(f"N{n}", f"https://blog.example.org/{n}", guid) for n in (1, 2)))
    )
    assert len({one.guid_key for one in found.entries}) == 2


async def test_atom_tells_its_summary(server: Hostile) -> None:
    said = "<summary type='html'>&lt;p&gt;In short.&lt;/p&gt;</summary><content>All</content>"
    link = '<link href="https://blog.example.org/one"/>'
    found = await read(server, atom(f"<entry><title>One</title>{link}{said}</entry>"))
    assert [one.summary for one in found.entries] == ["In short."]


async def test_what_has_not_changed_is_not_sent_again(server: Hostile) -> None:
    marks = ('ETag: "v1"', "Last-Modified: Tue, 01 Sep 2026 07:00:00 GMT")
    found = await read(server, rss(entry()), *marks, "Cache-Control: public, max-age=7200")
    assert (found.etag, found.last_modified) == ('"v1"', "Tue, 01 Sep 2026 07:00:00 GMT")
    assert found.every == timedelta(hours=2)
    address = server.answers("/feed", head(status=304))
    again = await look(server, address, found.etag, found.last_modified)
    assert again == UnchangedFeed(address, timedelta())
    asked = server.requests[-1].split("\r\n")
    assert 'If-None-Match: "v1"' in asked
    assert "If-Modified-Since: Tue, 01 Sep 2026 07:00:00 GMT" in asked
    assert "User-Agent: advocacy-bot (feed reader)" in asked
    # To somebody who named no version it says nothing.
    assert await look(server, address) == FailedFeed(FeedProblem.REFUSED)


async def test_a_feed_says_itself_how_often_it_is_read(server: Hostile) -> None:
    assert (await read(server, rss(more="<ttl> 180 </ttl>"))).every == timedelta(hours=3)
    assert (await read(server, rss(), "ETag: " + "x" * 600)).etag == ""


@pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False)])
async def test_only_a_move_for_good_changes_the_address(
    server: Hostile, status: int, moves: bool
) -> None:
    new = server.page("/new", rss(entry()), kind=RSS)
    server.moved("/next", "/new", status)
    old = server.moved("/old", "/next", 301)
    found = await look(server, old)
    assert isinstance(found, ReadFeed)
    assert found.address == (new if moves else server.url("/next"))


async def test_a_huge_feed_is_read_as_far_as_it_is_taken(server: Hostile) -> None:
    long = f"<description>{'x' * 20_000}</description>"
    body = rss(*(entry(f"N{n}", f"https://blog.example.org/{n}", long) for n in range(300)))
    assert len(body) > MOST_BYTES
    found = await read(server, body)
    assert 150 < len(found.entries) < 300
    assert found.entries[0].title == "N0"

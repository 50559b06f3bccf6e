"""Which entries of a feed are news, and when it is looked at next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.feeds import (
    FeedEntry,
    KnownEntry,
    find_forgettable,
    find_news,
    key_of,
    newest,
    next_look,
    next_try,
)
from bot.domain.tracking_parameters import without_tracking

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDED = NOW - 30 * DAY
PAGE = "https://blog.example.org/one"


def entry(name: str, age: timedelta | None = HOUR, guid: str = "") -> FeedEntry:
    published = None if age is None else NOW - age
    return FeedEntry(name, f"https://blog.example.org/{name}", guid=guid, published=published)


def known(*entries: FeedEntry, seen: datetime = ADDED) -> list[KnownEntry]:
    return [KnownEntry(one.key, one.guid_key, seen) for one in entries]


@pytest.mark.parametrize(
    "link",
    [
        "http://blog.example.org/one",
        "https://www.blog.example.org/one/",
        "https://BLOG.example.org:443/one#comments",
        "https://blog.example.org/one?utm_source=rss&utm_medium=feed&fbclid=1",
        "https://blog.example.org/%6Fne",
    ],
)
def test_one_page_has_many_links(link: str) -> None:
    assert key_of(link) == key_of(PAGE)


@pytest.mark.parametrize(
    "link",
    [
        "https://blog.example.org/one?p=2",
        "https://blog.example.org/One",
        "https://example.org/one",
        "https://blog.example.org/one#!/two",
        "https://blog.example.org:8080/one",
    ],
)
def test_another_page_has_another_key(link: str) -> None:
    assert key_of(link) != key_of(PAGE)


def test_only_tracking_leaves_a_link() -> None:
    assert without_tracking(f"{PAGE}?a=1&utm_source=x&b=#c") == f"{PAGE}?a=1&b=#c"
    assert without_tracking(f"{PAGE}?gclid=1") == PAGE
    for kept in (f"{PAGE}?", f"{PAGE}?at=1&utm=2", f"{PAGE}?utm_source=x&signature=1"):
        assert without_tracking(kept) == kept


def test_news_is_what_was_not_there_before() -> None:
    old, new = entry("old"), entry("new")
    assert find_news([new, old], known(old), ADDED, NOW) == [new]
    assert find_news([new], [], ADDED, NOW) == [new]  # the feed was empty


def test_an_entry_under_another_address_is_the_same_by_its_own_name() -> None:
    before, after = entry("draft", guid="tag:1"), entry("final", guid="tag:1")
    assert find_news([after], known(before), ADDED, NOW) == []


@pytest.mark.parametrize(
    ("age", "is_news"), [(HOUR, True), (7 * DAY, True), (7 * DAY + HOUR, False), (None, True)]
)
def test_old_entries_that_turn_up_are_no_news(age: timedelta | None, is_news: bool) -> None:
    there, late = entry("there"), entry("late", age)
    assert bool(find_news([late, there], known(there), ADDED, NOW)) is is_news


def test_what_was_published_before_the_feed_was_added_is_no_news() -> None:
    added = NOW - 2 * HOUR
    there = entry("there")
    assert find_news([entry("a", DAY + 3 * HOUR), there], known(there), added, NOW) == []
    late = entry("a", 3 * HOUR)  # their cache was older than the first look
    assert find_news([late, there], known(there), added, NOW) == [late]


def test_a_site_that_was_rebuilt_has_no_news_without_days() -> None:
    before = known(entry("a", None), entry("b", None))
    dated = entry("d")
    assert find_news([entry("c", None), dated], before, ADDED, NOW) == [dated]


def test_what_a_feed_names_no_more_is_forgotten_after_a_month() -> None:
    there, gone = entry("there"), entry("gone")
    both = known(there, gone, seen=NOW - 30 * DAY)
    assert find_forgettable(both, [there], NOW) == []
    assert find_forgettable(both, [there], NOW + HOUR) == [gone.key]


def test_the_newest_entries_are_read() -> None:
    a, b, c = entry("a", DAY), entry("b", None), entry("c", HOUR)
    assert newest([a, b, c, a]) == (c, a, b)
    assert newest([a, b, c], 2) == (c, a)


def test_a_feed_is_looked_at_every_hour_or_as_seldom_as_it_asks() -> None:
    waits = [next_look(NOW, asked) - NOW for asked in (timedelta(), HOUR / 2, 5 * HOUR, 90 * DAY)]
    assert waits == [HOUR, HOUR, 5 * HOUR, DAY]


def test_a_feed_that_fails_is_looked_at_less_and_less() -> None:
    waits = [next_try(NOW, failures, timedelta()) - NOW for failures in (1, 2, 3, 4, 5, 6, 2000)]
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY]
    assert next_try(NOW, 1, 3 * DAY) == NOW + 3 * DAY
    assert next_try(NOW, 1, 900 * DAY) == NOW + 7 * DAY

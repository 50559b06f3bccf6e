"""News of feeds become drafts, a few a day and each page once; comms hear little, staff nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.desk import Viewer
from bot.domain.feeds import (
    EVERY,
    MOST_A_DAY,
    MOST_FEEDS,
    FailedFeed,
    Feed,
    FeedEntry,
    FeedLook,
    FeedProblem,
    FeedRequest,
    ReadFeed,
    UnchangedFeed,
)
from bot.domain.ids import FeedId, PostId
from bot.domain.lessons import LessonCatalog
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.model import NoticeKind
from bot.domain.post import Network, Post, PostState
from bot.domain.record import Act
from bot.domain.sharing_policy import SharingPolicy
from bot.services import feeds, home_tab, post_lists, posts, reconcile, record
from bot.services.feeds import NotAdded
from bot.storage.feeds import ClaimedFeed
from bot.storage.tables import AnnouncementRow, AskRow, FeedEntryRow, FeedRow, PostRow
from tests.services.helpers import (
    CARL,
    CLEO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    ServiceWorld,
    refusal_of,
)

ADDRESS = "https://blog.example.org/feed"
HOUR = timedelta(hours=1)
POLICY = SharingPolicy()


def entry(name: str, published: datetime | None = START, **more: Any) -> FeedEntry:
    link = f"https://blog.example.org/{name}"
    return FeedEntry(f"About {name}", link, f"What {name} is.", published=published, **more)


def read(*entries: FeedEntry, address: str = ADDRESS, **more: Any) -> ReadFeed:
    return ReadFeed(address, "Our blog", entries, **more)


def add(world: ServiceWorld, look: ReadFeed) -> FeedId:
    added = world.run(feeds.add, CLEO, look)
    assert isinstance(added, Feed)
    return added.id


def look_at(world: ServiceWorld, *looks: FeedLook, after: timedelta = HOUR) -> None:
    """The heartbeat's look at all feeds that are due by then, and all that follows."""
    world.now += after
    claimed = world.run(feeds.claim)
    assert len(claimed) == len(looks)
    for one, look in zip(claimed, looks, strict=True):
        assert world.run(feeds.record, one, look)
    settle(world)


def settle(world: ServiceWorld) -> None:
    if world.run(feeds.find_work).entries_wait:
        world.run(feeds.make_drafts, POLICY)
    if world.run(feeds.find_work).drafts_to_tell:
        assert world.run(feeds.tell_of_drafts)


def drafts(world: ServiceWorld) -> list[Post]:
    """All posts there are, oldest first."""
    found = [world.run(posts.find_post, PostId(row.id)) for row in world.rows(PostRow)]
    return [post for post in found if post is not None]


def titles(world: ServiceWorld) -> list[str]:
    return [post.content.title for post in drafts(world)]


def told(world: ServiceWorld) -> list[tuple[NoticeKind, str | None]]:
    """What comms are told now, once each."""
    found = world.run(reconcile.find_pending).notices
    for one in found:
        world.run(reconcile.record_notice_sent, one.notice.id)
    return [(one.notice.kind, one.notice.detail) for one in found]


def of_drafts(*names: str) -> tuple[NoticeKind, str]:
    return NoticeKind.FEED_DRAFTS, "\n".join(f"About {name}" for name in names)


def test_what_a_feed_has_when_it_is_added_is_old(world: ServiceWorld) -> None:
    add(world, read(entry("one"), entry("two", None)))
    assert world.run(feeds.claim) == []
    look_at(world, read(entry("one"), entry("two", None)))
    assert titles(world) == []
    assert told(world) == []


def test_news_become_drafts_that_wait_for_nobody(world: ServiceWorld) -> None:
    add(world, read(entry("one")))
    world.member()
    look_at(world, read(entry("two"), entry("one")))
    [post] = drafts(world)
    assert (post.state, post.writer, post.from_feed) == (PostState.DRAFT, None, "Our blog")
    assert post.content.link == "https://blog.example.org/two"
    assert post.content.why == "What two is."
    assert {one.network: one.text for one in post.content.wordings} == dict.fromkeys(
        POLICY.networks, "About two"
    )
    pending = world.run(reconcile.find_pending)
    assert pending.cards == []
    shown = world.run(home_tab.load_home_tab, CLEO, LessonCatalog(), Viewer(CLEO)).desk
    assert shown is not None
    assert shown.rows == []
    world.now += DAY
    assert world.claim() is None
    assert world.planned() == []
    assert world.rows(AnnouncementRow) == world.rows(AskRow) == []


def test_a_draft_is_finished_and_approved_like_any_other(world: ServiceWorld) -> None:
    add(world, read())
    look_at(world, read(entry("two")))
    [post] = drafts(world)
    edited = world.edit(post.id, who=CLEO)
    assert (edited.state, edited.writer, edited.from_feed) == (
        PostState.IN_REVIEW,
        CLEO,
        "Our blog",
    )
    assert refusal_of(world.approve(post.id, who=CLEO))
    world.approve(post.id)
    assert world.post(post.id).state is PostState.APPROVED


def test_a_title_too_long_for_a_network_is_cut_there(world: ServiceWorld) -> None:
    add(world, read())
    look_at(world, read(replace(entry("two"), title="日本語" * 50)))
    texts = {one.network: one.text for one in drafts(world)[0].content.wordings}
    assert texts[Network.LINKEDIN] == "日本語" * 50
    assert 100 < len(texts[Network.X]) < 140
    assert texts[Network.X].endswith("…")


def test_five_drafts_are_made_a_day_and_the_rest_wait(world: ServiceWorld) -> None:
    add(world, read())
    add(world, read(address="https://news.example.org/feed"))
    many = read(*(entry(f"a{number}") for number in range(4)))
    more = read(*(entry(f"b{number}") for number in range(4)), address=many.address + "2")
    look_at(world, many, more)
    assert len(titles(world)) == MOST_A_DAY
    look_at(world, UnchangedFeed(ADDRESS), UnchangedFeed(ADDRESS), after=EVERY)
    assert len(titles(world)) == MOST_A_DAY
    world.now += DAY
    settle(world)
    assert len(set(titles(world))) == 8
    assert [len((detail or "").split("\n")) for kind, detail in told(world)
            if kind is NoticeKind.FEED_DRAFTS] == [5, 3]  # fmt: skip
    assert {row.title for row in world.rows(FeedEntryRow)} == {""}


def test_the_newest_come_first_and_what_waited_a_week_is_dropped(world: ServiceWorld) -> None:
    add(world, read())
    look_at(world, read(*(entry(f"old{number}") for number in range(100))))
    assert titles(world) == [f"About old{number}" for number in range(5)]
    look_at(world, read(entry("new"), *(entry(f"old{n}") for n in range(100))), after=DAY)
    assert titles(world)[5:] == [
        f"About {name}" for name in ("new", "old5", "old6", "old7", "old8")
    ]
    for _ in range(10):
        world.now += DAY
        settle(world)
    assert len(titles(world)) == 10 + 6 * MOST_A_DAY
    assert not any(row.waiting for row in world.rows(FeedEntryRow))


@pytest.mark.parametrize("where", ["another feed", "a post", "the same feed, later"])
def test_a_page_makes_one_draft(world: ServiceWorld, where: str) -> None:
    spelt = replace(entry("two"), link="http://www.blog.example.org/two/?utm_source=rss#x")
    add(world, read())
    if where == "a post":
        world.save(world.form(), link=entry("two").link)
        look_at(world, read(spelt))
        assert len(titles(world)) == 1
        return
    if where == "another feed":
        add(world, read(address="https://news.example.org/feed"))
        look_at(world, read(entry("two")), read(spelt, address="https://news.example.org/feed"))
    else:
        look_at(world, read(entry("two")))
        look_at(world, read())
        look_at(world, read(spelt))
    assert titles(world) == ["About two"]


def test_comms_are_told_once_a_day_and_only_in_their_hours(world: ServiceWorld) -> None:
    add(world, read())
    look_at(world, read(entry("a")))
    assert told(world) == [of_drafts("a")]
    look_at(world, read(entry("b"), entry("a")))
    assert told(world) == []
    look_at(world, read(entry("c"), entry("b"), entry("a")), after=12 * HOUR)  # in the night
    assert told(world) == []
    world.now = START + DAY - 3 * HOUR  # seven in the morning
    settle(world)
    assert told(world) == []
    world.now = START + DAY
    settle(world)
    assert told(world) == [of_drafts("b", "c")]
    settle(world)
    assert told(world) == []


def test_an_untouched_draft_goes_after_a_month_and_does_not_come_back(world: ServiceWorld) -> None:
    feed_id = add(world, read())
    look_at(world, read(entry("a"), entry("b"), entry("c")))
    edited, _, newest = drafts(world)
    world.edit(edited.id, draft=True)
    world.now += 30 * DAY
    world.erase()
    assert len(drafts(world)) == 3
    world.now += MOMENT
    world.erase()
    assert [post.id for post in drafts(world)] == [edited.id, newest.id]
    look_at(world, read(entry("a"), entry("b"), entry("c")))
    assert [post.id for post in drafts(world)] == [edited.id, newest.id]
    later = world.in_review(link="https://flink.example.org/other")
    assert later == newest.id + 1  # no number is given twice
    world.erase()
    assert [post.id for post in drafts(world)] == [edited.id, later]
    assert world.run(feeds.remove, CARL, feed_id)
    assert [post.id for post in drafts(world)] == [edited.id, later]


def test_a_feed_is_looked_at_by_one_process_and_again_if_that_one_dies(
    world: ServiceWorld,
) -> None:
    feed_id = add(world, read(etag='"1"'))
    world.now += HOUR
    assert not world.within(team=OTHER_TEAM).run(feeds.find_work)
    assert world.run(feeds.find_work).feeds_due
    [claimed] = world.run(feeds.claim)
    assert claimed == ClaimedFeed(feed_id, world.now, FeedRequest(ADDRESS, '"1"', ""))
    assert world.run(feeds.claim) == []
    world.now += ABANDONED_AFTER + MOMENT
    [again] = world.run(feeds.claim)
    assert not world.run(feeds.record, claimed, read(entry("late")))
    assert world.run(feeds.record, again, read(entry("late")))
    assert not world.run(feeds.record, again, read(entry("later")))
    settle(world)
    assert titles(world) == ["About late"]


def test_a_feed_that_is_removed_while_it_is_looked_at_stays_away(world: ServiceWorld) -> None:
    feed_id = add(world, read())
    world.now += HOUR
    [claimed] = world.run(feeds.claim)
    removed = world.run(feeds.remove, CARL, feed_id)
    assert removed is not None
    assert removed.title == "Our blog"
    assert world.run(feeds.remove, CARL, feed_id) is None
    assert not world.run(feeds.record, claimed, read(entry("a")))
    assert world.rows(FeedRow) == world.rows(FeedEntryRow) == []


def test_who_added_and_removed_a_feed_is_on_record(world: ServiceWorld) -> None:
    feed_id = add(world, read())
    add_again = world.run(feeds.add, CARL, read())
    assert add_again is NotAdded.THERE_ALREADY
    world.run(feeds.remove, CARL, feed_id)
    world.run(feeds.remove, CLEO, feed_id)
    page = world.run(record.load_page, None)
    assert [(one.user_id, one.act, one.detail) for one in page.entries] == [
        (CARL, Act.REMOVE_FEED, ADDRESS),
        (CLEO, Act.ADD_FEED, ADDRESS),
    ]


def test_a_feed_is_added_once(world: ServiceWorld) -> None:
    add(world, read())
    spelt = "http://blog.example.org/feed/"
    assert world.run(feeds.find_obstacle, spelt) is NotAdded.THERE_ALREADY
    assert world.run(feeds.add, CLEO, read(address=spelt)) is NotAdded.THERE_ALREADY
    removed = add(world, read(address="https://blog.example.org/removed"))
    world.run(feeds.remove, CARL, removed)
    for number in range(MOST_FEEDS - 1):
        add(world, read(address=f"https://blog.example.org/{number}"))
    assert world.run(feeds.add, CLEO, read(address=f"{ADDRESS}/more")) is NotAdded.TOO_MANY
    there = world.run(feeds.load_feeds)
    assert len(there) == MOST_FEEDS
    assert removed not in [feed.id for feed in there]  # no number is given twice
    assert world.within(team=OTHER_TEAM).run(feeds.load_feeds) == []


def test_a_feed_that_fails_is_left_alone_longer_and_comms_hear_it_once(
    world: ServiceWorld,
) -> None:
    add(world, read())
    gone = FailedFeed(FeedProblem.GONE)
    look_at(world, gone)
    for hours in (1, 2, 4, 8, 16, 24):
        world.now += timedelta(hours=hours) - MOMENT
        assert world.run(feeds.claim) == []
        look_at(world, gone, after=MOMENT)
        assert told(world) == []
    look_at(world, gone, after=DAY)  # more than three days after the first time
    assert told(world) == [(NoticeKind.FEED_FAILS, "gone\nOur blog")]
    look_at(world, FailedFeed(FeedProblem.SLOW), after=DAY)
    assert told(world) == []
    [failing] = world.run(feeds.load_feeds)
    assert (failing.problem, failing.failures) == (FeedProblem.SLOW, 9)
    look_at(world, read(entry("a", None)), after=DAY)
    [mended] = world.run(feeds.load_feeds)
    assert (mended.problem, mended.failures, mended.failing_since) == (None, 0, None)
    assert told(world) == []  # that it works again is no news, and it is Saturday


def test_a_server_that_is_busy_is_left_alone_as_long_as_it_asks(world: ServiceWorld) -> None:
    add(world, read())
    look_at(world, FailedFeed(FeedProblem.BUSY, retry_after=5 * HOUR))
    world.now += 5 * HOUR - MOMENT
    assert world.run(feeds.claim) == []
    look_at(world, UnchangedFeed(ADDRESS, every=3 * HOUR), after=MOMENT)
    world.now += 3 * HOUR - MOMENT
    assert world.run(feeds.claim) == []
    look_at(world, read(), after=MOMENT)


@pytest.mark.parametrize("look", [read, UnchangedFeed])
def test_a_feed_that_moved_is_followed_and_comms_hear_it_once(
    world: ServiceWorld, look: Any
) -> None:
    new = "https://news.example.org/feed"
    add(world, read())
    look_at(world, look(address=new))
    assert told(world) == [(NoticeKind.FEED_MOVED, f"{new}\nOur blog")]
    world.now += HOUR
    [claimed] = world.run(feeds.claim)
    assert claimed.request.address == new
    world.run(feeds.record, claimed, look(address=new.replace("http:", "https:") + "/"))
    assert told(world) == []


def test_a_feed_that_moved_to_another_one_stays_where_it_was(world: ServiceWorld) -> None:
    other = "https://news.example.org/feed"
    add(world, read())
    add(world, read(address=other))
    look_at(world, read(entry("a"), address=other), read(entry("a"), address=other))
    assert [feed.address for feed in world.run(feeds.load_feeds)] == [ADDRESS, other]
    assert titles(world) == ["About a"]
    assert told(world) == [of_drafts("a")]


def test_feeds_of_another_workspace_are_none_of_ours(world: ServiceWorld) -> None:
    feed_id = add(world, read())
    other = world.within(team=OTHER_TEAM)
    assert other.run(feeds.remove, CARL, feed_id) is None
    assert isinstance(other.run(feeds.add, CLEO, read()), Feed)
    look_at(world, read(entry("a")))
    assert titles(world) == ["About a"]
    assert world.within(team=OTHER_TEAM).run(post_lists.load_overview).posts == []

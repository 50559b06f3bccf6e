"""Which post is next in the opt-in channel, and what each one can expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.channel_pacing import decide
from bot.domain.channel_queue import (
    Forecast,
    PastAnnouncement,
    QueuedPost,
    TooLate,
    forecast,
    next_post,
)
from bot.domain.freeze import ENDLESS
from bot.domain.ids import PostId
from bot.domain.model import Allowed, ChannelPolicy, Reason
from tests.unit.channel_world import BERLIN, DAY, GRID, HOUR, MONDAY_NOON, POLICY, windows

MINUTE = timedelta(minutes=1)
NOW = MONDAY_NOON


def waits(
    post: int,
    *topics: str,
    days: float = 0,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> QueuedPost:
    return QueuedPost(PostId(post), topics, NOW - days * DAY, not_before, expires_at)


def simulate(
    waiting: list[QueuedPost],
    announced: list[PastAnnouncement],
    policy: ChannelPolicy,
    now: datetime,
    until: datetime,
    step: timedelta,
) -> dict[int, datetime]:
    """Run the queue clock tick by clock tick, with nothing but `decide` and `next_post`."""
    left, done, turns = list(waiting), list(announced), dict[int, datetime]()
    while left and now <= until:
        while isinstance(decide([earlier.at for earlier in done], policy, now), Allowed):
            post = next_post(left, done, now)
            if post is None:
                break
            left.remove(post)
            done.append(PastAnnouncement(now, post.topics))
            turns[post.post_id] = now
        now += step
    return turns


def order(waiting: list[QueuedPost], announced: list[PastAnnouncement]) -> list[int]:
    left, done, posts = list(waiting), list(announced), list[int]()
    for step in count():
        moment = NOW + step * HOUR
        post = next_post(left, done, moment)
        if post is None:
            return posts
        left.remove(post)
        done.append(PastAnnouncement(moment, post.topics))
        posts.append(post.post_id)
    raise AssertionError


def test_an_empty_queue_has_no_next() -> None:
    assert next_post([], [], NOW) is None
    assert forecast([], [], POLICY, NOW) == {}


def test_the_post_that_waits_longest_goes_first() -> None:
    assert next_post([waits(1, "ai", days=1), waits(2, "ai", days=2)], [], NOW) == waits(
        2, "ai", days=2
    )


def test_of_two_that_wait_equally_long_the_lower_id_goes_first() -> None:
    assert next_post([waits(2, "ai"), waits(1, "ai")], [], NOW) == waits(1, "ai")


def test_topics_take_turns() -> None:
    waiting = [waits(post, "ai", days=9) for post in (1, 2, 3)]
    waiting += [waits(post, "jobs", days=1) for post in (4, 5)]

    assert order(waiting, []) == [1, 4, 2, 5, 3]


def test_a_topic_that_was_never_announced_goes_before_the_others() -> None:
    earlier = [PastAnnouncement(NOW - 300 * DAY, ("ai",))]

    assert order([waits(1, "ai", days=9), waits(2, "jobs")], earlier) == [2, 1]


def test_a_post_is_as_tired_as_the_tiredest_of_its_topics() -> None:
    earlier = [PastAnnouncement(NOW - 9 * DAY, ("ai",)), PastAnnouncement(NOW - DAY, ("jobs",))]
    both, other = waits(1, "ai", "jobs", days=9), waits(2, "sales")

    assert (
        next_post([both, other], [*earlier, PastAnnouncement(NOW - 2 * DAY, ("sales",))], NOW)
        == other
    )


def test_only_the_last_announcement_of_a_topic_counts() -> None:
    earlier = [
        PastAnnouncement(NOW - DAY, ("ai",)),
        PastAnnouncement(NOW - 9 * DAY, ("ai",)),
        PastAnnouncement(NOW - 3 * DAY, ("jobs",)),
    ]

    assert order([waits(1, "ai", days=5), waits(2, "jobs")], earlier) == [2, 1]


def test_posts_without_topics_are_one_kind_of_their_own() -> None:
    waiting = [waits(1, days=9), waits(2, days=8), waits(3, "ai")]

    assert order(waiting, []) == [1, 3, 2]


def test_an_embargo_ends_at_its_moment_and_an_expiry_too() -> None:
    embargoed, expired = waits(1, not_before=NOW), waits(2, days=1, expires_at=NOW)

    assert next_post([embargoed, expired], [], NOW) == embargoed
    assert next_post([embargoed, expired], [], NOW - MINUTE) == expired


def test_naive_moments_are_refused() -> None:
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        next_post([], [], naive)
    with pytest.raises(ValueError, match="time zone"):
        forecast([], [], POLICY, naive)
    with pytest.raises(ValueError, match="time zone"):
        next_post([replace(waits(1), since=naive)], [], NOW)


def test_it_foretells_who_goes_now_and_who_queues() -> None:
    waiting = [waits(1, "ai", days=2), waits(2, "ai", days=1), waits(3, "jobs")]

    assert forecast(waiting, [], POLICY, NOW) == {
        1: Forecast(NOW, None),
        3: Forecast(NOW + 4 * HOUR, Reason.QUEUE),
        2: Forecast(datetime(2026, 6, 9, 9, tzinfo=BERLIN), Reason.QUEUE),
    }


def test_the_first_in_line_hears_what_the_pacing_says() -> None:
    sent = [PastAnnouncement(NOW - HOUR, ("ai",))]
    capped = [PastAnnouncement(NOW - days * DAY, ("ai",)) for days in (4, 5, 6)]
    night = datetime(2026, 6, 9, 3, tzinfo=BERLIN)
    sunday = datetime(2026, 6, 7, 12, tzinfo=BERLIN)
    morning = datetime(2026, 6, 8, 9, tzinfo=BERLIN)

    assert forecast([waits(1)], sent, POLICY, NOW) == {1: Forecast(NOW + 3 * HOUR, Reason.GAP)}
    assert forecast([waits(1)], capped, POLICY, NOW) == {1: Forecast(NOW + DAY, Reason.CAP)}
    assert forecast([waits(1)], [], POLICY, sunday) == {1: Forecast(morning, Reason.DAY_OFF)}
    assert forecast([waits(1)], [], POLICY, night) == {1: Forecast(night + 6 * HOUR, Reason.HOURS)}


def test_under_a_freeze_nothing_is_expected() -> None:
    waiting = [waits(1), waits(2, not_before=NOW + DAY), waits(3, expires_at=NOW + HOUR)]

    assert forecast(waiting, [], replace(POLICY, freeze=ENDLESS), NOW) == dict.fromkeys(
        (1, 2, 3), Forecast(None, Reason.FROZEN)
    )


def test_an_embargoed_post_goes_out_when_its_embargo_ends() -> None:
    tomorrow = NOW + DAY

    assert forecast([waits(1, not_before=tomorrow)], [], POLICY, NOW) == {
        1: Forecast(tomorrow, Reason.EMBARGO)
    }


def test_an_embargo_that_costs_nothing_is_not_the_reason() -> None:
    sunday = datetime(2026, 6, 7, 12, tzinfo=BERLIN)
    monday = datetime(2026, 6, 8, 9, tzinfo=BERLIN)

    assert forecast([waits(1, not_before=sunday + HOUR)], [], POLICY, sunday) == {
        1: Forecast(monday, Reason.DAY_OFF)
    }


def test_an_embargoed_post_lets_the_others_pass() -> None:
    first, second = waits(1, days=9, not_before=NOW + HOUR), waits(2)

    assert forecast([first, second], [], POLICY, NOW) == {
        1: Forecast(NOW + 4 * HOUR, Reason.EMBARGO),
        2: Forecast(NOW, None),
    }


def test_a_post_that_expires_before_its_turn_is_not_expected() -> None:
    ends_at_its_turn = waits(2, expires_at=NOW + 4 * HOUR)
    ended = waits(3, days=9, expires_at=NOW)
    waiting = [waits(1, days=1), ends_at_its_turn, ended]

    assert forecast(waiting, [], POLICY, NOW) == {
        1: Forecast(NOW, None),
        2: Forecast(None, Reason.QUEUE, TooLate(NOW + 4 * HOUR, NOW + 4 * HOUR)),
        3: Forecast(None, Reason.QUEUE, TooLate(NOW, NOW)),
    }


def test_a_minute_by_minute_simulation_agrees() -> None:
    waiting = [
        waits(1, "ai", days=3),
        waits(2, "ai", days=2, not_before=NOW + 47 * MINUTE),
        waits(3, "jobs", days=1, expires_at=NOW + 3 * DAY),
        waits(4, "jobs", "ai", not_before=NOW + 2 * DAY),
        waits(5, expires_at=NOW + 61 * MINUTE),
    ]
    earlier = [PastAnnouncement(NOW - 7 * HOUR - 13 * MINUTE, ("ai",))]
    policy = replace(POLICY, weekly_cap=4)

    foretold = forecast(waiting, earlier, policy, NOW)

    turns = simulate(waiting, earlier, policy, NOW, NOW + 8 * DAY, MINUTE)
    assert {post: expected.at for post, expected in foretold.items()} == {
        post.post_id: turns.get(post.post_id) for post in waiting
    }


steps = st.integers(-4 * 24 * 2, 4 * 24 * 4).map(lambda number: NOW + number * GRID)
topic_sets = st.sets(st.sampled_from("abc"), max_size=2).map(lambda some: tuple(sorted(some)))
policies = st.builds(
    ChannelPolicy,
    min_gap=st.integers(0, 100).map(lambda number: number * GRID),
    weekly_cap=st.integers(1, 5),
    hours=windows,
    workdays=st.frozensets(st.integers(0, 6), min_size=4),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
)
queues = st.lists(
    st.builds(
        QueuedPost,
        post_id=st.just(0),
        topics=topic_sets,
        since=st.integers(0, 9).map(lambda days: NOW - days * DAY),
        not_before=st.none() | steps,
        expires_at=st.none() | steps,
    ),
    max_size=6,
).map(lambda posts: [replace(post, post_id=PostId(number)) for number, post in enumerate(posts)])
histories = st.lists(
    st.builds(
        PastAnnouncement,
        at=st.integers(-4 * 24, 4 * 24 * 9).map(lambda number: NOW - number * GRID),
        topics=topic_sets,
    ),
    max_size=5,
)


@given(queues, histories, policies)
def test_the_forecast_is_what_a_step_by_step_simulation_gives(
    waiting: list[QueuedPost], announced: list[PastAnnouncement], policy: ChannelPolicy
) -> None:
    foretold = forecast(waiting, announced, policy, NOW)

    expected = [forecast.at for forecast in foretold.values() if forecast.at is not None]
    # A few days beyond the last turn, so that one that was forgotten would show.
    until = max(expected, default=NOW) + 5 * DAY
    turns = simulate(waiting, announced, policy, NOW, until, GRID)
    assert {post: one.at for post, one in foretold.items() if one.at is not None} == turns


@given(queues, histories, policies)
def test_every_reason_is_true(
    waiting: list[QueuedPost], announced: list[PastAnnouncement], policy: ChannelPolicy
) -> None:
    foretold = forecast(waiting, announced, policy, NOW)

    turns = [one.at for one in foretold.values() if one.at is not None]
    verdict = decide([earlier.at for earlier in announced], policy, NOW)
    for post in waiting:
        one = foretold[post.post_id]
        assert (one.too_late is not None) == (one.at is None)
        if one.too_late is not None:  # its turn is the one that it gets without an end
            endless = replace(post, expires_at=None)
            others = [endless if post is other else other for other in waiting]
            turn = forecast(others, announced, policy, NOW)[post.post_id].at
            assert (one.too_late.turn, one.too_late.end) == (turn, post.expires_at)
        assert (one.reason is None) == (one.at == NOW)
        if one.at is None or one.reason is None:
            continue
        free = [replace(post, not_before=None) if post is other else other for other in waiting]
        sooner = forecast(free, announced, policy, NOW)[post.post_id].at
        assert sooner is not None
        assert (one.reason is Reason.EMBARGO) == (sooner < one.at)
        if one.reason is Reason.QUEUE:
            assert min(turns) < one.at
        elif one.reason is not Reason.EMBARGO:
            assert not isinstance(verdict, Allowed)
            assert one.reason is verdict.reason
            assert one.at == min(turns) == verdict.until


@given(queues, histories, policies)
def test_the_order_of_the_lists_does_not_matter_and_twice_is_the_same(
    waiting: list[QueuedPost], announced: list[PastAnnouncement], policy: ChannelPolicy
) -> None:
    foretold = forecast(waiting, announced, policy, NOW)

    assert forecast(waiting, announced, policy, NOW) == foretold
    assert forecast(waiting[::-1], announced[::-1], policy, NOW.astimezone(BERLIN)) == foretold


@given(queues, histories, policies)
def test_nobody_starves_in_a_queue_without_expiry(
    waiting: list[QueuedPost], announced: list[PastAnnouncement], policy: ChannelPolicy
) -> None:
    lasting = [replace(post, expires_at=None) for post in waiting]

    assert all(one.at is not None for one in forecast(lasting, announced, policy, NOW).values())


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_a_topic_is_not_repeated_while_another_waits(topics: list[str]) -> None:
    waiting = [waits(number, topic, days=20 - number) for number, topic in enumerate(topics)]

    posts = order(waiting, [])

    assert sorted(posts) == list(range(len(topics)))
    for position, (one, following) in enumerate(pairwise(posts), start=1):
        still_waiting = {topics[post] for post in posts[position:]}
        assert topics[one] != topics[following] or still_waiting == {topics[one]}


@given(st.data())
@settings(max_examples=settings().max_examples // 2)
def test_nobody_starves_while_new_posts_keep_coming(data: st.DataObject) -> None:
    ours = waits(0, "a")
    queue, done = [ours, waits(1, "a", days=1), waits(2, "b", days=1)], list[PastAnnouncement]()

    for step in range(10):
        moment = NOW + step * HOUR
        post = next_post(queue, done, moment)
        assert post is not None
        if post is ours:
            return
        queue.remove(post)
        done.append(PastAnnouncement(moment, post.topics))
        for topic in data.draw(st.lists(st.sampled_from("abc"), max_size=3)):
            queue.append(
                QueuedPost(PostId(100 + len(queue) + step * 9), (topic,), moment, None, None)
            )
    raise AssertionError("One older post and three topics: six turns are enough.")

"""Which post a member is asked about."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import PostId
from bot.domain.matching import (
    ENDS_SOON,
    FRESH_FOR,
    LATER_AFTER,
    LEAST_FIT,
    WEIGHT_LEFT,
    Candidate,
    Choice,
    History,
    Interests,
    SeenPost,
    choose,
)
from bot.domain.post import Network

NOW = datetime(2026, 6, 8, 12, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
X = frozenset({Network.X})
NOTHING = History({}, {})
LIKES_DATA = Interests(1, frozenset({"data"}), X)
LIKES_TWO = Interests(1, frozenset({"data", "design"}), X)

TOPICS = ("data", "design", "hiring", "people", "sales")
moments = st.integers(-30, 30).map(lambda days: NOW + days * DAY)
topics = st.lists(st.sampled_from(TOPICS), unique=True, max_size=4).map(tuple)
networks = st.frozensets(st.sampled_from(list(Network)))
candidates = st.lists(
    st.builds(
        Candidate,
        post_id=st.integers(1, 12),
        topics=topics,
        networks=networks,
        live_at=st.integers(0, 30).map(lambda days: NOW - days * DAY),
        expires_at=st.none() | moments,
    ),
    unique_by=lambda post: post.post_id,
    max_size=12,
)
tastes = st.builds(
    Interests,
    seed=st.integers(1, 1000),
    topics=st.frozensets(st.sampled_from(TOPICS)),
    networks=networks,
)
histories = st.builds(
    History,
    seen=st.dictionaries(
        st.integers(1, 12), st.builds(SeenPost, again_from=st.none() | moments), max_size=5
    ),
    misses=st.dictionaries(st.sampled_from(TOPICS), st.integers(0, 4)),
)


def post(
    number: int,
    *its_topics: str,
    live: float = 20,
    ends: float | None = None,
) -> Candidate:
    """A post for X, live for some days, ending in some days."""
    return Candidate(
        PostId(number),
        its_topics or ("data",),
        X,
        NOW - live * DAY,
        None if ends is None else NOW + ends * DAY,
    )


def chosen(
    *posts: Candidate, taste: Interests = LIKES_DATA, history: History = NOTHING
) -> int | None:
    """The number of the post that is chosen, in whatever order they come."""
    choices = {choose(taste, order, history, NOW) for order in (posts, posts[::-1])}
    assert len(choices) == 1
    choice = choices.pop()
    return None if choice is None else choice.post_id


def test_without_posts_there_is_nothing_to_choose() -> None:
    assert chosen() is None


def test_a_post_that_shares_a_topic_and_a_network_is_chosen() -> None:
    assert choose(LIKES_TWO, [post(7, "hiring", "data")], NOTHING, NOW) == Choice(
        PostId(7), ("data",), repeat=False
    )


def test_a_post_without_a_shared_topic_is_not_chosen() -> None:
    assert chosen(post(1, "hiring")) is None
    assert chosen(post(1), taste=replace(LIKES_DATA, topics=frozenset())) is None


def test_a_post_without_a_shared_network_is_not_chosen() -> None:
    elsewhere = replace(LIKES_DATA, networks=frozenset({Network.BLUESKY}))
    assert chosen(post(1), taste=elsewhere) is None
    assert chosen(post(1), taste=replace(LIKES_DATA, networks=frozenset())) is None


def test_a_post_is_chosen_until_just_before_it_expires() -> None:
    assert chosen(post(1, ends=0)) is None
    assert chosen(replace(post(1), expires_at=NOW + INSTANT)) == 1


def test_a_post_that_was_seen_never_comes_again() -> None:
    assert chosen(post(1), history=History({PostId(1): SeenPost(None)}, {})) is None


def test_a_post_that_was_put_off_comes_again_when_its_time_has_come() -> None:
    put_off_at = NOW - LATER_AFTER
    due = History({PostId(1): SeenPost(put_off_at + LATER_AFTER)}, {})
    early = History({PostId(1): SeenPost(put_off_at + LATER_AFTER + INSTANT)}, {})

    assert choose(LIKES_DATA, [post(1)], due, NOW) == Choice(PostId(1), ("data",), repeat=True)
    assert choose(LIKES_DATA, [post(1)], early, NOW) is None


def test_after_two_misses_the_only_shared_topic_rests() -> None:
    assert chosen(post(1), history=History({}, {"data": 1})) == 1
    assert chosen(post(1), history=History({}, {"data": 2})) is None


def test_two_topics_missed_twice_fit_together_and_missed_three_times_do_not() -> None:
    both = post(1, "data", "design")
    assert chosen(both, taste=LIKES_TWO, history=History({}, {"data": 2, "design": 2})) == 1
    assert chosen(both, taste=LIKES_TWO, history=History({}, {"data": 3, "design": 3})) is None


def test_a_missed_topic_comes_after_one_that_was_not() -> None:
    missed = History({}, {"data": 1})
    assert chosen(post(1, "data", live=0), post(2, "design"), taste=LIKES_TWO, history=missed) == 2


def test_the_topics_come_best_fit_first_and_otherwise_in_their_own_order() -> None:
    taste = replace(LIKES_DATA, topics=frozenset({"data", "design", "people"}))
    choice = choose(
        taste, [post(1, "design", "hiring", "people", "data")], History({}, {"design": 1}), NOW
    )
    assert choice is not None
    assert choice.topics == ("people", "data", "design")


def test_an_extra_shared_topic_beats_freshness_and_a_near_end() -> None:
    both, one = post(1, "data", "design"), post(2, "data", live=0, ends=1)
    assert chosen(both, one, taste=LIKES_TWO) == 1


def test_an_extra_topic_with_a_miss_does_not() -> None:
    both, one = post(1, "data", "design"), post(2, "data", live=0)
    assert chosen(both, one, taste=LIKES_TWO, history=History({}, {"design": 1})) == 2


def test_more_than_three_shared_topics_fit_no_better_than_three() -> None:
    taste = replace(LIKES_DATA, topics=frozenset(TOPICS))
    everything, three = post(1, *TOPICS), post(2, *TOPICS[:3], live=0)
    assert chosen(everything, three, taste=taste) == 2
    assert chosen(post(1, *TOPICS[:3]), post(2, *TOPICS[:2], live=0), taste=taste) == 1


def test_a_fresh_post_goes_before_one_that_is_a_week_old() -> None:
    week = FRESH_FOR / DAY
    assert chosen(post(1, live=week), post(2, live=week - 0.01)) == 2


def test_a_post_about_to_end_goes_before_one_with_time() -> None:
    soon = ENDS_SOON / DAY
    assert chosen(post(1, ends=soon + 0.01), post(2, ends=soon)) == 2
    assert chosen(post(1), post(2, ends=1)) == 2


def test_a_fresh_post_about_to_end_goes_before_one_that_is_only_either() -> None:
    assert chosen(post(1, live=1), post(2, ends=1), post(3, live=1, ends=1)) == 3


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        choose(LIKES_DATA, [post(1)], NOTHING, NOW.replace(tzinfo=None))


def test_the_lot_is_the_same_in_every_process() -> None:
    winners = [
        chosen(post(1), post(2), post(3), taste=replace(LIKES_DATA, seed=seed)) for seed in range(9)
    ]
    assert winners == [3, 1, 3, 1, 1, 2, 2, 2, 2]


@given(tastes, candidates, histories)
def test_only_what_fits_and_may_come_is_chosen(
    taste: Interests, posts: list[Candidate], history: History
) -> None:
    choice = choose(taste, posts, history, NOW)

    def fits(one: Candidate) -> bool:
        seen = history.seen.get(one.post_id)
        again_from = None if seen is None else seen.again_from
        fit = sum(WEIGHT_LEFT ** history.misses.get(t, 0) for t in one.topics if t in taste.topics)
        return bool(
            one.networks & taste.networks
            and fit >= LEAST_FIT
            and (one.expires_at is None or one.expires_at > NOW)
            and (seen is None or (again_from is not None and again_from <= NOW))
        )

    fitting = {one.post_id: one for one in posts if fits(one)}
    if choice is None:
        assert not fitting
        return
    assert set(choice.topics) == set(fitting[choice.post_id].topics) & taste.topics
    assert choice.repeat == (choice.post_id in history.seen)


@given(tastes, candidates, histories, st.randoms(use_true_random=False))
def test_the_order_of_the_posts_does_not_matter(
    taste: Interests, posts: list[Candidate], history: History, chance: Random
) -> None:
    shuffled = chance.sample(posts, len(posts))
    assert choose(taste, posts, history, NOW) == choose(taste, iter(shuffled), history, NOW)


@given(tastes, candidates, histories)
def test_posts_that_were_not_chosen_do_not_matter(
    taste: Interests, posts: list[Candidate], history: History
) -> None:
    choice = choose(taste, posts, history, NOW)
    if choice is not None:
        fewer = [one for one in posts if one.post_id <= choice.post_id]
        assert choose(taste, fewer, history, NOW) == choice


@given(tastes, candidates, histories, st.sampled_from(TOPICS))
def test_another_miss_of_a_topic_never_makes_something_fit(
    taste: Interests, posts: list[Candidate], history: History, topic: str
) -> None:
    missed = replace(history, misses={**history.misses, topic: history.misses.get(topic, 0) + 1})
    if choose(taste, posts, history, NOW) is None:
        assert choose(taste, posts, missed, NOW) is None


def test_even_the_lot_alone_is_fair() -> None:
    posts = [post(number) for number in (3, 4, 5)]
    wins = Counter(chosen(*posts, taste=replace(LIKES_DATA, seed=seed)) for seed in range(3000))
    assert all(900 < wins[number] < 1100 for number in (3, 4, 5))

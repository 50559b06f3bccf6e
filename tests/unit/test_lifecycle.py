"""The legal steps of posts, dispatches and responses, and what no sequence of steps can do."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lifecycle import Action, may_become, may_settle, step
from bot.domain.model import DispatchState, Outcome, Stage
from bot.domain.post import PostLifecycle, PostState
from bot.domain.responses import next_stage as respond

A, S = Action, PostState
DRAFT, IN_REVIEW = PostLifecycle(S.DRAFT), PostLifecycle(S.IN_REVIEW)
RETURNED, APPROVED = PostLifecycle(S.RETURNED), PostLifecycle(S.APPROVED)
LIVE, WITHDRAWN, EXPIRED = (
    PostLifecycle(S.LIVE),
    PostLifecycle(S.WITHDRAWN),
    PostLifecycle(S.EXPIRED),
)
LIVE_DRAFT = PostLifecycle(S.LIVE, S.DRAFT)
LIVE_IN_REVIEW = PostLifecycle(S.LIVE, S.IN_REVIEW)
LIVE_RETURNED = PostLifecycle(S.LIVE, S.RETURNED)

LEGAL: dict[PostLifecycle, dict[Action, PostLifecycle]] = {
    DRAFT: {A.SAVE: DRAFT, A.SUBMIT: IN_REVIEW, A.WITHDRAW: WITHDRAWN, A.ANNOUNCE: LIVE_DRAFT},
    IN_REVIEW: {
        A.SAVE: DRAFT,
        A.SUBMIT: IN_REVIEW,
        A.APPROVE: APPROVED,
        A.SEND_BACK: RETURNED,
        A.WITHDRAW: WITHDRAWN,
        A.ANNOUNCE: LIVE_IN_REVIEW,
    },
    RETURNED: {
        A.SAVE: DRAFT,
        A.SUBMIT: IN_REVIEW,
        A.WITHDRAW: WITHDRAWN,
        A.ANNOUNCE: LIVE_RETURNED,
    },
    APPROVED: {
        A.SAVE: DRAFT,
        A.SUBMIT: IN_REVIEW,
        A.WITHDRAW: WITHDRAWN,
        A.ANNOUNCE: LIVE,
        A.EXPIRE: EXPIRED,
    },
    LIVE: {
        A.SAVE: LIVE_DRAFT,
        A.SUBMIT: LIVE_IN_REVIEW,
        A.WITHDRAW: WITHDRAWN,
        A.EXPIRE: EXPIRED,
    },
    LIVE_DRAFT: {
        A.SAVE: LIVE_DRAFT,
        A.SUBMIT: LIVE_IN_REVIEW,
        A.WITHDRAW: WITHDRAWN,
        A.EXPIRE: EXPIRED,
    },
    LIVE_IN_REVIEW: {
        A.SAVE: LIVE_DRAFT,
        A.SUBMIT: LIVE_IN_REVIEW,
        A.APPROVE: LIVE,
        A.SEND_BACK: LIVE_RETURNED,
        A.WITHDRAW: WITHDRAWN,
        A.EXPIRE: EXPIRED,
    },
    LIVE_RETURNED: {
        A.SAVE: LIVE_DRAFT,
        A.SUBMIT: LIVE_IN_REVIEW,
        A.WITHDRAW: WITHDRAWN,
        A.EXPIRE: EXPIRED,
    },
    WITHDRAWN: {},
    EXPIRED: {},
}
ENDED = (WITHDRAWN, EXPIRED)
anything = st.lists(st.sampled_from(Action), max_size=30)
clicks = st.lists(st.sampled_from(Stage), min_size=1, max_size=12)


def walk(actions: list[Action], start: PostLifecycle = DRAFT) -> list[tuple[Action, PostLifecycle]]:
    """Where a post stands after each action that was legal."""
    lifecycle, way = start, list[tuple[Action, PostLifecycle]]()
    for action in actions:
        after = step(lifecycle, action)
        if after is not None:
            lifecycle = after
            way.append((action, after))
    return way


@pytest.mark.parametrize(("lifecycle", "action"), list(product(LEGAL, Action)))
def test_each_step_from_each_state_is_the_legal_one_or_refused(
    lifecycle: PostLifecycle, action: Action
) -> None:
    assert step(lifecycle, action) == LEGAL[lifecycle].get(action)


def test_no_other_state_can_be_reached_from_a_first_draft() -> None:
    reached, open_ends = {DRAFT}, [DRAFT]
    while open_ends:
        lifecycle = open_ends.pop()
        for action in Action:
            after = step(lifecycle, action)
            if after is not None and after not in reached:
                reached.add(after)
                open_ends.append(after)
    assert reached == set(LEGAL)


@given(anything)
def test_an_ended_post_never_comes_back(actions: list[Action]) -> None:
    states = [lifecycle for _, lifecycle in walk(actions)]
    assert all(lifecycle not in ENDED for lifecycle in states[:-1])


@given(anything)
def test_a_live_post_stays_live_until_it_ends(actions: list[Action]) -> None:
    states = [lifecycle for _, lifecycle in walk(actions, LIVE)]
    assert {lifecycle.state for lifecycle in states} <= {S.LIVE, S.WITHDRAWN, S.EXPIRED}


@given(anything)
def test_nothing_is_approved_that_was_not_submitted_just_before(actions: list[Action]) -> None:
    way = [(A.SAVE, DRAFT), *walk(actions)]
    for index, (action, _) in enumerate(way):
        if action is A.APPROVE:
            _, before = way[index - 1]
            assert S.IN_REVIEW in (before.state, before.correction)


@given(anything)
def test_only_a_live_post_has_a_correction_and_it_is_never_an_approved_one(
    actions: list[Action],
) -> None:
    for _, lifecycle in walk(actions):
        if lifecycle.correction is not None:
            assert lifecycle.state is S.LIVE
            assert lifecycle.correction in (S.DRAFT, S.IN_REVIEW, S.RETURNED)


@given(anything)
def test_a_post_goes_live_only_by_being_announced(actions: list[Action]) -> None:
    before = DRAFT
    for action, after in walk(actions):
        if before.state is not S.LIVE and after.state is S.LIVE:
            assert action is A.ANNOUNCE
        before = after


@given(anything)
def test_withdrawing_is_possible_until_the_end(actions: list[Action]) -> None:
    *_, (_, last) = [(A.SAVE, DRAFT), *walk(actions)]
    assert step(last, A.WITHDRAW) == (None if last in ENDED else WITHDRAWN)


def test_a_dispatch_begins_as_planned() -> None:
    assert [state for state in DispatchState if may_become(None, state)] == [DispatchState.PLANNED]


def test_what_counts_as_sent_never_becomes_as_if_it_had_not_been_planned() -> None:
    gone = [state for state in DispatchState if may_become(state, None)]
    assert gone == [DispatchState.PLANNED, DispatchState.SENDING]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_is_replaced_only_by_another_answer(outcome: Outcome) -> None:
    answers = {Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER, Outcome.OTHER}
    assert may_settle(None, outcome)
    assert {after for after in Outcome if may_settle(outcome, after)} == answers - {outcome}


@pytest.mark.parametrize("stage", list(Stage))
def test_a_first_click_is_what_it_says(stage: Stage) -> None:
    assert respond(None, stage) is stage


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        (Stage.INTERESTED, Stage.INTERESTED, Stage.INTERESTED),
        (Stage.INTERESTED, Stage.OPENED, Stage.OPENED),
        (Stage.INTERESTED, Stage.SHARED, Stage.SHARED),
        (Stage.INTERESTED, Stage.SKIPPED, Stage.SKIPPED),
        (Stage.OPENED, Stage.INTERESTED, Stage.OPENED),
        (Stage.OPENED, Stage.OPENED, Stage.OPENED),
        (Stage.OPENED, Stage.SHARED, Stage.SHARED),
        (Stage.OPENED, Stage.SKIPPED, Stage.SKIPPED),
        (Stage.SHARED, Stage.INTERESTED, Stage.SHARED),
        (Stage.SHARED, Stage.OPENED, Stage.SHARED),
        (Stage.SHARED, Stage.SHARED, Stage.SHARED),
        (Stage.SHARED, Stage.SKIPPED, Stage.SKIPPED),
        (Stage.SKIPPED, Stage.INTERESTED, Stage.INTERESTED),
        (Stage.SKIPPED, Stage.OPENED, Stage.OPENED),
        (Stage.SKIPPED, Stage.SHARED, Stage.SHARED),
        (Stage.SKIPPED, Stage.SKIPPED, Stage.SKIPPED),
    ],
)
def test_the_last_word_counts_and_looking_again_is_no_step_back(
    before: Stage, now: Stage, after: Stage
) -> None:
    assert respond(before, now) is after


def settled(made: list[Stage]) -> Stage:
    stage: Stage | None = None
    for click in made:
        stage = respond(stage, click)
    assert stage is not None
    return stage


@given(clicks)
def test_the_last_click_repeated_changes_nothing(made: list[Stage]) -> None:
    assert settled([*made, made[-1]]) is settled(made)


@given(clicks)
def test_what_counts_is_the_furthest_stage_since_the_last_skip(made: list[Stage]) -> None:
    since = made[-made[::-1].index(Stage.SKIPPED) :] if Stage.SKIPPED in made else made
    order = [Stage.INTERESTED, Stage.OPENED, Stage.SHARED]
    if made[-1] is Stage.SKIPPED:
        expected = Stage.SKIPPED
    else:
        expected = max((click for click in since if click in order), key=order.index)
    assert settled(made) is expected

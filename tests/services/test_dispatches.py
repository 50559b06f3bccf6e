"""Every step that a dispatch could take, on each database: the legal ones, and no other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from sqlalchemy import update

from bot.domain.ids import AskId, PostId
from bot.domain.lifecycle import ABANDONED_AFTER, IllegalStep
from bot.domain.model import DispatchState, NoticeKind, Outcome
from bot.services import dispatches as service
from bot.storage import announcements, asks, dispatches, notices
from bot.storage.database import Again
from bot.storage.dispatches import Dispatch
from bot.storage.tables import AnnouncementRow, AskRow
from bot.storage.tx import Tx
from tests.services.helpers import MOMENT, TEAM, ServiceWorld

S = DispatchState

LEGAL: dict[DispatchState, set[DispatchState | None]] = {
    S.PLANNED: {S.SENDING, S.SENT, S.WITHDRAWN, None},
    S.SENDING: {S.PLANNED, S.SENT, S.UNCERTAIN, None},
    S.UNCERTAIN: {S.PLANNED, S.SENT, S.WITHDRAWN},
    S.SENT: set(),
    S.WITHDRAWN: set(),
}
ANSWERS = {Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER, Outcome.OTHER}
LEGAL_OUTCOMES: dict[Outcome | None, set[Outcome]] = {
    None: set(Outcome),
    Outcome.LAPSED: ANSWERS,
    Outcome.ENDED: ANSWERS,
    Outcome.SHARED: ANSWERS - {Outcome.SHARED},
    Outcome.SKIPPED: ANSWERS - {Outcome.SKIPPED},
    Outcome.LATER: ANSWERS - {Outcome.LATER},
    Outcome.OTHER: ANSWERS - {Outcome.OTHER},
}


def sent(tx: Tx, dispatch: Dispatch) -> None:
    dispatches.mark_sent(tx, dispatch, "D1", "5.5")


def sending(tx: Tx, dispatch: Dispatch) -> None:
    dispatches.mark_sending(tx, dispatch, 1)


STEPS: dict[DispatchState | None, Callable[[Tx, Dispatch], None]] = {
    S.PLANNED: partial(dispatches.mark_unsent, goal=S.PLANNED),
    S.SENDING: sending,
    S.SENT: sent,
    S.UNCERTAIN: dispatches.mark_uncertain,
    S.WITHDRAWN: partial(dispatches.mark_unsent, goal=S.WITHDRAWN),
    None: partial(dispatches.mark_unsent, goal=None),
}
PAIRS = list(product(LEGAL, STEPS))


def announcement(world: ServiceWorld) -> Callable[[], Dispatch | None]:
    post = PostId(world.approved())
    world.run(announcements.insert_planned, post)
    return lambda: world.run(announcements.find, post)


def ask(world: ServiceWorld) -> Callable[[], Dispatch | None]:
    world.member()
    world.live()
    world.plan()
    [row] = world.rows(AskRow)
    return lambda: world.run(asks.find, AskId(row.id))


KINDS = [announcement, ask]


def put(world: ServiceWorld, dispatch: Dispatch, state: DispatchState) -> None:
    """The dispatch is in that state, however it came there."""
    row = AskRow if isinstance(dispatch, asks.Ask) else AnnouncementRow
    with world.engine.begin() as connection:
        connection.execute(update(row).where(row.id == dispatch.id).values(state=state))


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_legal_step_is_recorded_and_any_other_refused(
    afternoon: ServiceWorld,
    make: Callable[[ServiceWorld], Callable[[], Dispatch | None]],
    before: DispatchState,
    after: DispatchState | None,
) -> None:
    found = make(afternoon)
    planned = found()
    assert planned is not None
    put(afternoon, planned, before)
    dispatch = found()
    assert dispatch is not None
    if after in LEGAL[before]:
        afternoon.run(STEPS[after], dispatch)
    else:
        with pytest.raises(IllegalStep):
            afternoon.run(STEPS[after], dispatch)
    now = found()
    assert (None if now is None else now.state) is (after if after in LEGAL[before] else before)


@pytest.mark.parametrize("make", KINDS)
def test_what_another_process_has_just_changed_is_looked_at_again(
    afternoon: ServiceWorld, make: Callable[[ServiceWorld], Callable[[], Dispatch | None]]
) -> None:
    found = make(afternoon)
    dispatch = found()
    assert dispatch is not None
    afternoon.run(sending, dispatch)
    for step in (STEPS[goal] for goal in LEGAL[S.PLANNED]):
        with pytest.raises(Again):
            afternoon.run(step, dispatch)
    now = found()
    assert now is not None
    assert now.state is S.SENDING


@pytest.mark.parametrize(("before", "after"), list(product(LEGAL_OUTCOMES, Outcome)))
def test_the_last_answer_counts_and_only_what_is_open_lapses_or_ends(
    afternoon: ServiceWorld, before: Outcome | None, after: Outcome
) -> None:
    ask(afternoon)
    [row] = afternoon.rows(AskRow)
    with afternoon.engine.begin() as connection:
        connection.execute(update(AskRow).values(outcome=before))
    moments = {AskId(row.id): afternoon.now}
    if after in LEGAL_OUTCOMES[before]:
        afternoon.run(dispatches.settle, moments, after)
    else:
        with pytest.raises(IllegalStep):
            afternoon.run(dispatches.settle, moments, after)
    [row] = afternoon.rows(AskRow)
    assert row.outcome is (after if after in LEGAL_OUTCOMES[before] else before)


def test_of_several_asks_all_are_settled_or_none(afternoon: ServiceWorld) -> None:
    for user in ("U_1", "U_2", "U_3"):
        afternoon.member(user)
    afternoon.live()
    afternoon.plan()
    moments = {AskId(row.id): afternoon.now for row in afternoon.rows(AskRow)}
    assert len(moments) == 3
    with pytest.raises(IllegalStep):
        afternoon.run(dispatches.settle, {**moments, AskId(99): afternoon.now}, Outcome.LAPSED)
    assert {row.outcome for row in afternoon.rows(AskRow)} == {None}
    afternoon.run(dispatches.settle, moments, Outcome.LAPSED)
    assert {row.outcome for row in afternoon.rows(AskRow)} == {Outcome.LAPSED}


def test_whatever_a_dead_sender_had_claimed_is_given_up_together(afternoon: ServiceWorld) -> None:
    made = [make(afternoon) for make in (ask, announcement)]
    for found in made:
        dispatch = found()
        assert dispatch is not None
        afternoon.run(sending, dispatch)
    afternoon.now += ABANDONED_AFTER
    assert afternoon.run(service.give_up_abandoned) == 0
    afternoon.now += MOMENT
    assert afternoon.within(team="T_OTHER").run(service.give_up_abandoned) == 0
    assert afternoon.within(team=TEAM).run(service.give_up_abandoned) == 2
    for found in made:
        dispatch = found()
        assert dispatch is not None
        assert dispatch.state is S.UNCERTAIN
    [asked_about] = afternoon.run(notices.pending)
    assert asked_about.kind is NoticeKind.UNCERTAIN

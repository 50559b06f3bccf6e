"""That pacing keeps its rules for any member, in any zone, whatever happens to their clocks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.budget import Budget
from bot.domain.freeze import Freeze
from bot.domain.model import Allowed, Colour, Hours, Outcome, Pace, Reason, Withheld
from bot.domain.pacing import (
    AskPolicy,
    PacingFacts,
    Schedule,
    decide,
    declines_after,
    lapsed,
    lapses_at,
    next_decision_at,
)
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from tests.unit.pacing_world import (
    CALM,
    DAY,
    GAPS,
    HOUR,
    INSTANT,
    MINUTE,
    OFFICE,
    WEEK,
    first_minute,
    has_turn,
    is_open,
    lapse,
    lapse_moments,
    member,
    permits,
    until,
)

STOPS_AFTER = DEFAULT_PACING_CONSTANTS.stops_after


# Zones, and a moment shortly before their clocks, or their rules, changed.
PLACES = [
    ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 23, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 6, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 10, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 2, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 13, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 3, 20, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2023, 4, 26, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 10, 28, tzinfo=UTC)),
    ("Asia/Pyongyang", datetime(2018, 5, 2, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 6, 10, tzinfo=UTC)),
    ("UTC", datetime(2026, 6, 10, tzinfo=UTC)),
]

quarters = st.integers(0, 95)
any_hours = st.tuples(quarters, quarters).map(
    lambda pair: Hours(min(pair) * 15, (max(pair) + 1) * 15)
)
mostly = st.integers(0, 19).map(lambda number: number > 0)
colours = st.sampled_from([Colour.GREEN, Colour.GREEN, Colour.AMBER, Colour.AMBER, Colour.RED])


def spans(least: int, most: int) -> st.SearchStrategy[timedelta]:
    """Lengths in whole minutes, from so many hours to so many."""
    return st.integers(least * 60, most * 60).map(lambda count: count * MINUTE)


@st.composite
def situations(draw: st.DrawFn) -> tuple[PacingFacts, AskPolicy, datetime]:
    """A member with a history, a workspace, and a moment at which to decide."""
    zone, epoch = draw(st.sampled_from(PLACES))
    now = epoch + draw(spans(0, 24 * 6))
    off = draw(st.frozensets(st.integers(-3, 20), max_size=6))
    days = Schedule(
        draw(any_hours),
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        zone,
        {epoch.date() + number * DAY for number in off},
    )
    ages = draw(st.lists(st.tuples(spans(-48, 24 * 30), st.booleans()), max_size=6))
    quiet_from = now + draw(spans(-20, 20))
    facts = PacingFacts(
        consent_ends_at=draw(st.none() | spans(-1, 24 * 90).map(lambda span: now + span))
        if not draw(mostly)
        else now + draw(spans(24, 24 * 180)),
        direct=draw(mostly),
        topics=draw(mostly),
        networks=draw(mostly),
        paused_until=draw(st.none() | spans(-48, 24 * 9).map(lambda span: now + span)),
        stopped=not draw(mostly),
        pace=draw(st.sampled_from(Pace)),
        schedule=days,
        seed=draw(st.integers(0, 2**40)),
        asked_at=tuple(now - age for age, _ in ages),
        open_since=tuple(now - age for age, waits in ages if waits),
        consecutive_declines=draw(st.integers(0, STOPS_AFTER)),
        quiet=draw(st.none() | spans(0, 30).map(lambda span: (quiet_from, quiet_from + span))),
    )
    share = draw(st.none() | st.sampled_from([0.3, 0.6, 0.9]))
    budget = None if share is None else Budget(share, draw(st.sampled_from(PLACES))[0])
    ends = draw(st.none() | spans(0, 10).map(lambda span: now + span))
    freeze = None if draw(mostly) else Freeze(ends)
    return facts, AskPolicy(freeze, draw(colours), budget), now


def moments_between(start: datetime, end: datetime) -> list[datetime]:
    """Each minute of the first and the last day, and some of every hour between."""
    minutes = (end - start) // MINUTE
    near = set(range(min(minutes, 24 * 60))) | set(range(max(0, minutes - 24 * 60), minutes))
    return [start + count * MINUTE for count in sorted(near | set(range(0, minutes, 47)))]


@given(situations())
def test_until_is_the_first_instant_at_which_all_rules_hold(
    situation: tuple[PacingFacts, AskPolicy, datetime],
) -> None:
    facts, policy, now = situation
    permitted = permits(facts, policy)

    verdict = decide(facts, policy, now)

    first = until(verdict, now)
    assert isinstance(verdict, Allowed) == permitted(now)
    for moment in moments_between(now, first or now + 120 * DAY):
        assert not permitted(moment)
    if first is not None:
        assert permitted(first)
        assert isinstance(decide(facts, policy, first), Allowed)
    if first is not None and first > now:
        just_before = decide(facts, policy, first - INSTANT)
        assert isinstance(just_before, Withheld)
        assert just_before.until == first
        assert not permitted(first - INSTANT)


@given(situations())
def test_every_later_moment_gives_the_same_answer_until_it_has_come(
    situation: tuple[PacingFacts, AskPolicy, datetime],
) -> None:
    facts, policy, now = situation
    first = until(decide(facts, policy, now), now)

    for part in range(1, 12):
        moment = now + ((first or now + 120 * DAY) - now) * part / 12
        assert until(decide(facts, policy, moment), moment) == first


@given(situations(), st.randoms(use_true_random=False))
def test_deciding_twice_or_in_another_order_or_zone_gives_the_same(
    situation: tuple[PacingFacts, AskPolicy, datetime], random: Random
) -> None:
    facts, policy, now = situation
    shuffled = replace(facts, asked_at=tuple(random.sample(facts.asked_at, len(facts.asked_at))))

    first = decide(facts, policy, now)

    assert decide(facts, policy, now) == first
    assert decide(shuffled, policy, now.astimezone(ZoneInfo("Asia/Kathmandu"))) == first


@given(situations())
def test_an_ask_lapses_when_the_wall_clock_has_passed_the_third_working_day(
    situation: tuple[PacingFacts, AskPolicy, datetime],
) -> None:
    facts, _, now = situation

    over = lapses_at(now, facts.schedule)

    assert over == lapse(now - timedelta(minutes=now.minute % 15), facts.schedule)
    assert over > now
    alone = replace(facts, open_since=(now,))
    assert lapsed(alone, over - INSTANT) == ()
    assert lapsed(alone, over) == (now,)


@given(situations())
def test_waking_misses_neither_a_permitted_moment_nor_a_stop(
    situation: tuple[PacingFacts, AskPolicy, datetime],
) -> None:
    facts, policy, now = situation
    permitted = permits(facts, policy)
    lapses = lapse_moments(facts)
    wants = facts.direct and facts.topics and facts.networks and not facts.stopped
    counted = facts.consecutive_declines >= STOPS_AFTER

    def to_be_told(at: datetime) -> bool:
        consents = facts.consent_ends_at is not None and at < facts.consent_ends_at
        run = facts.consecutive_declines + sum(moment <= at for moment in lapses)
        return wants and consents and not counted and run >= STOPS_AFTER and is_open(facts, at)

    wakes = next_decision_at(facts, policy, now)

    assert wakes is None or wakes >= now
    for moment in moments_between(now, wakes or now + 120 * DAY):
        assert not permitted(moment)
        assert not to_be_told(moment)
    if wakes is not None:
        assert permitted(wakes) or to_be_told(wakes)
        assert next_decision_at(facts, policy, wakes) == wakes


def live(
    facts: PacingFacts, policy: AskPolicy, now: datetime, random: Random
) -> list[tuple[PacingFacts, datetime]]:
    """Half a year of a member who is asked whenever it is allowed and answers as chance has it.

    Returns each ask with what was known just before it. Now and then the clock is set back.
    """
    asks: list[tuple[PacingFacts, datetime]] = []
    answers: list[tuple[datetime, datetime, Outcome]] = []
    end = now + 180 * DAY
    while now < end:
        for due, asked, outcome in [each for each in answers if each[0] <= now]:
            answers.remove((due, asked, outcome))
            if asked in facts.open_since:
                waiting = tuple(each for each in facts.open_since if each != asked)
                run = declines_after(facts.consecutive_declines, None, outcome)
                facts = replace(facts, open_since=waiting, consecutive_declines=run)
        over = lapsed(facts, now)
        waiting = tuple(each for each in facts.open_since if each not in over)
        facts = replace(
            facts, open_since=waiting, consecutive_declines=facts.consecutive_declines + len(over)
        )
        if facts.consecutive_declines >= STOPS_AFTER:
            return asks
        if isinstance(decide(facts, policy, now), Allowed):
            asks.append((facts, now))
            facts = replace(
                facts, asked_at=(*facts.asked_at, now), open_since=(*facts.open_since, now)
            )
            if random.random() < 0.8:
                outcome = random.choice([each for each in Outcome if each is not Outcome.LAPSED])
                answers.append((now + random.randrange(1, 9_000) * MINUTE, now, outcome))
        wakes = next_decision_at(facts, policy, now)
        coming = [each[0] for each in answers] + ([] if wakes is None else [wakes])
        if not coming:
            return asks
        now = max(now + INSTANT, min(coming))
        if random.random() < 0.05:
            now -= random.randrange(1, 3_000) * MINUTE
    return asks


@given(situations(), st.randoms(use_true_random=False))
def test_half_a_year_keeps_every_rule(
    situation: tuple[PacingFacts, AskPolicy, datetime], random: Random
) -> None:
    facts, policy, now = situation
    facts = replace(
        facts, asked_at=(), open_since=(), consecutive_declines=0, stopped=False, quiet=None
    )
    facts = replace(facts, direct=True, topics=True, networks=True)
    gap, cap, window = GAPS[facts.pace]
    stretched = gap * 3 / 2 if policy.colour is Colour.AMBER else gap

    asks = live(facts, policy, now, random)

    sent = sorted(moment for _, moment in asks)
    assert all(later - earlier >= stretched for earlier, later in pairwise(sent))
    assert all(sum(at <= other < at + window for other in sent) <= cap for at in sent)
    for known, at in asks:
        factor = {0: 1, 1: 1, 2: 2, 3: 4}[known.consecutive_declines]
        assert all(at - earlier >= stretched * factor for earlier in known.asked_at)
        assert known.consent_ends_at is not None
        assert at < known.consent_ends_at
        assert is_open(known, at)
        assert known.paused_until is None or at >= known.paused_until
        assert policy.budget is None or has_turn(known.seed, policy.budget, at)
        assert policy.freeze is None or not policy.freeze.holds(at)
    assert not (sent and policy.colour is Colour.RED)


def test_who_shares_every_time_is_asked_as_often_as_they_chose() -> None:
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    everywhere = Schedule(Hours(0, 1440), frozenset(range(7)), "Europe/Berlin", frozenset())
    counted = {}
    for pace in Pace:
        asked: tuple[datetime, ...] = ()
        now = begin
        while now < begin + 24 * WEEK:
            facts = member(begin, pace=pace, schedule=everywhere, asked_at=asked)
            if isinstance(decide(facts, CALM, now), Allowed):
                asked = (*asked, now)
            else:
                now = next_decision_at(facts, CALM, now) or begin + 24 * WEEK
        counted[pace] = len(asked)

    # The own minute of a later day may come later, which costs an ask or two in half a year.
    for pace, chosen in zip(Pace, (6, 12, 24, 48, 72), strict=True):
        assert chosen * 0.85 <= counted[pace] <= chosen


@given(st.integers(0, 2**40), st.integers(0, 400), any_hours, st.sampled_from(PLACES))
@example(7, 0, Hours(0, 1), PLACES[-1])
@example(7, 87, Hours(0, 240), PLACES[0])  # 29 March 2026 in Berlin
@settings(max_examples=settings().max_examples // 2)
def test_a_day_is_open_from_the_members_own_minute_to_its_end_in_every_zone(
    seed: int, later: int, hours: Hours, place: tuple[str, datetime]
) -> None:
    day = date(2026, 1, 1) + later * DAY
    zone = ZoneInfo(place[0])
    everywhere = Schedule(hours, frozenset(range(7)), place[0], frozenset())
    facts = member(datetime(2026, 1, 1, tzinfo=UTC), seed=seed, schedule=everywhere)
    facts = replace(facts, consent_ends_at=datetime(2030, 1, 1, tzinfo=UTC))
    first, length = first_minute(seed, day, hours), hours.end - hours.start

    allowed = {
        minute
        for minute in range(1440)
        if isinstance(decide(facts, CALM, at := _at(day, minute, zone)), Allowed)
        and at.astimezone(zone).replace(tzinfo=None) == _wall(day, minute)
    }

    assert allowed == {minute for minute in range(first, hours.end) if _exists(day, minute, zone)}
    assert hours.start <= first
    assert hours.end - first >= min(60, length / 2)


def _wall(day: date, minute: int) -> datetime:
    return datetime.combine(day, time.min) + minute * MINUTE


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return _wall(day, minute).replace(tzinfo=zone).astimezone(UTC)


def _exists(day: date, minute: int, zone: ZoneInfo) -> bool:
    at = _at(day, minute, zone).astimezone(zone)
    return at.replace(tzinfo=None) == _wall(day, minute)


def test_members_are_spread_evenly_over_all_but_the_last_hour() -> None:
    monday = date(2026, 6, 8)

    firsts = [first_minute(seed, monday, OFFICE) - OFFICE.start for seed in range(3000)]

    by_half_hour = Counter(first // 30 for first in firsts)
    assert set(by_half_hour) == set(range(12))
    assert all(180 < count < 320 for count in by_half_hour.values())
    assert len(set(firsts)) > 300


def test_a_member_is_not_always_early_or_always_late() -> None:
    year = [date(2026, 1, 1) + number * DAY for number in range(365)]

    firsts = [first_minute(seed, day, OFFICE) - OFFICE.start for seed in (1, 2) for day in year]

    assert all(80 < sum(first // 120 == third for first in firsts) / 2 < 165 for third in range(3))
    assert all(firsts[number] != firsts[number + 365] for number in range(3))


def test_a_lapse_that_is_still_to_come_is_foreseen_wherever_one_looks_from() -> None:
    monday = datetime(2026, 6, 8, 14, tzinfo=UTC)
    facts = member(
        monday,
        pace=Pace.TWICE_A_WEEK,
        asked_at=(monday,),
        open_since=(monday,),
        consecutive_declines=2,
    )

    verdicts = [decide(facts, CALM, monday + hours * HOUR) for hours in range(1, 24 * 7, 5)]

    # Twice the two days would end on Friday, but on Thursday the ask lapses: it is four times.
    assert {verdict.until for verdict in verdicts if isinstance(verdict, Withheld)} == {
        until(decide(facts, CALM, monday + 8 * DAY - INSTANT), monday)
    }
    assert all(isinstance(verdict, Withheld) for verdict in verdicts)
    assert Reason.GAP in {each.reason for each in verdicts if isinstance(each, Withheld)}

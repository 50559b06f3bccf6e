"""Personal asks in any order of events: what the database must never say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from bot.domain.delivery import Delivery
from bot.domain.draws import draw, seed_of
from bot.domain.hours import end_of_day
from bot.domain.ids import PostId, UserId
from bot.domain.model import Colour, Hours, Pace, Preferences, SkipReason, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.domain.snapshot import NO_SNAPSHOT, Snapshot
from bot.domain.troubles import Trouble
from bot.services import (
    ask_answers,
    asks,
    dispatches,
    heartbeat,
    membership,
    pace_check,
    stopped_messages,
)
from bot.services import preferences as preferences_service
from bot.services import workspaces as workspaces_service
from bot.services.ask_answers import AskClick
from bot.services.calendars import days_off
from bot.services.responses import Stored
from bot.storage import snapshots as snapshot_rows
from bot.storage import workspaces
from tests.services.asks import messages_follow
from tests.services.helpers import CARL, CLEO, DAY, NEWS, TEAM, WEEK
from tests.services.machine import Machine

ZONES = {
    "U_AMARA": "Europe/Berlin",
    "U_BO": "America/New_York",
    "U_CHEN": "Asia/Kolkata",
    "U_DAN": "Pacific/Auckland",
}
PEOPLE = st.sampled_from(sorted(ZONES))
COMMS = st.sampled_from([CLEO, CARL])
# The product's paces, written down a second time: the least gap, the most in a window.
GAPS = {
    Pace.MONTHLY: (28 * DAY, 1, 28 * DAY),
    Pace.FORTNIGHTLY: (14 * DAY, 1, 14 * DAY),
    Pace.WEEKLY: (WEEK, 1, WEEK),
    Pace.TWICE_A_WEEK: (2 * DAY, 2, WEEK),
    Pace.THRICE_A_WEEK: (DAY, 3, WEEK),
}
STOPS_AFTER = 4
WIDE = Hours(0, 24 * 60)
ALL_DAYS = frozenset(range(7))
BOTH = frozenset(Delivery)
DIRECT = frozenset({Delivery.DIRECT})
PREFERENCES = st.builds(
    Preferences,
    delivery=st.sampled_from([DIRECT, DIRECT, DIRECT, BOTH, frozenset()]),
    pace=st.sampled_from(Pace),
    topics=st.sampled_from([("releases",), ("releases", "hiring"), ("hiring",), ()]),
    networks=st.sampled_from([(Network.LINKEDIN,), (Network.X,), (Network.BLUESKY,), ()]),
    hours=st.sampled_from([WIDE, WIDE, Hours(570, 990), Hours(60, 240)]),
    workdays=st.sampled_from([ALL_DAYS, ALL_DAYS, frozenset(range(5)), frozenset({1})]),
    country=st.sampled_from([None, None, "DE"]),
)
EAGER = Preferences(
    delivery=DIRECT,
    pace=Pace.THRICE_A_WEEK,
    topics=("releases", "hiring"),
    networks=(Network.LINKEDIN, Network.X),
    hours=WIDE,
    workdays=ALL_DAYS,
)
STEPS = st.sampled_from(
    [
        timedelta(minutes=7),
        timedelta(hours=5),
        timedelta(hours=13),
        DAY,
        DAY,
        3 * DAY,
        WEEK,
        WEEK,
        2 * WEEK,
        -timedelta(minutes=3),
        -timedelta(hours=2),
    ]
)
QUIET = st.sampled_from([False, False, False, True])
# What a person can decide, each a method; who comes back joins, resumes and wants everything.
DEEDS = (
    *("come_back",) * 4,
    *("join", "leave", "pause", "pause_beyond_consent", "resume", "renew"),
)
FATES = st.sampled_from(["sent", "sent", "sent", "sent", "waits", "refused", "lost", "crash"])
CLICKS = st.sampled_from(
    [
        Answer(Stage.INTERESTED),
        Answer(Stage.OPENED, network=Network.X),
        Answer(Stage.SHARED, network=Network.X),
        Answer(Stage.SKIPPED),
        *(Answer(Stage.SKIPPED, reason=reason) for reason in SkipReason),
        ask_answers.answer_later,
        ask_answers.answer_less,
        ask_answers.answer_leave,
        ask_answers.answer_look,
    ]
)
POSTS = 12  # few, so that much happens to each


@dataclass(frozen=True)
class Made:
    """An ask at the moment when it was given to Slack, and what held then."""

    ask: int
    member: int
    post: int
    repeat: int
    at: datetime
    gap: timedelta
    cap: int
    window: timedelta


class Asks(Machine):
    """One workspace: comms, four members in four zones, and a Slack that fails in every way."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.made: list[Made] = []
        self.never_again: set[int] = set()
        self.snapshot = NO_SNAPSHOT

    @initialize(data=st.data(), rounds=st.integers(0, 6))
    def start(self, data: st.DataObject, rounds: int) -> None:
        self.world.now = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)  # days before clocks change
        self.hurry()
        self.world.save_workspace(
            hours=WIDE, workdays=ALL_DAYS, min_gap=timedelta(0), weekly_cap=99
        )
        for user in ZONES:
            self.join(user)
            self.choose(user, EAGER)
        for _ in range(6):
            self.queue(None)
        self.announce()
        for _ in range(rounds):
            self.a_good_time(data, 3 * DAY, 2)

    def moment(self, value: Any) -> datetime | None:
        """A stored moment; SQLite gives back text."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return value if isinstance(value, datetime) else None

    # What people decide

    @rule(user=PEOPLE, what=st.sampled_from(DEEDS))
    def person(self, user: str, what: str) -> None:
        getattr(self, what)(user)

    def join(self, user: str) -> None:
        self.world.run(membership.join, UserId(user), ZONES[user])

    def come_back(self, user: str) -> None:
        self.join(user)
        self.world.run(membership.resume, UserId(user))
        self.choose(user, EAGER)

    def leave(self, user: str) -> None:
        self.world.run(membership.leave, UserId(user))

    def pause(self, user: str, days: int = 10) -> None:
        self.world.run(membership.pause, UserId(user), self.world.now + days * DAY)

    def pause_beyond_consent(self, user: str) -> None:
        self.pause(user, days=200)

    def resume(self, user: str) -> None:
        self.world.run(membership.resume, UserId(user))

    def renew(self, user: str) -> None:
        self.world.run(membership.renew, UserId(user))

    @rule(user=PEOPLE, chosen=PREFERENCES)
    def choose(self, user: str, chosen: Preferences) -> None:
        self.world.run(preferences_service.choose, UserId(user), chosen)

    @rule(user=PEOPLE, zone=st.sampled_from([*ZONES.values(), None]))
    def travel(self, user: str, zone: str | None) -> None:
        [row] = self.rows('SELECT id FROM member WHERE "user" = :user', user=user)
        self.world.run(preferences_service.record_time_zone, row.id, zone)

    @rule(data=st.data(), click=CLICKS)
    def click_an_ask(self, data: st.DataObject, click: Any) -> None:
        """On one of the messages of asks that may have arrived."""
        asked = self.rows(
            "SELECT ask.id, post_id, channel, message_ts, member.user FROM ask"
            " JOIN member ON member.id = member_id WHERE state != 'planned' ORDER BY ask.id"
        )
        if not asked:
            return
        one = data.draw(st.sampled_from(asked[-8:]), label="ask")
        where = (one.channel, one.message_ts)
        if one.message_ts is None:
            where = (f"D_{one.user}", f"{one.id}.1")
        self.click(one.user, one.post_id, click, where)

    @rule(user=PEOPLE, data=st.data(), click=CLICKS)
    def click_in_the_channel(self, user: str, data: st.DataObject, click: Any) -> None:
        if isinstance(click, Answer):
            post = data.draw(st.sampled_from(self.posts), label="post")
            self.click(user, post, click, None)

    def click(self, user: str, post: int, click: Any, where: tuple[str, str] | None) -> None:
        world = self.world
        if not isinstance(click, Answer):
            world.run(click, AskClick(UserId(user), PostId(post), where))
            return
        told = replace(click, message=where or (NEWS, f"{post}.9"), in_ask=where is not None)
        stored = world.respond(user, post, told)
        found = self.rows("SELECT stage FROM response_event ORDER BY id")[self.events :]
        self.events += len(found)
        changed = isinstance(stored, Stored) and stored.changed
        assert len(found) == changed, "one line of history for each change"
        if isinstance(stored, Stored):
            [kept] = self.rows(
                "SELECT stage FROM response JOIN member ON member.id = member_id"
                ' WHERE post_id = :post AND "user" = :user',
                post=post,
                user=user,
            )
            assert kept.stage == stored.stage

    # What comms decide

    @rule(
        data=st.data(),
        what=st.sampled_from(["queue", "queue", "correct", "withdraw", "freeze", "unfreeze"]),
    )
    def comms(self, data: st.DataObject, what: str) -> None:
        post = data.draw(st.sampled_from(self.posts), label="post")
        if what == "queue":
            self.queue(data.draw(st.sampled_from([None, None, 3 * DAY, 20 * DAY])))
        elif what == "correct":
            self.correct(post, data.draw(st.sampled_from([("releases",), ("hiring",)])))
        elif what == "withdraw":
            self.world.withdraw(post)
        else:
            self.world.run(getattr(workspaces_service, what), CLEO)

    def queue(self, lasts: timedelta | None) -> None:
        if len(self.posts) == POSTS:
            return
        topics = [("releases",), ("hiring",), ("releases", "hiring")][len(self.posts) % 3]
        expiry = None if lasts is None else self.world.now + lasts
        title = f"Post {len(self.posts)}"
        self.posts.append(self.world.approved(title=title, topics=topics, expires_at=expiry))

    def correct(self, post: int, topics: tuple[str, ...]) -> None:
        form = self.world.form(post, self.world.post(post).revision)
        self.world.submit(form, who=CLEO, title="Corrected", topics=topics)
        self.world.approve(post, who=CARL)

    @rule(colour=st.sampled_from([Colour.GREEN, Colour.GREEN, Colour.AMBER, Colour.RED]))
    def read_the_pace_check(self, colour: Colour) -> None:
        """Any reading may come at any time; what is kept is what counts."""
        self.world.run(pace_check.record_colour, colour)
        if colour is Colour.RED:
            self.acknowledge()

    def acknowledge(self) -> None:
        """The services would read the colour anew: here comms see the one that was kept."""
        [row] = self.rows("SELECT acknowledged_at FROM workspace WHERE id = :id", id=TEAM)
        before = self.moment(row.acknowledged_at)
        if self.world.now.day % 2 and (before is None or before + WEEK <= self.world.now):
            self.world.run(workspaces.record_acknowledged)

    # The heartbeat

    @rule(data=st.data(), step=STEPS, quiet=QUIET)
    def heartbeat(self, data: st.DataObject, step: timedelta, quiet: bool) -> None:
        self.wait(step)
        self.give_up()
        self.announce()
        self.plan(100)
        self.send(data, quiet)

    @rule(data=st.data(), span=st.sampled_from([DAY, 3 * DAY, WEEK]), clicks=st.integers(0, 3))
    def a_good_time(self, data: st.DataObject, span: timedelta, clicks: int) -> None:
        """Heartbeats at which everybody's hours are open once, and people who answer."""
        self.wait(span - DAY)
        for _ in range(4):
            self.heartbeat(data, timedelta(hours=6), quiet=False)
        for _ in range(clicks):
            self.click_an_ask(data, data.draw(CLICKS, label="click"))

    @rule(what=st.sampled_from(["announce", "give_up", "restart", "tell", "reconcile_all"]))
    def service(self, what: str) -> None:
        getattr(self, what)()

    @rule(step=STEPS)
    def wait(self, step: timedelta) -> None:
        self.world.now += step

    def announce(self) -> None:
        world = self.world
        claimed = world.run(heartbeat.run_heartbeat)
        while claimed is not None:
            world.record_sent(claimed, ts=f"{claimed.post.id}.9")
            claimed = world.run(heartbeat.run_heartbeat)

    @rule(most=st.sampled_from([1, 100]))
    def plan(self, most: int) -> None:
        known = {row.id for row in self.rows("SELECT id FROM ask")}
        planned = self.world.plan(most)
        rows = self.rows(
            'SELECT ask.id, ask.post_id, member."user", post.reach, post.live_at,'
            " post.approved_revision, (SELECT max(at) FROM decision WHERE what = 'approved'"
            " AND decision.post_id = post.id AND decision.revision = post.approved_revision)"
            " AS approved_at FROM ask JOIN post ON post.id = ask.post_id"
            " JOIN member ON member.id = ask.member_id"
        )
        new = [row for row in rows if row.id not in known]
        assert len(new) == planned.asks <= most
        for row in new:
            self.check_drawn(row)

    def check_drawn(self, row: Any) -> None:
        """The member has a turn in this week, and is in the post's first group if it has one."""
        local = self.world.now.astimezone(ZoneInfo("Europe/Berlin"))
        monday = (local - timedelta(hours=6)).date()
        monday -= monday.weekday() * DAY
        assert draw(seed_of(row.user), f"week {monday}") < self.snapshot.budget_share
        if self.snapshot.gate and row.reach == "first_group":
            live_at, approved_at = self.moment(row.live_at), self.moment(row.approved_at)
            assert live_at is not None
            assert approved_at is not None
            since = max(live_at, approved_at).astimezone(local.tzinfo).date()
            share = self.snapshot.group_share * 2 ** max(0, (local.date() - since).days // 2)
            text = f"post {row.post_id} text {row.approved_revision}"
            assert draw(seed_of(row.user), text) < share

    @rule(
        budget=st.sampled_from([1.0, 0.8, 0.5]),
        group=st.sampled_from([1.0, 0.5, 0.25]),
    )
    def read_the_shares(self, budget: float, group: float) -> None:
        """Any shares may come at any time, as if there were more members than these."""
        day = date(2026, 1, 1) if self.snapshot.day is None else self.snapshot.day + DAY
        self.snapshot = Snapshot(day, gate=True, budget_share=budget, group_share=group)
        self.world.run(snapshot_rows.insert_snapshot, self.snapshot)

    @rule(data=st.data(), quiet=QUIET)
    def send(self, data: st.DataObject, quiet: bool) -> None:
        """Whatever waits is claimed and given to Slack, which does as it likes."""
        world = self.world
        for waiting in world.run(asks.find_work, 100).sendable:
            times = None
            if quiet and waiting.member_id % 2:
                times = (world.now - timedelta(hours=1), world.now + timedelta(hours=3))
            self.check_before(waiting.id)
            claimed = world.claim_ask(waiting.id, times)
            if claimed is None:
                gone = self.rows("SELECT id FROM ask WHERE id = :id", id=waiting.id)
                assert not gone, "what may not be sent is taken back"
                continue
            assert times is None, "do-not-disturb"
            made = self.check_claim(claimed)
            assert world.claim_ask(waiting.id) is None
            self.outcome(claimed, made, data.draw(FATES, label="fate"))

    def outcome(self, claimed: asks.ClaimedAsk, made: Made, fate: str) -> None:
        world = self.world
        if fate == "waits":
            later = world.now + timedelta(minutes=5)
            world.run(asks.record_not_sent, claimed.ask_id, Trouble.THROTTLED, later)
            return
        if fate == "refused":
            world.run(asks.record_not_sent, claimed.ask_id, "msg_too_long", world.now)
            return
        self.made.append(made)
        self.never_again.add(claimed.ask_id)
        if fate == "sent":
            at = (f"D_{claimed.member.user_id}", f"{claimed.ask_id}.1")
            world.run(asks.record_sent, claimed.ask_id, *at)
        elif fate == "lost":
            world.run(asks.record_uncertain, claimed.ask_id)

    def check_before(self, ask: int) -> None:
        assert ask not in self.never_again, "what may have been sent is never sent again"

    def check_claim(self, claimed: asks.ClaimedAsk) -> Made:
        """Every rule of the product at the moment of sending, read from the database."""
        now = self.world.now
        [row] = self.rows(
            "SELECT ask.repeat, ask.member_id, ask.post_id, member.*, post.state AS post_state,"
            " post.reach, workspace.frozen_at, workspace.colour, workspace.acknowledged_at"
            " FROM ask JOIN member ON member.id = ask.member_id JOIN post ON post.id = ask.post_id"
            " JOIN workspace ON workspace.id = ask.workspace_id WHERE ask.id = :id",
            id=claimed.ask_id,
        )
        ends, paused = self.moment(row.consent_ends_at), self.moment(row.paused_until)
        assert row.left_at is None, "never after consent ended"
        assert ends is not None
        assert now < ends
        assert paused is None or paused <= now
        assert row.stopped_at is None
        assert row.consecutive_declines < STOPS_AFTER
        assert row.direct
        assert row.frozen_at is None
        acknowledged = self.moment(row.acknowledged_at)
        let_go_on = acknowledged is not None and now < acknowledged + WEEK
        assert row.colour != Colour.RED or let_go_on
        assert row.post_state == "live"
        assert row.reach != "stopped"
        local = now.astimezone(ZoneInfo(row.zone))
        assert str(local.weekday()) in row.workdays
        assert row.hours_start <= local.hour * 60 + local.minute < row.hours_end
        assert local.date() not in days_off(row.country, row.region)
        content = claimed.post.content
        assert set(content.topics) & set(row.topics.split(",")) - {""}
        assert set(content.networks) & set(row.networks.split(",")) - {""}
        assert content.expires_at is None or now < content.expires_at
        self.check_pace(row, now)
        self.check_turn(row)
        gap, cap, window = GAPS[Pace(row.pace)]
        return Made(claimed.ask_id, row.member_id, row.post_id, row.repeat, now, gap, cap, window)

    def check_pace(self, row: Any, now: datetime) -> None:
        gap, cap, window = GAPS[Pace(row.pace)]
        gap *= 2 ** max(0, row.consecutive_declines - 1)
        if row.colour != Colour.GREEN:
            gap *= 1.5
        moments = sorted(made.at for made in self.made if made.member == row.member_id)
        if moments:
            assert now >= moments[-1] + gap, "inside the gap"
        assert sum(now < at + window for at in moments) < cap, "over the cap"

    def check_turn(self, row: Any) -> None:
        before = [
            made for made in self.made if (made.member, made.post) == (row.member_id, row.post_id)
        ]
        assert len(before) < 2, "a post comes twice at most"
        if before:
            assert row.repeat == 1

    def give_up(self) -> None:
        self.world.run(dispatches.give_up_abandoned)

    def restart(self) -> None:
        """A new process: what was on its way is given up, and everything is looked at again."""
        self.world.now += timedelta(minutes=2)
        self.world.engine.dispose()
        self.give_up()
        assert self.rows("SELECT id FROM ask WHERE state = 'sending'") == []

    def tell(self) -> None:
        """Whom the bot stopped asking is told so once, in their hours."""
        now = self.world.now
        for member in self.world.within(now=now).run(asks.find_work, 100).stopped_untold:
            assert self.world.within(now=now).run(stopped_messages.claim, member)
            assert not self.world.within(now=now).run(stopped_messages.claim, member)
            [row] = self.rows("SELECT * FROM member WHERE id = :id", id=member.id)
            assert row.stopped_at is not None
            assert row.left_at is None

    def reconcile_all(self) -> None:
        """Messages follow their post."""
        messages_follow(self.world)

    # What must always hold

    @invariant()
    def nobody_is_asked_twice_about_a_post_but_for_one_later(self) -> None:
        rows = self.rows("SELECT member_id, post_id, repeat FROM ask")
        assert max(Counter(rows).values(), default=1) == 1
        assert all(row.repeat in (0, 1) for row in rows)

    @invariant()
    def a_message_belongs_to_one_ask(self) -> None:
        rows = self.rows("SELECT channel, message_ts FROM ask WHERE message_ts IS NOT NULL")
        assert len(rows) == len(set(rows))

    @invariant()
    def what_may_have_arrived_is_kept_until_its_post_is_forgotten(self) -> None:
        kept = {row.id: row.state for row in self.rows("SELECT id, state FROM ask")}
        released = {row.id for row in self.rows("SELECT id FROM post WHERE folded")}
        for made in self.made:
            if made.post not in released:
                assert kept[made.ask] in ("sending", "sent", "uncertain")

    @invariant()
    def whom_the_pace_remembers_was_asked_that_day(self) -> None:
        folded = {row.id for row in self.rows("SELECT id FROM post WHERE folded")}
        for row in self.rows("SELECT id, last_asked_at, zone FROM member"):
            days = [
                end_of_day(made.at, row.zone)
                for made in self.made
                if made.member == row.id and made.post in folded
            ]
            last = self.moment(row.last_asked_at)
            assert not days or last is not None
            assert last is None or last >= max(days, default=last)

    @invariant()
    def nobody_is_looked_at_who_cannot_be_asked_and_everybody_else_is(self) -> None:
        now = self.world.now
        for row in self.rows("SELECT * FROM member"):
            next_ask_at, ends = self.moment(row.next_ask_at), self.moment(row.consent_ends_at)
            assert ends is not None
            ready = row.direct and row.topics and row.networks and row.left_at is None
            if not ready or row.stopped_at is not None:
                assert next_ask_at is None
            elif next_ask_at is None and now < ends:
                assert self.first_possible(row) + 9 * DAY >= ends, "forgotten by the planner"

    def first_possible(self, row: Any) -> datetime:
        """When the member's pause and gap are over, at the latest; days and hours come then."""
        gap, _, window = GAPS[Pace(row.pace)]
        open_asks = self.rows(
            "SELECT id FROM ask WHERE member_id = :id AND outcome IS NULL", id=row.id
        )
        run = row.consecutive_declines + len(open_asks)
        if run >= STOPS_AFTER:  # those that lapse will stop the member
            return datetime.max.replace(tzinfo=UTC) - 10 * DAY
        last, paused = self.moment(row.last_asked_at), self.moment(row.paused_until)
        slowed = max(gap * 2 ** max(0, run - 1) * 1.5, window)
        over = [self.world.now, paused, last and last + slowed]
        return max(moment for moment in over if moment is not None)

    @invariant()
    def a_response_stands_where_its_history_ends(self) -> None:
        rows = self.rows(
            "SELECT response.stage, event.stage AS last FROM response JOIN response_event AS event"
            " ON event.response_id = response.id WHERE event.id IN"
            " (SELECT max(id) FROM response_event GROUP BY response_id)"
        )
        assert all(row.stage == row.last for row in rows)
        [responses] = self.rows("SELECT count(*) AS many FROM response")
        assert len(rows) == responses.many

    @invariant()
    def what_shows_something_else_will_be_looked_at(self) -> None:
        now = self.world.now
        rows = self.rows(
            "SELECT outcome, asks_stale, messages_due_at, left_at, consent_ends_at,"
            " post.state IN ('withdrawn', 'expired') AS over"
            " FROM ask JOIN post ON post.id = post_id JOIN member ON member.id = member_id"
            " WHERE ask.state = 'sent' AND message_ts IS NOT NULL AND shown = 'post'"
        )
        for row in rows:
            due, ends = self.moment(row.messages_due_at), self.moment(row.consent_ends_at)
            assert ends is not None
            # Even where the clock was set back since it was noted.
            looked_at = row.asks_stale or (due is not None and due <= now + DAY)
            answered = row.outcome in ("shared", "skipped", "later")
            outdated = row.over or answered or row.left_at is not None or ends <= now
            assert looked_at or not outdated


RUNS = {"sqlite": 3, "postgresql": 1}  # a server's database takes longer to make


@pytest.mark.parametrize("kind", RUNS)
def test_no_order_of_events_bends_a_rule_about_asks(
    request: pytest.FixtureRequest, kind: str
) -> None:
    make: Callable[[], str] = request.getfixturevalue(f"new_{kind}")

    class Fresh(Asks):
        """Each run has a database of its own."""

        def __init__(self) -> None:
            super().__init__(make())

    longer = settings().max_examples // settings.get_profile("short").max_examples
    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=RUNS[kind] * longer,
            stateful_step_count=60,
            suppress_health_check=list(HealthCheck),
        ),
    )

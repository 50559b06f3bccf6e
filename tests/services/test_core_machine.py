"""Everything that can happen, in any order: what the database must never say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bot.domain.ids import PostId, UserId
from bot.domain.model import DispatchState, SkipReason, Stage
from bot.domain.post import Network, PostState, Verdict
from bot.domain.responses import Answer
from bot.services import announcements, heartbeat, membership
from bot.services import workspaces as workspaces_service
from bot.services.announcements import ClaimedAnnouncement
from bot.services.responses import Stored
from bot.storage.tables import (
    AnnouncementRow,
    DecisionRow,
    MemberRow,
    PostRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    WorkspaceRow,
)
from tests.services.helpers import AMARA, BO, CAP, CARL, CLEO, DAY, GAP, NEWS, POLICY, WEEK
from tests.services.machine import Machine

COUNTS = (DispatchState.SENDING, DispatchState.SENT, DispatchState.UNCERTAIN)
COMMS = st.sampled_from([CLEO, CARL])
STAFF = st.sampled_from([AMARA, BO])
TITLES = st.sampled_from(["One", "Two", "Three"])
ANSWERS = st.sampled_from(
    [
        Answer(Stage.INTERESTED, dialog_id="share-1"),
        Answer(Stage.INTERESTED, dialog_id="share-2"),
        Answer(Stage.OPENED, network=Network.X),
        Answer(Stage.OPENED, network=Network.LINKEDIN, message=(NEWS, "7.7")),
        Answer(Stage.SHARED, network=Network.X),
        Answer(Stage.OPENED, network=Network.X, undo=True),
        Answer(Stage.SKIPPED, message=(NEWS, "7.7")),
        Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN),
    ]
)
MINUTE = timedelta(seconds=61)
FATES = st.sampled_from(["sent", "slow", "lost", "not sent", "sent"])  # slow, or dead
WAITS = st.sampled_from([DAY, GAP, MINUTE, WEEK, 183 * DAY])
EXPIRIES = st.sampled_from([None, 2 * DAY, 20 * DAY])
POSTS = 4  # few, so that much happens to each


class Core(Machine):
    """The services of one workspace, called in any order; the clock only goes forward."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.slow: ClaimedAnnouncement | None = None
        self.consents: dict[str, list[tuple[datetime, datetime]]] = {AMARA: [], BO: []}
        self.ended: dict[int, PostState] = {}
        self.may_claim: dict[int, bool] = {}

    @initialize()
    def start(self) -> None:
        self.hurry()
        self.world.save_workspace()
        self.member(AMARA, joins=True)
        for title in ("One", "Two"):
            self.queue(CLEO, title, None, approved=True)
        self.tick(DAY, "sent")

    # People

    @rule(user=STAFF, joins=st.booleans())
    def member(self, user: str, joins: bool) -> None:
        now = self.world.now
        if joins:
            if (
                self.world.within(now=now)
                .run(membership.join, UserId(user), "Europe/Berlin")
                .changed
            ):
                self.consents[user].append((now, now + timedelta(days=183)))
        elif self.world.within(now=now).run(membership.leave, UserId(user)).changed:
            begun, _ = self.consents[user].pop()
            self.consents[user].append((begun, now))

    @rule(data=st.data(), user=STAFF, answer=ANSWERS)
    def click(self, data: st.DataObject, user: str, answer: Answer) -> None:
        now, post = self.world.now, self.any_post(data)
        stored = self.world.respond(user, post, answer)
        valid = any(begun <= now < over for begun, over in self.consents[user])
        found = self.rows(
            select(ResponseEventRow.at, MemberRow.user)
            .join(ResponseRow, ResponseRow.id == ResponseEventRow.response_id)
            .outerjoin(MemberRow, MemberRow.id == ResponseRow.member_id)
            .order_by(ResponseEventRow.id)
            .limit(100)
            .offset(self.events)
        )
        self.events += len(found)
        if isinstance(stored, Stored):
            assert valid
            assert not self.world.post(post).state.ended
            assert found == ([(now, user)] if stored.changed else [])
        else:
            assert found == []

    # Comms

    def any_post(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.posts), label="post")

    @rule(who=COMMS, title=TITLES, lasts=EXPIRIES, approved=st.booleans())
    def queue(self, who: str, title: str, lasts: timedelta | None, approved: bool) -> None:
        if len(self.posts) == POSTS:
            return
        expiry = None if lasts is None else self.world.now + lasts
        post = self.world.in_review(who=who, title=title, topics=(title,), expires_at=expiry)
        self.posts.append(post)
        if approved:
            self.world.approve(post, who=CARL if who == CLEO else CLEO)

    @rule(data=st.data(), who=COMMS, title=TITLES, draft=st.booleans(), outdated=st.booleans())
    def edit(self, data: st.DataObject, who: str, title: str, draft: bool, outdated: bool) -> None:
        post = self.any_post(data)
        form = self.world.form(post, self.world.post(post).revision - outdated)
        (self.world.save if draft else self.world.submit)(form, who=who, title=title)

    @rule(data=st.data(), who=COMMS, what=st.sampled_from(Verdict))
    def decide(self, data: st.DataObject, who: str, what: Verdict) -> None:
        post = self.any_post(data)
        if what is Verdict.APPROVED:
            self.world.approve(post, who=who)
        elif what is Verdict.SENT_BACK:
            self.world.send_back(post)
        else:
            self.world.withdraw(post)

    @rule(on=st.sampled_from([False, False, False, True]))
    def freeze(self, on: bool) -> None:
        service = workspaces_service.freeze if on else workspaces_service.unfreeze
        self.world.run(service, CLEO)

    @rule(data=st.data(), there=st.booleans())
    def settle(self, data: st.DataObject, there: bool) -> None:
        post = self.any_post(data)
        if there:
            self.world.run(announcements.settle_uncertain, CLEO, PostId(post))
        elif self.world.run(announcements.queue_again, CLEO, PostId(post)):
            self.may_claim[post] = True

    # The heartbeat

    @rule(wait=WAITS, fate=FATES)
    def tick(self, wait: timedelta, fate: str) -> None:
        """A heartbeat some time later: a sender that has not heard from Slack has died."""
        world, self.slow = self.world, None
        world.now += wait
        claimed = world.run(heartbeat.run_heartbeat)
        if claimed is None:
            return
        self.check_claim(claimed)
        if fate == "sent":
            world.record_sent(claimed)
        elif fate == "not sent":
            later = world.now + timedelta(minutes=5)
            world.run(announcements.record_not_sent, claimed, "ratelimited", later)
            self.may_claim[claimed.post.id] = True
        elif fate == "lost":
            world.record_uncertain(claimed)
        elif fate == "slow":
            self.slow = claimed

    @precondition(lambda self: self.slow)
    @rule(seconds=st.integers(0, 10), sent=st.booleans())
    def hear_from_slack(self, seconds: int, sent: bool) -> None:
        claimed, self.slow = self.slow, None
        assert claimed is not None
        self.world.now += timedelta(seconds=seconds)
        (self.world.record_sent if sent else self.world.record_uncertain)(claimed)

    @rule()
    def tick_at_once(self) -> None:
        """Another process's heartbeat in the same moment."""
        claimed = self.world.run(heartbeat.run_heartbeat)
        if claimed is not None:
            self.check_claim(claimed)

    @rule()
    def a_good_day(self) -> None:
        self.tick(DAY, "sent")

    def check_claim(self, claimed: ClaimedAnnouncement) -> None:
        post, now = claimed.post.id, self.world.now
        assert self.may_claim.get(post, True), "claimed twice without having gone back"
        self.may_claim[post] = False
        [workspace] = self.rows(select(WorkspaceRow.frozen_at))
        assert workspace.frozen_at is None
        local = now.astimezone(ZoneInfo(POLICY.zone))
        assert local.weekday() < 5
        assert 9 <= local.hour < 17
        assert claimed.post.state is PostState.APPROVED
        assert claimed.post.revision == claimed.post.approved_revision
        expiry = claimed.post.content.expires_at
        assert expiry is None or now < expiry

    # What must always hold

    @invariant()
    def each_post_has_one_announcement_at_most(self) -> None:
        rows = self.rows(select(AnnouncementRow.post_id))
        assert len(rows) == len(set(rows))

    @invariant()
    def one_is_under_way_at_a_time(self) -> None:
        sending = AnnouncementRow.state == DispatchState.SENDING
        assert len(self.rows(select(AnnouncementRow.id).where(sending))) <= 1

    @invariant()
    def announcements_keep_the_gap_and_the_cap(self) -> None:
        query = select(AnnouncementRow.claimed_at).where(AnnouncementRow.state.in_(COUNTS))
        moments = sorted(row.claimed_at for row in self.rows(query))
        assert all(second - first >= GAP for first, second in pairwise(moments))
        assert all(
            later - earlier >= WEEK for earlier, later in zip(moments, moments[CAP:], strict=False)
        )

    @invariant()
    def an_ended_post_stays_as_it_ended(self) -> None:
        states = {row.id: row for row in self.rows(select(PostRow.id, PostRow.state))}
        for post, state in self.ended.items():
            assert states[post].state is state
        self.ended.update({row.id: row.state for row in states.values() if row.state.ended})

    @invariant()
    def a_live_post_was_announced_and_what_was_sent_is_live_or_ended(self) -> None:
        pairs = self.rows(
            select(PostRow.state, AnnouncementRow.state).outerjoin(
                AnnouncementRow, AnnouncementRow.post_id == PostRow.id
            )
        )
        for post, announcement in pairs:
            if post is PostState.LIVE:
                assert announcement is DispatchState.SENT
            if announcement is DispatchState.SENT:
                assert post is PostState.LIVE or post.ended

    @invariant()
    def a_person_has_one_response_to_a_post(self) -> None:
        mine = ResponseRow.member_id.is_not(None)
        rows = self.rows(select(ResponseRow.post_id, ResponseRow.member_id).where(mine))
        assert len(rows) == len(set(rows))

    @invariant()
    def a_response_stands_where_its_history_ends(self) -> None:
        last = select(func.max(ResponseEventRow.id)).group_by(ResponseEventRow.response_id)
        lifecycle = select(
            ResponseRow.id, ResponseRow.stage, ResponseRow.reason, ResponseRow.network
        )
        told = select(
            ResponseEventRow.response_id,
            ResponseEventRow.stage,
            ResponseEventRow.reason,
            ResponseEventRow.network,
        ).where(ResponseEventRow.id.in_(last))
        assert set(self.rows(lifecycle)) == set(self.rows(told))

    @invariant()
    def every_approved_revision_was_approved_by_somebody_else(self) -> None:
        approvals = self.rows(
            select(PostRow.id, RevisionRow.writer, DecisionRow.who)
            .join(
                RevisionRow,
                (RevisionRow.post_id == PostRow.id)
                & (RevisionRow.number == PostRow.approved_revision),
            )
            .outerjoin(
                DecisionRow,
                (DecisionRow.post_id == PostRow.id)
                & (DecisionRow.revision == PostRow.approved_revision)
                & (DecisionRow.what == Verdict.APPROVED),
            )
        )
        for _, writer, approver in approvals:
            assert approver is not None
            assert approver != writer


def test_no_order_of_events_bends_a_rule(new_sqlite: Callable[[], str]) -> None:
    class Fresh(Core):
        """Each run has a database of its own."""

        def __init__(self) -> None:
            super().__init__(new_sqlite())

    longer = settings().max_examples // settings.get_profile("short").max_examples
    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=10 * longer,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
        ),
    )

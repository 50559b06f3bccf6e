"""A month after its end a post keeps totals; a month after leaving nothing of a person is left."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import combinations

import pytest
from sqlalchemy import select

from bot.domain.ids import PostId, UserId
from bot.domain.lessons import Lesson, LessonCatalog, Occasion
from bot.domain.model import NoticeKind, Pace, SkipReason, Stage
from bot.domain.post import Network, Verdict
from bot.domain.record import Act
from bot.domain.responses import Answer
from bot.domain.snapshot import Snapshot
from bot.services import (
    ask_answers,
    asks,
    heartbeat,
    lessons,
    membership,
    my_data,
    notes,
    posts,
    reconcile,
    retention,
    workspaces,
)
from bot.services.ask_answers import AskClick
from bot.services.posts import Refusal, Refused
from bot.storage.columns import UtcDateTime
from bot.storage.snapshots import insert_snapshot
from bot.storage.tables import (
    ActRow,
    AskRow,
    DecisionRow,
    LessonSeenRow,
    MemberRow,
    NoticeRow,
    PostRow,
    RemovalRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    metadata,
)
from tests.services.helpers import (
    AMARA,
    BO,
    CARL,
    CLEO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    ServiceWorld,
    post_of,
)

KEPT = 30 * DAY
OF_PERSONS = (AskRow, ResponseRow, ResponseEventRow)
OPENED = Answer(Stage.OPENED, network=Network.X, dialog_id="share-1")
SKIPPED = Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN)


def answer(world: ServiceWorld, post: int) -> None:
    """Two people answer a post."""
    for user, answered in ((AMARA, OPENED), (BO, SKIPPED)):
        world.join(user)
        world.respond(user, post, answered)


def answered_posts(world: ServiceWorld) -> set[int]:
    return {row.post_id for row in world.rows(ResponseRow)}


def test_responses_are_deleted_a_month_after_the_end(world: ServiceWorld) -> None:
    post = world.live()
    answer(world, post)
    post_of(world.withdraw(post))
    world.now += KEPT
    world.erase()
    assert len(world.rows(ResponseRow)) == 2
    world.now += MOMENT
    world.erase()
    assert [world.rows(table) for table in OF_PERSONS] == [[], [], []]
    assert [row.folded for row in world.rows(PostRow)] == [True]
    assert {row.network for row in world.rows(MemberRow)} == {None}
    assert len(world.rows(MemberRow)) == 2


def test_many_responses_go_in_small_steps(world: ServiceWorld) -> None:
    post = world.live()
    people = [UserId(f"U{number:02}") for number in range(retention.AT_ONCE + 3)]
    for person in people:
        world.join(person)
        world.respond(person, post, SKIPPED)
    post_of(world.withdraw(post))
    world.now += KEPT + MOMENT
    assert world.run(retention.erase_due)
    assert len(world.rows(ResponseRow)) == 3, "a bounded number at once"
    world.erase()
    assert world.rows(ResponseRow) == []


def test_expired_posts_count_from_their_end(world: ServiceWorld) -> None:
    post = world.live(expires_at=START + DAY)
    answer(world, post)
    world.now = START + 2 * DAY  # the heartbeat was late
    assert world.run(posts.expire) == 1
    world.now += KEPT - MOMENT
    world.erase()
    assert answered_posts(world) == {post}
    world.now += 2 * MOMENT
    world.erase()
    assert answered_posts(world) == set()


def test_posts_that_live_or_ended_lately_keep_their_responses(world: ServiceWorld) -> None:
    over, lately, live = world.live(), world.live(), world.live()
    for post in (over, lately, live):
        answer(world, post)
    post_of(world.withdraw(over))
    world.now += KEPT
    post_of(world.withdraw(lately))
    world.now += MOMENT
    world.erase()
    assert answered_posts(world) == {lately, live}
    # What Amara opened last is still said by her responses to the other two.
    assert {row.user: row.network for row in world.rows(MemberRow)} == {AMARA: Network.X, BO: None}
    world.now += KEPT
    world.erase()
    assert answered_posts(world) == {live}


def test_another_workspace_leaves_ours_alone(world: ServiceWorld) -> None:
    post = world.live()
    answer(world, post)
    post_of(world.withdraw(post))
    world.now += KEPT + MOMENT
    world.erase(team=OTHER_TEAM)
    assert answered_posts(world) == {post}


def test_a_post_without_an_end_gets_one_when_it_goes_out(world: ServiceWorld) -> None:
    post = world.live()
    went_out = world.now
    [row] = world.rows(RevisionRow)
    assert row.expires_at == went_out + 60 * DAY
    world.now = went_out + 60 * DAY - MOMENT
    world.run(heartbeat.run_heartbeat)
    assert world.post(post).state.ended is False
    world.now += MOMENT
    world.run(heartbeat.run_heartbeat)
    assert world.post(post).state.ended is True


def test_no_post_lives_longer_than_ninety_days(world: ServiceWorld) -> None:
    world.live(expires_at=START + 200 * DAY)
    [row] = world.rows(RevisionRow)
    assert row.expires_at == world.now + 90 * DAY


def test_messages_of_folded_asks_have_to_go_and_the_pace_stays(afternoon: ServiceWorld) -> None:
    post = afternoon.ask(pace=Pace.MONTHLY)
    asked_at = afternoon.now
    post_of(afternoon.withdraw(post))
    afternoon.now += KEPT + MOMENT
    afternoon.erase()
    assert afternoon.rows(AskRow) == []
    [removal] = afternoon.rows(RemovalRow)
    assert removal.message_ts
    last = afternoon.stored().last_asked_at
    assert last is not None
    assert asked_at < last <= asked_at + DAY, "the end of that day, and no moment in it"


def test_who_left_is_deleted_a_month_later_with_everything(afternoon: ServiceWorld) -> None:
    post = everything_of_amara(afternoon)
    afternoon.join(BO)
    afternoon.respond(BO, post, SKIPPED)
    afternoon.run(membership.leave, AMARA)
    left = afternoon.now
    afternoon.now = left + KEPT - DAY
    afternoon.erase()
    assert {row.user for row in afternoon.rows(MemberRow)} == {AMARA, BO}
    afternoon.now = left + KEPT + MOMENT
    afternoon.erase()
    assert {row.user for row in afternoon.rows(MemberRow)} == {BO}
    assert {row.member_id for row in afternoon.rows(ResponseRow)} == {member_of(afternoon, BO)}
    assert afternoon.rows(LessonSeenRow) == []
    assert len(afternoon.rows(RemovalRow)) == 1


@pytest.mark.parametrize("how", ["lapsed", "deactivated"])
def test_lapsed_and_deactivated_members_are_deleted_likewise(world: ServiceWorld, how: str) -> None:
    world.join(AMARA)
    if how == "lapsed":
        ended = world.rows(MemberRow)[0].consent_ends_at
    else:
        world.run(membership.end_for_departed, AMARA)
        ended = world.now
    world.now = ended + KEPT - DAY
    world.erase()
    assert len(world.rows(MemberRow)) == 1
    world.now = ended + KEPT + MOMENT
    world.erase()
    assert world.rows(MemberRow) == []


def test_forgetting_leaves_nothing_of_a_member_at_once(afternoon: ServiceWorld) -> None:
    everything_of_amara(afternoon)
    afternoon.run(retention.forget, AMARA)
    for table in (MemberRow, *OF_PERSONS, LessonSeenRow):
        assert afternoon.rows(table) == [], table
    assert [row.kind for row in afternoon.rows(NoticeRow)] == []
    assert len(afternoon.rows(RemovalRow)) == 1
    assert AMARA not in everything_stored(afternoon)


def test_forgetting_somebody_unknown_changes_nothing(world: ServiceWorld) -> None:
    post = world.live()
    answer(world, post)
    before = everything_stored(world)
    world.run(retention.forget, UserId("U_NOBODY"))
    assert len(everything_stored(world)) >= len(before)
    assert len(world.rows(MemberRow)) == 2


def test_an_ask_that_was_on_its_way_to_somebody_forgotten_is_removed(
    afternoon: ServiceWorld,
) -> None:
    afternoon.member()
    afternoon.live()
    afternoon.plan()
    [waiting] = afternoon.run(asks.find_work, 10).sendable
    claimed = afternoon.claim_ask(waiting.id)
    assert claimed is not None
    afternoon.run(retention.forget, AMARA)
    assert afternoon.rows(RemovalRow) == []
    afternoon.run(asks.record_sent, claimed.ask_id, "D1", "7.7")
    assert [(row.channel, row.message_ts) for row in afternoon.rows(RemovalRow)] == [("D1", "7.7")]


def test_of_comms_stays_what_they_did_and_not_who(world: ServiceWorld) -> None:
    post = world.live()  # written by Cleo, approved by Carl
    world.run(retention.forget, CLEO)
    world.run(retention.forget, CARL)
    assert {row.writer for row in world.rows(RevisionRow)} == {None}
    assert [(row.who, row.what) for row in world.rows(DecisionRow)] == [(None, Verdict.APPROVED)]
    assert world.post(post).writer is None
    stored = everything_stored(world, but="act")
    assert CLEO not in stored
    assert CARL not in stored


def test_the_record_of_comms_stays_its_years_and_says_so(world: ServiceWorld) -> None:
    world.join(CARL)
    world.live()  # written by Cleo, approved by Carl
    assert world.run(retention.forget, AMARA) == 0
    assert world.run(retention.forget, CARL) == 3
    [approval] = [row for row in world.rows(ActRow) if row.who == CARL]
    assert approval.what is Act.APPROVE
    assert [row.table for row in world.run(my_data.load_record, CARL).rows] == ["act"]
    world.now += 3 * 365 * DAY
    world.erase()
    assert CARL in {row.who for row in world.rows(ActRow)}
    world.now += MOMENT
    world.erase()
    assert world.rows(ActRow) == []
    assert world.run(retention.forget, CARL) == 0


def test_nobody_approves_what_a_forgotten_colleague_wrote(world: ServiceWorld) -> None:
    post = world.in_review()
    world.run(retention.forget, CLEO)
    refused = world.approve(post)
    assert isinstance(refused, Refused)
    assert refused.why is Refusal.WRITER_ERASED


def test_evidence_loses_its_people_after_its_years(world: ServiceWorld) -> None:
    post = world.in_review()
    world.run(posts.send_back, CARL, PostId(post), None, "Please name the number.")
    world.now += 3 * 365 * DAY
    world.erase()
    assert {row.writer for row in world.rows(RevisionRow)} == {CLEO}
    world.now += MOMENT
    world.erase()
    assert {row.writer for row in world.rows(RevisionRow)} == {None}
    [decision] = world.rows(DecisionRow)
    assert (decision.who, decision.reason) == (None, None)


def test_notices_go_a_month_after_they_were_sent(world: ServiceWorld) -> None:
    world.run(workspaces.freeze, CLEO)
    [notice] = world.rows(NoticeRow)
    world.run(reconcile.record_notice_sent, notice.id)
    world.now += KEPT
    world.erase()
    assert len(world.rows(NoticeRow)) == 1
    world.now += MOMENT
    world.erase()
    assert world.rows(NoticeRow) == []


def test_lateness_is_told_by_what_should_be_gone(world: ServiceWorld) -> None:
    post = world.live()
    answer(world, post)
    post_of(world.withdraw(post))
    on_time = retention.Lateness(None, None, None, None)
    world.now += KEPT + DAY
    assert world.run(retention.load_lateness) == on_time
    world.now += 2 * DAY
    assert world.run(retention.load_lateness).posts == 3 * DAY
    world.erase()
    assert world.run(retention.load_lateness).posts is None


def test_a_change_of_the_months_applies_to_consent_given_from_then_on(world: ServiceWorld) -> None:
    world.join(AMARA)
    before = world.rows(MemberRow)[0].consent_ends_at
    world.save_workspace(consent_months=2)
    world.join(BO)
    ends = {row.user: row.consent_ends_at for row in world.rows(MemberRow)}
    assert ends[AMARA] == before
    assert ends[BO] < before


def test_nobody_is_found_again_by_joining_tables_on_their_moments(afternoon: ServiceWorld) -> None:
    """After the fold no moment on a person's row says which total, notice or text was theirs."""
    post = everything_of_amara(afternoon)
    for user in (BO, UserId("U_CHI"), UserId("U_DEE")):
        afternoon.now += 7 * MOMENT
        afternoon.join(user)
        afternoon.now += 7 * MOMENT
        afternoon.respond(user, post, OPENED)
        afternoon.run(membership.pause, user, afternoon.now + 3 * DAY)
    afternoon.run(membership.resume, BO)
    post_of(afternoon.withdraw(post))
    afternoon.now += KEPT + 3 * MOMENT
    afternoon.erase()
    moments = all_moments(afternoon)
    people = {table for table in moments if table in ("member", "lesson_seen", "direct_message")}
    assert people
    for one, other in combinations(sorted(moments), 2):
        if one in people or other in people:
            shared = set(moments[one]) & set(moments[other])
            assert not shared, (one, other, shared)
    # And two people who did something in one day have the same moments for it.
    joined = Counter(row.consented_at for row in afternoon.rows(MemberRow))
    assert list(joined.values()) == [4]


def all_moments(world: ServiceWorld) -> dict[str, list[datetime]]:
    """Every stored moment, by its table."""
    found: dict[str, list[datetime]] = {}
    with world.engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = [one for one in table.columns if isinstance(one.type, UtcDateTime)]
            if columns:
                rows = connection.execute(select(*columns)).all()
                found[table.name] = [moment for row in rows for moment in row if moment is not None]
    return found


def everything_of_amara(world: ServiceWorld) -> int:
    """Amara was asked, opened, skipped, was offered a lesson, and wrote a note."""
    world.run(insert_snapshot, Snapshot(world.now.date(), note_gate=True))
    catalog = LessonCatalog((Lesson("first", "First", "", 1, Occasion.BEFORE_FIRST_ASK, ()),))
    post = world.ask(pace=Pace.MONTHLY)
    world.run(lessons.offer, AMARA, catalog, Occasion.BEFORE_FIRST_ASK)
    world.respond(AMARA, post, OPENED)
    world.respond(AMARA, post, SKIPPED)
    world.run(ask_answers.answer_less, AskClick(AMARA, PostId(post)))
    assert world.run(notes.send_note, AMARA, PostId(post), "A word of mine.", signed=False) is None
    assert NoticeKind.NOTE in {row.kind for row in world.rows(NoticeRow)}
    return post


def member_of(world: ServiceWorld, user: UserId) -> int:
    return int(world.stored(user).id)


def everything_stored(world: ServiceWorld, but: str = "") -> str:
    """Every value of every table but one, as text."""
    with world.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in metadata.sorted_tables
            if table.name != but
            for row in connection.execute(select(table))
        )

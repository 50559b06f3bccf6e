"""Planning: whom to ask about what, bounded by what may be sent and not by how many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import matching
from bot.domain.budget import Budget
from bot.domain.ids import AskId, MemberId, PostId
from bot.domain.matching import Candidate, History, SeenPost
from bot.domain.model import Colour, Member, Outcome, SkipReason
from bot.domain.pacing import AskPolicy
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from bot.domain.planning import MemberFacts, decide_member
from bot.domain.topics import topic_keys
from bot.services import first_groups
from bot.services import pacing as pacing_service
from bot.storage import askable_posts, asks, dispatches, members, snapshots, workspaces
from bot.storage.asks import Ask, PastResponse, PlannedAsk
from bot.storage.tx import Tx

AT_ONCE = 20  # members looked at in one transaction: clicks wait behind it, some 10 ms


@dataclass(frozen=True, slots=True)
class Planned:
    """How many members were looked at, and how many of them will be asked."""

    looked_at: int
    asks: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The posts that may be proposed and the budget, read once for a heartbeat.

    A post that has changed since is noticed before anything is sent.
    """

    posts: Sequence[Candidate]
    revisions: Mapping[PostId, int]
    budget: Budget | None


@dataclass(slots=True)
class _Batch:
    """What one transaction works with and has decided so far; `left` asks may still be made."""

    policy: AskPolicy
    now: datetime
    left: int
    candidates: Candidates
    new: list[PlannedAsk] = field(default_factory=list)
    changes: list[Member] = field(default_factory=list)
    lapsed: list[AskId] = field(default_factory=list)


def load_candidates(tx: Tx) -> Candidates:
    """The posts that may be proposed now."""
    workspace = workspaces.find(tx)
    if workspace is None:
        return Candidates((), {}, None)
    posts = askable_posts.load_askable(tx)
    snapshot = snapshots.load(tx)
    candidates = [
        Candidate(
            post.post_id,
            post.topics,
            post.networks,
            post.live_at,
            post.expires_at,
            first_groups.find_first_group(tx, post, workspace, snapshot),
        )
        for post in posts
    ]
    return Candidates(
        candidates,
        {post.post_id: post.revision for post in posts},
        pacing_service.budget_of(workspace, snapshot),
    )


def plan(tx: Tx, candidates: Candidates, most: int) -> Planned:
    """Decide for the members whose moment has come; at most `most` of them get an ask.

    A member is looked at, decided for and moved on in this one transaction, so no two processes
    ever plan for the same one.
    """
    found = workspaces.find(tx)
    if found is None:
        return Planned(0, 0)
    policy = pacing_service.ask_policy(found, tx.now, candidates.budget)
    if policy.freeze is not None or policy.colour is Colour.RED:
        return Planned(0, 0)
    due = members.find_due(tx, AT_ONCE)
    if not due:
        return Planned(0, 0)
    batch = _Batch(policy, tx.now, most, candidates)
    known = [member.id for member in due]
    asked = asks.load_by_member(tx, known)
    answers: dict[MemberId, list[PastResponse]] = defaultdict(list)
    for answer in asks.load_responses(tx, known):
        answers[answer.member_id].append(answer)
    misses: dict[MemberId, Counter[str]] = defaultdict(Counter)
    for member_id, topics in asks.load_audience_misses(
        tx, known, tx.now - matching.MISSES_COUNT_FOR
    ):
        misses[member_id].update(topic_keys(topics))
    looked_at = 0
    for member in due:
        if batch.left == 0:
            break
        _decide(batch, member, asked[member.id], answers[member.id], misses[member.id])
        looked_at += 1
    dispatches.settle(tx, dict.fromkeys(batch.lapsed, tx.now), Outcome.LAPSED)
    asks.insert_planned(tx, batch.new)
    members.record_plans(tx, batch.changes)
    return Planned(looked_at, len(batch.new))


def find_members_with_open(tx: Tx) -> list[MemberId]:
    """Members with an ask that may have lapsed by now."""
    before = tx.now - timedelta(days=DEFAULT_PACING_CONSTANTS.lapses_after_days)
    return asks.find_members_with_open(tx, before)


def count_lapsed(tx: Tx, member_ids: Sequence[MemberId]) -> None:
    """Count what has lapsed for these members.

    A freeze and a red pace check hold planning back, but not time: an ask counts on the day on
    which it lapsed, so that a rest is not followed by a heap of them.
    """
    pacing_service.count_lapsed(tx, members.load_locked(tx, member_ids))


def _decide(
    batch: _Batch,
    member: Member,
    asked: list[Ask],
    answers: list[PastResponse],
    misses: Counter[str],
) -> None:
    """Decide for one member, and note what the transaction has to record of it."""
    facts = MemberFacts(
        pacing_service.pacing_facts(member, asked),
        pacing_service.interests_of(member),
        _history(asked, answers, misses),
        member.stopped_at,
    )
    plan = decide_member(facts, batch.candidates.posts, batch.policy, batch.now)
    over = set(plan.lapsed)
    batch.lapsed += [
        ask.id for ask in asked if pacing_service.is_open(ask) and ask.asked_at in over
    ]
    batch.changes.append(
        replace(
            member,
            next_ask_at=plan.next_ask_at,
            consecutive_declines=plan.consecutive_declines,
            stopped_at=plan.stopped_at,
        )
    )
    if plan.choice is not None:
        post_id = plan.choice.post_id
        revision = batch.candidates.revisions[post_id]
        batch.new.append(PlannedAsk(member.id, post_id, int(plan.choice.repeat), revision))
        batch.left -= 1


def _history(asked: list[Ask], answers: list[PastResponse], misses: Counter[str]) -> History:
    """What the member has seen: asks count once sent or planned, answers wherever they were given.

    A post may come once more if its first ask, or a skip in the channel, ended with "later".
    """
    seen: dict[PostId, SeenPost] = {}
    earlier: dict[PostId, list[Ask]] = defaultdict(list)
    for ask in asked:
        earlier[ask.post_id].append(ask)
        seen[ask.post_id] = SeenPost(None)
    put_off = {
        ask.post_id: ask.settled_at
        for ask in asked
        if ask.outcome is Outcome.LATER and ask.settled_at is not None
    }
    for answer in answers:
        seen[answer.post_id] = SeenPost(None)
        if answer.reason is SkipReason.NOT_NOW:
            put_off[answer.post_id] = answer.at
        elif answer.post_id in put_off and answer.at > put_off[answer.post_id]:
            del put_off[answer.post_id]
    for post, at in put_off.items():
        if all(ask.repeat == 0 for ask in earlier[post]):
            seen[post] = SeenPost(at + matching.LATER_AFTER)
    return History(seen, misses)

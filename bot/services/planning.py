"""Planning: whom to ask about what, bounded by what may be sent and not by how many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import first_group, matching
from bot.domain.ids import AskId, MemberId, PostId
from bot.domain.matching import Candidate, Choice, History, SeenPost
from bot.domain.model import Colour, Member, NoticeKind, Outcome, Reach, SkipReason, Workspace
from bot.domain.pacing import AskPolicy
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from bot.domain.planning import MemberFacts, decide_member
from bot.services import pacing as pacing_service
from bot.storage import askable_posts, asks, members, notices, workspaces
from bot.storage.askable_posts import AskablePost
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
    """The posts that may be proposed, read once for a heartbeat.

    `first_group` are those that are still with their first group. A post that has changed since is
    noticed before anything is sent. `budget` is how many asks the workspace may make in any seven
    days.
    """

    by_post: dict[PostId, Candidate]
    revisions: Mapping[PostId, int]
    first_group: Sequence[AskablePost]
    budget: int | None


@dataclass(slots=True)
class _Batch:
    """What one transaction works with and has decided so far.

    `left` is how many asks may still be made, `capacity` how many of them about a post that is with
    its first group.
    """

    policy: AskPolicy
    now: datetime
    left: int
    candidates: Candidates
    capacity: dict[PostId, int]
    new: list[PlannedAsk] = field(default_factory=list)
    changes: list[Member] = field(default_factory=list)
    lapsed: list[AskId] = field(default_factory=list)

    def open_candidates(self) -> list[Candidate]:
        """The posts that may still be proposed in this transaction."""
        by_post, capacity = self.candidates.by_post, self.capacity
        return [post for post_id, post in by_post.items() if capacity.get(post_id, 1) > 0]

    def add(self, member_id: MemberId, choice: Choice) -> None:
        """Plan an ask, and count it everywhere."""
        post_id = choice.post_id
        revision = self.candidates.revisions[post_id]
        self.new.append(PlannedAsk(member_id, post_id, int(choice.repeat), revision))
        self.left -= 1
        if post_id in self.capacity:
            self.capacity[post_id] -= 1


def load_candidates(tx: Tx) -> Candidates:
    """The posts that may be proposed now."""
    posts = askable_posts.load_askable(tx)
    candidates = {
        post.post_id: Candidate(
            post.post_id, post.topics, post.networks, post.live_at, post.expires_at
        )
        for post in posts
    }
    first = [post for post in posts if post.reach is Reach.FIRST_GROUP]
    found = workspaces.find(tx)
    budget = pacing_service.weekly_budget(tx, found) if found is not None else None
    return Candidates(candidates, {post.post_id: post.revision for post in posts}, first, budget)


def plan(tx: Tx, candidates: Candidates, most: int) -> Planned:
    """Decide for the members whose moment has come; at most `most` of them get an ask.

    A member is looked at, decided for and moved on in this one transaction, so no two processes
    ever plan for the same one.
    """
    # Held, so that processes which plan at once do not each spend the whole budget.
    found = workspaces.find(tx, lock=True)
    if found is None:
        return Planned(0, 0)
    policy, left = pacing_service.ask_policy(tx, found, candidates.budget)
    if policy.frozen or policy.colour is Colour.RED or left == 0:
        return Planned(0, 0)
    due = members.find_due(tx, AT_ONCE)
    if not due:
        return Planned(0, 0)
    capacity = _judge_capacity(tx, found, candidates.first_group)
    batch = _Batch(policy, tx.now, min(left, most), candidates, capacity)
    known = [member.id for member in due]
    asked = asks.load_by_member(tx, known)
    answers: dict[MemberId, list[PastResponse]] = defaultdict(list)
    for answer in asks.load_responses(tx, known):
        answers[answer.member_id].append(answer)
    misses: dict[MemberId, Counter[str]] = defaultdict(Counter)
    for member_id, topics in asks.load_audience_misses(
        tx, known, tx.now - matching.MISSES_COUNT_FOR
    ):
        misses[member_id].update(topics)
    looked_at = 0
    for member in due:
        if batch.left == 0:
            break
        _decide(batch, member, asked[member.id], answers[member.id], misses[member.id])
        looked_at += 1
    asks.settle(tx, dict.fromkeys(batch.lapsed, tx.now), Outcome.LAPSED)
    asks.insert_planned(tx, batch.new)
    members.record_plans(tx, batch.changes)
    askable_posts.record_asked(tx, Counter(ask.post_id for ask in batch.new))
    return Planned(looked_at, len(batch.new))


def find_members_with_open(tx: Tx) -> list[MemberId]:
    """Members with an ask that may have lapsed by now."""
    before = tx.now - timedelta(days=DEFAULT_PACING_CONSTANTS.lapses_after_days)
    return asks.find_members_with_open(tx, before)


def count_lapsed(tx: Tx, member_ids: Sequence[MemberId]) -> None:
    """Count what has lapsed for these members.

    A freeze, a spent budget and a red pace check hold planning back, but not time: an ask counts
    on the day on which it lapsed, so that a rest is not followed by a heap of them.
    """
    pacing_service.count_lapsed(tx, members.load_locked(tx, member_ids))


def size_first_groups(tx: Tx) -> dict[PostId, int]:
    """How large the first groups of new posts should be. Counts members, so it is read aside."""
    return {
        post.post_id: first_group.size(askable_posts.count_fitting(tx, post))
        for post in askable_posts.load_askable(tx, Reach.FIRST_GROUP)
        if post.first_group is None
    }


def record_first_group_sizes(tx: Tx, sizes: Mapping[PostId, int]) -> None:
    """Keep the sizes; posts can be proposed from then on."""
    for post, size in sorted(sizes.items()):
        askable_posts.record_first_group(tx, post, size)


def judge_first_groups(tx: Tx) -> None:
    """Open posts that go well to everybody, and stop those that do not find their audience."""
    found = workspaces.find(tx)
    if found is not None:
        first = askable_posts.load_askable(tx, Reach.FIRST_GROUP)
        _judge_capacity(tx, found, first)


def _judge_capacity(
    tx: Tx, workspace: Workspace, first: Sequence[AskablePost]
) -> dict[PostId, int]:
    """How many more may be asked about each of these posts, which are with their first group."""
    capacity = {post.post_id: 0 for post in first}
    policy = workspace.policy
    for post, trial in askable_posts.load_trials(tx, first).items():
        judged = first_group.judge(trial, policy.workdays, policy.zone, tx.now)
        changed = askable_posts.record_reach(tx, post, judged.reach)
        if judged.capacity is None:
            del capacity[post]
        else:
            capacity[post] = judged.capacity
        if judged.reach is Reach.STOPPED and changed:
            notices.enqueue(tx, NoticeKind.FIRST_GROUP_STOPPED, post_id=post)
    return capacity


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
    plan = decide_member(facts, batch.open_candidates(), batch.policy, batch.now)
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
        batch.add(member.id, plan.choice)


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

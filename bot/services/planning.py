"""Planning: whom to ask about what, bounded by what may be sent and not by how many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain import first_group, matching, pacing
from bot.domain.matching import Candidate, History, Seen, Taste
from bot.domain.model import (
    Allowed,
    Colour,
    Member,
    NoticeKind,
    Outcome,
    Reach,
    SkipReason,
    Workspace,
)
from bot.domain.pacing import AskPolicy, Facts
from bot.services import pace
from bot.storage import asks, members, proposals, workspaces
from bot.storage.asks import Answered, Ask
from bot.storage.proposals import Open

AT_ONCE = 20  # members looked at in one transaction: clicks wait behind it, some 10 ms


@dataclass(frozen=True, slots=True)
class Planned:
    """How many members were looked at, and how many of them will be asked."""

    looked_at: int
    asks: int


@dataclass(frozen=True, slots=True)
class Board:
    """The posts that may be proposed, read once for a heartbeat and kept up by its planning.

    `candidates` counts up how many were asked about each post; `first` are those that are still
    with their first group. A post that has changed since is noticed before anything is sent.
    `budget` is how many asks the workspace may make in any seven days.
    """

    candidates: dict[int, Candidate]
    revisions: Mapping[int, int]
    first: Sequence[Open]
    budget: int | None


@dataclass(slots=True)
class _Round:
    """What one transaction works with and has decided so far.

    `left` is how many asks may still be made, `rooms` how many of them about a post that is with
    its first group.
    """

    workspace: str
    policy: AskPolicy
    now: datetime
    left: int
    board: Board
    rooms: dict[int, int]
    new: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Member] = field(default_factory=list)
    lapsed: list[int] = field(default_factory=list)


def board(connection: Connection, workspace: str, now: datetime) -> Board:
    """The posts that may be proposed now."""
    posts = proposals.open_posts(connection, workspace, now)
    candidates = {
        post.post: Candidate(
            post.post, post.topics, post.networks, post.live_at, post.expires_at, post.asked
        )
        for post in posts
    }
    first = [post for post in posts if post.reach is Reach.FIRST_GROUP]
    found = workspaces.find(connection, workspace)
    budget = pace.budget_of(connection, found) if found is not None else None
    return Board(candidates, {post.post: post.revision for post in posts}, first, budget)


def plan(connection: Connection, workspace: str, board: Board, now: datetime, most: int) -> Planned:
    """Decide for the members whose moment has come; at most `most` of them get an ask.

    A member is looked at, decided for and moved on in this one transaction, so no two processes
    ever plan for the same one.
    """
    # Held, so that processes which plan at once do not each spend the whole budget.
    found = workspaces.find(connection, workspace, lock=True)
    if found is None:
        return Planned(0, 0)
    policy, left = pace.policy_of(connection, found, now, board.budget)
    if policy.frozen or policy.colour is Colour.RED or left == 0:
        return Planned(0, 0)
    due = members.due(connection, workspace, now, AT_ONCE)
    if not due:
        return Planned(0, 0)
    rooms = _rooms(connection, found, board.first, now)
    this = _Round(workspace, policy, now, min(left, most), board, rooms)
    known = [member.id for member in due]
    asked = asks.by_member(connection, known)
    answers: dict[int, list[Answered]] = defaultdict(list)
    for answer in asks.answers(connection, known):
        answers[answer.member].append(answer)
    misses: dict[int, Counter[str]] = defaultdict(Counter)
    for who, topics in asks.misses(connection, known, now - matching.MISSES_COUNT_FOR):
        misses[who].update(topics)
    looked_at = 0
    for member in due:
        if this.left == 0:
            break
        _decide(this, member, asked[member.id], answers[member.id], misses[member.id])
        looked_at += 1
    asks.settle(connection, dict.fromkeys(this.lapsed, now), Outcome.LAPSED)
    asks.add(connection, this.new)
    members.planned(connection, this.changes)
    proposals.count_asked(connection, Counter(row["post_id"] for row in this.new))
    return Planned(looked_at, len(this.new))


def left_open(connection: Connection, workspace: str, now: datetime) -> list[int]:
    """Members with an ask that may have lapsed by now."""
    before = now - timedelta(days=pacing.LAPSES_AFTER_DAYS)
    return asks.members_with_open(connection, workspace, before)


def count_lapsed(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Count what has lapsed for these members.

    A freeze, a spent budget and a red pace check hold planning back, but not time: an ask counts
    on the day on which it lapsed, so that a rest is not followed by a heap of them.
    """
    pace.count_lapsed(connection, members.all_locked(connection, numbers), now)


def unsized(connection: Connection, workspace: str, now: datetime) -> dict[int, int]:
    """How large the first groups of new posts should be. Counts members, so it is read aside."""
    return {
        post.post: first_group.size(proposals.count_fitting(connection, workspace, post))
        for post in proposals.open_posts(connection, workspace, now, Reach.FIRST_GROUP)
        if post.first_group is None
    }


def set_sizes(connection: Connection, sizes: Mapping[int, int]) -> None:
    """Keep the sizes; posts can be proposed from then on."""
    for post, size in sorted(sizes.items()):
        proposals.set_first_group(connection, post, size)


def judge_first_groups(connection: Connection, workspace: str, now: datetime) -> None:
    """Open posts that go well to everybody, and stop those that do not find their audience."""
    found = workspaces.find(connection, workspace)
    if found is not None:
        first = proposals.open_posts(connection, workspace, now, Reach.FIRST_GROUP)
        _rooms(connection, found, first, now)


def _rooms(
    connection: Connection, workspace: Workspace, first: Sequence[Open], now: datetime
) -> dict[int, int]:
    """How many more may be asked about each of these posts, which are with their first group."""
    rooms = {post.post: 0 for post in first}
    policy = workspace.policy
    for post, trial in proposals.trials(connection, first).items():
        judged = first_group.judge(trial, policy.workdays, policy.zone, now)
        changed = proposals.set_reach(connection, post, judged.reach)
        if judged.room is None:
            del rooms[post]
        else:
            rooms[post] = judged.room
        if judged.reach is Reach.STOPPED and changed:
            workspaces.owe(connection, workspace.id, NoticeKind.FIRST_GROUP_STOPPED, now, post=post)
    return rooms


def _decide(
    this: _Round,
    member: Member,
    asked: list[Ask],
    answers: list[Answered],
    misses: Mapping[str, int],
) -> None:
    """One member: what lapsed, whether they may be asked, about what, and when to look again."""
    facts = pace.facts_of(member, asked)
    lapsed = [ask.id for ask in pace.lapsed(facts, asked, this.now)]
    run, stopped_at = member.run + len(lapsed), member.stopped_at
    if run >= pacing.STOPS_AFTER:
        stopped_at = stopped_at or this.now
        next_ask_at = None
    else:
        moments = (pacing.wake_at(facts, this.policy, this.now), _tomorrow(facts, this.now))
        next_ask_at = min(filter(None, moments), default=None)  # the colour may change before
        if isinstance(pacing.decide(facts, this.policy, this.now), Allowed):
            history = _history(asked, answers, misses)
            if _propose(this, member, history):
                made = (*facts.asked, this.now)
                after = replace(facts, asked=made, pending=(*facts.pending, this.now))
                next_ask_at = pacing.wake_at(after, pace.PERSONAL, this.now)
            else:
                next_ask_at = _tomorrow(facts, this.now)
    this.lapsed += lapsed
    this.changes.append(replace(member, next_ask_at=next_ask_at, run=run, stopped_at=stopped_at))


def _propose(this: _Round, member: Member, history: History) -> bool:
    """Plan an ask about the post that fits the member best; False where none does."""
    chosen = member.preferences
    taste = Taste(member.id, frozenset(chosen.topics), frozenset(chosen.networks))
    candidates = this.board.candidates
    open_now = [post for number, post in candidates.items() if this.rooms.get(number, 1) > 0]
    choice = matching.choose(taste, open_now, history, this.now)
    if choice is None:
        return False
    this.new.append(
        {
            "workspace_id": this.workspace,
            "member_id": member.id,
            "post_id": choice.post,
            "turn": int(choice.again),
            "revision": this.board.revisions[choice.post],
            "asked_at": this.now,
        }
    )
    this.left -= 1
    candidate = candidates[choice.post]
    candidates[choice.post] = replace(candidate, asked=candidate.asked + 1)
    if choice.post in this.rooms:
        this.rooms[choice.post] -= 1
    return True


def _history(asked: list[Ask], answers: list[Answered], misses: Mapping[str, int]) -> History:
    """What the member has seen: asks count once sent or planned, answers wherever they were given.

    A post may come once more if its first ask, or a skip in the channel, ended with "later".
    """
    seen: dict[int, Seen] = {}
    turns: dict[int, list[Ask]] = defaultdict(list)
    for ask in asked:
        turns[ask.post].append(ask)
        seen[ask.post] = Seen(None)
    put_off = {
        ask.post: ask.settled_at
        for ask in asked
        if ask.outcome is Outcome.LATER and ask.settled_at is not None
    }
    for answer in answers:
        seen[answer.post] = Seen(None)
        if answer.reason is SkipReason.NOT_NOW:
            put_off[answer.post] = answer.at
        elif answer.post in put_off and answer.at > put_off[answer.post]:
            del put_off[answer.post]
    for post, at in put_off.items():
        if all(ask.turn == 0 for ask in turns[post]):
            seen[post] = Seen(at + matching.LATER_AFTER)
    return History(seen, misses)


def _tomorrow(facts: Facts, now: datetime) -> datetime | None:
    """When to look again where nothing fits: the next day on which they may be asked."""
    zone = ZoneInfo(facts.days.zone)
    morning = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
    return pacing.wake_at(facts, pace.PERSONAL, morning.astimezone(UTC))

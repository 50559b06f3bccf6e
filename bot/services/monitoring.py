"""What an operator's monitoring may know of what is stored: of the workspace, never of a person.

Which asks wait, and why somebody is not asked, is theirs. Of direct messages only what holds all
of them up is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain import channel_queue, rests
from bot.domain.model import Colour, Reason, Workspace
from bot.domain.rests import DIRECT, Rest, Target
from bot.domain.snapshot import day_of
from bot.services import pacing, retention
from bot.services import rests as rests_service
from bot.services.retention import Lateness
from bot.storage import announcements, notices, snapshots, workspaces
from bot.storage.tx import Tx

CHANNEL_REASONS = (
    Reason.FROZEN,
    Reason.CAP,
    Reason.GAP,
    Reason.DAY_OFF,
    Reason.HOURS,
    Reason.EMBARGO,
)
DIRECT_REASONS = (Reason.FROZEN, Reason.PACE_CHECK)


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stand at one moment.

    `post_is_due` says that a post may appear in the channel now, whether or not Slack takes it;
    otherwise `post_withheld` says why the next one may not, None where none waits.
    `direct_withheld` is what holds back everybody's direct messages. `direct_wait` and
    `notices_wait` are how long direct messages and lines to comms have been waiting for Slack.
    """

    post_is_due: bool
    post_withheld: Reason | None
    direct_withheld: frozenset[Reason]
    direct_wait: timedelta
    notices_wait: timedelta
    resting: dict[Target, Rest]
    late: Lateness
    snapshot_age: timedelta | None


def load_figures(tx: Tx) -> Figures | None:
    """Read them all; None where nobody has set up the workspace yet."""
    workspace = workspaces.find(tx)
    if workspace is None:
        return None
    due, withheld = _next_post(tx, workspace)
    resting = rests_service.load_resting(tx)
    direct = rests.find_holding(rests_service.load_known(tx, DIRECT), tx.now)
    day = snapshots.load_head(tx).day
    return Figures(
        post_is_due=due,
        post_withheld=withheld,
        direct_withheld=_held_back(workspace, tx.now),
        direct_wait=_since(None if direct is None else direct.since, tx.now),
        notices_wait=_since(notices.find_oldest_pending(tx), tx.now),
        resting=resting,
        late=retention.load_lateness(tx),
        snapshot_age=_age(day, workspace.policy.zone, tx.now),
    )


def _next_post(tx: Tx, workspace: Workspace) -> tuple[bool, Reason | None]:
    waiting = announcements.load_approved_posts(tx)
    if not waiting:
        return False, None
    announced = announcements.load_recent(tx)
    expected = channel_queue.forecast(waiting, announced, workspace.policy, tx.now)
    first = next(iter(expected.values()))
    return first.reason is None, first.reason


def _held_back(workspace: Workspace, now: datetime) -> frozenset[Reason]:
    policy = pacing.ask_policy(workspace, now)
    found = set()
    if policy.freeze is not None and policy.freeze.holds(now):
        found.add(Reason.FROZEN)
    if policy.colour is Colour.RED:
        found.add(Reason.PACE_CHECK)
    return frozenset(found)


def _since(moment: datetime | None, now: datetime) -> timedelta:
    return timedelta() if moment is None else max(timedelta(), now - moment)


def _age(day: date | None, zone: str, now: datetime) -> timedelta | None:
    """How many days ago the last snapshot was due, in whole days."""
    return None if day is None else day_of(now, zone) - day

"""The words of the product as enums and frozen values; every moment is an aware UTC datetime."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.delivery import Delivery
from bot.domain.draws import seed_of
from bot.domain.freeze import Freeze
from bot.domain.ids import (
    MemberId,
    NoticeId,
    PostId,
    UserId,
    WorkspaceId,
)
from bot.domain.post import Network
from bot.domain.retention import DEFAULT_EVIDENCE_YEARS, DEFAULT_POST_DAYS
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy


class Stage(StrEnum):
    """How far one member went with one post."""

    INTERESTED = "interested"
    OPENED = "opened"
    SHARED = "shared"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a member skipped; always optional."""

    NOT_MY_AUDIENCE = "not_my_audience"
    NOT_MY_VOICE = "not_my_voice"
    TOO_PROMOTIONAL = "too_promotional"
    TOO_OFTEN = "too_often"
    NOT_NOW = "not_now"


class DispatchState(StrEnum):
    """Where a dispatch (an announcement or an ask) stands on its way to Slack."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class NoticeKind(StrEnum):
    """What a notice tells the comms channel."""

    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    TROUBLE = "trouble"
    UNCERTAIN = "uncertain"
    FIRST_GROUP_STOPPED = "first_group_stopped"
    PACE_CHECK = "pace_check"
    WORDINGS_USED_UP = "wordings_used_up"
    NOTE = "note"
    SENT_BACK = "sent_back"
    WAITS_AGAIN = "waits_again"
    STILL_WAITS = "still_waits"
    POSTS_END = "posts_end"
    NOT_CHANGED = "not_changed"
    SCHEDULE = "schedule"
    FEED_DRAFTS = "feed_drafts"
    FEED_FAILS = "feed_fails"
    FEED_MOVED = "feed_moved"
    SUGGESTION = "suggestion"
    SHARE_NOTES = "share_notes"
    SECOND_APPROVER = "second_approver"


class Pace(StrEnum):
    """How often a member may be asked directly, at most; slowest first."""

    MONTHLY = "1_a_month"
    FORTNIGHTLY = "1_in_2_weeks"
    WEEKLY = "1_a_week"
    TWICE_A_WEEK = "2_a_week"
    THRICE_A_WEEK = "3_a_week"


class Outcome(StrEnum):
    """What became of an ask: the member's last click on it, or that none came in time.

    ENDED: nobody could click any more, since the post had ended or the member had left. It says
    nothing about the member, the post or the pace.
    """

    SHARED = "shared"
    SKIPPED = "skipped"
    LATER = "later"
    OTHER = "other"
    LAPSED = "lapsed"
    ENDED = "ended"


class Shown(StrEnum):
    """What the message of an ask shows.

    POST: the post with its buttons. ANSWERED: its title, the same whatever was answered. ENDED:
    that the post has ended. CLOSED: one plain line, since consent has ended; that stays so.
    """

    POST = "post"
    ANSWERED = "answered"
    ENDED = "ended"
    CLOSED = "closed"


class Reach(StrEnum):
    """Whom a live post may be proposed to: a small first group, everybody it fits, or nobody."""

    FIRST_GROUP = "first_group"
    EVERYBODY = "everybody"
    STOPPED = "stopped"


class Colour(StrEnum):
    """What the pace check shows: all well, slower, or no new asks."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily window in local minutes since midnight: `start` belongs to it, `end` does not."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """How often and when the opt-in channel may get a post.

    `zone` is an IANA name; hours and workdays (Monday is 0) are read in it. `weekly_cap` counts
    in any seven days, not in calendar weeks; until `first_month_ends` (aware) it is one, whatever
    stands there. `freeze` is the one that holds, if any.
    """

    min_gap: timedelta
    weekly_cap: int
    hours: Hours
    workdays: frozenset[int]
    zone: str
    freeze: Freeze | None = None
    first_month_ends: datetime | None = None


class Reason(StrEnum):
    """Why something is withheld for now."""

    FROZEN = "frozen"
    CAP = "cap"
    GAP = "gap"
    DAY_OFF = "day_off"
    HOURS = "hours"
    EMBARGO = "embargo"
    QUEUE = "queue"
    NO_CONSENT = "no_consent"
    NOT_DIRECT = "not_direct"
    NO_TOPICS = "no_topics"
    NO_NETWORKS = "no_networks"
    STOPPED = "stopped"
    PAUSED = "paused"
    PACE_CHECK = "pace_check"
    BUDGET = "budget"
    HOLIDAY = "holiday"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may go out now."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """It may not go out now.

    `until` is the first instant at which it could if nothing else happens; None where only a
    person can change it (a freeze without an end).
    """

    reason: Reason
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Workspace:
    """One Slack team and the policy chosen for it. Channels are Slack ids.

    `topics` are offered to members beside those of posts. A post whose form names no end ends
    `post_days` after it went out. `asks_per_week` is how many direct asks
    there may be for each member, on average. `figures` says whether figures are published, with at
    least `least_people` behind each and behind the rest. `analytics_url` is where visits are
    counted, with `{campaign}` for a post, or empty. `guests_may_join` says whether guests of the
    Slack workspace may be members, `previews` whether the pages behind links
    are looked at. `colour` is the last reading of the pace check; comms acknowledged a red one at
    `acknowledged_at`.
    """

    id: WorkspaceId
    advocacy_channel: str
    comms_channel: str
    policy: ChannelPolicy
    disclosure: str
    approvals: int
    topics: tuple[str, ...] = ()
    consent_months: int = 6
    post_days: int = DEFAULT_POST_DAYS
    evidence_years: int = DEFAULT_EVIDENCE_YEARS
    asks_per_week: float = 1.0
    figures: bool = False
    least_people: int = 6  # `snapshot.LEAST_PEOPLE`, which can't be imported here
    analytics_url: str = ""
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY
    guests_may_join: bool = False
    previews: bool = True
    colour: Colour = Colour.GREEN
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a member chooses for the posts they see; hours and workdays are read in their zone.

    `topics` are keys (see `bot/domain/topics.py`), `networks` those they have an audience on.
    `country` (ISO 3166, two letters) is the one whose public holidays they keep, `region` a part of
    it as the calendar names them, None where they named none. `language` (ISO 639-1) is the one
    they like to share in, None for any.
    """

    delivery: frozenset[Delivery] = frozenset()
    pace: Pace = Pace.WEEKLY
    topics: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    hours: Hours = Hours(9 * 60 + 30, 16 * 60 + 30)
    workdays: frozenset[int] = frozenset(range(5))
    country: str | None = None
    region: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DirectChoice:
    """What a member chooses with direct messages: how often at most, about what, and for where."""

    pace: Pace
    topics: tuple[str, ...]
    networks: tuple[Network, ...]


UNDO_LEAVE_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LeaveUndo:
    """What taking back a leave needs; only its button carries it, so that nothing is stored.

    `paused_until` is the pause that ended with it.
    """

    left_at: datetime
    paused_until: datetime | None


def consents(left_at: datetime | None, consent_ends_at: datetime, now: datetime) -> bool:
    """Whether consent is valid at `now`: the one place that says so. Moments are aware."""
    return left_at is None and now < consent_ends_at


@dataclass(frozen=True, slots=True)
class Member:
    """An employee who gave consent, at `consented_at`, until `consent_ends_at` or `left_at`.

    These and `stopped_at`, when the bot stopped asking by itself, are as coarse as a day.
    `network` is the one they opened last. `consecutive_declines` counts the asks in a row that were
    skipped or lapsed. `last_asked_at` is about asks that are not stored any more.
    `mastodon_instance` is the host name of their server there, once they have named it.
    """

    id: MemberId
    user_id: UserId
    consented_at: datetime
    consent_ends_at: datetime
    left_at: datetime | None
    paused_until: datetime | None
    time_zone: str
    network: Network | None
    preferences: Preferences
    consecutive_declines: int
    stopped_at: datetime | None
    last_asked_at: datetime | None
    next_ask_at: datetime | None
    mastodon_instance: str | None = None

    @property
    def seed(self) -> int:
        """What they draw with."""
        return seed_of(self.user_id)

    def consents(self, now: datetime) -> bool:
        """Whether consent is valid at `now`."""
        return consents(self.left_at, self.consent_ends_at, now)

    def paused(self, now: datetime) -> bool:
        """Whether the member asked not to be asked at `now`."""
        return self.paused_until is not None and now < self.paused_until


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that the bot owes the comms channel: about a post, by somebody, or with a detail.

    `not_before` is until when it had to wait (aware), None where it had not.
    """

    id: NoticeId
    kind: NoticeKind
    post_id: PostId | None
    actor_id: UserId | None
    detail: str | None
    not_before: datetime | None = None

"""A workspace on a real database, a clock that only the test moves, and short ways to a state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, Row, insert, select

from bot.domain.delivery import Delivery
from bot.domain.hours import start_of_day
from bot.domain.ids import AskId, PostId, UserId, WorkspaceId
from bot.domain.model import ChannelPolicy, Hours, Member, Preferences, Stage, Workspace
from bot.domain.post import Content, Network, Post, Wording
from bot.domain.responses import Answer, Unanswerable
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.services import announcements as announcements_service
from bot.services import asks as asks_service
from bot.services import membership, pacing, planning, posts, responses, retention
from bot.services import preferences as preferences_service
from bot.services.announcements import ClaimedAnnouncement
from bot.services.planning import Planned
from bot.services.posts import FormOrigin, PostResult, Refusal, Refused
from bot.services.responses import Stored
from bot.storage import announcements, members, workspaces
from bot.storage.announcements import Announcement
from bot.storage.asks import SendableAsk
from bot.storage.columns import Base
from bot.storage.tables import AskRow, MemberRow, PostRow
from bot.storage.tx import Tx

P = ParamSpec("P")
R = TypeVar("R")

# A Tuesday, 10:00 in Berlin: inside the channel's hours.
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEAM = WorkspaceId("T_ACME")
OTHER_TEAM = WorkspaceId("T_OTHER")
NEWS = "C_NEWS"
CLEO, CARL = UserId("U_CLEO"), UserId("U_CARL")  # comms
AMARA, BO = UserId("U_AMARA"), UserId("U_BO")  # staff
ZONE = "Europe/Berlin"
GAP = timedelta(hours=4)
CAP = 3
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
CONSENT_LASTS = 6 * membership.MONTH
NO_CONSENT = ("never joined", "left", "consent ended")
MOMENT = timedelta(microseconds=1)
# Later on that Tuesday, 15:45 in Berlin: in the hour that every member's day keeps open.
AFTERNOON = START + timedelta(hours=5, minutes=45)

# Whoever chose this can be asked about the usual post.
DIRECT = Preferences(
    delivery=frozenset({Delivery.DIRECT}), topics=("releases",), networks=(Network.LINKEDIN,)
)

POLICY = ChannelPolicy(
    min_gap=GAP,
    weekly_cap=CAP,
    hours=Hours(9 * 60, 17 * 60),
    workdays=frozenset(range(5)),
    zone=ZONE,
)


def today(moment: datetime) -> datetime:
    """The moment as it is stored where a day is enough."""
    return start_of_day(moment, ZONE)


def workspace(
    team: str = TEAM,
    *,
    approvals: int = 2,
    asks_per_week: float = 1.0,
    consent_months: int = 6,
    figures: bool = False,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
    **policy: Any,
) -> Workspace:
    """A workspace with the usual policy, or with parts of it changed."""
    return Workspace(
        id=WorkspaceId(team),
        advocacy_channel=NEWS,
        comms_channel="G_COMMS",
        policy=replace(POLICY, **policy),
        disclosure="#AcmeEmployee",
        approvals=approvals,
        asks_per_week=asks_per_week,
        consent_months=consent_months,
        figures=figures,
        sharing_policy=sharing_policy,
    )


def content(**changed: Any) -> Content:
    """A content that could be approved, or with parts of it changed."""
    usual = Content(
        title="Our new release is out",
        link="https://flink.example.org/a-release/",
        why="It halves the time that a backup takes.",
        topics=("releases",),
        wordings=(
            Wording(Network.LINKEDIN, "Backups now take half the time."),
            Wording(Network.X, "Backups in half the time."),
        ),
        not_before=None,
        expires_at=None,
    )
    return replace(usual, **changed)


@dataclass(frozen=True)
class Transactions:
    """Runs services for one workspace at one moment."""

    engine: Engine
    team: str
    now: datetime

    def run(self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a service and commit."""
        with self.engine.begin() as connection:
            return service(Tx(connection, WorkspaceId(self.team), self.now), *args, **kwargs)


class ServiceWorld:
    """Calls services, each in a transaction of its own; `now` is the only clock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START
        self._forms = count(1)

    def erase(self, *, team: str = TEAM) -> None:
        """Erase all that is due by now, as one heartbeat after the other does."""
        while self.within(team=team).run(retention.erase_due):
            pass

    def within(self, *, team: str = TEAM, now: datetime | None = None) -> Transactions:
        """The same database, for another workspace or another moment."""
        return Transactions(self.engine, team, now or self.now)

    def run(self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a service for the first workspace, now, and commit."""
        return self.within().run(service, *args, **kwargs)

    def rows(self, table: type[Base]) -> Sequence[Row[Any]]:
        """What is stored in a table, oldest first."""
        columns = table.__table__
        query = select(columns).order_by(*columns.primary_key)
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    def form(self, post: int | None = None, revision: int = 0) -> FormOrigin:
        """A form opened on a post, or on nothing."""
        post_id = PostId(post) if post is not None else None
        return FormOrigin(f"V{next(self._forms)}", post_id, revision)

    # Comms

    def submit(
        self, edition: FormOrigin, *, who: str = CLEO, **changed: Any
    ) -> PostResult | Refused:
        return self.run(posts.submit, UserId(who), edition, content(**changed))

    def save(self, edition: FormOrigin, *, who: str = CLEO, **changed: Any) -> PostResult | Refused:
        return self.run(posts.save_draft, UserId(who), edition, content(**changed))

    def edit(self, post: int, *, who: str = CLEO, draft: bool = False, **changed: Any) -> Post:
        """Open a form on the newest content and submit (or only save) it changed."""
        edition = self.form(post, self.post(post).revision)
        return post_of((self.save if draft else self.submit)(edition, who=who, **changed))

    def approve(
        self, post: int, *, who: str = CARL, revision: int | None = None
    ) -> PostResult | Refused:
        return self.run(posts.approve, UserId(who), PostId(post), revision)

    def send_back(
        self, post: int, reason: str = "Too long.", *, revision: int | None = None
    ) -> PostResult | Refused:
        return self.run(posts.send_back, CARL, PostId(post), revision, reason)

    def withdraw(self, post: int) -> PostResult | Refused:
        return self.run(posts.withdraw, CARL, PostId(post))

    def in_review(self, **changed: Any) -> int:
        """A post that waits for approval."""
        return post_of(self.submit(self.form(), **changed)).id

    def approved(self, **changed: Any) -> int:
        """A post that waits for the channel."""
        post = self.in_review(**changed)
        post_of(self.approve(post))
        return post

    # The channel

    def claim(self) -> ClaimedAnnouncement | None:
        return self.run(announcements_service.claim_next)

    def claimed(self) -> ClaimedAnnouncement:
        found = self.claim()
        assert found is not None
        return found

    def record_sent(self, claimed: ClaimedAnnouncement, ts: str = "100.1") -> None:
        self.run(announcements_service.record_sent, claimed, NEWS, ts)

    def record_uncertain(self, claimed: ClaimedAnnouncement) -> None:
        self.run(announcements_service.record_uncertain, claimed)

    def live(self, **changed: Any) -> int:
        """A post that has just gone out; a week is let pass before it where others were first."""
        if self.rows(PostRow):
            self.now += WEEK
        post = self.approved(**changed)
        claimed = self.claimed()
        assert claimed.post.id == post
        self.record_sent(claimed, ts=f"{post}00.1")
        return post

    def uncertain(self, **changed: Any) -> int:
        """A post of which nobody knows whether it is in the channel."""
        post = self.approved(**changed)
        self.record_uncertain(self.claimed())
        return post

    # What is stored

    def post(self, post: int) -> Post:
        """A post with its newest content."""
        found = self.run(posts.find_post, PostId(post))
        assert found is not None
        return found

    def announcement(self, post: int) -> Announcement:
        found = self.run(announcements.find, PostId(post))
        assert found is not None
        return found

    def save_workspace(self, **changed: Any) -> None:
        self.run(workspaces.save, workspace(**changed))

    # Staff

    def join(self, user: str = AMARA) -> Member:
        joined = self.run(membership.join, UserId(user), ZONE)
        assert joined.member is not None
        return joined.member

    def without_consent(self, how: str) -> None:
        """Amara, of whom nothing may be kept; NO_CONSENT says how that comes."""
        if how != "never joined":
            self.join()
        if how == "left":
            self.run(membership.leave, AMARA)
        if how == "consent ended":
            self.now += CONSENT_LASTS

    def respond(self, user: str, post: int, answer: Answer | Stage) -> Stored | Unanswerable:
        """One click."""
        given = Answer(answer) if isinstance(answer, Stage) else answer
        return self.run(responses.record_response, UserId(user), PostId(post), given)

    # Asks

    def member(self, user: str = AMARA, **chosen: Any) -> int:
        """Somebody who can be asked directly, or with parts of that changed; returns their id."""
        joined = self.join(user)
        self.choose(user, **chosen)
        return joined.id

    def members(self, users: Sequence[str], **chosen: Any) -> list[int]:
        """So many who joined and chose alike, at this moment; returns their ids.

        The first does it; the others have rows like the first one's, which is much quicker.
        """
        first, *others = users
        self.member(first, **chosen)
        return self._like(first, others)

    def join_all(self, users: Sequence[str]) -> list[int]:
        """So many who joined at this moment, in the same way; returns their ids."""
        first, *others = users
        self.join(first)
        return self._like(first, others)

    def _like(self, first: str, others: Sequence[str]) -> list[int]:
        member, row = self.run(members.find, UserId(first)), self.stored(first)._asdict()
        assert member is not None
        own = row.pop("id")
        rows = []
        for user in map(UserId, others):
            # Each has a minute of the day of their own.
            looked_at = pacing.next_look_at(replace(member, user_id=user), (), self.now)
            rows.append({**row, "user": user, "next_ask_at": looked_at})
        with self.engine.begin() as connection:
            if rows:
                connection.execute(insert(MemberRow), rows)
            made = select(MemberRow.id).where(MemberRow.id > own, MemberRow.user.in_(others))
            return [own, *connection.execute(made.order_by(MemberRow.id)).scalars()]

    def choose(self, user: str = AMARA, **chosen: Any) -> None:
        self.run(preferences_service.choose, UserId(user), replace(DIRECT, **chosen))

    def stored(self, user: str = AMARA) -> Row[Any]:
        """The member's row."""
        [row] = [row for row in self.rows(MemberRow) if row.user == user]
        return row

    def plan(self, most: int = 100, rounds: int = 12) -> Planned:
        """What a heartbeat plans, in as many rounds as it takes."""
        candidates = self.run(planning.load_candidates)
        looked_at = asks = 0
        for _ in range(rounds):
            one = self.run(planning.plan, candidates, most - asks)
            looked_at, asks = looked_at + one.looked_at, asks + one.asks
            if one.looked_at < planning.AT_ONCE or asks == most:
                break
        return Planned(looked_at, asks)

    def planned(self, most: int = 100) -> list[tuple[int, int]]:
        """Plan, and return whom it is going to ask about what: member and post."""
        known = {row.id for row in self.rows(AskRow)}
        self.plan(most)
        return [(row.member_id, row.post_id) for row in self.rows(AskRow) if row.id not in known]

    def claim_ask(
        self, ask: int, quiet: tuple[datetime, datetime] | None = None
    ) -> asks_service.ClaimedAsk | None:
        return self.run(asks_service.claim, AskId(ask), quiet)

    def send_planned(self) -> list[int]:
        """Claim what waits and let Slack take it; returns the asks that went out."""
        sendable = self.run(asks_service.find_work, 1000).sendable
        return self.run(_send, sendable) if sendable else []

    def ask(self, user: str = AMARA, **chosen: Any) -> int:
        """A new member and a new post, which has just been proposed to them; returns the post."""
        self.member(user, **chosen)
        post = self.live()
        self.plan()
        assert self.send_planned()
        return post


def _send(tx: Tx, sendable: Sequence[SendableAsk]) -> list[int]:
    """Claim each and let Slack take it: all in one transaction, as no Slack is asked here."""
    sent: list[int] = []
    for waiting in sendable:
        claimed = asks_service.claim(tx, waiting.id, None)
        if claimed is not None:
            asks_service.record_sent(
                tx, claimed.ask_id, f"D{waiting.member_id}", f"{claimed.ask_id}.5"
            )
            sent.append(claimed.ask_id)
    return sent


def post_of(result: PostResult | Refused) -> Post:
    """The post of a request that was not refused."""
    assert isinstance(result, PostResult), result
    return result.post


def refusal_of(result: PostResult | Refused) -> Refusal:
    """Why a request was refused."""
    assert isinstance(result, Refused), result
    return result.why

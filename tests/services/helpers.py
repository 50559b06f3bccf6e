"""A workspace on a real database, a clock that only the test moves, and short ways to a state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Row, select

from bot.domain.model import (
    ChannelPolicy,
    Content,
    Delivery,
    Hours,
    Member,
    Network,
    Post,
    Preferences,
    Stage,
    Wording,
    Workspace,
)
from bot.services import announcing, asking, curation, membership, planning, responding
from bot.services.announcing import Claimed
from bot.services.curation import Edition, Kept, Refusal, Refused
from bot.services.planning import Planned
from bot.services.responding import Answer, Stored, Unanswerable
from bot.storage import announcements, workspaces
from bot.storage.announcements import Announcement
from bot.storage.columns import Base
from bot.storage.tables import AskRow, MemberRow, PostRow

P = ParamSpec("P")
R = TypeVar("R")

# A Tuesday, 10:00 in Berlin: inside the channel's hours.
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEAM = "T_ACME"
OTHER_TEAM = "T_OTHER"
NEWS = "C_NEWS"
CLEO, CARL = "U_CLEO", "U_CARL"  # comms
AMARA, BO = "U_AMARA", "U_BO"  # staff
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


def workspace(
    team: str = TEAM, *, approvals: int = 2, asks_per_week: float = 1.0, **policy: Any
) -> Workspace:
    """A workspace with the usual policy, or with parts of it changed."""
    return Workspace(
        id=team,
        advocacy_channel=NEWS,
        comms_channel="G_COMMS",
        policy=replace(POLICY, **policy),
        disclosure="#AcmeEmployee",
        approvals=approvals,
        asks_per_week=asks_per_week,
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


class Desk:
    """Calls services, each in a transaction of its own; `now` is the only clock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START
        self._forms = count(1)

    def do(
        self, service: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a service and commit."""
        with self.engine.begin() as connection:
            return service(connection, *args, **kwargs)

    def rows(self, table: type[Base]) -> Sequence[Row[Any]]:
        """What is stored in a table, oldest first."""
        columns = table.__table__
        query = select(columns).order_by(*columns.primary_key)
        with self.engine.connect() as connection:
            return connection.execute(query).all()

    def form(self, post: int | None = None, revision: int = 0) -> Edition:
        """A form opened on a post, or on nothing."""
        return Edition(f"V{next(self._forms)}", post, revision)

    # Comms

    def submit(self, edition: Edition, *, who: str = CLEO, **changed: Any) -> Kept | Refused:
        return self.do(curation.submit, TEAM, who, edition, content(**changed), self.now)

    def save(self, edition: Edition, *, who: str = CLEO, **changed: Any) -> Kept | Refused:
        return self.do(curation.save_draft, TEAM, who, edition, content(**changed), self.now)

    def edit(self, post: int, *, who: str = CLEO, draft: bool = False, **changed: Any) -> Post:
        """Open a form on the newest content and submit (or only save) it changed."""
        edition = self.form(post, self.post(post).revision)
        return kept((self.save if draft else self.submit)(edition, who=who, **changed))

    def approve(self, post: int, *, who: str = CARL, revision: int | None = None) -> Kept | Refused:
        return self.do(curation.approve, TEAM, who, post, revision, self.now)

    def send_back(
        self, post: int, reason: str = "Too long.", *, revision: int | None = None
    ) -> Kept | Refused:
        return self.do(curation.send_back, TEAM, CARL, post, revision, reason, self.now)

    def withdraw(self, post: int) -> Kept | Refused:
        return self.do(curation.withdraw, TEAM, CARL, post, self.now)

    def in_review(self, **changed: Any) -> int:
        """A post that waits for approval."""
        return kept(self.submit(self.form(), **changed)).id

    def approved(self, **changed: Any) -> int:
        """A post that waits for the channel."""
        post = self.in_review(**changed)
        kept(self.approve(post))
        return post

    # The channel

    def claim(self) -> Claimed | None:
        return self.do(announcing.claim_next, TEAM, self.now)

    def claimed(self) -> Claimed:
        found = self.claim()
        assert found is not None
        return found

    def record_sent(self, claimed: Claimed, ts: str = "100.1") -> None:
        self.do(announcing.record_sent, TEAM, claimed, NEWS, ts, self.now)

    def record_uncertain(self, claimed: Claimed) -> None:
        self.do(announcing.record_uncertain, TEAM, claimed.id, claimed.post.id, self.now)

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
        found = self.do(curation.read, TEAM, post)
        assert found is not None
        return found

    def announcement(self, post: int) -> Announcement:
        found = self.do(announcements.find, TEAM, post)
        assert found is not None
        return found

    def save_workspace(self, **changed: Any) -> None:
        self.do(workspaces.save, workspace(**changed))

    # Staff

    def join(self, user: str = AMARA) -> Member:
        joined = self.do(membership.join, TEAM, user, ZONE, self.now)
        assert joined.member is not None
        return joined.member

    def without_consent(self, how: str) -> None:
        """Amara, of whom nothing may be kept; NO_CONSENT says how that comes."""
        if how != "never joined":
            self.join()
        if how == "left":
            self.do(membership.leave, TEAM, AMARA, self.now)
        if how == "consent ended":
            self.now += CONSENT_LASTS

    def respond(self, user: str, post: int, answer: Answer | Stage) -> Stored | Unanswerable:
        """One click."""
        given = Answer(answer) if isinstance(answer, Stage) else answer
        return self.do(responding.respond, TEAM, user, post, given, self.now)

    # Asks

    def member(self, user: str = AMARA, **chosen: Any) -> int:
        """Somebody who can be asked directly, or with parts of that changed; returns their id."""
        joined = self.join(user)
        self.choose(user, **chosen)
        return joined.id

    def choose(self, user: str = AMARA, **chosen: Any) -> None:
        self.do(membership.choose, TEAM, user, replace(DIRECT, **chosen), self.now)

    def stored(self, user: str = AMARA) -> Row[Any]:
        """The member's row."""
        [row] = [row for row in self.rows(MemberRow) if row.user == user]
        return row

    def proposable(self, **changed: Any) -> int:
        """A live post whose first group has a size."""
        post = self.live(**changed)
        self.size_first_groups()
        return post

    def size_first_groups(self) -> None:
        self.do(planning.set_sizes, self.do(planning.unsized, TEAM, self.now))

    def plan(self, most: int = 100, rounds: int = 12) -> Planned:
        """What a heartbeat plans, in as many rounds as it takes."""
        board = self.do(planning.board, TEAM, self.now)
        looked_at = asks = 0
        for _ in range(rounds):
            one = self.do(planning.plan, TEAM, board, self.now, most - asks)
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
    ) -> asking.Claimed | None:
        return self.do(asking.claim, TEAM, ask, quiet, self.now)

    def send_planned(self) -> list[int]:
        """Claim what waits and let Slack take it; returns the asks that went out."""
        sent = []
        for waiting in self.do(asking.find, TEAM, self.now, 1000).waiting:
            claimed = self.claim_ask(waiting.id)
            if claimed is not None:
                self.do(asking.record_sent, claimed.id, f"D{waiting.member}", f"{claimed.id}.5")
                sent.append(claimed.id)
        return sent

    def ask(self, user: str = AMARA, **chosen: Any) -> int:
        """A new member and a new post, which has just been proposed to them; returns the post."""
        self.member(user, **chosen)
        post = self.proposable()
        self.plan()
        assert self.send_planned()
        return post


def kept(result: Kept | Refused) -> Post:
    """The post of a request that was not refused."""
    assert isinstance(result, Kept), result
    return result.post


def why(result: Kept | Refused) -> Refusal:
    """Why a request was refused."""
    assert isinstance(result, Refused), result
    return result.why

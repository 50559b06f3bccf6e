"""The curious manager as a property: whatever people did, no figure is about a few."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View
from sqlalchemy import Engine, update

from bot import exports
from bot.domain.delivery import Delivery
from bot.domain.desk import Viewer
from bot.domain.exports import Form
from bot.domain.ids import MemberId, PostId, UserId
from bot.domain.lessons import LessonCatalog
from bot.domain.link_tags import TagNames
from bot.domain.model import DispatchState, Preferences, SkipReason, Stage
from bot.domain.post import Network
from bot.domain.report import SpanReport
from bot.domain.responses import Answer
from bot.domain.sharing_policy import SharingPolicy
from bot.services import home_tab, membership, pace_check, preferences, reports, reviews
from bot.services import post_lists as post_lists_service
from bot.slack.views import home_tab as home_tab_view
from bot.slack.views import pace_check as pace_check_view
from bot.slack.views import post_lists, report_file, transparency
from bot.slack.views import reports as reports_view
from bot.slack.views import review as review_view
from bot.slack.views.text import Message
from bot.storage import asks
from bot.storage.asks import PlannedAsk
from bot.storage.tables import AskRow, MemberRow
from bot.storage.tx import Tx
from slack_sandbox.text import Reader, plain_text_of_blocks
from tests.conftest import empty
from tests.services.helpers import CARL, CLEO, DAY, ZONE, ServiceWorld
from tests.services.test_closing import COMMS, daily
from tests.weeks import reading
from tests.weeks.manager import Manager, Post
from tests.weeks.staff import Reaction

IS_SHORT: Final = settings().max_examples <= settings.get_profile("short").max_examples
START: Final = datetime(2026, 8, 24, 8, tzinfo=ZoneInfo("UTC"))  # a Monday
TOPICS: Final = ("releases", "hiring", "culture", "events")
_HOW_MANY: Final = (8, 8, 4, 3, 2)  # people, of each taste
_DONE: Final = (
    None,
    Reaction(Stage.INTERESTED),
    *(Reaction(stage, one) for stage in (Stage.OPENED, Stage.SHARED) for one in list(Network)[:3]),
    *(Reaction(Stage.SKIPPED, None, reason) for reason in (None, *list(SkipReason)[:3])),
)


@dataclass(frozen=True, slots=True)
class Month:
    """What happens in a month: who joins and leaves, and what people do with each of its posts.

    Of each post, everybody does one of the usual things; `asked` says whom it was proposed to.
    """

    joins: int
    leaves: int
    posts: Sequence[tuple[Sequence[Reaction | None], int]]


@dataclass(frozen=True, slots=True)
class History:
    """So many people, and their months; `seed` decides who does what.

    Everybody follows the topics of one of `tastes`, most of them those of the first ones.
    """

    people: int
    tastes: Sequence[tuple[str, ...]]
    months: Sequence[Month]
    seed: int


_posts = st.tuples(
    st.lists(st.sampled_from(_DONE), min_size=2, max_size=6).map(tuple), st.integers(0, 3)
)
_months = st.builds(
    Month,
    st.integers(0, 7),
    st.integers(0, 7),
    st.lists(_posts, min_size=1, max_size=3).map(tuple),
)
_tastes = st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True).map(tuple)
histories = st.builds(
    History,
    st.integers(25, 48),
    st.lists(_tastes, min_size=2, max_size=5).map(tuple),
    st.lists(_months, min_size=2, max_size=4).map(tuple),
    st.integers(0, 10**6),
)


@dataclass(frozen=True, slots=True)
class _Ended:
    """A post that ended, who was a member then, and who is behind each of its figures."""

    post: int
    at: datetime
    people: frozenset[str]
    answers: Mapping[str, frozenset[str]]


@dataclass
class Company:
    """A company in which a history is played by the services, and all that its screens say."""

    world: ServiceWorld
    manager: Manager
    posts: dict[int, Post] = field(default_factory=dict)
    members: dict[date, frozenset[str]] = field(default_factory=dict)
    follow: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    tastes: Sequence[tuple[str, ...]] = ()
    staff: list[UserId] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    waiting: list[_Ended] = field(default_factory=list)
    joined: int = 0

    def play(self, history: History) -> None:
        """All of it, with every screen read each week."""
        chance = Random(history.seed)
        self.tastes = history.tastes
        for user in COMMS:
            self.world.join(user)
        self._join(history.people, chance)
        for topic in TOPICS:
            self._name()
            self.world.in_review(title=self.titles[-1], topics=(topic,), link=self._link())
        self._let_a_week_pass()
        for month in history.months:
            self._join(month.joins, chance)
            for user in self.staff[: month.leaves]:
                self.world.run(membership.leave, user)
                self.staff.remove(user)
            for usual, asked in month.posts:
                self._publish(usual, asked, chance)
            for _ in range(4):
                self._let_a_week_pass()
        for _ in range(4):
            self._let_a_week_pass()
        self.manager.look("the end", self._files())

    def findings(self) -> list[str]:
        """What the figures give away."""
        return list(self.manager.findings(self.posts, self.members, self.follow))

    def _join(self, people: int, chance: Random) -> None:
        for _ in range(people):
            user = UserId(f"U{self.joined:03}")
            self.joined += 1
            self.world.join(user)
            [topics] = chance.choices(self.tastes, _HOW_MANY[: len(self.tastes)])
            way = frozenset({Delivery.DIRECT}) if chance.random() < 0.8 else frozenset[Delivery]()
            chosen = Preferences(way, topics=topics, networks=(Network.LINKEDIN,))
            self.world.run(preferences.choose, user, chosen)
            self.staff.append(user)

    # Posts

    def _publish(self, usual: Sequence[Reaction | None], asked: int, chance: Random) -> None:
        """One post that people answer, and that has ended."""
        title = self._name()
        number = self.world.live(title=title, link=self._link(), topics=(TOPICS[0],))
        names = [user for user in self.staff if chance.randrange(3) < asked]
        self._ask(number, names)
        answers: dict[str, set[str]] = {reading.ASKED: set(names)}
        for user in self.staff:
            done = chance.choice(usual)
            if done is not None:
                answer = Answer(done.stage, network=done.network, reason=done.reason)
                self.world.respond(user, number, answer)
                for figure in done.figures():
                    answers.setdefault(figure, set()).add(user)
        self.world.withdraw(number)
        told = {figure: frozenset(people) for figure, people in answers.items()}
        self.waiting.append(_Ended(number, self.world.now, frozenset(self.staff), told))

    def _name(self) -> str:
        """The title of one more post, without any number."""
        self.titles.append(f"The story of {'abcdefghijklmnopqrstuvwxyz'[len(self.titles)] * 9}")
        return self.titles[-1]

    def _link(self) -> str:
        return f"https://news.example.org/{len(self.titles)}"

    def _ask(self, post: int, users: Sequence[UserId]) -> None:
        def ask(tx: Tx) -> None:
            members = [MemberId(ids[user]) for user in users]
            asks.insert_planned(tx, [PlannedAsk(one, PostId(post), 0, 1) for one in members])
            sent = {"state": DispatchState.SENT, "claimed_at": tx.now}
            tx.connection.execute(update(AskRow).where(AskRow.post_id == post).values(sent))

        ids = {row.user: row.id for row in self.world.rows(MemberRow)}
        if users:
            self.world.run(ask)

    # Time

    def _let_a_week_pass(self) -> None:
        to_monday = timedelta(days=7 - self.world.now.weekday())
        daily(self.world, step=to_monday)
        self._catch_up()
        self._look()

    def _catch_up(self) -> None:
        """Note who is behind what has closed, or was counted, by now."""
        now, people = self.world.now, frozenset(self.staff)
        day = now.astimezone(ZoneInfo(ZONE)).date()
        quarter = date(day.year, day.month - (day.month - 1) % 3, 1)
        self.members.setdefault(quarter, people)
        for one in self.waiting:
            if one.post not in self.posts and one.at + 7 * DAY <= now:
                month = one.at.astimezone(ZoneInfo(ZONE)).date().replace(day=1)
                self.posts[one.post] = Post(month, people & one.people, one.answers)

    # Screens

    def _look(self) -> None:
        week = f"the week of {self.world.now:%d %B %Y}"
        self.follow[week] = self._find_followers()
        self.manager.look(week, self.world.run(self._load_screens))

    def _find_followers(self) -> dict[str, frozenset[str]]:
        rows = [row for row in self.world.rows(MemberRow) if row.user in self.staff]
        asked = [row for row in rows if row.next_ask_at is not None]
        everybody = {"": frozenset(row.user for row in asked)}
        return everybody | {
            topic: frozenset(row.user for row in asked if topic in row.topics) for topic in TOPICS
        }

    def _load_screens(self, tx: Tx) -> list[tuple[str, str]]:
        """What comms and a colleague would be shown now."""
        newest = reports.load_newest(tx)
        months = {newest.month or self.world.now.date().replace(day=1)}
        months |= {post.month for post in self.posts.values()}
        found: list[tuple[str, Any]] = [("report", _of_span(newest))]
        found += [(f"report {one:%B}", _of_span(reports.load_month(tx, one))) for one in months]
        for post in range(1, len(self.titles) + 1):
            one = reports.load_post(tx, PostId(post))
            if one is not None:
                found.append((f"report {post}", reports_view.of_post(one, TagNames())))
        for post in range(1, len(TOPICS) + 1):
            review = reviews.load_review(tx, Viewer(CARL), PostId(post))
            assert review is not None
            found.append((f"review {post}", review_view.render(review, SharingPolicy())))
        found += [
            (name, reports_view.without_data(shown))
            for name, shown in found
            if isinstance(shown, Message)
        ]
        found.append(("staff note", transparency.render(reports.load_transparency(tx))))
        for who, viewer in ((CLEO, Viewer(CLEO, time_zone=ZONE)), (self.staff[0], None)):
            home = home_tab.load_home_tab(tx, who, LessonCatalog(), viewer)
            found.append((f"Home of {who}", home_tab_view.render(home)))
        found.append(("health", pace_check_view.render(pace_check.load_pace_check(tx), ZONE)))
        found.append(
            ("posts", post_lists.overview(post_lists_service.load_overview(tx), Viewer(CLEO)))
        )
        csv = report_file.render(reports.load_export(tx))
        return [*((name, _plain(shown)) for name, shown in found), ("the file", csv)]

    def _files(self) -> Iterator[tuple[str, str]]:
        url = self.world.engine.url.render_as_string(hide_password=False)
        for form in Form:
            out = io.StringIO(newline="")
            exports.write_report(url, self.world.now, form, out)
            yield f"export report as {form}", out.getvalue()


def _of_span(report: SpanReport) -> Message:
    return reports_view.of_span(report, TagNames(), with_file=True)


def _plain(shown: Message | View) -> str:
    """As its reader reads it."""
    values = json.dumps(
        [block.to_dict() for block in shown.blocks or ()], default=lambda value: value.to_dict()
    )
    return plain_text_of_blocks(json.loads(values), {}, Reader())


def _judge(engine: Engine, history: History) -> list[str]:
    empty(engine)
    world = ServiceWorld(engine)
    world.now = START
    world.save_workspace(figures=True, consent_months=24)
    titles: list[str] = []
    company = Company(world, Manager(titles), titles=titles)
    company.play(history)
    return company.findings()


def test_no_figure_on_any_screen_is_about_a_few(sqlite_engine: Engine) -> None:
    @settings(
        max_examples=3 if IS_SHORT else settings().max_examples // 4,
        derandomize=IS_SHORT,
        database=None,
        phases=[Phase.generate] if IS_SHORT else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(histories)
    def it_is_not(history: History) -> None:
        assert _judge(sqlite_engine, history) == []

    it_is_not()
    empty(sqlite_engine)

"""Some weeks of a programme in the sandbox: comms write and approve, staff share or skip.

Everybody types and presses, and the bot answers over sockets, with Slack's own client library.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.delivery import Delivery
from bot.domain.ids import UserId
from bot.domain.model import Preferences, Stage
from bot.runtime import Runtime
from bot.services import membership, preferences
from bot.slack.views import announcements, asks, responses, share_dialog
from bot.slack.views.payload import read_ref
from bot.storage.database import create_engine_for
from bot.storage.tables import MemberRow
from bot.storage.tx import Tx
from slack_sandbox import Message, Person, View
from tests.slack.direct_asks import join_for_direct
from tests.support import SlackWorld, approve, run_command, waiting_post
from tests.weeks import reading
from tests.weeks.manager import Post
from tests.weeks.staff import TOPICS, Colleague, Reaction, invent

# A Monday. What ends in August has figures in September, which is the fourth week.
START: Final = datetime(2026, 8, 17, 7, 0, tzinfo=UTC)
ZONE: Final = ZoneInfo("Europe/Berlin")
SETTINGS: Final = {
    "TOPICS": ", ".join(TOPICS),
    "FIGURES": "on",
    "LINK_TAGS": "on",
    "CHANNEL_MIN_GAP": "1d",
    "CHANNEL_WEEKLY_CAP": "3",
    "POST_DAYS": "7",
}
WEEKS: Final = 4
POSTS_A_WEEK: Final = 3
_MORNING: Final = time(6, 5)
_BEATS: Final = (time(10, 0), time(16, 15))
NEWS: Final = json.loads(
    (Path(__file__).parents[1] / "data" / "blog_posts.json").read_text("utf-8")
)["posts"]
_TOPIC_OF: Final = (
    ("release", "releases"),
    ("announcing", "releases"),
    ("throughput", "performance"),
)


@dataclass(slots=True)
class Week:
    """What happened in a week; `said` is what the report says at its end."""

    number: int
    out: int = 0
    asks: int = 0
    done: Counter[str] = field(default_factory=Counter)
    said: str = ""

    def __str__(self) -> str:
        done = ", ".join(f"{count} {what}" for what, count in sorted(self.done.items()))
        return (
            f"Week {self.number}: {self.out} posts went out, {self.asks} asks; {done}.\n"
            f"  The report: {self.said}"
        )


@dataclass(slots=True)
class Truth:
    """What people really did, which only the test knows.

    `acts` is what each did last with each post, `asked` who was asked about it directly, `ended`
    when it ended, and `concerned` who was a member, outside comms, when its figures closed.
    `members` and `follow` are as `Manager.findings` takes them.
    """

    acts: dict[tuple[int, str], Reaction] = field(default_factory=dict)
    asked: dict[int, set[str]] = field(default_factory=dict)
    ended: dict[int, datetime] = field(default_factory=dict)
    concerned: dict[int, frozenset[str]] = field(default_factory=dict)
    members: dict[date, frozenset[str]] = field(default_factory=dict)
    follow: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def posts(self) -> dict[int, Post]:
        """The posts that have closed."""
        return {
            number: Post(
                self.ended[number].astimezone(ZONE).date().replace(day=1),
                people,
                _answers(number, self.acts, self.asked.get(number, set())),
            )
            for number, people in self.concerned.items()
        }


class Programme:
    """The company, from its first Monday on."""

    def __init__(
        self, world: SlackWorld, runtime: Runtime, url: str, *, staff: int, seed: int, typed: bool
    ) -> None:
        self.world, self.runtime, self.url = world, runtime, url
        self.sandbox, self.clock = world.sandbox, world.sandbox.clock
        self.truth = Truth()
        self.colleagues = {one.name: one for one in invent(staff, seed)}
        self.admin = self.sandbox.add_person("ada", real_name="Ada Admin", is_admin=True)
        self.titles: list[str] = []
        self.waiting: list[str] = []  # what a card, and the review of it, said before approval
        self.week = Week(0)
        self._seed = seed
        self._typed = typed
        self._people: dict[str, Person] = {}
        self._seen: set[tuple[int, str]] = set()

    # People

    async def begin(self) -> None:
        """Everybody joins, and so does Cleo, who is in comms."""
        for one in self.colleagues.values():
            person = self.sandbox.add_person(one.name, real_name=one.real_name)
            self.world.news.members.append(person)
            self._people[one.name] = person
        if self._typed:
            for one in self.colleagues.values():
                await self._type_choices(one)
        else:
            at = self.runtime.context.at(self.clock())
            await at.write(self._store_choices)
        await run_command(self.world.cleo, "/advocacy join")
        await self.runtime.tick()
        self.truth.members[date(START.year, 7, 1)] = frozenset(self._people)

    @property
    def name(self) -> str:
        """What this week is called."""
        return f"week {self.week.number}"

    def _load_followers(self) -> dict[str, frozenset[str]]:
        """Who may be asked, by topic, as the rows have it; comms do not count."""
        names = {person.id: name for name, person in self._people.items()}
        columns = select(MemberRow.user, MemberRow.topics).where(MemberRow.next_ask_at.is_not(None))
        engine = create_engine_for(self.url, read_only=True)
        with engine.connect() as connection:
            rows = [row for row in connection.execute(columns) if row.user in names]
        engine.dispose()
        everybody = {"": frozenset(names[row.user] for row in rows)}
        return everybody | {
            topic: frozenset(names[row.user] for row in rows if topic in row.topics)
            for topic in TOPICS
        }

    def person(self, number: int) -> Person:
        """One of the staff."""
        return list(self._people.values())[number]

    async def leave(self, number: int) -> None:
        """Let one of the staff go: nobody counts them from then on."""
        name = list(self._people)[number]
        await run_command(self._people.pop(name), "/advocacy leave")

    async def _type_choices(self, one: Colleague) -> None:
        await join_for_direct(
            self._people[one.name],
            delivery=["direct"] if one.direct else ["channel"],
            topics=list(one.topics),
            networks=[one.network.value],
        )

    def _store_choices(self, tx: Tx) -> None:
        """The same by the services that commands call."""
        for one in self.colleagues.values():
            user = UserId(self._people[one.name].id)
            membership.join(tx, user, str(ZONE))
            way = Delivery.DIRECT if one.direct else Delivery.CHANNEL
            chosen = Preferences(frozenset({way}), topics=one.topics, networks=(one.network,))
            preferences.choose(tx, user, chosen)

    # Time

    async def play_week(self) -> Week:
        """From Monday morning to Sunday evening."""
        self.week = Week(self.week.number + 1)
        self.truth.follow[self.name] = self._load_followers()
        self.waiting.clear()
        await self._write_posts()
        monday = self.clock().astimezone(ZONE).date()
        for day in range(7):
            await self._beat(monday + timedelta(days=day), _MORNING)
            if day < 5:
                for moment in _BEATS:
                    await self._beat(monday + timedelta(days=day), moment)
                    await self._react()
        return self.week

    async def to_monday(self) -> None:
        """The next Monday has come; nothing happens before comms begin to write."""
        local = self.clock().astimezone(ZONE)
        await self._beat(local.date() + timedelta(days=7 - local.weekday()), time(9, 0))

    async def _beat(self, day: Any, moment: time) -> None:
        at = datetime.combine(day, moment, ZONE)
        if at <= self.clock():
            return
        self.clock.move_to(at)
        before = self._live()
        await self.runtime.tick()
        after = self._live()
        self.week.out += len(after.keys() - before.keys())
        for post in before.keys() - after.keys():
            self.truth.ended[post] = self.clock()
        for post, ended in self.truth.ended.items():
            if post not in self.truth.concerned and ended + timedelta(days=7) <= self.clock():
                self.truth.concerned[post] = frozenset(self._people)

    # Posts

    async def _write_posts(self) -> None:
        for _ in range(POSTS_A_WEEK):
            news = NEWS[len(self.titles)]
            title = news["title"]
            self.titles.append(title)
            topic = next(
                (name for part, name in _TOPIC_OF if part in title.casefold()), "engineering"
            )
            short = f"{title[:120]}: worth a look."
            changed = dict.fromkeys(("linkedin:0", "x:0", "bluesky:0"), short)
            writer, reader = (self.world.cleo, self.world.carl)[:: (-1) ** len(self.titles)]
            card = await waiting_post(
                self.world,
                self.runtime,
                writer,
                title=title,
                link=news["link"],
                why=news["summary"][:200],
                topics=topic,
                kind=("useful", "community")[len(self.titles) % 2],
                **changed,
            )
            self.waiting.append(card.plain_for(reader))
            self.waiting.append(await approve(reader, len(self.titles)))
            await self.runtime.context.background_tasks.drain()

    def _live(self) -> dict[int, Message]:
        return dict(_posts(self.world.carl.messages(self.world.news), announcements.SHARE))

    # What people do

    async def _react(self) -> None:
        live = self._live()
        for name, person in list(self._people.items()):
            asked = dict(_posts(person.dm, asks.SHARE))
            for post in asked:
                if name not in self.truth.asked.setdefault(post, set()):
                    self.truth.asked[post].add(name)
                    self.week.asks += 1
            for post, message in {**live, **asked}.items():
                if (post, name) in self._seen and post not in asked:
                    continue
                self._seen.add((post, name))
                if (post, name) not in self.truth.acts:
                    await self._answer(name, person, post, message, asked=post in asked)

    async def _answer(
        self, name: str, person: Person, post: int, message: Message, *, asked: bool
    ) -> None:
        found = self.colleagues[name].reaction(self._seed, post, asked=asked)
        if found is None:
            return
        view = asks if asked else announcements
        if found.stage is Stage.SKIPPED:
            await self._press(person, message, view.SKIP)
            if found.reason is not None:
                reason = responses.reason_action(found.reason)
                await self._press(person, person.private[-1], reason)
        else:
            await self._press(person, message, view.SHARE)
            dialog = person.view
            assert dialog is not None, (name, post, person.private[-1].plain)
            if found.stage is not Stage.INTERESTED:
                await self._press(person, dialog, share_dialog.OPEN)
            if found.stage is Stage.SHARED:
                await self._press(person, dialog, share_dialog.SHARED)
            await person.close(everything=True)
        self.truth.acts[post, name] = found
        self.week.done[found.stage.value] += 1

    async def _press(self, person: Person, where: Message | View, action: str) -> None:
        outcome = await person.press(where, action)
        assert outcome.acknowledged, (action, outcome.error)
        assert outcome.error is None, (action, outcome.error)
        await self.runtime.context.background_tasks.drain()


def _answers(
    post: int, acts: Mapping[tuple[int, str], Reaction], asked: Collection[str]
) -> dict[str, frozenset[str]]:
    """Who is behind each figure of a post, by its name."""
    found: dict[str, set[str]] = {reading.ASKED: set(asked)}
    for (number, name), act in acts.items():
        for figure in act.figures() if number == post else ():
            found.setdefault(figure, set()).add(name)
    return {figure: frozenset(people) for figure, people in found.items()}


def _posts(messages: list[Message], action: str) -> Iterator[tuple[int, Message]]:
    """The posts that messages offer to share."""
    for message in messages:
        for block in message.blocks:
            for element in block.get("elements", []):
                if element.get("action_id") == action and not message.ephemeral_to:
                    yield read_ref(element["value"]).post_id, message

"""The same scripts in the sandbox: people type, press and fill in forms, and the bot runs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.domain.ids import UserId, WorkspaceId
from bot.runtime import Runtime
from bot.slack.views import announcements, share_dialog
from bot.storage.tx import Tx
from slack_sandbox import Message, Person
from tests.differential import log, past
from tests.differential.clicks import Clicks
from tests.differential.compare import COMMS, Shown
from tests.differential.deeds import CHOICES
from tests.differential.facts import Facts, load_facts
from tests.differential.her_note import ANOTHERS, without_hers
from tests.differential.news import without_draws
from tests.differential.script import Script, Wait
from tests.services.helpers import ZONE
from tests.support import SlackWorld

OPERATOR, MONITORING = "the operator", "monitoring"
_ANYBODYS = ("#", "process_", "advocacy_requests", "advocacy_request_seconds")
_BEATS = ((6, 5), (15, 45))
_MADE_UP = re.compile(r"[\w-]{6}")  # the id of an action that the sandbox has named itself


class Office(Clicks):
    """Plays one script in a workspace of the sandbox, and takes down what everybody else gets."""

    def __init__(self, world: SlackWorld, runtime: Runtime, engine: Engine, script: Script) -> None:
        super().__init__(world, runtime, script)
        self.beats = 0
        self.sent: dict[tuple[int, str], list[str]] = {}
        self.shown: dict[tuple[object, ...], Shown] = {}
        self.snapshots: list[Facts] = []
        self.her_requests: list[str] = []
        self._engine = engine
        self._seen = 0
        self._is_hers = False
        self._uncertain: frozenset[int] = frozenset()

    async def play(self, *, with_her: bool) -> None:
        """All of it, with or without what Amara does."""
        with log.taken("", self.take_log, _is_for_operators):
            self._insert_people()
            await self.begin()
            self._insert_answers()
            await self._beat()
            for number, step in enumerate(self.script.steps):
                await self._pass_time(step.wait)
                if step.deed is not None:
                    await self.carry_out(step.deed, step.who)
                self._is_hers = True
                for deed in step.hers if with_her else ():
                    await self.do(self.amara, deed)
                self._is_hers = False
                self._listen()
                await self._beat()
                if step.hers:
                    await self._watch(number)
            await self._watch("at last")
        # What follows one click runs side by side, and may come in any order.
        self.sent = {key: sorted(sent) for key, sent in self.sent.items()}

    # Time

    async def _pass_time(self, wait: Wait) -> None:
        clock = self.sandbox.clock
        if wait is Wait.BEAT or wait is Wait.HOURS:
            clock.advance(timedelta(seconds=30) if wait is Wait.BEAT else timedelta(hours=4))
            await self._beat()
        elif wait is not Wait.NONE:
            local = clock().astimezone(ZoneInfo(ZONE))
            days = 1 if wait is Wait.DAY else 7 - local.weekday()
            for hour, minute in _BEATS:
                clock.move_to((local + timedelta(days=days)).replace(hour=hour, minute=minute))
                await self._beat()

    async def _beat(self) -> None:
        self.beats += 1
        await self.runtime.tick()
        self._listen()
        with self._tx() as tx:
            facts = load_facts(tx, self._uncertain)
        self._uncertain = facts.uncertain
        await self._look_at_metrics()
        if not self.snapshots or facts.day != self.snapshots[-1].day:
            self.snapshots.append(facts.taken_at(self.beats))

    def _insert_people(self) -> None:
        """Before the first heartbeat, which counts them."""
        people = past.People(UserId(self.amara.id), self._ids(), UserId(self.world.cleo.id))
        with self._tx() as tx:
            past.insert_people(tx, self.script, people, CHOICES)

    def _insert_answers(self) -> None:
        with self._tx() as tx:
            first = past.load_wordings(tx, 1)[0]
            past.insert_openings(tx, self.script, self._ids(), first)
            past.insert_declined(tx, self.script, self._ids())

    def _ids(self) -> tuple[UserId, ...]:
        return tuple(UserId(one.id) for one in self.others)

    @contextmanager
    def _tx(self) -> Iterator[Tx]:
        with self._engine.begin() as connection:
            yield Tx(connection, WorkspaceId(self.sandbox.team_id), self.sandbox.clock())

    # What everybody sees

    async def _look_at_metrics(self) -> None:
        """All that monitoring gets, but that requests came and how quick the process is."""
        lines = (await self.runtime.monitoring.metrics()).decode().splitlines()
        shown = "\n".join(line for line in lines if not line.startswith(_ANYBODYS))
        self.sent.setdefault((self.beats, MONITORING), []).append(shown)

    def _listen(self) -> None:
        """Whatever the bot has sent since, to anybody but Amara."""
        calls = self.sandbox.calls[self._seen :]
        self._seen += len(calls)
        for call in calls:
            if call.method in ("chat.postMessage", "chat.update", "chat.delete", "views.publish"):
                to = self._owner(str(call.payload.get("channel") or call.payload.get("user_id")))
                said = _plain([call.payload.get(name) for name in ("text", "blocks", "view")])
                body = None if to == self.amara.name else without_hers(said)
                if body is not None:
                    self.sent.setdefault((self.beats, to), []).append(f"{call.method} {body}")

    def _owner(self, place: str) -> str:
        state = self.sandbox.state
        if place == self.world.comms.id:
            return COMMS
        user = state.users.get(place)
        if user is None:
            user = state.channels[place].direct_with
        return user.name if user is not None else state.channels[place].name

    async def _watch(self, moment: object) -> None:
        """Some of the others look at what there is for them."""
        bo = self.others[0] if self.others else self.nora
        await self._look(bo, "/advocacy", "/advocacy browse", "/advocacy lessons")
        await self._look_at_a_post(bo)
        read = (
            "/advocacy health",
            "/advocacy posts",
            "/advocacy audit",
            "/advocacy report",
            "/advocacy",
        )
        await self._look(self.world.cleo, *read)
        await self._look(self.nora, "/advocacy")
        for person in (*self.others[:2], self.nora, self.world.cleo, self.world.carl):
            screen = self._screen(person)
            key = (moment, person.name)
            self.shown[key] = Shown(person.name, "all", self.beats, screen, partial(str, screen))
        self._listen()

    async def _look(self, person: Person, *lines: str) -> None:
        for line in lines:
            await person.command(line)
        await person.open_home()
        await self.settle()

    async def _look_at_a_post(self, person: Person) -> None:
        """Each text of the oldest post, in the order in which they are offered."""
        message = next(iter(self.live_messages()), None)
        if message is None:
            return
        await person.press(message, announcements.SHARE)
        await self.settle()
        for _ in range(3):
            if person.view is not None and share_dialog.OTHER_WORDING in str(person.view.blocks):
                self._note_view(person)
                await person.press(person.view, share_dialog.OTHER_WORDING)
                await self.settle()
        self._note_view(person)
        if person.view is not None:
            await person.close(everything=True)

    def _note_view(self, person: Person) -> None:
        assert person.view is not None
        key = (self.beats, f"{person.name}'s dialog")
        self.sent.setdefault(key, []).append(_plain(person.view.blocks))

    def _screen(self, person: Person) -> str:
        """All that stands in this person's Slack."""
        state = self.sandbox.state
        direct = [one for one in state.channels.values() if one.direct_with is person]
        rooms = [self.world.news, self.world.comms, *direct]
        said = [
            without_hers(_plain([one.text, one.blocks]))
            for one in state.messages
            if one.channel in rooms and self._is_seen_by(one, person)
        ]
        # Notes without a name are shuffled on their way, so they stand apart here.
        said = [
            *(one for one in said if one and ANOTHERS not in one),
            *sorted(one for one in said if one and ANOTHERS in one),
        ]
        home = person.home
        return _plain([said, [view.blocks for view in person.views], home and home.blocks])

    def _is_seen_by(self, message: Message, person: Person) -> bool:
        if message.deleted or message.ephemeral_to not in (None, person):
            return False
        return not message.channel.private or person in message.channel.members

    def take_log(self, line: str) -> None:
        """What her own requests lead to is hers, and is looked at for what it says."""
        lines = self.sent.setdefault((self.beats, OPERATOR), [])
        (self.her_requests if self._is_hers else lines).append(line)


def _is_for_operators(record: logging.LogRecord) -> bool:
    return record.name.startswith("bot") or record.levelno >= logging.WARNING


def _plain(value: Any) -> str:
    """As one text, without the ids that Slack makes up for blocks and actions."""
    if isinstance(value, list):
        value = [json.loads(one) if _is_json(one) else one for one in value]
    return without_draws(json.dumps(_without_ids(value), ensure_ascii=False, sort_keys=True))


def _is_json(value: Any) -> bool:
    return isinstance(value, str) and value[:2] in ("[{", '{"')


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_ids(each)
            for name, each in value.items()
            if name not in ("block_id", "external_id")
            and not (name == "action_id" and _MADE_UP.fullmatch(str(each)))
        }
    return [_without_ids(each) for each in value] if isinstance(value, list | tuple) else value

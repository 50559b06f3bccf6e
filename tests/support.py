"""A seeded workspace in the sandbox, and the bot running against it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from bot.domain import drafting
from bot.domain.ids import PostId, UserId
from bot.domain.model import Workspace
from bot.domain.post import Content, Network, PostKind
from bot.runtime import Runtime, running
from bot.services import posts, workspaces
from bot.services.posts import FormOrigin, PostResult
from bot.settings import Settings
from bot.slack.views import cards, membership
from bot.slack.views.post_form_texts import MORE_NETWORKS
from bot.slack.views.post_preview import PREVIEW
from bot.storage.database import create_engine_for
from bot.storage.tables import metadata
from bot.storage.tx import Tx
from slack_sandbox import Channel, Clock, Message, Outcome, Person, Sandbox
from slack_sandbox.envelopes import Envelope, Kind
from slack_sandbox.text import Reader, mrkdwn

# A Tuesday, 10:00 in Berlin: inside the channel's hours.
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LINK = "https://flink.example.org/2026/08/31/a-release/"
DISCLOSURE = "#AcmeEmployee"


@dataclass
class SlackWorld:
    """A workspace with both channels, two people in comms, and staff."""

    sandbox: Sandbox
    news: Channel
    comms: Channel
    cleo: Person  # comms
    carl: Person  # comms
    gus: Person  # a guest in comms
    amara: Person
    bo: Person


@asynccontextmanager
async def slack_world(
    start: datetime = START, sandbox: Sandbox | None = None
) -> AsyncIterator[SlackWorld]:
    """A sandbox with people, on a clock that stands still until it is moved; or this sandbox."""
    async with sandbox or Sandbox(clock=Clock(start=start, frozen=True)) as sandbox:
        cleo = sandbox.add_person("cleo", real_name="Cleo Marin", tz="Europe/Berlin")
        carl = sandbox.add_person("carl", real_name="Carl Jensen", tz="Europe/Berlin")
        gus = sandbox.add_person("gus", real_name="Gus Guest", tz="Europe/Berlin", restricted=True)
        amara = sandbox.add_person("amara", real_name="Amara Okafor", tz="America/New_York")
        bo = sandbox.add_person("bo", real_name="Bo Lindqvist", tz="Asia/Kolkata")
        news = sandbox.add_channel("share-our-news", members=[cleo, amara, bo])
        comms = sandbox.add_channel("comms-desk", private=True, members=[cleo, carl, gus])
        yield SlackWorld(sandbox, news, comms, cleo, carl, gus, amara, bo)


def settings(
    world: SlackWorld, database_url: str, *, mode: str = "socket", **more: str
) -> Settings:
    """The bot's settings for this sandbox."""
    sandbox = world.sandbox
    variables = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": database_url,
        "ADVOCACY_CHANNEL": world.news.name,
        "COMMS_CHANNEL": world.comms.name,
        "DISCLOSURE": DISCLOSURE,
        "TIME_ZONE": "Europe/Berlin",
        "PORT": "0",
        "PREVIEWS": "off",  # no test asks a page that it did not make
        "LINK_TAGS": "off",
        **more,
    }
    if mode == "socket":
        variables["SLACK_APP_TOKEN"] = sandbox.app_token
    return Settings.read(variables)


@asynccontextmanager
async def bot_running(
    world: SlackWorld, database_url: str, *, mode: str = "socket", **more: str
) -> AsyncIterator[Runtime]:
    """The bot on the sandbox's clock; it sends nothing by itself, only when told to tick.

    It waits for no slots, since the sandbox permits everything.
    """
    chosen = settings(world, database_url, mode=mode, **more)
    async with running(chosen, world.sandbox.clock, ticking=False, limits=None) as runtime:
        if mode == "socket":
            await world.sandbox.connected(2)
        else:
            world.sandbox.deliver_by_http(f"http://127.0.0.1:{runtime.port}/slack/events")
        yield runtime


async def change_settings(runtime: Runtime, **changed: Any) -> None:
    """Other settings of the workspace, as its row has them; the next heartbeat learns of them.

    Those of the channel's pace are named as in `ChannelPolicy`.
    """

    def wanted(stored: Workspace | None) -> Workspace:
        assert stored is not None
        pace = {name: changed.pop(name) for name in (*changed,) if hasattr(stored.policy, name)}
        return replace(stored, policy=replace(stored.policy, **pace), **changed)

    at = runtime.context.at(runtime.context.clock())
    await at.write(workspaces.change_settings, UserId("U0ADMIN00"), wanted)


def fields(**changed: Any) -> dict[str, Any]:
    """What somebody types into the form for a post."""
    return {
        "title": "Our new release is out",
        "link": LINK,
        "why": "It halves the time that a backup takes.",
        "topics": "releases, open source",
        "kind": "useful",
        "linkedin:0": "Backups now take half the time. Here is how we got there.",
        "x:0": "Backups in half the time.",
        "bluesky:0": "Backups in half the time: how we did it.",
        **changed,
    }


async def write_post(person: Person, **changed: Any) -> Outcome:
    """Open the form in the comms channel, fill it, read the preview and send it."""
    await person.command("/advocacy queue", channel=person.sandbox.channel("comms-desk"))
    await fill_in(person, fields(**changed))
    return await send(person)


async def fill_in(person: Person, values: Mapping[str, Any]) -> None:
    """Type into the form for a post, after *More networks* where it is for one of those."""
    view = person.view
    if view is not None and not values.keys() <= view.values.keys():
        await person.press(view, MORE_NETWORKS)
        await person.sandbox.state.changes.until(lambda: values.keys() <= view.values.keys())
    person.fill(values)


async def send(person: Person) -> Outcome:
    """Submit a form; that of a post goes on to its preview, which is sent as well.

    Where another post has the link, the form says so once. It stops at errors.
    """
    outcome = await person.submit()
    if _says_same_link(person):
        outcome = await person.submit()
    if person.view is not None and person.view.body["callback_id"] == PREVIEW:
        outcome = await person.submit()
    return outcome


def _says_same_link(person: Person) -> bool:
    view = person.view
    return view is not None and not view.errors and "link_note" in str(view.blocks)


def card_of(world: SlackWorld, number: int) -> Message:
    """The newest card of a post in the comms channel."""
    cards = [
        message
        for message in world.cleo.messages(world.comms)
        if not message.ephemeral_to and f"*Post {number}* " in str(message.blocks)
    ]
    return cards[-1]


def announced(world: SlackWorld) -> list[Message]:
    """The bot's messages in the opt-in channel."""
    return [message for message in world.amara.messages(world.news) if not message.ephemeral_to]


async def wait_for_reply(world: SlackWorld, person: Person, words: str) -> Message:
    """Wait until the person has got a private answer with these words."""

    def found() -> list[Message]:
        return [message for message in person.private if words in message.plain]

    await world.sandbox.until(lambda: bool(found()), what=f"{person.name} reads {words!r}")
    return found()[-1]


async def approved_post(world: SlackWorld, runtime: Runtime, **changed: Any) -> int:
    """A post that Cleo wrote and Carl approved; returns its number.

    The services that their clicks call store it, in a quarter of the time that the clicks take.
    """
    number = await _store_approved(world, runtime, changed)
    await _show(runtime)
    return number


async def _store_approved(world: SlackWorld, runtime: Runtime, changed: Mapping[str, Any]) -> int:
    content = checked_content(runtime, world.cleo, changed)

    def store(tx: Tx) -> PostId:
        post_id = submit_post(tx, world.cleo, content)
        approved = posts.approve(tx, UserId(world.carl.id), post_id, 1)
        assert isinstance(approved, PostResult), approved
        return post_id

    return await runtime.context.at(runtime.context.clock()).write(store)


async def _show(runtime: Runtime) -> None:
    """Bring Slack up to date, as a click does."""
    runtime.reconciler.refresh_soon()
    await runtime.context.background_tasks.drain()


def submit_post(tx: Tx, writer: Person, content: Content) -> PostId:
    """Save it as the form does, and send it for approval as its preview does."""
    user_id = UserId(writer.id)
    saved = posts.save_draft(tx, user_id, FormOrigin(uuid4().hex, None, 0), content)
    assert isinstance(saved, PostResult), saved
    submitted = posts.submit_saved(tx, user_id, saved.post.id, saved.post.revision)
    assert isinstance(submitted, PostResult), submitted
    return submitted.post.id


def checked_content(runtime: Runtime, writer: Person, changed: Mapping[str, Any]) -> Content:
    """What the form for a post makes of the usual fields, some of them changed."""
    typed = fields(**changed)
    ticked = typed.pop("author", [])
    for name in ("not_before", "expires_at"):
        picked = typed.get(name)
        typed[name] = None if picked is None else datetime.fromtimestamp(picked, UTC)
    texts = [name for name in typed if ":" in name]
    wordings = tuple((Network(name.partition(":")[0]), typed.pop(name)) for name in texts)
    kind = PostKind(typed.pop("kind"))
    context = runtime.context
    content = drafting.check(
        drafting.Fields(wordings=wordings, kind=kind, **typed),
        context.disclosure,
        context.clock(),
        sharing_policy=context.sharing_policy,
    )
    assert isinstance(content, Content), content
    return replace(content, author=writer.real_name if ticked else "")


async def approve(person: Person, number: int) -> str:
    """Type the command, read the post, and approve what was read; what they are told."""
    await run_command(person, f"/advocacy approve {number}")
    view = person.view
    assert view is not None, person.private[-1].plain
    outcome = await person.submit()
    assert outcome.acknowledged, outcome.error
    words = view.plain
    await person.close()
    return words


async def withdraw(person: Person, number: int) -> None:
    """Type the command, and press the button of its question."""
    await run_command(person, f"/advocacy withdraw {number}")
    outcome = await person.press(person.private[-1], cards.WITHDRAW)
    assert outcome.acknowledged, outcome.error


def announced_ids(world: SlackWorld) -> list[str]:
    """The cards in the comms channel."""
    return [
        message.ts
        for message in world.cleo.messages(world.comms)
        if not message.ephemeral_to and "*Post " in str(message.blocks)
    ]


async def live_post(world: SlackWorld, runtime: Runtime, **changed: Any) -> Message:
    """A post that is in the channel; returns its message there."""
    await _store_approved(world, runtime, changed)
    world.sandbox.clock.advance(timedelta(days=7))
    await runtime.tick()
    return announced(world)[-1]


Rows = list[tuple[Any, ...]]

# What nobody should read, whoever it is; exclamation marks have no place in the bot's own words.
_RUDE = re.compile(
    r"!|\b(fatigue|golden goose|canary|blast radius|silent|unanswered|ignored)\b", re.IGNORECASE
)


def rows(database_url: str, query: str) -> Rows:
    """What is in the database, read past the bot."""
    engine = create_engine_for(database_url, read_only=True)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def member(database_url: str, columns: str) -> tuple[Any, ...]:
    """Columns of the one member that there is."""
    [row] = rows(database_url, f"SELECT {columns} FROM member")
    return row


def at(moment: object) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(str(moment)).replace(tzinfo=UTC)


def all_rows(database_url: str) -> dict[str, Rows]:
    """Every row of every table as the database has it: the same where nothing must change."""
    engine = create_engine_for(database_url, read_only=True)
    try:
        with engine.connect() as connection:
            return {
                name: sorted(
                    map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr
                )
                for name in metadata.tables
            }
    finally:
        engine.dispose()


async def run_command(person: Person, line: str) -> str:
    """Type a command; what the person then reads, which nobody else does."""
    before = len(person.private)
    outcome = await person.command(line)
    assert outcome.acknowledged, (line, outcome.error)
    assert outcome.error is None, (line, outcome.error)
    return "\n".join(message.plain_for(person) for message in person.private[before:])


def plainly(text: str) -> str:
    """What one of the bot's sentences looks like to its reader; dates stand in UTC."""
    return mrkdwn(text, Reader())


def actions(message: Message) -> list[str]:
    """The action ids of the buttons in a message."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    return [button["action_id"] for button in (*beside, *(one for row in rows for one in row))]


async def read_answer(runtime: Runtime, person: Person, outcome: Outcome) -> str:
    """What a person reads after pressing something: the newest private answer."""
    assert outcome.acknowledged, outcome.error
    assert outcome.error is None, outcome.error
    await runtime.context.background_tasks.drain()
    return person.private[-1].plain_for(person) if person.private else ""


async def click(runtime: Runtime, person: Person, where: Message, action: str) -> str:
    """Press a button; what the person then reads in private."""
    return await read_answer(runtime, person, await person.press(where, action))


async def open_more(runtime: Runtime, person: Person) -> Message:
    """Type `/advocacy` and press More; the message with the rest of the buttons."""
    await run_command(person, "/advocacy")
    await click(runtime, person, person.private[-1], membership.MORE)
    return person.private[-1]


async def submitted_post(runtime: Runtime, writer: Person, **changed: Any) -> int:
    """A post that waits for approval, and may have a card already; its number."""
    content, context = checked_content(runtime, writer, changed), runtime.context
    number = await context.at(context.clock()).write(submit_post, writer, content)
    await _show(runtime)
    return number


async def waiting_post(
    world: SlackWorld, runtime: Runtime, writer: Person | None = None, **changed: Any
) -> Message:
    """A post that waits for approval; its card."""
    who = writer or world.cleo
    return card_of(world, await submitted_post(runtime, who, **changed))


async def deliver(
    world: SlackWorld, payload: Mapping[str, Any], kind: Kind = "interactive"
) -> Outcome:
    """Hand the bot a payload as it is, whatever it holds."""
    return await world.sandbox.dispatcher.deliver(Envelope(kind, dict(payload)))


def sentences(world: SlackWorld) -> Iterator[str]:
    """Everything that the bot ever said, in messages, answers and dialogs."""
    for call in world.sandbox.calls:
        for key in ("text", "blocks", "view"):
            yield from _strings(call.payload.get(key))
    for message in world.sandbox.state.messages:
        yield message.text
        yield from _strings(message.blocks)
    for person in world.sandbox.persons:
        for view in person.views:
            yield from _strings(view.body)
            yield from view.errors.values()


def assert_polite(world: SlackWorld) -> None:
    """Nobody was paged, and nothing reads as it should not."""
    for message in world.sandbox.state.messages:
        assert message.mentions == [], message.plain
    for sentence in sentences(world):
        own = re.sub(r"<![^>]*>|&lt;.*?&gt;", "", sentence)  # not dates, nor what somebody typed
        found = _RUDE.search(own)
        assert found is None, (found, sentence)


def _strings(part: Any) -> Iterator[str]:
    """The texts for people in blocks or a view, which may travel as JSON."""
    if isinstance(part, str):
        try:
            part = json.loads(part)
        except ValueError:
            yield part
            return
    if isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str) and key in ("text", "initial_value"):
                yield value
            elif isinstance(value, (dict, list)):
                yield from _strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from _strings(value)


async def click_in_dialog(
    runtime: Runtime, person: Person, action_id: str, value: str | None = None
) -> Outcome:
    """Press a button in the dialog on top, and let the dialog change."""
    assert person.view is not None
    outcome = await person.press(person.view, action_id, value)
    assert outcome.acknowledged, (action_id, outcome.error)
    await runtime.context.background_tasks.drain()
    return outcome


def the_card(world: SlackWorld, number: int) -> Message:
    """A post's one card in the comms channel, among all that is said there about the post."""
    [card] = [
        message
        for message in world.cleo.messages(world.comms)
        if f"*Post {number}* by" in str(message.blocks)
    ]
    return card


def forecast_of(world: SlackWorld, number: int) -> datetime | None:
    """The moment at which a post's card says that it goes out; None where it names none."""
    found = re.search(r"Planned for <!date\^(\d+)\^", str(the_card(world, number).blocks))
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Hold SQLite's write lock while the block runs, as another program may."""
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()  # which rolls back


def execute_sql(database_url: str, *statements: str) -> None:
    """Change the database past the bot, as only an operator could."""
    engine = create_engine_for(database_url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()

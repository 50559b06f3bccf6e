"""The record: each thing that comms can do stands in it once, and they read it in Slack."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from bot.domain.feeds import FailedFeed, FeedLook, FeedProblem, FeedRequest, ReadFeed
from bot.domain.previews import Preview
from bot.domain.record import Act
from bot.runtime import Runtime, running
from bot.slack.app import FEATURES
from bot.slack.listeners import (
    announcements,
    asks,
    desk,
    feeds,
    freeze,
    lessons,
    membership,
    my_data,
    own_words,
    pace_check,
    post_form,
    post_preview,
    posts,
    practice,
    preferences,
    record,
    reports,
    responses,
    retention,
    setup,
    share_dialog,
    share_forms,
    share_notes,
    suggestions,
)
from bot.slack.listeners.commands import COMMANDS
from bot.slack.listeners.registry import Listener
from bot.slack.views import announcements as announcements_view
from bot.slack.views import cards, more_settings, notices, review, schedule
from bot.slack.views import feeds as feeds_view
from bot.slack.views import freeze as freeze_view
from bot.slack.views import pace_check as pace_check_view
from bot.slack.views import post_form as form_view
from bot.slack.views import post_form_texts as form_texts
from bot.slack.views import post_preview as preview_view
from bot.slack.views import record as record_view
from bot.slack.views import reports as reports_view
from bot.slack.views import setup as setup_view
from bot.slack.views import share_dialog as share_dialog_view
from bot.slack.views import share_notes as share_notes_view
from bot.slack.views import suggestions as suggestions_view
from bot.slack.views.membership import SUGGEST
from slack_sandbox import Fault, Message, Person
from tests.slack.home_tab import click_on_home, open_home
from tests.support import (
    SlackWorld,
    approved_post,
    card_of,
    click,
    click_in_dialog,
    execute_sql,
    fields,
    fill_in,
    rows,
    run_command,
    send,
    settings,
    waiting_post,
    write_post,
)

# Nothing that these offer is an act of comms.
OF_MEMBERS = (
    responses,
    share_dialog,
    own_words,
    share_forms,
    asks,
    membership,
    my_data,
    retention,
    preferences,
    practice,
    lessons,
)
OF_COMMS = (
    posts,
    post_form,
    post_preview,
    desk,
    announcements,
    feeds,
    suggestions,
    share_notes,  # what members tell, and comms' thanks
    freeze,
    pace_check,
    record,
    reports,
    setup,  # of admins
)
# What comms can type, press and send: what it leaves in the record, None where it only shows.
LEAVES: dict[str, Act | None] = {
    "/advocacy queue": None,
    "/advocacy posts": None,
    "/advocacy duplicate": None,
    "/advocacy approve": None,
    "/advocacy send-back": Act.SEND_BACK,
    "/advocacy withdraw": None,
    "/advocacy freeze": None,
    "/advocacy unfreeze": None,
    "/advocacy health": None,
    "/advocacy audit": None,
    "/advocacy report": None,
    "/advocacy transparency": None,
    reports_view.REPORT: None,
    reports_view.REPORT_POST: None,
    reports_view.REPORT_MONTHS: None,
    reports_view.DRAFT_NOTE: None,
    reports_view.POST_FILE: None,
    cards.APPROVE: Act.APPROVE,
    cards.SEND_BACK: None,
    cards.EDIT: None,
    cards.DUPLICATE: None,
    cards.COPY_AS_EMAIL: None,
    cards.WITHDRAW: Act.WITHDRAW,
    cards.REASON_FORM: Act.SEND_BACK,
    review.FORM: Act.APPROVE,
    form_view.SAVE: Act.SAVE,
    form_view.FORM: Act.SAVE,
    form_view.USE_PAGE: None,
    form_texts.MORE_NETWORKS: None,
    f"^{form_texts.ADD_WORDING}:": None,
    preview_view.PREVIEW: Act.SUBMIT,
    preview_view.EDIT_AGAIN: None,
    cards.REVIEW: None,
    f"^{schedule.MOVE}:": Act.MOVE,
    cards.WRITE: None,
    "all_posts": None,
    schedule.OPEN: None,
    freeze_view.FREEZE: Act.FREEZE,
    freeze_view.UNFREEZE: Act.UNFREEZE,
    notices.IT_IS_THERE: Act.FIND_IN_CHANNEL,
    notices.SEND_AGAIN: Act.SEND_AGAIN,
    pace_check_view.ACKNOWLEDGE: Act.GO_ON,
    "/advocacy feed": Act.ADD_FEED,
    feeds_view.OPEN: None,
    feeds_view.DIALOG: Act.ADD_FEED,
    f"^{feeds_view.ADD_NAMED}:": Act.ADD_FEED,
    f"^{feeds_view.REMOVE}:": Act.REMOVE_FEED,
    SUGGEST: None,
    suggestions_view.FROM_MESSAGE: None,
    suggestions_view.FORM: None,
    suggestions_view.USE: Act.SAVE,
    suggestions_view.DECLINE: Act.DECLINE_SUGGESTION,
    share_dialog_view.TELL_COMMS: None,
    share_notes_view.FORM: None,
    share_notes_view.THANK: None,
    share_notes_view.THANK_FORM: Act.THANK,
    record_view.OPEN: None,
    f"^{record_view.TURN}:": None,
    "/advocacy setup": None,
    setup_view.OPEN: None,
    setup_view.CHOOSE: None,
    setup_view.CHECK: None,
    setup_view.FORM: Act.CHANGE_SETTING,
    setup_view.MORE: None,
    more_settings.FORM: Act.CHANGE_SETTING,
}


def offered(features: tuple[ModuleType, ...]) -> set[str]:
    listeners: list[Listener] = [one for feature in features for one in feature.LISTENERS]
    matchers = [one.matcher for one in listeners]
    return {one if isinstance(one, str) else one.pattern for one in matchers}


def test_all_that_comms_can_do_is_known_here() -> None:
    assert set(FEATURES) == {*OF_MEMBERS, *OF_COMMS}
    typed = {f"/advocacy {command.name}" for command in COMMANDS if command.for_comms}
    assert typed | offered(OF_COMMS) == set(LEAVES)


async def fetch_feed(asked: FeedRequest, now: datetime) -> FeedLook:
    """A feed, but at one address a page that names another."""
    if "page" in asked.address:
        return FailedFeed(FeedProblem.NO_FEED, named=("https://news.example.org/feed",))
    return ReadFeed(asked.address, "A blog", ())


async def fetch(link: str) -> Preview:
    return Preview()


@pytest.fixture
async def runtime(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    """The bot; feeds can be read, and pages say nothing."""
    chosen, clock = settings(world, url, PREVIEWS="on"), world.sandbox.clock
    async with running(
        chosen, clock, ticking=False, fetch=fetch, fetch_feed=fetch_feed, limits=None
    ) as runtime:
        await world.sandbox.connected(2)
        yield runtime


class Story:
    """Does what comms can do, and looks each time what it left in the record."""

    def __init__(self, runtime: Runtime, url: str) -> None:
        self.done: set[str] = set()
        self._runtime = runtime
        self._url = url

    def entries(self) -> list[tuple[Any, ...]]:
        return rows(self._url, "SELECT what, who, post_id FROM act ORDER BY id")

    async def step(self, what: str, who: Person, doing: Awaitable[object]) -> None:
        """Do something, of which exactly one entry is left, or none where it only shows."""
        before = len(self.entries())
        await doing
        await self._runtime.context.background_tasks.drain()
        left = [(act, user) for act, user, _ in self.entries()[before:]]
        act = LEAVES[what]
        assert left == ([(act, who.id)] if act else []), what
        self.done.add(what)


async def press_view(person: Person, action: str) -> None:
    assert person.view is not None
    await person.press(person.view, action)


def last(person: Person) -> Message:
    return person.private[-1]


def without_links(text: str) -> str:
    return re.sub(r" \(https?://[^)]*\)", "", text)


async def test_each_act_of_comms_leaves_exactly_one_entry(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    story, cleo, carl = Story(runtime, url), world.cleo, world.carl
    # A post is written, sent back twice, and approved.
    await story.step("/advocacy queue", cleo, run_command(cleo, "/advocacy queue"))
    await fill_in(cleo, fields())
    await story.step(form_view.SAVE, cleo, press_view(cleo, form_view.SAVE))
    cleo.fill({"title": "A better title"})
    await story.step(form_view.FORM, cleo, cleo.submit())
    await story.step(preview_view.PREVIEW, cleo, cleo.submit())
    await story.step(cards.SEND_BACK, carl, carl.press(card_of(world, 1), cards.SEND_BACK))
    carl.fill({"reason": "Please name the number."})
    await story.step(cards.REASON_FORM, carl, carl.submit())
    await cleo.press(card_of(world, 1), cards.EDIT)
    await _send(runtime, cleo, title="A third title")
    again = run_command(carl, "/advocacy send-back 1 once more")
    await story.step("/advocacy send-back", carl, again)
    await story.step(cards.EDIT, cleo, cleo.press(card_of(world, 1), cards.EDIT))
    await _send(runtime, cleo, title="A fourth title")
    await story.step(cards.APPROVE, carl, carl.press(card_of(world, 1), cards.APPROVE))
    # A second one is read before it is approved, and goes first.
    await waiting_post(world, runtime, topics="")
    await open_home(runtime, carl)
    await story.step(cards.REVIEW, carl, click_on_home(runtime, carl, cards.REVIEW))
    await story.step(review.FORM, carl, carl.submit())
    await story.step("/advocacy posts", carl, run_command(carl, "/advocacy posts"))
    up = carl.press(last(carl), f"{schedule.MOVE}:up")
    await story.step(f"^{schedule.MOVE}:", carl, up)
    # It may or may not arrive, is sent again, and may or may not arrive.
    for settle in (notices.SEND_AGAIN, notices.IT_IS_THERE):
        world.sandbox.faults.add(Fault("chat.postMessage", when=_in(world), status=503))
        await runtime.tick()
        question = [one for one in cleo.messages(world.comms) if settle in str(one.blocks)][-1]
        await story.step(settle, cleo, cleo.press(question, settle))
        world.sandbox.faults.clear()
    await story.step(
        "/advocacy freeze", carl, run_command(carl, "/advocacy freeze until Friday Off")
    )
    await story.step(freeze_view.FREEZE, carl, carl.press(last(carl), freeze_view.FREEZE))
    await story.step("/advocacy unfreeze", carl, run_command(carl, "/advocacy unfreeze"))
    await story.step(freeze_view.UNFREEZE, carl, carl.press(last(carl), freeze_view.UNFREEZE))
    await waiting_post(world, runtime)
    await story.step("/advocacy approve", carl, run_command(carl, "/advocacy approve 3"))
    await story.step("/advocacy withdraw", carl, run_command(carl, "/advocacy withdraw 3"))
    await story.step(cards.WITHDRAW, carl, carl.press(last(carl), cards.WITHDRAW))
    execute_sql(url, "UPDATE snapshot SET gate = 1", "UPDATE workspace SET colour = 'red'")
    await story.step("/advocacy health", cleo, run_command(cleo, "/advocacy health"))
    on = cleo.press(last(cleo), pace_check_view.ACKNOWLEDGE)
    await story.step(pace_check_view.ACKNOWLEDGE, cleo, on)
    # Feeds come and go.
    add = "/advocacy feed add https://"
    await story.step("/advocacy feed", cleo, run_command(cleo, f"{add}blog.example.org/"))
    await run_command(cleo, f"{add}page.example.org/")
    named = cleo.press(last(cleo), f"{feeds_view.ADD_NAMED}:0")
    await story.step(f"^{feeds_view.ADD_NAMED}:", cleo, named)
    await run_command(carl, "/advocacy feed")
    removed = carl.press(last(carl), f"{feeds_view.REMOVE}:1")
    await story.step(f"^{feeds_view.REMOVE}:", carl, removed)
    await open_home(runtime, cleo)
    await story.step(feeds_view.OPEN, cleo, click_on_home(runtime, cleo, feeds_view.OPEN))
    cleo.fill({"address": "https://blog.example.org/"})
    await story.step(feeds_view.DIALOG, cleo, cleo.submit())
    # Colleagues offer news.
    for decide in (suggestions_view.USE, suggestions_view.DECLINE):
        await run_command(world.amara, f"/advocacy suggest https://news.example.org/{decide}")
        sending = world.amara.submit()
        await story.step(suggestions_view.FORM, world.amara, sending)
        card = [one for one in carl.messages(world.comms) if decide in str(one.blocks)][-1]
        await story.step(decide, carl, carl.press(card, decide))
    # A colleague tells that she shared, and is thanked.
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy browse")
    await world.amara.press(last(world.amara), announcements_view.SHARE)
    for button in (share_dialog_view.OPEN, share_dialog_view.SHARED):
        await click_in_dialog(runtime, world.amara, button)
    tell = press_view(world.amara, share_dialog_view.TELL_COMMS)
    await story.step(share_dialog_view.TELL_COMMS, world.amara, tell)
    await story.step(share_notes_view.FORM, world.amara, world.amara.submit())
    world.sandbox.clock.advance(timedelta(days=3))
    await runtime.tick()
    told = [one for one in carl.messages(world.comms) if share_notes_view.THANK in str(one.blocks)]
    await story.step(share_notes_view.THANK, carl, carl.press(told[-1], share_notes_view.THANK))
    await story.step(share_notes_view.THANK_FORM, carl, carl.submit())
    # An admin changes a setting in each form.
    ada = world.sandbox.add_person("ada", is_admin=True)
    await story.step("/advocacy setup", ada, run_command(ada, "/advocacy setup"))
    ada.fill({"approvals": "1"})
    await story.step(setup_view.FORM, ada, ada.submit())
    await story.step(setup_view.MORE, ada, press_view(ada, setup_view.MORE))
    ada.fill({"post_days": "30"})
    await story.step(more_settings.FORM, ada, ada.submit())
    await story.step("/advocacy audit", carl, run_command(carl, "/advocacy audit"))
    assert [what for what, act in LEAVES.items() if act and what not in story.done] == []


async def _send(runtime: Runtime, person: Person, **changed: str) -> None:
    person.fill(changed)
    await send(person)
    await runtime.context.background_tasks.drain()


def _in(world: SlackWorld) -> Any:
    return lambda payload: payload["channel"] == world.news.id


async def test_comms_read_it_newest_first_and_turn_its_pages(
    world: SlackWorld, runtime: Runtime
) -> None:
    for number in range(6):
        await approved_post(world, runtime, title=f"News {number}", topics="")
    await write_post(world.cleo, title="Another")
    await runtime.context.background_tasks.drain()
    words = without_links(await run_command(world.carl, "/advocacy audit"))
    assert words.startswith("What comms did, newest first: all posts and settings.")
    first = words.splitlines()[1]
    assert first.endswith(
        "@cleo sent Another (post 7, version 1) for approval. From draft to waiting for approval."
    )
    assert "[Older]" in words
    assert "[Newer]" not in words
    older = await _turn(runtime, world.carl, "older")
    assert "@cleo saved News 0 (post 1, version 1). Now draft." in older
    assert "@carl approved News 0 (post 1, version 1)" in older
    assert "Disclosure: “#AcmeEmployee”" in older
    assert "Another" not in older
    assert await _turn(runtime, world.carl, "newer") == words
    one = without_links(await run_command(world.carl, "/advocacy audit #2"))
    assert [line for line in one.splitlines() if "(post" in line and "post 2" not in line] == []
    assert len([line for line in one.splitlines() if "(post 2" in line]) == 3
    assert await run_command(world.carl, "/advocacy audit 77") == (
        "The record holds nothing about post 77."
    )
    assert "post's number" in await run_command(world.carl, "/advocacy audit everything")


async def _turn(runtime: Runtime, person: Person, to: str) -> str:
    words = await click(runtime, person, last(person), f"{record_view.TURN}:{to}")
    return without_links(words)


async def test_on_home_it_opens_as_a_dialog_with_pages(world: SlackWorld, runtime: Runtime) -> None:
    for number in range(5):
        await approved_post(world, runtime, title=f"News {number}", topics="")
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, record_view.OPEN)
    view = world.carl.view
    assert view is not None
    assert "News 4 (post 5" in without_links(view.plain_for(world.carl))
    await press_view(world.carl, f"{record_view.TURN}:older")
    await runtime.context.background_tasks.drain()
    assert "News 0 (post 1" in without_links(view.plain_for(world.carl))
    world.comms.members.remove(world.carl)
    await press_view(world.carl, f"{record_view.TURN}:newer")
    await runtime.context.background_tasks.drain()
    assert "That's for the comms team." in without_links(view.plain_for(world.carl))
    assert "News" not in without_links(view.plain_for(world.carl))
    assert record_view.OPEN not in await open_home(runtime, world.gus)

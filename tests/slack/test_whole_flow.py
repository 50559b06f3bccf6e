"""One post from joining to its end, over both ways to Slack and on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.model import SkipReason
from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import announcements as announcements_view
from bot.slack.views import cards, membership, own_words, reports, share_dialog, share_forms
from bot.slack.views import responses as responses_view
from bot.slack.views.replies import POST_ENDED
from slack_sandbox import Message, Person
from slack_sandbox.state import View
from tests.slack.share_dialog import buttons_in, type_own_words
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    actions,
    announced,
    bot_running,
    card_of,
    fields,
    fill_in,
    read_answer,
    rows,
    run_command,
    send,
    slack_world,
    write_post,
)

# A Tuesday, 8:00 in Berlin; the channel's hours begin at 9:30.
EARLY = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
TYPO, TITLE = "Our new releese is out", "Our new release is out"
OWN = f"I built a part of this, and I am glad that it is out. {DISCLOSURE}"


@dataclass
class Story:
    """The people, the bot, and where its rows lie."""

    world: SlackWorld
    runtime: Runtime
    dele: Person
    database_url: str

    async def settle(self) -> None:
        """Let everything happen that follows from what was just done."""
        await self.runtime.context.background_tasks.drain()


@pytest.fixture(params=["socket", "http"])
async def story(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Story]:
    async with slack_world(EARLY) as world:
        dele = world.sandbox.add_person("dele", tz="Africa/Lagos")
        world.news.members.append(dele)
        async with bot_running(world, database_url, mode=request.param) as runtime:
            yield Story(world, runtime, dele, database_url)


async def test_a_post_from_joining_to_its_end(story: Story) -> None:
    await two_people_join(story)
    await comms_queue_and_approve(story)
    message = await the_tick_announces(story)
    await amara_shares(story, message)
    await dele_skips_with_a_reason(story, message)
    await bo_consents_first_and_finds_own_words(story, message)
    await dele_browses(story)
    await a_correction_edits_the_message(story, message)
    await it_is_withdrawn(story, message)
    what_is_stored(story)
    nobody_saw_what_others_did(story)


async def two_people_join(story: Story) -> None:
    world = story.world
    for person in (world.amara, story.dele):
        words = await run_command(person, "/advocacy join")
        assert "You're in until" in words
        assert "After that I stop, unless you renew." in words
    chosen = await world.amara.press(world.amara.private[-1], membership.IN_CHANNEL)
    assert "#share-our-news" in await read_answer(story.runtime, world.amara, chosen)
    assert announced(world) == []


async def comms_queue_and_approve(story: Story) -> None:
    world = story.world
    outcome = await write_post(world.cleo, title=TYPO)
    assert outcome.error is None
    assert world.cleo.view is None
    await story.settle()
    shown = card_of(world, 1)
    assert "Waiting for approval. Someone other than @cleo can approve it." in shown.plain

    own = await world.cleo.press(shown, cards.APPROVE)
    assert "someone else has to approve it" in await read_answer(story.runtime, world.cleo, own)
    approval = await world.carl.press(shown, cards.APPROVE)
    words = await read_answer(story.runtime, world.carl, approval)
    assert words.startswith(f"Approved: “{TYPO}” (post 1).")
    assert card_of(world, 1) is shown
    berlin = shown.plain_for(world.cleo)
    assert "Approved. Planned for Tue 1 Sep, 9:30 Berlin: posts go out" in berlin
    assert "posts go out 09:30 to 16:30, Mon to Fri." in berlin
    assert "Approved by @carl, Sep 1, 2026 at 8:00 AM" in berlin


async def the_tick_announces(story: Story) -> Message:
    world = story.world
    await story.runtime.tick()
    assert announced(world) == []
    world.sandbox.clock.advance(timedelta(hours=1, minutes=30))
    await story.runtime.tick()
    await story.runtime.tick()
    [message] = announced(world)
    assert message.plain.startswith(f"{TYPO}\nIt halves the time that a backup takes.")
    assert actions(message) == [announcements_view.SHARE, announcements_view.SKIP]
    assert message.mentions == []
    assert card_of(world, 1).plain.splitlines()[2].startswith("Live")
    return message


def dialog_of(person: Person) -> View:
    assert person.view is not None
    return person.view


async def amara_shares(story: Story, message: Message) -> None:
    amara = story.world.amara
    await amara.press(message, announcements_view.SHARE)
    opened = dialog_of(amara)
    assert "For LinkedIn" in opened.plain
    assert f"Here is how we got there. {DISCLOSURE}" in opened.plain
    assert "Mark as shared" not in opened.plain

    await amara.choose(opened, share_dialog.NETWORK, Network.X.value)
    await story.settle()
    outcome = await amara.press(opened, share_dialog.OPEN)
    assert outcome.url is not None
    assert outcome.url.startswith("https://x.com/intent/tweet?")
    carried = parse_qs(urlsplit(outcome.url).query)
    assert carried == {"text": [f"Backups in half the time. {DISCLOSURE}"], "url": [LINK]}
    await story.settle()
    await amara.press(opened, share_dialog.SHARED)
    await story.settle()
    assert "Marked as shared. Thank you." in opened.plain
    await amara.close()


async def dele_skips_with_a_reason(story: Story, message: Message) -> None:
    dele = story.dele
    skipped = await dele.press(message, announcements_view.SKIP)
    words = await read_answer(story.runtime, dele, skipped)
    assert words.startswith("Skipped, thank you.")
    why = responses_view.reason_action(SkipReason.NOT_MY_AUDIENCE)
    reasoned = await dele.press(dele.private[-1], why)
    words = await read_answer(story.runtime, dele, reasoned)
    assert "Not my audience" in words


async def bo_consents_first_and_finds_own_words(story: Story, message: Message) -> None:
    bo = story.world.bo
    await bo.press(message, announcements_view.SHARE)
    shown = dialog_of(bo)
    assert shown.callback_id == share_forms.CONSENT
    assert len(rows(story.database_url, "SELECT id FROM member")) == 2
    await bo.submit()
    assert bo.views == [shown]
    assert "For LinkedIn" in shown.plain

    await bo.press(shown, share_dialog.EDIT)
    await story.settle()
    type_own_words(bo, "I built a part of this.")
    await bo.submit()
    assert own_words.PUT_BACK in buttons_in(shown), "it says why, and keeps what was typed"
    assert "A short lesson, if you like: “Saying where you work”." in shown.plain
    await bo.submit()
    assert "A short lesson" not in shown.plain, "it is offered once"
    type_own_words(bo, OWN)
    await bo.submit()
    assert bo.views == [shown]
    assert "For LinkedIn, your own text" in shown.plain
    outcome = await bo.press(shown, share_dialog.OPEN)
    assert outcome.url is not None
    assert parse_qs(urlsplit(outcome.url).query)["text"] == [f"{OWN}\n\n{LINK}"]
    await story.settle()


async def dele_browses(story: Story) -> None:
    words = await run_command(story.dele, "/advocacy browse")
    assert TYPO in words
    assert words.endswith("[Share]"), "a skip is no share"


async def a_correction_edits_the_message(story: Story, message: Message) -> None:
    world = story.world
    shown = card_of(world, 1)
    await world.cleo.press(shown, cards.EDIT)
    assert "It isn't announced again" in dialog_of(world.cleo).plain
    await fill_in(world.cleo, fields(title=TITLE))
    await send(world.cleo)
    await story.settle()
    assert " A correction is waiting for approval." in shown.plain
    assert message.plain.startswith(TYPO)

    approval = await world.carl.press(shown, cards.APPROVE)
    words = await read_answer(story.runtime, world.carl, approval)
    assert words.startswith("Approved.")
    assert announced(world) == [message]
    assert message.edited
    assert message.plain.startswith(f"{TITLE}\n")
    world.sandbox.clock.advance(timedelta(days=7))
    await story.runtime.tick()
    assert announced(world) == [message]


async def it_is_withdrawn(story: Story, message: Message) -> None:
    world = story.world
    as_it_was = replace(message)
    withdrawal = await world.carl.press(card_of(world, 1), cards.WITHDRAW)
    words = await read_answer(story.runtime, world.carl, withdrawal)
    assert words.startswith(f"Withdrawn: “{TITLE}” (post 1).")
    assert message.plain == f"{TITLE}\nThis post was withdrawn and can't be shared any more."
    assert card_of(world, 1).plain.splitlines()[2] == "Withdrawn."
    assert actions(card_of(world, 1)) == [cards.DUPLICATE, reports.REPORT_POST]
    assert "This post was withdrawn" in dialog_of(world.bo).plain

    for action in (announcements_view.SHARE, announcements_view.SKIP):
        late = await story.dele.press(as_it_was, action)
        words = await read_answer(story.runtime, story.dele, late)
        assert words == POST_ENDED
    assert story.dele.view is None
    assert "nothing to share" in await run_command(story.dele, "/advocacy browse")


def what_is_stored(story: Story) -> None:
    url, world = story.database_url, story.world
    members = 'SELECT "user", in_channel, network, left_at FROM member ORDER BY id'
    assert [(who, bool(channel), *more) for who, channel, *more in rows(url, members)] == [
        (world.amara.id, True, "x", None),
        (story.dele.id, False, None, None),
        (world.bo.id, False, "linkedin", None),
    ]
    posts = "SELECT state, correction, revision, approved_revision FROM post"
    assert rows(url, posts) == [("withdrawn", None, 2, 2)]
    assert rows(url, "SELECT title, writer FROM revision ORDER BY number") == [
        (TYPO, world.cleo.id),
        (TITLE, world.cleo.id),
    ]
    assert rows(url, "SELECT revision, who, what FROM decision ORDER BY id") == [
        (1, world.carl.id, "approved"),
        (2, world.carl.id, "approved"),
        (2, world.carl.id, "withdrawn"),
    ]
    announcements = "SELECT state, shown_revision, shown_ended FROM announcement"
    assert [tuple(map(str, row)) for row in rows(url, announcements)] in (
        [("sent", "2", "True")],
        [("sent", "2", "1")],
    )
    responses = "SELECT member_id, stage, reason, network FROM response ORDER BY member_id"
    assert rows(url, responses) == [
        (1, "shared", None, "x"),
        (2, "skipped", "not_my_audience", None),
        (3, "opened", None, "linkedin"),
    ]
    history = (
        "SELECT member_id, response_event.stage FROM response_event "
        "JOIN response ON response.id = response_id ORDER BY response_event.id"
    )
    assert rows(url, history) == [
        (1, "interested"),
        (1, "opened"),
        (1, "shared"),
        (2, "skipped"),
        (2, "skipped"),
        (3, "interested"),
        (3, "opened"),
    ]


def nobody_saw_what_others_did(story: Story) -> None:
    world = story.world
    public = [one for one in world.sandbox.state.messages if one.ephemeral_to is None]
    assert {one.channel for one in public} == {world.news, world.comms}
    for one in public:
        for person in (world.amara, world.bo, story.dele):
            assert person.id not in one.text + str(one.blocks)

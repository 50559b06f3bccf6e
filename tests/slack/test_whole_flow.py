"""One post from joining to its end, over both ways to Slack and on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.model import Network, SkipReason
from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.sandbox.state import View
from bot.slack.views import announcement, asides, card, dialog, membership, own_words, skip
from bot.slack.views.words import POST_ENDED
from tests.slack.sharing import buttons_in, type_own
from tests.support import (
    DISCLOSURE,
    LINK,
    Office,
    actions,
    announced,
    answered,
    asked,
    bot_running,
    card_of,
    fields,
    office,
    rows,
    write_post,
)

# A Tuesday, 8:00 in Berlin; the channel's hours begin at 9:30.
EARLY = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
TYPO, TITLE = "Our new releese is out", "Our new release is out"
OWN = f"I built a part of this, and I am glad that it is out. {DISCLOSURE}"


@dataclass
class Story:
    """The people, the bot, and where its rows lie."""

    place: Office
    runtime: Runtime
    dele: Person
    database_url: str

    async def settle(self) -> None:
        """Let everything happen that follows from what was just done."""
        await self.runtime.kit.afterwards.drain()


@pytest.fixture(params=["socket", "http"])
async def story(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Story]:
    async with office(EARLY) as place:
        dele = place.sandbox.add_person("dele", tz="Africa/Lagos")
        place.news.members.append(dele)
        async with bot_running(place, database_url, mode=request.param) as runtime:
            yield Story(place, runtime, dele, database_url)


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
    place = story.place
    for person in (place.amara, story.dele):
        words = await asked(person, "/advocacy join")
        assert "You've joined." in words
        assert "nothing is expected of you" in words
    chosen = await place.amara.press(place.amara.private[-1], membership.IN_CHANNEL)
    assert "#share-our-news" in await answered(story.runtime, place.amara, chosen)
    assert announced(place) == []


async def comms_queue_and_approve(story: Story) -> None:
    place = story.place
    outcome = await write_post(place.cleo, title=TYPO)
    assert outcome.error is None
    assert place.cleo.view is None
    await story.settle()
    shown = card_of(place, 1)
    assert "Waiting for approval. Somebody other than @cleo can approve it." in shown.plain

    own = await place.cleo.press(shown, card.APPROVE)
    assert "somebody else has to approve it" in await answered(story.runtime, place.cleo, own)
    approval = await place.carl.press(shown, card.APPROVE)
    words = await answered(story.runtime, place.carl, approval)
    assert words.startswith(f"Approved: Post 1 (“{TYPO}”).")
    assert card_of(place, 1) is shown
    berlin = shown.plain_for(place.cleo)
    assert "Approved. It goes out Sep 1, 2026 at 9:30 AM if nothing changes" in berlin
    assert "the channel opens then (09:30 to 16:30, Mon to Fri, in Europe/Berlin)" in berlin
    assert "Approved by @carl, Sep 1, 2026 at 8:00 AM" in berlin


async def the_tick_announces(story: Story) -> Message:
    place = story.place
    await story.runtime.tick()
    assert announced(place) == []
    place.sandbox.clock.advance(timedelta(hours=1, minutes=30))
    await story.runtime.tick()
    await story.runtime.tick()
    [message] = announced(place)
    assert message.plain.startswith(f"{TYPO}\nIt halves the time that a backup takes.")
    assert actions(message) == [announcement.SHARE, announcement.SKIP]
    assert message.pings == []
    assert card_of(place, 1).plain.splitlines()[2] == "Live."
    return message


def dialog_of(person: Person) -> View:
    assert person.view is not None
    return person.view


async def amara_shares(story: Story, message: Message) -> None:
    amara = story.place.amara
    await amara.press(message, announcement.SHARE)
    opened = dialog_of(amara)
    assert "For LinkedIn" in opened.plain
    assert f"Here is how we got there. {DISCLOSURE}" in opened.plain
    assert "Mark as shared" not in opened.plain

    await amara.press(opened, f"{dialog.OTHER_NETWORK}:{Network.X}")
    await story.settle()
    outcome = await amara.press(opened, dialog.OPEN)
    assert outcome.url is not None
    assert outcome.url.startswith("https://x.com/intent/tweet?")
    carried = parse_qs(urlsplit(outcome.url).query)
    assert carried == {"text": [f"Backups in half the time. {DISCLOSURE}"], "url": [LINK]}
    await story.settle()
    await amara.press(opened, dialog.SHARED)
    await story.settle()
    assert "Marked as shared. Thank you." in opened.plain
    await amara.close()


async def dele_skips_with_a_reason(story: Story, message: Message) -> None:
    dele = story.dele
    skipped = await dele.press(message, announcement.SKIP)
    words = await answered(story.runtime, dele, skipped)
    assert words.startswith("Skipped, thank you.")
    why = skip.reason_action(SkipReason.NOT_MY_AUDIENCE)
    reasoned = await dele.press(dele.private[-1], why)
    words = await answered(story.runtime, dele, reasoned)
    assert "Not my audience" in words


async def bo_consents_first_and_finds_own_words(story: Story, message: Message) -> None:
    bo = story.place.bo
    await bo.press(message, announcement.SHARE)
    shown = dialog_of(bo)
    assert shown.callback_id == asides.CONSENT
    assert len(rows(story.database_url, "SELECT id FROM member")) == 2
    await bo.submit()
    assert bo.views == [shown]
    assert "For LinkedIn" in shown.plain

    await bo.press(shown, dialog.EDIT)
    await story.settle()
    type_own(bo, "I built a part of this.")
    await bo.submit()
    assert own_words.PUT_BACK in buttons_in(shown), "it says why, and keeps what was typed"
    assert "A short lesson, if you like: “Saying where you work”." in shown.plain
    await bo.submit()
    assert "A short lesson" not in shown.plain, "it is offered once"
    type_own(bo, OWN)
    await bo.submit()
    assert bo.views == [shown]
    assert "For LinkedIn, in your own words" in shown.plain
    outcome = await bo.press(shown, dialog.OPEN)
    assert outcome.url is not None
    assert parse_qs(urlsplit(outcome.url).query)["text"] == [f"{OWN}\n\n{LINK}"]
    await story.settle()


async def dele_browses(story: Story) -> None:
    words = await asked(story.dele, "/advocacy browse")
    assert TYPO in words
    assert "[Share]" in words


async def a_correction_edits_the_message(story: Story, message: Message) -> None:
    place = story.place
    shown = card_of(place, 1)
    await place.cleo.press(shown, card.EDIT)
    assert "nothing is announced again" in dialog_of(place.cleo).plain
    place.cleo.fill(fields(title=TITLE))
    await place.cleo.submit()
    await story.settle()
    assert "Live. A correction waits for approval." in shown.plain
    assert message.plain.startswith(TYPO)

    approval = await place.carl.press(shown, card.APPROVE)
    words = await answered(story.runtime, place.carl, approval)
    assert words.startswith("Approved.")
    assert announced(place) == [message]
    assert message.edited
    assert message.plain.startswith(f"{TITLE}\n")
    place.sandbox.clock.advance(timedelta(days=7))
    await story.runtime.tick()
    assert announced(place) == [message]


async def it_is_withdrawn(story: Story, message: Message) -> None:
    place = story.place
    as_it_was = replace(message)
    withdrawal = await place.carl.press(card_of(place, 1), card.WITHDRAW)
    words = await answered(story.runtime, place.carl, withdrawal)
    assert words.startswith(f"Withdrawn: Post 1 (“{TITLE}”).")
    assert message.plain == f"{TITLE}\nThis post was withdrawn and can't be shared any more."
    assert card_of(place, 1).plain.splitlines()[2] == "Withdrawn."
    assert actions(card_of(place, 1)) == []
    assert "This post was withdrawn" in dialog_of(place.bo).plain

    for action in (announcement.SHARE, announcement.SKIP):
        late = await story.dele.press(as_it_was, action)
        words = await answered(story.runtime, story.dele, late)
        assert words == POST_ENDED
    assert story.dele.view is None
    assert "nothing to share" in await asked(story.dele, "/advocacy browse")


def what_is_stored(story: Story) -> None:
    url, place = story.database_url, story.place
    members = 'SELECT "user", in_channel, network, left_at FROM member ORDER BY id'
    assert [(who, bool(channel), *more) for who, channel, *more in rows(url, members)] == [
        (place.amara.id, True, "x", None),
        (story.dele.id, False, None, None),
        (place.bo.id, False, "linkedin", None),
    ]
    posts = "SELECT state, correction, revision, approved_revision FROM post"
    assert rows(url, posts) == [("withdrawn", None, 2, 2)]
    assert rows(url, "SELECT title, writer FROM revision ORDER BY number") == [
        (TYPO, place.cleo.id),
        (TITLE, place.cleo.id),
    ]
    assert rows(url, "SELECT revision, who, what FROM decision ORDER BY id") == [
        (1, place.carl.id, "approved"),
        (2, place.carl.id, "approved"),
        (2, place.carl.id, "withdrawn"),
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
    place = story.place
    public = [one for one in place.sandbox.state.messages if one.ephemeral_to is None]
    assert {one.channel for one in public} == {place.news, place.comms}
    for one in public:
        for person in (place.amara, place.bo, story.dele):
            assert person.id not in one.text + str(one.blocks)

"""Joining, leaving, pausing, and where one stands: what a person types and reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.domain.hours import start_of_day
from bot.runtime import Runtime
from bot.services.membership import MONTH
from bot.slack.views import announcements, asks, share_dialog
from bot.slack.views import membership as views
from slack_sandbox import Fault, Message
from tests.support import (
    START,
    Rows,
    SlackWorld,
    actions,
    all_rows,
    announced,
    assert_polite,
    at,
    click,
    click_in_dialog,
    live_post,
    member,
    open_more,
    plainly,
    read_answer,
    rows,
    run_command,
    slack_world,
)

COMMS_ONLY = ("queue", "posts", "approve", "send-back", "withdraw", "freeze", "unfreeze")

STATUS = [
    views.BROWSE,
    views.SETTINGS,
    views.PAUSE,
    views.LEAVE,
    views.MORE,
]
OUTSIDE = [
    views.JOIN,
    views.ASK_WHO_SEES_WHAT,
    views.BROWSE,
    views.MORE,
]


@pytest.fixture
async def world() -> AsyncIterator[SlackWorld]:
    async with slack_world() as world:
        yield world
        posted = [one for one in world.sandbox.state.messages if one.ephemeral_to is None]
        assert not [one for one in posted if one.channel.direct_with], "nobody gets a message"
        if not posted:  # a card names its writer to comms
            assert_polite(world)


def newest(world: SlackWorld) -> Message:
    return world.amara.private[-1]


def today(moment: datetime) -> datetime:
    """The moment as Amara's row keeps it: when that day began where she is."""
    return start_of_day(moment, "America/New_York")


@pytest.mark.parametrize("word", ["join", "opt-in", "in"])
async def test_joining_asks_one_thing_and_records_when_consent_was_given(
    world: SlackWorld, runtime: Runtime, url: str, word: str
) -> None:
    words = await run_command(world.amara, f"/advocacy {word}")
    assert words.startswith("You're in until Wednesday, March 3rd")
    assert "After that I stop, unless you renew." in words
    assert actions(newest(world)) == [views.BROWSE_ONLY, views.BY_DIRECT, views.IN_CHANNEL]
    assert "(colleagues see who's in it)" in words
    consent = member(url, "consented_at, consent_ends_at")
    assert [at(moment) for moment in consent] == [today(START), today(START + 6 * MONTH)]
    expected = (world.amara.id, None, None, "America/New_York", 0, 0)
    assert member(url, '"user", left_at, paused_until, zone, in_channel, direct') == expected


@pytest.mark.parametrize(
    ("button", "in_channel", "words"),
    [
        (views.IN_CHANNEL, 1, "You're already in #share-our-news, so you see posts there."),
        (views.BROWSE_ONLY, 0, "You'll see posts when you browse. I won't send you anything. If"),
    ],
)
async def test_whoever_joined_chooses_the_channel_or_browsing(
    world: SlackWorld, runtime: Runtime, url: str, button: str, in_channel: int, words: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = list(world.news.members)
    pressed = await world.amara.press(newest(world), button)
    assert (await read_answer(runtime, world.amara, pressed)).startswith(words)
    assert member(url, "in_channel") == (in_channel,)
    assert world.news.members == before


async def test_who_is_not_in_the_channel_gets_the_way_there(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    dele = world.sandbox.add_person("dele")
    await run_command(dele, "/advocacy join")
    pressed = await dele.press(dele.private[-1], views.IN_CHANNEL)
    assert (await read_answer(runtime, dele, pressed)).startswith(
        "Posts appear in #share-our-news. Slack shows who's in it and announces who joins. Join "
        "it whenever you like. I never add or remove anyone."
    )


async def test_who_comes_back_reads_which_choices_were_kept(
    world: SlackWorld, runtime: Runtime
) -> None:
    await run_command(world.amara, "/advocacy join")
    await world.amara.press(newest(world), views.BY_DIRECT)
    world.amara.fill({"networks": ["linkedin", "x"], "pace": "1_a_month"})
    await world.amara.submit()
    await world.amara.close()
    await run_command(world.amara, "/advocacy leave")
    assert (
        "I've kept your choices from before.\n• Topics: none\n• Networks: LinkedIn, X\n"
        "• Pace: at most once a month"
    ) in await run_command(world.amara, "/advocacy join")


@pytest.mark.parametrize("word", ["leave", "opt-out", "out", "stop", "quit", "unsubscribe", "STOP"])
async def test_leaving_is_one_word_and_works_at_once(
    world: SlackWorld, runtime: Runtime, url: str, word: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    words = await run_command(world.amara, f"/advocacy {word}")
    assert words.startswith("You've left")
    assert "If you're in #share-our-news, you can leave" in words
    assert "Until then you can come back and find your settings" in words
    assert world.amara in world.news.members
    assert at(member(url, "left_at")[0]) == today(START)


async def test_who_has_left_can_join_again(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy leave")
    world.sandbox.clock.advance(timedelta(days=1))
    assert "You're in until" in await run_command(world.amara, "/advocacy join")
    consented, left = member(url, "consented_at, left_at")
    assert (at(consented), left) == (today(START + timedelta(days=1)), None)


async def test_who_has_left_is_not_told_that_nothing_is_kept(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy leave")
    assert rows(url, "SELECT id FROM member") != []
    for line in ("/advocacy", "/advocacy pause 2 weeks", "/advocacy resume"):
        assert "nothing is kept" not in await run_command(world.amara, line)
    message = await live_post(world, runtime)
    await world.amara.press(message, announcements.SHARE)
    assert world.amara.view is not None
    assert "nothing has been kept" not in world.amara.view.plain


@pytest.mark.parametrize(
    ("first", "again", "words"),
    [
        ("join", "join", "You've already joined, so nothing has changed."),
        ("join", "IN", "You've already joined, so nothing has changed."),
        ("leave", "leave", "You haven't joined, so there's nothing to leave"),
        ("pause 2 weeks", "pause 14 days", "You're already paused until"),
        ("resume", "resume", "You aren't paused"),
    ],
)
async def test_repeating_is_harmless_and_says_so(
    world: SlackWorld, runtime: Runtime, url: str, first: str, again: str, words: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, f"/advocacy {first}")
    before = all_rows(url)
    assert (await run_command(world.amara, f"/advocacy {again}")).startswith(words)
    assert all_rows(url) == before


@pytest.mark.parametrize("line", ["/advocacy", "/advocacy status", "/advocacy   STATUS  "])
async def test_a_member_sees_where_they_stand(
    world: SlackWorld, runtime: Runtime, url: str, line: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    words = await run_command(world.amara, line)
    assert words.startswith("You joined on Tuesday, September 1st, 2026.")
    assert (
        "You see posts when you browse. I won't send you anything. Posts also appear in "
        "#share-our-news" in words
    )
    assert "renew" not in words
    assert actions(newest(world)) == STATUS


@pytest.mark.parametrize("line", ["/advocacy", "/advocacy pause 2 weeks", "/advocacy resume"])
async def test_who_has_not_joined_is_told_so_and_nothing_is_stored(
    world: SlackWorld, runtime: Runtime, url: str, line: str
) -> None:
    before = all_rows(url)
    words = await run_command(world.amara, line)
    assert "I won't send you anything" in words
    assert actions(newest(world)) == OUTSIDE
    assert all_rows(url) == before


async def test_every_button_of_the_status_does_what_it_says(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    amara = world.amara
    await run_command(amara, "/advocacy")
    shown = newest(world)

    async def press(button: str) -> str:
        return await read_answer(runtime, amara, await amara.press(shown, button))

    assert (await press(views.JOIN)).startswith("You're in until")
    await run_command(amara, "/advocacy")
    shown = newest(world)
    assert "nothing to share just now" in await press(views.BROWSE)
    assert shown.plain.startswith("You joined on")  # the list stands beside it
    await press(views.PAUSE)
    assert shown.plain.startswith("Paused until")
    assert at(member(url, "paused_until")[0]) == today(START + timedelta(weeks=2))
    await press(views.RESUME)
    assert shown.plain == "Welcome back. Browse whenever you like. I won't send you anything."
    for button, in_channel in ((views.IN_CHANNEL, 1), (views.WITHOUT_CHANNEL, 0)):
        shown = await open_more(runtime, amara)
        await press(button)
        assert member(url, "in_channel") == (in_channel,)
    await run_command(amara, "/advocacy status")
    shown = newest(world)
    await press(views.LEAVE)
    assert shown.plain.startswith("You've left")
    assert member(url, "left_at") != (None,)


@pytest.mark.parametrize("joined", [True, False])
async def test_more_leads_to_each_thing(
    world: SlackWorld, runtime: Runtime, url: str, joined: bool
) -> None:
    if joined:
        await run_command(world.amara, "/advocacy join")
    leads = {
        views.LESSONS: "Short lessons on sharing",
        views.PRACTISE: "Try it out",
        views.SUGGEST: "Suggest news",
        views.MY_DATA: "Your data",
    }
    if joined:
        leads |= {views.ASK_WHO_SEES_WHAT: "Who sees what?", views.BY_DIRECT: "Direct messages"}
    rest = await open_more(runtime, world.amara)
    channel = [views.IN_CHANNEL] if joined else []
    assert actions(rest) == [*leads, *channel]
    for action, opening in leads.items():
        said = await click(runtime, world.amara, rest, action)
        if world.amara.view is not None:
            said = world.amara.view.plain
            await world.amara.close(everything=True)
        assert said.startswith(opening), action
    if joined:
        for action, in_channel in ((views.IN_CHANNEL, 1), (views.WITHOUT_CHANNEL, 0)):
            await click(runtime, world.amara, await open_more(runtime, world.amara), action)
            assert member(url, "in_channel") == (in_channel,)


async def test_an_old_button_is_harmless_after_leaving(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    amara = world.amara
    await run_command(amara, "/advocacy join")
    choice = newest(world)
    await run_command(amara, "/advocacy leave")
    before = all_rows(url)
    pressed = await amara.press(choice, views.IN_CHANNEL)
    await read_answer(runtime, amara, pressed)
    assert actions(choice) == OUTSIDE
    assert all_rows(url) == before


async def test_help_lists_what_comms_can_do_for_comms_only(
    world: SlackWorld, runtime: Runtime
) -> None:
    for_members = await run_command(world.amara, "/advocacy help")
    for_comms = await run_command(world.carl, "/advocacy help")
    assert "/advocacy browse" in for_members
    for command in COMMS_ONLY:
        assert f"/advocacy {command}" not in for_members
        assert f"/advocacy {command}" in for_comms


async def test_help_helps_also_when_slack_does_not_say_who_is_in_comms(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.sandbox.faults.add(Fault("conversations.members", error="missing_scope"))
    words = await run_command(world.carl, "/advocacy help")
    assert "/advocacy leave" in words
    assert "queue" not in words


async def test_anybody_can_browse_what_is_live(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    assert "nothing to share just now" in await run_command(world.amara, "/advocacy browse")
    await live_post(world, runtime)
    for person in (world.amara, world.carl):
        words = await run_command(person, "/advocacy browse")
        assert "Our new release is out\nIt halves the time that a backup takes." in words
        assert words.count("[Share]") == 1
    assert rows(url, "SELECT id FROM member") == []


async def test_joining_the_channel_by_hand_sends_nothing_to_anybody(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    # The app asks Slack for no events, so nobody waits here for one to be acknowledged.
    world.sandbox.dispatcher.acknowledge_within = 0.1
    world.sandbox.dispatcher.event_retry_delays = ()
    dele = world.sandbox.add_person("dele")
    await runtime.tick()  # the first one reads the pace check
    before = all_rows(url)
    await dele.join_channel(world.news)
    await runtime.tick()
    await dele.leave_channel(world.news)
    await runtime.tick()
    assert world.sandbox.state.messages == []
    assert dele.view is None
    assert all_rows(url) == before


@pytest.mark.parametrize(
    "fault",
    [
        Fault("users.info", error="missing_scope"),
        Fault("users.info", error="unknown_method"),
        Fault("users.info", status=503),
        Fault("users.info", cut=True, times=None),
        Fault("users.info", delay=2.5),
    ],
    ids=["missing_scope", "unknown_method", "5xx", "cut", "slow"],
)
async def test_nobody_joins_while_slack_does_not_tell_who_they_are(
    world: SlackWorld, runtime: Runtime, url: str, fault: Fault
) -> None:
    world.sandbox.faults.add(fault)
    assert "I can't check with Slack who you are" in await run_command(
        world.amara, "/advocacy join"
    )
    assert rows(url, "SELECT id FROM member") == []
    world.sandbox.faults.clear()
    world.sandbox.clock.advance(timedelta(minutes=5))
    assert "You're in until" in await run_command(world.amara, "/advocacy join")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jion", "join"), ("leav", "leave"), ("brwose", "browse"), ("Stauts", "status")],
)
async def test_an_unknown_word_suggests_the_nearest(
    world: SlackWorld, runtime: Runtime, typed: str, meant: str
) -> None:
    words = await run_command(world.amara, f"/advocacy {typed}")
    assert f"Did you mean /advocacy {meant}?" in words


@pytest.mark.parametrize(
    "typed", ["topics", "about", "opt", "info", "on", "remove", "what", "feed"]
)
async def test_another_word_is_not_bent_into_a_command(
    world: SlackWorld, runtime: Runtime, typed: str
) -> None:
    assert "Did you mean" not in await run_command(world.amara, f"/advocacy {typed}")


@pytest.mark.parametrize("typed", ["unsubscribed", "stopp", "quitt"])
async def test_somebody_who_wants_out_is_understood_in_spite_of_a_slip(
    world: SlackWorld, runtime: Runtime, typed: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, f"/advocacy {typed}")
    assert views.LEAVE in actions(newest(world))


@pytest.mark.parametrize(
    "typed", ["<!channel>", "<@U000000001>", "xyzzy " * 300, "ж", "🦄", "&amp;", "`code`", "-"]
)
async def test_an_unknown_word_gets_a_word_and_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, typed: str
) -> None:
    before = all_rows(url)
    words = await run_command(world.amara, f"/advocacy {typed}")
    echoed = typed.split()[0].strip("`").lower()
    assert words.startswith(f"I don't know “{echoed}”.")
    assert "/advocacy help" in words
    assert all_rows(url) == before


@pytest.mark.parametrize("line", ["/advocacy   JOIN  ", "/advocacy Join", "/advocacy join please"])
async def test_capitals_and_blanks_do_not_matter(
    world: SlackWorld, runtime: Runtime, url: str, line: str
) -> None:
    assert "You're in until" in await run_command(world.amara, line)
    await run_command(world.amara, "/advocacy  Pause   2   WEEKS ")
    paused: Rows = rows(url, "SELECT paused_until FROM member")
    assert at(paused[0][0]) == today(START + timedelta(weeks=2))


async def test_consent_ends_by_itself(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await run_command(world.amara, "/advocacy join")
    world.sandbox.clock.advance(6 * MONTH)
    for line in ("/advocacy", "/advocacy pause 2 weeks", "/advocacy resume"):
        await run_command(world.amara, line)
        assert views.JOIN in actions(newest(world))
    assert "nothing to leave" in await run_command(world.amara, "/advocacy leave")
    assert "You're in until" in await run_command(world.amara, "/advocacy join")


@pytest.mark.parametrize("line", ["/advocacy", "/advocacy join"])
async def test_consent_can_be_renewed_where_one_stands_in_its_last_days(
    world: SlackWorld, runtime: Runtime, url: str, line: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    world.sandbox.clock.advance(6 * MONTH - timedelta(days=8))
    words = await run_command(world.amara, line)
    assert "Renew it if you'd like to go on. If not, there's nothing to do." in words
    said = await read_answer(
        runtime, world.amara, await world.amara.press(newest(world), asks.RENEW)
    )
    assert said.startswith("Renewed.")
    ends = at(member(url, "consent_ends_at")[0])
    assert ends == today(world.sandbox.clock() + 6 * MONTH)


@pytest.mark.parametrize(
    ("button", "goes_on", "back"),
    [
        (views.IN_CHANNEL, True, "You'll see posts in #share-our-news. I won't message you."),
        (views.BROWSE_ONLY, False, "Browse whenever you like. I won't send you anything."),
    ],
)
async def test_a_pause_and_its_end_say_what_is_true_of_ones_choice(
    world: SlackWorld, runtime: Runtime, button: str, goes_on: bool, back: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await read_answer(runtime, world.amara, await world.amara.press(newest(world), button))
    paused = await run_command(world.amara, "/advocacy pause 2 weeks")
    assert ("Posts still appear in the channel" in paused) is goes_on
    assert await run_command(world.amara, "/advocacy resume") == f"Welcome back. {back}"


async def test_every_answer_is_visible_to_the_caller_alone(
    world: SlackWorld, runtime: Runtime
) -> None:
    for word in ("", "join", "status", "pause 2 weeks", "resume", "browse", "help", "x", "leave"):
        outcome = await world.amara.command(f"/advocacy {word}", world.news)
        assert outcome.response is not None
        assert outcome.response["text"]
    assert announced(world) == []
    assert world.bo.messages(world.news) == []


async def test_who_sees_what_is_answered_at_length_and_stores_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy")
    before = all_rows(url)
    pressed = await world.amara.press(newest(world), views.ASK_WHO_SEES_WHAT)
    said = await read_answer(runtime, world.amara, pressed)
    assert said.startswith("Who sees what?\n")
    assert plainly(views.WHO_SEES_WHAT) in said
    assert all_rows(url) == before


async def test_the_question_for_consent_answers_who_sees_what_and_goes_on(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await live_post(world, runtime)
    await world.bo.press(message, announcements.SHARE)
    assert world.bo.view is not None
    assert plainly(views.WHO_SEES_WHAT) not in world.bo.view.plain
    assert "You're in for 6 months. After that I stop, unless you renew." in world.bo.view.plain
    await world.bo.press(world.bo.view, views.ASK_WHO_SEES_WHAT)
    await runtime.context.background_tasks.drain()
    assert plainly(views.WHO_SEES_WHAT) in world.bo.view.plain
    await world.bo.submit()
    assert rows(url, "SELECT stage FROM response") == [("interested",)]


async def test_browsing_puts_what_was_answered_below_with_a_way_to_share_it_again(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, title="The older one")
    message = await live_post(world, runtime, title="The newer one")
    await run_command(world.amara, "/advocacy join")
    await world.amara.press(message, announcements.SKIP)
    await runtime.context.background_tasks.drain()
    said = await run_command(world.amara, "/advocacy browse")
    assert said.index("The older one") < said.index("The newer one") < said.index("You skipped it.")
    assert said.endswith("[Share]")
    assert "[Share again]" not in said
    await world.amara.press(message, announcements.SHARE)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    said = await run_command(world.amara, "/advocacy browse")
    assert said.endswith("You opened LinkedIn.\n[Share again]")
    others = await run_command(world.bo, "/advocacy browse")
    assert others.index("The newer one") < others.index("The older one")
    assert "You skipped it." not in others

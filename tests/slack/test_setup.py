"""Setting up in Slack, from tokens alone, and changing settings later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.heartbeat import LOOK_EVERY
from bot.slack.views import membership, setup
from slack_sandbox import Channel, Fault, Message, Outcome, Person
from tests.support import (
    SlackWorld,
    all_rows,
    bot_running,
    click,
    click_in_dialog,
    rows,
    run_command,
)

TOKENS_ALONE = {"ADVOCACY_CHANNEL": "", "COMMS_CHANNEL": "", "DISCLOSURE": "", "TIME_ZONE": ""}


@pytest.fixture
def ada(world: SlackWorld) -> Person:
    """An admin, who is in the comms channel too."""
    ada = world.sandbox.add_person("ada", tz="Europe/Madrid", is_admin=True)
    world.comms.members.append(ada)
    return ada


@pytest.fixture
async def bare(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    """The bot with tokens alone."""
    async with bot_running(world, url, **TOKENS_ALONE) as runtime:
        yield runtime


async def choose(runtime: Runtime, person: Person, block: str, channel: Channel) -> None:
    """Choose a channel, and let the form look at it."""
    assert person.view is not None
    outcome = await person.choose(person.view, setup.CHOOSE, channel.id, block)
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()


async def fill_and_save(person: Person, **typed: Any) -> Outcome:
    """Fill the form that is open, and save it."""
    person.fill({"disclosure": "#AcmeEmployee", **typed})
    return await person.submit()


async def set_up(world: SlackWorld, runtime: Runtime, ada: Person, **typed: Any) -> Outcome:
    await ada.command("/advocacy setup")
    await choose(runtime, ada, "setup_news", world.news)
    await choose(runtime, ada, "setup_comms", world.comms)
    return await fill_and_save(ada, **typed)


def errors(person: Person) -> dict[str, str]:
    assert person.view is not None
    return person.view.errors


async def test_until_then_only_home_and_the_setup_answer(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    for line in ("/advocacy", "/advocacy join", "/advocacy queue", "/advocacy leave"):
        assert "not set up here yet. A workspace admin" in await run_command(world.amara, line)
    assert "Only a workspace admin" in await run_command(world.amara, "/advocacy setup")
    said = await click(bare, world.amara, world.amara.private[0], setup.OPEN)
    assert "Only a workspace admin" in said
    for person, seen in ((world.amara, "not set up here yet"), (ada, "You're an admin here")):
        await person.open_home()
        await bare.context.background_tasks.drain()
        assert person.home is not None
        assert seen in person.home.plain
    await bare.tick()
    assert not any(rows_of for rows_of in all_rows(url).values())
    assert world.sandbox.state.messages == [*world.amara.private, *ada.private]


async def test_an_admin_sets_it_up_and_it_holds_at_once(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    outcome = await set_up(world, bare, ada, channel_weekly_cap="1", approvals="1")
    assert outcome.acknowledged, (outcome.error, errors(ada))
    assert ada.view is not None
    assert "Posts go to #share-our-news. The comms team works in #comms-desk." in ada.view.plain
    assert "Without it" not in ada.view.plain
    stored = "advocacy_channel, comms_channel, disclosure, zone, weekly_cap, approvals"
    assert rows(url, f"SELECT {stored} FROM workspace") == [
        (world.news.id, world.comms.id, "#AcmeEmployee", "Europe/Madrid", 1, 1)
    ]
    assert "Hi, I'm Advocacy." in await run_command(world.amara, "/advocacy")
    await world.amara.press(world.amara.private[-1], membership.JOIN)
    await world.cleo.command("/advocacy queue", channel=world.comms)
    assert world.cleo.view is not None
    recorded = rows(url, "SELECT who, detail, state_before, state_after FROM act ORDER BY id")
    assert (ada.id, "APPROVALS", None, "set to 1") in recorded
    assert "changed a setting" in await run_command(world.cleo, "/advocacy audit")


async def test_a_channel_without_the_bot_shows_how_to_invite_it_and_is_looked_at_again(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    world.news.bot_is_member = world.comms.bot_is_member = False
    await ada.command("/advocacy setup")
    ada.fill({"disclosure": "I work at Acme"})
    await choose(bare, ada, "setup_news", world.news)
    await choose(bare, ada, "setup_comms", world.comms)
    assert ada.view is not None
    assert "I'm not in this channel yet. Type /invite @advocacy in it" in ada.view.plain
    assert "I can't see this channel, since I'm not in it." in ada.view.plain
    await fill_and_save(ada)
    assert set(errors(ada)) == {"setup_news", "setup_comms"}
    assert "/invite @advocacy" in errors(ada)["setup_comms"]
    assert rows(url, "SELECT id FROM workspace") == []
    world.news.bot_is_member = world.comms.bot_is_member = True
    await click_in_dialog(bare, ada, setup.CHECK)
    assert "/invite" not in ada.view.plain
    typed = ada.view.values["disclosure"]["value"]["value"]
    assert typed == "#AcmeEmployee", "what was typed stays"
    assert (await ada.submit()).acknowledged
    assert len(rows(url, "SELECT id FROM workspace")) == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("missing_scope", "reinstall the app from its manifest"),
        ("ratelimited", "Slack asks me to wait a little"),
        ("invalid_auth", "doesn't accept my token any more"),
        ("team_access_not_granted", "Slack refuses to show me this channel (team_access"),
        ("internal_error", "Slack didn't answer when I looked"),
    ],
)
async def test_each_refusal_of_slack_is_said_at_the_field(
    world: SlackWorld, bare: Runtime, ada: Person, url: str, error: str, said: str
) -> None:
    how: dict[str, Any] = {"error": error}
    if error == "ratelimited":
        how = {"status": 429, "retry_after": 1}
    world.sandbox.faults.add(Fault("conversations.info", times=None, **how))
    await set_up(world, bare, ada)
    assert said in errors(ada)["setup_comms"]
    assert rows(url, "SELECT id FROM workspace") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"disclosure": "#employee"}, "Please name the employer"),
        ({"disclosure_phrases": "de: Anzeige"}, "“de: Anzeige”: Please name the employer"),
        ({"time_zone": "Berlin"}, "such as Europe/Berlin"),
        ({"channel_weekly_cap": "0"}, "a whole number from 1 to 50"),
        ({"channel_min_gap": "soon"}, "such as 90s, 15m, 2h"),
        ({"channel_hours": "9 to 5"}, "09:30-16:30"),
        ({"workdays": "weekdays"}, "Mon-Fri"),
    ],
)
async def test_each_field_says_what_it_takes(
    world: SlackWorld, bare: Runtime, ada: Person, url: str, typed: dict[str, str], said: str
) -> None:
    await set_up(world, bare, ada, **typed)
    assert list(errors(ada)) == list(typed)
    assert said in errors(ada)[next(iter(typed))]
    assert rows(url, "SELECT id FROM workspace") == []


async def test_the_comms_channel_is_private_and_another_one(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    await ada.command("/advocacy setup")
    await choose(bare, ada, "setup_news", world.news)
    await choose(bare, ada, "setup_comms", world.news)
    await fill_and_save(ada)
    assert errors(ada) == {"setup_comms": "Please choose two different channels."}
    hall = world.sandbox.add_channel("town-hall")
    await choose(bare, ada, "setup_comms", hall)
    await fill_and_save(ada)
    assert errors(ada)["setup_comms"].startswith("This channel is public")
    with_others = world.sandbox.add_channel("partners", private=True, members=[ada])
    with_others.connected_to.append("T0ELSEWHERE")
    await choose(bare, ada, "setup_comms", with_others)
    await fill_and_save(ada)
    assert errors(ada)["setup_comms"].startswith("People of other organisations can be in this")
    assert rows(url, "SELECT id FROM workspace") == []


async def test_what_is_missing_is_said(world: SlackWorld, bare: Runtime, ada: Person) -> None:
    world.comms.members[:] = [ada]
    world.sandbox.scopes.remove("dnd:read")
    await ada.command("/advocacy setup")
    await choose(bare, ada, "setup_news", world.news)
    assert ada.view is not None
    assert "Missing: the permission dnd:read" in ada.view.plain, "also after a channel is chosen"
    await set_up(world, bare, ada)
    assert ada.view is not None
    for lack in ("dnd:read", "app_home_opened", "a second person in the comms channel"):
        assert lack in ada.view.plain


async def test_a_comms_team_of_one_approves_its_own_posts_and_hears_once_of_a_second(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    world.comms.members[:] = [ada]
    await set_up(world, bare, ada, approvals="1")
    assert ada.view is not None
    assert setup.APPROVES_OWN in ada.view.plain
    await ada.close(everything=True)

    async def suggested() -> list[Message]:
        world.sandbox.clock.advance(LOOK_EVERY)
        for _ in range(2):  # one finds out, and the next one says so
            await bare.tick()
        return [message for message in ada.messages(world.comms) if "two" in message.plain]

    assert await suggested() == []
    world.comms.members.append(world.gus)
    assert await suggested() == [], "a guest approves nothing"
    world.comms.members.append(world.carl)
    [said] = await suggested()
    assert "There are two of you in this channel now." in said.plain
    assert "Only a workspace admin" in await click(bare, world.carl, said, setup.OPEN)
    await ada.press(said, setup.OPEN)
    assert ada.view is not None
    assert await suggested() == [said], "it says so once"


async def test_whoever_is_no_admin_any_more_changes_nothing(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    await ada.command("/advocacy setup")
    await choose(bare, ada, "setup_news", world.news)
    await choose(bare, ada, "setup_comms", world.comms)
    ada.is_admin = False
    await fill_and_save(ada)
    assert ada.view is not None
    assert "Only a workspace admin or owner" in ada.view.plain
    assert rows(url, "SELECT id FROM workspace") == []


async def test_all_other_settings_are_changed_in_a_second_form(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    await set_up(world, bare, ada)
    await click_in_dialog(bare, ada, setup.MORE)
    ada.fill({"networks": ["linkedin", "email"], "topics": "releases", "post_days": "6"})
    await ada.submit()
    assert errors(ada) == {"post_days": "It takes a whole number from 7 to 90."}
    ada.fill({"post_days": "30"})
    assert (await ada.submit()).acknowledged
    assert rows(url, "SELECT networks, topics, post_days FROM workspace") == [
        (",linkedin,email,", ",releases,", 30)
    ]
    assert bare.context.post_days == 30


async def test_the_least_number_of_people_is_raised_and_never_lowered(
    world: SlackWorld, bare: Runtime, ada: Person, url: str
) -> None:
    await set_up(world, bare, ada)
    await click_in_dialog(bare, ada, setup.MORE)
    ada.fill({"figures": "on", "least_people": "5"})
    await ada.submit()
    assert errors(ada) == {"least_people": "It takes a whole number from 6 to 1000."}
    ada.fill({"least_people": "10"})
    assert (await ada.submit()).acknowledged
    await ada.close(everything=True)
    await ada.command("/advocacy setup")
    await click_in_dialog(bare, ada, setup.MORE)
    ada.fill({"least_people": "9"})
    await ada.submit()
    assert errors(ada) == {"least_people": "It's 10 now. It can be raised, and never lowered."}
    assert rows(url, "SELECT figures, least_people FROM workspace") == [(1, 10)]

"""Who is let in, as Slack says who they are: other organisations, sister workspaces, guests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.first_workspace import CannotStart
from bot.runtime import Runtime
from bot.slack.views import announcements, freeze, membership, replies
from slack_sandbox import Fault, Message, Person
from slack_sandbox.state import Enterprise
from tests.slack.direct_asks import DAY, WIDE, advance, direct_messages, staff
from tests.support import (
    SlackWorld,
    actions,
    all_rows,
    bot_running,
    click,
    live_post,
    rows,
    run_command,
)

GRID = Enterprise("E0ACME", "Acme Group")
JOINED = "SELECT COUNT(*) FROM member"
CONSENTING = 'SELECT "user" FROM member WHERE next_ask_at IS NOT NULL'


def plain_home(person: Person) -> str:
    """What somebody's Home tab shows."""
    assert person.home is not None
    return person.home.plain


async def test_people_of_another_organisation_get_one_sentence_and_nothing_is_stored(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    post = await live_post(world, runtime)
    await world.sandbox.connect_channel(world.news, "T0ELSEWHERE")
    sam = world.sandbox.add_person("sam", team_id="T0ELSEWHERE", enterprise_id="E0ELSEWHERE")
    world.news.members.append(sam)
    before = all_rows(url)
    for line in ("join", "", "help", "browse", "settings", "pause 1 week", "lessons"):
        assert await run_command(sam, f"/advocacy {line}") == replies.STRANGER
    for action in (announcements.SHARE, announcements.SKIP):
        assert await click(runtime, sam, post, action) == replies.STRANGER
    await sam.open_home()
    await runtime.context.background_tasks.drain()
    assert plain_home(sam).startswith(replies.STRANGER)
    assert sam.view is None
    assert all_rows(url) == before


@pytest.mark.parametrize("named", [None, GRID.id, "T0FIXED"], ids=["own", "org", "fixed"])
async def test_colleagues_of_a_sister_workspace_are_colleagues(
    world: SlackWorld, url: str, named: str | None
) -> None:
    world.sandbox.state.enterprise = Enterprise(GRID.id, GRID.name, users_team_id=named)
    sister = world.sandbox.add_person("sis", team_id="T0SISTER", enterprise_id=GRID.id)
    world.news.shared_with.append("T0SISTER")
    world.news.members.append(sister)
    async with bot_running(world, url) as runtime:
        post = await live_post(world, runtime)
        assert "You're in until" in await run_command(sister, "/advocacy join")
        assert "Skipped" in await click(runtime, sister, post, announcements.SKIP)
        await sister.press(post, announcements.SHARE)
        assert sister.view is not None
        assert "Where you stand" in plain_home(sister)
        stranger = world.sandbox.add_person("sam", team_id="T0FAR", enterprise_id="E0FAR")
        world.news.members.append(stranger)
        assert await click(runtime, stranger, post, announcements.SKIP) == replies.STRANGER


async def test_guests_take_no_part_unless_a_setting_lets_them(
    world: SlackWorld, url: str, new_sqlite: Callable[[], str]
) -> None:
    guest = world.sandbox.add_person("gil", restricted=True)
    world.news.members.append(guest)
    async with bot_running(world, url) as runtime:
        post = await live_post(world, runtime)
        for line in ("join", "", "browse"):
            assert await run_command(guest, f"/advocacy {line}") == replies.GUESTS_STAY_OUT
        assert await click(runtime, guest, post, announcements.SHARE) == replies.GUESTS_STAY_OUT
        assert guest.view is None
        assert rows(url, JOINED) == [(0,)]
    async with bot_running(world, new_sqlite(), GUESTS_MAY_JOIN="on"):
        assert "You're in until" in await run_command(guest, "/advocacy join")


async def test_a_guest_in_comms_has_the_desk_and_is_not_asked_to_join(
    world: SlackWorld, runtime: Runtime
) -> None:
    await world.gus.open_home()
    await runtime.context.background_tasks.drain()
    assert "[Write a post]" in plain_home(world.gus)
    assert "[Join]" not in plain_home(world.gus)
    assert replies.GUESTS_STAY_OUT in plain_home(world.gus)
    assert "/advocacy queue" in await run_command(world.gus, "/advocacy help")


@pytest.mark.parametrize("change", ["guest", "moved", "closed"])
async def test_a_member_who_is_none_of_us_any_more_is_not_asked(
    world: SlackWorld, url: str, change: str
) -> None:
    async with bot_running(world, url, TOPICS="releases", **WIDE) as runtime:
        gone, stays = await staff(world, 2)
        gone.ultra_restricted = change == "guest"
        gone.team_id = "T0ELSEWHERE" if change == "moved" else gone.team_id
        gone.deleted = change == "closed"
        await live_post(world, runtime, topics="releases")  # days later
        await advance(world, runtime, 7 * DAY)
        assert len(direct_messages(world, stays)) == 1
        assert direct_messages(world, gone) == []
        assert rows(url, CONSENTING) == [(stays.id,)]


async def test_while_slack_limits_who_is_who_people_hear_it_and_comms_can_freeze(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    world.sandbox.clock.advance(timedelta(minutes=5))  # what was known is too old by now
    world.sandbox.faults.add(Fault("users.info", status=429, retry_after=60, times=None))
    before = all_rows(url) | {"rest": ()}
    words = await click(runtime, world.amara, message, announcements.SKIP)
    assert words.startswith("I can't check with Slack who you are right now")
    assert actions(world.amara.private[-1]) == [membership.LEAVE]
    await world.amara.open_home()
    await runtime.context.background_tasks.drain()
    assert plain_home(world.amara).startswith("I can't check with Slack who you are right now")
    assert all_rows(url) | {"rest": ()} == before
    assert "You've left" in await run_command(world.amara, "/advocacy leave")

    assert await run_command(world.carl, "/advocacy unfreeze") == replies.CANNOT_CHECK
    await run_command(world.carl, "/advocacy freeze")
    question = world.carl.private[-1]
    assert "Frozen." in await click(runtime, world.carl, question, freeze.FREEZE)
    assert await run_command(world.bo, "/advocacy freeze") == (
        f"{replies.NOT_COMMS}\n[Write to comms]"
    )


async def test_fifty_refused_commands_cost_two_calls(world: SlackWorld, runtime: Runtime) -> None:
    before = len(world.sandbox.calls)
    for _ in range(50):
        assert replies.NOT_COMMS in await run_command(world.amara, "/advocacy approve 1")
    asked = [call.method for call in world.sandbox.calls[before:]]
    assert sorted(asked) == ["conversations.members", "users.info"]
    world.comms.members.append(world.amara)
    world.sandbox.clock.advance(timedelta(seconds=10))
    assert "There are no posts yet." in await run_command(world.amara, "/advocacy posts")


@pytest.mark.parametrize("who", ["guest", "colleague"])
async def test_what_refuses_somebody_in_comms_or_no_admin_is_asked_once(
    world: SlackWorld, runtime: Runtime, who: str
) -> None:
    if who == "guest":
        person, line, refused = world.gus, "approve 1", replies.GUEST
        calls = ["conversations.members", "users.info"]
    else:
        person, line, refused = world.bo, "setup", replies.NOT_ADMIN
        calls = ["users.info"]
    before = len(world.sandbox.calls)
    for _ in range(10):
        assert refused in await run_command(person, f"/advocacy {line}")
    asked = [call.method for call in world.sandbox.calls[before:]]
    assert sorted(asked) == calls
    person.restricted, person.is_admin = False, True
    world.sandbox.clock.advance(timedelta(seconds=10))
    assert refused not in await run_command(person, f"/advocacy {line}")


async def test_an_installation_for_the_whole_organisation_is_refused_at_the_start(
    world: SlackWorld, url: str
) -> None:
    world.sandbox.state.enterprise = GRID
    world.sandbox.state.org_wide = True
    with pytest.raises(CannotStart) as refused:
        async with bot_running(world, url):
            pass
    assert str(refused.value) == (
        "SLACK_BOT_TOKEN: the app is installed for the whole organisation, and the bot serves one "
        "workspace. Install the app in that workspace alone, and copy the token from there."
    )

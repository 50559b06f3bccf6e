"""Personal asks: the right post, to the right person, as a direct message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack.views import asks, preferences, responses, share_dialog, share_forms
from tests.slack.direct_asks import (
    ANSWERED,
    ASKS,
    DAY,
    HOUR,
    RESPONSES,
    advance,
    click_skip,
    direct_messages,
    join_for_direct,
    next_direct,
    receive_ask,
    skip_with_reason,
    staff,
)
from tests.support import (
    SlackWorld,
    actions,
    all_rows,
    approved_post,
    click,
    click_in_dialog,
    live_post,
    rows,
    run_command,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("polite")


async def test_a_post_that_fits_comes_as_a_direct_message_that_says_why(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    assert message.plain == (
        "Our new release is out\n"
        "It halves the time that a backup takes.\n"
        "Our new release is out (https://flink.example.org/2026/08/31/a-release/)"
        " · flink.example.org\n"
        "You follow releases. I message you at most once a week, as you chose.\n"
        "[Share] [Skip] [Opt out] [Save for later | Less often | Pause… | Who sees this?]"
    )
    assert message.text.startswith("Our new release is out: It halves the time"), "a notification"
    assert rows(url, ASKS) == [("sent", None)]


async def test_what_somebody_wrote_pages_nobody_in_a_direct_message(
    world: SlackWorld, runtime: Runtime
) -> None:
    hostile = f"<!channel> <@{world.bo.id}> <!here|you> *bold*"
    await live_post(world, runtime, topics="releases", title=hostile, why=hostile)
    await join_for_direct(world.amara)
    message = await next_direct(world, runtime, world.amara)
    for _ in range(2):
        assert "<!channel>" in message.plain
        assert message.mentions == []
        if asks.SKIP in actions(message):
            await click(runtime, world.amara, message, asks.SKIP)


async def test_it_comes_inside_the_hours_and_days_that_were_chosen(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara, **{"from": "13:00", "until": "15:00", "days": ["2"]})
    for _ in range(2 * 24):
        world.sandbox.clock.advance(HOUR)
        await runtime.tick()
    [message] = direct_messages(world, world.amara)
    local = message.at - 4 * HOUR  # New York in September
    assert local.weekday() == 2
    assert 13 <= local.hour < 15


async def test_it_comes_once_and_nothing_follows_inside_the_gap(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await receive_ask(world, runtime, world.amara)
    await live_post(world, runtime, topics="releases", title="More news")
    await advance(world, runtime, 3 * DAY)
    titles = [one.plain.splitlines()[0] for one in direct_messages(world, world.amara)]
    assert sorted(titles) == ["More news", "Our new release is out"]
    moments = [one.at for one in direct_messages(world, world.amara)]
    assert moments[1] - moments[0] >= 7 * DAY
    await advance(world, runtime, 7 * DAY)
    assert len(direct_messages(world, world.amara)) == 2, "both were asked about"


@pytest.mark.parametrize(
    "changed",
    [
        {"delivery": []},
        {"delivery": ["channel"]},
        {"topics": ["open source"]},
    ],
    ids=str,
)
async def test_who_chose_otherwise_hears_nothing(
    world: SlackWorld, runtime: Runtime, url: str, changed: dict[str, object]
) -> None:
    await approved_post(world, runtime, topics="open source", title="Withdrawn")
    await withdraw(world.carl, 1)
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara, **changed)
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == []
    assert rows(url, ASKS) == []


async def test_nobody_is_asked_before_they_chose_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime, topics="releases")
    for person in (world.amara, world.bo):
        await run_command(person, "/advocacy join")
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == direct_messages(world, world.bo) == []
    assert rows(url, ASKS) == []


async def test_share_opens_the_dialog_and_answers_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await world.amara.press(message, asks.SHARE)
    assert world.amara.view is not None
    assert "Backups now take half the time." in world.amara.view.plain
    assert rows(url, RESPONSES) == [("interested", None)]
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.SHARED)
    assert rows(url, RESPONSES) == [("shared", None)]
    assert rows(url, ASKS) == [("sent", "shared")]
    assert message.plain == ANSWERED, "it can be opened again from Home"


async def test_a_share_in_the_channel_answers_the_direct_message_too(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await receive_ask(world, runtime, world.amara)
    [posted] = [one for one in world.amara.messages(world.news) if not one.ephemeral_to]
    await world.amara.press(posted, "share")
    assert rows(url, ASKS) == [("sent", "shared")]


async def test_who_answered_in_the_channel_is_not_asked_any_more(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    posted = await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    await world.amara.press(posted, "skip")
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == []


async def test_nobody_else_sees_that_somebody_was_asked_or_what_they_pressed(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    before = [(one.ts, one.plain) for one in world.cleo.messages(world.comms)]
    await skip_with_reason(runtime, world.amara, message, SkipReason.TOO_PROMOTIONAL)
    await advance(world, runtime, 5 * HOUR)
    assert [(one.ts, one.plain) for one in world.cleo.messages(world.comms)] == before
    for person in (world.bo, world.cleo, world.carl):
        assert direct_messages(world, person) == []
        assert person.private == [] or person is world.carl


async def test_an_old_button_of_somebody_who_left_stores_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    as_it_was = replace(message)
    await run_command(world.amara, "/advocacy leave")
    await runtime.context.background_tasks.drain()
    before = all_rows(url)
    words = await click(runtime, world.amara, as_it_was, asks.SKIP)
    assert words == responses.not_joined().text
    await world.amara.press(as_it_was, asks.SHARE)
    assert world.amara.view is not None, "consent is asked for first"
    assert world.amara.view.callback_id == share_forms.CONSENT
    assert all_rows(url) == before


async def test_each_of_several_gets_a_message_of_their_own(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime, topics="releases")
    people = await staff(world, 4)
    await advance(world, runtime, 2 * DAY)
    assert [len(direct_messages(world, person)) for person in people] == [1] * 4
    await click_skip(runtime, people[0], direct_messages(world, people[0])[0])
    for person in people[1:]:
        assert "[Share] [Skip]" in direct_messages(world, person)[0].plain
    assert rows(url, "SELECT count(*) FROM response") == [(1,)]


async def test_renewal_stands_on_an_ask_of_the_last_two_weeks_only(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    first = await receive_ask(world, runtime, world.amara)
    assert "[Renew]" not in first.plain
    world.sandbox.clock.advance(162 * DAY)
    await live_post(world, runtime, topics="releases", title="Late news")
    await advance(world, runtime, DAY)
    late = direct_messages(world, world.amara)[-1]
    assert "Your consent ends by itself on" in late.plain
    assert "If not, there's nothing to do.\n[Renew]" in late.plain
    before = rows(url, "SELECT consent_ends_at FROM member")
    words = await click(runtime, world.amara, late, asks.RENEW)
    assert words.startswith("Renewed. You're in until")
    assert rows(url, "SELECT consent_ends_at FROM member") > before
    again = await click(runtime, world.amara, late, asks.RENEW)
    assert again == words, "once is enough"
    assert "[Share] [Skip]" in late.plain


async def test_the_settings_open_from_the_home_tab(world: SlackWorld, runtime: Runtime) -> None:
    await run_command(world.amara, "/advocacy join")
    await world.amara.open_home()
    await runtime.context.background_tasks.drain()
    home = world.amara.home
    assert home is not None
    await world.amara.press(home, preferences.OPEN)
    assert world.amara.view is not None

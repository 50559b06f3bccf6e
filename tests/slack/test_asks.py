"""Personal asks: the right post, to the right person, as a direct message."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack.views import asides, ask, dialog, preferences, skip
from tests.slack.direct import (
    ASKS,
    DAY,
    HOUR,
    RESPONSES,
    because,
    direct,
    follow,
    let_pass,
    next_direct,
    proposed,
    skipped,
    staff,
)
from tests.support import (
    Office,
    approved_post,
    asked,
    live_post,
    press_in_dialog,
    pressed,
    rows,
    stored,
)

pytestmark = pytest.mark.usefixtures("polite")


async def test_a_post_that_fits_comes_as_a_direct_message_that_says_why(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    assert message.plain == (
        "Our new release is out\n"
        "It halves the time that a backup takes.\n"
        "Read the article (https://flink.example.org/2026/08/31/a-release/)\n"
        "You follow Releases. At most once a week, as you chose.\n"
        "[Share] [Skip] "
        "[Save for later | Less often | Pause 2 weeks | Opt out | Who sees this?]"
    )
    assert message.text.startswith("Our new release is out: It halves the time"), "a notification"
    assert rows(url, ASKS) == [("sent", None)]


async def test_what_somebody_wrote_pages_nobody_in_a_direct_message(
    place: Office, runtime: Runtime
) -> None:
    hostile = f"<!channel> <@{place.bo.id}> <!here|you> *bold*"
    await live_post(place, runtime, topics="releases", title=hostile, why=hostile)
    await follow(place.amara)
    message = await next_direct(place, runtime, place.amara)
    for action in (ask.SKIP, skip.reason_action(SkipReason.NOT_MY_VOICE)):
        assert "<!channel>" in message.plain
        assert message.pings == []
        await pressed(runtime, place.amara, message, action)


async def test_it_comes_inside_the_hours_and_days_that_were_chosen(
    place: Office, runtime: Runtime
) -> None:
    await live_post(place, runtime, topics="releases")
    await follow(place.amara, **{"from": "13:00", "until": "15:00", "days": ["2"]})
    for _ in range(2 * 24):
        place.sandbox.clock.advance(HOUR)
        await runtime.tick()
    [message] = direct(place, place.amara)
    local = message.at - 4 * HOUR  # New York in September
    assert local.weekday() == 2
    assert 13 <= local.hour < 15


async def test_it_comes_once_and_nothing_follows_inside_the_gap(
    place: Office, runtime: Runtime, url: str
) -> None:
    await proposed(place, runtime, place.amara)
    await live_post(place, runtime, topics="releases", title="More news")
    await let_pass(place, runtime, 3 * DAY)
    titles = [one.plain.splitlines()[0] for one in direct(place, place.amara)]
    assert sorted(titles) == ["More news", "Our new release is out"]
    moments = [one.at for one in direct(place, place.amara)]
    assert moments[1] - moments[0] >= 7 * DAY
    await let_pass(place, runtime, 7 * DAY)
    assert len(direct(place, place.amara)) == 2, "both were asked about"


@pytest.mark.parametrize(
    "changed",
    [
        {"delivery": []},
        {"delivery": ["channel"]},
        {"topics": []},
        {"networks": []},
        {"topics": ["open source"]},
    ],
    ids=str,
)
async def test_who_chose_otherwise_hears_nothing(
    place: Office, runtime: Runtime, url: str, changed: dict[str, object]
) -> None:
    await approved_post(place, runtime, topics="open source", title="Withdrawn")
    await asked(place.carl, "/advocacy withdraw 1")
    await live_post(place, runtime, topics="releases")
    await follow(place.amara, **changed)
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == []
    assert rows(url, ASKS) == []


async def test_nobody_is_asked_before_they_chose_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    await live_post(place, runtime, topics="releases")
    for person in (place.amara, place.bo):
        await asked(person, "/advocacy join")
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == direct(place, place.bo) == []
    assert rows(url, ASKS) == []


async def test_share_opens_the_dialog_and_answers_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await place.amara.press(message, ask.SHARE)
    assert place.amara.view is not None
    assert "Backups now take half the time." in place.amara.view.plain
    assert rows(url, RESPONSES) == [("interested", None)]
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SHARED)
    assert rows(url, RESPONSES) == [("shared", None)]
    assert rows(url, ASKS) == [("sent", "shared")]
    assert "[Share] [Skip]" in message.plain, "it can be opened again"


async def test_a_share_in_the_channel_answers_the_direct_message_too(
    place: Office, runtime: Runtime, url: str
) -> None:
    await proposed(place, runtime, place.amara)
    [posted] = [one for one in place.amara.messages(place.news) if not one.ephemeral_to]
    await place.amara.press(posted, "share")
    assert rows(url, ASKS) == [("sent", "shared")]


async def test_who_answered_in_the_channel_is_not_asked_any_more(
    place: Office, runtime: Runtime, url: str
) -> None:
    posted = await live_post(place, runtime, topics="releases")
    await follow(place.amara)
    await place.amara.press(posted, "skip")
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == []


async def test_nobody_else_sees_that_somebody_was_asked_or_what_they_pressed(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    before = [(one.ts, one.plain) for one in place.cleo.messages(place.comms)]
    await because(runtime, place.amara, message, SkipReason.TOO_PROMOTIONAL)
    await let_pass(place, runtime, 5 * HOUR)
    assert [(one.ts, one.plain) for one in place.cleo.messages(place.comms)] == before
    for person in (place.bo, place.cleo, place.carl):
        assert direct(place, person) == []
        assert person.private == [] or person is place.carl


async def test_an_old_button_of_somebody_who_left_stores_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await asked(place.amara, "/advocacy leave")
    before = stored(url)
    words = await pressed(runtime, place.amara, message, ask.SKIP)
    assert words == skip.not_joined().text
    await place.amara.press(message, ask.SHARE)
    assert place.amara.view is not None, "consent is asked for first"
    assert place.amara.view.callback_id == asides.CONSENT
    assert stored(url) == before


async def test_each_of_several_gets_a_message_of_their_own(
    place: Office, runtime: Runtime, url: str
) -> None:
    await live_post(place, runtime, topics="releases")
    people = await staff(place, 4)
    await let_pass(place, runtime, 2 * DAY)
    assert [len(direct(place, person)) for person in people] == [1] * 4
    await skipped(runtime, people[0], direct(place, people[0])[0])
    for person in people[1:]:
        assert "[Share] [Skip]" in direct(place, person)[0].plain
    assert rows(url, "SELECT count(*) FROM response") == [(1,)]


async def test_renewal_stands_on_an_ask_of_the_last_two_weeks_only(
    place: Office, runtime: Runtime, url: str
) -> None:
    first = await proposed(place, runtime, place.amara)
    assert "[Renew]" not in first.plain
    place.sandbox.clock.advance(162 * DAY)
    await live_post(place, runtime, topics="releases", title="Late news")
    await let_pass(place, runtime, DAY)
    late = direct(place, place.amara)[-1]
    assert "Your consent ends on" in late.plain
    assert "if not, it ends by itself.\n[Renew]" in late.plain
    before = rows(url, "SELECT consent_ends_at FROM member")
    words = await pressed(runtime, place.amara, late, ask.RENEW)
    assert words.startswith("Renewed. Your consent now ends by itself on")
    assert rows(url, "SELECT consent_ends_at FROM member") > before
    again = await pressed(runtime, place.amara, late, ask.RENEW)
    assert again == words, "once is enough"
    assert "[Share] [Skip]" in late.plain


async def test_the_settings_open_from_the_home_tab(place: Office, runtime: Runtime) -> None:
    await asked(place.amara, "/advocacy join")
    await place.amara.open_home()
    await runtime.kit.afterwards.drain()
    home = place.amara.home
    assert home is not None
    await place.amara.press(home, preferences.OPEN)
    assert place.amara.view is not None

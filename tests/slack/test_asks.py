"""Personal asks: the right post, to the right person, as a direct message."""

from __future__ import annotations

from datetime import timedelta

from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.slack.views import ask, preferences
from tests.support import Office, asked, live_post, rows


async def choose(person: Person, **changed: object) -> str:
    """Open the settings, fill them in and save them; what the person then reads."""
    await person.command("/advocacy settings")
    chosen = {
        "delivery": ["direct"],
        "pace": "1_a_week",
        "topics": ["releases"],
        "networks": ["linkedin", "x"],
        **changed,
    }
    person.fill(chosen)
    outcome = await person.submit()
    assert outcome.error is None, outcome.error
    assert person.view is not None
    return person.view.plain


def direct(place: Office, person: Person) -> list[Message]:
    """What the bot has sent the person directly."""
    channel = place.sandbox.state.direct_channel(person)
    return [message for message in person.messages(channel) if not message.ephemeral_to]


async def proposed(place: Office, runtime: Runtime, person: Person) -> Message:
    """A post in a direct message to somebody who follows its topic."""
    await live_post(place, runtime, topics="releases")
    await asked(person, "/advocacy join")
    await choose(person)
    for _ in range(5):
        place.sandbox.clock.advance(timedelta(hours=2))
        await runtime.tick()
        if direct(place, person):
            return direct(place, person)[-1]
    raise AssertionError("no direct message")


async def test_a_post_that_fits_comes_as_a_direct_message(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    assert "Our new release is out" in message.plain
    assert "You follow Releases. At most 1 a week, as you chose." in message.plain
    assert rows(url, "SELECT state, outcome FROM ask") == [("sent", None)]


async def test_a_skip_takes_the_place_of_the_message(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await place.amara.press(message, ask.SKIP)
    await runtime.kit.afterwards.drain()
    [shown] = direct(place, place.amara)
    assert "Skipped, thank you" in shown.plain
    assert rows(url, "SELECT state, outcome FROM ask") == [("sent", "skipped")]


async def test_the_settings_open_from_the_home_tab(place: Office, runtime: Runtime) -> None:
    await asked(place.amara, "/advocacy join")
    await place.amara.open_home()
    await runtime.kit.afterwards.drain()
    home = place.amara.home
    assert home is not None
    await place.amara.press(home, preferences.OPEN)
    assert place.amara.view is not None

"""Words that many colleagues have opened give way: to others, and then to one's own."""

from __future__ import annotations

import pytest

from bot.domain import echo
from bot.runtime import Runtime
from bot.sandbox import Person
from bot.slack.views import dialog
from tests.slack.sharing import buttons_in, opened_text, shared, text_in, type_own
from tests.support import DISCLOSURE, LINK, Office, asked, live_post, press_in_dialog, rows

FOR_LINKEDIN = "Backups now take half the time. Here is how we got there."


@pytest.fixture
async def crowd(place: Office, runtime: Runtime) -> list[Person]:
    """As many colleagues as one wording goes to."""
    people = [place.sandbox.add_person(f"colleague{number}") for number in range(echo.FEWEST)]
    for person in (*people, place.amara):
        await person.join_channel(place.news)
        await asked(person, "/advocacy join")
    return people


async def test_used_up_words_give_way_to_the_link_and_ones_own(
    place: Office, runtime: Runtime, url: str, crowd: list[Person]
) -> None:
    message = await live_post(place, runtime)
    early = await shared(place.amara, message)
    assert text_in(early).startswith(FOR_LINKEDIN)
    for person in crowd:
        await shared(person, message)
        await press_in_dialog(runtime, person, dialog.OPEN)
    await runtime.tick()

    def words() -> list[str]:
        said = [message.plain for message in place.cleo.messages(place.comms)]
        return [plain for plain in said if "suggested words" in plain]

    assert len(words()) == 1
    assert "for LinkedIn" in words()[0]
    assert "5" not in words()[0], "no counts"

    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert opened_text(outcome).startswith(FOR_LINKEDIN), "what is shown can be opened"
    assert text_in(early).startswith(FOR_LINKEDIN)

    await asked(place.bo, "/advocacy join")
    late = await shared(place.bo, message)
    assert text_in(late) == f"{DISCLOSURE}\n\n{LINK}"
    assert "used all the suggested words" in late.plain
    assert dialog.OTHER_WORDING not in buttons_in(late)
    assert {dialog.EDIT, dialog.OPEN} < buttons_in(late)
    outcome = await press_in_dialog(runtime, place.bo, dialog.OPEN)
    assert opened_text(outcome) == f"{DISCLOSURE}\n\n{LINK}"

    await press_in_dialog(runtime, place.bo, f"{dialog.OTHER_NETWORK}:x")
    assert text_in(late).startswith("Backups in half the time.")
    await press_in_dialog(runtime, place.bo, dialog.EDIT)
    type_own(place.bo, f"My own. {DISCLOSURE}")
    await place.bo.submit()
    await press_in_dialog(runtime, place.bo, dialog.OPEN)
    opened = rows(url, "SELECT count(DISTINCT wording_id) FROM response_event")
    assert opened == [(1,)], "the link alone and own words count for no wording"
    await runtime.tick()
    assert len(words()) == 1

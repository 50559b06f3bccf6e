"""Lessons: the list, reading on, the marks that one person sees, and nothing kept of outsiders."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import library
from bot.runtime import CannotStart, Runtime
from bot.sandbox import Fault, Message, Person
from bot.slack.views import lessons as views
from bot.slack.views import membership as member_views
from bot.slack.views import words
from bot.slack.views.lessons import Place, Pressed, show_value
from tests.support import Office, answered, asked, assert_polite, bot_running, deliver, rows, stored

ALL = library.load(None).lessons
READ = "SELECT lesson FROM lesson_seen WHERE read_at IS NOT NULL ORDER BY id"


async def read(runtime: Runtime, person: Person, where: Message, name: str) -> None:
    """Press Read beside a lesson in the list."""
    value = show_value(Pressed(name, Place.LIST))
    outcome = await person.press(where, views.READ, value)
    assert outcome.acknowledged, outcome.error
    assert outcome.error is None
    await runtime.kit.afterwards.drain()


async def listed(person: Person) -> Message:
    await asked(person, "/advocacy lessons")
    return person.private[-1]


async def test_everybody_gets_the_list_and_may_read(
    place: Office, runtime: Runtime, url: str
) -> None:
    before = stored(url)
    shown = await listed(place.bo)
    for lesson in ALL:
        assert lesson.title in shown.plain
        assert lesson.summary in shown.plain
    assert "I don't keep what you read" in shown.plain
    await read(runtime, place.bo, shown, ALL[0].name)
    view = place.bo.view
    assert view is not None
    assert view.plain.startswith("A short lesson")
    assert ALL[0].title in view.plain
    assert "Lesson 1 of 12." in view.plain
    await place.bo.submit()
    assert ALL[1].title in view.plain
    assert "(read)" not in shown.plain
    assert stored(url) == before, "nothing is kept of somebody who has not joined"
    assert_polite(place)


async def test_next_leads_through_all_lessons_and_the_last_has_none(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    await read(runtime, place.amara, await listed(place.amara), ALL[0].name)
    view = place.amara.view
    assert view is not None
    for number, lesson in enumerate(ALL, start=1):
        assert place.amara.view is view
        assert view.plain.splitlines()[1] == lesson.title or lesson.title in view.plain
        assert f"Lesson {number} of {len(ALL)}." in view.plain
        if lesson is not ALL[-1]:
            outcome = await place.amara.submit()
            assert outcome.error is None
    assert view.body.get("submit") is None
    assert rows(url, READ) == [(lesson.name,) for lesson in ALL]


async def test_what_a_member_has_read_is_marked_for_that_member_alone(
    place: Office, runtime: Runtime
) -> None:
    for person in (place.amara, place.bo):
        await asked(person, "/advocacy join")
    shown = await listed(place.amara)
    assert "(read)" not in shown.plain
    await read(runtime, place.amara, shown, ALL[3].name)
    assert f"{ALL[3].title} (read)" in shown.plain, "the list shows it at once"
    assert shown.plain.count("(read)") == 1
    assert "(read)" not in (await listed(place.bo)).plain
    await place.amara.submit()
    assert (await listed(place.amara)).plain.count("(read)") == 2


async def test_after_leaving_nothing_more_is_kept_or_marked(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    await read(runtime, place.amara, await listed(place.amara), ALL[3].name)
    await asked(place.amara, "/advocacy leave")
    before = stored(url)
    shown = await listed(place.amara)
    assert "(read)" not in shown.plain
    await read(runtime, place.amara, shown, ALL[4].name)
    assert stored(url) == before


async def test_the_status_has_a_button_for_the_list(place: Office, runtime: Runtime) -> None:
    await asked(place.amara, "/advocacy")
    standing = place.amara.private[-1]
    outcome = await place.amara.press(standing, member_views.LESSONS)
    said = await answered(runtime, place.amara, outcome)
    assert said.startswith("Short lessons on sharing")
    assert place.amara.private[-1] is not standing, "the list stands beside it"


async def test_a_misspelt_word_is_understood(place: Office, runtime: Runtime) -> None:
    assert "Did you mean /advocacy lessons?" in await asked(place.amara, "/advocacy leson")


async def test_a_lesson_that_is_no_longer_there_is_told_so(
    place: Office, runtime: Runtime, url: str
) -> None:
    """It was there when the message was shown: its file has gone since."""
    await asked(place.amara, "/advocacy join")
    shown = await listed(place.amara)
    before = stored(url)
    value = show_value(Pressed("gone" * 100, Place.LIST))
    button = next(block["accessory"] for block in shown.blocks if "accessory" in block)
    button["value"] = value
    outcome = await place.amara.press(shown, views.READ, value)
    said = await answered(runtime, place.amara, outcome)
    assert said.startswith("That lesson is no longer here.")
    assert place.amara.views == []
    button["action_id"] = views.NO_THANKS
    outcome = await place.amara.press(shown, views.NO_THANKS, value)
    await answered(runtime, place.amara, outcome)
    assert stored(url) == before


async def test_next_to_nothing_says_so(place: Office, runtime: Runtime) -> None:
    await read(runtime, place.amara, await listed(place.amara), ALL[1].name)
    view = place.amara.view
    assert view is not None
    view.body["private_metadata"] = f'{{"lesson":"{ALL[-1].name}"}}'
    await place.amara.submit()
    assert words.NO_SUCH_LESSON.replace("`", "") in view.plain


@pytest.mark.parametrize("value", ["", "x", "a|b|c", "choosing-an-audience|skipped|", None, 5])
async def test_a_button_that_is_not_ours_changes_nothing(
    place: Office, runtime: Runtime, url: str, value: object
) -> None:
    await asked(place.amara, "/advocacy join")
    shown = await listed(place.amara)
    before = stored(url)
    for action in (views.READ, views.NO_THANKS):
        button = next(block["accessory"] for block in shown.blocks if "accessory" in block)
        button.update(value=value, action_id=action)
        outcome = await place.amara.press(shown, action)
        assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    assert stored(url) == before


async def test_a_dialog_that_slack_refuses_is_told_so(place: Office, runtime: Runtime) -> None:
    await asked(place.amara, "/advocacy join")
    shown = await listed(place.amara)
    place.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    value = show_value(Pressed(ALL[0].name, Place.LIST))
    outcome = await place.amara.press(shown, views.READ, value)
    assert "Slack didn't let me open that" in await answered(runtime, place.amara, outcome)


async def test_a_workspaces_own_lesson_stands_in_the_list(
    place: Office, url: str, tmp_path: Path
) -> None:
    front = "---\ntitle: Our <!channel> tone\nsummary: 5 > 3 & more.\norder: 1\n---\n"
    (tmp_path / "our-tone.md").write_text(f"{front}Tom & *co* say &lt;!here&gt; 5 < 7.")
    async with bot_running(place, url, LESSONS_DIR=str(tmp_path)) as runtime:
        shown = await listed(place.amara)
        assert "Our <!channel> tone\n5 > 3 & more." in shown.plain
        assert shown.pings == []
        await read(runtime, place.amara, shown, "our-tone")
        assert place.amara.view is not None
        assert "Tom & co say <!here> 5 < 7." in place.amara.view.plain
        assert "Lesson 1 of 13." in place.amara.view.plain


async def test_the_bot_does_not_start_with_a_lesson_that_it_cannot_read(
    place: Office, url: str, tmp_path: Path
) -> None:
    (tmp_path / "one.md").write_text("No front matter.")
    (tmp_path / "two.md").write_text("---\ntitle: Two\nsummary: b.\norder: 1\n---\n# No")
    with pytest.raises(CannotStart) as caught:
        async with bot_running(place, url, LESSONS_DIR=str(tmp_path)):
            pass
    first, second = str(caught.value).splitlines()
    assert first.startswith("LESSONS_DIR: one.md: it has no front matter")
    assert second.startswith("LESSONS_DIR: two.md: it has a heading")


async def test_forged_submissions_of_the_dialog_change_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    before = stored(url)
    for kept in ("{}", "[]", "", '{"lesson":7}', '{"lesson":"gone"}'):
        body = {
            "type": "view_submission",
            "user": {"id": place.amara.id, "team_id": place.sandbox.team_id},
            "team": {"id": place.sandbox.team_id},
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": "lesson",
                "private_metadata": kept,
            },
        }
        outcome = await deliver(place, body)
        assert outcome.acknowledged
        assert outcome.response is not None
        assert outcome.response["response_action"] == "update"
    assert stored(url) == before

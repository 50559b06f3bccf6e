"""Lessons: the list, reading on, the marks that one person sees, and nothing kept of outsiders."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import lesson_files
from bot.first_workspace import CannotStart
from bot.runtime import Runtime
from bot.slack.views import lessons as views
from bot.slack.views import membership as member_views
from bot.slack.views import replies
from bot.slack.views.lessons import LessonButton, Place, show_value
from slack_sandbox import Fault, Message, Person
from tests.support import (
    SlackWorld,
    all_rows,
    assert_polite,
    bot_running,
    deliver,
    open_more,
    read_answer,
    rows,
    run_command,
)

ALL = lesson_files.load_lessons(None).lessons
READ = "SELECT lesson FROM lesson_seen WHERE read ORDER BY id"


async def read(runtime: Runtime, person: Person, where: Message, name: str) -> None:
    """Press Read beside a lesson in the list."""
    value = show_value(LessonButton(name, Place.LIST))
    outcome = await person.press(where, views.READ, value)
    assert outcome.acknowledged, outcome.error
    assert outcome.error is None
    await runtime.context.background_tasks.drain()


async def listed(person: Person) -> Message:
    await run_command(person, "/advocacy lessons")
    return person.private[-1]


async def test_everybody_gets_the_list_and_may_read(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    shown = await listed(world.bo)
    for lesson in ALL:
        assert lesson.title in shown.plain
        assert lesson.summary in shown.plain
    assert "I don't remember what you read" in shown.plain
    await read(runtime, world.bo, shown, ALL[0].name)
    view = world.bo.view
    assert view is not None
    assert view.plain.startswith("A short lesson")
    assert ALL[0].title in view.plain
    assert "Lesson 1 of 14." in view.plain
    await world.bo.submit()
    assert ALL[1].title in view.plain
    assert "(read)" not in shown.plain
    assert all_rows(url) == before, "nothing is kept of somebody who has not joined"
    assert_polite(world)


async def test_next_leads_through_all_lessons_and_the_last_has_none(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await read(runtime, world.amara, await listed(world.amara), ALL[0].name)
    view = world.amara.view
    assert view is not None
    for number, lesson in enumerate(ALL, start=1):
        assert world.amara.view is view
        assert view.plain.splitlines()[1] == lesson.title or lesson.title in view.plain
        assert f"Lesson {number} of {len(ALL)}." in view.plain
        if lesson is not ALL[-1]:
            outcome = await world.amara.submit()
            assert outcome.error is None
    assert view.body.get("submit") is None
    assert rows(url, READ) == [(lesson.name,) for lesson in ALL]


async def test_what_a_member_has_read_is_marked_for_that_member_alone(
    world: SlackWorld, runtime: Runtime
) -> None:
    for person in (world.amara, world.bo):
        await run_command(person, "/advocacy join")
    shown = await listed(world.amara)
    assert "(read)" not in shown.plain
    await read(runtime, world.amara, shown, ALL[3].name)
    assert f"{ALL[3].title} (read)" in shown.plain, "the list shows it at once"
    assert shown.plain.count("(read)") == 1
    assert "(read)" not in (await listed(world.bo)).plain
    await world.amara.submit()
    assert (await listed(world.amara)).plain.count("(read)") == 2


async def test_after_leaving_nothing_more_is_kept_or_marked(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    await read(runtime, world.amara, await listed(world.amara), ALL[3].name)
    await run_command(world.amara, "/advocacy leave")
    before = all_rows(url)
    shown = await listed(world.amara)
    assert "(read)" not in shown.plain
    await read(runtime, world.amara, shown, ALL[4].name)
    assert all_rows(url) == before


async def test_more_has_a_button_for_the_list(world: SlackWorld, runtime: Runtime) -> None:
    shown = await open_more(runtime, world.amara)
    outcome = await world.amara.press(shown, member_views.LESSONS)
    said = await read_answer(runtime, world.amara, outcome)
    assert said.startswith("Short lessons on sharing")
    assert world.amara.private[-1] is not shown, "the list stands beside it"


async def test_a_misspelt_word_is_understood(world: SlackWorld, runtime: Runtime) -> None:
    assert "Did you mean /advocacy lessons?" in await run_command(world.amara, "/advocacy leson")


async def test_a_lesson_that_is_no_longer_there_is_told_so(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    """It was there when the message was shown: its file has gone since."""
    await run_command(world.amara, "/advocacy join")
    shown = await listed(world.amara)
    before = all_rows(url)
    value = show_value(LessonButton("gone" * 100, Place.LIST))
    button = next(block["accessory"] for block in shown.blocks if "accessory" in block)
    button["value"] = value
    outcome = await world.amara.press(shown, views.READ, value)
    said = await read_answer(runtime, world.amara, outcome)
    assert said.startswith("That lesson is no longer here.")
    assert world.amara.views == []
    button["action_id"] = views.NO_THANKS
    outcome = await world.amara.press(shown, views.NO_THANKS, value)
    await read_answer(runtime, world.amara, outcome)
    assert all_rows(url) == before


async def test_next_to_nothing_says_so(world: SlackWorld, runtime: Runtime) -> None:
    await read(runtime, world.amara, await listed(world.amara), ALL[1].name)
    view = world.amara.view
    assert view is not None
    view.body["private_metadata"] = f'{{"lesson":"{ALL[-1].name}"}}'
    await world.amara.submit()
    assert replies.NO_SUCH_LESSON.replace("`", "") in view.plain


@pytest.mark.parametrize("value", ["", "x", "a|b|c", "choosing-an-audience|skipped|", None, 5])
async def test_a_button_that_is_not_ours_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, value: object
) -> None:
    await run_command(world.amara, "/advocacy join")
    shown = await listed(world.amara)
    before = all_rows(url)
    for action in (views.READ, views.NO_THANKS):
        button = next(block["accessory"] for block in shown.blocks if "accessory" in block)
        button.update(value=value, action_id=action)
        outcome = await world.amara.press(shown, action)
        assert outcome.acknowledged
    await runtime.context.background_tasks.drain()
    assert all_rows(url) == before


async def test_a_dialog_that_slack_refuses_is_told_so(world: SlackWorld, runtime: Runtime) -> None:
    await run_command(world.amara, "/advocacy join")
    shown = await listed(world.amara)
    world.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    value = show_value(LessonButton(ALL[0].name, Place.LIST))
    outcome = await world.amara.press(shown, views.READ, value)
    assert "Slack didn't let me open that" in await read_answer(runtime, world.amara, outcome)


async def test_a_workspaces_own_lesson_stands_in_the_list(
    world: SlackWorld, url: str, tmp_path: Path
) -> None:
    front = "---\ntitle: Our <!channel> tone\nsummary: 5 > 3 & more.\norder: 1\n---\n"
    (tmp_path / "our-tone.md").write_text(f"{front}Tom & *co* say &lt;!here&gt; 5 < 7.")
    async with bot_running(world, url, LESSONS_DIR=str(tmp_path)) as runtime:
        shown = await listed(world.amara)
        assert "Our <!channel> tone\n5 > 3 & more." in shown.plain
        assert shown.mentions == []
        await read(runtime, world.amara, shown, "our-tone")
        assert world.amara.view is not None
        assert "Tom & co say <!here> 5 < 7." in world.amara.view.plain
        assert "Lesson 1 of 15." in world.amara.view.plain


async def test_the_bot_does_not_start_with_a_lesson_that_it_cannot_read(
    world: SlackWorld, url: str, tmp_path: Path
) -> None:
    (tmp_path / "one.md").write_text("No front matter.")
    (tmp_path / "two.md").write_text("---\ntitle: Two\nsummary: b.\norder: 1\n---\n# No")
    with pytest.raises(CannotStart) as caught:
        async with bot_running(world, url, LESSONS_DIR=str(tmp_path)):
            pass
    first, second = str(caught.value).splitlines()
    assert first.startswith("LESSONS_DIR: one.md: it has no front matter")
    assert second.startswith("LESSONS_DIR: two.md: it has a heading")


async def test_forged_submissions_of_the_dialog_change_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    for kept in ("{}", "[]", "", '{"lesson":7}', '{"lesson":"gone"}'):
        body = {
            "type": "view_submission",
            "user": {"id": world.amara.id, "team_id": world.sandbox.team_id},
            "team": {"id": world.sandbox.team_id},
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": "lesson",
                "private_metadata": kept,
            },
        }
        outcome = await deliver(world, body)
        assert outcome.acknowledged
        assert outcome.response is not None
        assert outcome.response["response_action"] == "update"
    assert all_rows(url) == before

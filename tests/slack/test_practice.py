"""Practice is the real dialog on a post of its own: the composers open, and nothing is stored."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.networks import DEFAULT_NETWORKS
from bot.runtime import Runtime
from bot.slack.views import membership, own_words, replies, share_dialog, share_forms
from slack_sandbox import Fault
from tests.slack.share_dialog import (
    buttons_in,
    choose_network,
    opened_text,
    text_in,
    type_own_words,
)
from tests.support import (
    DISCLOSURE,
    SlackWorld,
    all_rows,
    assert_polite,
    click_in_dialog,
    open_more,
    run_command,
)


def digest(url: str) -> list[str]:
    """What is in the database's files, to the last byte."""
    path = Path(url.removeprefix("sqlite:///"))
    files = (path, path.with_name(f"{path.name}-wal"))
    return [sha256(file.read_bytes()).hexdigest() for file in files if file.exists()]


@pytest.mark.parametrize("joined", [True, False])
async def test_everything_can_be_tried_and_nothing_is_stored(
    world: SlackWorld, runtime: Runtime, url: str, joined: bool
) -> None:
    amara = world.amara
    if joined:
        await run_command(amara, "/advocacy join")
    before, rows = digest(url), all_rows(url)
    said = len(world.cleo.messages(world.comms))

    assert await run_command(amara, "/advocacy practice") == ""
    view = amara.view
    assert view is not None
    assert "Nothing is stored" in view.plain
    assert "page that opens is real, so close it without posting" in view.plain
    first = text_in(view)
    outcome = await click_in_dialog(runtime, amara, share_dialog.OPEN)
    assert opened_text(outcome) == first
    assert DISCLOSURE in first
    assert {share_dialog.SHARED, share_dialog.TAKE_BACK, share_dialog.REPORT_PROBLEM} < buttons_in(
        view
    )
    await click_in_dialog(runtime, amara, share_dialog.SHARED)
    assert "Marked as shared" in view.plain
    await click_in_dialog(runtime, amara, share_dialog.TELL_COMMS)
    assert "Your note goes nowhere" in view.plain
    await amara.submit()
    assert "your note went nowhere" in view.plain
    await click_in_dialog(runtime, amara, share_dialog.NOT_SHARED)
    await click_in_dialog(runtime, amara, share_dialog.TAKE_BACK)
    assert replies.TAKEN_BACK_PRACTISED in view.plain
    await click_in_dialog(runtime, amara, share_dialog.OTHER_WORDING)
    assert text_in(view) != first

    for network in DEFAULT_NETWORKS[1:]:
        await choose_network(runtime, amara, network)
        if share_dialog.OPEN not in buttons_in(view):
            await click_in_dialog(runtime, amara, share_dialog.NAME_SERVER)
            assert "I'll forget it when you close the dialog" in view.plain
            amara.fill({"server": "mastodon.social"})
            await amara.submit()
        outcome = await click_in_dialog(runtime, amara, share_dialog.OPEN)
        assert str(outcome.url).startswith("https://")

    await click_in_dialog(runtime, amara, share_dialog.EDIT)
    type_own_words(amara, "My own.")
    await amara.submit()
    await click_in_dialog(runtime, amara, own_words.PUT_BACK)
    assert text_in(view).startswith(f"My own. {DISCLOSURE}")
    await click_in_dialog(runtime, amara, share_dialog.OPEN)
    await click_in_dialog(runtime, amara, share_dialog.REPORT_PROBLEM)
    assert view.callback_id == share_forms.NOTE_FORM
    amara.fill({"words": "Nobody gets this."})
    await amara.submit()
    assert "your note went nowhere" in view.plain

    await runtime.context.background_tasks.drain()
    assert all_rows(url) == rows
    assert digest(url) == before
    assert len(world.cleo.messages(world.comms)) == said
    assert_polite(world)


@pytest.mark.parametrize("word", ["practice", "practise"])
async def test_both_spellings_are_understood(
    world: SlackWorld, runtime: Runtime, word: str
) -> None:
    await run_command(world.bo, f"/advocacy {word}")
    assert world.bo.view is not None


async def test_more_has_a_button_for_it_whether_one_has_joined_or_not(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    for person in (world.amara, world.bo):
        rest = await open_more(runtime, person)
        assert "[Short lessons] [Try it out]" in rest.plain
        outcome = await person.press(rest, membership.PRACTISE)
        assert outcome.acknowledged, outcome.error
        await runtime.context.background_tasks.drain()
        assert person.private[-1] is rest, "the dialog is the whole answer"
        assert person.view is not None
        assert "Nothing is stored" in person.view.plain
        assert "[Try it out]" in rest.plain, "its buttons stay"
    assert all_rows(url) == before
    assert_polite(world)


async def test_the_home_tab_has_a_button_for_it_whether_one_has_joined_or_not(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    for person in (world.amara, world.bo):
        await person.open_home()
        await runtime.context.background_tasks.drain()
        assert person.home is not None
        said = len(person.private)
        outcome = await person.press(person.home, membership.PRACTISE)
        assert outcome.acknowledged, outcome.error
        await runtime.context.background_tasks.drain()
        [view] = person.views
        assert view.callback_id == share_dialog.DIALOG
        assert "Nothing is stored" in view.plain
        await click_in_dialog(runtime, person, share_dialog.OPEN)
        assert len(person.private) == said
    assert all_rows(url) == before
    assert_polite(world)


async def test_a_dialog_that_slack_does_not_open_is_said_so(
    world: SlackWorld, runtime: Runtime
) -> None:
    rest = await open_more(runtime, world.bo)
    world.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    await world.bo.press(rest, membership.PRACTISE)
    await runtime.context.background_tasks.drain()
    assert world.bo.view is None
    assert world.bo.private[-1].plain == replies.DIALOG_FAILED

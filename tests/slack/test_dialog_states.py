"""Turns of the share dialog that are easily forgotten: each says why, and keeps what was typed."""

from __future__ import annotations

import pytest

from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import cards, own_words, replies, share_dialog, share_forms
from slack_sandbox import Message, Person
from tests.slack.share_dialog import (
    buttons_in,
    choose_network,
    click_share,
    own_words_typed,
    share_new_post,
    text_in,
    type_own_words,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    approve,
    card_of,
    click_in_dialog,
    live_post,
    run_command,
    send,
    withdraw,
)

FIRST = "Backups now take half the time."


@pytest.fixture
async def message(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post; Amara has joined."""
    post = await live_post(world, runtime, **{"linkedin:0": FIRST, "facebook:0": FIRST})
    await run_command(world.amara, "/advocacy join")
    return post


async def written(runtime: Runtime, person: Person, text: str) -> None:
    """Press Edit, type, and submit."""
    await click_in_dialog(runtime, person, share_dialog.EDIT)
    type_own_words(person, text)
    outcome = await person.submit()
    assert outcome.error is None, outcome.error


async def put_back(runtime: Runtime, person: Person, text: str) -> None:
    """Go on typing after the question, then have the disclosure put back."""
    type_own_words(person, text)
    await click_in_dialog(runtime, person, own_words.PUT_BACK)


async def test_words_too_long_to_keep_can_still_be_shortened(
    world: SlackWorld, runtime: Runtime, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    view = await click_share(world.amara, message)
    await written(runtime, world.amara, "Short.")
    await put_back(runtime, world.amara, "x" * 2_990)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert "more than 2,800 characters" in view.plain, "the number that the hint gave"
    assert own_words_typed(view).startswith("x" * 2_900)
    await written_again(world.amara, f"Short. {DISCLOSURE}")
    assert text_in(view).startswith(f"Short. {DISCLOSURE}")


async def written_again(person: Person, text: str) -> None:
    """Type into the field that is there, and submit."""
    type_own_words(person, text)
    outcome = await person.submit()
    assert outcome.error is None, outcome.error


async def test_saying_so_of_the_longest_words_is_answered(
    world: SlackWorld, runtime: Runtime, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    view = await click_share(world.amara, message)
    await choose_network(runtime, world.amara, Network.FACEBOOK)
    await written(runtime, world.amara, "y" * 2_945)
    await click_in_dialog(runtime, world.amara, own_words.SAID_SO)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert "y" * 2_945 in view.plain


@pytest.mark.parametrize(
    ("network", "typed", "why"),
    [(Network.LINKEDIN, "", "write your own text"), (Network.X, "a" * 270, "of 280 on X")],
)
async def test_what_cannot_be_put_back_says_why(
    world: SlackWorld, runtime: Runtime, message: Message, network: Network, typed: str, why: str
) -> None:
    view = await click_share(world.amara, message)
    if network is not Network.LINKEDIN:
        await choose_network(runtime, world.amara, network)
    await written(runtime, world.amara, "Short.")
    await put_back(runtime, world.amara, typed)
    assert why in view.plain


async def test_words_too_long_for_another_network_say_why(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await written(runtime, world.amara, f"{'My own words. ' * 30}{DISCLOSURE}")
    await choose_network(runtime, world.amara, Network.X)
    assert "of 280 on X" in view.plain
    assert own_words_typed(view).startswith("My own words. ")


async def test_saying_it_already_holds_for_those_words_only(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await written(runtime, world.amara, "Ich arbeite bei Acme.")
    await click_in_dialog(runtime, world.amara, own_words.SAID_SO)
    assert DISCLOSURE not in text_in(view)
    await written(runtime, world.amara, "Something else entirely.")
    assert own_words.PUT_BACK in buttons_in(view)


async def test_an_own_phrase_is_enough_where_text_is_pasted(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await choose_network(runtime, world.amara, Network.FACEBOOK)
    assert f"Your post needs {DISCLOSURE} in it" in view.plain
    await written(runtime, world.amara, "I work at Acme and I like this.")
    assert DISCLOSURE not in view.plain
    assert "Your post needs the part that names your employer" in view.plain


async def test_a_long_wording_is_edited_whole(world: SlackWorld, runtime: Runtime) -> None:
    only = {"facebook:0": "w" * 2_980, "linkedin:0": "", "x:0": "", "bluesky:0": ""}
    view = await share_new_post(world, runtime, world.amara, **only)
    assert text_in(view).endswith(LINK)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    assert own_words_typed(view) == "w" * 2_980


async def test_a_colleague_in_the_wording_is_no_disclosure(
    world: SlackWorld, runtime: Runtime
) -> None:
    wording = "An Acme employee, Jane Doe, tells how backups got faster."
    view = await share_new_post(world, runtime, world.amara, **{"linkedin:0": wording})
    assert DISCLOSURE in text_in(view)


async def test_a_note_is_not_lost_when_the_post_ends(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.REPORT_PROBLEM)
    world.amara.fill({"words": "The price is not public yet."})
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    assert view.callback_id == share_forms.NOTE_FORM
    await world.amara.submit()
    await runtime.tick()
    [note] = [one for one in world.cleo.messages(world.comms) if "The price" in one.plain]
    assert "The price is not public yet." in note.plain
    assert share_dialog.OPEN not in buttons_in(view)


async def test_after_a_note_the_dialog_still_ends_with_its_post(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.REPORT_PROBLEM)
    world.amara.fill({"words": "The second sentence is odd."})
    await world.amara.submit()
    assert share_dialog.OPEN in buttons_in(view)
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    assert share_dialog.OPEN not in buttons_in(view)


async def test_words_that_were_corrected_meanwhile_are_said_to_be(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    assert replies.CORRECTED not in view.plain
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    world.cleo.fill({"linkedin:0": "Corrected: backups take a third less."})
    await send(world.cleo)
    await approve(world.carl, 1)
    await runtime.context.background_tasks.drain()
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert replies.CORRECTED in view.plain
    assert text_in(view).startswith("Corrected: ")

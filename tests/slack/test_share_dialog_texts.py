"""One's own voice: disclosing in one's own way, a picture, a language, and a way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.notes import MOST_A_WEEK
from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import own_words, replies, share_dialog, share_forms
from slack_sandbox import Fault, Person, payloads
from tests.slack.share_dialog import (
    STANDS,
    buttons_in,
    choose_network,
    click_share,
    opened_text,
    own_words_typed,
    share_new_post,
    text_in,
    type_own_words,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    all_rows,
    bot_running,
    card_of,
    click_in_dialog,
    deliver,
    execute_sql,
    live_post,
    rows,
    run_command,
    send,
    withdraw,
)

FIRST = "Backups now take half the time. Here is how we got there."


async def writes(runtime: Runtime, person: Person, words: str) -> None:
    await click_in_dialog(runtime, person, share_dialog.EDIT)
    type_own_words(person, words)
    outcome = await person.submit()
    assert outcome.acknowledged, outcome.error


# Disclosure.


async def test_dropping_the_disclosure_is_explained_and_put_back_by_one_button(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await writes(runtime, world.amara, f"Proud of this.\n\n{LINK}")
    assert "in many countries the law asks for it" in view.plain
    assert own_words_typed(view) == f"Proud of this.\n\n{LINK}", "what was typed stays"
    before = all_rows(url)
    await click_in_dialog(runtime, world.amara, own_words.PUT_BACK)
    assert text_in(view) == f"Proud of this. {DISCLOSURE}\n\n{LINK}"
    assert all_rows(url) == before
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert opened_text(outcome) == text_in(view)


async def test_words_typed_after_the_question_are_the_ones_that_count(
    world: SlackWorld, runtime: Runtime
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await writes(runtime, world.amara, "Proud of this.")
    type_own_words(world.amara, "Proud of all of this.")
    await click_in_dialog(runtime, world.amara, own_words.PUT_BACK)
    assert text_in(view) == f"Proud of all of this. {DISCLOSURE}\n\n{LINK}"


async def test_a_member_may_keep_their_own_phrase(world: SlackWorld, runtime: Runtime) -> None:
    said = "Ich arbeite bei Acme und bin stolz darauf."
    view = await share_new_post(world, runtime, world.amara)
    await writes(runtime, world.amara, said)
    await click_in_dialog(runtime, world.amara, own_words.SAID_SO)
    assert text_in(view) == f"{said}\n\n{LINK}"
    await choose_network(runtime, world.amara, Network.X)
    assert text_in(view) == f"{said} {LINK}"
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert opened_text(outcome) == text_in(view)
    await click_in_dialog(runtime, world.amara, share_dialog.BACK)
    assert DISCLOSURE in text_in(view)


@pytest.fixture
async def phrased(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    phrases = "Ich arbeite bei Acme; #AcmeTeam"
    async with bot_running(world, url, DISCLOSURE_PHRASES=phrases) as runtime:
        yield runtime


async def test_a_phrase_that_the_workspace_accepts_is_not_asked_about(
    world: SlackWorld, phrased: Runtime
) -> None:
    view = await share_new_post(world, phrased, world.amara)
    await writes(phrased, world.amara, "Neu: ich arbeite bei Acme.")
    assert text_in(view) == f"Neu: ich arbeite bei Acme.\n\n{LINK}"


async def test_suggested_words_left_as_they_are_stay_suggested(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    await world.amara.submit()
    assert "your own text" not in view.plain
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    opened = "SELECT count(*) FROM response_event WHERE wording_id IS NOT NULL"
    assert rows(url, opened) == [(1,)]


async def test_other_words_come_in_another_field(world: SlackWorld, runtime: Runtime) -> None:
    """Slack keeps what was typed into a block as long as the block stays the same."""
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    [first] = view.values
    await click_in_dialog(runtime, world.amara, share_dialog.BACK)
    await choose_network(runtime, world.amara, Network.X)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    [second] = view.values
    assert first != second
    assert own_words_typed(view).startswith("Backups in half the time.")


# Pictures and languages.


async def test_a_picture_is_offered_to_save_and_its_description_to_copy(
    world: SlackWorld, runtime: Runtime
) -> None:
    picture = "https://acme.example/a.png?b=1&c"
    alt = "Two clocks, & one of them: <fast>."
    view = await share_new_post(world, runtime, world.amara, picture=picture, picture_alt=alt)
    assert alt in view.plain
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.PICTURE)
    assert outcome.url == picture
    assert alt in card_of(world, 1).plain


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"picture": "https://a.example/a.png"}, "picture_alt", "what the picture shows"),
        ({"picture": "a.png", "picture_alt": "A"}, "picture", "Please give a full link"),
        ({"picture": "javascript:x", "picture_alt": "A"}, "picture", "Please give a full link"),
    ],
)
async def test_a_picture_needs_an_address_and_a_description(
    world: SlackWorld, runtime: Runtime, url: str, changed: dict[str, str], field: str, words: str
) -> None:
    before = all_rows(url)
    await world.cleo.command("/advocacy queue")
    world.cleo.fill(
        {"title": "A", "link": LINK, "why": "B", "kind": "jobs", "linkedin:0": "C", **changed}
    )
    await send(world.cleo)
    assert world.cleo.view is not None
    assert list(world.cleo.view.errors) == [field]
    assert words in world.cleo.view.errors[field]
    assert all_rows(url) == before


async def test_a_member_gets_their_own_language_first_and_can_see_the_others(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await live_post(
        world, runtime, **{"x:0": "[de] Alles neu.", "bluesky:0": "[ad] New."}
    )
    await run_command(world.amara, "/advocacy join")
    words = "SELECT network, text, language FROM wording WHERE network != 'linkedin'"
    assert sorted(rows(url, words)) == [("bluesky", "[ad] New.", None), ("x", "Alles neu.", "de")]
    execute_sql(url, "UPDATE member SET language = 'de', network = 'x'")
    view = await click_share(world.amara, message)
    assert text_in(view).startswith("Alles neu.")
    assert "For X, in German" in view.plain


# A way back, and notes to comms.


async def test_a_changed_mind_leaves_nothing_that_says_opened(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.SHARED)
    await click_in_dialog(runtime, world.amara, share_dialog.NOT_SHARED)
    await click_in_dialog(runtime, world.amara, share_dialog.TAKE_BACK)
    assert rows(url, "SELECT stage, network FROM response") == [("interested", None)]
    assert rows(url, "SELECT DISTINCT stage, wording_id FROM response_event") == [
        ("interested", None)
    ]
    assert rows(url, "SELECT network FROM member") == [(None,)]
    assert text_in(view).startswith(FIRST)
    assert replies.TAKEN_BACK in view.plain
    assert not {share_dialog.SHARED, share_dialog.TAKE_BACK} & buttons_in(view)


async def test_an_error_can_be_told_before_anything_was_opened(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await word(runtime, world.amara, "The link is broken.")
    assert "gets your note" in view.plain
    assert rows(url, STANDS) == [("interested", None, None)]
    await runtime.tick()
    assert len(told(world, "The link is broken.")) == 1


async def word(runtime: Runtime, person: Person, words: str, **more: Any) -> None:
    await click_in_dialog(runtime, person, share_dialog.REPORT_PROBLEM)
    person.fill({"words": words, **more})
    await person.submit()


async def ten_colleagues(world: SlackWorld, runtime: Runtime) -> None:
    """So many members that notes may come without a name."""
    for number in range(10):
        await run_command(world.sandbox.add_person(f"colleague{number}"), "/advocacy join")
    await runtime.tick()


def told(world: SlackWorld, words: str) -> list[str]:
    """The messages to comms with these words."""
    said = [message.plain for message in world.cleo.messages(world.comms)]
    return [plain for plain in said if words in plain]


@pytest.mark.parametrize("sign", [True, False])
async def test_a_note_reaches_comms_as_typed_and_unsigned_unless_wanted(
    world: SlackWorld, runtime: Runtime, url: str, sign: bool
) -> None:
    words = "The *date* is wrong, <!channel> & co."
    await ten_colleagues(world, runtime)
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await word(runtime, world.amara, words, sign=["sign"] if sign else [])
    assert ("with your name" in view.plain) is sign
    assert share_dialog.SHARED in buttons_in(view), "the dialog goes on"
    await runtime.tick()
    assert bool(told(world, words)) is sign, "without a name, not in the second it was written"
    world.sandbox.clock.advance(timedelta(days=1))
    await runtime.tick()
    [said] = told(world, words)
    assert ("amara" in said) is sign
    assert "Our new release is out" in said
    assert "looked at" not in said
    assert rows(url, "SELECT id FROM notice WHERE kind = 'note'") == []
    assert "is wrong" not in str(all_rows(url)), "once it is there, it is kept nowhere else"
    [message] = [one for one in world.cleo.messages(world.comms) if words in one.plain]
    assert "<!channel>" not in message.mentions


async def test_among_few_members_a_note_carries_the_name_and_the_form_says_why(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.REPORT_PROBLEM)
    assert "It carries your name. With fewer than about 10 members" in view.plain
    world.amara.fill({"words": "The date is wrong."})
    await world.amara.submit()
    assert "with your name" in view.plain
    await runtime.tick()
    [said] = told(world, "The date is wrong.")
    assert "amara" in said


async def test_a_few_notes_of_one_person_are_passed_on_in_a_week(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    for number in range(MOST_A_WEEK):
        await word(runtime, world.amara, f"Note {number}.")
    await runtime.tick()
    before = all_rows(url)
    await word(runtime, world.amara, "One more.")
    assert view.errors == {
        "words": "I pass on 3 notes from one person a week. Please tell them the rest yourself."
    }
    assert all_rows(url) == before


async def test_a_note_waits_until_slack_takes_it_and_comes_once(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.REPORT_PROBLEM)
    world.amara.fill({"words": "Once only."})
    payload = payloads.view_submission(world.sandbox.state, world.amara, view)
    world.sandbox.faults.add(Fault("chat.postMessage", status=429, times=2))
    for _ in range(2):
        assert (await deliver(world, payload)).acknowledged
    await runtime.context.background_tasks.drain()
    for _ in range(2):
        world.sandbox.clock.advance(timedelta(minutes=1))
        await runtime.tick()
    assert len(told(world, "Once only.")) == 1


async def test_an_empty_word_is_not_sent_and_the_longest_is(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    before = all_rows(url)
    await word(runtime, world.amara, " \n ")
    assert view.errors == {"words": "Please write your note first."}
    assert all_rows(url) == before
    world.amara.fill({"words": "&" * share_forms.LONGEST_NOTE})
    await world.amara.submit()
    await runtime.tick()
    assert len(told(world, "&" * share_forms.LONGEST_NOTE)) == 1


async def test_a_word_about_a_post_that_has_just_ended_is_taken_and_said_to_be(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await share_new_post(world, runtime, world.amara)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.REPORT_PROBLEM)
    world.amara.fill({"words": "It was withdrawn, rightly."})
    payload = payloads.view_submission(world.sandbox.state, world.amara, view)
    await withdraw(world.carl, 1)
    outcome = await deliver(world, payload)
    assert outcome.acknowledged
    assert "gets your note" in str(outcome.response)
    await runtime.tick()
    assert len(told(world, "It was withdrawn, rightly.")) == 1

"""The form in which comms write a post: its fields, its errors, and drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import cards, post_form, post_form_texts, post_preview
from bot.slack.views.replies import CHANGED_MEANWHILE, DIALOG_FAILED
from slack_sandbox import Fault, View, payloads
from tests.support import (
    LINK,
    START,
    SlackWorld,
    all_rows,
    announced_ids,
    card_of,
    deliver,
    fields,
    fill_in,
    read_answer,
    rows,
    run_command,
    send,
    write_post,
)

NOW = int(START.timestamp())
DAY = int(timedelta(days=1).total_seconds())
NO_WORDING = {"linkedin:0": None, "x:0": None, "bluesky:0": None}


async def form(world: SlackWorld, link: str = "") -> View:
    await world.cleo.command(f"/advocacy queue {link}", channel=world.comms)
    assert world.cleo.view is not None
    return world.cleo.view


def typed(view: View) -> dict[str, Any]:
    """What stands in each field."""
    values = {block: held["value"] for block, held in view.values.items() if "value" in held}
    return {
        block: held["selected_option"] and held["selected_option"]["value"]
        if "selected_option" in held
        else held.get("value", held.get("selected_date_time"))
        for block, held in values.items()
    }


async def saved(world: SlackWorld, runtime: Runtime) -> None:
    assert world.cleo.view is not None
    outcome = await world.cleo.press(world.cleo.view, post_form.SAVE)
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()


@pytest.mark.parametrize("link", [LINK, f"<{LINK}>"])
async def test_a_link_given_with_the_command_stands_in_the_form(
    world: SlackWorld, runtime: Runtime, link: str
) -> None:
    assert typed(await form(world, link))["link"] == LINK


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("ftp://example.org", "Please give a full link, starting with https://."),
        ("javascript:alert(1)", "Please give a full link, starting with https://."),
        ("example.org/news", "Please give a full link, starting with https://."),
        ("https://me:secret@example.org", "Please leave out the name or password"),
        ("https://a.example and more", "I need one link without spaces, as in /advocacy queue"),
        ("https://a.example/<b>c", "A link can't contain spaces"),
        ("https://[broken", "This doesn't look like a working link"),
        ("https://https://a.example/news", "The link starts with https:// twice. Please keep one."),
        ("https://.", "This doesn't look like a working link"),
        ("https://example..org", "This doesn't look like a working link"),
        (f"https://a.example/{'x' * 2000}", "A link can have 2,000 characters. This one has"),
    ],
)
async def test_a_bad_link_is_refused_at_once(
    world: SlackWorld, runtime: Runtime, link: str, words: str
) -> None:
    assert (await run_command(world.cleo, f"/advocacy queue {link}")).startswith(words)
    assert world.cleo.view is None


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"title": " \n"}, "title", "Please give the post a title."),
        ({"title": "one\ntwo"}, "title", "Please keep the title on one line."),
        ({"link": "ftp://example.org"}, "link", "Please give a full link"),
        ({"why": "  "}, "why", "Please say in a sentence why this matters to a reader."),
        ({"topics": "a,b,c,d,e,f"}, "topics", "A post can have 5 topics. This one has 6."),
        (
            {"topics": "t" * 41},
            "topics",
            "A topic can have 40 characters. The longest here has 41.",
        ),
        (
            {"linkedin:0": "a" * 2940},
            "linkedin:0",
            "This comes to 3,003 of 3,000 on LinkedIn, including the link and #AcmeEmployee.",
        ),
        (
            {"x:0": "a" * 243},
            "x:0",
            "This comes to 281 of 280 on X, including the link and #AcmeEmployee.",
        ),
        (
            {"x:0": "#AcmeEmployee " + "字" * 121 + "x"},
            "x:0",
            "This comes to 281 of 280 on X, including the link.",
        ),
        (
            {"bluesky:0": "a" * 252},  # the link is shown as flink.example.org/2026/08/31/a...
            "bluesky:0",
            "This comes to 301 of 300 on Bluesky, including the link and #AcmeEmployee.",
        ),
        (NO_WORDING, "linkedin:0", "Please write at least one text, for any network."),
        ({"expires_at": NOW}, "expires_at", "Please choose a time in the future."),
        ({"prompts": "a?\nb?\nc?\nd?"}, "prompts", "A post can have 3 questions"),
        (
            {"not_before": NOW + 2 * DAY, "expires_at": NOW + DAY},
            "expires_at",
            "Please choose a time after the earliest one.",
        ),
    ],
)
async def test_an_error_stands_at_its_field_and_nothing_is_stored(
    world: SlackWorld, runtime: Runtime, url: str, changed: dict[str, Any], field: str, words: str
) -> None:
    before = all_rows(url)
    outcome = await write_post(world.cleo, **changed)
    assert outcome.error is None
    view = world.cleo.view
    assert view is not None
    assert list(view.errors) == [field]
    assert view.errors[field].startswith(words)
    expected = fields(**changed)
    assert {name: value for name, value in typed(view).items() if name in expected} == expected
    assert all_rows(url) == before


async def test_all_errors_are_told_at_once(world: SlackWorld, runtime: Runtime) -> None:
    await write_post(world.cleo, title=" ", link="x", why=" ", expires_at=1, **NO_WORDING)
    assert world.cleo.view is not None
    assert set(world.cleo.view.errors) == {"title", "link", "why", "expires_at", "linkedin:0"}


async def test_a_wording_may_fill_its_network_to_the_last_character(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await write_post(world.cleo, **{"x:0": "a" * 242, "bluesky:0": "a" * 251})
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is None
    assert "280 of 280" in card_of(world, 1).plain
    assert "300 of 300" in card_of(world, 1).plain


async def test_an_emoji_code_is_stored_as_its_emoji(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await write_post(world.cleo, **{"x:0": "Out now :tada:", "bluesky:0": ":tada:" * 200})
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is None
    assert rows(url, "SELECT text FROM wording WHERE network = 'x'") == [("Out now \U0001f389",)]
    assert "Out now \U0001f389" in card_of(world, 1).plain


async def test_another_wording_keeps_what_was_typed(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    await fill_in(world.cleo, fields(expires_at=NOW + DAY))
    more = f"{post_form_texts.ADD_WORDING}:x"
    for _ in range(4):
        await world.cleo.press(view, more)
        await runtime.context.background_tasks.drain()
    shown = typed(view)
    assert {name: shown[name] for name in fields()} == fields()
    assert shown["expires_at"] == NOW + DAY
    assert [name for name in shown if name.startswith("x:")] == [f"x:{n}" for n in range(5)]
    with pytest.raises(LookupError):
        await world.cleo.press(view, more)

    world.cleo.fill({"x:3": "Half the time, twice the backups."})
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is None
    wordings = "SELECT network, text FROM wording WHERE network = 'x' ORDER BY position"
    assert rows(url, wordings) == [
        ("x", "Backups in half the time."),
        ("x", "Half the time, twice the backups."),
    ]


async def test_save_draft_keeps_what_was_typed_unchecked(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    half = {"title": "Half a post", "link": "later", "x:0": "a" * 400, "expires_at": NOW - DAY}
    await fill_in(world.cleo, half)
    await saved(world, runtime)
    assert "Saved as a draft, post 1." in view.plain
    shown = typed(view)
    assert {name: shown[name] for name in half} == half
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 1)]
    assert announced_ids(world) == []


async def test_saving_twice_makes_one_post_and_submitting_then_too(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    await fill_in(world.cleo, fields(title="First words"))
    await saved(world, runtime)
    await saved(world, runtime)
    world.cleo.fill({"title": "Better words"})
    await saved(world, runtime)
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 2)]
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert view not in world.cleo.views
    assert [row[0] for row in rows(url, "SELECT state FROM post")] == ["in_review"]
    assert len(announced_ids(world)) == 1
    assert card_of(world, 1).plain.startswith("Better words\nPost 1 by @cleo")


async def test_pressing_save_twice_at_once_makes_one_post(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    await fill_in(world.cleo, fields())
    outcome = await world.cleo.press(view, post_form.SAVE, times=3)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 1)]


async def test_a_form_that_arrives_twice_makes_one_post(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    await fill_in(world.cleo, fields())
    payload = payloads.view_submission(world.sandbox.state, world.cleo, view)
    for _ in range(2):
        assert (await deliver(world, payload)).acknowledged
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 1)]
    assert announced_ids(world) == []
    await world.cleo.submit()
    preview = world.cleo.view
    assert preview is not None
    payload = payloads.view_submission(world.sandbox.state, world.cleo, preview)
    for _ in range(2):
        assert (await deliver(world, payload)).acknowledged
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT state, revision FROM post") == [("in_review", 1)]
    assert len(announced_ids(world)) == 1


async def test_the_preview_shows_the_post_as_people_will_see_it_and_leads_back(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    await fill_in(world.cleo, fields())
    await world.cleo.submit()
    for part in (
        "Saved as a draft. Nobody is asked to approve it until you send it.",
        "Share if you like, in your own name.",
        "Backups in half the time. #AcmeEmployee https://flink.example.org",
    ):
        assert part in view.plain
    assert "[Share]" not in view.plain
    await world.cleo.press(view, post_preview.EDIT_AGAIN)
    await runtime.context.background_tasks.drain()
    assert typed(view)["title"] == "Our new release is out"
    world.cleo.fill({"title": "Better"})
    await world.cleo.submit()
    assert "Better" in view.plain
    await world.cleo.submit()
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is None, "the card is in sight"
    assert rows(url, "SELECT state, revision FROM post") == [("in_review", 2)]
    assert card_of(world, 1).plain.startswith("Better")


async def test_what_a_colleague_changed_meanwhile_is_not_sent(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await form(world)
    await fill_in(world.cleo, fields())
    await world.cleo.submit()
    await run_command(world.carl, "/advocacy posts")
    await world.carl.press(world.carl.private[-1], cards.EDIT)
    world.carl.fill({"title": "Carl's"})
    await world.carl.submit()
    await world.cleo.submit()
    assert CHANGED_MEANWHILE in view.plain
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 2)]


async def test_the_same_link_is_a_line_under_it_confirmed_by_going_on(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await write_post(world.cleo)
    said = " has the same link. It's waiting for approval."
    view = await form(world, LINK)
    assert said in view.plain, "at once where the link came with the command"
    await fill_in(world.cleo, fields())
    await world.cleo.submit()
    assert "Saved as a draft." in view.plain, "going on confirms it"
    await world.cleo.close()
    view = await form(world)
    assert said not in view.plain
    await fill_in(world.cleo, fields(title="Once more"))
    await world.cleo.submit()
    assert "Our new release is out has the same link. It's a draft." in view.plain
    assert typed(view)["title"] == "Once more"
    assert rows(url, "SELECT count(*) FROM post") == [(2,)]
    await world.cleo.submit()
    assert "Saved as a draft." in view.plain
    world.sandbox.clock.advance(timedelta(days=91))
    assert "the same link" not in (await form(world, LINK)).plain


async def test_a_post_that_was_sent_back_says_why_in_its_form(
    world: SlackWorld, runtime: Runtime
) -> None:
    await write_post(world.cleo)
    await runtime.context.background_tasks.drain()
    await run_command(world.carl, "/advocacy send-back 1 The <link> is broken")
    await runtime.context.background_tasks.drain()
    await world.cleo.press(card_of(world, 1), cards.EDIT)
    assert world.cleo.view is not None
    assert "It was sent back: The <link> is broken" in world.cleo.view.plain


async def test_posts_finds_a_draft_again_with_everything_in_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    whole = fields(not_before=NOW + DAY, expires_at=NOW + 9 * DAY)
    await form(world)
    await fill_in(world.cleo, whole)
    await saved(world, runtime)
    await world.cleo.close()

    words = await run_command(world.carl, "/advocacy posts")
    assert words.startswith("Draft\n")
    assert "Our new release is out\n[Edit]" in words
    await world.carl.press(world.carl.private[-1], cards.EDIT)
    assert world.carl.view is not None
    assert world.carl.view.plain.startswith("Edit post 1")
    shown = typed(world.carl.view)
    assert {name: shown[name] for name in whole} == whole
    await send(world.carl)
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT state FROM post") == [("in_review",)]


async def test_an_empty_draft_can_be_found_and_finished(
    world: SlackWorld, runtime: Runtime
) -> None:
    await form(world)
    await saved(world, runtime)
    await world.cleo.close()
    assert "Untitled draft\n[Edit]" in await run_command(world.cleo, "/advocacy posts")
    await world.cleo.press(world.cleo.private[-1], cards.EDIT)
    await fill_in(world.cleo, fields())
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert "Waiting for approval." in card_of(world, 1).plain


async def test_who_edits_an_older_text_is_told_and_overwrites_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await write_post(world.cleo)
    await runtime.context.background_tasks.drain()
    for person in (world.cleo, world.carl):
        await person.press(card_of(world, 1), cards.EDIT)
        person.fill({"title": f"The words of {person.name}"})
    await send(world.carl)
    await runtime.context.background_tasks.drain()
    before = all_rows(url)
    await send(world.cleo)
    assert world.cleo.view is not None
    assert world.cleo.view.errors == {"title": CHANGED_MEANWHILE}
    assert typed(world.cleo.view)["title"] == "The words of cleo"
    await saved(world, runtime)
    assert CHANGED_MEANWHILE in world.cleo.view.plain
    assert all_rows(url) == before


async def test_a_form_that_slack_does_not_open_is_explained(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    words = await run_command(world.cleo, "/advocacy queue")
    assert words == DIALOG_FAILED
    await write_post(world.cleo)
    await runtime.context.background_tasks.drain()
    world.sandbox.faults.add(Fault("views.open", status=500))
    outcome = await world.cleo.press(card_of(world, 1), cards.EDIT)
    words = await read_answer(runtime, world.cleo, outcome)
    assert words == DIALOG_FAILED

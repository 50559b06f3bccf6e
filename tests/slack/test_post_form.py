"""The form in which comms write a post: its fields, its errors, and drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.sandbox import Fault, View, payloads
from bot.slack.views import card, post_form
from bot.slack.views.words import CHANGED_MEANWHILE, DIALOG_FAILED
from tests.support import (
    LINK,
    START,
    Office,
    announced_ids,
    answered,
    asked,
    card_of,
    deliver,
    fields,
    rows,
    stored,
    write_post,
)

NOW = int(START.timestamp())
DAY = int(timedelta(days=1).total_seconds())
NO_WORDING = {"linkedin:0": None, "x:0": None, "bluesky:0": None}


async def form(place: Office, link: str = "") -> View:
    await place.cleo.command(f"/advocacy queue {link}", channel=place.comms)
    assert place.cleo.view is not None
    return place.cleo.view


def typed(view: View) -> dict[str, Any]:
    """What stands in each field."""
    values = {block: held["value"] for block, held in view.values.items() if "value" in held}
    return {
        block: held.get("value", held.get("selected_date_time")) for block, held in values.items()
    }


async def saved(place: Office, runtime: Runtime) -> None:
    assert place.cleo.view is not None
    outcome = await place.cleo.press(place.cleo.view, post_form.SAVE)
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()


@pytest.mark.parametrize("link", [LINK, f"<{LINK}>"])
async def test_a_link_given_with_the_command_stands_in_the_form(
    place: Office, runtime: Runtime, link: str
) -> None:
    assert typed(await form(place, link))["link"] == LINK


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("ftp://example.org", "Please give a full link, starting with https://."),
        ("javascript:alert(1)", "Please give a full link, starting with https://."),
        ("example.org/news", "Please give a full link, starting with https://."),
        ("https://me:secret@example.org", "Please leave out the name or password"),
        ("https://a.example and more", "I need one link without spaces, as in /advocacy queue"),
        ("https://a.example/<b>c", "A link can't hold spaces"),
        ("https://[broken", "This doesn't look like a working link"),
        (f"https://a.example/{'x' * 2000}", "A link can have 2,000 characters; this one has"),
    ],
)
async def test_a_bad_link_is_refused_at_once(
    place: Office, runtime: Runtime, link: str, words: str
) -> None:
    assert (await asked(place.cleo, f"/advocacy queue {link}")).startswith(words)
    assert place.cleo.view is None


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"title": " \n"}, "title", "Please give the post a title."),
        ({"title": "one\ntwo"}, "title", "Please keep the title on one line."),
        ({"link": "ftp://example.org"}, "link", "Please give a full link"),
        ({"why": "  "}, "why", "Please say in a sentence why this matters to a reader."),
        ({"topics": "a,b,c,d,e,f"}, "topics", "A post can have 5 topics; this one has 6."),
        (
            {"topics": "t" * 41},
            "topics",
            "A topic can have 40 characters; the longest here has 41.",
        ),
        (
            {"linkedin:0": "a" * 2940},
            "linkedin:0",
            "This comes to 3,003 of 3,000 on LinkedIn, with the link and #AcmeEmployee counted in.",
        ),
        (
            {"x:0": "a" * 243},
            "x:0",
            "This comes to 281 of 280 on X, with the link and #AcmeEmployee counted in.",
        ),
        (
            {"x:0": "#AcmeEmployee " + "字" * 121 + "x"},
            "x:0",
            "This comes to 281 of 280 on X, with the link counted in.",
        ),
        (
            {"bluesky:0": "a" * 238},
            "bluesky:0",
            "This comes to 301 of 300 on Bluesky, with the link and #AcmeEmployee counted in.",
        ),
        (NO_WORDING, "linkedin:0", "Please write at least one wording, for any of the networks."),
        ({"expires_at": NOW}, "expires_at", "Please choose a moment in the future."),
        (
            {"not_before": NOW + 2 * DAY, "expires_at": NOW + DAY},
            "expires_at",
            "Please choose a moment after the earliest one.",
        ),
    ],
)
async def test_an_error_stands_at_its_field_and_nothing_is_stored(
    place: Office, runtime: Runtime, url: str, changed: dict[str, Any], field: str, words: str
) -> None:
    before = stored(url)
    outcome = await write_post(place.cleo, **changed)
    assert outcome.error is None
    view = place.cleo.view
    assert view is not None
    assert list(view.errors) == [field]
    assert view.errors[field].startswith(words)
    expected = fields(**changed)
    assert {name: value for name, value in typed(view).items() if name in expected} == expected
    assert stored(url) == before


async def test_all_errors_are_told_at_once(place: Office, runtime: Runtime) -> None:
    await write_post(place.cleo, title=" ", link="x", why=" ", expires_at=1, **NO_WORDING)
    assert place.cleo.view is not None
    assert set(place.cleo.view.errors) == {"title", "link", "why", "expires_at", "linkedin:0"}


async def test_a_wording_may_fill_its_network_to_the_last_character(
    place: Office, runtime: Runtime, url: str
) -> None:
    await write_post(place.cleo, **{"x:0": "a" * 242, "bluesky:0": "a" * 237})
    await runtime.kit.afterwards.drain()
    assert place.cleo.view is None
    assert "280 of 280" in card_of(place, 1).plain
    assert "300 of 300" in card_of(place, 1).plain


async def test_another_wording_keeps_what_was_typed(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await form(place)
    place.cleo.fill(fields(expires_at=NOW + DAY))
    more = f"{post_form.ADD_WORDING}:x"
    for _ in range(4):
        await place.cleo.press(view, more)
        await runtime.kit.afterwards.drain()
    shown = typed(view)
    assert {name: shown[name] for name in fields()} == fields()
    assert shown["expires_at"] == NOW + DAY
    assert [name for name in shown if name.startswith("x:")] == [f"x:{n}" for n in range(5)]
    with pytest.raises(LookupError):
        await place.cleo.press(view, more)

    place.cleo.fill({"x:3": "Half the time, twice the backups."})
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    assert place.cleo.view is None
    wordings = "SELECT network, text FROM wording WHERE network = 'x' ORDER BY position"
    assert rows(url, wordings) == [
        ("x", "Backups in half the time."),
        ("x", "Half the time, twice the backups."),
    ]


async def test_save_draft_keeps_what_was_typed_unchecked(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await form(place)
    half = {"title": "Half a post", "link": "later", "x:0": "a" * 400, "expires_at": NOW - DAY}
    place.cleo.fill(half)
    await saved(place, runtime)
    assert "Saved as a draft, post 1." in view.plain
    shown = typed(view)
    assert {name: shown[name] for name in half} == half
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 1)]
    assert announced_ids(place) == []


async def test_saving_twice_makes_one_post_and_submitting_then_too(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await form(place)
    place.cleo.fill(fields(title="First words"))
    await saved(place, runtime)
    await saved(place, runtime)
    place.cleo.fill({"title": "Better words"})
    await saved(place, runtime)
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 2)]
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    assert view not in place.cleo.views
    assert [row[0] for row in rows(url, "SELECT state FROM post")] == ["in_review"]
    assert len(announced_ids(place)) == 1
    assert card_of(place, 1).plain.startswith("Better words\nPost 1 by @cleo")


async def test_pressing_save_twice_at_once_makes_one_post(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await form(place)
    place.cleo.fill(fields())
    outcome = await place.cleo.press(view, post_form.SAVE, times=3)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.kit.afterwards.drain()
    assert rows(url, "SELECT state, revision FROM post") == [("draft", 1)]


async def test_a_form_that_arrives_twice_makes_one_post(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await form(place)
    place.cleo.fill(fields())
    payload = payloads.view_submission(place.sandbox.state, place.cleo, view)
    for _ in range(2):
        assert (await deliver(place, payload)).acknowledged
    await runtime.kit.afterwards.drain()
    assert rows(url, "SELECT state, revision FROM post") == [("in_review", 1)]
    assert len(announced_ids(place)) == 1


async def test_posts_finds_a_draft_again_with_everything_in_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    whole = fields(not_before=NOW + DAY, expires_at=NOW + 9 * DAY)
    await form(place)
    place.cleo.fill(whole)
    await saved(place, runtime)
    await place.cleo.close()

    words = await asked(place.carl, "/advocacy posts")
    assert words.startswith("Draft\n")
    assert "Our new release is out\n[Edit]" in words
    await place.carl.press(place.carl.private[-1], card.EDIT)
    assert place.carl.view is not None
    assert place.carl.view.plain.startswith("Edit post 1")
    shown = typed(place.carl.view)
    assert {name: shown[name] for name in whole} == whole
    await place.carl.submit()
    await runtime.kit.afterwards.drain()
    assert rows(url, "SELECT state FROM post") == [("in_review",)]


async def test_an_empty_draft_can_be_found_and_finished(place: Office, runtime: Runtime) -> None:
    await form(place)
    await saved(place, runtime)
    await place.cleo.close()
    assert "without a title\n[Edit]" in await asked(place.cleo, "/advocacy posts")
    await place.cleo.press(place.cleo.private[-1], card.EDIT)
    place.cleo.fill(fields())
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    assert "Waiting for approval." in card_of(place, 1).plain


async def test_who_edits_an_older_text_is_told_and_overwrites_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    await write_post(place.cleo)
    await runtime.kit.afterwards.drain()
    for person in (place.cleo, place.carl):
        await person.press(card_of(place, 1), card.EDIT)
        person.fill({"title": f"The words of {person.name}"})
    await place.carl.submit()
    await runtime.kit.afterwards.drain()
    before = stored(url)
    await place.cleo.submit()
    assert place.cleo.view is not None
    assert place.cleo.view.errors == {"title": CHANGED_MEANWHILE}
    assert typed(place.cleo.view)["title"] == "The words of cleo"
    await saved(place, runtime)
    assert CHANGED_MEANWHILE in place.cleo.view.plain
    assert stored(url) == before


async def test_a_form_that_slack_does_not_open_is_explained(
    place: Office, runtime: Runtime
) -> None:
    place.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    words = await asked(place.cleo, "/advocacy queue")
    assert words == DIALOG_FAILED
    await write_post(place.cleo)
    await runtime.kit.afterwards.drain()
    place.sandbox.faults.add(Fault("views.open", status=500))
    outcome = await place.cleo.press(card_of(place, 1), card.EDIT)
    words = await answered(runtime, place.cleo, outcome)
    assert words == DIALOG_FAILED

"""Who may do what comms do: asked of Slack each time, and told kindly to everybody else."""

from __future__ import annotations

import pytest

from bot.runtime import Runtime
from bot.sandbox import Fault, Person
from bot.slack.views import card, notices, post_form
from bot.slack.views.words import CANNOT_CHECK, GUEST, NOT_COMMS, STRANGER
from tests.support import (
    Office,
    approved_post,
    asked,
    deliver,
    fields,
    pressed,
    rows,
    sentences,
    stored,
    waiting_post,
    write_post,
)

LINES = (
    "queue",
    "queue https://example.org/news",
    "posts",
    "approve 1",
    "send-back 1 why not",
    "withdraw 1",
    "freeze",
    "unfreeze",
    "APPROVE 1",
)
DECIDING = ("approve 1", "send-back 1 why not", "withdraw 1", "freeze", "unfreeze")


def reads(person: Person) -> str:
    """Everything that this person alone has read."""
    views = [f"{view.plain} {view.body}" for view in person.views]
    messages = [f"{one.plain} {one.text} {one.blocks}" for one in person.private]
    return "\n".join((*views, *messages))


async def test_others_are_told_whom_to_ask_and_never_the_private_channel(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_post(place, runtime)
    before = stored(url)
    for line in LINES:
        assert await asked(place.amara, f"/advocacy {line}") == NOT_COMMS
    assert place.amara.view is None
    for line in ("", "help", "join", "status", "browse", "leave", "comms", "unknown"):
        await asked(place.amara, f"/advocacy {line}")
    seen = reads(place.amara)
    assert place.comms.name not in seen
    assert place.comms.id not in seen
    for table in ("post", "decision", "notice", "workspace"):
        assert stored(url)[table] == before[table]


async def test_others_cannot_use_a_card_that_they_got_hold_of(
    place: Office, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(place, runtime)
    before = stored(url)
    for action in (card.APPROVE, card.SEND_BACK, card.EDIT, card.WITHDRAW):
        words = await pressed(runtime, place.amara, shown, action)
        assert words == NOT_COMMS
    assert place.amara.view is None
    assert stored(url) == before


async def test_guests_may_write_but_not_decide(place: Office, runtime: Runtime, url: str) -> None:
    shown = await waiting_post(place, runtime)
    await write_post(place.gus, title="A guest's post")
    await runtime.kit.afterwards.drain()
    assert "A guest's post" in await asked(place.gus, "/advocacy posts")
    before = stored(url)
    for line in DECIDING:
        assert await asked(place.gus, f"/advocacy {line}") == GUEST
    for action in (card.APPROVE, card.SEND_BACK, card.WITHDRAW):
        assert await pressed(runtime, place.gus, shown, action) == GUEST
    assert stored(url) == before

    await place.gus.press(shown, card.EDIT)
    place.gus.fill({"title": "Mended by a guest"})
    await place.gus.submit()
    await runtime.kit.afterwards.drain()
    assert shown.plain.startswith("Mended by a guest\nPost 1 by @gus")
    assert (await asked(place.cleo, "/advocacy approve 1")).startswith("Approved: Post 1")


async def test_a_freeze_is_checked_again_when_it_is_confirmed(
    place: Office, runtime: Runtime, url: str
) -> None:
    await approved_post(place, runtime)
    before = stored(url)
    await asked(place.carl, "/advocacy freeze")
    question = place.carl.private[-1]
    place.carl.restricted = True
    assert await pressed(runtime, place.carl, question, notices.FREEZE) == GUEST
    place.carl.restricted = False
    await asked(place.carl, "/advocacy freeze")
    question = place.carl.private[-1]
    place.comms.members.remove(place.carl)
    words = await pressed(runtime, place.carl, question, notices.FREEZE)
    assert words == NOT_COMMS
    assert stored(url) == before


async def test_strangers_of_another_organisation_get_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(place, runtime)
    stranger = place.sandbox.add_person("sam", team_id="T0ELSEWHERE")
    place.comms.members.append(stranger)
    before = stored(url)
    for line in LINES:
        assert await asked(stranger, f"/advocacy {line}") == NOT_COMMS
    for action in (card.APPROVE, card.SEND_BACK, card.EDIT, card.WITHDRAW):
        words = await pressed(runtime, stranger, shown, action)
        assert words == STRANGER
    assert stranger.view is None
    assert stored(url) == before


async def test_a_command_from_another_workspace_is_turned_away(
    place: Office, runtime: Runtime, url: str
) -> None:
    before = stored(url)
    payload = {
        "command": "/advocacy",
        "text": "join",
        "team_id": "T0ELSEWHERE",
        "user_id": place.amara.id,
        "trigger_id": "1.2",
        "response_url": place.sandbox.state.new_response_url(place.amara, place.news),
    }
    outcome = await deliver(place, payload, "slash_commands")
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    assert place.amara.private[-1].plain == STRANGER
    assert stored(url) == before


async def test_who_left_the_comms_channel_can_decide_no_more(
    place: Office, runtime: Runtime, url: str
) -> None:
    shown = await waiting_post(place, runtime)
    assert "Waiting for approval" in await asked(place.carl, "/advocacy posts")
    place.comms.members.remove(place.carl)
    before = stored(url)
    assert await asked(place.carl, "/advocacy approve 1") == NOT_COMMS
    assert await pressed(runtime, place.carl, shown, card.APPROVE) == NOT_COMMS
    assert stored(url) == before
    place.comms.members.append(place.carl)
    assert (await asked(place.carl, "/advocacy approve 1")).startswith("Approved")


async def test_a_form_that_was_open_when_its_writer_left_comms_stores_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    await place.cleo.command("/advocacy queue")
    place.cleo.fill(fields())
    place.comms.members.remove(place.cleo)
    view = place.cleo.view
    assert view is not None
    before = stored(url)
    await place.cleo.press(view, post_form.SAVE)
    await runtime.kit.afterwards.drain()
    assert NOT_COMMS in view.plain
    await place.cleo.submit()
    assert view.errors["title"] == NOT_COMMS
    assert stored(url) == before


async def test_a_reason_given_by_somebody_who_left_comms_stores_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    await place.carl.press(await waiting_post(place, runtime), card.SEND_BACK)
    place.comms.members.remove(place.carl)
    view = place.carl.view
    assert view is not None
    before = stored(url)
    place.carl.fill({"reason": "Not now."})
    await place.carl.submit()
    assert NOT_COMMS in view.plain
    assert stored(url) == before


async def test_a_person_is_found_on_a_later_page_of_a_large_channel(
    place: Office, runtime: Runtime
) -> None:
    many = [place.sandbox.add_person(f"p{number}") for number in range(1100)]
    place.comms.members[:] = [*many, place.carl]
    assert "There are no posts yet." in await asked(place.carl, "/advocacy posts")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("conversations.members", error="missing_scope", times=None),
        Fault("conversations.members", error="channel_not_found", times=None),
        Fault("conversations.members", status=500, times=None),
        Fault("conversations.members", status=429, retry_after=30, times=None),
        Fault("conversations.members", cut=True, times=None),
        Fault("users.info", error="user_not_found", times=None),
    ],
    ids=["missing_scope", "channel_not_found", "5xx", "429", "cut", "users.info"],
)
async def test_when_slack_does_not_tell_who_is_in_comms_nothing_changes(
    place: Office, runtime: Runtime, url: str, fault: Fault
) -> None:
    shown = await waiting_post(place, runtime)
    before = stored(url)
    place.sandbox.faults.add(fault)
    for line in LINES:
        assert await asked(place.carl, f"/advocacy {line}") == CANNOT_CHECK
    for action in (card.APPROVE, card.SEND_BACK, card.EDIT, card.WITHDRAW):
        words = await pressed(runtime, place.carl, shown, action)
        assert words == CANNOT_CHECK
    assert place.carl.view is None
    assert stored(url) == before
    place.sandbox.faults.clear()
    assert (await asked(place.carl, "/advocacy approve 1")).startswith("Approved: Post 1")


async def test_a_slow_answer_about_comms_is_not_waited_for(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_post(place, runtime)
    before = stored(url)
    place.sandbox.faults.add(Fault("conversations.members", delay=2.5))
    outcome = await place.carl.command("/advocacy approve 1")
    assert outcome.acknowledged
    assert outcome.seconds < 3
    assert place.carl.private[-1].plain == CANNOT_CHECK
    assert stored(url) == before


async def test_a_deactivated_account_decides_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_post(place, runtime)
    place.carl.deleted = True
    assert await asked(place.carl, "/advocacy approve 1") == NOT_COMMS
    assert rows(url, "SELECT id FROM decision") == []


async def test_nothing_that_members_read_names_the_comms_channel(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime)
    await runtime.tick()
    assert not [one for one in sentences(place) if place.comms.name in one]
    assert not [one for one in sentences(place) if place.comms.id in one]

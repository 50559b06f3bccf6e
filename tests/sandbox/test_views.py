"""Views: triggers, the stack, updates that keep what was typed, hashes."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Person, Sandbox
from tests.sandbox.blocks import field, home, modal, option, section


@pytest.fixture
def trigger(sandbox: Sandbox, amara: Person) -> Callable[[], str]:
    return lambda: sandbox.state.new_trigger(amara, amara.view)


async def test_a_trigger_opens_one_view(
    client: AsyncWebClient, amara: Person, trigger: Callable[[], str], refused: Any
) -> None:
    used = trigger()
    await client.views_open(trigger_id=used, view=modal(section()))
    assert amara.view is not None
    again = client.views_open(trigger_id=used, view=modal(section()))
    assert await refused(again) == "exchanged_trigger_id"
    unknown = client.views_open(trigger_id="1.2.3", view=modal(section()))
    assert await refused(unknown) == "invalid_trigger_id"


async def test_a_trigger_does_not_live_long(
    sandbox: Sandbox,
    client: AsyncWebClient,
    amara: Person,
    trigger: Callable[[], str],
    refused: Any,
) -> None:
    sandbox.trigger_life = -0.001
    late = client.views_open(trigger_id=trigger(), view=modal(section()))
    assert await refused(late) == "expired_trigger_id"
    assert amara.view is None


async def test_a_refused_view_says_where_it_is_wrong(
    sandbox: Sandbox, client: AsyncWebClient, trigger: Callable[[], str], refused: Any
) -> None:
    call = client.views_open(trigger_id=trigger(), view=modal({"type": "fireworks"}))
    assert await refused(call) == "invalid_arguments"
    answer = sandbox.calls[-1].answer
    assert answer is not None
    (message,) = answer["response_metadata"]["messages"]
    assert "fireworks" in message
    assert "/view/blocks/0" in message


async def test_three_views_lie_on_one_another_at_most(
    client: AsyncWebClient, amara: Person, trigger: Callable[[], str], refused: Any
) -> None:
    await client.views_open(trigger_id=trigger(), view=modal(section("1")))
    await client.views_push(trigger_id=trigger(), view=modal(section("2")))
    await client.views_push(trigger_id=trigger(), view=modal(section("3")))
    first, second, third = amara.views
    assert third.root_view_id == second.root_view_id == first.id
    assert third.previous_view_id == second.id
    fourth = client.views_push(trigger_id=trigger(), view=modal(section("4")))
    assert await refused(fourth) == "push_limit_reached"


async def test_an_update_keeps_what_was_typed_where_the_ids_stay(
    client: AsyncWebClient, amara: Person, trigger: Callable[[], str]
) -> None:
    pace = {"type": "static_select", "action_id": "a", "options": [option("x"), option("y")]}
    before = modal(field("name"), field("pace", pace), field("old"))
    await client.views_open(trigger_id=trigger(), view=before)
    amara.fill({"name": "Amara", "pace": "x", "old": "text"})
    fresh = {"type": "plain_text_input", "action_id": "typed", "initial_value": "start"}
    narrower = {**pace, "options": [option("y")]}
    after = modal(field("name", {**fresh}), field("pace", narrower), field("new", fresh))
    view = amara.view
    assert view is not None
    old_hash = view.hash
    await client.views_update(view_id=view.id, view=after)
    assert view.values["name"]["typed"]["value"] == "Amara"
    assert view.values["pace"]["a"]["selected_option"] is None
    assert view.values["new"]["typed"]["value"] == "start"
    assert "old" not in view.values
    assert view.hash != old_hash


async def test_an_update_of_a_view_that_changed_meanwhile_is_refused(
    client: AsyncWebClient, amara: Person, trigger: Callable[[], str], refused: Any
) -> None:
    view = modal(section(), external_id="mine")
    first = (await client.views_open(trigger_id=trigger(), view=view))["view"]
    await client.views_update(external_id="mine", hash=first["hash"], view=view)
    late = client.views_update(external_id="mine", hash=first["hash"], view=view)
    assert await refused(late) == "hash_conflict"


async def test_a_view_that_is_not_open_is_not_found(
    client: AsyncWebClient, amara: Person, trigger: Callable[[], str], refused: Any
) -> None:
    await client.views_open(trigger_id=trigger(), view=modal(section()))
    view = amara.view
    assert view is not None
    await amara.close()
    late = client.views_update(view_id=view.id, view=modal(section()))
    assert await refused(late) == "not_found"


async def test_an_external_id_belongs_to_one_view(
    sandbox: Sandbox, client: AsyncWebClient, trigger: Callable[[], str], refused: Any
) -> None:
    view = modal(section(), external_id="mine")
    await client.views_open(trigger_id=trigger(), view=view)
    ben = sandbox.add_person("ben")
    other = client.views_open(trigger_id=sandbox.state.new_trigger(ben), view=view)
    assert await refused(other) == "duplicate_external_id"


async def test_a_home_tab_is_published_and_changed(
    client: AsyncWebClient, amara: Person, refused: Any
) -> None:
    first = (await client.views_publish(user_id=amara.id, view=home(section("1"))))["view"]
    await client.views_publish(user_id=amara.id, hash=first["hash"], view=home(section("2")))
    assert amara.home is not None
    assert amara.home.plain == "2"
    late = client.views_publish(user_id=amara.id, hash=first["hash"], view=home(section("3")))
    assert await refused(late) == "hash_conflict"
    nobody = client.views_publish(user_id="U0NOBODY", view=home(section()))
    assert await refused(nobody) == "user_not_found"


async def test_missing_ids_are_filled_in_and_told(
    client: AsyncWebClient, amara: Person, trigger: Callable[[], str]
) -> None:
    block = {"type": "actions", "elements": [{"type": "overflow", "options": [option("a")]}]}
    answer = await client.views_open(trigger_id=trigger(), view=modal(block, section()))
    told = answer["view"]["blocks"]
    assert told[0]["block_id"] != told[1]["block_id"]
    assert told[0]["elements"][0]["action_id"]

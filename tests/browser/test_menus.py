"""What our bot does not send yet, with a tiny bot that does: menus, pushed views, a Home tab."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Sandbox, attach_page
from tests.browser.test_blocks import options, plain
from tests.browser.visit import NEWS, Visitor, opened

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]


def button(action: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain(action), **more}


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(title), "blocks": list(blocks), **more}


def field(block: str, element: Json, **more: Any) -> Json:
    shape = {"action_id": "value", **element}
    return {"type": "input", "block_id": block, "label": plain(block), "element": shape, **more}


FORM = modal(
    "Form",
    field("day", {"type": "datetimepicker"}, optional=True),
    field("one", {"type": "static_select", "options": options("Left", "Right")}),
    field("some", {"type": "checkboxes", "options": options("Red", "Blue")}, optional=True),
    {"type": "actions", "block_id": "more", "elements": [button("push")]},
    submit=plain("Send"),
    callback_id="form",
)
MENUS = [
    {
        "type": "actions",
        "block_id": "menus",
        "elements": [
            {"type": "static_select", "action_id": "pick", "options": options("One", "Two")},
            {"type": "overflow", "action_id": "more", "options": options("Later", "Never")},
            button("open"),
        ],
    }
]


@pytest_asyncio.fixture(loop_scope="session")
async def heard() -> list[Json]:
    """What the tiny bot was told."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, heard: list[Json]) -> AsyncIterator[Visitor]:
    """Amara in Berlin, in a workspace with a tiny bot."""
    sandbox = Sandbox()
    page = attach_page(sandbox)
    async with sandbox:
        amara = sandbox.add_person("amara", tz="Europe/Berlin")
        news = sandbox.add_channel(NEWS, members=[amara])
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        app = AsyncApp(client=client, signing_secret="x", process_before_response=True)
        _listen(app, heard)
        socket = AsyncWebClient(base_url=sandbox.api_url)
        handler: Any = AsyncSocketModeHandler(app, sandbox.app_token, web_client=socket)
        await handler.connect_async()
        await sandbox.connected(1)
        await client.chat_postMessage(channel=news.id, text="Menus", blocks=MENUS)
        async with opened(browser, page) as visitor:
            yield visitor
        await handler.close_async()


def _listen(app: AsyncApp, heard: list[Json]) -> None:
    async def note(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    async def open_it(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    async def push(ack: Any, body: Json, client: AsyncWebClient) -> None:
        heard.append(body)
        said = {"type": "section", "text": plain("The second view")}
        await client.views_push(trigger_id=body["trigger_id"], view=modal("Second", said))
        await ack()

    async def home(event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "actions", "block_id": "home", "elements": [button("pick")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    app.action("pick")(note)
    app.action("more")(note)
    app.action("open")(open_it)
    app.action("push")(push)
    app.view("form")(note)
    app.event("app_home_opened")(home)


async def test_a_choice_in_a_menu_tells_the_bot(visitor: Visitor, heard: list[Json]) -> None:
    from playwright.async_api import expect

    menu = visitor.page.get_by_role("combobox", name="Choose")
    await menu.select_option("Two")
    await visitor.sandbox.until(lambda: len(heard) == 1)
    assert heard[0]["actions"][0]["selected_option"]["value"] == "Two"
    await expect(menu).to_have_value("Two")
    await visitor.page.get_by_role("button", name="More").click()
    await visitor.page.get_by_role("button", name="Never").click()
    await visitor.sandbox.until(lambda: len(heard) == 2)
    assert heard[1]["actions"][0]["selected_option"]["value"] == "Never"


async def test_a_pushed_view_lies_on_top_and_what_was_typed_waits_below(
    visitor: Visitor, heard: list[Json]
) -> None:
    from playwright.async_api import expect

    await visitor.button("open").click()
    choice = visitor.dialog.locator('[data-block="one"] select')
    await choice.select_option("Right")
    await visitor.button("push").click()
    await expect(visitor.dialog).to_contain_text("The second view")
    # A press inside a form carries what stands in it.
    assert (
        heard[0]["view"]["state"]["values"]["one"]["value"]["selected_option"]["value"] == "Right"
    )
    await visitor.dialog.get_by_role("button", name="Back").click()
    await expect(choice).to_have_value("Right")


async def test_everything_chosen_is_submitted_in_the_readers_own_time_zone(
    visitor: Visitor, heard: list[Json]
) -> None:
    await visitor.button("open").click()
    await visitor.dialog.locator('[data-block="day"] input').fill("2026-10-24T09:30")
    await visitor.dialog.locator('[data-block="one"] select').select_option("Left")
    await visitor.dialog.get_by_label("Blue").check()
    await visitor.dialog.locator(".submit").click()
    await visitor.dialog.wait_for(state="hidden")
    values = heard[-1]["view"]["state"]["values"]
    # 09:30 in Berlin, the day before summer time ends.
    assert values["day"]["value"]["selected_date_time"] == 1792827000
    assert values["one"]["value"]["selected_option"]["value"] == "Left"
    assert [one["value"] for one in values["some"]["value"]["selected_options"]] == ["Blue"]


async def test_a_home_tab_is_asked_for_when_it_is_opened(
    visitor: Visitor, heard: list[Json]
) -> None:
    await visitor.page.locator('[data-key="side-home"]').click()
    await visitor.button("pick").click()
    await visitor.sandbox.until(lambda: heard)
    assert heard[0]["container"]["type"] == "view"


async def test_closing_a_stack_closes_all_of_it(visitor: Visitor) -> None:
    await visitor.button("open").click()
    await visitor.button("push").click()
    await visitor.dialog.get_by_text("The second view").wait_for()
    await visitor.page.locator('[data-key="modal-x"]').click()
    await visitor.dialog.wait_for(state="hidden")
    assert visitor.sandbox.person("amara").views == []

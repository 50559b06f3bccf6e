"""What a screen reader finds: every control of Home, of a dialog and of a form has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.slack.views import announcements, membership
from slack_sandbox import Sandbox
from tests.browser.test_desk import to_home
from tests.browser.visit import COMMS, Visitor, live_post, queued_post

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

# https://www.w3.org/TR/wai-aria-1.2/: the roles that people act on, or go to.
CONTROLS: Final = frozenset(
    {"button", "link", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox"}
    | {"radio", "radiogroup", "switch", "slider", "menuitem", "tab", "dialog", "img", "image"}
    | {"heading"}
)


async def accessibility_tree(page: Page) -> list[tuple[str, str]]:
    """Role and name of each node that a screen reader meets."""
    session = await page.context.new_cdp_session(page)
    found = await session.send("Accessibility.getFullAXTree")
    await session.detach()
    return [
        (_value(node, "role"), _value(node, "name"))
        for node in found["nodes"]
        if not node.get("ignored")
    ]


def _value(node: dict[str, Any], what: str) -> str:
    return str(node.get(what, {}).get("value", "")).strip()


async def assert_everything_is_named(page: Page, *roles: str) -> None:
    """No control is without a name, and those of these roles are there."""
    tree = await accessibility_tree(page)
    assert [role for role, name in tree if role in CONTROLS and not name] == []
    assert set(roles) <= {role for role, _ in tree}


async def test_the_home_tab_of_comms_and_the_form_name_every_control(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    await queued_post(sandbox)
    await to_home(visitor, "dev")
    await assert_everything_is_named(visitor.page, "button", "heading")
    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    await visitor.dialog.wait_for()
    await assert_everything_is_named(visitor.page, "dialog", "textbox", "button")


async def test_home_settings_and_the_share_dialog_name_every_control(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    await live_post(sandbox)
    await visitor.become("amara")
    await visitor.says("/advocacy join")
    await visitor.page.locator('[data-key="side-home"]').click()
    await visitor.button(membership.SETTINGS).click()
    await visitor.dialog.wait_for()
    await assert_everything_is_named(visitor.page, "dialog", "checkbox", "combobox")
    await visitor.page.keyboard.press("Escape")
    await assert_everything_is_named(visitor.page, "button", "heading")
    await visitor.become("amara")
    await visitor.button(announcements.SHARE).click()
    await visitor.dialog.wait_for()
    await assert_everything_is_named(visitor.page, "dialog", "button")

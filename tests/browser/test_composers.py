"""From the page every composer opens in a tab of its own, with the text that was shown."""

from __future__ import annotations

import pytest
from yarl import URL

from bot.domain.networks import DEFAULT_NETWORKS, takes_text
from bot.domain.post import Network
from bot.slack.views import share_dialog
from tests.browser.visit import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTS = {
    Network.LINKEDIN: "www.linkedin.com",
    Network.X: "x.com",
    Network.FACEBOOK: "www.facebook.com",
    Network.THREADS: "www.threads.com",
    Network.BLUESKY: "bsky.app",
    Network.MASTODON: "mastodon.social",
}


async def test_every_composer_opens_in_a_new_tab(visitor: Visitor) -> None:
    """Nothing of it reaches the internet: the browser answers for every other host."""
    from playwright.async_api import expect

    await visitor.become("amara")
    await visitor.says("/advocacy practice")
    for network in DEFAULT_NETWORKS:
        if network is not Network.LINKEDIN:
            await visitor.dialog.locator("select").select_option(network.value)
        if network is Network.MASTODON:
            await visitor.button(share_dialog.NAME_SERVER).click()
            await visitor.dialog.locator('[data-block="server"] input').fill("mastodon.social")
            await visitor.dialog.locator(".submit").click()
        opens_in = f"Open in {network.title()}"
        name = "Open on a computer" if network is Network.LINKEDIN else opens_in
        composer = visitor.button(share_dialog.OPEN)
        await expect(composer).to_contain_text(name)
        await expect(composer).to_have_attribute("target", "_blank")
        async with visitor.page.context.expect_page() as opening:
            await composer.click()
        tab = await opening.value
        address = URL(tab.url)
        assert address.host == HOSTS[network]
        carried = " ".join(address.query.values())
        assert "https://example.com/" in carried
        assert ("#AcmeEmployee" in carried) is takes_text(network)
        await tab.close()
        await expect(visitor.button(share_dialog.TAKE_BACK)).to_have_count(1)
    await visitor.page.keyboard.press("Escape")
    await visitor.dialog.wait_for(state="hidden")

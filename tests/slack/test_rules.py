"""A rule that changed stands on the Home tab of every member for a while."""

from __future__ import annotations

from tests.slack.direct_asks import DAY
from tests.slack.home_tab import open_home
from tests.support import SlackWorld, bot_running, change_settings, run_command


async def test_home_tells_every_member_which_rule_changed_and_when(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url, CHANNEL_WEEKLY_CAP="1") as runtime:
        await run_command(world.amara, "/advocacy join")
        assert "Rules that changed" not in await open_home(runtime, world.amara)
        await change_settings(runtime, weekly_cap=2)
        shown = await open_home(runtime, world.amara)
        day = "September 1st, 2026"
        assert f"{day}: the channel may get 2 posts a week (was 1)." in shown
        assert "Rules that changed" not in await open_home(runtime, world.bo), "who is no member"
        world.sandbox.clock.move_to(world.sandbox.clock() + 30 * DAY)
        assert "Rules that changed" not in await open_home(runtime, world.amara)

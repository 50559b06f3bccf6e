"""The start, while Slack has no time or is not there."""

from __future__ import annotations

import re

import pytest

from bot.first_workspace import CannotStart
from bot.runtime import running
from bot.slack import starting
from slack_sandbox import Fault
from tests.support import SlackWorld, bot_running, settings


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"status": 429, "retry_after": 0}, "Slack asks to wait before the bot starts"),
        ({"status": 503}, "Slack has trouble before the bot starts"),
        ({"status": 500}, "Slack has trouble before the bot starts"),
    ],
)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open", "conversations.list"])
async def test_the_start_waits_and_says_so(
    world: SlackWorld,
    url: str,
    caplog: pytest.LogCaptureFixture,
    method: str,
    how: dict[str, int],
    said: str,
) -> None:
    world.sandbox.faults.add(Fault(method, **how))  # type: ignore[arg-type]
    async with bot_running(world, url):
        assert [one.getMessage() for one in caplog.records if said in one.getMessage()]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://slack.invalid/api/", "SLACK_API_URL: there is no address for slack.invalid."),
        ("http://127.0.0.1:9/api/", "SLACK_API_URL: 127.0.0.1 takes no connection."),
    ],
)
async def test_a_dead_address_is_called_so(
    world: SlackWorld, url: str, address: str, said: str
) -> None:
    chosen = settings(world, url, SLACK_API_URL=address)
    with pytest.raises(CannotStart, match=re.escape(said)):
        async with running(chosen, world.sandbox.clock):
            pass


async def test_a_token_that_slack_does_not_accept_is_called_so(world: SlackWorld, url: str) -> None:
    world.sandbox.faults.add(Fault("auth.test", error="invalid_auth"))
    with pytest.raises(CannotStart, match=r"didn't accept it \(invalid_auth\)"):
        async with bot_running(world, url):
            pass


async def test_a_slack_that_has_no_time_for_long_is_not_a_token_refused(
    world: SlackWorld, url: str
) -> None:
    world.sandbox.faults.add(
        Fault("auth.test", status=429, retry_after=0, times=starting.TRIES + 1)
    )
    with pytest.raises(CannotStart, match="Slack still asks to wait"):
        async with bot_running(world, url):
            pass

"""Settings changed in one of three processes on PostgreSQL: all follow, and nothing comes back."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from slack_sandbox import Person
from tests.slack.program import Program, program

PATIENCE = 60.0  # seconds, for heartbeats of one second on a busy machine
CHOSEN = {"disclosure": "I work at Acme", "channel_weekly_cap": "3", "approvals": "1"}
# What the file says all the time, as at the first start.
SEEDED = {"DISCLOSURE": "#AcmeEmployee", "CHANNEL_WEEKLY_CAP": "50", "APPROVALS": "2"}


async def reach(made: Program, address: str) -> None:
    """Let what people do go to the process at the address."""
    await made.sandbox.dispatcher.delivery.close()
    made.sandbox.deliver_by_http(address)


async def shown(made: Program, address: str, ada: Person) -> dict[str, str | None]:
    """What the process at the address shows an admin of these settings."""
    await reach(made, address)
    outcome = await ada.command("/advocacy setup")
    assert outcome.acknowledged, outcome.error
    assert ada.view is not None
    values = {block: ada.view.values[block]["value"] for block in CHOSEN}
    await ada.close(everything=True)
    return {
        block: held["value"] if "value" in held else held["selected_option"]["value"]
        for block, held in values.items()
    }


async def test_all_follow_and_a_restart_brings_nothing_back(
    new_postgresql: Callable[[], str], tmp_path: Path
) -> None:
    async with program(new_postgresql(), "http", tmp_path) as made:
        ada = made.sandbox.add_person("ada", is_admin=True)
        made.more.update(SEEDED)
        addresses = []
        for _ in range(3):
            await made.start()
            addresses.append(made.address)
        seeded = {name.lower(): value for name, value in SEEDED.items()}
        assert [await shown(made, each, ada) for each in addresses] == [seeded] * 3
        await reach(made, addresses[0])
        await ada.command("/advocacy setup")
        ada.fill(CHOSEN)
        outcome = await ada.submit()
        assert outcome.acknowledged, outcome.error
        assert ada.view is not None
        assert ada.view.callback_id == "setup_saved"
        async with asyncio.timeout(PATIENCE):
            for each in addresses:
                while await shown(made, each, ada) != CHOSEN:
                    pass
        assert await made.end(signal.SIGTERM) == 0
        await made.start()
        assert await shown(made, made.address, ada) == CHOSEN

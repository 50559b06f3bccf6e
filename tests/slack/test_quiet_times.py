"""What Slack says of people's do-not-disturb is read for each of them alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.people import load_quiet_times

GOOD = {"dnd_enabled": True, "next_dnd_start_ts": 1_000, "next_dnd_end_ts": 2_000}
QUIET = (datetime.fromtimestamp(1_000, UTC), datetime.fromtimestamp(2_000, UTC))


class Answering:
    """A client whose `dnd.teamInfo` answers this."""

    def __init__(self, users: object) -> None:
        self._users = users

    async def dnd_teamInfo(self, **_: object) -> dict[str, Any]:  # noqa: N802 - Slack's
        return {"ok": True, "users": self._users}


async def quiet_times(users: object) -> dict[str, tuple[datetime, datetime]]:
    return await load_quiet_times(cast(AsyncWebClient, Answering(users)), ["U1", "U2", "U3"])


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        "x",
        {},
        {"dnd_enabled": True},
        GOOD | {"next_dnd_end_ts": None},
        GOOD | {"next_dnd_end_ts": "soon"},
        GOOD | {"next_dnd_start_ts": 10**30},
        GOOD | {"next_dnd_start_ts": float("inf")},
        GOOD | {"next_dnd_start_ts": [1]},
    ],
)
async def test_an_entry_that_cannot_be_read_concerns_one_person(entry: object) -> None:
    assert await quiet_times({"U1": GOOD, "U2": entry, "U3": GOOD}) == {"U1": QUIET, "U3": QUIET}


@pytest.mark.parametrize("users", [None, [], "x"])
async def test_an_answer_without_people_keeps_nobody_quiet(users: object) -> None:
    assert await quiet_times(users) == {}

"""The program's log at every level: nobody's name, choice or words are in it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import LOG_LEVELS
from bot.slack.views import announcements as announcements_view
from bot.slack.views import share_dialog
from slack_sandbox import Fault, Message
from tests.slack.program import Program, add_announced_post, database, program


def live_post(made: Program) -> Message:
    """A post whose message is in the channel."""
    with database(made.url) as connection:
        return add_announced_post(made, connection, 1)


@pytest.mark.parametrize("level", LOG_LEVELS[:3])
async def test_nobodys_name_choice_or_words_are_in_it(
    new_sqlite: Callable[[], str], tmp_path: Path, level: str
) -> None:
    async with program(new_sqlite(), "socket", tmp_path) as made:
        amara = made.sandbox.add_person("amara", real_name="Amara Okafor", tz="Europe/Berlin")
        made.news.members.append(amara)
        shown = live_post(made)
        made.more["LOG_LEVEL"] = level
        await made.start()
        for line in ("join", "pause 2 weeks", "resume", "status", "browse", "help"):
            await amara.command(f"/advocacy {line}")
        await amara.open_home()
        await amara.press(shown, announcements_view.SHARE)
        assert amara.view is not None
        await amara.press(amara.view, share_dialog.OPEN)
        await amara.close(everything=True)
        made.sandbox.faults.add(Fault("views.publish", error="internal_error"))
        made.sandbox.faults.add(Fault("response_url", status=500))
        await amara.press(shown, announcements_view.SKIP)
        await amara.command("/advocacy leave")
        await made.sandbox.drop_sockets(silently=True)
        assert await made.end(signal.SIGTERM) == 0
        written = made.errors.read_text()
    forbidden = [
        *(amara.id, "amara", "Amara", "Okafor", made.news.id, made.comms.id),
        *("pause", "kipped", "skip", "join", "News 1", "Backups", "ticket=", "xoxb", "xapp"),
    ]
    assert [word for word in forbidden if word in written] == []

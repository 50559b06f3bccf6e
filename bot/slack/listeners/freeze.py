"""Freezing and unfreezing: nothing goes out, or posts go out again."""

from __future__ import annotations

from typing import Final

from bot.domain.admission import Access
from bot.domain.freeze import parse_freeze
from bot.services import workspaces
from bot.slack.listeners.registry import Listener, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import freeze as freeze_view
from bot.slack.views.text import Message, say


async def ask_freeze(request: SlackRequest) -> Message:
    """`/advocacy freeze until 6 January The office is closed`, confirmed by a button."""
    policy = await request.read(workspaces.load_policy)
    try:
        wanted = parse_freeze(request.rest, request.now, policy.zone, policy.hours.start)
    except ValueError as problem:
        return say(str(problem))
    if policy.freeze is not None and wanted.until is None:
        return freeze_view.answer(policy, changed=False)
    return freeze_view.ask_freeze(wanted, policy)


async def ask_unfreeze(request: SlackRequest) -> Message:
    """`/advocacy unfreeze`, confirmed by a button."""
    policy = await request.read(workspaces.load_policy)
    if policy.freeze is None:
        return freeze_view.answer(policy, changed=False)
    return freeze_view.ask_unfreeze()


async def freeze(request: SlackRequest) -> Message:
    """Confirmed: nothing goes out."""
    wanted = freeze_view.read_freeze(request.value)
    changed = await request.write(workspaces.freeze, request.user_id, wanted)
    return await _answer(request, changed=changed)


async def unfreeze(request: SlackRequest) -> Message:
    """Confirmed: things go out again."""
    changed = await request.write(workspaces.unfreeze, request.user_id)
    return await _answer(request, changed=changed)


async def _answer(request: SlackRequest, *, changed: bool) -> Message:
    request.show_soon()
    return freeze_view.answer(await request.read(workspaces.load_policy), changed=changed)


LISTENERS: Final[tuple[Listener, ...]] = (
    button(freeze_view.FREEZE, Access.STOPPING, freeze, replace=True),
    button(freeze_view.UNFREEZE, Access.COMMS, unfreeze, replace=True),
)

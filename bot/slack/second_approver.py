"""Whether comms are two by now, so that someone other than its writer could approve each post."""

from __future__ import annotations

from itertools import islice
from typing import Final

from bot.domain.admission import Standing
from bot.services import workspaces
from bot.slack import people
from bot.slack.context import AppContext
from bot.slack.people import CannotCheck
from bot.slack.recording import record

_MOST: Final = 20  # in comms, who are looked up: bots and guests may be there, who approve nothing


async def suggest_if_two(context: AppContext) -> None:
    """Suggest two approvals to comms who were promised it, once two of them could approve."""
    if not await context.at(context.clock()).read(workspaces.suggests_two):
        return
    try:
        two = await _are_two(context)
    except CannotCheck:
        return  # it is looked again
    if two:
        await record(context.at(context.clock()), workspaces.suggest_two)


async def _are_two(context: AppContext) -> bool:
    inside = await people.load_comms(context.client, context.comms_channel)
    colleagues = 0
    for user_id in islice(sorted(inside), _MOST):
        person = await context.directory.find_person(user_id)
        colleagues += context.directory.standing(person) is Standing.COLLEAGUE
        if colleagues > 1:
            return True
    return False

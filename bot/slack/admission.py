"""Letting people in: what each command, button, form and view asks of Slack before it does a thing.

`bot.domain.admission` decides. Who is of the company is believed for some minutes; whoever may do
what comms or admins do is looked up anew each time. What refuses somebody is believed for seconds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.domain.admission import (
    Access,
    Person,
    Refusal,
    Standing,
    concerns_comms,
    why_refused,
)
from bot.domain.desk import Viewer
from bot.domain.ids import UserId
from bot.slack.context import AppContext
from bot.slack.people import CannotCheck


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who was let in.

    `person` is what Slack says of them, None where it was not asked or does not say. `viewer` is
    who they are in comms; None where that was not asked.
    """

    person: Person | None = None
    viewer: Viewer | None = None


async def admit(context: AppContext, user_id: UserId, access: Access) -> Admitted | Refusal:
    """Let somebody in to what is for `access`, or say why not."""
    if access is Access.ANYBODY:
        return Admitted()
    refused = _refused_just_now(context, user_id, access)
    if refused is not None:
        return refused
    in_comms: bool | None = None
    if concerns_comms(access):
        in_comms, person = await _look_up_in_comms(context, user_id)
    elif access is Access.ADMINS:
        person = await _load_person(context, user_id)
    else:
        person = await _find_person(context, user_id)
    refused = _why_refused(context, access, person, in_comms)
    if refused is not None:
        return refused
    return Admitted(person, _viewer(context, user_id, person) if in_comms else None)


async def find_viewer(context: AppContext, user_id: UserId) -> Viewer | None:
    """Who somebody is in comms; None where they are not, or where Slack does not say."""
    admitted = await admit(context, user_id, Access.COMMS_AND_GUESTS)
    return admitted.viewer if isinstance(admitted, Admitted) else None


async def is_admin(context: AppContext, user_id: UserId) -> bool:
    """Whether somebody administers the workspace; False also where Slack does not say."""
    return isinstance(await admit(context, user_id, Access.ADMINS), Admitted)


def _refused_just_now(context: AppContext, user_id: UserId, access: Access) -> Refusal | None:
    """Why they are not let in, if Slack said all of it seconds ago; None where it is asked."""
    person = context.directory.recall_person(user_id)
    in_comms = context.directory.recall_in_comms(user_id)
    if person is None or (concerns_comms(access) and in_comms is None):
        return None
    return _why_refused(context, access, person, in_comms)


def _why_refused(
    context: AppContext, access: Access, person: Person | None, in_comms: bool | None
) -> Refusal | None:
    return why_refused(
        access,
        None if person is None else context.directory.standing(person),
        in_comms=in_comms,
        channel_refused=context.comms.fault is not None,
        guests_may_join=context.guests_may_join,
        is_admin=person is not None and person.is_admin,
    )


async def _look_up_in_comms(
    context: AppContext, user_id: UserId
) -> tuple[bool | None, Person | None]:
    """Whether they are in comms and who they are, both as of now; who was not, is believed."""
    if context.directory.recall_in_comms(user_id) is False:
        return False, await _find_person(context, user_id)
    return await asyncio.gather(_is_in_comms(context, user_id), _load_person(context, user_id))


async def _is_in_comms(context: AppContext, user_id: UserId) -> bool | None:
    try:
        return await context.directory.is_in_comms(user_id)
    except CannotCheck:
        return None


async def _load_person(context: AppContext, user_id: UserId) -> Person | None:
    try:
        return await context.directory.load_person(user_id)
    except CannotCheck:
        return None


async def _find_person(context: AppContext, user_id: UserId) -> Person | None:
    try:
        return await context.directory.find_person(user_id)
    except CannotCheck:
        return None


def _viewer(context: AppContext, user_id: UserId, person: Person | None) -> Viewer:
    if person is None:
        return Viewer(user_id, is_guest=False, time_zone=None)
    is_guest = context.directory.standing(person) is Standing.GUEST
    return Viewer(user_id, is_guest=is_guest, time_zone=person.time_zone)

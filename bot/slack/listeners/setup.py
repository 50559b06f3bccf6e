"""`/advocacy setup`: an admin chooses the channels and all that is to hold in the workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.model import Workspace
from bot.domain.workspace_settings import with_settings
from bot.services import workspaces
from bot.slack import chosen_channels, installation, messenger, permissions
from bot.slack.chosen_channels import Checked, ChosenChannels
from bot.slack.installation import Installation
from bot.slack.listeners.registry import Listener, action, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.people import CannotCheck
from bot.slack.views import more_settings, payload, setting_fields, setup
from bot.slack.views.setup import Channels
from bot.slack.views.text import Message


async def open_form(request: SlackRequest) -> Message | None:
    """The form, for an admin or owner; others are told who can."""
    context = request.context
    installed = await installation.load(context.client)
    base = _base(request)
    channels = Channels(base.advocacy_channel, base.comms_channel)
    lacking = _lacking_scopes(installed)
    new = context.current.value is None
    view = setup.render(base, channels, installed.name, lacking=lacking, new=new)
    return await request.open_dialog(view)


async def look_again(ack: AsyncAck, request: SlackRequest) -> None:
    """A channel was chosen, or the bot invited: say beside it what is still wrong with it."""
    chosen = setup.read_channels(request.view)
    await ack()
    request.context.background_tasks.add(_show_checked(request, chosen))


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Store what was chosen, if an admin chose it and the bot can work in both channels."""
    bot = setup.read_bot(request.view)
    chosen = setup.read_channels(request.view)
    values, errors = setting_fields.read(setup.FIELDS, _values(request))
    installed, checked = await _look(request, chosen)
    errors |= setup.errors_of(_shown(checked), bot)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    values |= {"ADVOCACY_CHANNEL": chosen.news, "COMMS_CHANNEL": chosen.comms}
    new = request.context.current.value is None
    alone = checked.is_alone(installed.user_id)
    stored = await _store(request, values, alone=alone)
    lacking = _lacking(request, stored, installed, alone=alone)
    approves_own = alone and stored.approvals == 1
    view = setup.saved(chosen, lacking, new=new, approves_own=approves_own)
    await ack(response_action="update", view=view)
    request.show_soon()


async def open_more(request: SlackRequest) -> Message | None:
    """The settings that are rarely changed."""
    return await request.open_dialog(more_settings.render(request.context.workspace))


async def submit_more(ack: AsyncAck, request: SlackRequest) -> None:
    """Store them."""
    values, errors = setting_fields.read(more_settings.FIELDS, _values(request))
    errors |= more_settings.errors_of(request.context.workspace, values)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    await _store(request, values)
    await ack(response_action="update", view=more_settings.saved())
    request.show_soon()


async def _show_checked(request: SlackRequest, chosen: Channels) -> None:
    try:
        installed, checked = await _look(request, chosen)
    except CannotCheck:
        return  # logged; the form stays as it is, and saving it looks again
    context = request.context
    base = context.current.value or context.proposed
    if base is not None:
        new = context.current.value is None
        view = setup.render(
            base, _shown(checked), installed.name, lacking=_lacking_scopes(installed), new=new
        )
        view_id = payload.text_at(request.view, "id")
        await messenger.update_view(context.client, view, view_id=view_id)


async def _look(request: SlackRequest, chosen: Channels) -> tuple[Installation, Checked]:
    """How the app is installed, and what is wrong with the channels. Raises CannotCheck."""
    client = request.context.client
    looked_at = ChosenChannels(chosen.news, chosen.comms)
    return await asyncio.gather(installation.load(client), chosen_channels.check(client, looked_at))


def _shown(checked: Checked) -> Channels:
    chosen = checked.chosen
    return Channels(chosen.news, chosen.comms, checked.news, checked.comms)


async def _store(
    request: SlackRequest, values: Mapping[str, Any], *, alone: bool = False
) -> Workspace:
    def wanted(stored: Workspace | None) -> Workspace:
        return with_settings(stored or _base(request), values)

    stored = await request.write(workspaces.change_settings, request.user_id, wanted, alone=alone)
    context = request.context
    await context.current.refresh(context.at(request.now))
    return stored


def _base(request: SlackRequest) -> Workspace:
    """The settings that are stored, or those with which a workspace begins."""
    context = request.context
    if context.current.value is not None:
        return context.current.value
    assert context.proposed is not None  # there is one until the workspace is set up
    person = request.admitted.person
    zone = context.proposed.policy.zone or (person and person.time_zone) or ""
    return replace(context.proposed, policy=replace(context.proposed.policy, zone=zone))


def _lacking(
    request: SlackRequest, stored: Workspace, installed: Installation, *, alone: bool
) -> list[str]:
    """What is still missing for all to work."""
    found = _lacking_scopes(installed)
    if not request.context.home_opened.is_set():
        found.append(setup.LACKS_HOME)
    if alone and stored.approvals > 1:
        found.append(setup.LACKS_COLLEAGUE)
    return found


def _lacking_scopes(installed: Installation) -> list[str]:
    return list(setup.lacking_scopes(installed.missing, permissions.WITHOUT))


def _values(request: SlackRequest) -> Mapping[str, Any]:
    values: Mapping[str, Any] = payload.pick(request.view, "state", "values")
    return values


LISTENERS: Final[tuple[Listener, ...]] = (
    button(setup.OPEN, Access.ADMINS, open_form, replace=False),
    action(setup.CHOOSE, Access.ADMINS, look_again),
    action(setup.CHECK, Access.ADMINS, look_again),
    form(setup.FORM, Access.ADMINS, submit),
    button(setup.MORE, Access.ADMINS, open_more, replace=False),
    form(more_settings.FORM, Access.ADMINS, submit_more),
)

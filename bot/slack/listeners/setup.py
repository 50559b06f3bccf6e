"""`/advocacy setup`: an admin chooses the channels and all that is to hold in the workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from slack_bolt.async_app import AsyncAck

from bot.domain.model import Workspace
from bot.domain.workspace_settings import with_settings
from bot.services import workspaces
from bot.slack import chosen_channels, installation, messenger, permissions
from bot.slack.admins import Admin, find_admin
from bot.slack.chosen_channels import Checked, ChosenChannels
from bot.slack.installation import Installation
from bot.slack.listeners.registry import Listener, action, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.people import CannotCheck
from bot.slack.views import more_settings, payload, replies, setting_fields, setup
from bot.slack.views.errors import closing_view
from bot.slack.views.setup import Channels
from bot.slack.views.text import Message, say


async def open_form(request: SlackRequest) -> Message | None:
    """The form, for an admin or owner; others are told who can."""
    context = request.context
    try:
        admin, installed = await _ask(request)
    except CannotCheck:
        return say(replies.CANNOT_CHECK_ADMIN)
    if admin is None:
        return say(replies.NOT_ADMIN)
    base = _base(request, admin)
    channels = Channels(base.advocacy_channel, base.comms_channel)
    lacking = list(setup.lacking_scopes(installed.missing, permissions.WITHOUT))
    new = context.current.value is None
    view = setup.render(base, channels, installed.name, lacking=lacking, new=new)
    return await request.open_dialog(view)


async def look_again(ack: AsyncAck, request: SlackRequest) -> None:
    """A channel was chosen, or the bot invited: say beside it what is still wrong with it."""
    chosen, bot = setup.read_channels(request.view), setup.read_bot(request.view)
    await ack()
    request.context.background_tasks.add(_show_checked(request, chosen, bot))


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Store what was chosen, if an admin chose it and the bot can work in both channels."""
    bot = setup.read_bot(request.view)
    chosen = setup.read_channels(request.view)
    values, errors = setting_fields.read(setup.FIELDS, _values(request))
    try:
        (admin, installed), checked = await asyncio.gather(_ask(request), _check(request, chosen))
    except CannotCheck:
        await ack(response_action="errors", errors=setup.at_the_top(replies.CANNOT_CHECK_ADMIN))
        return
    if admin is None:
        await ack(response_action="update", view=closing_view(setup.TITLE, replies.NOT_ADMIN))
        return
    errors |= setup.errors_of(_shown(checked), bot)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    values |= {"ADVOCACY_CHANNEL": chosen.news, "COMMS_CHANNEL": chosen.comms}
    new = request.context.current.value is None
    stored = await _store(request, admin, values)
    lacking = _lacking(request, stored, installed, checked)
    await ack(response_action="update", view=setup.saved(chosen, lacking, new=new))
    request.show_soon()


async def open_more(request: SlackRequest) -> Message | None:
    """The settings that are rarely changed."""
    try:
        admin = await find_admin(request.context.client, request.user_id)
    except CannotCheck:
        return say(replies.CANNOT_CHECK_ADMIN)
    if admin is None:
        return say(replies.NOT_ADMIN)
    return await request.open_dialog(more_settings.render(request.context.workspace))


async def submit_more(ack: AsyncAck, request: SlackRequest) -> None:
    """Store them."""
    values, errors = setting_fields.read(more_settings.FIELDS, _values(request))
    errors |= more_settings.errors_of(request.context.workspace, values)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    try:
        admin = await find_admin(request.context.client, request.user_id)
    except CannotCheck:
        first = more_settings.FIELDS[0].block_id
        await ack(response_action="errors", errors={first: replies.CANNOT_CHECK_ADMIN})
        return
    if admin is None:
        closing = closing_view(more_settings.TITLE, replies.NOT_ADMIN)
        await ack(response_action="update", view=closing)
        return
    await _store(request, admin, values)
    await ack(response_action="update", view=more_settings.saved())
    request.show_soon()


async def _show_checked(request: SlackRequest, chosen: Channels, bot: str) -> None:
    context = request.context
    checked = await _check(request, chosen)
    base = context.current.value or context.proposed
    if base is not None:
        new = context.current.value is None
        view = setup.render(base, _shown(checked), bot, new=new)
        view_id = payload.text_at(request.view, "id")
        await messenger.update_view(context.client, view, view_id=view_id)


async def _ask(request: SlackRequest) -> tuple[Admin | None, Installation]:
    client = request.context.client
    return await asyncio.gather(find_admin(client, request.user_id), installation.load(client))


async def _check(request: SlackRequest, chosen: Channels) -> Checked:
    looked_at = ChosenChannels(chosen.news, chosen.comms)
    return await chosen_channels.check(request.context.client, looked_at)


def _shown(checked: Checked) -> Channels:
    chosen = checked.chosen
    return Channels(chosen.news, chosen.comms, checked.news, checked.comms)


async def _store(request: SlackRequest, admin: Admin, values: Mapping[str, Any]) -> Workspace:
    def wanted(stored: Workspace | None) -> Workspace:
        return with_settings(stored or _base(request, admin), values)

    stored = await request.write(workspaces.change_settings, request.user_id, wanted)
    context = request.context
    await context.current.refresh(context.at(request.now))
    return stored


def _base(request: SlackRequest, admin: Admin) -> Workspace:
    """The settings that are stored, or those with which a workspace begins."""
    context = request.context
    if context.current.value is not None:
        return context.current.value
    assert context.proposed is not None  # there is one until the workspace is set up
    zone = context.proposed.policy.zone or admin.time_zone
    return replace(context.proposed, policy=replace(context.proposed.policy, zone=zone))


def _lacking(
    request: SlackRequest, stored: Workspace, installed: Installation, checked: Checked
) -> list[str]:
    """What is still missing for all to work."""
    found = list(setup.lacking_scopes(installed.missing, permissions.WITHOUT))
    if not request.context.home_opened.is_set():
        found.append(setup.LACKS_HOME)
    if checked.is_alone(installed.user_id) and stored.approvals > 1:
        found.append(setup.LACKS_COLLEAGUE)
    return found


def _values(request: SlackRequest) -> Mapping[str, Any]:
    values: Mapping[str, Any] = payload.pick(request.view, "state", "values")
    return values


LISTENERS: Final[tuple[Listener, ...]] = (
    button(setup.OPEN, open_form, replace=False),
    action(setup.CHOOSE, look_again),
    action(setup.CHECK, look_again),
    form(setup.FORM, submit),
    button(setup.MORE, open_more, replace=False),
    form(more_settings.FORM, submit_more),
)

"""The workspace's row when a process starts: what stands there, or what `.env` says at first."""

from __future__ import annotations

from collections import Counter

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot import refusals
from bot.domain.comms_channel import find_fault
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.model import Workspace
from bot.logs import get_logger
from bot.services import rests
from bot.services import workspaces as service
from bot.setting_values import SettingsError
from bot.settings import Settings
from bot.slack import messenger, people
from bot.slack.channels import find_by_id, find_channel
from bot.storage import workspaces
from bot.storage.database import Busy, Unknown
from bot.storage.tx import Transactions

_ASKED_FOR_ZONE = 20  # people in comms whose zone is looked up when TIME_ZONE is not set
_log = get_logger(__name__)


class CannotStart(Exception):
    """Why the bot could not run, a line for each reason, for the operator."""


async def load_or_make(
    client: AsyncWebClient, settings: Settings, transactions: Transactions
) -> tuple[Workspace | None, Workspace]:
    """The workspace, None where it is not set up; and with what it begins, so far as that is known.

    It is set up where its row is there, or `.env` names both channels and a disclosure. Of what it
    begins with, what is left to an admin is empty. Raises CannotStart.
    """
    try:
        known = await transactions.read(workspaces.find)
        first = known or await _first(client, settings, transactions.workspace_id)
        if known is not None and known.comms_channel:
            await _check_comms(client, known.comms_channel)
        whole = first.advocacy_channel and first.comms_channel and first.disclosure
        try:
            found = await transactions.write(service.start, first if whole else None)
        except IntegrityError:  # another process has just made it
            found = await transactions.write(service.start, None)
        await transactions.write(rests.forget_refusals)
    except (Busy, Unknown, SQLAlchemyError) as error:
        raise CannotStart("DATABASE_URL: the database can't be written to") from error
    if found is None:
        _log.warning("nobody has set up the workspace yet", mend="An admin types /advocacy setup.")
    return found, first


async def _first(
    client: AsyncWebClient, settings: Settings, workspace_id: WorkspaceId
) -> Workspace:
    try:
        first = settings.read_first()
    except SettingsError as error:
        raise CannotStart(str(error)) from error
    advocacy = await _channel(client, "ADVOCACY_CHANNEL", first.advocacy_channel)
    comms = await _channel(client, "COMMS_CHANNEL", first.comms_channel)
    if comms:
        await _check_comms(client, comms)  # before anything is stored
    zone = first.time_zone or (await _common_zone(client, comms) if comms else "")
    return first.workspace(workspace_id, advocacy, comms, first.disclosure or "", zone)


async def _check_comms(client: AsyncWebClient, channel: str) -> None:
    """Refuse a comms channel that others can read; where Slack does not say, it is looked later."""
    try:
        found = await find_by_id(client, channel)
    except messenger.FAULTS as fault:
        _log.warning("the comms channel could not be looked at", why=messenger.describe(fault))
        return
    wrong = None if found is None else find_fault(found.openness)
    if found is not None and wrong is not None:
        says, mend = refusals.COMMS_CHANNEL[wrong]
        raise CannotStart(f"COMMS_CHANNEL: “{found.name}” {says} {mend}")


async def _zone(client: AsyncWebClient, user_id: UserId) -> str | None:
    try:
        return (await people.load_person(client, user_id)).time_zone
    except messenger.FAULTS as fault:
        _log.info("a person's time zone is unknown", why=messenger.describe(fault))
        return None


async def _channel(client: AsyncWebClient, variable: str, name: str | None) -> str:
    if name is None:
        return ""
    try:
        found = await find_channel(client, name)
    except messenger.FAULTS as fault:
        raise CannotStart(
            f"{variable}: Slack didn't say whether “{name}” exists ({messenger.describe(fault)})"
        ) from fault
    if found is None:
        raise CannotStart(
            f"{variable}: the bot can't find “{name}” in Slack. Check the name or id. If the "
            "channel is private, invite the bot there."
        )
    return found.id


async def _common_zone(client: AsyncWebClient, channel: str) -> str:
    """The zone of most people in comms: Slack knows none for a workspace as a whole."""
    try:
        page = await client.conversations_members(channel=channel, limit=_ASKED_FOR_ZONE)
    except messenger.FAULTS as fault:
        why = messenger.describe(fault)
        _log.warning("TIME_ZONE is not set and could not be guessed", why=why)
        return "UTC"
    zones = Counter(filter(None, [await _zone(client, user) for user in page["members"]]))
    chosen = zones.most_common(1)[0][0] if zones else "UTC"
    _log.info("TIME_ZONE is not set, so it is the one of most people in comms", zone=chosen)
    return chosen

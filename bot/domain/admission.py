"""Who may do what: people by what Slack says of them, and what each group is let in to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Standing(StrEnum):
    """What somebody is to the company."""

    COLLEAGUE = "colleague"
    GUEST = "guest"
    OUTSIDER = "outsider"  # of another organisation, or nobody whom Slack knows
    CLOSED = "closed"  # the account is closed, or a bot's


@dataclass(frozen=True, slots=True)
class Company:
    """The workspace, and the organisation on Enterprise Grid that it is part of; None for none."""

    workspace_id: str
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody.

    `team_id` is a workspace, or an organisation as a whole. `time_zone` is an IANA zone, None where
    Slack does not say. `is_stranger` is Slack's word for somebody of another workspace who shares
    no channel with the bot; it may be said of a colleague in a sister workspace, too.
    """

    team_id: str
    enterprise_id: str | None = None
    is_guest: bool = False
    is_stranger: bool = False
    is_closed: bool = False
    is_admin: bool = False  # or an owner of the workspace
    time_zone: str | None = None


class Access(Enum):
    """Whom a command, a button, a form or a view is for.

    What is for ANYBODY works without asking Slack who somebody is: leaving, and one's own data.
    """

    ANYBODY = auto()
    COMPANY = auto()  # guests, too
    MEMBERS = auto()  # whoever may join: guests only where the company says so
    COMMS_AND_GUESTS = auto()  # guests in comms, who write
    COMMS = auto()
    STOPPING = auto()  # comms, also while Slack says who is in comms and nothing more
    ADMINS = auto()  # colleagues who administer the workspace


class Refusal(StrEnum):
    """Why somebody is not let in."""

    UNKNOWN = "unknown"  # Slack does not say who they are
    OUTSIDER = "outsider"
    GUEST = "guest"  # guests don't take part here
    NOT_COMMS = "not_comms"
    COMMS_UNKNOWN = "comms_unknown"  # Slack does not say whether they are in comms
    CHANNEL_REFUSED = "channel_refused"  # others may be in the comms channel, too
    GUEST_IN_COMMS = "guest_in_comms"  # who may write, and this is no writing
    NOT_ADMIN = "not_admin"
    ADMIN_UNKNOWN = "admin_unknown"  # Slack does not say whether they are an admin


_COMMS = (Access.COMMS_AND_GUESTS, Access.COMMS, Access.STOPPING)


def concerns_comms(access: Access) -> bool:
    """Whether it has to be known who is in comms."""
    return access in _COMMS


def find_standing(person: Person, company: Company) -> Standing:
    """What somebody is to the company: who is of the same organisation is of the same company."""
    if person.is_closed:
        return Standing.CLOSED
    if not _is_own(person, company):
        return Standing.OUTSIDER
    return Standing.GUEST if person.is_guest else Standing.COLLEAGUE


def _is_own(person: Person, company: Company) -> bool:
    enterprise = company.enterprise_id
    if enterprise is not None and enterprise in (person.enterprise_id, person.team_id):
        return True
    return person.team_id == company.workspace_id and not person.is_stranger


def takes_part(standing: Standing, *, guests_may_join: bool) -> bool:
    """Whether somebody may be a member at all."""
    return standing is Standing.COLLEAGUE or (standing is Standing.GUEST and guests_may_join)


def why_refused(
    access: Access,
    standing: Standing | None,
    *,
    in_comms: bool | None = None,
    channel_refused: bool = False,
    guests_may_join: bool = False,
    is_admin: bool = False,
) -> Refusal | None:
    """Why somebody is not let in; None where they are.

    Args:
        access: whom it is for.
        standing: what they are to the company, None where Slack does not say.
        in_comms: whether they are in the comms channel, None where Slack does not say.
        channel_refused: whether the comms channel is open to others than comms.
        guests_may_join: whether the company lets guests take part.
        is_admin: whether they administer the workspace.
    """
    if access is Access.ANYBODY:
        return None
    if standing in (Standing.OUTSIDER, Standing.CLOSED):
        return Refusal.OUTSIDER
    if access in _COMMS:
        refused = _why_not_in_comms(access, standing, in_comms)
        if refused is None and channel_refused and access is not Access.STOPPING:
            return Refusal.CHANNEL_REFUSED
        return refused
    if access is Access.ADMINS:
        return _why_no_admin(standing, is_admin=is_admin)
    if standing is None:
        return Refusal.UNKNOWN
    if access is Access.MEMBERS and not takes_part(standing, guests_may_join=guests_may_join):
        return Refusal.GUEST
    return None


def _why_no_admin(standing: Standing | None, *, is_admin: bool) -> Refusal | None:
    if standing is None:
        return Refusal.ADMIN_UNKNOWN
    return None if is_admin and standing is Standing.COLLEAGUE else Refusal.NOT_ADMIN


def _why_not_in_comms(
    access: Access, standing: Standing | None, in_comms: bool | None
) -> Refusal | None:
    if in_comms is False:
        return Refusal.NOT_COMMS
    if in_comms is None:
        return Refusal.COMMS_UNKNOWN
    if standing is None:  # what only stops things is safe in the hands of anybody in comms
        return None if access is Access.STOPPING else Refusal.COMMS_UNKNOWN
    if standing is Standing.GUEST and access is not Access.COMMS_AND_GUESTS:
        return Refusal.GUEST_IN_COMMS
    return None

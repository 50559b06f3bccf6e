"""What members choose: topics, networks, pace, hours, delivery, and where they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.domain.delivery import Delivery
from bot.domain.hours import start_of_day
from bot.domain.ids import MemberId
from bot.domain.model import Preferences
from bot.storage.tables import MemberRow
from bot.storage.tx import Tx


def record_preferences(tx: Tx, member_id: MemberId, chosen: Preferences) -> None:
    """Record all that a member chose."""
    _update(tx, member_id, preference_columns(chosen))


def record_mastodon_instance(tx: Tx, member_id: MemberId, host: str | None) -> None:
    """Record the host name of the member's server on Mastodon; None forgets it."""
    _update(tx, member_id, {"mastodon_instance": host})


def record_time_zone(tx: Tx, member_id: MemberId, time_zone: str | None) -> None:
    """Record where Slack says that the member is now; with None only that it was asked."""
    moved = {} if time_zone is None else {"zone": time_zone}
    today = start_of_day(tx.now, time_zone or "UTC")
    _update(tx, member_id, {"zone_checked_at": today, **moved})


def load_calendars(tx: Tx) -> list[tuple[str, str | None]]:
    """The countries whose holidays members keep, each with the region where they chose one."""
    query = select(MemberRow.country, MemberRow.region).where(
        MemberRow.workspace_id == tx.workspace_id, MemberRow.country.is_not(None)
    )
    return [(str(code), region) for code, region in tx.connection.execute(query.distinct())]


def preference_columns(chosen: Preferences) -> dict[str, Any]:
    """Preferences as columns of a member's row."""
    return {
        "in_channel": Delivery.CHANNEL in chosen.delivery,
        "direct": Delivery.DIRECT in chosen.delivery,
        "direct_refused": False,  # what Slack refused before, it may take now
        "pace": chosen.pace,
        "topics": chosen.topics,
        "networks": tuple(network.value for network in chosen.networks),
        "hours_start": chosen.hours.start,
        "hours_end": chosen.hours.end,
        "workdays": "".join(str(day) for day in sorted(chosen.workdays)),
        "country": chosen.country,
        "region": chosen.region,
        "language": chosen.language,
    }


def _update(tx: Tx, member_id: MemberId, values: dict[str, Any]) -> None:
    tx.connection.execute(update(MemberRow).where(MemberRow.id == member_id).values(values))

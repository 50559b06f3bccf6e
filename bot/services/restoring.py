"""What a workspace may go on with after a backup was put back: nobody is asked until they agree."""

from __future__ import annotations

from bot.domain.freeze import ENDLESS
from bot.services import closing, membership, retention
from bot.storage import members, workspaces
from bot.storage.tx import Tx


def suspend(tx: Tx) -> None:
    """Freeze posting, end everybody's consent and direct messages, and erase what is due.

    What was counted for figures is deleted: they may have been published since, with other posts.
    A backup does not know who left after it was made. Consent ends today for everybody, so that
    nobody gets anything until they join again; topics, networks and answers stay as they were.
    """
    workspaces.record_frozen(tx, ENDLESS, None)
    for user_id in members.find_consenting_users(tx):
        membership.end_for_departed(tx, user_id)
    members.record_no_direct(tx)
    closing.stop(tx)
    while retention.erase_due(tx):
        pass

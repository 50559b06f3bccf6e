"""Reading the record of comms, page by page."""

from __future__ import annotations

from bot.domain.ids import PostId
from bot.domain.record import Page, Turn
from bot.storage import record, workspaces
from bot.storage.tx import Tx

ON_A_PAGE = 12


def load_page(tx: Tx, post_id: PostId | None, turn: Turn | None = None) -> Page:
    """A page of the record, of one post or of all; without a `turn` the newest one.

    Where a turn leads to nothing, or to less than a page of newer entries, it is the newest page.
    """
    found = record.load_entries(tx, post_id, turn, ON_A_PAGE + 1)
    if turn is not None and (not found or (not turn.older and len(found) <= ON_A_PAGE)):
        return load_page(tx, post_id)
    more = len(found) > ON_A_PAGE
    entries = found[:ON_A_PAGE]
    newer, older = turn is not None, more
    if turn is not None and not turn.older:
        entries.reverse()
        newer, older = more, True
    workspace = workspaces.load(tx)
    return Page(
        entries=tuple(entries),
        post_id=post_id,
        newer=newer,
        older=older,
        years=workspace.evidence_years,
        zone=workspace.policy.zone,
    )

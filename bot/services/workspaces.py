"""The workspace as a whole: its settings, and the freeze."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.domain.model import NoticeKind, Workspace
from bot.domain.rules import rules_in_force
from bot.storage import cards, notices, rules, workspaces
from bot.storage.tx import Tx


def start(tx: Tx, first: Workspace | None) -> Workspace | None:
    """The workspace as stored, when a process starts; None where it is not set up yet.

    `first` is what `.env` says: it is stored where there is no row, and ignored where there is one.
    Rules are recorded, since another version of the bot may have others.
    """
    known = workspaces.find(tx, lock=True)  # so that two processes record a change once
    if known is None:
        if first is None:
            return None
        workspaces.save(tx, first)
        known = first
    rules.record_values(tx, rules_in_force(known))
    return known


def store_settings(tx: Tx, workspace: Workspace) -> None:
    """Store other settings; cards tell what follows, and members which rules changed."""
    workspaces.save(tx, workspace)  # locks the row, so that two processes record a change once
    rules.record_values(tx, rules_in_force(workspace))
    cards.mark_queued_outdated(tx)


def freeze(tx: Tx, user_id: UserId) -> bool:
    """Let nothing go out until unfrozen; False where it was frozen already."""
    changed = workspaces.record_frozen(tx, user_id, tx.now)
    _tell_comms(tx, NoticeKind.FROZEN, user_id, changed=changed)
    return changed


def unfreeze(tx: Tx, user_id: UserId) -> bool:
    """Let things go out again; False where nothing was frozen."""
    changed = workspaces.record_frozen(tx, None, None)
    _tell_comms(tx, NoticeKind.UNFROZEN, user_id, changed=changed)
    return changed


def is_frozen(tx: Tx) -> bool:
    """Whether nothing goes out at the moment."""
    workspace = workspaces.find(tx)
    return workspace is not None and workspace.policy.frozen


def _tell_comms(tx: Tx, kind: NoticeKind, user_id: UserId, *, changed: bool) -> None:
    if changed:
        notices.enqueue(tx, kind, user_id=user_id)
        cards.mark_queued_outdated(tx)

"""The workspace as a whole: the operator's settings, and the freeze."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.domain.model import NoticeKind, Workspace
from bot.domain.record import Act
from bot.domain.rules import rules_in_force
from bot.domain.sharing_policy import SharingPolicy
from bot.storage import cards, notices, record, rules, workspaces
from bot.storage.tx import Tx


def store_settings(tx: Tx, workspace: Workspace, sharing_policy: SharingPolicy) -> None:
    """Store the operator's settings; cards tell what follows, and members which rules changed."""
    workspaces.save(tx, workspace)  # locks the row, so that two processes record a change once
    rules.record_values(tx, rules_in_force(workspace, sharing_policy))
    cards.mark_queued_outdated(tx)


def freeze(tx: Tx, user_id: UserId) -> bool:
    """Let nothing go out until unfrozen; False where it was frozen already."""
    changed = workspaces.record_frozen(tx, user_id, tx.now)
    if changed:
        record.record_act(tx, user_id, Act.FREEZE)
        _tell_comms(tx, NoticeKind.FROZEN, user_id)
    return changed


def unfreeze(tx: Tx, user_id: UserId) -> bool:
    """Let things go out again; False where nothing was frozen."""
    changed = workspaces.record_frozen(tx, None, None)
    if changed:
        record.record_act(tx, user_id, Act.UNFREEZE)
        _tell_comms(tx, NoticeKind.UNFROZEN, user_id)
    return changed


def is_frozen(tx: Tx) -> bool:
    """Whether nothing goes out at the moment."""
    workspace = workspaces.find(tx)
    return workspace is not None and workspace.policy.frozen


def _tell_comms(tx: Tx, kind: NoticeKind, user_id: UserId) -> None:
    notices.enqueue(tx, kind, user_id=user_id)
    cards.mark_queued_outdated(tx)

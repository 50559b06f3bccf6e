"""The values of rules: each is added once, and none is changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select

from bot.domain.rules import Rule, RuleValue
from bot.storage.tables import RuleValueRow
from bot.storage.tx import Tx

_VALUES = (
    select(RuleValueRow.rule, RuleValueRow.value, RuleValueRow.since)
    .where(RuleValueRow.workspace_id == bindparam("workspace"))
    .order_by(RuleValueRow.id)
)


def load_values(tx: Tx) -> list[RuleValue]:
    """Every value that was ever in force, the oldest first."""
    rows = tx.connection.execute(_VALUES, {"workspace": tx.workspace_id})
    return [RuleValue(row.rule, row.value, row.since) for row in rows]


def record_values(tx: Tx, values: Mapping[Rule, str]) -> None:
    """Record those values that are not in force yet; whoever calls has locked the workspace."""
    in_force = {one.rule: one.value for one in load_values(tx)}
    new = [
        {"workspace_id": tx.workspace_id, "rule": rule, "value": value, "since": tx.now}
        for rule, value in values.items()
        if in_force.get(rule) != value
    ]
    if new:
        tx.connection.execute(insert(RuleValueRow), new)

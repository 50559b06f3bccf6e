"""The daily snapshot: figures from people's rows, computed once and then only read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from bot.domain import audience, budget, first_group
from bot.domain import snapshot as rules
from bot.domain.ids import UserId
from bot.domain.model import Colour
from bot.domain.snapshot import Snapshot
from bot.services import announcements, first_groups, look_ahead, pace_check, wording_order
from bot.storage import cards, members, snapshots, workspaces
from bot.storage.tx import Tx


def is_due(tx: Tx) -> bool:
    """Whether the snapshot of today is still to be taken; a missed one is taken late."""
    found = workspaces.find(tx)
    if found is None:
        return False
    return _is_due(snapshots.load_head(tx), rules.day_of(tx.now, found.policy.zone))


def take(tx: Tx, comms: Collection[UserId]) -> bool:
    """Take today's snapshot, once; False where it was taken already.

    `comms` are the people in the comms channel, who count in no figure.
    """
    found = workspaces.find(tx, lock=True)  # held, so that one process takes it
    if found is None:
        return False
    before, day = snapshots.load(tx), rules.day_of(tx.now, found.policy.zone)
    if not _is_due(before, day):
        return False
    count = members.count_consenting(tx, comms)
    gate, note_gate, monday = before.gate, before.note_gate, rules.reads_gate(before, day)
    if monday:
        gate = rules.decide_gate(before, count, workspaces.load_gate_threshold(tx))
        note_gate = rules.decide_note_gate(before, count)
    kept = before.audiences_before
    snapshot = Snapshot(day, gate=gate, note_gate=note_gate, audiences_before=kept)
    if gate:
        chosen = members.count_by_network(tx, comms)
        askable = members.count_askable(tx, comms)
        share, audiences = before.budget_share, before.audiences  # they hold for the week
        if monday:
            share = budget.decide_share(found.asks_per_week, askable)
            by_topics = members.count_by_topics(tx, comms)
            audiences = audience.decide_audiences(before.audiences_before, by_topics)
        snapshot = replace(
            snapshot,
            used=wording_order.find_used(tx, count, comms),
            networks=frozenset(one for one in chosen if chosen[one] >= rules.LEAST_PEOPLE),
            budget_share=share,
            group_share=first_group.base_share(0, askable.total()),
            group_shares=first_groups.load_shares(tx, askable.total(), comms),
            audiences=audiences,
            audiences_before={**before.audiences_before, **audiences},
        )
        first_groups.record_verdicts(tx, comms)
    snapshots.insert_snapshot(tx, snapshot)
    if snapshot.audiences != before.audiences:
        cards.mark_waiting_outdated(tx)
    pace_check.record_colour(tx, pace_check.measure(tx, comms) if gate else Colour.GREEN)
    wording_order.request_wordings(tx, snapshot)
    announcements.settle_found(tx)
    if monday and before.day is not None:  # the first one is taken on any day
        look_ahead.tell(tx)
    return True


def _is_due(before: Snapshot, day: date) -> bool:
    return before.day is None or before.day < day

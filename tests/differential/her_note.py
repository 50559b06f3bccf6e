"""What people send to comms on purpose: of Amara's, comms may tell; of another's, not by hers."""

from __future__ import annotations

import json
from typing import Any, Final

from bot.slack.views.share_notes import DONT_ASK
from tests.differential.script import Deed

HER_NOTE: Final = "What Amara sends on purpose"
ANOTHERS: Final = "A note of"


def note_of(name: str, *, hers: bool) -> str:
    """What somebody writes to comms."""
    return HER_NOTE if hers else f"{ANOTHERS} {name}"


def ticked(deed: Deed) -> dict[str, bool]:
    """How they tell that they shared: every second one with a name, every third to be answered."""
    return {"signed": deed.choice % 2 == 1, "may_answer": deed.choice % 3 == 0}


def without_hers(body: str) -> str | None:
    """A message, as a JSON list with its blocks in it, without her note; None where it is hers.

    Notes that come together are shuffled, so that they are sorted here.
    """
    if DONT_ASK not in body:
        return None if HER_NOTE in body else body
    left = [_others(part) if isinstance(part, list) else part for part in json.loads(body)]
    return json.dumps(left, ensure_ascii=False, sort_keys=True) if ANOTHERS in str(left) else None


def _others(blocks: list[Any]) -> list[Any]:
    notes = [block for block in blocks if ANOTHERS in str(block)]
    around = [block for block in blocks if block not in notes and HER_NOTE not in str(block)]
    return [*around, *sorted(notes, key=str)]

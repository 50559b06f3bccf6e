"""Notes that say that their senders shared a post, and the thanks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import PostId, ShareNoteId, UserId


@dataclass(frozen=True, slots=True)
class ShareNote:
    """One note as comms get it: words, perhaps none, and whose name it carries, None without."""

    id: ShareNoteId
    words: str
    signed_by: UserId | None


@dataclass(frozen=True, slots=True)
class Batch:
    """The notes about one post that comms get together, at that moment (aware).

    Comms' buttons name it so, since a number of a row would tell how many others there are.
    """

    post_id: PostId
    at: datetime


class Unthankable(StrEnum):
    """Why comms can't say thanks for a batch."""

    THANKED = "thanked"
    GONE = "gone"

"""Rests: how long a use of Slack is left alone after it was throttled, refused or not answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.troubles import Trouble

# After so many lost replies in a row nothing more is sent: each may have left somebody counted as
# asked who got nothing.
MOST_LOST: Final = 2
_LONGEST_REST: Final = timedelta(minutes=30)
_FIRST_AFTER_LOST: Final = timedelta(minutes=2)
# A person has to mend it first, and may be at it just now.
_FIRST_AFTER_REFUSAL: Final = timedelta(minutes=5)
_LONGEST_AFTER_REFUSAL: Final = timedelta(hours=1)

_PASSING: Final = (Trouble.THROTTLED, Trouble.NO_REPLY, Trouble.UNREACHABLE)

PEOPLE: Final = "people"

# Dialogs, and files with somebody's data. A Home tab is shown after whatever is pressed on it.
_PERSONAL: Final = ("views.open", "views.push", "views.update", "files.")


@dataclass(frozen=True, slots=True)
class Target:
    """What rests: a method by Slack's own name, in a channel, towards people, or everywhere.

    `place` is the id of one of the bot's two channels, `PEOPLE` for everybody's direct messages, or
    empty for the method as a whole. It never names a person.
    """

    method: str
    place: str = ""

    @property
    def whole(self) -> Target:
        """The method, wherever it is used."""
        return Target(self.method)

    @property
    def is_personal(self) -> bool:
        """Whether it is used for what one person did just now, so that nobody else is told of it.

        Only a Share opens a dialog, for instance: a Skip does not.
        """
        return self.method.startswith(_PERSONAL)


DIRECT: Final = Target("chat.postMessage", PEOPLE)
EDITS: Final = Target("chat.update", PEOPLE)
REMOVALS: Final = Target("chat.delete", PEOPLE)


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left alone `until` then, `since` when it does not work, and why.

    `trouble` is a `Trouble` or Slack's own error code; `rounds` counts the rounds without an
    answer, or the refusals, one after the other. Moments are aware.
    """

    since: datetime
    until: datetime
    trouble: str
    rounds: int = 0

    @property
    def is_refusal(self) -> bool:
        """Whether it will not pass by itself: somebody has to mend it."""
        return self.trouble not in _PASSING


def find_holding(known: Mapping[Target, Rest], now: datetime) -> Rest | None:
    """The rest that holds for longest, of those that are known of one target; None if none does."""
    holding = [rest for rest in known.values() if rest.until > now]
    return max(holding, key=lambda rest: rest.until, default=None)


def rest_after_lost(before: Rest | None, now: datetime) -> Rest:
    """After a round in which replies were lost: each rest is twice as long as the one before."""
    rounds = _rounds(before) + 1
    return Rest(
        since=before.since if before is not None else now,
        until=now + _growing(_FIRST_AFTER_LOST, rounds, _LONGEST_REST),
        trouble=Trouble.NO_REPLY,
        rounds=rounds,
    )


def rest_after_throttling(
    before: Rest | None, now: datetime, wait: timedelta, trouble: str = Trouble.THROTTLED
) -> Rest:
    """After Slack said how long to wait, or was not to be reached at all.

    A longer rest that holds already stays as it is.
    """
    if before is not None and before.until >= now + wait:
        return before
    return Rest(
        since=before.since if before is not None else now,
        until=now + wait,
        trouble=trouble,
        rounds=_rounds(before),
    )


def rest_after_refusal(before: Rest | None, now: datetime, trouble: str) -> Rest:
    """After a refusal that will not pass by itself: tried again after ever longer pauses."""
    same = before if before is not None and before.trouble == trouble else None
    rounds = _rounds(same) + 1
    return Rest(
        since=same.since if same is not None else now,
        until=now + _growing(_FIRST_AFTER_REFUSAL, rounds, _LONGEST_AFTER_REFUSAL),
        trouble=trouble,
        rounds=rounds,
    )


def _rounds(before: Rest | None) -> int:
    return before.rounds if before is not None else 0


def _growing(first: timedelta, rounds: int, longest: timedelta) -> timedelta:
    doubled: int = 2 ** min(rounds - 1, 10)
    return min(longest, first * doubled)

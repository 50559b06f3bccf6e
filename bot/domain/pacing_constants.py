"""The numbers behind pacing, first groups and the pace check, each with its reason.

They are passed as one value, so that a simulation can try others; the bot itself has no switch for
them. `docs/pacing.md` shows what the defaults do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PacingConstants:
    """Thresholds and factors; shares are parts of 1."""

    # PACING

    # Skips and lapsed asks in a row after which the bot stops asking. Four: one is a busy day, two
    # and three have slowed it down already, and a fourth says that nothing is wanted.
    stops_after: int = 4
    # From how many in a row on the gap doubles, and doubles again with each further one.
    slows_after: int = 2
    # How many of the member's working days an ask stays open.
    lapses_after_days: int = 3
    # What amber does to gaps: half as much time again, which is felt but stops nobody.
    amber_stretch: float = 1.5

    # FIRST GROUPS

    # The smallest first group: as many as a verdict takes, people behind it and behind the rest.
    first_group_least: int = 14
    # The share of those a post fits who are asked first. If the post is a bad one, nine of ten
    # never hear of it. (As a float 0.1 times a round number is exact; another share may not be.)
    first_group_share: float = 0.10
    # How many people must be behind a verdict, and behind the rest of those asked: six, of whom
    # nobody can be read (`snapshot.LEAST_PEOPLE`), besides any one whose answer may decide.
    enough_people: int = 7
    # Above this share of skips among the answers a post is stopped: most of those still to be asked
    # would skip as well.
    too_many_skips: float = 0.6
    # How many working days the group has to answer before it doubles: an ask stays open for three,
    # and most who answer do so on the same day or the next.
    grows_after_days: int = 2

    # THE PACE CHECK

    # Amber takes 16 of 20, and the quickest pace makes about 12 asks in four weeks, fewer with each
    # skip: so nobody colours the workspace alone.
    least_settled: int = 20
    # Skips and lapses of all settled asks. Six of ten asks of a healthy workspace lead to nothing,
    # and that is fine (docs/pacing.md); above three of four the posts miss their readers, above
    # nine of ten asking is noise.
    amber_declined: float = 0.75
    red_declined: float = 0.90
    # Pauses of all members. People pause for holidays: in four weeks hardly more than a tenth.
    amber_paused: float = 0.10
    red_paused: float = 0.20
    # Leaves of all members, half of what is borne of pauses: a member who has left does not come
    # back by themselves.
    amber_left: float = 0.05
    red_left: float = 0.10


DEFAULT_PACING_CONSTANTS: Final = PacingConstants()

"""Scripts: what people in a workspace do one after the other, and what Amara does besides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hypothesis import strategies as st

from bot.domain.model import SkipReason

SIZES = (1, 2, 4, 6, 14, 20, 25, 60)
POSTS = 4  # what people answer to; comms write more of them
NEVER_SPENT = 99_999  # a budget


class Wait(StrEnum):
    """How much time passes before a step, with the heartbeats that come in it."""

    NONE = "none"
    BEAT = "a beat"
    HOURS = "some hours"
    DAY = "a day"
    MONDAY = "until Monday"


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person does: a method of `Company`, with a post and a choice where it needs them."""

    what: str
    post: int = 0
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Time passes, somebody does something, and then Amara does what is `hers`."""

    wait: Wait = Wait.BEAT
    who: int = 0
    deed: Deed | None = None
    hers: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What the others have done in the weeks before; each at most as many as there are.

    `openers` opened the first text, `pausers` and `leavers` paused and left; each of `declined`
    earlier posts was proposed to everybody, and skipped by all but six.
    """

    openers: int = 0
    pausers: int = 0
    leavers: int = 0
    declined: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """A workspace of `size` members with Amara, and what happens there.

    She is a member from the start (`joined`), or not at all without her acts. `budget` is how many
    asks there may be a week and member, in hundredths; `threshold` from where on figures act. Posts
    begin with a first group where `first_groups`.
    """

    size: int
    steps: tuple[Step, ...]
    joined: bool = True
    in_comms: bool = False
    threshold: int = 22
    budget: int = NEVER_SPENT
    past: Past = Past()
    first_groups: bool = True


_REASONS = len(SkipReason) + 1
# What anybody can do. Those of a post come more often.
_OWN = (
    "join",
    "leave",
    "pause",
    "resume",
    "settings",
    "direct",
    "browse_only",
    "read_lesson",
    "decline_lesson",
    "server",
)
_ABOUT_A_POST = (
    "share",
    "open",
    "open",
    "mark",
    "undo",
    "take_back",
    "skip",
    "skip",
    "note",
    "tell",
    "consent",
)
_IN_AN_ASK = (
    "later",
    "less",
    "pause_in_ask",
    "leave_in_ask",
    "undo_leave",
    "who_sees",
    "skip_in_ask",
)
_COMMS = (
    "write",
    "propose",
    "correct",
    "withdraw",
    "freeze",
    "unfreeze",
    "acknowledge",
    "there",
    "lose",
)


def _deeds(names: tuple[str, ...]) -> st.SearchStrategy[Deed]:
    return st.builds(
        Deed, st.sampled_from(names), st.integers(0, POSTS - 1), st.integers(0, _REASONS - 1)
    )


_hers = _deeds(_OWN + _ABOUT_A_POST * 2 + _IN_AN_ASK)
_theirs = _deeds(_OWN + _ABOUT_A_POST * 2 + _IN_AN_ASK + ("note_signed",))
_comms = _deeds(_COMMS)
_steps = st.builds(
    Step,
    st.sampled_from((*Wait, Wait.DAY, Wait.HOURS)),
    st.integers(0, 60),
    st.one_of(st.none(), _theirs, _theirs, _comms),
    st.lists(_hers, max_size=2).map(tuple),
)
# From the start in every second workspace: some figure stands at its edge.
_edges = st.one_of(st.just(0), st.integers(4, 7))
_pasts = st.builds(Past, _edges, _edges, _edges, st.integers(0, 3))


def scripts(size: int) -> st.SearchStrategy[Script]:
    """Scripts of a workspace of that size."""
    made = st.builds(
        Script,
        st.just(size),
        st.lists(_steps, min_size=3, max_size=9).map(tuple),
        joined=st.booleans(),
        in_comms=st.sampled_from((False, False, False, True)),
        threshold=st.integers(20, 24),
        budget=st.sampled_from((20, 50, 100)),
        past=_pasts,
    )
    return made.map(_with_a_beginning)


def _with_a_beginning(script: Script) -> Script:
    """Whoever is no member yet joins first, most often, and wants to be asked."""
    if script.joined:
        return script
    first, *rest = script.steps
    joins = (Deed("join"), Deed("settings"))
    return replace(script, steps=(replace(first, hers=(*joins, *first.hers)), *rest))

"""Scripts written by hand: each brings one figure to its edge and lets Amara push it over."""

from __future__ import annotations

from typing import Final

from bot.domain.model import SkipReason
from tests.differential.script import Deed, Past, Script, Step, Wait

JOINS: Final = (Deed("join"), Deed("settings"))
_QUIET: Final = Step()
_A_DAY: Final = Step(Wait.DAY)
_DAYS: Final = (_A_DAY,) * 4
_WRITTEN: Final = (_A_DAY, Step(Wait.BEAT, 0, Deed("write")), _A_DAY, _A_DAY)
_ENDED: Final = Step(Wait.BEAT, 0, Deed("withdraw"))
_WEEKS: Final = (Step(Wait.MONDAY),) * 2

# What Amara does -> the company.
WAYS: Final[dict[str, Script]] = {
    "opens a text and takes it back": Script(
        6, (Step(hers=(Deed("open"),)), Step(hers=(Deed("take_back"),)), _A_DAY)
    ),
    "is the sixth to open a text": Script(
        25, (Step(hers=(Deed("open"),)), _QUIET, _A_DAY), past=Past(openers=5)
    ),
    "is one of many who open a text": Script(
        60,
        (Step(hers=(Deed("open"),)), _QUIET, _A_DAY),
        past=Past(openers=8, pausers=7),
    ),
    "is the sixth to pause": Script(
        25, (Step(hers=(Deed("pause"),)), _QUIET, _A_DAY), past=Past(pausers=5)
    ),
    "is one of many who pause": Script(
        25,
        (
            Step(Wait.BEAT, 0, Deed("acknowledge"), (Deed("pause"),)),
            Step(hers=(Deed("resume"),)),
            _A_DAY,
        ),
        past=Past(pausers=7),
    ),
    "is the sixth to leave": Script(
        20, (Step(hers=(Deed("leave"),)), _QUIET, _A_DAY), threshold=20, past=Past(leavers=5)
    ),
    "leaves where the gate is at its edge": Script(
        20, (Step(hers=(Deed("leave"),)), _A_DAY, Step(Wait.MONDAY)), threshold=20
    ),
    "joins where the gate is at its edge": Script(
        20,
        (Step(hers=JOINS), _A_DAY, Step(Wait.MONDAY), _A_DAY),
        joined=False,
        threshold=20,
    ),
    "joins and answers nothing": Script(4, (Step(hers=JOINS), *_DAYS), joined=False),
    "opens a post whose figures are at their edge": Script(
        60,
        (Step(hers=(Deed("open"),)), _ENDED, *_WEEKS, _A_DAY),
        past=Past(openers=13),
    ),
    "leaves after the figures of a post, before those of its month": Script(
        60,
        (_ENDED, *_WEEKS, Step(hers=(Deed("leave"),)), _A_DAY, *_WEEKS, *_WEEKS),
        past=Past(openers=14),
    ),
    "skips for each reason": Script(
        14,
        (
            *(
                Step(Wait.NONE, hers=(Deed("skip", 0, reason), Deed("skip_in_ask", 1, reason)))
                for reason in range(len(SkipReason) + 1)
            ),
            _A_DAY,
        ),
        past=Past(declined=2),
    ),
    "shares, marks it, undoes it": Script(
        2,
        (
            Step(hers=(Deed("share"), Deed("open"))),
            Step(hers=(Deed("mark"),)),
            Step(hers=(Deed("undo"),)),
            Step(hers=(Deed("take_back"),)),
            _A_DAY,
        ),
    ),
    "writes to comms without her name, among others who do": Script(
        14,
        (
            Step(Wait.BEAT, 0, Deed("note"), (Deed("note"),)),
            Step(Wait.BEAT, 1, Deed("note_signed")),
            _A_DAY,
            _A_DAY,
        ),
    ),
    "suggests news without her name, among others who do": Script(
        14,
        (
            Step(Wait.BEAT, 0, Deed("suggest", 0), (Deed("suggest", 1),)),
            Step(Wait.BEAT, 1, Deed("suggest", 2, 1)),
            _A_DAY,
            Step(Wait.BEAT, 0, Deed("decide")),
            Step(Wait.BEAT, 1, Deed("decide", 0, 1)),
            _A_DAY,
        ),
    ),
    "suggests what a feed tells of, and leaves": Script(
        14,
        (
            Step(Wait.BEAT, 0, Deed("news"), (Deed("suggest", 0),)),
            Step(Wait.BEAT, 0, Deed("news"), (Deed("suggest", 1, 1),)),
            _A_DAY,
            Step(Wait.BEAT, 0, Deed("suggest", 1), (Deed("leave"),)),
            _A_DAY,
            Step(Wait.BEAT, 0, Deed("decide")),
            _A_DAY,
        ),
    ),
    "clicks on an announcement that may not be there": Script(
        4,
        (
            Step(Wait.BEAT, 0, Deed("lose")),
            Step(Wait.BEAT, 0, Deed("write")),
            Step(hers=(Deed("skip", 3),)),
            Step(Wait.HOURS),
            _A_DAY,
        ),
    ),
    "clicks on it without having joined": Script(
        2,
        (
            Step(Wait.BEAT, 0, Deed("lose")),
            Step(Wait.BEAT, 0, Deed("write")),
            Step(hers=(Deed("skip", 3), Deed("share", 3))),
            _A_DAY,
        ),
        joined=False,
    ),
    "uses the menu of an ask": Script(
        25,
        (
            Step(Wait.BEAT, 0, Deed("write")),
            Step(Wait.DAY, hers=(Deed("later", 0), Deed("less", 0), Deed("who_sees", 0))),
            Step(Wait.DAY, hers=(Deed("pause_in_ask", 0),)),
            Step(Wait.DAY, hers=(Deed("leave_in_ask", 0),)),
        ),
    ),
    "has a dialog open on a post that ends": Script(
        6,
        (
            Step(Wait.BEAT, 0, Deed("share", 0), (Deed("share", 0), Deed("share", 1))),
            Step(Wait.BEAT, 0, Deed("withdraw", 0)),
            _A_DAY,
            _A_DAY,
            _A_DAY,
        ),
    ),
    "is in comms, and a member besides": Script(
        25,
        (Step(hers=(Deed("open"), Deed("pause"))), _A_DAY, Step(hers=(Deed("leave"),)), _A_DAY),
        in_comms=True,
        past=Past(openers=5, pausers=5),
    ),
    "chooses other networks": Script(
        20,
        (Step(hers=tuple(Deed("settings", 0, choice) for choice in range(6))), _A_DAY),
        threshold=20,
    ),
    "reads lessons and names her server": Script(
        1, (Step(hers=(Deed("read_lesson"), Deed("decline_lesson"), Deed("server"))), _A_DAY)
    ),
    "joins where the budget is for half of them": Script(
        14, (Step(hers=JOINS), *_WRITTEN), joined=False, budget=50
    ),
    "joins before somebody else": Script(
        2,
        (
            Step(hers=(Deed("join"),)),
            Step(Wait.BEAT, 2, Deed("join")),
            Step(Wait.BEAT, 2, Deed("settings", 0, 1)),
            _A_DAY,
        ),
        joined=False,
    ),
    "was asked about what is corrected": Script(
        60,
        (Step(hers=JOINS), *_WRITTEN, Step(Wait.BEAT, 0, Deed("correct", 3)), _QUIET),
        joined=False,
        threshold=99,  # no figures, so that no snapshot tells of her
        first_groups=False,
    ),
    "leaves and takes that back, where the gate is at its edge": Script(
        20,
        (Step(hers=(Deed("undo_leave", 0), Deed("direct"))), _A_DAY, Step(Wait.MONDAY), _A_DAY),
        threshold=20,
        past=Past(leavers=5),
    ),
    "follows other topics between two Mondays": Script(
        60,
        (
            Step(Wait.BEAT, 0, Deed("propose", 0, 1)),
            Step(hers=(Deed("settings", 0, 2),)),
            _A_DAY,
            Step(Wait.BEAT, 1, Deed("propose", 0, 2), (Deed("leave"),)),
            Step(Wait.MONDAY),
            _A_DAY,
        ),
    ),
    "joins, browses, and chooses direct messages": Script(
        4,
        (Step(hers=(Deed("join"), Deed("browse_only"))), Step(hers=(Deed("direct"),)), *_DAYS),
        joined=False,
    ),
    "is thanked with others who told that they shared": Script(
        14,
        (
            Step(Wait.BEAT, 0, Deed("tell"), (Deed("tell"),)),
            Step(Wait.BEAT, 1, Deed("tell", 0, 1)),
            _A_DAY,
            Step(Wait.BEAT, 0, Deed("thank"), (Deed("undo"),)),
            Step(Wait.BEAT, 1, Deed("thank")),
            _A_DAY,
        ),
    ),
    "tells comms that she shared, among others who do, and takes one back": Script(
        14,
        (
            Step(Wait.BEAT, 0, Deed("tell"), (Deed("tell"), Deed("tell", 1), Deed("undo", 1))),
            Step(Wait.BEAT, 1, Deed("tell", 0, 1)),
            _A_DAY,
            _A_DAY,
        ),
    ),
}

# In its turn a post is not sent a second time where her click has shown that it is there, and that
# can be seen. It stays so: nothing is sent twice.
SEEN_BY_NO_SECOND_MESSAGE: Final = Script(
    2,
    (
        Step(Wait.BEAT, 0, Deed("lose")),
        Step(Wait.BEAT, 0, Deed("write")),
        Step(hers=(Deed("skip", 3),)),
        Step(Wait.BEAT, 0, Deed("send_again", 3)),
        _QUIET,
    ),
)

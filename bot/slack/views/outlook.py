"""When the next direct message may come, and why not sooner: one sentence for a member."""

from __future__ import annotations

from bot.domain.model import Allowed, Member, Pace, Reason, Withheld
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from bot.slack.views.text import when

PACES = {
    Pace.MONTHLY: "once a month",
    Pace.FORTNIGHTLY: "once every 2 weeks",
    Pace.WEEKLY: "once a week",
    Pace.TWICE_A_WEEK: "twice a week",
    Pace.THRICE_A_WEEK: "3 times a week",
}

_WHY = {
    Reason.PAUSED: "You're paused.",
    Reason.BUDGET: "Your company limits direct messages, and I draw each week who may get one.",
    Reason.CAP: "You chose at most {pace}.",
    Reason.GAP: "I leave time between two of them.",
    Reason.HOLIDAY: "A public holiday comes first.",
    Reason.DAY_OFF: "I keep to the days you chose.",
    Reason.HOURS: "I spread them over the hours you chose.",
    Reason.QUIET: "You're on do-not-disturb until then.",
}
_NEVER = {
    Reason.NO_CONSENT: "You haven't joined, so I won't send you anything.",
    Reason.NOT_DIRECT: "You get no direct messages.",
    Reason.NO_TOPICS: "You get no direct messages until you choose a topic in your settings.",
    Reason.NO_NETWORKS: "You get no direct messages until you choose a network in your settings.",
    Reason.STOPPED: "I've stopped sending you direct messages for now. Resume whenever you like.",
    Reason.FROZEN: "Everything is on hold for now, so nothing is sent.",
    Reason.PACE_CHECK: "I'm sending nobody direct messages for now, so that they don't become "
    "too many.",
}


def next_ask(decision: Allowed | Withheld, member: Member) -> str:
    """When the next direct message may come, in the reader's zone, and why not sooner."""
    if isinstance(decision, Allowed):
        return (
            "You could get a direct message soon, if a post fits and you're not on do-not-disturb."
        )
    if decision.reason in _NEVER:
        return _NEVER[decision.reason]
    why = _WHY[decision.reason].format(pace=PACES[member.preferences.pace])
    if (
        decision.reason is Reason.GAP
        and member.consecutive_declines >= DEFAULT_PACING_CONSTANTS.slows_after
    ):
        why = "I leave more time after some that weren't for you."
    if decision.until is None:
        return f"No direct message comes before your consent ends. {why}"
    earliest = when(decision.until, member.time_zone)
    return f"The earliest for a direct message is {earliest}, if a post fits. {why}"

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
    Reason.FROZEN: "Everything is on hold for a while.",
    Reason.PAUSED: "You're paused.",
    Reason.BUDGET: "Your company limits direct messages. Each week chance decides who may get one.",
    Reason.CAP: "That's the pace you chose.",
    Reason.GAP: "I leave some time between messages.",
    Reason.HOLIDAY: "I don't write on public holidays.",
    Reason.DAY_OFF: "I keep to the days you chose.",
    Reason.HOURS: "I spread messages over the hours you chose.",
    Reason.QUIET: "You're on do-not-disturb until then.",
}
_NEVER = {
    Reason.NO_CONSENT: "You haven't joined, so I won't send you anything.",
    Reason.NOT_DIRECT: "You haven't chosen direct messages.",
    Reason.NO_TOPICS: "Direct messages can come once you follow a topic. Your settings list them.",
    Reason.NO_NETWORKS: "Direct messages can come once you choose a network in your settings.",
    Reason.STOPPED: "I've stopped sending you direct messages for now. Resume whenever you like.",
    Reason.FROZEN: "Everything is on hold for now, so I'm not sending anything.",
    Reason.PACE_CHECK: "I'm sending no direct messages for now, so that they don't become "
    "too many.",
}


def next_ask(decision: Allowed | Withheld, member: Member) -> str:
    """When the next direct message may come, in the reader's zone, and why not sooner."""
    if isinstance(decision, Allowed):
        return (
            "You could get a direct message soon, if a post fits and you're not on do-not-disturb."
        )
    frozen_for_a_while = decision.reason is Reason.FROZEN and decision.until is not None
    if decision.reason in _NEVER and not frozen_for_a_while:
        return _NEVER[decision.reason]
    why = _WHY[decision.reason]
    if (
        decision.reason is Reason.GAP
        and member.consecutive_declines >= DEFAULT_PACING_CONSTANTS.slows_after
    ):
        why = "I leave more time after a few that weren't for you."
    if decision.until is None:
        return f"There won't be a direct message before your consent ends. {why}"
    earliest = when(decision.until, member.time_zone)
    if decision.reason is Reason.PAUSED:
        return f"You're paused until {earliest}."
    return f"The earliest time for a direct message is {earliest}, if a post fits. {why}"

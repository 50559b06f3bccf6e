"""When the next ask may come, and why not sooner: one sentence for a member."""

from __future__ import annotations

from bot.domain.model import Allowed, Member, Pace, Reason, Withheld
from bot.slack.views.text import when

PACES = {
    Pace.MONTHLY: "1 a month",
    Pace.FORTNIGHTLY: "1 in 2 weeks",
    Pace.WEEKLY: "1 a week",
    Pace.TWICE_A_WEEK: "2 a week",
    Pace.THRICE_A_WEEK: "3 a week",
}

_WHY = {
    Reason.PAUSED: "since you are paused until then",
    Reason.BUDGET: "since your company limits how many direct messages I send in a week",
    Reason.CAP: "since you chose {pace}",
    Reason.GAP: "since I leave time between two of them",
    Reason.HOLIDAY: "since it is a public holiday",
    Reason.DAY_OFF: "since it is outside the days you chose",
    Reason.HOURS: "since I spread posts over the hours you chose",
    Reason.QUIET: "since Slack keeps your notifications quiet until then",
}
_NEVER = {
    Reason.NO_CONSENT: "You aren't taking part, so I won't send you anything.",
    Reason.NOT_DIRECT: "I won't send you posts directly, as you chose.",
    Reason.NO_TOPICS: "I won't send you anything until you choose topics in your settings: nothing "
    "is proposed without one.",
    Reason.NO_NETWORKS: "I won't send you anything until you choose networks in your settings: "
    "nothing is proposed without one.",
    Reason.STOPPED: "I've stopped sending you posts for now. Resume whenever you like.",
    Reason.FROZEN: "Everything is on hold for now, so nothing is sent.",
    Reason.PACE_CHECK: "I'm sending nobody anything for now, so that it doesn't become too much.",
}


def next_ask(decision: Allowed | Withheld, member: Member) -> str:
    """When the next direct post may come, in the reader's zone, and why not sooner."""
    if isinstance(decision, Allowed):
        return "Your next post may come at any time now, if one fits."
    if decision.reason in _NEVER:
        return _NEVER[decision.reason]
    pace = PACES[member.preferences.pace]
    why = _WHY[decision.reason].format(pace=pace)
    if decision.until is None:
        return f"No post comes before your consent ends, {why}."
    return f"Your next post comes {when(decision.until, member.zone)} at the earliest, {why}."

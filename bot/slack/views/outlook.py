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
    Reason.PAUSED: "because you are paused",
    Reason.BUDGET: "because your company limits direct messages, and I draw each week who may "
    "get one",
    Reason.CAP: "because you chose at most {pace}",
    Reason.GAP: "because I leave time between two of them",
    Reason.HOLIDAY: "because of a public holiday",
    Reason.DAY_OFF: "because of the days you chose",
    Reason.HOURS: "because I spread them over the hours you chose",
    Reason.QUIET: "because Slack keeps your notifications quiet",
}
_NEVER = {
    Reason.NO_CONSENT: "You aren't taking part, so nothing is sent to you.",
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
            "Your next direct message may come at any time now, if a post fits and Slack doesn't "
            "keep your notifications quiet."
        )
    if decision.reason in _NEVER:
        return _NEVER[decision.reason]
    pace = PACES[member.preferences.pace]
    why = _WHY[decision.reason].format(pace=pace)
    if (
        decision.reason is Reason.GAP
        and member.consecutive_declines >= DEFAULT_PACING_CONSTANTS.slows_after
    ):
        why = "because I leave more time after some that weren't for you"
    if decision.until is None:
        return f"No direct message comes before your consent ends, {why}."
    earliest = when(decision.until, member.time_zone)
    return f"If a post fits, your next direct message can come {earliest} at the earliest, {why}."

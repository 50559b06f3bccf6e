"""Rules that changed, a line each, for every member's Home tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from slack_sdk.models.blocks import Block

from bot.domain import networks
from bot.domain.post import Network
from bot.domain.rules import TOLD_FOR, Rule, RuleChange
from bot.slack.views.text import context, day, escape, header, packed, section, span

_MOST: Final = 150  # characters of a value: a disclosure is an operator's own words


def render(changes: Sequence[RuleChange], zone: str) -> list[Block]:
    """The newest changes, as many as one block holds, each on its day in the reader's zone."""
    if not changes:
        return []
    lines = [f"• {day(change.since, zone)}: {_says(change)}." for change in changes]
    return [
        header("Rules that changed"),
        section(packed(lines)[0]),
        context(
            f"Every member sees this for {TOLD_FOR.days} days. You can leave whenever you like."
        ),
    ]


def in_general(rule: Rule) -> str:
    """What a rule is about, without a value."""
    return _SENTENCES[rule][0].format("…")


def _says(change: RuleChange) -> str:
    sentence, words = _SENTENCES[change.rule]
    before = change.before if change.rule in _COUNTED else words(change.before)
    return sentence.format(words(change.value)) + (f" (was {before})" if before else "")


def _number(value: str) -> str:
    return value


def _counted(unit: str) -> Callable[[str], str]:
    return lambda value: f"{value} {unit}{'' if value == '1' else 's'}"


def _people(value: str) -> str:
    return "1 person" if value == "1" else f"{value} people"


def _channel(value: str) -> str:
    return f"<#{value}>"


def _unnamed(_value: str) -> str:
    """Members never read which channel comms work in."""
    return ""


def _length(value: str) -> str:
    return span(timedelta(seconds=int(value))) if value != "0" else "0 days"


def _quoted(value: str) -> str:
    return f"“{escape(value[:_MOST])}”"


def _networks(value: str) -> str:
    names = {network.value: networks.name(network) for network in Network}
    return ", ".join(names.get(each, escape(each)) for each in value.split(","))


def _tags(value: str) -> str:
    return f"the tags {escape(value.replace(',', ', '))}" if value else "no tags"


_Words = Callable[[str], str]
_SENTENCES: Final[dict[Rule, tuple[str, _Words]]] = {
    Rule.CHANNEL: ("posts appear in {}", _channel),
    Rule.COMMS_CHANNEL: ("the comms team works in another channel", _unnamed),
    Rule.MIN_GAP: ("there are at least {} between two posts in the channel", _length),
    Rule.WEEKLY_CAP: ("the channel may get {} a week", _counted("post")),
    Rule.HOURS: ("posts appear in the channel during {}", _number),
    Rule.WORKDAYS: ("posts appear in the channel on {}", _number),
    Rule.ASKS_PER_WEEK: (
        "members who get direct messages may get {} a week each, on average",
        _number,
    ),
    Rule.APPROVALS: ("it takes {} to send a post out", _people),
    Rule.DISCLOSURE: ("texts say where you work with {}", _quoted),
    Rule.NETWORKS: ("posts can be shared on {}", _networks),
    Rule.LINK_TAGS: ("shared links carry {}", _tags),
    Rule.CONSENT_MONTHS: (
        "consent given or renewed from now on ends by itself after {}",
        _counted("month"),
    ),
    Rule.POST_DAYS: ("posts that go out from now on end by themselves after {}", _counted("day")),
    Rule.KEPT_DAYS: (
        "your answers are deleted {} after their post ends, and the rest of your data just as "
        "long after your consent ends",
        _counted("day"),
    ),
    Rule.EVIDENCE_YEARS: (
        "for {} I keep a record of who in the comms team wrote or decided what",
        _counted("year"),
    ),
    Rule.LEAST_PEOPLE: ("figures are shown only where at least {} stand behind them", _people),
    Rule.FIGURES: ("rounded figures about posts that have ended are {} for comms", _number),
}
# What was before needs no second "posts" or "days".
_COUNTED: Final = frozenset(Rule) - {
    Rule.CHANNEL,
    Rule.COMMS_CHANNEL,
    Rule.MIN_GAP,
    Rule.DISCLOSURE,
    Rule.NETWORKS,
    Rule.LINK_TAGS,
}

"""Who would be asked: how many people follow a topic, told in a line that holds for a week.

The numbers are those of Monday's snapshot, one for each topic. A card shows the line of one topic,
the largest of its post: never how many follow any of several, nor how many follow all of them.
Whoever tries out topics in drafts reads the same few lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from bot.domain.combinations import Undivided, stand_for_few
from bot.domain.delivery import Delivery
from bot.domain.post import Content
from bot.domain.reports import steady
from bot.domain.snapshot import LEAST_PEOPLE, Snapshot, speaks
from bot.domain.topics import topic_keys


@dataclass(frozen=True, slots=True)
class Audience:
    """How many people who get direct messages follow a topic, rounded; `topic` as it was written.

    `is_only` says that it is the post's only topic.
    """

    topic: str
    people: int
    is_only: bool


def decide_audiences(
    before: Mapping[str, int], people: Mapping[frozenset[str], int]
) -> dict[str, int]:
    """What may be told of each topic for a week, by its key.

    A topic is told of where enough people follow it and enough don't, and where nothing that is
    told, added up and taken from each other, stands for a few of them, or for all but a few.

    Args:
        before: What was told last of each topic, in the week before or in an earlier one.
        people: How many may be asked, by the keys of all the topics that they follow.
    """
    whole = sum(people.values())
    following: Counter[str] = Counter()
    for topics, count in people.items():
        following.update(dict.fromkeys(topics, count))
    told: dict[str, int] = {}
    for topic in sorted(following, key=lambda key: (-following[key], key)):
        count = following[topic]
        if speaks(count, whole) and not _stand_for_few(people, {*told, topic}):
            told[topic] = steady(before.get(topic), count)
    return told


def find_audience(snapshot: Snapshot, content: Content) -> Audience | None:
    """The line of the post's largest topic; None where none is told of, or it asks nobody."""
    if Delivery.DIRECT not in content.delivery:
        return None
    told = [
        Audience(topic, snapshot.audiences[key], len(content.topics) == 1)
        for topic in content.topics
        for key in topic_keys((topic,))
        if key in snapshot.audiences
    ]
    return max(told, key=lambda audience: audience.people, default=None)


def _stand_for_few(people: Mapping[frozenset[str], int], topics: Set[str]) -> bool:
    """Whether a combination of how many follow these topics, and of all, stands for a few."""
    alike: Counter[frozenset[str]] = Counter()
    for followed, count in people.items():
        alike[followed & topics] += count
    cells = [Undivided(count, (None, *sorted(some))) for some, count in alike.items()]
    return stand_for_few([cells], LEAST_PEOPLE)

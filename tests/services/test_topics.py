"""Topics: however posts and people write them, they meet, and are shown as written first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.lessons import LessonCatalog
from bot.services import home_tab, preferences
from bot.storage import workspaces
from tests.services.helpers import AMARA, ServiceWorld, workspace


def followed(world: ServiceWorld) -> list[str]:
    """What Amara's Home tab says that she follows."""
    data = world.run(home_tab.load_home_tab, AMARA, LessonCatalog())
    return list(data.topics)


def test_a_topic_is_offered_once_as_it_was_written_first(world: ServiceWorld) -> None:
    world.run(workspaces.save, replace(workspace(), topics=("Releases",)))
    world.approved(title="One", topics=("AI", "Stra\u00dfe"))
    world.approved(title="Two", topics=("ai", "RELEASES", "STRASSE", "Caf\u00e9"))
    assert world.run(preferences.load_topics) == {
        "releases": "Releases",
        "ai": "AI",
        "strasse": "Stra\u00dfe",
        "caf\u00e9": "Caf\u00e9",
    }


@pytest.mark.parametrize(
    ("of_post", "of_member"),
    [("AI", "ai"), ("ai", "AI"), ("Stra\u00dfe", "STRASSE"), ("Caf\u00e9", "cafe\u0301")],
)
def test_a_post_reaches_who_follows_its_topic_in_other_letters(
    afternoon: ServiceWorld, of_post: str, of_member: str
) -> None:
    afternoon.member(topics=(of_member,))
    post = afternoon.live(topics=(of_post,))
    assert [found for _member, found in afternoon.planned()] == [post]
    assert afternoon.send_planned()
    assert followed(afternoon) == [of_post]


def test_what_no_post_has_any_more_is_still_followed(world: ServiceWorld) -> None:
    world.save_workspace()
    world.member(topics=("Gardening",))
    assert followed(world) == ["gardening"]

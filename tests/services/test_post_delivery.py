"""Where a post goes: the channel, direct messages, or both."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.delivery import BOTH, Delivery
from bot.domain.post import PostState
from bot.services import heartbeat, posts, share_dialog, workspaces
from bot.services.planning import Planned
from bot.storage.tables import AnnouncementRow, PostRow
from tests.services.asks import staff
from tests.services.helpers import CARL, CLEO, DAY, ServiceWorld, post_of

CHANNEL, DIRECT = frozenset({Delivery.CHANNEL}), frozenset({Delivery.DIRECT})


def beat(world: ServiceWorld) -> int | None:
    """One heartbeat; the post that it announces."""
    claimed = world.run(heartbeat.run_heartbeat)
    return claimed.post.id if claimed else None


def states(world: ServiceWorld) -> list[PostState]:
    return [row.state for row in world.rows(PostRow)]


def test_a_post_for_direct_messages_goes_live_without_the_channel(
    afternoon: ServiceWorld,
) -> None:
    [member] = staff(afternoon, 1)
    direct, both = afternoon.approved(delivery=DIRECT), afternoon.approved()
    assert beat(afternoon) == both, "it takes no turn in the channel"
    assert states(afternoon) == [PostState.LIVE, PostState.APPROVED]
    [row] = [row for row in afternoon.rows(PostRow) if row.id == direct]
    assert row.live_at == afternoon.now
    assert afternoon.post(direct).content.expires_at == afternoon.now + timedelta(days=60)
    assert [row.post_id for row in afternoon.rows(AnnouncementRow)] == [both]
    assert [post.id for post in afternoon.run(share_dialog.load_shareable_posts)] == [direct]
    assert afternoon.planned() == [(member, direct)]


def test_a_post_for_the_channel_is_proposed_to_nobody(afternoon: ServiceWorld) -> None:
    staff(afternoon, 1)
    afternoon.live(delivery=CHANNEL)
    assert afternoon.plan() == Planned(1, 0)


def test_direct_messages_wait_for_the_earliest_time_and_for_a_freeze(
    afternoon: ServiceWorld,
) -> None:
    afternoon.approved(delivery=DIRECT, not_before=afternoon.now + DAY)
    afternoon.run(workspaces.freeze, CARL)
    beat(afternoon)
    afternoon.now += DAY
    beat(afternoon)
    assert states(afternoon) == [PostState.APPROVED]
    afternoon.run(workspaces.unfreeze, CARL)
    beat(afternoon)
    assert states(afternoon) == [PostState.LIVE]


def test_where_a_live_post_goes_stays(world: ServiceWorld) -> None:
    post = world.live()
    world.edit(post, title="Corrected", delivery=DIRECT)
    assert world.post(post).content.title == "Corrected"
    assert world.post(post).content.delivery == BOTH
    before = world.approved(delivery=DIRECT)
    edited = world.edit(before, delivery=CHANNEL)
    assert (edited.state, edited.content.delivery) == (PostState.IN_REVIEW, CHANNEL)
    post_of(world.run(posts.withdraw, CLEO, edited.id))

"""What a member chooses for the posts they see: topics, networks, pace, hours, delivery."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import paces
from bot.domain.delivery import Delivery
from bot.domain.ids import MemberId, UserId
from bot.domain.model import DirectChoice, Member, Pace, Preferences
from bot.domain.topics import spellings, topic_keys
from bot.services import pacing as pacing_service
from bot.services.membership import Membership, find_consenting
from bot.storage import members, posts, preferences, workspaces
from bot.storage.tx import Tx


def load_topics(tx: Tx) -> dict[str, str]:
    """What members can follow, by its key: the workspace's topics, then those of posts.

    Those of the newest post come first, each as the workspace has it or as it was written first.
    """
    workspace = workspaces.find(tx)
    own = workspace.topics if workspace is not None else ()
    of_posts = posts.load_topics(tx)
    shown = spellings((*own, *reversed(of_posts)))
    return {key: shown[key] for key in topic_keys((*own, *of_posts))}


def choose(tx: Tx, user_id: UserId, chosen: Preferences, server: str | None = None) -> Membership:
    """Record what the member wants to see, when, and how; member None without valid consent.

    `server` is the host name of theirs on Mastodon, empty to forget it; None leaves it as it is.
    """
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    chosen = replace(chosen, topics=topic_keys(chosen.topics))
    instance = member.mastodon_instance if server is None else server or None
    if (member.preferences, member.mastodon_instance) == (chosen, instance):
        return Membership(member, changed=False)
    preferences.record_mastodon_instance(tx, member.id, instance)
    return _record(tx, member, chosen)


def choose_direct(tx: Tx, user_id: UserId, chosen: DirectChoice) -> Membership:
    """Send the member direct messages as they chose; what they chose besides stays as it is."""
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    after = replace(
        member.preferences,
        delivery=member.preferences.delivery | {Delivery.DIRECT},
        pace=chosen.pace,
        topics=chosen.topics,
        networks=chosen.networks,
    )
    if after == member.preferences:
        return Membership(member, changed=False)
    return _record(tx, member, after)


def choose_channel(tx: Tx, user_id: UserId, *, wanted: bool) -> Membership:
    """Record whether the channel is one of the ways in which posts reach the member."""
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    before = member.preferences.delivery
    channel = frozenset({Delivery.CHANNEL})
    after = before | channel if wanted else before - channel
    if after == before:
        return Membership(member, changed=False)
    return _record(tx, member, replace(member.preferences, delivery=after))


def browse_only(tx: Tx, user_id: UserId) -> Membership:
    """Send the member nothing: neither in the channel nor directly."""
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(members.find(tx, user_id), changed=True)
    return _record(tx, member, replace(member.preferences, delivery=frozenset()))


def ask_less(tx: Tx, user_id: UserId, than: Pace | None = None) -> Membership:
    """Ask at most half as often as with the pace `than`, by default as with the member's own.

    A click names the pace that its reader saw, so that it halves once however often it comes. Not
    changed where the member is asked as seldom already.
    """
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    pace = member.preferences.pace
    slower = paces.slower(than or pace)
    if not paces.is_slower(slower, pace):
        return Membership(member, changed=False)
    return _record(tx, member, replace(member.preferences, pace=slower))


def record_time_zone(tx: Tx, member_id: MemberId, time_zone: str | None) -> None:
    """Record where Slack says that the member is; None where it does not: asked again later."""
    preferences.record_time_zone(tx, member_id, time_zone)
    pacing_service.reschedule(tx, member_id)


def remember_server(tx: Tx, user_id: UserId, host: str) -> Membership:
    """Record the member's server on Mastodon, where they have valid consent."""
    member = find_consenting(tx, user_id)
    if member is not None:
        preferences.record_mastodon_instance(tx, member.id, host)
    return Membership(members.find(tx, user_id), changed=True)


def _record(tx: Tx, member: Member, chosen: Preferences) -> Membership:
    """Record what a consenting member chose, and when the planner looks at them next."""
    preferences.record_preferences(tx, member.id, chosen)
    pacing_service.reschedule(tx, member.id)
    return Membership(members.find(tx, member.user_id), changed=True)

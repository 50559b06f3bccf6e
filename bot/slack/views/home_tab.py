"""The Home tab: where a person stands, what may come, and what they could share."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from bot.domain.home_tab import CommsData, HomeTabData
from bot.domain.model import Allowed, Delivery, Member, Withheld, Workspace
from bot.domain.post import Post, PostState
from bot.slack.views import asks, lessons, membership, outlook, pace_check, post_lists, preferences
from bot.slack.views.text import context, day, escape, header, plain, section, when

WRITE_POST = "write_post"
ALL_POSTS = "all_posts"

MOST_POSTS = 5  # a Home tab is read at a glance
MOST_TOPICS = 10  # named, of those that somebody follows
MOST_EACH = 3  # posts of one state that comms see: Slack takes 100 blocks, lessons included


def render(data: HomeTabData) -> View:
    """The whole tab."""
    blocks: list[Block] = []
    if data.member is None or data.decision is None:
        blocks += membership.not_joined(at_home=True).blocks
    else:
        blocks += _status_blocks(data, data.member, data.decision)
    blocks += _posts(data)
    if data.comms is not None:
        blocks += _comms_blocks(data.comms, data.workspace)
    if data.catalog.lessons:
        blocks += [DividerBlock(), header("Short lessons")]
        blocks += lessons.catalogue(data.catalog, data.read_lessons).blocks
    return View(type="home", blocks=blocks)


def _status_blocks(data: HomeTabData, member: Member, decision: Allowed | Withheld) -> list[Block]:
    chosen = member.preferences
    direct = Delivery.DIRECT in chosen.delivery
    lines = [outlook.next_ask(decision, member)]
    if Delivery.CHANNEL in chosen.delivery:
        also = "also " if direct else ""
        lines.append(f"You {also}see posts in <#{data.workspace.advocacy_channel}>, now and then.")
    if data.paused and member.paused_until is not None:
        lines.append(f"You are paused until {when(member.paused_until, member.time_zone)}.")
    pace = f"At most {outlook.PACES[chosen.pace]}. " if direct else ""
    since = day(member.consented_at, member.time_zone)
    ends = day(member.consent_ends_at, member.time_zone)
    blocks: list[Block] = [
        header("Where you stand"),
        section("\n".join(lines)),
        context(f"{pace}Topics: {_topics(chosen.topics)}."),
        context(f"You joined on {since}. Your consent ends by itself on {ends}."),
        ActionsBlock(elements=_buttons(data, member)),
    ]
    if data.renewable:
        blocks += asks.renewal(member.consent_ends_at, member.time_zone)
    return blocks


def _topics(followed: Sequence[str]) -> str:
    named = ", ".join(escape(topic.capitalize()) for topic in followed[:MOST_TOPICS])
    more = len(followed) - MOST_TOPICS
    return f"{named} and {more} more" if more > 0 else named or "none yet"


def _buttons(data: HomeTabData, member: Member) -> list[ButtonElement]:
    halted = data.paused or member.stopped_at is not None
    middle = ("Resume", membership.RESUME) if halted else ("Pause 2 weeks", membership.PAUSE)
    wanted = (
        ("Settings", preferences.OPEN),
        middle,
        ("Practise", membership.PRACTISE),
        ("Your data", membership.MY_DATA),
        ("Leave", membership.LEAVE),
    )
    return _labelled(wanted)


def _labelled(wanted: Sequence[tuple[str, str]]) -> list[ButtonElement]:
    return [
        ButtonElement(text=plain(label), action_id=action, value=action) for label, action in wanted
    ]


def _posts(data: HomeTabData) -> list[Block]:
    blocks: list[Block] = [DividerBlock(), header("Posts you could share")]
    if not data.posts:
        return [*blocks, section("There is nothing to share just now.")]
    for post in data.posts[:MOST_POSTS]:
        blocks += post_lists.offered(post)
    if len(data.posts) > MOST_POSTS:
        blocks.append(context("`/advocacy browse` shows more."))
    return blocks


def _comms_blocks(comms: CommsData, workspace: Workspace) -> list[Block]:
    blocks: list[Block] = [DividerBlock(), header("For the communications team")]
    blocks += pace_check.render(comms.pace_check, workspace.policy.zone).blocks
    wanted = (("Write a post", WRITE_POST), ("All posts", ALL_POSTS))
    blocks.append(ActionsBlock(elements=_labelled(wanted)))
    shown = [post for state in PostState for post in _few(comms.posts, state)]
    if not shown:
        return [*blocks, section("No posts are under way.")]
    waiting = sum(post.state is PostState.IN_REVIEW for post in comms.posts)
    if waiting:
        blocks.append(section(f"{waiting} waiting for approval."))
    blocks += post_lists.overview(shown, comms.forecasts, workspace).blocks
    if len(shown) < len(comms.posts):
        blocks.append(context("`/advocacy posts` shows more."))
    return blocks


def _few(posts: Sequence[Post], state: PostState) -> Sequence[Post]:
    """The newest of a state, given newest first; of those that wait, the ones that wait longest."""
    found = [post for post in posts if post.state is state]
    waits = state in (PostState.IN_REVIEW, PostState.APPROVED)
    return found[-MOST_EACH:] if waits else found[:MOST_EACH]

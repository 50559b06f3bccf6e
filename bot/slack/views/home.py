"""The Home tab: where a person stands, what may come, and what they could share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from bot.domain.lessons import NO_LESSONS, Shelf
from bot.domain.model import Allowed, Delivery, Member, Post, PostState, Withheld, Workspace
from bot.domain.queue import Forecast
from bot.slack.views import ask, lessons, lists, membership, outlook, preferences
from bot.slack.views.text import Message, context, day, escape, header, plain, section, when

WRITE_POST = "write_post"
ALL_POSTS = "all_posts"

MOST_POSTS = 5  # a Home tab is read at a glance
MOST_TOPICS = 10  # named, of those that somebody follows
MOST_EACH = 3  # posts of one state that comms see: Slack takes 100 blocks, lessons included


@dataclass(frozen=True, slots=True)
class Desk:
    """What comms see besides: every post under way, and the pace check."""

    posts: Sequence[Post]
    outlook: Mapping[int, Forecast]
    pace: Message


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one person's Home tab shows; `desk` is None for those who are not in comms.

    `member` is None where there is no valid consent; `paused` and `renewable` are as of now, and
    `read` names the lessons of the `shelf` that a member has read.
    """

    workspace: Workspace
    member: Member | None
    decision: Allowed | Withheld | None
    paused: bool
    renewable: bool
    posts: Sequence[Post]
    desk: Desk | None
    shelf: Shelf = NO_LESSONS
    read: frozenset[str] | None = None


def render(facts: Facts) -> View:
    """The whole tab."""
    blocks: list[Block] = []
    if facts.member is None or facts.decision is None:
        blocks += membership.not_joined(at_home=True).blocks
    else:
        blocks += _standing(facts, facts.member, facts.decision)
    blocks += _posts(facts)
    if facts.desk is not None:
        blocks += _desk(facts.desk, facts.workspace)
    if facts.shelf.lessons:
        blocks += [DividerBlock(), header("Short lessons")]
        blocks += lessons.catalogue(facts.shelf, facts.read).blocks
    return View(type="home", blocks=blocks)


def _standing(facts: Facts, member: Member, decision: Allowed | Withheld) -> list[Block]:
    chosen = member.preferences
    direct = Delivery.DIRECT in chosen.delivery
    lines = [outlook.next_ask(decision, member)]
    if Delivery.CHANNEL in chosen.delivery:
        also = "also " if direct else ""
        lines.append(f"You {also}see posts in <#{facts.workspace.advocacy_channel}>, now and then.")
    if facts.paused and member.paused_until is not None:
        lines.append(f"You are paused until {when(member.paused_until, member.zone)}.")
    pace = f"At most {outlook.PACES[chosen.pace]}. " if direct else ""
    since = day(member.consented_at, member.zone)
    ends = day(member.consent_ends_at, member.zone)
    blocks: list[Block] = [
        header("Where you stand"),
        section("\n".join(lines)),
        context(f"{pace}Topics: {_topics(chosen.topics)}."),
        context(f"You joined on {since}. Your consent ends by itself on {ends}."),
        ActionsBlock(elements=_buttons(facts, member)),
    ]
    if facts.renewable:
        blocks += ask.renewal(member.consent_ends_at, member.zone)
    return blocks


def _topics(followed: Sequence[str]) -> str:
    named = ", ".join(escape(topic.capitalize()) for topic in followed[:MOST_TOPICS])
    more = len(followed) - MOST_TOPICS
    return f"{named} and {more} more" if more > 0 else named or "none yet"


def _buttons(facts: Facts, member: Member) -> list[ButtonElement]:
    halted = facts.paused or member.stopped_at is not None
    middle = ("Resume", membership.RESUME) if halted else ("Pause 2 weeks", membership.PAUSE)
    wanted = (
        ("Settings", preferences.OPEN),
        middle,
        ("Practise", membership.PRACTISE),
        ("Leave", membership.LEAVE),
    )
    return _labelled(wanted)


def _labelled(wanted: Sequence[tuple[str, str]]) -> list[ButtonElement]:
    return [
        ButtonElement(text=plain(label), action_id=action, value=action) for label, action in wanted
    ]


def _posts(facts: Facts) -> list[Block]:
    blocks: list[Block] = [DividerBlock(), header("Posts you could share")]
    if not facts.posts:
        return [*blocks, section("There is nothing to share just now.")]
    for post in facts.posts[:MOST_POSTS]:
        blocks += lists.offered(post)
    if len(facts.posts) > MOST_POSTS:
        blocks.append(context("`/advocacy browse` shows more."))
    return blocks


def _desk(desk: Desk, workspace: Workspace) -> list[Block]:
    blocks: list[Block] = [DividerBlock(), header("For the communications team")]
    blocks += desk.pace.blocks
    wanted = (("Write a post", WRITE_POST), ("All posts", ALL_POSTS))
    blocks.append(ActionsBlock(elements=_labelled(wanted)))
    shown = [post for state in PostState for post in _few(desk.posts, state)]
    if not shown:
        return [*blocks, section("No posts are under way.")]
    waiting = sum(post.state is PostState.IN_REVIEW for post in desk.posts)
    if waiting:
        blocks.append(section(f"{waiting} waiting for approval."))
    blocks += lists.overview(shown, desk.outlook, workspace).blocks
    if len(shown) < len(desk.posts):
        blocks.append(context("`/advocacy posts` shows more."))
    return blocks


def _few(posts: Sequence[Post], state: PostState) -> Sequence[Post]:
    """The newest of a state, given newest first; of those that wait, the ones that wait longest."""
    found = [post for post in posts if post.state is state]
    waits = state in (PostState.IN_REVIEW, PostState.APPROVED)
    return found[-MOST_EACH:] if waits else found[:MOST_EACH]

"""The Home tab: where a person stands, what may come, and what they could share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
    Option,
    OverflowMenuElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.domain.delivery import Delivery
from bot.domain.desk import Desk
from bot.domain.home_tab import MOST_SHOWN, AnsweredPost, HomeTabData
from bot.domain.model import Allowed, Member, Withheld
from bot.domain.post import Post
from bot.slack.views import (
    asks,
    desk,
    lessons,
    membership,
    outlook,
    post_lists,
    responses,
    rules,
)
from bot.slack.views.payload import PostRef, Unreadable, read_ref, show_ref
from bot.slack.views.text import (
    Message,
    button,
    context,
    day,
    escape,
    header,
    plain,
    section,
    when,
)

ANSWER_MENU = "answer_menu"
SHARE_IT = "share"
UNDO = "undo"

MOST_BLOCKS = 100  # Slack's limit
MOST_TOPICS = 10  # named, of those that somebody follows


def render(data: HomeTabData) -> View:
    """The whole tab."""
    blocks: list[Block] = []
    if data.desk is not None:
        blocks += [*desk.render(data.desk), DividerBlock()]
    if data.member is None or data.decision is None:
        blocks += membership.not_joined(at_home=True).blocks
    else:
        blocks += _status_blocks(data, data.member, data.decision)
    below: list[Block] = []
    if data.catalog.lessons:
        below += [DividerBlock(), header("A short lesson")]
        below += lessons.suggestion(data.catalog, data.read_lessons)
        below.append(ActionsBlock(elements=[button("All lessons", membership.LESSONS)]))
    blocks += _posts(data.posts, room=MOST_BLOCKS - len(blocks) - len(below))
    blocks += _answered(data.answered, room=MOST_BLOCKS - len(blocks) - len(below))
    return View(type="home", blocks=blocks + below)


def closed(why: Message, desk_shown: Desk | None) -> View:
    """The tab of somebody who cannot take part, and why; their data are still theirs to see."""
    blocks: list[Block] = []
    if desk_shown is not None:
        blocks += [*desk.render(desk_shown), DividerBlock()]
    yours = ActionsBlock(elements=[membership.your_data_button()])
    return View(type="home", blocks=[*blocks, *(why.blocks or [section(why.text)]), yours])


def _status_blocks(data: HomeTabData, member: Member, decision: Allowed | Withheld) -> list[Block]:
    chosen = member.preferences
    direct = Delivery.DIRECT in chosen.delivery
    lines = [outlook.next_ask(decision, member)]
    if Delivery.CHANNEL in chosen.delivery:
        also = "also " if direct else ""
        lines.append(f"You {also}see posts in <#{data.workspace.advocacy_channel}>, now and then.")
    if not direct and data.paused and member.paused_until is not None:
        lines.append(f"You're paused until {when(member.paused_until, member.time_zone)}.")
    pace = f"Direct messages at most {outlook.PACES[chosen.pace]}. " if direct else ""
    since = day(member.consented_at, member.time_zone)
    ends = day(member.consent_ends_at, member.time_zone)
    # In its last days a line with a button says when it ends.
    until = "" if data.renewable else f" Your consent ends by itself on {ends}."
    blocks: list[Block] = [
        header("Where you stand"),
        section("\n".join(lines)),
        context(f"{pace}Topics: {_topics(data.topics)}."),
        context(f"You joined on {since}.{until}"),
        ActionsBlock(elements=_buttons(data, member)),
    ]
    if data.renewable:
        blocks += asks.renewal(member.consent_ends_at, member.time_zone)
    return blocks + rules.render(data.changes, member.time_zone)


def _topics(followed: Sequence[str]) -> str:
    named = ", ".join(escape(topic) for topic in followed[:MOST_TOPICS])
    more = len(followed) - MOST_TOPICS
    return f"{named} and {more} more" if more > 0 else named or "none yet"


def _buttons(data: HomeTabData, member: Member) -> list[ButtonElement]:
    halted = data.paused or member.stopped_at is not None
    return [
        *membership.ways_left(member.preferences.delivery),
        membership.settings_button(),
        membership.resume_button() if halted else membership.pause_button(),
        membership.try_out_button(),
        membership.suggest_button(),
        membership.your_data_button(),
        membership.leave_button(),
    ]


def _posts(posts: Sequence[Post], *, room: int) -> list[Block]:
    """What a person could share, as far as there are blocks left for it."""
    blocks: list[Block] = [DividerBlock(), header("Posts you could share")]
    if not posts:
        return [*blocks, section("There's nothing to share just now.")]
    offered = [post_lists.offered(post) for post in posts[:MOST_SHOWN]]
    while offered and sum(map(len, offered)) > room - 3:  # a line, a heading, one below
        offered.pop()
    blocks += chain(*offered)
    if len(offered) < len(posts):
        blocks.append(context("`/advocacy browse` shows more."))
    return blocks


def _answered(answered: Sequence[AnsweredPost], *, room: int) -> list[Block]:
    """What the member answered, as far as there are blocks left for it."""
    shown = answered[: max(0, room - 3)]  # beside a line above, a heading, and what is left out
    if not shown:
        return []
    blocks: list[Block] = [DividerBlock(), header("What you answered")]
    for answer in shown:
        menu = _answer_menu(answer) if answer.open else None
        said = plain(f"{answer.title}\n{responses.what_was_answered(answer)}")
        blocks.append(
            SectionBlock(block_id=f"answered:{answer.post_id}", text=said, accessory=menu)
        )
    if len(shown) < len(answered):
        blocks.append(context(f"These are the newest {len(shown)} of {len(answered)}."))
    return blocks


def _answer_menu(answer: AnsweredPost) -> OverflowMenuElement:
    ref = PostRef(answer.post_id, 0)
    labels = {SHARE_IT: responses.share_label(answer), UNDO: "Undo"}
    options = [
        Option(text=plain(label), value=f"{choice}:{show_ref(ref)}")
        for choice, label in labels.items()
    ]
    return OverflowMenuElement(action_id=ANSWER_MENU, options=options)


def read_answer_menu(value: object) -> tuple[str, PostRef]:
    """What was chosen beside an answer, and for which post; raises Unreadable."""
    choice, _, ref = value.partition(":") if isinstance(value, str) else ("", "", "")
    if choice not in (SHARE_IT, UNDO):
        raise Unreadable("no such choice")
    return choice, read_ref(ref)

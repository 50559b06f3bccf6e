"""The bot's own word in the comms channel, and the question whether something got there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.domain import look_ahead, networks
from bot.domain.comms_channel import ChannelFault
from bot.domain.freeze import from_detail
from bot.domain.ids import PostId, UserId
from bot.domain.model import Colour, Notice, NoticeKind
from bot.domain.post import Network
from bot.domain.retention import KEPT_FOR
from bot.domain.share_notes import Batch, ShareNote
from bot.domain.suggestions import Suggestion
from bot.domain.troubles import Trouble
from bot.slack.views import (
    cards,
    feeds,
    freeze,
    pace_check,
    schedule,
    setup,
    share_notes,
    suggestions,
)
from bot.slack.views.payload import PostRef, number, show_ref
from bot.slack.views.text import (
    Message,
    as_typed,
    button,
    escape,
    link,
    plain,
    say,
    section,
)

IT_IS_THERE = "it_is_there"
SEND_AGAIN = "send_again"
NAMED = (NoticeKind.FROZEN, NoticeKind.UNFROZEN)  # they say who did it

_TROUBLES: dict[str, str] = {
    Trouble.THROTTLED: "Slack asked me to wait a little.",
    Trouble.UNREACHABLE: "I couldn't reach Slack. I keep trying.",
    Trouble.CHANNEL_NOT_FOUND: (
        "Slack can't find the channel for posts. Please invite me there if it is private, or ask "
        "a workspace admin to choose another one (`/advocacy setup`)."
    ),
    Trouble.NOT_IN_CHANNEL: "I'm not in the channel for posts. Please invite me there.",
    Trouble.ARCHIVED: "The channel for posts is archived. Bring it back, or choose another one.",
    Trouble.RESTRICTED: (
        "Only some people are allowed to write in the channel for posts. Please let me write there."
    ),
    Trouble.MISSING_SCOPE: (
        "I don't have permission to write in the channel for posts. Please ask your workspace "
        "admin to install me again."
    ),
    Trouble.TOKEN_REFUSED: (
        "Slack doesn't accept my token any more. Please ask your workspace admin to install me "
        "again."
    ),
}


@dataclass(frozen=True, slots=True)
class About:
    """What is known beside a notice.

    `title`, `writer` and `card_link` are those of its post, `actor` is what who did it is called.
    `zone` is the workspace's, `suggestion` what a colleague offers, `share_notes` what people who
    shared the post tell.
    """

    title: str = ""
    writer: str | None = None
    card_link: str | None = None
    actor: str | None = None
    zone: str = "UTC"
    suggestion: Suggestion | None = None
    share_notes: Sequence[ShareNote] = ()

    @property
    def post(self) -> str:
        """The post's title in mrkdwn, a link to its card where that is known."""
        return link(self.card_link, self.title) if self.card_link else f"“{escape(self.title)}”"


def render(notice: Notice, about: About, channel: str) -> Message:
    """A notice as a message. It mentions nobody but the writer of what was sent back."""
    match notice.kind:
        case NoticeKind.FROZEN:
            return freeze.frozen(about.actor, from_detail(notice.detail), about.zone)
        case NoticeKind.UNFROZEN:
            return freeze.unfrozen(about.actor)
        case NoticeKind.TROUBLE:
            return trouble(notice.detail or "", notice.post_id)
        case NoticeKind.NOT_CHANGED:
            return not_changed(notice.post_id or PostId(0), about, channel)
        case NoticeKind.UNCERTAIN:
            return uncertain(notice.post_id or PostId(0), about, channel)
        case NoticeKind.SCHEDULE:
            return _schedule(notice, about)
        case NoticeKind.PACE_CHECK:
            colour, _, _ = (notice.detail or Colour.GREEN).partition(":")  # causes followed once
            return pace_check.changed(Colour(colour))
        case NoticeKind.FEED_DRAFTS | NoticeKind.FEED_FAILS | NoticeKind.FEED_MOVED:
            return feeds.notice(notice.kind, notice.detail or "")
        case NoticeKind.SUGGESTION if about.suggestion is not None:
            return suggestions.card(about.suggestion)
        case _:
            return _about_post(notice, about)


def _schedule(notice: Notice, about: About) -> Message:
    detail = notice.detail
    if notice.post_id is None:
        return schedule.runs_dry(date.fromisoformat(detail) if detail else None)
    return schedule.piles_up(about.post, look_ahead.from_detail(detail or ""), about.zone)


def _about_post(notice: Notice, about: About) -> Message:
    """A notice about what a post says, or about who does not want to hear it."""
    detail = notice.detail or ""
    match notice.kind:
        case NoticeKind.FIRST_GROUP_STOPPED:
            return first_group_stopped(about)
        case NoticeKind.WORDINGS_USED_UP:
            network, _, _revision = detail.partition(":")
            return wordings_used_up(about, Network(network))
        case NoticeKind.NOTE:
            return note(about, detail, notice.actor_id)
        case NoticeKind.SHARE_NOTES if notice.post_id and notice.not_before:
            batch = Batch(notice.post_id, notice.not_before)
            return share_notes.card(batch, about.post, about.share_notes)
        case NoticeKind.SENT_BACK:
            return sent_back(about, detail)
        case NoticeKind.WAITS_AGAIN:
            return waits_again(about)
        case NoticeKind.STILL_WAITS:
            return still_waits(PostRef(notice.post_id or PostId(0), int(detail)), about)
        case NoticeKind.POSTS_END:
            return posts_end()
        case NoticeKind.SECOND_APPROVER:
            return second_approver()
    raise AssertionError(f"no notice for {notice.kind}")


def trouble(code: str, post_id: PostId | None) -> Message:
    """Something keeps posts from going out; nothing is lost."""
    what = _TROUBLES.get(code, f"Slack refused to post it (`{code}`). I keep trying.")
    waits = f"Post {post_id} stays queued." if post_id else "Everything stays queued."
    return say(f"{what} {waits} I'll go on by myself when it works again, and say this only once.")


def not_changed(post_id: PostId, about: About, channel: str) -> Message:
    """The message shows something outdated, and only people can take it away."""
    return say(
        f"Slack no longer lets me change the message of post {post_id}, {about.post}, in "
        f"<#{channel}>. It stays as it was. Its buttons tell people how things stand now. If "
        "it shouldn't stay, please ask an admin to delete it."
    )


def comms_channel_refused(fault: ChannelFault) -> Message:
    """Why nothing goes out: said once, in a channel that others can read."""
    if fault is ChannelFault.PUBLIC:
        why = "This channel is public. I only work in a private one."
    else:
        why = "This channel is shared with another organisation. I only work in one that isn't."
    return say(f"{why} So nothing goes out until that changes. Then I go on by myself.")


def uncertain(post_id: PostId, about: About, channel: str) -> Message:
    """Nobody but comms can tell, since the bot reads no conversation."""
    return say(
        f"I can't tell whether {about.post} reached <#{channel}>. The connection "
        "broke at that moment. Please look, and tell me. Until then I won't send it again.",
        ActionsBlock(elements=settle_buttons(post_id)),
    )


def settle_buttons(post_id: PostId) -> list[ButtonElement]:
    """The two answers to whether a post is in the channel."""
    return [
        ButtonElement(text=plain("It's there"), action_id=IT_IS_THERE, value=str(post_id)),
        ButtonElement(
            text=plain("It isn't, send it again"), action_id=SEND_AGAIN, value=str(post_id)
        ),
    ]


def first_group_stopped(about: About) -> Message:
    """A post stopped by itself after its small first group; what would help, and no counts."""
    return say(
        f"{about.post} isn't finding its audience, so I've stopped it. I won't ask "
        "anyone else about it. It stays in the channel, and people see it when they browse.",
        section(
            "What would help: topics that fit more closely, a sentence on why a reader outside the "
            "company would care, or a text that sounds like a person. Edit the post. Once it's "
            "approved again, I'll try a new small first group."
        ),
    )


def wordings_used_up(about: About, network: Network) -> Message:
    """Another text would help; until then people write their own."""
    shown = networks.name(network)
    return say(
        f"All suggested texts of {about.post} for {shown} have been used this week. "
        "Another text would help: edit the post and add one. Until then I offer the link, and "
        "people write their own text, so that colleagues don't sound alike."
    )


def note(about: About, typed: str, user_id: UserId | None) -> Message:
    """What a colleague wants comms to know, about a post or not, as they typed it."""
    what = f" about {about.post}" if about.title else ""
    text = f"<@{user_id}> sends you a note{what}:" if user_id else f"A note{what}, without a name:"
    return say(text, as_typed(typed))


def sent_back(about: About, reason: str) -> Message:
    """To the writer, before everybody in comms: the card that says so may be far up."""
    told = f"<@{about.writer}>, your post {about.post}" if about.writer else about.post
    return say(f"{told} was sent back: {escape(reason)}")


def posts_end() -> Message:
    """After an upgrade: what changed for comms, once and without numbers of people."""
    return say(
        "From now on every post ends on the day shown on its card. Live posts that had no end "
        "now have one. "
        f"{KEPT_FOR.days} days after a post ends, I delete who answered what. "
        "*All posts* on Home shows what is live."
    )


def second_approver() -> Message:
    """Comms were one person, who approved their own posts; now they are two."""
    return say(
        "There are two of you in this channel now. Would you like someone other than its writer to "
        "approve each post? A workspace admin can choose that, under *Who approves a post*. I say "
        "this once.",
        ActionsBlock(elements=[button("Set up", setup.OPEN)]),
    )


def waits_again(about: About) -> Message:
    """Somebody has to look at it once more, on the card that it has already."""
    return say(f"{about.post} is waiting for approval again.")


def still_waits(ref: PostRef, about: About) -> Message:
    """After two working days, once; whoever has a moment reads it."""
    review = ButtonElement(text=plain("Review"), action_id=cards.REVIEW, value=show_ref(ref))
    return say(
        f"{about.post} has been waiting for approval for two working days. Does one of you have a "
        "moment to read it? I say this once.",
        ActionsBlock(elements=[review]),
    )


def read_post(value: object) -> PostId:
    """The post that such a button is about; raises Unreadable."""
    return PostId(number(value))


def settled(
    post_id: PostId, user_id: UserId, *, there: bool, was_open: bool, ended: bool = False
) -> Message:
    """What was decided about an uncertain announcement."""
    if not was_open:
        return say(f"Post {post_id} is already settled, so there's nothing left to decide.")
    if ended and there:
        return say(
            f"<@{user_id}> found post {post_id} in the channel. It has ended, so it "
            "can't be shared."
        )
    if ended:
        return say(f"Post {post_id} has ended, so I won't send it again.")
    if there:
        return say(f"<@{user_id}> found post {post_id} in the channel. It is live.")
    return say(
        f"Post {post_id} is back in the queue, as <@{user_id}> asked. It goes out in its turn."
    )

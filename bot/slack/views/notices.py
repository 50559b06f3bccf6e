"""The bot's own word in the comms channel, and the question whether something got there."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject

from bot.domain import networks
from bot.domain.ids import PostId, UserId
from bot.domain.model import Colour, Notice, NoticeKind
from bot.domain.post import Network
from bot.domain.troubles import Trouble
from bot.slack.views import pace_check
from bot.slack.views.payload import number
from bot.slack.views.text import Message, as_typed, escape, person, plain, say, section

IT_IS_THERE = "it_is_there"
SEND_AGAIN = "send_again"
FREEZE = "freeze"
UNFREEZE = "unfreeze"

_TROUBLES: dict[str, str] = {
    Trouble.THROTTLED: "Slack asked me to wait a little.",
    Trouble.UNREACHABLE: "I couldn't reach Slack. I keep trying.",
    Trouble.CHANNEL_NOT_FOUND: (
        "Slack doesn't find the channel for posts. Please ask whoever runs me to check "
        "ADVOCACY_CHANNEL, and invite me there if the channel is private."
    ),
    Trouble.NOT_IN_CHANNEL: "I'm not in the channel for posts. Please invite me there.",
    Trouble.ARCHIVED: "The channel for posts is archived. Bring it back, or choose another one.",
    Trouble.RESTRICTED: (
        "Your workspace lets only some people write in the channel for posts. Please let me write "
        "there."
    ),
    Trouble.MISSING_SCOPE: (
        "I lack a permission to write in the channel for posts. Please ask your workspace admin "
        "to install me again."
    ),
    Trouble.TOKEN_REFUSED: (
        "Slack doesn't accept my token any more. Please ask your workspace admin to install me "
        "again."
    ),
}


def render(notice: Notice, title: str, writer: str | None, channel: str) -> Message:
    """A notice as a message; `title` and `writer` are those of the post that it is about."""
    user_id = notice.actor_id
    match notice.kind:
        case NoticeKind.FROZEN:
            return frozen(user_id)
        case NoticeKind.UNFROZEN:
            return unfrozen(user_id)
        case NoticeKind.TROUBLE:
            return trouble(notice.detail or "", notice.post_id)
        case NoticeKind.NOT_CHANGED:
            return not_changed(notice.post_id or PostId(0), escape(title), channel)
        case NoticeKind.UNCERTAIN:
            return uncertain(notice.post_id or PostId(0), escape(title), channel)
        case NoticeKind.PACE_CHECK:
            colour, _, _ = (notice.detail or Colour.GREEN).partition(":")  # causes followed once
            return pace_check.changed(Colour(colour))
        case _:
            return _about_post(notice, escape(title), writer, user_id)


def _about_post(notice: Notice, title: str, writer: str | None, user_id: UserId | None) -> Message:
    """A notice about what a post says, or about who does not want to hear it."""
    post_id, detail = notice.post_id or PostId(0), notice.detail or ""
    match notice.kind:
        case NoticeKind.FIRST_GROUP_STOPPED:
            return first_group_stopped(post_id, title)
        case NoticeKind.WORDINGS_USED_UP:
            network, _, _revision = detail.partition(":")
            return wordings_used_up(post_id, title, Network(network))
        case NoticeKind.NOTE:
            return note(post_id, title, detail, user_id)
        case NoticeKind.SENT_BACK:
            return sent_back(post_id, title, writer, user_id, detail)
        case NoticeKind.WAITS_AGAIN:
            return waits_again(post_id, title)
        case NoticeKind.POSTS_END:
            return posts_end()
    raise AssertionError(f"no notice for {notice.kind}")


def trouble(code: str, post_id: PostId | None) -> Message:
    """Something keeps posts from going out; nothing is lost."""
    what = _TROUBLES.get(code, f"Slack refused to post it (`{code}`). I keep trying.")
    waits = f"Post {post_id} stays queued." if post_id else "Everything stays queued."
    return say(f"{what} {waits} I'll say this only once, and go on by myself when it works again.")


def not_changed(post_id: PostId, title: str, channel: str) -> Message:
    """The message shows something outdated, and only people can take it away."""
    return say(
        f"Slack doesn't let me change the message of post {post_id}, “{title}”, in <#{channel}> "
        "any more, so it shows what it showed before. Its buttons tell people what holds now. If "
        "it shouldn't stay, please ask an admin to delete it."
    )


def uncertain(post_id: PostId, title: str, channel: str) -> Message:
    """Nobody but comms can tell, since the bot reads no conversation."""
    return say(
        f"I can't tell whether post {post_id}, “{title}”, reached <#{channel}>: the "
        "connection broke "
        "at that moment. Please look, and tell me. Until then I won't send it again.",
        ActionsBlock(
            elements=[
                ButtonElement(text=plain("It is there"), action_id=IT_IS_THERE, value=str(post_id)),
                ButtonElement(text=plain("Send again"), action_id=SEND_AGAIN, value=str(post_id)),
            ]
        ),
    )


def first_group_stopped(post_id: PostId, title: str) -> Message:
    """A post stopped by itself after its small first group; what would help, and no counts."""
    return say(
        f"Post {post_id}, “{title}”, isn't finding its audience, so I've stopped it: nobody "
        "else is asked about it. It stays in the channel and in `/advocacy browse`.",
        section(
            "What would help: topics that fit more closely, one sentence on why a reader outside "
            "would care, or a text in a person's voice. Edit the post, and once it is approved "
            "again I try a new small first group."
        ),
    )


def wordings_used_up(post_id: PostId, title: str, network: Network) -> Message:
    """Another text would help; until then people write their own."""
    shown = networks.name(network)
    return say(
        f"All suggested texts of post {post_id}, “{title}”, for {shown} have been used this week. "
        "Another text would help: edit the post and add one. Until then I offer the link, and "
        "people write their own text, so that colleagues don't sound alike."
    )


def note(post_id: PostId, title: str, typed: str, user_id: UserId | None) -> Message:
    """What somebody who shared a post wants comms to know, as they typed it."""
    about = f"post {post_id}, “{title}”"
    text = (
        f"<@{user_id}> sends you a note about {about}:"
        if user_id
        else f"A note about {about}, without a name:"
    )
    return say(text, as_typed(typed))


def sent_back(
    post_id: PostId, title: str, writer: str | None, user_id: UserId | None, reason: str
) -> Message:
    """To the writer, before everybody in comms: the card that says so may be far up."""
    told, by = (f"<@{writer}>, ", person(user_id)) if writer else ("", _begins(user_id))
    return say(f"{told}{by} sent back post {post_id}, “{title}”: {escape(reason)}")


def posts_end() -> Message:
    """After an upgrade: what changed for comms, once and without numbers of people."""
    return say(
        "From now on every post ends, on the day that its card names. Live posts without an end "
        "have got one. 30 days after a post ends I delete who answered what; only "
        "totals stay. `/advocacy posts` shows what is live."
    )


def waits_again(post_id: PostId, title: str) -> Message:
    """Somebody has to look at it once more, on the card that it has already."""
    return say(f"Post {post_id}, “{title}”, waits for approval again.")


def read_post(value: object) -> PostId:
    """The post that such a button is about; raises Unreadable."""
    return PostId(number(value))


def settled(
    post_id: PostId, user_id: UserId, *, there: bool, was_open: bool, ended: bool = False
) -> Message:
    """What was decided about an uncertain announcement."""
    if not was_open:
        return say(f"Post {post_id} is settled already; there is nothing left to decide.")
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
        f"Post {post_id} is back in the queue, as <@{user_id}> asked; it goes out in its turn."
    )


def frozen(user_id: UserId | None) -> Message:
    """Everything halts."""
    return say(
        f"{_begins(user_id)} froze posting: nothing goes out until somebody uses "
        "`/advocacy unfreeze`."
    )


def unfrozen(user_id: UserId | None) -> Message:
    """Everything goes on."""
    return say(f"{_begins(user_id)} ended the freeze: posts go out again, at the usual pace.")


def _begins(user_id: UserId | None) -> str:
    return f"<@{user_id}>" if user_id else "A former colleague"


def ask_freeze() -> Message:
    """A freeze is confirmed first."""
    return say(
        "Freeze posting? Nothing goes out until somebody unfreezes; posts that are already in "
        "the channel stay there.",
        _confirmed(FREEZE, "Freeze", "Nothing goes out until somebody unfreezes."),
    )


def ask_unfreeze() -> Message:
    """So is its end."""
    return say(
        "Let posts go out again, at the usual pace?",
        _confirmed(UNFREEZE, "Unfreeze", "Posts go out again, at the usual pace."),
    )


def freeze_answer(*, frozen: bool, changed: bool) -> Message:
    """To the one who pressed."""
    if frozen:
        return say("Frozen. Nothing goes out." if changed else "It is frozen already.")
    return say("Unfrozen. Posts go out again." if changed else "Nothing is frozen.")


def _confirmed(action: str, word: str, text: str) -> ActionsBlock:
    confirm = ConfirmObject(
        title=plain(f"{word} posting?"),
        text=plain(text),
        confirm=plain(word),
        deny=plain("Leave it as it is"),
    )
    button = ButtonElement(text=plain(word), action_id=action, value=action, confirm=confirm)
    return ActionsBlock(elements=[button])

"""A post proposed to one member: the direct message, and what it says after a click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    Option,
    OverflowMenuElement,
)

from bot.domain.model import Member, Pace, SkipReason
from bot.domain.post import Post
from bot.domain.retention import KEPT_FOR
from bot.slack.views import responses
from bot.slack.views.outlook import PACES
from bot.slack.views.payload import PostRef, Unreadable, read_ref, show_ref
from bot.slack.views.text import (
    Message,
    as_typed,
    context,
    day,
    escape,
    header,
    plain,
    say,
    section,
)

SHARE = "ask_share"
SKIP = "ask_skip"
MENU = "ask_menu"
RENEW = "renew"
RESUME = "resume"
RESUME_HERE = "resume_here"  # the word that the bot has stopped: its answer takes its place

LATER = "later"
LESS = "less"
PAUSE = "pause"
LEAVE = "leave"
WHO_SEES = "who_sees"
_MENU = {
    LATER: "Save for later",
    LESS: "Less often",
    PAUSE: "Pause 2 weeks",
    LEAVE: "Opt out",
    WHO_SEES: "Who sees this?",
}


def render_ask(
    post: Post, member: Member, *, repeat: bool = False, renew_before: datetime | None = None
) -> Message:
    """The post, with one line why this person and why now.

    `renew_before` is when consent ends, where the message offers to renew it.
    """
    content = post.content
    ref = show_ref(_ref(post))
    why = _why(post, member, again=repeat)
    blocks: list[Block] = [
        header(content.title),
        as_typed(content.why, content.link, "Read the article"),
        context(why),
        ActionsBlock(
            elements=[
                ButtonElement(text=plain("Share"), action_id=SHARE, value=ref, style="primary"),
                ButtonElement(text=plain("Skip"), action_id=SKIP, value=ref),
                _menu(ref, _MENU),
            ]
        ),
    ]
    if renew_before is not None:
        blocks += renewal(renew_before, member.time_zone)
    text = f"{escape(content.title)}: {escape(content.why)} {escape(content.link)} {why}"
    if renew_before is not None:
        text += f" {_ends(renew_before, member.time_zone)}"
    return Message(text, tuple(blocks))


def _menu(ref: str, choices: Iterable[str]) -> OverflowMenuElement:
    options = [Option(text=plain(_MENU[one]), value=f"{one}:{ref}") for one in choices]
    return OverflowMenuElement(action_id=MENU, options=options)


def renewal(ends: datetime, zone: str) -> list[Block]:
    """One line in the last days of consent; doing nothing is an answer as well."""
    renew = ButtonElement(text=plain("Renew"), action_id=RENEW, value=RENEW)
    return [section(_ends(ends, zone), accessory=renew)]


def _ends(ends: datetime, zone: str) -> str:
    return (
        f"Your consent ends on {day(ends, zone)}. If you'd like to go on, renew it; if not, it "
        "ends by itself."
    )


def read_menu(value: object) -> tuple[str, PostRef]:
    """What was chosen in the menu, and for which post; raises Unreadable."""
    choice, _, ref = value.partition(":") if isinstance(value, str) else ("", "", "")
    if choice not in _MENU:
        raise Unreadable("no such choice")
    return choice, read_ref(ref)


def with_stop(answer: Message, *, stopped: bool) -> Message:
    """An answer that also says, where it does, that the bot stops asking with it."""
    if not stopped:
        return answer
    return Message(f"{answer.text} {_STOPPED}", (*answer.blocks, section(_STOPPED), _resume()))


def slower_by(answer: Message, pace: Pace | None) -> Message:
    """A private answer that also says what the pace is from now on."""
    if pace is None:
        return answer
    more = _slower(pace)
    first, *rest = answer.blocks
    return Message(f"{answer.text} {more}", (first, section(more), *rest))


def skipped(post: Post, *, stopped: bool = False, was_shared: bool = False) -> Message:
    """In the place of the message: thanks, and reasons that nobody has to give.

    `stopped` says that the bot stops asking with it, `was_shared` that it was marked as shared.
    """
    answer = responses.skipped(_ref(post), was_shared=was_shared)
    return with_stop(_titled(post, answer), stopped=stopped)


def reason_kept(
    post: Post, reason: SkipReason | None, *, slower: Pace | None, stopped: bool = False
) -> Message:
    """In its place: the reason is stored, and what follows from it; None was taken back."""
    thanks = responses.reason_kept(reason, _ref(post))
    more = _follows(reason, slower)
    answer = _titled(post, Message(f"{thanks.text} {more}".strip(), thanks.blocks), more)
    return with_stop(answer, stopped=stopped)


def saved(post: Post) -> Message:
    """Put off: nothing is lost, and the rest of the menu stays."""
    ref = show_ref(_ref(post))
    share = ButtonElement(text=plain("Share"), action_id=SHARE, value=ref)
    menu = _menu(ref, [choice for choice in _MENU if choice != LATER])
    return _titled(
        post,
        say(
            f"Saved. You find it with `/advocacy browse`. {_MAY_COME_BACK}",
            ActionsBlock(elements=[share, menu]),
        ),
    )


def sharing(post: Post) -> Message:
    """The reasons give way, so that none of them takes the share back by accident."""
    share = ButtonElement(text=plain("Share"), action_id=SHARE, value=show_ref(_ref(post)))
    return _titled(
        post,
        Message(
            responses.sharing_instead().text,
            (*responses.sharing_instead().blocks, ActionsBlock(elements=[share])),
        ),
    )


def slower(pace: Pace, *, changed: bool) -> Message:
    """Asked for less."""
    if changed:
        return say(
            f"From now on at most {PACES[pace]}. You can change that with `/advocacy settings`."
        )
    return say(
        f"At most {PACES[pace]} is as slow as I go. You can pause with `/advocacy pause 2 weeks`, "
        "or choose no direct messages in `/advocacy settings`."
    )


def left(post: Post) -> Message:
    """Opted out from an ask: its buttons go with it; what leaving means is said beside it."""
    return _titled(post, say("You've left, and I won't ask you for anything."))


def stopped() -> Message:
    """The bot stops by itself, and says so once."""
    return say(_STOPPED, _resume(RESUME_HERE))


def who_sees() -> Message:
    """The literal answer to “Who sees this?”."""
    return say(
        "*Who sees this?*",
        section(
            "• You. This message is between you and me.\n"
            "• No colleague, manager or author of a post is shown whether you got it or what you "
            "press. Comms see rounded totals at most, and none where only a few people stand "
            "behind them.\n"
            "• I keep that I asked you, when, and what you pressed. It is deleted "
            f"{KEPT_FOR.days} days after the post has ended, and this message with it.\n"
            "• Whoever runs my database could look at it until then, and your company can export "
            "direct messages from Slack, like every message there.\n"
            "• What you post on a network is yours, and public as you make it. I don't see it."
        ),
    )


_ONCE_MORE = "You put it off earlier, so here it is once more; after that I won't bring it again."
_MAY_COME_BACK = (
    "I may bring it back once, if I haven't yet and your pace leaves room before it ends."
)
_STOPPED = "I'll stop here for now. Nothing is expected of you. Resume whenever you like."


def _resume(action: str = RESUME) -> ActionsBlock:
    button = ButtonElement(text=plain("Resume"), action_id=action, value=action)
    return ActionsBlock(elements=[button])


def _why(post: Post, member: Member, *, again: bool) -> str:
    followed = [topic for topic in post.content.topics if topic in member.preferences.topics]
    pace = PACES[member.preferences.pace]
    first = f"You follow {_listed(followed)}." if followed else ""
    put_off = _ONCE_MORE if again else ""
    return " ".join(filter(None, (first, f"At most {pace}, as you chose.", put_off)))


def _listed(topics: Sequence[str]) -> str:
    shown = [f"*{escape(topic.capitalize())}*" for topic in topics]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _follows(reason: SkipReason | None, slower: Pace | None) -> str:
    if slower is not None:
        return _slower(slower)
    match reason:
        case SkipReason.NOT_MY_AUDIENCE:
            return "I'll suggest less about its topics."
        case SkipReason.NOT_NOW:
            return _MAY_COME_BACK
        case _:
            return ""


def _slower(pace: Pace) -> str:
    return (
        f"From now on at most {PACES[pace]}, whatever else you choose here; `/advocacy settings` "
        "changes it."
    )


def _ref(post: Post) -> PostRef:
    return PostRef(post.id, post.approved_revision or post.revision)


def _titled(post: Post, message: Message, more: str = "") -> Message:
    """What replaces a message still says what it was about."""
    extra = (section(more),) if more else ()
    first, *rest = message.blocks
    blocks = (header(post.content.title), first, *extra, *rest)
    return Message(f"{escape(post.content.title)}. {message.text}", blocks)

"""A post proposed to one member: the direct message, and the private answers to its menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    Option,
    OverflowMenuElement,
)

from bot.domain import paces
from bot.domain.model import Member, Pace, SkipReason
from bot.domain.post import Post
from bot.domain.retention import KEPT_FOR
from bot.domain.topics import topic_key
from bot.slack.views import responses
from bot.slack.views.outlook import PACES
from bot.slack.views.payload import PostRef, Unreadable, read_ref, show_ref
from bot.slack.views.post_body import post_body, post_text
from bot.slack.views.preferences import OPEN
from bot.slack.views.text import (
    Message,
    button,
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
RESUME_HERE = "resume_here"  # in the message that the bot has stopped

OPT_OUT = "ask_opt_out"
LESS_AGAIN = "ask_less_again"  # in the answer to "less often"

LATER = "later"
LESS = "less"
PAUSE = "pause"
WHO_SEES = "who_sees"
_MENU = {
    LATER: "Save for later",
    LESS: "Less often",
    PAUSE: "Pause…",
    WHO_SEES: "Who sees this?",
}


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """What was chosen in the menu of an ask; `pace` is the one that the message names."""

    choice: str
    ref: PostRef
    pace: Pace | None = None


def render_ask(
    post: Post, member: Member, *, repeat: bool = False, renew_before: datetime | None = None
) -> Message:
    """The post, with one line why this person and why now.

    `renew_before` is when consent ends, where the message offers to renew it.
    """
    ref = show_ref(_ref(post))
    why = _why(post, member, again=repeat)
    blocks: list[Block] = [
        *post_body(post),
        context(why),
        ActionsBlock(
            elements=[
                ButtonElement(text=plain("Share"), action_id=SHARE, value=ref, style="primary"),
                ButtonElement(text=plain("Skip"), action_id=SKIP, value=ref),
                ButtonElement(text=plain("Opt out"), action_id=OPT_OUT, value=ref),
                _menu(ref, member.preferences.pace),
            ]
        ),
    ]
    if renew_before is not None:
        blocks += renewal(renew_before, member.time_zone)
    text = f"{post_text(post)} {why}"
    if renew_before is not None:
        text += f" {_ends(renew_before, member.time_zone)}"
    return Message(text, tuple(blocks))


def _menu(ref: str, pace: Pace) -> OverflowMenuElement:
    values = {one: f"{one}:{ref}:{pace}" if one == LESS else f"{one}:{ref}" for one in _MENU}
    options = [Option(text=plain(label), value=values[one]) for one, label in _MENU.items()]
    return OverflowMenuElement(action_id=MENU, options=options)


def renewal(ends: datetime, zone: str) -> list[Block]:
    """One line in the last days of consent; doing nothing is an answer as well."""
    renew = button("Renew", RENEW)
    return [section(_ends(ends, zone), accessory=renew)]


def _ends(ends: datetime, zone: str) -> str:
    return (
        f"Your consent ends by itself on {day(ends, zone)}. Renew it if you'd like to go on. "
        "If not, there's nothing to do."
    )


def read_menu(value: object) -> MenuChoice:
    """What was chosen in the menu, and for which post; raises Unreadable."""
    choice, *ref = value.split(":", 3) if isinstance(value, str) else ("",)
    if choice not in _MENU or (len(ref) > 2 and choice != LESS):
        raise Unreadable("no such choice")
    return MenuChoice(choice, read_ref(":".join(ref[:2])), read_pace(*ref[2:]) if ref[2:] else None)


def read_pace(value: object) -> Pace:
    """The pace that a button or a choice carries; raises Unreadable."""
    if value not in list(Pace):
        raise Unreadable("no such pace")
    return Pace(str(value))


def with_stop(answer: Message, *, stopped: bool) -> Message:
    """An answer that also says, where it does, that the bot stops asking with it."""
    if not stopped:
        return answer
    return Message(f"{answer.text} {_STOPPED}", (*answer.blocks, section(_STOPPED), _resume()))


def reason_kept(
    reason: SkipReason | None, ref: PostRef, *, asked: bool, slower: Pace | None, stopped: bool
) -> Message:
    """The private answer to a reason, None where it was taken back, and what follows from it.

    `asked` says that the member was asked directly about the post.
    """
    answer = responses.reason_kept(reason, ref)
    more = _slower(slower) if slower is not None else _follows(reason) if asked else ""
    if more:
        first, *rest = answer.blocks
        answer = Message(f"{answer.text} {more}", (first, section(more), *rest))
    return with_stop(answer, stopped=stopped)


def answered(post: Post) -> Message:
    """In the place of the message, the same whatever was answered."""
    return Message(
        f"{escape(post.content.title)}. {_ANSWERED}",
        (header(post.content.title), context(_ANSWERED)),
    )


def resumed() -> Message:
    """In the place of the word that the bot has stopped, once somebody resumed."""
    return say(_ANSWERED)


def closed() -> Message:
    """In the place of a message to somebody who takes no part any more: nothing is asked there."""
    return say("Your consent has ended, so there's nothing to do here.")


def slower(pace: Pace, *, changed: bool) -> Message:
    """Asked for less."""
    settings = button("Settings", OPEN)
    if pace is paces.slower(pace):
        slowest = f"I'll message you at most {PACES[pace]}. That's the slowest I go."
        return say(slowest, ActionsBlock(elements=[settings]))
    again = ButtonElement(text=plain("Even less often"), action_id=LESS_AGAIN, value=pace.value)
    word = f"I'll message you at most {PACES[pace]} from now on."
    if not changed:
        word = f"I already message you at most {PACES[pace]}."
    return say(word, ActionsBlock(elements=[again, settings]))


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
            "• I store that I asked you, when, and what you pressed. I delete that "
            f"{KEPT_FOR.days} days after the post ends, together with this message.\n"
            "• The people who run the database could see it until then. Your company can "
            "export direct messages from Slack, like any other message there.\n"
            "• What you post on a network is yours, and as public as you make it. I don't see it."
        ),
    )


_ONCE_MORE = "You left this for later, so here it is once more. I won't send it again after this."
_ANSWERED = "Answered. See it on Home."
_STOPPED = "I'll stop here for now. Nothing is expected of you. Resume whenever you like."


def _resume(action: str = RESUME) -> ActionsBlock:
    return ActionsBlock(elements=[button("Resume", action)])


def _why(post: Post, member: Member, *, again: bool) -> str:
    chosen = member.preferences.topics
    followed = [topic for topic in post.content.topics if topic_key(topic) in chosen]
    pace = PACES[member.preferences.pace]
    first = f"You follow {_listed(followed)}." if followed else ""
    put_off = _ONCE_MORE if again else ""
    return " ".join(filter(None, (first, f"I message you at most {pace}, as you chose.", put_off)))


def _listed(topics: Sequence[str]) -> str:
    shown = [f"*{escape(topic)}*" for topic in topics]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _follows(reason: SkipReason | None) -> str:
    match reason:
        case SkipReason.NOT_MY_AUDIENCE:
            return "I'll suggest fewer posts on its topics."
        case SkipReason.NOT_NOW:
            return responses.MAY_COME_BACK
        case _:
            return ""


def _slower(pace: Pace) -> str:
    return f"I'll message you at most {PACES[pace]} from now on."


def _ref(post: Post) -> PostRef:
    return PostRef(post.id, post.approved_revision or post.revision)

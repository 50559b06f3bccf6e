"""What a person reads about joining, leaving, pausing, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DatePickerElement

from bot.domain.model import Allowed, Delivery, Member, Withheld
from bot.domain.retention import KEPT_FOR
from bot.slack.views import asks, preferences, retention
from bot.slack.views.outlook import next_ask
from bot.slack.views.text import Message, context, day, escape, plain, say, section

JOIN = "join"
LEAVE = "leave"
PAUSE = "pause_two_weeks"
PAUSE_UNTIL = "pause_until"
RESUME = "resume"
BROWSE = "browse"
STATUS = "status"
LESSONS = "lessons"
PRACTISE = "practise"
MY_DATA = "my_data_open"
IN_CHANNEL = "delivery_channel"
BROWSE_ONLY = "delivery_browse"
WITHOUT_CHANNEL = "delivery_no_channel"
SETTINGS = preferences.OPEN

PROMISES = (
    "• I suggest posts that you could share in your own name. Sharing and skipping are both fine, "
    "and nothing is expected of you.\n"
    "• No colleague, manager or author of a post is shown what you choose. Comms see totals at "
    "most.\n"
    "• I never see your social accounts. I open the network's own page, and you decide there.\n"
    "• I keep the day on which you joined, your time zone and settings, and what you pressed. "
    "Whoever runs my database could look at single answers until they are deleted, "
    f"{KEPT_FOR.days} days after the post ended. You can see all of it, and delete it.\n"
    "• `/advocacy leave` ends it at once. You need no reason."
)


def _button(label: str, action: str, *, primary: bool = False) -> ButtonElement:
    return ButtonElement(
        text=plain(label), action_id=action, value=action, style="primary" if primary else None
    )


def leave_button() -> ButtonElement:
    """Ends consent at once."""
    return _button("Leave", LEAVE)


def settings_button() -> ButtonElement:
    """Opens the form of all that a member chooses."""
    return _button("Settings", SETTINGS)


def pause_button() -> ButtonElement:
    """Pauses, for two weeks."""
    return _button("Pause 2 weeks", PAUSE)


def resume_button() -> ButtonElement:
    """Ends a pause, and what the bot stopped by itself."""
    return _button("Resume", RESUME)


def _your_data() -> ButtonElement:
    return _button("Your data", MY_DATA)


def _delivery_choice() -> ActionsBlock:
    return ActionsBlock(
        elements=[
            _button("See posts in the channel", IN_CHANNEL),
            _button("Get what fits me directly", SETTINGS),
            _button("See posts only when I browse", BROWSE_ONLY),
            _your_data(),
        ]
    )


def joined(member: Member) -> Message:
    """The answer to a first, or renewed, consent: what happens, and how posts reach them."""
    ends = day(member.consent_ends_at, member.time_zone)
    return say(
        f"You've joined. Your consent ends by itself on {ends}.",
        section(PROMISES),
        section(
            "How would you like to see posts? The channel gets one now and then. Slack shows "
            "everyone who is in a channel and announces who arrives; if you'd rather not be seen "
            "there, I can send you only what fits you, at most once a week or as you choose, or "
            "you browse on your own with `/advocacy browse`. Your company may be able to export "
            "direct messages; what you answer doesn't stay in them."
        ),
        _delivery_choice(),
    )


def delivery_chosen(member: Member, channel: str, *, wanted: bool) -> Message:
    """The way in, which only the person can take."""
    if wanted:
        return say(
            f"Here is the channel: <#{channel}>. You join it, and leave it, yourself in Slack; I "
            "add and remove nobody."
        )
    if Delivery.DIRECT in member.preferences.delivery:
        return say(
            f"Then posts no longer reach you in the channel; you can leave <#{channel}> in Slack. "
            "Direct messages go on as you chose in `/advocacy settings`."
        )
    return say(
        f"Then I'll send you nothing. If you are in <#{channel}>, you can leave it in Slack. "
        "`/advocacy browse` shows the posts when you like."
    )


def left(channel: str) -> Message:
    """Consent has ended: what that changes, and until when everything is deleted."""
    return say(
        f"You've left, and I won't ask you for anything. If you are in <#{channel}>, you can leave "
        "the channel in Slack; I remove nobody.",
        section(
            f"I delete everything that is stored about you in {KEPT_FOR.days} days, and my "
            "messages to you with it. Until then you can come back and find your settings. If you "
            "join again after that while a post still lives, you may see it once more."
        ),
        ActionsBlock(
            elements=[
                retention.button("Delete it now"),
                _your_data(),
                _button("Join again", JOIN),
            ]
        ),
    )


def paused(member: Member, *, changed: bool) -> Message:
    """A pause has begun, or goes on as it was."""
    word = "Paused" if changed else "You are already paused"
    until = "" if member.paused_until is None else day(member.paused_until, member.time_zone)
    words = f"{word} until {until}. I won't ask you for anything before that."
    if Delivery.CHANNEL in member.preferences.delivery:
        words += " The channel itself goes on; you can mute it in Slack."
    return say(words, ActionsBlock(elements=[resume_button()]))


def pause_needs(problem: str | None) -> Message:
    """Until when is not clear yet: `problem` in a sentence, examples, and a calendar."""
    examples = "Try `/advocacy pause 2 weeks` or `/advocacy pause until Monday`."
    asked = escape(problem) if problem else f"For how long? {examples}"
    picker = DatePickerElement(action_id=PAUSE_UNTIL, placeholder=plain("Choose a day"))
    return say(asked, section("Pause until the beginning of this day:", accessory=picker))


def resumed(member: Member, channel: str, *, changed: bool) -> Message:
    """A pause is over, or there was none; and what comes now, as they chose."""
    ways = member.preferences.delivery
    if not changed:
        return say("You aren't paused, so nothing has changed.")
    if Delivery.DIRECT in ways:
        return say("Welcome back. I go on at the pace you chose.")
    if Delivery.CHANNEL in ways:
        return say(f"Welcome back. You see posts in <#{channel}>; I send you nothing directly.")
    return say("Welcome back. Nothing is sent to you; you browse when you like.")


def not_joined(*, at_home: bool = False) -> Message:
    """Where somebody without consent stands; the Home tab shows the posts itself."""
    browse = [] if at_home else [_button("Browse posts", BROWSE)]
    return say(
        "You aren't taking part, so nothing is sent to you and I keep nothing new about you.",
        section("If you join:\n" + PROMISES),
        ActionsBlock(
            elements=[
                _button("Join", JOIN, primary=True),
                *browse,
                _button("Short lessons", LESSONS),
                _button("Try it out", PRACTISE),
                _your_data(),
            ]
        ),
    )


def already_joined(
    member: Member,
    decision: Allowed | Withheld,
    channel: str,
    now: datetime,
    *,
    renewable: bool,
) -> Message:
    """Joining twice changes nothing."""
    shown = status(member, decision, channel, now, renewable=renewable)
    opening = "You have already joined, so nothing has changed."
    return Message(f"{opening}\n{shown.text}", (section(opening), *shown.blocks))


def already_out(*, channel: str) -> Message:
    """Leaving twice changes nothing."""
    return say(
        "You aren't taking part, so there is nothing to leave and nothing is sent to you. If you "
        f"are in <#{channel}>, you can leave it in Slack."
    )


def status(
    member: Member,
    decision: Allowed | Withheld,
    channel: str,
    now: datetime,
    *,
    renewable: bool,
) -> Message:
    """Where a member stands, when the next ask may come, and buttons for what they can do."""
    since = day(member.consented_at, member.time_zone)
    ends = day(member.consent_ends_at, member.time_zone)
    ways = member.preferences.delivery
    lines = [f"You joined on {since}. Your consent ends by itself on {ends}."]
    if Delivery.CHANNEL in ways:
        lines.append(f"You see posts in <#{channel}>, now and then.")
    if Delivery.DIRECT in ways:
        lines.append(next_ask(decision, member))
    if not ways:
        lines.append(
            "Nothing is sent to you. You see posts when you browse, and in "
            f"<#{channel}> if you are there."
        )
    if member.paused_until is not None and member.paused(now):
        lines.append(f"You are paused until {day(member.paused_until, member.time_zone)}.")
    halted = member.paused(now) or member.stopped_at is not None
    in_channel = Delivery.CHANNEL in ways
    chosen = [
        _button("Browse posts", BROWSE),
        settings_button(),
        resume_button() if halted else pause_button(),
        _button("Not in the channel", WITHOUT_CHANNEL)
        if in_channel
        else _button("See posts in the channel", IN_CHANNEL),
    ]
    more = [
        _button("Short lessons", LESSONS),
        _button("Try it out", PRACTISE),
        _your_data(),
        leave_button(),
    ]
    options = asks.renewal(member.consent_ends_at, member.time_zone) if renewable else []
    rows = (ActionsBlock(elements=chosen), ActionsBlock(elements=more))
    return say("\n".join(lines), *rows, *options)


def renewed(member: Member) -> Message:
    """Consent goes on."""
    return say(
        "Renewed. Your consent now ends by itself on "
        f"{day(member.consent_ends_at, member.time_zone)}."
    )


def help_for(everybody: Sequence[str], comms: Sequence[str], *, in_comms: bool) -> Message:
    """The lines about commands; those for comms only where the reader is one of them."""
    blocks: list[Block] = []
    if in_comms:
        blocks.append(section("\n".join(("*For comms*", *comms))))
    seen = (
        "Only you see what I answer here. What you decide, and why, shows in the comms channel "
        "with your name."
        if in_comms
        else "Only you see what you type, and what I answer."
    )
    blocks.append(context(seen))
    return say("\n".join(everybody), *blocks)

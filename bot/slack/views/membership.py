"""What a person reads about joining, leaving, pausing, and where they stand."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC, datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DatePickerElement,
    InteractiveElement,
)

from bot.domain import networks
from bot.domain.delivery import Delivery
from bot.domain.model import (
    UNDO_LEAVE_FOR,
    Allowed,
    LeaveUndo,
    Member,
    Preferences,
    Withheld,
)
from bot.domain.retention import KEPT_FOR
from bot.slack.views import asks, direct_form, payload, preferences, retention
from bot.slack.views.outlook import PACES, next_ask
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import (
    Message,
    button,
    context,
    day,
    escape,
    plain,
    say,
    section,
    span,
)

JOIN = "join"
LEAVE = "leave"
ASK_WHO_SEES_WHAT = "who_sees_what"
UNDO_LEAVE = "undo_leave"
PAUSE = "pause_two_weeks"
PAUSE_UNTIL = "pause_until"
PAUSE_FOR = "pause_for"  # followed by the number of days
RESUME = "resume"
BROWSE = "browse"
STATUS = "status"
LESSONS = "lessons"
SUGGEST = "suggest_news"
MORE = "more"
PRACTISE = "practise"
MY_DATA = "my_data_open"
IN_CHANNEL = "delivery_channel"
BY_DIRECT = direct_form.OPEN
BROWSE_ONLY = "delivery_browse"
WITHOUT_CHANNEL = "delivery_no_channel"
SETTINGS = preferences.OPEN

PAUSES = {7: "A week", 14: "Two weeks", 30: "A month"}  # by their days
_USE_CHANNEL = "Use the channel (colleagues see who's in it)"

IN_SHORT = (
    "• You share in your own name, or you skip. Both are fine, and nothing is expected of you.\n"
    "• No colleague, manager or author of a post is shown what you choose.\n"
    "• You can leave at any time, with one click. You need no reason."
)
WHO_SEES_WHAT = (
    "• No colleague, manager or author of a post is shown what you choose. Comms see totals at "
    "most.\n"
    "• I never see your social accounts. I open the network's own page, and you decide there.\n"
    "• I store the day you joined, your time zone and settings, and what you pressed.\n"
    "• The people who run the database could see your answers. They are deleted "
    f"{KEPT_FOR.days} days after a post ends.\n"
    "• Your company may be able to export direct messages. Your answers don't stay in them.\n"
    "• You can see everything stored about you, and delete it."
)
_KNOWN_FOR = (
    "If you'd like to be known for what you know, sharing useful news is one way to start. It's "
    "fine not to."
)
_SLACK_EMAILS = (
    "Not in Slack all day? Slack itself can e-mail you about direct messages. You turn that on in "
    "Slack's *Preferences*, under *Notifications* "
    "(<https://slack.com/help/articles/201649273|Slack's help>)."
)


def leave_button() -> ButtonElement:
    """Ends consent at once."""
    return button("Leave", LEAVE)


def settings_button() -> ButtonElement:
    """Opens the form of all that a member chooses."""
    return button("Settings", SETTINGS)


def pause_button() -> ButtonElement:
    """Pauses, for two weeks."""
    return button("Pause 2 weeks", PAUSE)


def resume_button() -> ButtonElement:
    """Ends a pause, and what the bot stopped by itself."""
    return button("Resume", RESUME)


def try_out_button() -> ButtonElement:
    """Opens the share dialog, in which nothing is stored."""
    return button("Try it out", PRACTISE)


def your_data_button() -> ButtonElement:
    """Opens all that is stored about the reader."""
    return button("Your data", MY_DATA)


def ways_left(chosen: Container[Delivery]) -> list[ButtonElement]:
    """How posts may reach the member besides the ways that they have, the private ones first."""
    buttons = []
    if Delivery.DIRECT not in chosen:
        buttons.append(button("Send me a direct message", BY_DIRECT))
    if Delivery.CHANNEL not in chosen:
        buttons.append(button(_USE_CHANNEL, IN_CHANNEL))
    return buttons


def joined(member: Member) -> Message:
    """The answer to a first, or renewed, consent: until when, and the one thing to decide."""
    ends = day(member.consent_ends_at, member.time_zone)
    kept = _kept(member.preferences)
    browse = button("I'll browse", BROWSE_ONLY)
    return say(
        f"You're in until {ends}. After that I stop, unless you renew.",
        *([section(kept)] if kept else []),
        section("How would you like to see posts? You can change this at any time."),
        ActionsBlock(elements=[browse, *ways_left(())]),
    )


def _kept(chosen: Preferences) -> str:
    """What somebody who comes back finds as it was; empty for somebody new."""
    if not chosen.topics and not chosen.networks:
        return ""
    about = ", ".join(escape(topic.capitalize()) for topic in chosen.topics) or "none"
    places = ", ".join(networks.name(network) for network in chosen.networks) or "none"
    return (
        "I've kept your choices from before.\n"
        f"• Topics: {about}\n• Networks: {places}\n• Pace: at most {PACES[chosen.pace]}"
    )


def delivery_chosen(
    member: Member, channel: str, *, wanted: bool, already_there: bool = False
) -> Message:
    """What follows from a choice; the way into the channel, which only the person can take.

    `already_there` says that they are in the channel in Slack.
    """
    more = button("Settings", SETTINGS)
    if wanted and already_there:
        return say(
            f"You're already in <#{channel}>, so you see posts there.",
            ActionsBlock(elements=[*ways_left(member.preferences.delivery), more]),
        )
    if wanted:
        return say(
            f"Posts appear in <#{channel}>. Slack shows who's in it and announces who joins. "
            "Join it whenever you like. I never add or remove anyone.",
            ActionsBlock(elements=[*ways_left(member.preferences.delivery), more]),
        )
    if Delivery.DIRECT in member.preferences.delivery:
        return say(
            f"You've stopped using the channel for posts. You can leave <#{channel}> in Slack. "
            "Direct messages go on as you chose.",
            ActionsBlock(elements=[more]),
        )
    return say(
        "You'll see posts when you browse. I won't send you anything. If you're in "
        f"<#{channel}>, you can leave it in Slack.",
        ActionsBlock(elements=[button("Browse posts", BROWSE), more]),
    )


def left(channel: str, undo: LeaveUndo) -> Message:
    """Consent has ended: what that changes, how to take it back, and when everything is deleted."""
    back = ButtonElement(text=plain("Undo"), action_id=UNDO_LEAVE, value=show_undo(undo))
    return say(
        "You've left, and I won't send you anything. You can undo this for "
        f"{span(UNDO_LEAVE_FOR)}.",
        section(
            f"• In {KEPT_FOR.days} days I'll delete everything stored about you, along with my "
            "messages to you. Until then you can come back and find your settings.\n"
            "• If you join again later while a post is still live, you may see it once more.\n"
            f"• If you're in <#{channel}>, you can leave the channel in Slack. I never add or "
            "remove anyone."
        ),
        ActionsBlock(
            elements=[
                back,
                retention.button("Delete it now"),
                your_data_button(),
                button("Join again", JOIN),
            ]
        ),
    )


def show_undo(undo: LeaveUndo) -> str:
    """As the value of the button: seconds since 1970, and those of the pause, if there was one."""
    paused = "" if undo.paused_until is None else int(undo.paused_until.timestamp())
    return f"{int(undo.left_at.timestamp())}:{paused}"


def read_undo(value: object) -> LeaveUndo:
    """The inverse of `show_undo`, to the second; raises Unreadable."""
    left_at, _, paused = value.partition(":") if isinstance(value, str) else ("", "", "")
    until = _moment(paused) if paused else None
    return LeaveUndo(_moment(left_at), until)


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(payload.number(seconds, 2**33), UTC)


def leave_undone(member: Member) -> Message:
    """It is as before they left."""
    return say(
        f"Undone. You're in until {day(member.consent_ends_at, member.time_zone)}, with the "
        "choices you had. You'll find the posts on Home.",
        ActionsBlock(elements=[button("Settings", SETTINGS)]),
    )


def nothing_to_undo(*, consents: bool) -> Message:
    """They are in already, or it is too late."""
    if consents:
        return say("You're in, so there's nothing to undo.")
    return say(
        f"Undo works for {span(UNDO_LEAVE_FOR)} after you leave. You can still join again.",
        ActionsBlock(elements=[button("Join again", JOIN)]),
    )


def ask_pause(member: Member, now: datetime, problem: str = "") -> Message:
    """For how long? `problem` says what was wrong with what was typed."""
    lengths: list[InteractiveElement] = [
        ButtonElement(text=plain(label), action_id=f"{PAUSE_FOR}:{days}", value=str(days))
        for days, label in PAUSES.items()
    ]
    lengths.append(DatePickerElement(action_id=PAUSE_UNTIL, placeholder=plain("Until a day…")))
    if problem:
        return say(problem, ActionsBlock(elements=lengths))
    if member.paused_until is None or not member.paused(now):
        words = "For how long? I won't message you until the pause ends."
        return say(words, ActionsBlock(elements=lengths))
    until = day(member.paused_until, member.time_zone)
    buttons = [button("Resume", RESUME), *lengths]
    return say(f"You're paused until {until}.", ActionsBlock(elements=buttons))


def read_pause(value: object) -> timedelta:
    """The length of a pause; raises Unreadable."""
    days = payload.number(value)
    if days not in PAUSES:
        raise Unreadable("no such pause")
    return timedelta(days=days)


def paused(member: Member, *, changed: bool) -> Message:
    """A pause has begun, or goes on as it was."""
    word = "Paused" if changed else "You're already paused"
    until = "" if member.paused_until is None else day(member.paused_until, member.time_zone)
    words = f"{word} until {until}. I won't message you until then."
    if Delivery.CHANNEL in member.preferences.delivery:
        words += " Posts still appear in the channel. You can mute it in Slack."
    return say(words, ActionsBlock(elements=[resume_button()]))


def resumed(member: Member, channel: str, *, changed: bool) -> Message:
    """A pause is over, or there was none; and what comes now, as they chose."""
    ways = member.preferences.delivery
    if not changed:
        return say("You aren't paused, so nothing has changed.")
    if Delivery.DIRECT in ways:
        return say("Welcome back. I'll go on at the pace you chose.")
    if Delivery.CHANNEL in ways:
        return say(f"Welcome back. You'll see posts in <#{channel}>. I won't message you.")
    return say("Welcome back. Browse whenever you like. I won't send you anything.")


def not_joined(*, at_home: bool = False) -> Message:
    """First contact, and where somebody without consent stands; Home shows the posts itself."""
    return say(
        "Hi, I'm Advocacy. I suggest company posts you might like to share. You haven't joined, so "
        "I won't send you anything.",
        section(IN_SHORT),
        section(_KNOWN_FOR),
        ActionsBlock(
            elements=[
                button("Join", JOIN, style="primary"),
                who_sees_what_button(),
                *(_try_and_data() if at_home else (button("Browse posts", BROWSE), more_button())),
            ]
        ),
    )


def who_sees_what_button() -> ButtonElement:
    """Leads to the long answer, which stands on no surface by itself."""
    return button("Who sees what?", ASK_WHO_SEES_WHAT)


def who_sees_what() -> Message:
    """The long answer, for whoever asks."""
    return say("*Who sees what?*", section(WHO_SEES_WHAT))


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
    opening = "You've already joined, so nothing has changed."
    return Message(f"{opening}\n{shown.text}", (section(opening), *shown.blocks))


def already_out(*, channel: str) -> Message:
    """Leaving twice changes nothing."""
    return say(
        "You haven't joined, so there's nothing to leave. I won't send you anything. If "
        f"you're in <#{channel}>, you can leave it in Slack."
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
            "You see posts when you browse. I won't send you anything. Posts also appear in "
            f"<#{channel}>, if you're in it."
        )
    if Delivery.DIRECT not in ways and member.paused_until is not None and member.paused(now):
        lines.append(f"You're paused until {day(member.paused_until, member.time_zone)}.")
    halted = member.paused(now) or member.stopped_at is not None
    buttons = [
        button("What's new", BROWSE),
        settings_button(),
        resume_button() if halted else pause_button(),
        leave_button(),
        more_button(),
    ]
    options = asks.renewal(member.consent_ends_at, member.time_zone) if renewable else []
    return say("\n".join(lines), ActionsBlock(elements=buttons), *options)


def more_button() -> ButtonElement:
    """Leads to what few people need often."""
    return button("More", MORE)


def more(member: Member | None) -> Message:
    """What else there is; `member` is the reader, None without valid consent."""
    buttons = [button("Short lessons", LESSONS), *_try_and_data()]
    if member is None:
        return say("What else would you like to do?", ActionsBlock(elements=buttons))
    ways = member.preferences.delivery
    buttons += [who_sees_what_button(), *ways_left(ways)]
    if Delivery.CHANNEL in ways:
        buttons.append(button("Stop using the channel", WITHOUT_CHANNEL))
    return say("What else would you like to do?", ActionsBlock(elements=buttons))


def suggest_button() -> ButtonElement:
    """Opens the form for a suggestion to comms."""
    return button("Suggest news", SUGGEST)


def _try_and_data() -> list[ButtonElement]:
    return [try_out_button(), suggest_button(), your_data_button()]


def renewed(member: Member) -> Message:
    """Consent goes on."""
    return say(f"Renewed. You're in until {day(member.consent_ends_at, member.time_zone)}.")


def help_for(everybody: Sequence[str], comms: Sequence[str], *, in_comms: bool) -> Message:
    """The lines about commands; those for comms only where the reader is one of them."""
    blocks: list[Block] = []
    if in_comms:
        blocks.append(section("\n".join(("*For comms*", *comms))))
    seen = (
        "Only you see my answers here. Your decisions and reasons appear in the comms channel "
        "with your name."
        if in_comms
        else "Only you see what you type, and what I answer."
    )
    blocks += [context(_SLACK_EMAILS), context(seen)]
    return say("\n".join(everybody), *blocks)

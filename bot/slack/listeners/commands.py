"""`/advocacy …`: one command for everyone, and the one table of what can be typed after it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.admission import Access, Refusal, concerns_comms
from bot.domain.stopping import Stopping, read_stopping
from bot.domain.typed_text import first_word, plain
from bot.services.membership import load_consenting
from bot.slack.admission import admit, find_viewer
from bot.slack.context import AppContext
from bot.slack.listeners import (
    desk,
    feeds,
    freeze,
    lessons,
    membership,
    my_data,
    pace_check,
    post_form,
    posts,
    practice,
    preferences,
    record,
    reports,
    retention,
    setup,
    suggestions,
)
from bot.slack.listeners.request import Handler, SlackRequest, from_command
from bot.slack.reconciler import Reconciler
from bot.slack.views import commands as commands_view
from bot.slack.views import membership as membership_view
from bot.slack.views import payload
from bot.slack.views.admission import refused
from bot.slack.views.text import Message

COMMAND: Final = "/advocacy"
_ALIKE: Final = 0.7  # how alike a mistyped word and a command must be
_BEFORE: Final = (COMMAND, "please", "pls")  # what may stand before a command and says nothing
_SHORT: Final = 3  # letters; words so short are like too many others


@dataclass(frozen=True, slots=True)
class Command:
    """A word that can be typed after `/advocacy`, and by whom.

    `help` is its line in the help text, empty where another command's line tells of it too.
    `aliases` do the same; the `hidden` ones are understood, also misspelt, but never suggested.
    """

    name: str
    access: Access
    handler: Handler
    help: str = ""
    aliases: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def for_comms(self) -> bool:
        """Whether members have no use for it."""
        return concerns_comms(self.access) or self.access is Access.ADMINS


async def show_help(request: SlackRequest) -> Message:
    """What can be typed; comms commands only for those who may use them."""
    return membership_view.help_for(
        help_lines(for_comms=False),
        help_lines(for_comms=True),
        in_comms=await find_viewer(request.context, request.user_id) is not None,
    )


async def withdraw_nothing(request: SlackRequest) -> Message | None:
    """`/advocacy withdraw` alone: a colleague outside comms may want to leave."""
    if await find_viewer(request.context, request.user_id) is None:
        return await membership.ask_whether_to_leave(request)
    return await posts.withdraw(request)


async def show_unknown(request: SlackRequest) -> Message:
    """Words that are no command: `rest` is all that was typed."""
    word, _ = first_word(request.rest)
    member = await request.read(load_consenting, request.user_id)
    return commands_view.unknown_command(
        word.lower(), nearest(plain(word)), member=member is not None
    )


def help_lines(*, for_comms: bool) -> list[str]:
    """The help text's lines, for everybody or for comms."""
    known = (command for command in COMMANDS if command.for_comms is for_comms)
    return [command.help for command in known if command.help]


COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "", Access.MEMBERS, membership.status, "`/advocacy`: where you stand, and what you can do"
    ),
    Command(
        "join",
        Access.MEMBERS,
        membership.join,
        "`/advocacy join` and `/advocacy leave`: take part, or stop",
        aliases=("opt-in",),
        hidden=("in",),
    ),
    Command(
        "leave",
        Access.ANYBODY,
        membership.leave,
        aliases=("opt-out",),
        hidden=("out", "stop", "quit", "unsubscribe"),
    ),
    Command(
        "pause",
        Access.MEMBERS,
        membership.pause,
        "`/advocacy pause 2 weeks`, `/advocacy pause until Monday`, `/advocacy resume`: take a "
        "break, or end it",
    ),
    Command("resume", Access.MEMBERS, membership.resume),
    Command(
        "settings",
        Access.MEMBERS,
        preferences.settings,
        "`/advocacy settings`: topics, networks, how often, when and where",
    ),
    Command(
        "browse",
        Access.MEMBERS,
        membership.browse,
        "`/advocacy browse`: the posts you can share now",
    ),
    Command(
        "suggest",
        Access.MEMBERS,
        suggestions.suggest,
        "`/advocacy suggest` or `/advocacy suggest https://…`: offer news of yours to comms",
    ),
    Command(
        "lessons",
        Access.MEMBERS,
        lessons.catalogue,
        "`/advocacy lessons`: short lessons on sharing, half a minute each",
    ),
    Command(
        "practice",
        Access.MEMBERS,
        practice.practise,
        "`/advocacy practice`: try out sharing, with nothing stored",
        aliases=("practise",),
    ),
    Command(
        "my-data",
        Access.ANYBODY,
        my_data.show,
        "`/advocacy my-data` and `/advocacy forget-me`: what is stored about you, and deleting it",
    ),
    Command("forget-me", Access.ANYBODY, retention.ask),
    Command(
        "status",
        Access.MEMBERS,
        membership.status,
        "`/advocacy status`: the same as `/advocacy` alone",
    ),
    Command("help", Access.COMPANY, show_help),
    Command(
        "queue",
        Access.COMMS_AND_GUESTS,
        post_form.queue,
        "`/advocacy queue` or `/advocacy queue https://…`: write a post",
    ),
    Command(
        "posts", Access.COMMS_AND_GUESTS, desk.list_posts, "`/advocacy posts`: all posts, by state"
    ),
    Command(
        "approve",
        Access.COMMS,
        posts.approve,
        "`/advocacy approve 14`, `/advocacy send-back 14 why`, `/advocacy withdraw 14`: decide "
        "on a post",
    ),
    Command("send-back", Access.COMMS, posts.send_back),
    Command(
        "duplicate",
        Access.COMMS_AND_GUESTS,
        posts.copy,
        "`/advocacy duplicate 14`: write a post that begins as that one",
    ),
    Command("withdraw", Access.COMMS, posts.withdraw),
    Command(
        "freeze",
        Access.STOPPING,
        freeze.ask_freeze,
        "`/advocacy freeze` or `/advocacy freeze until 6 January`, with a reason if you like: "
        "nothing goes out until then, or until `/advocacy unfreeze`",
    ),
    Command("unfreeze", Access.COMMS, freeze.ask_unfreeze),
    Command(
        "feed",
        Access.COMMS_AND_GUESTS,
        feeds.command,
        "`/advocacy feed`, `/advocacy feed add https://…`, `/advocacy feed remove 3`: feeds whose "
        "news become drafts",
        hidden=("feeds",),
    ),
    Command(
        "report",
        Access.COMMS,
        reports.show,
        "`/advocacy report`, `/advocacy report September`, `/advocacy report 14`: figures of "
        "months, and of posts that have ended",
    ),
    Command(
        "transparency",
        Access.COMMS,
        reports.draft_note,
        "`/advocacy transparency`: a draft for all staff about the last three months",
    ),
    Command(
        "health",
        Access.COMMS,
        pace_check.show,
        "`/advocacy health`: the pace check, and what would help",
    ),
    Command(
        "audit",
        Access.COMMS,
        record.show,
        "`/advocacy audit` or `/advocacy audit 14`: what comms did, with all posts or with one",
    ),
    Command(
        "setup",
        Access.ADMINS,
        setup.open_form,
        "`/advocacy setup`: the channels and all other settings, for workspace admins",
    ),
)
# What is typed and is no word of the table.
_PERHAPS_LEAVE: Final = Command("“stop asking me”", Access.ANYBODY, membership.ask_whether_to_leave)
_WITHDRAW_NOTHING: Final = Command("“withdraw” without a number", Access.ANYBODY, withdraw_nothing)
_UNKNOWN: Final = Command("words that are no command", Access.COMPANY, show_unknown)
UNLISTED: Final = (_PERHAPS_LEAVE, _WITHDRAW_NOTHING, _UNKNOWN)
_SUGGESTED: Final = {
    word: command for command in COMMANDS for word in (command.name, *command.aliases)
}
_HIDDEN: Final = {word: command for command in COMMANDS for word in command.hidden}
_LEAVE: Final = _SUGGESTED["leave"]


def register(app: AsyncApp, app_context: AppContext, reconciler: Reconciler) -> None:
    """Listen to the one command."""

    @app.command(COMMAND)
    async def advocacy(ack: AsyncAck, body: dict[str, Any]) -> None:
        command, rest = route(_text(body))
        request = from_command(app_context, reconciler, body, rest)
        admitted = await admit(app_context, request.user_id, command.access)
        if isinstance(admitted, Refusal):
            answer: Message | None = refused(admitted)
        else:
            answer = await command.handler(replace(request, admitted=admitted))
        if answer is None:
            await ack()
        else:
            await ack(response_type="ephemeral", **answer.payload())


def _text(body: Mapping[str, Any]) -> str:
    """What was typed after the command, its beginning; raises Unreadable where that is no text."""
    return payload.text_at(body, "text")[: payload.LONGEST_TYPED + 1] if body.get("text") else ""


def route(text: str) -> tuple[Command, str]:
    """What was typed after `/advocacy`, as a command and what it gets: the rest as typed.

    Words that ask to leave do so before anything else is looked for.
    """
    word, rest = first_word(text)
    while plain(word) in _BEFORE and rest:
        text = rest
        word, rest = first_word(text)
    wanted = read_stopping(text)
    if wanted is Stopping.LEAVE:
        return _LEAVE, ""
    command, rest = _find(word, rest)
    if command is not None and command is not _LEAVE:
        withdraws_nothing = command.name == "withdraw" and posts.read_post_id(rest) is None
        return (_WITHDRAW_NOTHING if withdraws_nothing else command), rest
    if wanted is Stopping.PERHAPS:
        return _PERHAPS_LEAVE, text
    return _UNKNOWN, text


def _find(word: str, rest: str) -> tuple[Command | None, str]:
    """The command of this name, and what follows it: "send back" is one name, too."""
    second, after = first_word(rest)
    name = plain(word)
    if joined := _SUGGESTED.get(f"{name}-{plain(second)}"):
        return joined, after
    # The short ones alone: "in 2 weeks" is not to join.
    return _SUGGESTED.get(name) or (None if rest else _HIDDEN.get(name)), rest


def nearest(typed: str) -> str | None:
    """The command that a person who typed this surely meant: `topics` is not a way to leave."""
    names = [*filter(None, _SUGGESTED), *(word for word in _HIDDEN if len(word) > _SHORT)]
    close = difflib.get_close_matches(typed, names, n=1, cutoff=_ALIKE)
    if not close:
        return None
    [word] = close
    return _HIDDEN[word].name if word in _HIDDEN else word

"""`/advocacy …`: one command for everyone, and the one table of what can be typed after it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.stopping import Stopping, read_stopping
from bot.domain.typed_text import first_word, plain
from bot.services.membership import load_consenting
from bot.slack import people
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
)
from bot.slack.listeners.request import Handler, SlackRequest, from_command
from bot.slack.reconciler import Reconciler
from bot.slack.views import commands as commands_view
from bot.slack.views import membership as membership_view
from bot.slack.views import payload
from bot.slack.views.text import Message

COMMAND: Final = "/advocacy"
_ALIKE: Final = 0.7  # how alike a mistyped word and a command must be
_BEFORE: Final = (COMMAND, "please", "pls")  # what may stand before a command and says nothing
_SHORT: Final = 3  # letters; words so short are like too many others


@dataclass(frozen=True, slots=True)
class Command:
    """A word that can be typed after `/advocacy`.

    `help` is its line in the help text, empty where another command's line tells of it too.
    `aliases` do the same; the `hidden` ones are understood, also misspelt, but never suggested.
    """

    name: str
    handler: Handler
    help: str = ""
    for_comms: bool = False
    aliases: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


async def show_help(request: SlackRequest) -> Message:
    """`/advocacy help`; comms commands only for those who may use them."""
    context = request.context
    try:
        role = await people.load_role(context.client, context.comms_channel, request.user_id)
    except people.CannotCheck:
        role = people.Role.NEITHER
    return membership_view.help_for(
        help_lines(for_comms=False),
        help_lines(for_comms=True),
        in_comms=role is not people.Role.NEITHER,
    )


async def withdraw(request: SlackRequest) -> Message | None:
    """`/advocacy withdraw 14`; a colleague outside comms who names no post may want to leave."""
    context = request.context
    if posts.read_post_id(request.rest) is None:
        try:
            role = await people.load_role(context.client, context.comms_channel, request.user_id)
        except people.CannotCheck:
            role = people.Role.NEITHER
        if role is people.Role.NEITHER:
            return await membership.ask_whether_to_leave(request)
    return await posts.withdraw(request)


async def show_unknown(request: SlackRequest) -> Message:
    """No command: `rest` is all that was typed."""
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
    Command("", membership.status, "`/advocacy`: where you stand, and what you can do"),
    Command(
        "join",
        membership.join,
        "`/advocacy join` and `/advocacy leave`: take part, or stop",
        aliases=("opt-in",),
        hidden=("in",),
    ),
    Command(
        "leave",
        membership.leave,
        aliases=("opt-out",),
        hidden=("out", "stop", "quit", "unsubscribe"),
    ),
    Command(
        "pause",
        membership.pause,
        "`/advocacy pause 2 weeks`, `/advocacy pause until Monday`, `/advocacy resume`: take a "
        "break, or end it",
    ),
    Command("resume", membership.resume),
    Command(
        "settings",
        preferences.settings,
        "`/advocacy settings`: topics, networks, how often, when and where",
    ),
    Command("browse", membership.browse, "`/advocacy browse`: the posts you can share now"),
    Command(
        "lessons",
        lessons.catalogue,
        "`/advocacy lessons`: short lessons on sharing, half a minute each",
    ),
    Command(
        "practice",
        practice.practise,
        "`/advocacy practice`: try out sharing, with nothing stored",
        aliases=("practise",),
    ),
    Command(
        "my-data",
        my_data.show,
        "`/advocacy my-data` and `/advocacy forget-me`: what is stored about you, and deleting it",
    ),
    Command("forget-me", retention.ask),
    Command("status", membership.status, "`/advocacy status`: the same as `/advocacy` alone"),
    Command("help", show_help),
    Command(
        "queue",
        post_form.queue,
        "`/advocacy queue` or `/advocacy queue https://…`: write a post",
        for_comms=True,
    ),
    Command("posts", desk.list_posts, "`/advocacy posts`: all posts, by state", for_comms=True),
    Command(
        "approve",
        posts.approve,
        "`/advocacy approve 14`, `/advocacy send-back 14 why`, `/advocacy withdraw 14`: decide "
        "on a post",
        for_comms=True,
    ),
    Command("send-back", posts.send_back, for_comms=True),
    Command(
        "duplicate",
        posts.copy,
        "`/advocacy duplicate 14`: write a post that begins as that one",
        for_comms=True,
    ),
    Command("withdraw", withdraw, for_comms=True),
    Command(
        "freeze",
        freeze.ask_freeze,
        "`/advocacy freeze` or `/advocacy freeze until 6 January`, with a reason if you like: "
        "nothing goes out until then, or until `/advocacy unfreeze`",
        for_comms=True,
    ),
    Command("unfreeze", freeze.ask_unfreeze, for_comms=True),
    Command(
        "feed",
        feeds.command,
        "`/advocacy feed`, `/advocacy feed add https://…`, `/advocacy feed remove 3`: feeds whose "
        "news become drafts",
        for_comms=True,
        hidden=("feeds",),
    ),
    Command(
        "report",
        reports.show,
        "`/advocacy report`, `/advocacy report September`, `/advocacy report 14`: figures of "
        "months, and of posts that have ended",
        for_comms=True,
    ),
    Command(
        "transparency",
        reports.draft_note,
        "`/advocacy transparency`: a draft for all staff about the last three months",
        for_comms=True,
    ),
    Command(
        "health",
        pace_check.show,
        "`/advocacy health`: the pace check, and what would help",
        for_comms=True,
    ),
    Command(
        "audit",
        record.show,
        "`/advocacy audit` or `/advocacy audit 14`: what comms did, with all posts or with one",
        for_comms=True,
    ),
    Command(
        "setup",
        setup.open_form,
        "`/advocacy setup`: the channels and all other settings, for workspace admins",
        for_comms=True,
    ),
)
_SUGGESTED: Final = {
    word: command for command in COMMANDS for word in (command.name, *command.aliases)
}
_HIDDEN: Final = {word: command for command in COMMANDS for word in command.hidden}


def register(app: AsyncApp, app_context: AppContext, reconciler: Reconciler) -> None:
    """Listen to the one command."""

    @app.command(COMMAND)
    async def advocacy(ack: AsyncAck, body: dict[str, Any]) -> None:
        handler, rest = route(_text(body))
        answer = await handler(from_command(app_context, reconciler, body, rest))
        if answer is None:
            await ack()
        else:
            await ack(response_type="ephemeral", **answer.payload())


def _text(body: Mapping[str, Any]) -> str:
    """What was typed after the command, its beginning; raises Unreadable where that is no text."""
    return payload.text_at(body, "text")[: payload.LONGEST_TYPED + 1] if body.get("text") else ""


def route(text: str) -> tuple[Handler, str]:
    """Who answers what was typed after the command, and what they get: the rest as typed.

    Words that ask to leave do so before anything else is looked for.
    """
    word, rest = first_word(text)
    while plain(word) in _BEFORE and rest:
        text = rest
        word, rest = first_word(text)
    wanted = read_stopping(text)
    if wanted is Stopping.LEAVE:
        return membership.leave, ""
    command, rest = _find(word, rest)
    if command is not None and command.handler is not membership.leave:
        return command.handler, rest
    if wanted is Stopping.PERHAPS:
        return membership.ask_whether_to_leave, text
    return show_unknown, text


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

"""What Slack sends of a few people who press everything that they see, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.feeds import FailedFeed, FeedEntry, FeedLook, FeedProblem, FeedRequest, ReadFeed
from bot.domain.previews import Preview
from bot.runtime import Runtime
from bot.slack.app import LISTENERS
from bot.slack.listeners.commands import COMMANDS, UNLISTED, route
from bot.slack.listeners.registry import Kind, Listener
from bot.slack.views import suggestions
from slack_sandbox import Fault
from slack_sandbox.envelopes import Delivery, Envelope, Json
from tests.slack.direct_asks import join_for_direct, next_direct
from tests.slack.fuzz_explorer import Explorer
from tests.slack.hostile import click_payload
from tests.support import SlackWorld, approve, approved_post, deliver, live_post, write_post

# What is typed where a command's name alone is not all; in this order, before what ends much.
_TYPED = (
    *("pause until Friday", "resume", "queue https://acme.example/3", "send-back 2 Why?"),
    *("approve 2", "duplicate 1", "suggest https://acme.example/4", "report 1", "report September"),
    *("audit 1", "feed add https://acme.example/page", "feed add https://acme.example/feed"),
    *("feed list", "feed remove 9", "freeze until 24 December", "unfreeze", "withdraw 2"),
    *("xyzzy", "stop asking me on Fridays"),
)
# What ends a post, a membership or the peace; it is pressed last, in this order.
_LATER = (
    *(
        "skip",
        "not_shared",
        "take_back",
        "take_back_answer",
        "delivery_no_channel",
        "remove_feed:1",
        "practise",
    ),
    *("send_back", "withdraw", "freeze", "pause_until", "pause_two_weeks", "ask_opt_out"),
    *("ask_menu Stop these messages", "my_data_forget", "leave", "forget_me"),
)

# Buttons that stand nowhere in these few days; their payloads are made as Slack would.
UNSEEN: Final = (
    "acknowledge_pace",  # needs twenty members, of whom many pause
    "delivery_no_channel",  # below a message to those who are asked in the channel
    "renew",  # a year later
    "report_file",  # below figures, which begin at about twenty members
    "report_months",  # in a report of figures, too
    "resume_here",  # where the bot stops by itself, after many weeks
    "setup_open",  # before the set-up
    "status",  # below messages of earlier versions
)
EVENTS: Final = ("app_home_opened", "channel_shared", "member_left_channel")


@dataclass
class _Recorder:
    """Notes what passes on its way to the bot."""

    way: Delivery
    sent: list[Envelope] = field(default_factory=list)

    async def deliver(self, envelope: Envelope, within: float) -> Json | None:
        self.sent.append(envelope)
        return await self.way.deliver(envelope, within)

    async def close(self) -> None:
        await self.way.close()


def name_of(envelope: Envelope) -> str:
    """What it is for: a command, an event or a listener; empty where nobody listens."""
    payload = envelope.payload
    if envelope.kind == "slash_commands":
        return f"/{route(payload['text'])[0].name}"
    if envelope.kind == "events_api":
        return str(payload["event"]["type"])
    match payload["type"]:
        case "block_actions":
            kind, name = Kind.ACTION, payload["actions"][0]["action_id"]
        case "view_submission":
            kind, name = Kind.VIEW, payload["view"]["callback_id"]
        case "shortcut" | "message_action":
            kind, name = Kind.SHORTCUT, payload["callback_id"]
        case _:
            return ""
    of_kind = (one for one in LISTENERS if one.kind is kind)
    return next((_key(one) for one in of_kind if _takes(one, name)), "")


def _key(listener: Listener) -> str:
    return f"{listener.kind.name.lower()} {listener.name}"


def _takes(listener: Listener, name: str) -> bool:
    matcher = listener.matcher
    return name == matcher if isinstance(matcher, str) else bool(matcher.search(name))


# What there is to be recorded: all that the bot listens to.
HEARD: Final = frozenset(
    {*map(_key, LISTENERS), *EVENTS, *(f"/{one.name}" for one in (*COMMANDS, *UNLISTED))}
)


async def fetch_preview(_link: str) -> Preview:
    """What every page says of itself."""
    return Preview("A page", "What it is.", "https://acme.example/picture.png")


async def fetch_feed(request: FeedRequest, now: datetime) -> FeedLook:
    """A feed with news each day, or a page that names it."""
    if not request.address.endswith("/feed"):
        return FailedFeed(FeedProblem.NO_FEED, named=("https://acme.example/feed",))
    link = f"https://acme.example/{now:%j}"
    return ReadFeed(request.address, "Our blog", (FeedEntry("News", link, published=now),))


async def _doubt(world: SlackWorld, bot: Runtime) -> None:
    """A post of which nobody knows whether it arrived."""
    await write_post(world.cleo, link="https://acme.example/doubt")
    await approve(world.carl, 3)
    news = world.news.id
    lost = Fault("chat.postMessage", lose_reply=True, when=lambda call: call["channel"] == news)
    world.sandbox.faults.add(lost)
    await bot.tick()


async def record_story(world: SlackWorld, bot: Runtime) -> list[Envelope]:
    """All that Slack sent of it, oldest first."""
    recorder = _Recorder(world.sandbox.dispatcher.delivery)
    world.sandbox.dispatcher.delivery = recorder
    explorer = Explorer(world, bot, set(_LATER))
    ada = world.sandbox.add_person("ada", tz="Europe/Madrid", is_admin=True)
    world.comms.members.append(ada)
    world.news.members.append(ada)
    seen = {"picture": "https://acme.example/picture.png", "picture_alt": "A chart"}
    await live_post(world, bot, **seen, **{"mastodon:0": "Faster backups."})
    await join_for_direct(world.bo)
    await write_post(world.cleo, title="Another", link="https://acme.example/2")
    await next_direct(world, bot, world.bo)
    await _doubt(world, bot)
    for number in (4, 5):
        await approved_post(world, bot, link=f"https://acme.example/queued/{number}")
    everybody = (world.amara, world.bo, world.carl, ada)
    for who in everybody:  # a colleague shares before she has joined
        await explorer.look(who)
        await who.open_home()
        await explorer.look(who)
    for line in ("", *(one.name for one in COMMANDS if one.name not in ("leave", "forget-me"))):
        await explorer.type(ada, line)
    await explorer.type(ada, *_TYPED)
    await explorer.type(world.amara, "posts")
    shown = world.bo.say(world.news, "See <https://acme.example/5|here>")
    await world.amara.shortcut(suggestions.FROM_MESSAGE, shown)
    await explorer.look(world.amara)
    await world.bo.shortcut("suggest_news")
    await explorer.look(world.bo)
    for days in (1, 3):
        world.sandbox.clock.advance(timedelta(days=days))
        await bot.tick()
        await explorer.look(*everybody)
    for name in _LATER:
        explorer.later.discard(name)
        for who in everybody:
            await who.open_home()
        await explorer.look(*everybody)
    world.news.bot_is_member = False  # the form says so, and offers to look again
    explorer.done.remove("setup_channel")
    await explorer.type(ada, "audit", "setup")
    world.news.bot_is_member = True
    await world.bo.leave_channel(world.comms)
    await world.sandbox.event({"type": "channel_shared", "channel": world.comms.id})
    for name in UNSEEN:
        below = world.sandbox.state.post(world.news, "", [], ephemeral_to=ada)
        value = "2026-08" if name == "report_months" else name
        await deliver(world, click_payload(world, ada, below, name, value))
    await explorer.type(world.amara, "leave", "forget-me")
    await bot.context.background_tasks.drain()
    world.sandbox.dispatcher.delivery = recorder.way
    return recorder.sent

"""What Slack sends of a few people who press everything that they see, once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from bot.runtime import Runtime
from bot.slack.listeners.commands import COMMANDS
from slack_sandbox import Message, Person, View
from slack_sandbox.envelopes import Delivery, Envelope, Json
from slack_sandbox.inputs import elements_of, options_of
from tests.slack.direct_asks import join_for_direct, next_direct
from tests.support import SlackWorld, card_of, fields, live_post, write_post

# What stands after a command's name, where something has to.
_WORDS = {
    "pause": "until Friday",
    "approve": "2",
    "send-back": "2 Please name the source",
    "withdraw": "2",
    "queue": "https://acme.example/3",
}
_LAST = ("forget_me", "leave", "sure")  # parts of the names of buttons that end everything


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


@dataclass
class _Explorer:
    """Presses each button once, whoever sees it first, and submits each form once."""

    world: SlackWorld
    bot: Runtime
    pressed: set[str] = field(default_factory=set)

    async def look(self, who: Person, where: Message | View) -> None:
        """Press all that is new in a message or a view, and look at what comes of it."""
        for block, element in list(elements_of(where.blocks)):
            name = element.get("action_id", "")
            quiet = block["type"] == "input" and not block.get("dispatch_action")
            if quiet or name in self.pressed or any(part in name for part in _LAST):
                continue
            self.pressed.add(name)
            with suppress(LookupError, TypeError):  # it has gone meanwhile, or is no button
                await self.after(who, self._use(who, where, element))
        if isinstance(where, View) and where.body.get("submit") and where is who.view:
            name = where.body["callback_id"]
            if name not in self.pressed:
                self.pressed.add(name)
                await self.after(who, who.submit())

    async def after(self, who: Person, act: object) -> None:
        """Do it, and look at whatever is new in front of them."""
        known, view = len(who.private), who.view
        await act  # type: ignore[misc]
        await self.bot.context.background_tasks.drain()
        for message in who.private[known:]:
            await self.look(who, message)
        if who.view is not None and who.view is not view:
            await self.look(who, who.view)
        while who.views and who.view is not view:
            await who.close()

    async def _use(self, who: Person, where: Message | View, element: Json) -> None:
        if element["type"] == "button":
            await who.press(where, element["action_id"], element.get("value"))
        else:
            first = options_of(element)[0]["value"]
            several = element["type"].startswith("multi") or element["type"] == "checkboxes"
            await who.choose(where, element["action_id"], [first] if several else first)


async def record_story(world: SlackWorld, bot: Runtime) -> list[Envelope]:
    """All that Slack sent of it, oldest first."""
    recorder = _Recorder(world.sandbox.dispatcher.delivery)
    world.sandbox.dispatcher.delivery = recorder
    explorer = _Explorer(world, bot)
    post = await live_post(world, bot)
    await join_for_direct(world.bo)
    await write_post(world.cleo, title="Another", link="https://acme.example/2")
    ask = await next_direct(world, bot, world.bo)
    for who, where in ((world.amara, post), (world.bo, ask)):
        await explorer.look(who, where)
    await explorer.look(world.carl, card_of(world, 2))
    for who in (world.amara, world.carl):
        await explorer.after(who, who.open_home())
        assert who.home is not None
        await explorer.look(who, who.home)
    for who, for_comms in ((world.amara, False), (world.carl, True)):
        for command in COMMANDS:
            if command.for_comms is for_comms:
                line = f"/advocacy {command.name} {_WORDS.get(command.name, '')}".strip()
                await explorer.after(who, who.command(line))
    await _a_filled_form(world, explorer)
    await world.amara.command("/advocacy leave")
    await bot.context.background_tasks.drain()
    world.sandbox.dispatcher.delivery = recorder.way
    return recorder.sent


async def _a_filled_form(world: SlackWorld, explorer: _Explorer) -> None:
    await world.cleo.command("/advocacy queue")
    filled = fields(title="A third", link="https://acme.example/4")
    world.cleo.fill({key: filled[key] for key in ("title", "link", "why", "topics", "linkedin:0")})
    await explorer.after(world.cleo, world.cleo.submit())
    while world.cleo.views:
        await world.cleo.close()

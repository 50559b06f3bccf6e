"""People who press everything that they see, and fill in and send every form, once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.runtime import Runtime
from slack_sandbox import Message, Person, View, payloads
from slack_sandbox.inputs import STATEFUL, elements_of, is_empty, options_of, value_for
from tests.support import SlackWorld, deliver

Json = dict[str, Any]


# What leads away from a form is pressed last where it stands.
_AWAY = ("suggested_words", "edit_again", "save_draft", "setup_more")
# What stands in this form would do as it is; other words bring a question.
_RETYPED = ("own_words_form",)
# A menu whose options lead to different things.
_EACH = ("share_network",)


@dataclass(frozen=True)
class _Use:
    """What somebody can use, where they saw it first; it may have gone there meanwhile."""

    who: Person
    where: Message | View
    block: Json
    element: Json
    value: str | None


@dataclass
class Explorer:
    """Uses each button and menu once, whoever sees it first, and submits each form once.

    What is `later` ends much; it waits until it is taken out of there.
    """

    world: SlackWorld
    bot: Runtime
    later: set[str]
    done: set[str] = field(default_factory=set)
    waiting: dict[str, _Use] = field(default_factory=dict)

    async def look(self, *people: Person) -> None:
        """Press all that is new in front of these people, and all that comes of it."""
        for who in people:
            await self.bot.context.background_tasks.drain()
            while await self._step(who):
                await self.bot.context.background_tasks.drain()

    async def type(self, who: Person, *lines: str) -> None:
        """Type commands, and look at what comes of each."""
        for line in lines:
            await who.command(f"/advocacy {line}".strip())
            await self.look(who)

    async def _step(self, who: Person) -> bool:
        """Do one thing that was not done before; False where there is none."""
        view = who.view
        there = self._notice(who, view)
        ready = [
            name for name in self._ready(who) if view is None or self.waiting[name].where is view
        ]
        ready.sort(key=lambda name: (name not in there, name in _AWAY))
        stays = bool(ready) and ready[0] in there and ready[0] not in _AWAY
        if view is not None and self._is_new_form(view) and not stays:
            self.done.add(view.callback_id)
            who.fill(self._typed(view))
            await who.submit()
            return True
        if ready:
            self.done.add(ready[0])
            await self._use(self.waiting.pop(ready[0]))
        elif view is not None:
            await who.close()
        return bool(ready) or view is not None

    def _is_new_form(self, view: View) -> bool:
        return bool(view.body.get("submit")) and view.callback_id not in self.done

    def _ready(self, who: Person) -> list[str]:
        known = self.waiting.items()
        return [name for name, use in known if use.who is who and name not in self.later]

    def _notice(self, who: Person, view: View | None) -> set[str]:
        """What is in sight, all of which is used at some time."""
        there: set[str] = set()
        for where in _in_sight(self.world, who) if view is None else [view]:
            for block, element in elements_of(where.blocks):
                for name, value in _ways(block, element):
                    there.add(name)
                    if name not in self.done:
                        use = _Use(who, where, block, element, value)
                        self.waiting.setdefault(name, use)
        return there

    async def _use(self, use: _Use) -> None:
        """Press or choose, also where somebody has in sight what is there no more."""
        element, held = use.element, {}
        if element["type"] == "overflow":
            [option] = (one for one in options_of(element) if one["value"] == use.value)
            held = {"selected_option": option}
        elif element["type"] != "button":
            block_id = use.block["block_id"]
            kept = value_for(element, use.value or self._value(element, block_id))
            use.where.values.setdefault(block_id, {})[element["action_id"]] = kept
            held = payloads.chosen(element, kept)
        pressed = {**element, "chosen": held}
        state = self.world.sandbox.state
        await deliver(
            self.world, payloads.block_actions(state, use.who, use.where, pressed, use.block)
        )

    def _typed(self, view: View) -> Json:
        """Words in each field that must not stay empty; every box that can be ticked."""
        fields = [one for one in view.blocks if one["type"] == "input"]
        empty = [
            one
            for one in fields
            if is_empty(view.values[one["block_id"]][one["element"]["action_id"]])
        ]
        wanted = fields if view.callback_id in _RETYPED else filter(_is_needed, empty)
        return {one["block_id"]: self._value(one["element"], one["block_id"]) for one in wanted}

    def _value(self, element: Json, about: str = "") -> Any:
        match element["type"]:
            case "number_input":
                return element.get("min_value", "3")
            case "datepicker":
                return f"{self.world.sandbox.clock():%Y}-12-24"
            case "timepicker":
                return "11:00"
            case "datetimepicker":
                return int(self.world.sandbox.clock().timestamp()) + 86_400
            case "conversations_select" | "channels_select":
                return (self.world.news if "news" in about else self.world.comms).id
            case kind if options := options_of(element):
                several = kind.startswith("multi") or kind == "checkboxes"
                return [one["value"] for one in options[:3]] if several else options[0]["value"]
        about += element["action_id"]
        if "server" in about:
            return "mastodon.social"
        link = "link" in about or "address" in about or element["type"].startswith("url")
        return "https://acme.example/typed" if link else "Some words"


def _is_needed(block: Json) -> bool:
    if block["element"]["type"] == "checkboxes":
        return True
    return not block.get("optional") or block["block_id"] == "linkedin:0"  # one text is


def _in_sight(world: SlackWorld, who: Person) -> Iterator[Message | View]:
    """Home, and the messages where they are, the newest first."""
    if who.home is not None:
        yield who.home
    for one in reversed(world.sandbox.state.messages):
        if who in one.channel.members and not one.deleted and one.ephemeral_to in (None, who):
            yield one


def _ways(block: Json, element: Json) -> Iterator[tuple[str, str | None]]:
    """What using an element is called here, and the value for it; nothing where it only waits."""
    name = element.get("action_id", "")
    if block["type"] == "input" and not block.get("dispatch_action"):
        return
    if element["type"] == "overflow" or name in _EACH:
        for option in options_of(element):
            yield f"{name} {option['text']['text']}", option["value"]
    elif element["type"] == "button":
        yield name, element.get("value")
    elif element["type"] in STATEFUL:
        yield name, None

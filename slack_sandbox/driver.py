"""What a test does as a person: typing commands, pressing, choosing, submitting."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from slack_sandbox import answers, payloads
from slack_sandbox.dispatch import Dispatcher
from slack_sandbox.envelopes import Envelope
from slack_sandbox.errors import SlackError
from slack_sandbox.inputs import STATEFUL, elements_of, options_of, value_for
from slack_sandbox.outcomes import Outcome
from slack_sandbox.required import problems_before_submitting
from slack_sandbox.server import Server
from slack_sandbox.shapes import view_json
from slack_sandbox.state import Channel, Message, State, User, View

Json: TypeAlias = dict[str, Any]
Where: TypeAlias = Message | View


class Workspace(Protocol):
    """What a person acts in; see `sandbox.Sandbox`."""

    state: State
    dispatcher: Dispatcher
    server: Server

    def channel(self, name: str) -> Channel:
        """The channel of this name."""

    async def event(self, event: Json) -> Outcome:
        """Let the app hear of an event, as Slack would tell it."""


@dataclass(eq=False)
class Person(User):
    """Somebody in the workspace, and what that person can do and see."""

    sandbox: Workspace = dataclasses.field(kw_only=True, repr=False)

    # What this person sees.

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        return self.views[-1] if self.views else None

    @property
    def views(self) -> list[View]:
        """The open modals, the one on top last."""
        return list(self.sandbox.state.stack(self))

    @property
    def home(self) -> View | None:
        """The Home tab as it was last published."""
        return self.sandbox.state.home_tabs.get(self.id)

    @property
    def private(self) -> list[Message]:
        """Every message that only this person sees, newest last."""
        messages = self.sandbox.state.messages
        return [one for one in messages if one.ephemeral_to is self and not one.deleted]

    @property
    def dm(self) -> list[Message]:
        """The messages of the app in the direct message with this person."""
        return self.messages(self.sandbox.state.direct_channel(self))

    def messages(self, channel: Channel) -> list[Message]:
        """The messages this person sees in a channel, in order."""
        if channel.private and self not in channel.members:
            return []
        return [
            one
            for one in self.sandbox.state.messages
            if one.channel is channel and not one.deleted and one.ephemeral_to in (None, self)
        ]

    # What this person does.

    async def command(self, line: str, channel: Channel | None = None) -> Outcome:
        """Type a slash command, in a channel or in the direct message with the app."""
        state = self.sandbox.state
        place = channel or state.direct_channel(self)
        payload = payloads.command(state, self, place, line)
        outcome = await self.sandbox.dispatcher.deliver(Envelope("slash_commands", payload))
        return self._applied(
            outcome, lambda: answers.answer_command(state, self, place, outcome.response)
        )

    async def press(
        self,
        where: Where,
        action_id: str,
        value: str | None = None,
        block_id: str | None = None,
        *,
        times: int = 1,
    ) -> Outcome:
        """Press a button.

        Args:
            where: The message or view in which it stands.
            action_id: Its action id.
            value: Its value, if several buttons have this action id.
            block_id: The id of its block, if several blocks have such a button.
            times: How often it is pressed, at once; the further outcomes are in `repeats`.

        Raises:
            LookupError: If there is no such button; it says which there are.
        """
        block, element = _find(where, action_id, value, block_id)
        presses = [self._act(where, block, element) for _ in range(times)]
        first, *repeats = await asyncio.gather(*presses)
        return dataclasses.replace(first, url=element.get("url"), repeats=tuple(repeats))

    async def choose(
        self, where: Where, action_id: str, value: Any, block_id: str | None = None
    ) -> Outcome:
        """Choose in a menu, radio buttons, checkboxes or a date picker that tells the app at once.

        Args:
            where: The message or view in which it stands.
            action_id: Its action id.
            value: The value of the option (a list where several can be chosen), or a date.
            block_id: The id of its block, if several blocks have such an element.

        Raises:
            LookupError: If there is no such element, or it does not offer this option.
            TypeError: If the element stands in an input block that does not tell the app.
        """
        block, element = _find(where, action_id, None, block_id)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise TypeError(f"{action_id} tells nothing before the view is submitted: use fill()")
        if element["type"] == "overflow":
            option = next((one for one in options_of(element) if one["value"] == value), None)
            if option is None:
                raise LookupError(f"no option {value!r} in {action_id}")
            return await self._act(where, block, {**element, "chosen": {"selected_option": option}})
        held = value_for(element, value)
        where.values.setdefault(block["block_id"], {})[element["action_id"]] = held
        return await self._act(where, block, {**element, "chosen": payloads.chosen(element, held)})

    def fill(self, values: Mapping[str, Any]) -> None:
        """Type into the view on top, by block id; None empties a field.

        Raises:
            LookupError: If no view is open, or it has no such input; it says which there are.
        """
        view = self._top()
        inputs = {block["block_id"]: block for block in view.blocks if block["type"] == "input"}
        for block_id, value in values.items():
            if block_id not in inputs:
                raise LookupError(f"no input block {block_id!r}; there are {sorted(inputs)}")
            element = inputs[block_id]["element"]
            view.values[block_id][element["action_id"]] = value_for(element, value)
        self.sandbox.state.changes.notify()

    async def submit(self) -> Outcome:
        """Press the submit button of the view on top, and see what the app answers.

        What Slack's client itself would refuse (an empty field that is needed, a text that is
        too long) is not sent: it stands in `view.errors`, and the error is `incomplete`.

        Raises:
            LookupError: If no view is open.
        """
        view = self._top()
        view.errors = problems_before_submitting(view.blocks, view.values)
        if view.errors:
            self.sandbox.state.changes.notify()
            return Outcome(acknowledged=False, error="incomplete")
        state = self.sandbox.state
        payload = payloads.view_submission(state, self, view)
        outcome = await self.sandbox.dispatcher.deliver(Envelope("interactive", payload))
        return self._applied(
            outcome, lambda: answers.answer_submission(state, view, outcome.response)
        )

    async def close(self, *, everything: bool = False) -> Outcome:
        """Close the view on top, or the whole stack; the app hears of it if it wants to.

        Raises:
            LookupError: If no view is open.
        """
        top = self._top()
        state = self.sandbox.state
        everything = everything or bool(top.body.get("clear_on_close"))
        closed = self.views if everything else [top]
        state.views[self.id] = [view for view in self.views if view not in closed]
        state.changes.notify()
        outcome = Outcome(acknowledged=True)
        for view in reversed(closed):
            if view.body.get("notify_on_close"):
                payload = payloads.view_closed(state, self, view, cleared=everything)
                outcome = await self.sandbox.dispatcher.deliver(Envelope("interactive", payload))
        return outcome

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """Use a shortcut of the app: on a message, or without one from the menu."""
        payload = payloads.shortcut(self.sandbox.state, self, callback_id, message)
        return await self.sandbox.dispatcher.deliver(Envelope("interactive", payload))

    def say(self, channel: Channel, text: str) -> Message:
        """Write a message in a channel; the app hears nothing of it."""
        return self.sandbox.state.post(channel, text, [], author=self.id)

    async def open_home(self) -> Outcome:
        """Look at the Home tab of the app."""
        event: Json = {"type": "app_home_opened", "user": self.id, "tab": "home"}
        event["channel"] = self.sandbox.state.direct_channel(self).id
        if self.home is not None:
            event["view"] = view_json(self.sandbox.state, self.home)
        return await self.sandbox.event(event)

    async def join_channel(self, channel: Channel) -> Outcome:
        """Join a channel; the app hears of it if it is there too."""
        if self not in channel.members:
            channel.members.append(self)
        return await self._moved("member_joined_channel", channel)

    async def leave_channel(self, channel: Channel) -> Outcome:
        """Leave a channel; the app hears of it if it is there too."""
        if self in channel.members:
            channel.members.remove(self)
        return await self._moved("member_left_channel", channel)

    async def _moved(self, kind: str, channel: Channel) -> Outcome:
        state = self.sandbox.state
        state.changes.notify()
        if not channel.bot_is_member:
            return Outcome(acknowledged=False, error="bot_not_in_channel")
        letter = "G" if channel.private else "C"
        event = {"type": kind, "user": self.id, "channel": channel.id, "channel_type": letter}
        return await self.sandbox.event({**event, "team": state.team_id})

    async def _act(self, where: Where, block: Json, element: Json) -> Outcome:
        payload = payloads.block_actions(self.sandbox.state, self, where, element, block)
        return await self.sandbox.dispatcher.deliver(Envelope("interactive", payload))

    def _applied(self, outcome: Outcome, apply: Any) -> Outcome:
        """Do what an acknowledgement asks for; what Slack would refuse is recorded."""
        if not outcome.acknowledged:
            return outcome
        try:
            apply()
        except SlackError as error:
            response = outcome.response or {}
            self.sandbox.server.record("acknowledgement", response, error.answer())
            return dataclasses.replace(outcome, error=error.error)
        return outcome

    def _top(self) -> View:
        if self.view is None:
            raise LookupError(f"{self.name} has no view open")
        return self.view


def _find(
    where: Where, action_id: str, value: str | None, block_id: str | None
) -> tuple[Json, Json]:
    """Find an element in a message or view, or say what there is."""
    pairs = _interactive(where.blocks)
    for block, element in pairs:
        if (
            element.get("action_id") == action_id
            and value in (None, element.get("value"))
            and block_id in (None, block["block_id"])
        ):
            return block, element
    if block_id is not None:  # an update has just made the block anew: Slack takes the press too
        return _find(where, action_id, value, None)
    there = [
        f"{one['action_id']}={one['value']}" if one.get("value") else one["action_id"]
        for _, one in pairs
    ]
    raise LookupError(f"no {action_id!r} (value {value!r}) here; there are {there}")


def _interactive(blocks: Sequence[Json]) -> list[tuple[Json, Json]]:
    kinds = {*STATEFUL, "button", "overflow", "workflow_button", "icon_button"}
    return [(block, one) for block, one in elements_of(blocks) if one.get("type") in kinds]

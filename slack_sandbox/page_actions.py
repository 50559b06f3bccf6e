"""Page actions: each click and each typed line, done as the person who was chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from slack_sandbox.clock_control import next_monday
from slack_sandbox.driver import Person
from slack_sandbox.outcomes import Outcome
from slack_sandbox.sandbox import Sandbox
from slack_sandbox.state import Channel, Message, View
from slack_sandbox.switches import Switches

Json: TypeAlias = dict[str, Any]
Perform = Callable[[Json], Awaitable[Outcome | None]]


class RefusedError(Exception):
    """Why something cannot be done, in a sentence for the person at the page."""


class PageControls(Protocol):
    """What of the page itself an action reads or turns; see `page_server.Page`."""

    commands: Sequence[tuple[str, str]]
    on_reset: Callable[[], Awaitable[None]] | None
    switches: Switches

    async def reset(self) -> None:
        """Make everything fresh again."""


class PageActions:
    """Does what a page asks for; the page decides nothing by itself."""

    def __init__(self, sandbox: Sandbox, page: PageControls) -> None:
        self._sandbox = sandbox
        self._page = page
        self._known: dict[str, Perform] = {
            "command": self._command,
            "shortcut": self._shortcut,
            "press": self._press,
            "choose": self._choose,
            "fill": self._fill,
            "submit": self._submit,
            "close": self._close,
            "join": self._join,
            "leave": self._leave,
            "home": self._home,
            "clock": self._clock,
            "switch": self._switch,
            "drop": self._drop,
            "reset": self._reset,
        }

    async def perform(self, request: Json) -> Json:
        """Do one thing, and say what came of it.

        Raises:
            RefusedError: If it cannot be done; nothing has happened then.
        """
        perform = self._known.get(str(request.get("do")))
        if perform is None:
            raise RefusedError("This page asked for something that the stand-in does not know.")
        try:
            outcome = await perform(request)
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise RefusedError(_sentence(error)) from error
        if outcome is None:
            return {}
        return {"outcome": asdict(outcome), "trouble": _warning(outcome)}

    # As a person.

    async def _command(self, request: Json) -> Outcome:
        person, line = self._person(request), str(request["line"]).strip()
        if not line.startswith("/"):
            raise RefusedError(
                "Only commands are simulated here; the bot reads no conversation. Begin with “/”."
            )
        if line.split()[0] == "/invite":
            return self._invite(line, self._channel(request, person))
        known = sorted({offered.split()[0] for offered, _ in self._page.commands})
        if known and line.split()[0] not in known:
            raise RefusedError(f"That is not a command here. There is {', '.join(known)}.")
        return await person.command(line[:4000], channel=self._channel(request, person))

    async def _shortcut(self, request: Json) -> Outcome:
        if "message" not in request:
            return await self._person(request).shortcut(request["id"])
        person, where = self._where(request)
        if not isinstance(where, Message):
            raise TypeError("no message")
        return await person.shortcut(request["id"], where)

    def _invite(self, line: str, channel: Channel) -> Outcome:
        """What Slack itself does: the app comes into the channel."""
        state = self._sandbox.state
        if line.split()[1:] != [f"@{state.bot.name}"]:
            raise RefusedError(f"Only the app can be invited here: /invite @{state.bot.name}")
        channel.bot_is_member = True
        state.changes.notify()
        return Outcome(acknowledged=True)

    async def _press(self, request: Json) -> Outcome:
        person, where = self._where(request)
        return await person.press(where, request["action"], request.get("value"), request["block"])

    async def _choose(self, request: Json) -> Outcome:
        person, where = self._where(request)
        return await person.choose(where, request["action"], request["value"], request["block"])

    async def _fill(self, request: Json) -> None:
        self._where(request)

    async def _submit(self, request: Json) -> Outcome:
        person, _ = self._where(request)
        return await person.submit()

    async def _close(self, request: Json) -> Outcome:
        person, _ = self._where(request)
        return await person.close(everything=bool(request.get("everything")))

    async def _join(self, request: Json) -> Outcome:
        person = self._person(request)
        channel = self._sandbox.state.channels[request["channel"]]
        if channel.private and person not in channel.members:
            raise RefusedError("Nobody enters a private channel without being invited.")
        return await person.join_channel(channel)

    async def _leave(self, request: Json) -> Outcome:
        person = self._person(request)
        return await person.leave_channel(self._channel(request, person))

    async def _home(self, request: Json) -> Outcome:
        return await self._person(request).open_home()

    # To the sandbox itself.

    async def _clock(self, request: Json) -> None:
        mover = self._sandbox.mover
        if request.get("to") == "monday":
            zone = ZoneInfo(self._person(request).tz)
            await mover.move_to(next_monday(self._sandbox.clock().astimezone(zone)))
        elif "to" in request:
            await mover.move_to(datetime.fromtimestamp(int(request["to"]) / 1000, UTC))
        else:
            await mover.move_by(timedelta(minutes=int(request["minutes"])))

    async def _switch(self, request: Json) -> None:
        self._page.switches.set(str(request["name"]), on=bool(request["on"]))

    async def _drop(self, _request: Json) -> None:
        await self._sandbox.drop_sockets(silently=True)

    async def _reset(self, _request: Json) -> None:
        if self._page.on_reset is None:
            raise RefusedError("There is nothing here that could be reset.")
        await self._page.reset()

    # Finding what a page means.

    def _person(self, request: Json) -> Person:
        for person in self._sandbox.persons:
            if person.id == request["as"]:
                return person
        raise LookupError("nobody has this id")

    def _channel(self, request: Json, person: Person) -> Channel:
        channel = self._sandbox.state.channels[request["channel"]]
        if person not in channel.members:
            raise RefusedError(f"{person.real_name} is not in this channel.")
        return channel

    def _where(self, request: Json) -> tuple[Person, Message | View]:
        """Find the message or view, and put into the view what the page has typed there."""
        person = self._person(request)
        if "view" in request:
            view = self._view(request, person)
            if typed := request.get("typed"):
                person.fill(typed)
            return person, view
        for message in reversed(self._sandbox.state.messages):
            if message.ts == request["message"] and not message.deleted:
                seen = message in person.messages(message.channel)
                if seen:
                    return person, message
        raise LookupError("no such message")

    def _view(self, request: Json, person: Person) -> View:
        """Find an open view, which must lie on top, or the Home tab."""
        if person.view is not None and person.view.id == request["view"]:
            return person.view
        if person.home is not None and person.home.id == request["view"]:
            return person.home
        raise LookupError("no such view")


_TROUBLES = {
    "operation_timeout": "The bot did not answer within three seconds.",
    "dispatch_failed": "The bot could not be reached.",
}


def _warning(outcome: Outcome) -> str:
    """Say what Slack would warn of; empty if all is well, or if it stands in the form itself."""
    if outcome.acknowledged and outcome.error:
        return f"Slack would refuse what the bot answered: {outcome.error}."
    known = _TROUBLES.get(outcome.error or "")
    return f"{known} Slack would show a warning here, too ({outcome.error})." if known else ""


def _sentence(error: Exception) -> str:
    if isinstance(error, LookupError):
        return f"This has changed in the meantime ({error})."
    return str(error)

"""What a page may do: every click and every typed line, handed to the person it is done as."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.sandbox.moving import next_monday
from bot.sandbox.outcomes import Outcome
from bot.sandbox.state import Channel, Message, View

if TYPE_CHECKING:
    from bot.sandbox.driver import Person
    from bot.sandbox.sandbox import Sandbox

Json: TypeAlias = dict[str, Any]
Deed = Callable[[Json], Awaitable[Outcome | None]]


class RefusedError(Exception):
    """Why something cannot be done, in a sentence for the person at the page."""


class Deeds:
    """Does what a page asks for; the page decides nothing by itself."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known: dict[str, Deed] = {
            "command": self._command,
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

    async def do(self, asked: Json) -> Json:
        """Do one thing, and say what came of it.

        Raises:
            RefusedError: If it cannot be done; nothing has happened then.
        """
        deed = self._known.get(str(asked.get("do")))
        if deed is None:
            raise RefusedError("This page asked for something that the stand-in does not know.")
        try:
            outcome = await deed(asked)
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise RefusedError(_sentence(error)) from error
        if outcome is None:
            return {}
        return {"outcome": asdict(outcome), "trouble": _trouble(outcome)}

    # As a person.

    async def _command(self, asked: Json) -> Outcome:
        person, line = self._person(asked), str(asked["line"]).strip()
        if not line.startswith("/"):
            raise RefusedError(
                "Only commands are simulated here; the bot reads no conversation. Begin with “/”."
            )
        known = sorted({offered.split()[0] for offered, _ in self._sandbox.page.commands})
        if known and line.split()[0] not in known:
            raise RefusedError(f"That is not a command here. There is {', '.join(known)}.")
        return await person.command(line[:4000], channel=self._channel(asked, person))

    async def _press(self, asked: Json) -> Outcome:
        person, where = self._where(asked)
        return await person.press(where, asked["action"], asked.get("value"), asked["block"])

    async def _choose(self, asked: Json) -> Outcome:
        person, where = self._where(asked)
        return await person.choose(where, asked["action"], asked["value"], asked["block"])

    async def _fill(self, asked: Json) -> None:
        self._where(asked)

    async def _submit(self, asked: Json) -> Outcome:
        person, _ = self._where(asked)
        return await person.submit()

    async def _close(self, asked: Json) -> Outcome:
        person, _ = self._where(asked)
        return await person.close(everything=bool(asked.get("everything")))

    async def _join(self, asked: Json) -> Outcome:
        person = self._person(asked)
        channel = self._sandbox.state.channels[asked["channel"]]
        if channel.private and person not in channel.members:
            raise RefusedError("Nobody enters a private channel without being invited.")
        return await person.join_channel(channel)

    async def _leave(self, asked: Json) -> Outcome:
        person = self._person(asked)
        return await person.leave_channel(self._channel(asked, person))

    async def _home(self, asked: Json) -> Outcome:
        return await self._person(asked).open_home()

    # To the stand-in itself.

    async def _clock(self, asked: Json) -> None:
        mover = self._sandbox.mover
        if asked.get("to") == "monday":
            zone = ZoneInfo(self._person(asked).tz)
            await mover.to(next_monday(self._sandbox.clock().astimezone(zone)))
        elif "to" in asked:
            await mover.to(datetime.fromtimestamp(int(asked["to"]) / 1000, UTC))
        else:
            await mover.by(timedelta(minutes=int(asked["minutes"])))

    async def _switch(self, asked: Json) -> None:
        self._sandbox.page.switches.turn(str(asked["name"]), on=bool(asked["on"]))

    async def _drop(self, _asked: Json) -> None:
        await self._sandbox.drop_sockets(silently=True)

    async def _reset(self, _asked: Json) -> None:
        if self._sandbox.page.on_reset is None:
            raise RefusedError("There is nothing here that could be reset.")
        await self._sandbox.page.reset()

    # Finding what a page means.

    def _person(self, asked: Json) -> Person:
        for person in self._sandbox.persons:
            if person.id == asked["as"]:
                return person
        raise LookupError("nobody has this id")

    def _channel(self, asked: Json, person: Person) -> Channel:
        channel = self._sandbox.state.channels[asked["channel"]]
        if person not in channel.members:
            raise RefusedError(f"{person.real_name} is not in this channel.")
        return channel

    def _where(self, asked: Json) -> tuple[Person, Message | View]:
        """Find the message or view, and put into the view what the page has typed there."""
        person = self._person(asked)
        if "view" in asked:
            view = self._view(asked, person)
            if typed := asked.get("typed"):
                person.fill(typed)
            return person, view
        for message in reversed(self._sandbox.state.messages):
            if message.ts == asked["message"] and not message.deleted:
                seen = message in person.messages(message.channel)
                if seen:
                    return person, message
        raise LookupError("no such message")

    def _view(self, asked: Json, person: Person) -> View:
        """Find an open view, which must lie on top, or the Home tab."""
        if person.view is not None and person.view.id == asked["view"]:
            return person.view
        if person.home is not None and person.home.id == asked["view"]:
            return person.home
        raise LookupError("no such view")


_TROUBLES = {
    "operation_timeout": "The bot did not answer within three seconds.",
    "dispatch_failed": "The bot could not be reached.",
}


def _trouble(outcome: Outcome) -> str:
    """Say what Slack would warn of; empty if all is well, or if it stands in the form itself."""
    if outcome.acknowledged and outcome.error:
        return f"Slack would refuse what the bot answered: {outcome.error}."
    known = _TROUBLES.get(outcome.error or "")
    return f"{known} Slack would show a warning here, too ({outcome.error})." if known else ""


def _sentence(error: Exception) -> str:
    if isinstance(error, LookupError):
        return f"This has changed in the meantime ({error})."
    return str(error)

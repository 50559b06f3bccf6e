"""The sandbox as a whole: starting, stopping, and the parts that it connects."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeAlias
from zoneinfo import ZoneInfo

from aiohttp import web

from slack_sandbox.change_signal import PATIENCE
from slack_sandbox.clock import Clock
from slack_sandbox.clock_control import ClockControl
from slack_sandbox.delivery import HttpDelivery
from slack_sandbox.dispatch import Dispatcher
from slack_sandbox.driver import Person
from slack_sandbox.faults import Faults
from slack_sandbox.outcomes import Outcome
from slack_sandbox.server import RecordedCall, Server, Tokens
from slack_sandbox.sockets import SocketDelivery
from slack_sandbox.state import Channel, Enterprise, State, User

Json: TypeAlias = dict[str, Any]

DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "channels:read",
    "groups:read",
    "im:read",
    "im:write",
    "users:read",
    "dnd:read",
    "files:write",
)


class Sandbox:
    """A workspace on this machine, for one app.

    Attributes:
        clock: What time it is in the workspace.
        bot_token, app_token, signing_secret, config_token: What the app needs to know.
        mover: Moves the clock step by step, and lets the app keep up.
        dispatcher: How envelopes reach the app: how long it has, and when events are repeated.
        state: Everything the sandbox remembers.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        team_id: str = "T0SANDBOX",
        enterprise: Enterprise | None = None,
        start: datetime | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare a workspace; `async with` starts it.

        Args:
            port: The port on 127.0.0.1; 0 takes any that is free.
            team_id: The id of the workspace.
            enterprise: The organisation that it is part of, as on Enterprise Grid.
            start: The aware moment at which its clock begins; now, if left out.
            clock: A clock of your own instead.
        """
        self.clock = clock or Clock(start)
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(8)}"
        self.app_token = f"xapp-sandbox-{secrets.token_hex(8)}"
        self.signing_secret = secrets.token_hex(16)
        self.state = State(self.clock, team_id)
        self.state.enterprise = enterprise
        self.state.scopes[:] = DEFAULT_SCOPES
        self.clock.on_move = self.state.changes.notify
        self.config_token = f"xoxe.xoxp-sandbox-{secrets.token_hex(8)}"
        tokens = Tokens(self.bot_token, self.app_token, self.config_token)
        self.server = Server(self.state, tokens)
        self.sockets = SocketDelivery(self.state)
        self.dispatcher = Dispatcher(self.state, self.sockets)
        self.mover = ClockControl(self.clock)
        self._routes: list[web.RouteDef] = []
        self._closing: list[Callable[[], Awaitable[None]]] = []
        self._port = port
        self._runner: web.AppRunner | None = None
        self._persons: dict[str, Person] = {}
        self._channels: dict[str, Channel] = {}

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.add_routes([*self.server.routes(), web.get("/socket", self.sockets.handle)])
        app.add_routes(self._routes)
        # Whatever is still held when it ends is cut off at once.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.state.base_url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.refuse_sockets = True
        self.faults.clear()
        for close in self._closing:
            await close()
        await self.sockets.close()
        await self.dispatcher.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def serve(
        self, routes: Sequence[web.RouteDef], on_close: Callable[[], Awaitable[None]]
    ) -> None:
        """Serve more beside the Web API, such as a page; before the workspace is started."""
        self._routes += routes
        self._closing.append(on_close)

    # What the app needs to know.

    @property
    def api_url(self) -> str:
        """The address of the Web API, for the app's settings."""
        return f"{self.state.base_url}/api/"

    @property
    def team_id(self) -> str:
        """The id of the workspace."""
        return self.state.team_id

    @property
    def bot_user_id(self) -> str:
        """The user id of the app."""
        return self.state.bot.id

    @property
    def scopes(self) -> list[str]:
        """The scopes of the bot token; change the list to take some away."""
        return self.state.scopes

    # People and channels.

    @property
    def persons(self) -> list[Person]:
        """Everybody who was added."""
        return list(self._persons.values())

    @property
    def channels(self) -> list[Channel]:
        """Every channel that was added; direct messages are not among them."""
        return list(self._channels.values())

    def person(self, name: str) -> Person:
        """Find a person by name."""
        return self._persons[name]

    def channel(self, name: str) -> Channel:
        """Find a channel by name, without the `#`."""
        return self._channels[name.removeprefix("#")]

    def add_person(
        self,
        name: str,
        *,
        real_name: str | None = None,
        tz: str = "Europe/Berlin",
        locale: str = "en-US",
        team_id: str | None = None,
        enterprise_id: str | None = None,
        restricted: bool = False,
        ultra_restricted: bool = False,
        is_admin: bool = False,
        title: str = "",
    ) -> Person:
        """Add somebody to the workspace.

        Args:
            name: The short name.
            real_name: The full name.
            tz: The IANA time zone.
            locale: The IETF language tag.
            team_id: Another workspace, for somebody in a shared channel.
            enterprise_id: Their organisation, where they are of another workspace.
            restricted: Whether this is a guest in several channels.
            ultra_restricted: Whether this is a guest in one channel.
            is_admin: Whether this person administers the workspace.
            title: What this person does here, as the profile says it.

        Raises:
            ZoneInfoNotFoundError: If there is no such time zone.
            ValueError: If somebody has this name already.
        """
        if name in self._persons:
            raise ValueError(f"{name} is here already")
        ZoneInfo(tz)
        person = Person(
            self.state.new_id("U"),
            name,
            real_name or name.capitalize(),
            team_id or self.team_id,
            tz=tz,
            locale=locale,
            restricted=restricted or ultra_restricted,
            ultra_restricted=ultra_restricted,
            is_admin=is_admin,
            title=title,
            enterprise_id=enterprise_id,
            sandbox=self,
        )
        self._persons[name] = person
        self.state.users[person.id] = person
        self.state.names[person.id] = name
        return person

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        members: Sequence[User] = (),
        bot_is_member: bool = True,
        archived: bool = False,
    ) -> Channel:
        """Add a channel.

        Raises:
            ValueError: If there is a channel of this name already.
        """
        if name in self._channels:
            raise ValueError(f"#{name} is here already")
        channel = Channel(
            self.state.new_id("C"), name, private, list(members), bot_is_member, archived
        )
        channel.created = int(self.clock().timestamp())
        self._channels[name] = channel
        self.state.channels[channel.id] = channel
        self.state.names[channel.id] = name
        return channel

    async def connect_channel(self, channel: Channel, team_id: str) -> Outcome:
        """Share a channel with a workspace of another organisation, as Slack Connect does."""
        channel.connected_to.append(team_id)
        self.state.changes.notify()
        event = {"type": "channel_shared", "channel": channel.id, "connected_team_id": team_id}
        return await self.event(event)

    def clear(self) -> None:
        """Forget everybody, every channel and all that was said; tokens and addresses stay."""
        self._persons.clear()
        self._channels.clear()
        self.faults.clear()
        self.calls.clear()
        self.state.clear()

    # Delivering.

    def deliver_by_http(self, address: str) -> HttpDelivery:
        """Deliver to this request address from now on, instead of by Socket Mode."""
        delivery = HttpDelivery(address, self.signing_secret)
        self.dispatcher.delivery = delivery
        return delivery

    async def event(self, inner: Mapping[str, Any]) -> Outcome:
        """Deliver an event, and again as often as Slack would if nobody acknowledges it.

        Args:
            inner: The event itself, with its `type`.
        """
        return await self.dispatcher.event(inner)

    # Watching, and letting things go wrong.

    @property
    def calls(self) -> list[RecordedCall]:
        """Every call that the app made, newest last."""
        return self.server.calls

    @property
    def faults(self) -> Faults:
        """What goes wrong in the next calls."""
        return self.server.faults

    @property
    def trigger_life(self) -> float:
        """Seconds of real time in which a trigger opens a view."""
        return self.state.trigger_life

    @trigger_life.setter
    def trigger_life(self, seconds: float) -> None:
        self.state.trigger_life = seconds

    @property
    def refuse_sockets(self) -> bool:
        """Whether new sockets are refused, as in an outage."""
        return self.sockets.refuse

    @refuse_sockets.setter
    def refuse_sockets(self, refuse: bool) -> None:
        self.sockets.refuse = refuse

    async def connected(self, n: int = 1, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Wait until this many sockets are connected.

        Raises:
            TimeoutError: If they are not, in so many seconds.
        """
        await self.state.changes.until(
            lambda: len(self.sockets.connections) >= n, timeout, f"{n} connected sockets"
        )

    async def until(
        self,
        predicate: Callable[[], object],
        timeout: float = PATIENCE,  # noqa: ASYNC109
        what: str | None = None,
    ) -> None:
        """Wait until something is so; it is looked at again at every change, without polling.

        Args:
            predicate: What must become true.
            timeout: Seconds to wait at most.
            what: What is awaited, in words, for the error.

        Raises:
            TimeoutError: If it did not become so in time; it says what was awaited.
        """
        await self.state.changes.until(predicate, timeout, what)

    async def drop_sockets(self, *, silently: bool = False) -> None:
        """Close every socket; silently means without a closing word, as a broken network does."""
        await self.sockets.drop(silently=silently)

    async def refresh_sockets(self, warning: float = 0.0) -> None:
        """Ask every socket to connect anew, `warning` seconds after saying so."""
        await self.sockets.refresh(warning)

"""The sandbox's state: people, channels, messages, views, tickets."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from slack_sandbox.change_signal import ChangeSignal
from slack_sandbox.clock import Clock
from slack_sandbox.files import File, Files
from slack_sandbox.inputs import initial_values, values_after_update, with_ids
from slack_sandbox.mentions import mentions_in_blocks, mentions_in_text
from slack_sandbox.text import Reader, plain_text_of_message, plain_text_of_view
from slack_sandbox.traffic_log import TrafficLog

Json: TypeAlias = dict[str, Any]

RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)
MOST_VIEWS = 3


@dataclass(eq=False)
class User:
    """Somebody in the workspace, or a guest of it, or the app itself.

    `team_id` is their own workspace, and `enterprise_id` their organisation where they are of
    another workspace; None is the organisation of this workspace, or none at all.
    """

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "UTC"
    locale: str = "en-US"
    restricted: bool = False
    ultra_restricted: bool = False
    is_admin: bool = False
    is_bot: bool = False
    title: str = ""
    deleted: bool = False
    enterprise_id: str | None = None
    do_not_disturb: tuple[datetime, datetime] | None = None


@dataclass(frozen=True)
class Enterprise:
    """The organisation that the workspace is part of.

    `users_team_id` is what payloads name as everybody's team: on Enterprise Grid that may be the
    organisation, or one workspace for all. None is each person's own workspace.
    """

    id: str = "E0SANDBOX"
    name: str = "Sandbox Group"
    users_team_id: str | None = None


@dataclass(eq=False)
class Channel:
    """A channel, or the direct message between the app and one person.

    It may be `shared_with` other workspaces of the same organisation, and `connected_to`
    workspaces of other organisations.
    """

    id: str
    name: str
    private: bool = False
    members: list[User] = field(default_factory=list)
    bot_is_member: bool = True
    archived: bool = False
    direct_with: User | None = None
    created: int = 0
    shared_with: list[str] = field(default_factory=list)
    connected_to: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Message:
    """One message as it stands now; it changes in place when the app changes it."""

    ts: str
    channel: Channel
    text: str
    blocks: list[Json]
    author: str
    at: datetime
    ephemeral_to: User | None = None
    thread_ts: str | None = None
    edited: bool = False
    deleted: bool = False
    mentions: list[str] = field(default_factory=list)
    values: Json = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict, repr=False)
    files: Sequence[File] = ()

    @property
    def plain(self) -> str:
        """What the message shows, as plain text; dates in UTC."""
        return self._plain(Reader(names=self.names))

    def plain_for(self, person: User) -> str:
        """What the message shows to one person: dates in that person's time zone."""
        return self._plain(Reader(names=self.names, zone=ZoneInfo(person.tz)))

    def _plain(self, reader: Reader) -> str:
        said = plain_text_of_message(self.text, self.blocks, self.values, reader)
        return "\n".join(filter(None, (said, *(f"[{file.shown}]" for file in self.files))))


@dataclass(eq=False)
class View:
    """A modal or a Home tab as it stands now; it changes in place when the app changes it."""

    id: str
    user: User
    body: Json
    blocks: list[Json]
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.body["type"])

    @property
    def callback_id(self) -> str:
        """The app's own name for this kind of view."""
        return str(self.body.get("callback_id") or "")

    @property
    def external_id(self) -> str:
        """The app's own id of this very view."""
        return str(self.body.get("external_id") or "")

    @property
    def private_metadata(self) -> str:
        """What the app attached to the view for itself."""
        return str(self.body.get("private_metadata") or "")

    @property
    def plain(self) -> str:
        """What the view shows, as plain text; dates in UTC."""
        reader = Reader(names=self.names)
        return plain_text_of_view(self.body, self.blocks, self.values, self.errors, reader)

    def plain_for(self, person: User) -> str:
        """What the view shows to one person: dates in that person's time zone."""
        reader = Reader(names=self.names, zone=ZoneInfo(person.tz))
        return plain_text_of_view(self.body, self.blocks, self.values, self.errors, reader)


@dataclass(eq=False)
class Trigger:
    """Permission to open one view, for a short while of real time."""

    user: User
    expires: float
    view: View | None = None
    used: bool = False


@dataclass(eq=False)
class ResponseUrl:
    """An address at which the app may answer one interaction."""

    user: User
    channel: Channel
    created: datetime
    message: Message | None = None
    uses: int = 0


class State:
    """Everything the sandbox remembers. Every change of it gives the signal."""

    def __init__(self, clock: Clock, team_id: str) -> None:
        self.clock = clock
        self.changes = ChangeSignal()
        self.traffic = TrafficLog()
        self.team_id = team_id
        self.team_domain = "sandbox"
        self.team_name = "Sandbox"
        self.enterprise: Enterprise | None = None
        self.org_wide = False
        self.app_id = "A0SANDBOX"
        self.bot_id = "B0SANDBOX"
        self.bot = User("U0SANDBOX", "advocacy", "Advocacy", team_id, is_bot=True)
        self.base_url = ""
        self.trigger_life = 3.0
        self.ticket_life = 30.0
        self.tickets: dict[str, float] = {}
        self.scopes: list[str] = []
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.views: dict[str, list[View]] = {}
        self.home_tabs: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files = Files(self.new_id, self.changes.notify)
        self.names: dict[str, str] = {self.bot.id: self.bot.name}
        self._count = 0
        self._last_ts = 0

    def clear(self) -> None:
        """Forget everybody and everything but the app, as if nothing had happened."""
        for known in (self.users, self.names):
            for key in [key for key in known if key != self.bot.id]:
                del known[key]
        self.channels.clear()
        self.messages.clear()
        self.views.clear()
        self.home_tabs.clear()
        self.triggers.clear()
        self.response_urls.clear()
        self.files.clear()
        self.traffic.clear()
        self._count = self._last_ts = 0
        self.changes.notify()

    def enterprise_of(self, user: User) -> str | None:
        """The organisation of a person; None where there is none."""
        if user.enterprise_id is not None:
            return user.enterprise_id
        own = user.team_id == self.team_id and self.enterprise is not None
        return self.enterprise.id if own and self.enterprise else None

    def is_stranger(self, user: User) -> bool:
        """Whether they are of another workspace, and in no channel that the app is in."""
        return user.team_id != self.team_id and not any(
            channel.bot_is_member and user in channel.members for channel in self.channels.values()
        )

    def new_id(self, prefix: str) -> str:
        """Make an id in the form of Slack's: a letter and capital letters or digits."""
        self._count += 1
        return f"{prefix}0{self._count:08X}"

    def new_ts(self) -> str:
        """Make a message's timestamp: the clock's, and never one that was given before."""
        now = int(self.clock().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def direct_channel(self, user: User) -> Channel:
        """Find the direct message between the app and this person, or begin it."""
        for channel in self.channels.values():
            if channel.direct_with is user:
                return channel
        channel = Channel(
            self.new_id("D"), "directmessage", private=True, members=[user], direct_with=user
        )
        channel.created = int(self.clock().timestamp())
        self.channels[channel.id] = channel
        return channel

    def post(
        self,
        channel: Channel,
        text: str,
        blocks: Sequence[Json],
        *,
        ephemeral_to: User | None = None,
        thread_ts: str | None = None,
        parse_names: bool = False,
        files: Sequence[File] = (),
        author: str | None = None,
    ) -> Message:
        """Put a message into a channel, for all or for one person; the app's or an author's."""
        message = Message(
            ts=self.new_ts(),
            channel=channel,
            text="",
            blocks=[],
            author=author or self.bot.id,
            at=self.clock(),
            ephemeral_to=ephemeral_to,
            thread_ts=thread_ts,
            names=self.names,
            files=files,
        )
        self._fill(message, text, blocks, parse_names=parse_names)
        self.messages.append(message)
        self.changes.notify()
        return message

    def edit(self, message: Message, text: str, blocks: Sequence[Json]) -> None:
        """Replace what a message shows; what it pinged stays recorded."""
        self._fill(message, text, blocks, parse_names=False)
        message.edited = True
        self.changes.notify()

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        self.changes.notify()

    def _fill(
        self, message: Message, text: str, blocks: Sequence[Json], *, parse_names: bool
    ) -> None:
        message.text = text
        message.blocks = with_ids(blocks)
        message.values = initial_values(message.blocks)
        message.mentions += mentions_in_text(text, parse_names=parse_names)
        message.mentions += mentions_in_blocks(message.blocks)

    def new_trigger(self, user: User, view: View | None = None) -> str:
        """Give out a trigger id; it lives `trigger_life` seconds of real time."""
        trigger_id = f"{self.new_id('T')}.{secrets.token_hex(8)}"
        self.triggers[trigger_id] = Trigger(user, time.monotonic() + self.trigger_life, view)
        return trigger_id

    def new_response_url(self, user: User, channel: Channel, message: Message | None = None) -> str:
        """Give out an address for answers to one interaction."""
        key = secrets.token_urlsafe(12)
        self.response_urls[key] = ResponseUrl(user, channel, self.clock(), message)
        return f"{self.base_url}/response/{key}"

    def stack(self, user: User) -> list[View]:
        """The open views of a person, the one on top last."""
        return self.views.setdefault(user.id, [])

    def find_view(self, view_id: str | None, external_id: str | None) -> View | None:
        """Find an open view by one of its ids."""
        for view in (view for stack in self.views.values() for view in stack):
            if view.id == view_id or (external_id and view.external_id == external_id):
                return view
        return None

    def new_view(self, user: User, body: Json, *, under: View | None = None) -> View:
        """Make a view that is not shown yet; `under` is the one it will lie on."""
        view_id = self.new_id("V")
        blocks = with_ids(body["blocks"])
        return View(
            id=view_id,
            user=user,
            body=body,
            blocks=blocks,
            hash=self._new_hash(),
            root_view_id=under.root_view_id if under else view_id,
            previous_view_id=under.id if under else None,
            values=initial_values(blocks),
            names=self.names,
        )

    def change_view(self, view: View, body: Json) -> None:
        """Replace what a view shows; typed values stay where block and action id stay."""
        view.body = body
        view.blocks = with_ids(body["blocks"])
        view.values = values_after_update(view.values, view.blocks)
        view.errors = {}
        view.hash = self._new_hash()
        self.changes.notify()

    def _new_hash(self) -> str:
        return f"{int(self.clock().timestamp())}.{secrets.token_hex(4)}"

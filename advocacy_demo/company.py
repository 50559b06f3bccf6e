"""The people and channels of the demo, and what each of them sees, on paper."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from slack_sandbox import Channel, Message, Person, Sandbox

DISCLOSURE = "#AcmeEmployee"
OFFICE = "Europe/Berlin"  # where the comms team sits, so the zone of the channel


class _Shown(Protocol):
    def plain_for(self, person: Person, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Company:
    """A company in a simulated Slack."""

    sandbox: Sandbox
    news: Channel
    comms: Channel
    cleo: Person
    dev: Person
    amara: Person
    bruno: Person
    chen: Person
    dana: Person

    def announced(self) -> list[Message]:
        """The bot's messages in the opt-in channel, oldest first."""
        seen = self.amara.messages(self.news)
        return [message for message in seen if message.ephemeral_to is None]

    def direct_messages(self, person: Person) -> list[Message]:
        """What the bot has sent a person in direct messages, oldest first."""
        seen = person.messages(self.sandbox.state.direct_channel(person))
        return [message for message in seen if message.ephemeral_to is None]

    def card(self, post: int) -> Message:
        """A post's card in the comms channel."""
        cards = [
            message
            for message in self.cleo.messages(self.comms)
            if message.ephemeral_to is None and f"Post {post} " in message.plain
        ]
        return cards[-1]


def set_up(sandbox: Sandbox, *, new: bool = False) -> Company:
    """Staff in five time zones, a comms team of two, one an admin, and both channels.

    In a `new` workspace nobody has invited the bot yet.
    """
    add = sandbox.add_person
    title = "Communications"
    cleo = add("cleo", real_name="Cleo Marin", tz="Europe/Berlin", title=title, is_admin=True)
    dev = add("dev", real_name="Dev Patel", tz="Asia/Kolkata", title=title)
    amara = add("amara", real_name="Amara Okafor", tz="Europe/London", title="Engineering")
    bruno = add("bruno", real_name="Bruno Silva", tz="America/Sao_Paulo", title="Customer support")
    chen = add("chen", real_name="Chen Wei", tz="Asia/Shanghai", title="Engineering")
    dana = add("dana", real_name="Dana Levy", tz="America/New_York", title="Sales")
    staff, there = [cleo, amara, bruno, chen, dana], not new
    news = sandbox.add_channel("share-our-news", members=staff, bot_is_member=there)
    comms = sandbox.add_channel(
        "comms-desk", private=True, members=[cleo, dev], bot_is_member=there
    )
    return Company(sandbox, news, comms, cleo, dev, amara, bruno, chen, dana)


def heading(text: str) -> None:
    """A new part of the story."""
    print(f"\n{'=' * 78}\n{text}\n{'=' * 78}", flush=True)


def does(person: Person, what: str) -> None:
    """Somebody does something."""
    print(f"\n> {person.real_name} {what}", flush=True)


def sees(person: Person, shown: _Shown | None, where: str = "privately") -> None:
    """What the person sees, with moments in their own zone."""
    print(f"  {person.real_name} sees, {where}:")
    quote(shown.plain_for(person) if shown is not None else "(nothing)")


def quote(text: str) -> None:
    """What stands somewhere, in lines that fit."""
    for line in text.splitlines():
        wrapped = textwrap.wrap(line, 86, break_long_words=False, break_on_hyphens=False) or [""]
        print("\n".join(f"    | {part}" for part in wrapped))


def clock_shows(now: datetime, zone: str = OFFICE) -> None:
    """The simulated time, where somebody is."""
    there = local(now, zone)
    day = f"{there:%A} {there.day} {there:%B %Y}"
    print(f"\n[It is {there:%H:%M} in {city(zone)}, on {day}.]", flush=True)


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on a clock in this zone."""
    return moment.astimezone(ZoneInfo(zone))


def city(zone: str) -> str:
    """A zone as people say it: Asia/Shanghai is Shanghai."""
    return zone.rpartition("/")[2].replace("_", " ")

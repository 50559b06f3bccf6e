"""What one person sees at this moment, in small named pieces of JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from slack_sandbox.driver import Person
from slack_sandbox.inputs import STATEFUL
from slack_sandbox.localized import localized, localized_text
from slack_sandbox.sandbox import Sandbox
from slack_sandbox.state import Channel, Message, User, View

Json: TypeAlias = dict[str, Any]

MOST_MESSAGES = 300


def seen_by(sandbox: Sandbox, person: Person) -> Json:
    """Build everything that this person sees; a message is a piece of its own."""
    state = sandbox.state
    direct = state.direct_channel(person)
    now = sandbox.clock().astimezone(ZoneInfo(person.tz))
    channels = [one for one in sandbox.channels if not one.private or person in one.members]
    seen: Json = {
        "me": person.id,
        "people": [_person(sandbox, one) for one in sandbox.persons],
        "places": [_place(sandbox, channel, person) for channel in channels],
        "dm": direct.id,
        "names": _names(sandbox, person),
        "views": [_view(view, now, channels) for view in state.stack(person)],
        "home": _home(state.home_tabs.get(person.id), now, channels),
    }
    for message in _visible(sandbox, person)[-MOST_MESSAGES:]:
        seen[f"m/{message.ts}"] = _message(message, now, state.base_url)
    return seen


def clock_shown(sandbox: Sandbox) -> Json:
    """Say how far the clock is ahead of real time, in milliseconds; a page then needs no news."""
    if sandbox.clock.frozen:
        return {"still": _milliseconds(sandbox.clock()), "moving": sandbox.mover.moving}
    ahead = round(sandbox.clock.ahead.total_seconds() * 1000)
    return {"ahead": ahead, "moving": sandbox.mover.moving}


def traffic_shown(sandbox: Sandbox) -> Json:
    """Build one short piece for each entry of the log; the rest is fetched when asked for."""
    return {
        f"t/{one.number}": {
            "number": one.number,
            "toBot": one.to_bot,
            "name": one.name,
            "who": sandbox.state.users[one.who].real_name if one.who in sandbox.state.users else "",
            "verdict": one.verdict,
            "ms": round(one.seconds * 1000, 1),
            "at": _milliseconds(one.at),
        }
        for one in sandbox.state.traffic
    }


def _visible(sandbox: Sandbox, person: Person) -> list[Message]:
    return [
        one
        for one in sandbox.state.messages
        if not one.deleted
        and one.ephemeral_to in (None, person)
        and (not one.channel.private or person in one.channel.members)
    ]


def _person(sandbox: Sandbox, person: Person) -> Json:
    marks = {
        "admin": person.is_admin,
        "guest": person.restricted,
        "other organisation": person.team_id != sandbox.team_id,
    }
    return {
        "id": person.id,
        "name": person.real_name,
        "role": ", ".join([person.title or "Member", *(m for m, there in marks.items() if there)]),
        "tz": person.tz,
    }


def _place(sandbox: Sandbox, channel: Channel, person: User) -> Json:
    there = [*channel.members, *([sandbox.state.bot] if channel.bot_is_member else [])]
    return {
        "id": channel.id,
        "name": channel.name,
        "private": channel.private,
        "archived": channel.archived,
        "member": person in channel.members,
        "names": ", ".join(one.real_name for one in there),
    }


def _names(sandbox: Sandbox, person: User) -> Json:
    """Map ids to names; a private channel is nameless to whoever is not in it."""
    state = sandbox.state
    names: Json = {user.id: user.real_name for user in state.users.values()}
    for channel in sandbox.channels:
        if not channel.private or person in channel.members:
            names[channel.id] = channel.name
    return names


def _message(message: Message, now: datetime, base_url: str) -> Json:
    files = [
        file.shown if file.deleted else f"<{file.address(base_url)}|{file.shown}>"
        for file in message.files
    ]
    return {
        "ts": message.ts,
        "place": message.channel.id,
        "author": message.author,
        "at": _milliseconds(message.at),
        "text": localized_text("\n".join(filter(None, (message.text, *files))), now),
        "blocks": localized(message.blocks, now),
        "values": _bare(message.values),
        "private": message.ephemeral_to is not None,
        "edited": message.edited,
    }


def _home(view: View | None, now: datetime, channels: Sequence[Channel]) -> Json | None:
    return None if view is None else _view(view, now, channels)


def _view(view: View, now: datetime, channels: Sequence[Channel]) -> Json:
    body = view.body
    return {
        "id": view.id,
        "hash": view.hash,
        "callback": view.callback_id,
        "title": body.get("title"),
        "submit": body.get("submit"),
        "close": body.get("close"),
        "blocks": localized(_with_channels(view.blocks, channels), now),
        "values": _bare(view.values),
        "errors": view.errors,
    }


def _with_channels(blocks: Sequence[Json], channels: Sequence[Channel]) -> list[Json]:
    """Fill the menus of conversations with the channels that their reader sees."""
    options = [
        {"text": {"type": "plain_text", "text": f"#{one.name}"}, "value": one.id}
        for one in channels
        if not one.archived
    ]
    return [
        {**block, "element": {**block["element"], "options": options}}
        if block.get("element", {}).get("type") == "conversations_select"
        else block
        for block in blocks
    ]


def _bare(values: Json) -> Json:
    """Leave of `state.values` what is needed to fill the fields: texts, and values of options."""
    return {
        block: {action: _plain(held) for action, held in actions.items()}
        for block, actions in values.items()
    }


def _plain(held: Json) -> Any:
    value = held.get(STATEFUL[held["type"]][0])
    if isinstance(value, list):
        return [one["value"] if isinstance(one, dict) else one for one in value]
    return value.get("value") if isinstance(value, dict) else value


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)

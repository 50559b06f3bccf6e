"""Payloads and requests that no Slack would send: real ones, changed at random from a seed."""

from __future__ import annotations

import copy
import json
import random
from typing import Any, Final
from urllib.parse import urlencode

from bot.slack.app import LISTENERS
from bot.slack.listeners.commands import COMMANDS
from slack_sandbox.envelopes import Envelope, Json

FORM: Final = "application/x-www-form-urlencoded"
# Markup that would page everybody or somebody, or lead somewhere, were it not escaped.
PAGES: Final = "<!channel> <!here> <!everyone> <@UEVIL> <https://evil.example|here>"
MARKS: Final = ("<!channel", "<!here", "<!everyone", "<@UEVIL", "<https://evil.example|")
VALUES: Final[tuple[object, ...]] = (
    *(None, "", " ", "0", "-1", 0, -1, 1.5, 2**70, True, False, [], {}, [[]], [None], {"": None}),
    *(PAGES, PAGES, "\x00", "\ud800", "\u202e", "9" * 400, "a" * 5_000, "\u05d0\u2067"),
    *("'; DROP TABLE member; --", "https://", "http://[::1", "https://evil.example", "{", "%s"),
    *("1:1", "2:1", "999999999:1", "join", "leave", "forget-me", "T0OTHER", "UNOBODY", "x" * 300),
    *("interactive_message", "dialog_submission", "block_suggestion", "view_closed", "shortcut"),
)
ODD_BODIES: Final = (
    *("", "payload", "payload=", "payload=%", "payload={", "payload=null", "payload=[1]"),
    *("command=", "command=/advocacy", "text=x", "a=b&a=c", "\x00", "payload=" + "[" * 50_000),
    *("ssl_check=1", "payload=%ff%fe", "payload=" + '{"a":' * 9_000, "&" * 5_000, "payload={}"),
)
# Of every button, form, shortcut and command that the bot knows.
NAMES: Final = sorted({one.name.removeprefix("^").replace(r"\d+", "1") for one in LISTENERS})
WORDS: Final = [one.name for one in COMMANDS]
_DEEPER: Final = 0.8  # how likely a change goes on into what it came upon
_HEAD_BREAKS: Final = (b"\r\n", b"\n", b"\x00", b"\xff", b" ", b":", b"\t", b"x" * 3_000)


def mutated(payload: Json, chance: random.Random) -> Json:
    """A payload like this one with one to four of its parts changed."""
    changed: Json = json.loads(json.dumps(payload))  # a deep copy, in a fifth of the time
    if chance.random() < 0.2:
        _rename(changed, chance.choice(NAMES))
        if "command" in changed:
            changed["text"] = f"{chance.choice(WORDS)} {_text(chance.choice(VALUES))}"
    for _ in range(chance.randint(1, 4)):
        if not changed:
            break
        holder, key = _place(changed, chance)
        match chance.randrange(5):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder[key], str):
                text = holder[key]
                place = chance.randint(0, len(text))
                holder[key] = text[:place] + str(chance.choice(VALUES)) + text[place:]
            case 2:
                holder[key] = [holder[key]] * chance.randint(0, 3)
            case _:
                holder[key] = copy.deepcopy(chance.choice(VALUES))
    return changed


def _rename(payload: Json, name: str) -> None:
    """Let it be another button, form or shortcut, with what this one carries."""
    for action in payload.get("actions", []):
        action["action_id"] = name
    if "view" in payload and "actions" not in payload:
        payload["view"]["callback_id"] = name
    if "callback_id" in payload:
        payload["callback_id"] = name


def _place(payload: Json, chance: random.Random) -> tuple[Any, Any]:
    """A place in it: as likely in the few parts that are read as in a long message beside them."""
    holder: Any = payload
    while True:
        key = (
            chance.choice(list(holder))
            if isinstance(holder, dict)
            else chance.randrange(len(holder))
        )
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or chance.random() > _DEEPER:
            return holder, key
        holder = inner


def body_of(envelope: Envelope, payload: Json) -> tuple[str, str]:
    """As Slack sends it over HTTP: the body, and its content type."""
    if envelope.kind == "slash_commands":
        return urlencode({key: _text(value) for key, value in payload.items()}), FORM
    if envelope.kind == "events_api":
        return json.dumps(payload), "application/json"
    return "payload=" + _quoted(json.dumps(payload)), FORM


def _quoted(text: str) -> str:
    """As a form holds it, with nothing encoded that may stand there as it is: that takes long."""
    return text.replace("%", "%25").replace("&", "%26").replace("+", "%2B")


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def mutated_request(request: bytes, chance: random.Random) -> bytes:
    """A whole request with its bytes changed in one to three places, most of them in its head."""
    changed = bytearray(request)
    for _ in range(chance.randint(1, 3)):
        within = max(changed.find(b"\r\n\r\n"), 1) if chance.random() < 0.8 else len(changed)
        place = chance.randrange(within)
        match chance.randrange(5):
            case 0:
                del changed[place : place + chance.randint(1, 40)]
            case 1:
                changed[place:place] = chance.choice(_HEAD_BREAKS)
            case 2:
                del changed[place:]
            case 3:
                changed[place:place] = changed[place : place + chance.randint(1, 400)]
            case _:
                changed[place] = chance.randrange(256)
        if not changed:
            break
    return bytes(changed)

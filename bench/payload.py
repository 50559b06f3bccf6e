"""The click as Slack sends it: a signed form of about 2.6 kB, built before it is sent."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import quote_plus

from bench import ground

SECRET = "the-signing-secret-of-the-bench"
PATH = "/slack/events"

# Stand for what differs from click to click; nothing of them is changed by quoting.
_USER, _TS, _REF, _URL = "QQUSERQQ", "QQTSQQ", "QQREFQQ", "QQURLQQ"


def clicks(first: int, count: int, answers: str | None, button: str = "skip") -> list[bytes]:
    """Whole HTTP requests of the clicks numbered from `first` on.

    `answers` is the address for the private answers; None leaves them without one. `button` is
    what is pressed, skip or share.
    """
    pressed = _payload(button, with_answers=answers is not None)
    form = "payload=" + quote_plus(json.dumps(pressed))
    return [_request(form, index, answers) for index in range(first, first + count)]


def _request(form: str, index: int, answers: str | None) -> bytes:
    number = ground.post(index)
    body = (
        form.replace(_USER, ground.user(index))
        .replace(_TS, ground.message_ts(number))
        .replace(_REF, quote_plus(f"{number}:1"))
    )
    if answers is not None:
        body = body.replace(_URL, quote_plus(f"{answers}/{index}"))
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    head = (
        f"POST {PATH} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\n"
        f"X-Slack-Signature: v0={digest.hexdigest()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def _payload(button: str, *, with_answers: bool) -> dict[str, object]:
    def text(words: str) -> dict[str, object]:
        return {"type": "plain_text", "text": words, "emoji": False}

    why = "It halves the time that a backup takes.\n<https://news.example.org/1|Read it>"
    skip = {"type": "button", "action_id": "skip", "text": text("Skip"), "value": _REF}
    share = {"type": "button", "action_id": "share", "text": text("Share"), "value": _REF}
    note = "Only if you like, and in your own name. What you press is answered to you alone."
    message = {
        "type": "message",
        "user": "U0BOT0000",
        "bot_id": "B0BENCH00",
        "app_id": "A0BENCH00",
        "team": ground.TEAM,
        "ts": _TS,
        "text": "Our new release is out: it halves the time that a backup takes.",
        "blocks": [
            {"type": "header", "block_id": "aB1", "text": text("Our new release is out")},
            {"type": "section", "block_id": "aB2", "text": {"type": "mrkdwn", "text": why}},
            {
                "type": "actions",
                "block_id": "aB3",
                "elements": [{**share, "style": "primary"}, skip],
            },
            {"type": "context", "block_id": "aB4", "elements": [{"type": "mrkdwn", "text": note}]},
        ],
    }
    answers = {"response_url": _URL} if with_answers else {}
    return {
        "type": "block_actions",
        "user": {"id": _USER, "username": "amara", "name": "amara", "team_id": ground.TEAM},
        "api_app_id": "A0BENCH00",
        "token": "bench",
        "container": {
            "type": "message",
            "message_ts": _TS,
            "channel_id": ground.CHANNEL,
            "is_ephemeral": False,
        },
        "trigger_id": "12466734323.1395872398.0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "team": {"id": ground.TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": ground.CHANNEL, "name": "share-our-news"},
        "message": message,
        "state": {"values": {}},
        **answers,
        "actions": [
            {
                **(skip if button == "skip" else share),
                "block_id": "aB3",
                "action_ts": "1788336000.123456",
            }
        ],
    }

"""A Slack without sockets: it takes what the bot sends, and knows who is who."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.background_tasks import BackgroundTasks
from bot.slack.throttle import Throttle
from bot.slack.web_client import SlackClient
from bot.storage.tx import Transactions
from tests.differential.news import without_draws
from tests.services.helpers import TEAM


@dataclass(frozen=True, slots=True)
class Sent:
    """What the bot sent, and to whom: a channel, or one person by their id."""

    to: str
    method: str
    body: str


class QuietSlack(SlackClient):
    """Answers the few methods that a heartbeat calls; `take` gets what is sent.

    It permits any number of calls and refuses none, so that nothing waits and nothing rests.
    """

    def __init__(
        self, comms: Collection[str], take: Callable[[Sent], None], at: Callable[[], Transactions]
    ) -> None:
        super().__init__(
            "xoxb-none",
            "https://slack.example/api/",
            cast(aiohttp.ClientSession, None),  # nothing is called over the net
            throttle=Throttle(None),
            at=at,
            channels=dict,
            background_tasks=BackgroundTasks(),
        )
        self.lose_next_in: str | None = None
        self._comms = sorted(comms)
        self._take = take
        self._moments: defaultdict[str, count[int]] = defaultdict(lambda: count(1))

    async def api_call(self, api_method: str, **call: Any) -> Any:
        """One call."""
        values = {**call.get("params", {}), **call.get("json", {}), **call.get("data", {})}
        match api_method:
            case "conversations.members":
                return {"ok": True, "members": self._comms}
            case "users.info":
                person = {"id": values["user"], "team_id": TEAM, "tz": "Europe/Berlin"}
                return {"ok": True, "user": person}
            case "conversations.info":
                return {"ok": True, "channel": {"id": values["channel"], "is_private": True}}
            case "dnd.teamInfo":
                return {"ok": True, "users": {}}
            case "chat.getPermalink":
                return {"ok": True, "permalink": f"https://acme.example/{values['message_ts']}"}
            case "chat.postMessage" | "chat.update" | "chat.delete":
                return self._message(api_method, values)
            case "views.update" | "views.publish":
                # A dialog's id begins as "share-", and goes on with whose it is.
                owner = values.get("user_id") or str(values["external_id"]).split("-")[1]
                self._take(Sent(owner, api_method, _plain(values["view"])))
                return {"ok": True}
        raise AssertionError(f"a heartbeat does not call {api_method}")

    def _message(self, method: str, values: dict[str, Any]) -> dict[str, Any]:
        to = str(values["channel"]).removeprefix("D-")
        lost = self.lose_next_in == to and method == "chat.postMessage"
        self._take(Sent(to, method, _plain([values.get("text"), values.get("blocks")])))
        if lost:
            self.lose_next_in = None
            raise _lost()
        channel = f"D-{to}" if to.startswith("U") else to
        return {
            "ok": True,
            "channel": channel,
            "ts": values.get("ts") or f"{next(self._moments[channel])}.1",
        }


def _lost() -> Exception:
    failed = _Failed(503, {"ok": False, "error": "service_unavailable"})
    return SlackApiError("", failed)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class _Failed:
    status_code: int
    data: dict[str, Any]


def _plain(value: Any) -> str:
    if hasattr(value, "to_dict"):
        value = value.to_dict()
    return without_draws(json.dumps(value, sort_keys=True, ensure_ascii=False, default=_as_dict))


def _as_dict(value: Any) -> Any:
    return value.to_dict()

"""Delivery over signed HTTP: forms and JSON to one address, as Slack sends them."""

import hashlib
import hmac
import json
import time
from typing import Any, TypeAlias
from urllib.parse import urlencode

import aiohttp

from slack_sandbox.envelopes import Envelope, UndeliveredError

Json: TypeAlias = dict[str, Any]


def signature(secret: str, timestamp: str, body: str) -> str:
    """Sign a body as Slack does (v0, HMAC-SHA256)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Hands envelopes over HTTP to the request address of the app."""

    def __init__(self, address: str, signing_secret: str) -> None:
        self.address = address
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, envelope: Envelope, within: float) -> Json | None:
        """Post a envelope and answer what came back.

        Raises:
            UndeliveredError: If no good answer came within that many seconds.
        """
        body, content_type = _body(envelope)
        headers = self._headers(body, content_type)
        if envelope.retry:
            headers["x-slack-retry-num"] = str(envelope.retry)
            headers["x-slack-retry-reason"] = envelope.reason
        status, answer, final = await self._post(body, headers, within)
        if status != 200:
            raise UndeliveredError("dispatch_failed", "http_error", final=final)
        return _answer(answer)

    async def verify_address(self, within: float = 3.0) -> bool:
        """Send `url_verification` and say whether the app gave the challenge back."""
        body = json.dumps({"type": "url_verification", "token": "sandbox", "challenge": "c0ffee"})
        headers = self._headers(body, "application/json")
        status, answer, _ = await self._post(body, headers, within)
        return status == 200 and "c0ffee" in answer

    def _headers(self, body: str, content_type: str) -> dict[str, str]:
        # Signatures carry real time, whatever the clock of the sandbox says: their reader
        # refuses what is older than five real minutes.
        timestamp = str(int(time.time()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }

    async def _post(
        self, body: str, headers: dict[str, str], within: float
    ) -> tuple[int, str, bool]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.post(
                self.address,
                data=body.encode(),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=within),
            ) as response:
                final = response.headers.get("x-slack-no-retry") == "1"
                return response.status, await response.text(), final
        except TimeoutError:
            raise UndeliveredError("operation_timeout", "http_timeout") from None
        except aiohttp.ClientError:
            raise UndeliveredError("dispatch_failed", "connection_failed") from None

    async def close(self) -> None:
        """Close the HTTP session."""
        if self._session is not None:
            await self._session.close()


def _body(envelope: Envelope) -> tuple[str, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload), "application/json"
    if envelope.kind == "interactive":
        form = {"payload": json.dumps(envelope.payload)}
    else:
        form = {key: str(value) for key, value in envelope.payload.items()}
    return urlencode(form), "application/x-www-form-urlencoded"


def _answer(text: str) -> Json | None:
    if not text.strip():
        return None
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        return {"text": text}
    return answer if isinstance(answer, dict) else {"text": text}

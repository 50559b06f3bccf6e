"""The dispatcher: hands envelopes to the app, times its answer, repeats events as Slack does."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from slack_sandbox import payloads
from slack_sandbox.envelopes import Delivery, Envelope, UndeliveredError
from slack_sandbox.outcomes import Outcome
from slack_sandbox.state import State

Json: TypeAlias = dict[str, Any]


class Dispatcher:
    """Brings envelopes to the app.

    Attributes:
        delivery: The way they go.
        acknowledge_within: Seconds in which a envelope must be acknowledged.
        event_retry_delays: Seconds before each repetition of an event. Slack waits 0, 60 and
            300; here it is shorter, for nobody wants to wait.
    """

    def __init__(self, state: State, delivery: Delivery) -> None:
        self.delivery = delivery
        self.acknowledge_within = 3.0
        self.event_retry_delays: Sequence[float] = (0.0, 0.1, 0.2)
        self._state = state

    async def deliver(self, envelope: Envelope) -> Outcome:
        """Hand one envelope to the app, and wait until it is acknowledged or too late."""
        started = time.monotonic()
        try:
            response = await self._handed_over(envelope)
        except UndeliveredError as error:
            seconds = time.monotonic() - started
            return Outcome(acknowledged=False, seconds=seconds, error=error.error)
        finally:
            self._state.changes.notify()
        return Outcome(acknowledged=True, response=response, seconds=time.monotonic() - started)

    async def event(self, inner: Mapping[str, Any]) -> Outcome:
        """Deliver an event, and again as often as Slack would if nobody acknowledges it.

        Args:
            inner: The event itself, with its `type`.
        """
        payload = payloads.event(self._state, inner)
        started = time.monotonic()
        reason, error, attempt = "", "", 0
        for attempt, delay in enumerate((0.0, *self.event_retry_delays)):
            await asyncio.sleep(delay)
            envelope = Envelope("events_api", payload, retry=attempt, reason=reason)
            try:
                response = await self._handed_over(envelope)
            except UndeliveredError as failed:
                reason, error = failed.reason, failed.error
                if failed.final:
                    break
            else:
                seconds = time.monotonic() - started
                return Outcome(True, response, seconds, attempts=attempt + 1)
        seconds = time.monotonic() - started
        return Outcome(False, seconds=seconds, error=error, attempts=attempt + 1)

    async def _handed_over(self, envelope: Envelope) -> Json | None:
        """Hand a envelope over once, and write down what came of it."""
        started, at = time.monotonic(), self._state.clock()
        answer: Json | None = None
        verdict = "ok"
        try:
            answer = await self.delivery.deliver(envelope, self.acknowledge_within)
        except UndeliveredError as error:
            verdict = error.error
            raise
        finally:
            seconds = time.monotonic() - started
            self._state.traffic.sent(envelope.payload, answer, verdict, seconds, at)
        return answer

"""What the page asks for and what it is told, without a browser."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Clock, Page, Person, Sandbox, Step, Tour
from slack_sandbox.snapshot import seen_by

Json = dict[str, Any]
MONDAY = datetime(2026, 9, 7, 6, tzinfo=UTC)


class Browser:
    """What a page in a browser does: it posts actions, and keeps the pieces that it is sent."""

    def __init__(self, attached: Page, session: aiohttp.ClientSession) -> None:
        self.attached = attached
        self.sandbox = attached.sandbox
        self.pieces: Json = {}
        self._session = session
        self._socket: Any = None

    async def open(self, who: Person) -> None:
        async with self._session.get(self.attached.link) as response:
            assert response.status == 200
        origin = self.sandbox.state.base_url
        self._socket = await self._session.ws_connect(f"{origin}/page/live", origin=origin)
        await self.wish(**{"as": who.id})

    async def close(self) -> None:
        await self._socket.close()

    async def wish(self, **wish: Any) -> None:
        await self._socket.send_json(wish)
        await self.take()

    async def take(self) -> set[str]:
        news = json.loads((await self._socket.receive(timeout=5)).data)
        self.pieces.update(news["set"])
        for key in news["gone"]:
            del self.pieces[key]
        return {*news["set"], *news["gone"]}

    async def do(self, who: Person, what: str, **details: Any) -> Json:
        body = {"do": what, "as": who.id, **details}
        origin = self.sandbox.state.base_url
        headers = {"Origin": origin}
        address = f"{origin}/page/do"
        async with self._session.post(address, json=body, headers=headers) as response:
            answer: Json = await response.json()
            return answer


@pytest.fixture
async def page(attached: Page, amara: Person) -> AsyncIterator[Browser]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        page = Browser(attached, session)
        await page.open(amara)
        yield page
        await page.close()


def button(action: str) -> Json:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "Go"}}


async def test_changes_are_sent_and_nothing_else(
    news: Channel, page: Browser, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=news.id, text="News")
    key = f"m/{posted['ts']}"
    assert await page.take() == {key}
    assert page.pieces[key]["text"] == "News"
    await client.chat_delete(channel=news.id, ts=posted["ts"])
    assert await page.take() == {key}
    assert key not in page.pieces


async def test_a_press_reaches_the_bot_and_its_trouble_is_put_into_words(
    page: Browser, sandbox: Sandbox, client: AsyncWebClient, app: AsyncApp, connect: Any,
    amara: Person, news: Channel,
) -> None:  # fmt: skip
    @app.action("go")
    async def _go(ack: Any) -> None:
        await ack()

    blocks = [{"type": "actions", "block_id": "b", "elements": [button("go"), button("stay")]}]
    posted = await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    where = {"message": posted["ts"], "block": "b"}
    sandbox.dispatcher.acknowledge_within = 0.2
    async with connect(app):
        good = await page.do(amara, "press", **where, action="go")
        assert good["outcome"]["acknowledged"]
        assert good["trouble"] == ""
        bad = await page.do(amara, "press", **where, action="stay")
        assert "three seconds" in bad["trouble"] or "reached" in bad["trouble"]
    gone = await page.do(amara, "press", **where, action="nowhere")
    assert "changed in the meantime" in gone["error"]


async def test_nobody_presses_what_they_cannot_see(
    page: Browser, sandbox: Sandbox, client: AsyncWebClient, amara: Person
) -> None:
    bo = sandbox.add_person("bo")
    comms = sandbox.add_channel("desk", private=True, members=[bo])
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("go")]}]
    posted = await client.chat_postMessage(channel=comms.id, text="Secret", blocks=blocks)
    requests = {"message": posted["ts"], "block": "b", "action": "go"}
    assert "error" in await page.do(amara, "press", **requests)
    assert "error" in await page.do(amara, "command", line="/advocacy", channel=comms.id)
    assert "error" in await page.do(amara, "join", channel=comms.id)
    seen = json.dumps(seen_by(sandbox, amara))
    assert "Secret" not in seen
    assert '"world"' not in seen


@pytest.mark.parametrize(
    "requests",
    [
        {"do": "fly"},
        {"do": "press"},
        {"do": "command", "line": "hello", "channel": "C0"},
        {"do": "command", "line": 5},
        {"do": "submit", "view": "V0"},
        {"do": "clock", "minutes": "soon"},
        {"do": "clock", "to": 10**30},
        {"do": "clock", "minutes": -5},
        {"do": "clock", "minutes": 60 * 24 * 365},
        {"do": "switch", "name": "gravity", "on": True},
        {"do": "reset"},
    ],
)
async def test_what_cannot_be_done_is_refused_in_a_sentence(
    page: Browser, amara: Person, requests: Json
) -> None:
    details = {key: value for key, value in requests.items() if key != "do"}
    answer = await page.do(amara, requests["do"], **details)
    assert answer["error"]


async def test_the_clock_moves_in_half_hours_and_the_bot_lives_through_each(
    sandbox: Sandbox, page: Browser, amara: Person
) -> None:
    beats: list[datetime] = []

    async def beat() -> None:
        beats.append(sandbox.clock())

    sandbox.clock.move_to(MONDAY)
    sandbox.mover.beat = beat
    await page.do(amara, "clock", minutes=150)
    assert len(beats) in (5, 6)
    assert max(b - a for a, b in pairwise(beats)) < timedelta(minutes=31)
    await page.do(amara, "clock", to="monday")
    # In Berlin, where Amara is, it was half past ten on Monday already.
    assert sandbox.clock() - datetime(2026, 9, 14, 7, 30, tzinfo=UTC) < timedelta(seconds=30)


async def test_switches_make_slack_misbehave_until_they_are_turned_back(
    page: Browser, attached: Page, client: AsyncWebClient, amara: Person, refused: Any
) -> None:
    sandbox = attached.sandbox
    await page.do(amara, "switch", name="throttled", on=True)
    assert attached.switches.shown()["throttled"]
    assert await refused(client.auth_test()) == "ratelimited"
    await page.do(amara, "switch", name="throttled", on=False)
    await client.auth_test()
    await page.do(amara, "switch", name="refused", on=True)
    assert sandbox.refuse_sockets
    attached.switches.clear()
    assert not sandbox.refuse_sockets


async def test_the_inspector_tells_it_without_tokens(
    page: Browser, sandbox: Sandbox, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    await client.chat_postMessage(channel=news.id, text="News")
    await page.wish(**{"as": amara.id, "inspector": True})
    told = [piece for key, piece in page.pieces.items() if key.startswith("t/")]
    assert [(one["name"], one["toBot"], one["verdict"]) for one in told] == [
        ("chat.postMessage", False, "ok")
    ]
    entry = sandbox.state.traffic.find(told[0]["number"])
    assert entry is not None
    assert sandbox.bot_token not in json.dumps([entry.payload, entry.answer])


async def test_the_log_is_bounded_and_keeps_the_newest(sandbox: Sandbox) -> None:
    for number in range(400):
        sandbox.server.record("api.test", {"number": number}, {"ok": True})
    kept = [one.payload["number"] for one in sandbox.state.traffic]
    assert kept == list(range(100, 400))


async def test_dates_are_in_the_words_of_the_reader(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    sandbox.clock.move_to(MONDAY)
    chen = sandbox.add_person("chen", tz="Asia/Shanghai")
    stamp = int(datetime(2026, 9, 7, 18, tzinfo=UTC).timestamp())
    text = f"<!date^{stamp}^{{date_short_pretty}} at {{time}}|then> <!date^{stamp}^{{eon}}|then>"
    await client.chat_postMessage(channel=news.id, text=text)
    shown = {
        one.name: next(v["text"] for k, v in seen_by(sandbox, one).items() if k.startswith("m/"))
        for one in (amara, chen)
    }
    assert "|today at 8:00 PM>" in shown["amara"]
    assert "|tomorrow at 2:00 AM>" in shown["chen"]
    assert shown["amara"].endswith("|then>")


async def test_a_step_of_the_tour_stays_done_once_it_has_happened(
    sandbox: Sandbox, amara: Person, news: Channel
) -> None:
    step = Step("Join", "Go in.", "amara", "share-our-news", "", lambda _: amara in news.members)
    tour = Tour([step])
    news.members.clear()
    assert not tour.snapshot(sandbox)[0]["done"]
    news.members.append(amara)
    assert tour.snapshot(sandbox)[0]["done"]
    news.members.clear()
    assert tour.snapshot(sandbox)[0]["done"]
    tour.restart()
    assert not tour.snapshot(sandbox)[0]["done"]


async def test_clearing_forgets_everybody_and_keeps_the_tokens() -> None:
    async with Sandbox(clock=Clock(start=MONDAY)) as sandbox:
        token, first = sandbox.bot_token, sandbox.add_person("amara").id
        sandbox.add_channel("news")
        sandbox.clear()
        assert (sandbox.persons, sandbox.channels, sandbox.state.messages) == ([], [], [])
        assert sandbox.bot_token == token
        assert sandbox.add_person("amara").id == first

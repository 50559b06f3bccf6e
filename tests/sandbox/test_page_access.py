"""Who may open the page and act on it: only whoever holds the link, from the page itself."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest
from aiohttp import WSServerHandshakeError

from slack_sandbox import Page, Sandbox, attach_page


def _origin(sandbox: Sandbox) -> dict[str, str]:
    return {"Origin": sandbox.state.base_url}


async def _open(attached: Page, session: aiohttp.ClientSession) -> int:
    async with session.get(attached.link) as response:
        return response.status


async def _act(sandbox: Sandbox, session: aiohttp.ClientSession, headers: Mapping[str, str]) -> int:
    body = {"do": "clock", "minutes": 60}
    address = f"{sandbox.state.base_url}/page/do"
    async with session.post(address, json=body, headers=headers) as response:
        return response.status


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    # Cookies of bare addresses are kept on purpose here, as browsers do.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def test_the_link_opens_the_page_and_is_bound_to_this_machine(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    assert attached.link.startswith("http://127.0.0.1:")
    async with session.get(attached.link) as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "All invented, all on this machine." in await response.text()
        assert "HttpOnly" in response.headers["Set-Cookie"]
        assert "SameSite=Strict" in response.headers["Set-Cookie"]
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("query", ["", "?token=", "?token=guessed"])
async def test_without_the_key_nothing_is_served(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession, query: str
) -> None:
    for path in ("/", "/page/app.js", "/page/live", "/page/entry/1"):
        async with session.get(f"{sandbox.state.base_url}{path}{query}") as response:
            assert response.status == 403, path
    assert await _act(sandbox, session, _origin(sandbox)) == 403


async def test_with_the_link_it_may_act(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    before = sandbox.clock()
    await _open(attached, session)
    assert await _act(sandbox, session, _origin(sandbox)) == 200
    assert sandbox.clock() > before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost:1"},
    ],
)
async def test_another_origin_cannot_act_even_with_the_cookie(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    await _open(attached, session)
    before = sandbox.clock()
    assert await _act(sandbox, session, headers) == 403
    assert (sandbox.clock() - before).total_seconds() < 60
    live = f"{sandbox.state.base_url}/page/live"
    with pytest.raises(WSServerHandshakeError):
        await session.ws_connect(live, headers=headers)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1"])
async def test_another_name_for_this_machine_is_refused(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession, host: str
) -> None:
    await _open(attached, session)
    named = {"Host": host, "Origin": f"http://{host}"}
    assert await _act(sandbox, session, named) == 403
    async with session.get(attached.link, headers={"Host": host}) as response:
        assert response.status == 403


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
async def test_other_pages_of_this_machine_cannot_fetch_what_the_inspector_shows(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession, site: str
) -> None:
    await _open(attached, session)
    address = f"{sandbox.state.base_url}/page/entry/1"
    async with session.get(address, headers={"Sec-Fetch-Site": site}) as response:
        assert response.status == 403


async def test_only_files_of_the_page_are_served(
    attached: Page, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    await _open(attached, session)
    for name in ("nothing.js", "..%2Fweb.py", "../web.py", "%2e%2e/server.py"):
        async with session.get(f"{sandbox.state.base_url}/page/{name}") as response:
            assert response.status in (403, 404), name


async def test_every_link_is_another_one(attached: Page) -> None:
    other = attach_page(Sandbox())
    ours, theirs = (one.link.partition("token=")[2] for one in (attached, other))
    assert ours != theirs
    assert len(ours) >= 32

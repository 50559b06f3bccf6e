"""Fetching a page that somebody named: quickly, only from strangers, and not more than it takes.

Whoever writes a link must not make the bot read what only the bot can reach. So every address is
checked after its name was resolved, again after each redirect, and the connection goes to the very
address that was checked: a name that changes its mind in between changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Final

import aiohttp
from aiohttp.abc import AbstractCookieJar, AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.previews import Preview, Problem
from bot.logs import get_logger
from bot.pages.addresses import Address, public, resolve
from bot.pages.content_type import read_content_type
from bot.pages.reading import Page, read
from bot.pages.unpacking import CannotUnpack, unpack

MOST_REDIRECTS: Final = 5
MOST_BYTES: Final = 512 * 1024  # of a body, as it comes and as it is unpacked
WITHIN: Final = 5.0  # seconds for everything together

_KINDS: Final = ("text/html", "application/xhtml+xml")
_MOVED: Final = (301, 302, 303, 307, 308)
_CHUNK: Final = 16_384
# Of an answer's headers: bytes of one, and how many. Cookies and policies make some of them long.
_LONGEST_HEADER: Final = 65_536
_MOST_HEADERS: Final = 256
_HEADERS: Final = {
    "User-Agent": "advocacy-bot (link preview)",
    "Accept": ", ".join(_KINDS),
    "Accept-Encoding": "gzip, deflate",
}
_log = get_logger(__name__)

FetchPreview = Callable[[str], Awaitable[Preview]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be visited. The defaults are for the world; only tests have others.

    `resolve` gives the addresses of a host and a port, or raises OSError.
    """

    allowed: Callable[[Address], bool] = public
    ports: frozenset[int] = frozenset({80, 443})
    resolve: Callable[[str, int], Awaitable[list[str]]] = resolve
    within: float = WITHIN


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page as it was sent; `codings` says how its body is packed."""

    page: Page
    codings: str


class _Stopped(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


async def fetch_preview(link: str, reach: Reach | None = None) -> Preview:
    """The preview of the page behind a link, or what kept it from being seen; never raises.

    It takes `reach.within` seconds at most, and a second more for a page made to be slow to read.
    """
    chosen = reach or Reach()
    try:
        async with asyncio.timeout(chosen.within):
            answer = await _follow(link, chosen)
        return await asyncio.to_thread(_read, answer)
    except _Stopped as stopped:
        problem = stopped.problem
    except CannotUnpack:
        problem = Problem.UNREADABLE
    except TimeoutError:
        problem = Problem.SLOW
    except (aiohttp.ClientError, OSError):
        problem = Problem.UNREACHABLE
    except Exception:  # noqa: BLE001 - whatever a page is made of, the post goes on
        _log.exception("a page could not be looked at")
        problem = Problem.UNREADABLE
    return Preview(problem=problem)


def _read(answer: _Answer) -> Preview:
    body, missing = unpack(answer.page.body, answer.codings, MOST_BYTES)
    return read(replace(answer.page, body=body, cut=answer.page.cut or missing))


async def _follow(link: str, reach: Reach) -> _Answer:
    url = _address(link, None, reach)
    # Some pages open only to who brings back the cookie that came with a redirect. Cookies live as
    # long as this look. Those of numbers are kept too, each for its own number only.
    jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
    for _ in range(MOST_REDIRECTS + 1):
        found = await _visit(url, reach, jar)
        if isinstance(found, _Answer):
            return found
        url = found
    raise _Stopped(Problem.REDIRECTS)


def _address(link: str, base: URL | None, reach: Reach) -> URL:
    """The address that is meant, if it is one of those that are visited at all."""
    try:
        url = URL(link) if base is None else base.join(URL(link))
        usable = url.scheme in ("http", "https") and url.port in reach.ports
        named = url.user is not None or url.password is not None
    except ValueError:  # A host or a port that is none.
        raise _Stopped(Problem.ADDRESS) from None
    if not usable or named or not url.raw_host:
        raise _Stopped(Problem.ADDRESS)
    return url.with_fragment(None)


async def _visit(url: URL, reach: Reach, jar: AbstractCookieJar) -> _Answer | URL:
    """One request: the page, or where it has moved to."""
    addresses = await _checked(url, reach)

    def dial(info: tuple[int, int, int, str, tuple[str, int]]) -> socket.socket:
        family, kind, protocol, _, (host, *_rest) = info
        if ip_address(host) not in addresses:  # a host that is a number is never resolved
            raise OSError(f"{host} was not checked")
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        resolver=_Pinned(addresses),
        use_dns_cache=False,
        force_close=True,
        socket_factory=dial,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=jar,
        auto_decompress=False,  # it knows no limit
        headers=_HEADERS,
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
        max_headers=_MOST_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None),
    )
    async with session, session.get(url, allow_redirects=False) as answer:
        if answer.status in _MOVED:
            return _address(answer.headers.get("Location", ""), url, reach)
        if answer.status != 200:
            raise _Stopped(Problem.REFUSED)
        kind, charset = read_content_type(answer.headers.getall("Content-Type", ()))
        if kind not in _KINDS:
            raise _Stopped(Problem.NO_PAGE)
        codings = ",".join(answer.headers.getall("Content-Encoding", ()))
        body, cut = await _body(answer)
        return _Answer(Page(str(url), body, charset, cut), codings)


async def _checked(url: URL, reach: Reach) -> list[Address]:
    """The addresses of a host, if each of them may be visited."""
    try:
        found = await reach.resolve(url.raw_host or "", url.port or 0)
        addresses = [ip_address(one) for one in found]
    except ValueError:  # A label too long or empty, which is no name.
        raise _Stopped(Problem.ADDRESS) from None
    if not addresses:
        raise _Stopped(Problem.UNREACHABLE)
    if not all(map(reach.allowed, addresses)):
        raise _Stopped(Problem.NOT_PUBLIC)
    return addresses


async def _body(answer: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """As much of the body as is read of any page, as it comes, and whether that is not all."""
    body = bytearray()
    try:
        async for chunk in answer.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > MOST_BYTES:
                return bytes(body[:MOST_BYTES]), True
    except aiohttp.ClientError:
        if not body:
            raise
        return bytes(body), True  # it broke off
    return bytes(body), False


class _Pinned(AbstractResolver):
    """Resolves nothing any more: it gives the addresses that were checked."""

    def __init__(self, addresses: list[Address]) -> None:
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        """The addresses, whatever the host is called."""
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""

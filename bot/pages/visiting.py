"""Visiting an address that somebody named: quickly, only strangers', and not more than it takes.

Whoever writes a link must not make the bot read what only the bot can reach. So every address is
checked after its name was resolved, again after each redirect, and the connection goes to the very
address that was checked: a name that changes its mind in between changes nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final

import aiohttp
from aiohttp.abc import AbstractCookieJar, AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.previews import Problem
from bot.pages.addresses import Address, public, resolve
from bot.pages.content_type import read_content_type
from bot.pages.unpacking import CannotUnpack, unpack

MOST_REDIRECTS: Final = 5
WITHIN: Final = 5.0  # seconds for everything together

_MOVED: Final = (301, 302, 303, 307, 308)
_MOVED_FOR_GOOD: Final = (301, 308)
_CHUNK: Final = 16_384
# Of an answer's headers: bytes of one, and how many. Cookies and policies make some of them long.
_LONGEST_HEADER: Final = 65_536
_MOST_HEADERS: Final = 256


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
class Request:
    """What is asked for.

    `agent` says who asks; `kinds` are the content types whose bodies are read, in the order of
    preference, and with `any_kind` those of all others, too; `most` is how many bytes of a body are
    read, as it comes and as it is unpacked; `headers` go with it.
    """

    agent: str
    kinds: tuple[str, ...]
    most: int
    any_kind: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came in the end, whatever its status; only with status 200 a body of a wanted kind.

    `address` is where it was, `moved_to` the address that servers named for good on the way there,
    None without such. `charset` is what its header says, `cut` that the body may end anywhere.
    """

    status: int
    address: str
    moved_to: str | None
    headers: Mapping[str, str]
    kind: str
    charset: str | None
    body: bytes = b""
    cut: bool = False


class Stopped(Exception):
    """The visit came to nothing, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


async def visit(link: str, request: Request, reach: Reach) -> Answer:
    """Ask for what is behind a link, through at most MOST_REDIRECTS redirects.

    It takes `reach.within` seconds at most.

    Raises:
        Stopped: nothing came.
    """
    try:
        async with asyncio.timeout(reach.within):
            answer, codings = await _follow(link, request, reach)
        body, missing = await asyncio.to_thread(unpack, answer.body, codings, request.most)
        return replace(answer, body=body, cut=answer.cut or missing)
    except CannotUnpack:
        raise Stopped(Problem.UNREADABLE) from None
    except TimeoutError:
        raise Stopped(Problem.SLOW) from None
    except (aiohttp.ClientError, OSError):
        raise Stopped(Problem.UNREACHABLE) from None


async def _follow(link: str, request: Request, reach: Reach) -> tuple[Answer, str]:
    """The answer with its body as it came, and how that is packed."""
    url = _address(link, None, reach)
    moved_to, for_good = None, True
    # Some pages open only to who brings back the cookie that came with a redirect. Cookies live as
    # long as this look. Those of numbers are kept too, each for its own number only.
    jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
    for _ in range(MOST_REDIRECTS + 1):
        status, found = await _ask(url, request, reach, jar)
        if isinstance(found, tuple):
            answer, codings = found
            return replace(answer, moved_to=moved_to), codings
        url = found
        for_good = for_good and status in _MOVED_FOR_GOOD
        moved_to = str(url) if for_good else moved_to
    raise Stopped(Problem.REDIRECTS)


def _address(link: str, base: URL | None, reach: Reach) -> URL:
    """The address that is meant, if it is one of those that are visited at all."""
    try:
        url = URL(link) if base is None else base.join(URL(link))
        usable = url.scheme in ("http", "https") and url.port in reach.ports
        named = url.user is not None or url.password is not None
    except ValueError:  # A host or a port that is none.
        raise Stopped(Problem.ADDRESS) from None
    if not usable or named or not url.raw_host:
        raise Stopped(Problem.ADDRESS)
    return url.with_fragment(None)


async def _ask(
    url: URL, request: Request, reach: Reach, jar: AbstractCookieJar
) -> tuple[int, tuple[Answer, str] | URL]:
    """One request: what was answered, or where it has moved to; with the status."""
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
        headers=_headers(request),
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
        max_headers=_MOST_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None),
    )
    async with session, session.get(url, allow_redirects=False) as answer:
        if answer.status in _MOVED:
            return answer.status, _address(answer.headers.get("Location", ""), url, reach)
        kind, charset = read_content_type(answer.headers.getall("Content-Type", ()))
        wanted = answer.status == 200 and (request.any_kind or kind in request.kinds)
        body, cut = await _body(answer, request.most) if wanted else (b"", False)
        codings = ",".join(answer.headers.getall("Content-Encoding", ()) if wanted else ())
        found = Answer(answer.status, str(url), None, answer.headers, kind, charset, body, cut)
        return answer.status, (found, codings)


def _headers(request: Request) -> dict[str, str]:
    return {
        "User-Agent": request.agent,
        "Accept": ", ".join((*request.kinds, *(("*/*;q=0.5",) if request.any_kind else ()))),
        "Accept-Encoding": "gzip, deflate",
        **request.headers,
    }


async def _checked(url: URL, reach: Reach) -> list[Address]:
    """The addresses of a host, if each of them may be visited."""
    try:
        found = await reach.resolve(url.raw_host or "", url.port or 0)
        addresses = [ip_address(one) for one in found]
    except ValueError:  # A label too long or empty, which is no name.
        raise Stopped(Problem.ADDRESS) from None
    if not addresses:
        raise Stopped(Problem.UNREACHABLE)
    if not all(map(reach.allowed, addresses)):
        raise Stopped(Problem.NOT_PUBLIC)
    return addresses


async def _body(answer: aiohttp.ClientResponse, most: int) -> tuple[bytes, bool]:
    """As much of the body as is read, as it comes, and whether that is not all."""
    body = bytearray()
    try:
        async for chunk in answer.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > most:
                return bytes(body[:most]), True
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

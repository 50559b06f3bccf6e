"""The page's server: it serves the page to those who hold its link, and to nobody else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web

from slack_sandbox.live_updates import PageConnections
from slack_sandbox.page_actions import PageActions, RefusedError
from slack_sandbox.sandbox import Sandbox
from slack_sandbox.snapshot import clock_shown, seen_by, traffic_shown
from slack_sandbox.switches import Switches
from slack_sandbox.tour import Tour

Json: TypeAlias = dict[str, Any]

_FOLDER = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    # Nothing is loaded from anywhere else, whatever a message may hold.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def attach_page(sandbox: Sandbox) -> Page:
    """Attach a page in the browser to a workspace that is not started yet."""
    page = Page(sandbox)
    sandbox.serve(page.routes(), page.close)
    return page


class Page:
    """The page of one sandbox.

    Attributes:
        tour: The guided tour; empty unless somebody sets one.
        commands: What the composer offers: a line, and what it does.
        shortcuts: What else the app's manifest offers, as it stands there.
        examples: Texts that can be put into a form, by its callback id and block id.
        on_reset: Makes everything fresh again; without it there is no such button.
        sandbox: The workspace that it shows.
        switches: What of Slack is made to misbehave.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.tour = Tour()
        self.commands: Sequence[tuple[str, str]] = ()
        self.shortcuts: Sequence[Mapping[str, str]] = ()
        self.examples: Mapping[str, Mapping[str, Any]] = {}
        self.on_reset: Callable[[], Awaitable[None]] | None = None
        self.switches = Switches(sandbox)
        self.sandbox = sandbox
        self._token = secrets.token_urlsafe(24)
        self._actions = PageActions(sandbox, self)
        self._lines = PageConnections(sandbox.state.changes, self._take_snapshot)
        self._resetting = False

    @property
    def link(self) -> str:
        """The address that opens the page; whoever knows it may act as anybody."""
        return f"{self.sandbox.state.base_url}/?token={self._token}"

    def routes(self) -> list[web.RouteDef]:
        """List what is served here."""
        return [
            web.get("/", self._open),
            web.get("/page/live", self._live),
            web.get("/page/entry/{number:[0-9]+}", self._entry),
            web.post("/page/do", self._do),
            web.get("/page/{name:[a-z]+[.](?:js|css)}", self._file),
        ]

    async def reset(self) -> None:
        """Turn every switch off, and let whoever runs all this make it fresh again."""
        if self.on_reset is None or self._resetting:
            return
        self._resetting = True
        try:
            self.switches.clear()
            await self.on_reset()
            self.tour.restart()
        finally:
            self._resetting = False
            self.sandbox.state.changes.notify()

    async def close(self) -> None:
        """Hang up on every open page."""
        await self._lines.close()

    # Serving.

    async def _open(self, request: web.Request) -> web.StreamResponse:
        given = request.query.get("token", "")
        if not _is_ours(request) or not self._may_enter(request, given):
            return _refused("Please open the link that the demo printed: it carries a key.")
        response = self._served("index.html")
        # The browser fetches every module at once, instead of one after the other as it reads.
        modules = sorted(path.name for path in _FOLDER.glob("*.js"))
        response.headers["Link"] = ", ".join(f"</page/{m}>; rel=modulepreload" for m in modules)
        # So that reloading works once the page has taken the key out of the address. Cookies
        # know no ports: a server on another port of this machine may get to see it. That is
        # why what acts also needs the right origin.
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="Strict")
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if not _is_ours(request) or not self._may_enter(request):
            return _refused("This needs the link that the demo printed.")
        name = request.match_info["name"]
        return self._served(name) if (_FOLDER / name).is_file() else web.Response(status=404)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if not self._may_act(request):
            return _refused("Another page cannot listen here.")
        return await self._lines.handle(request)

    async def _entry(self, request: web.Request) -> web.StreamResponse:
        if not _is_ours(request) or not self._may_enter(request):
            return _refused("This needs the link that the demo printed.")
        one = self.sandbox.state.traffic.find(int(request.match_info["number"]))
        if one is None:
            return web.json_response({"error": "It is no longer kept."}, status=404)
        return web.json_response({"payload": one.payload, "answer": one.answer}, headers=_HEADERS)

    async def _do(self, request: web.Request) -> web.StreamResponse:
        if not self._may_act(request):
            return _refused("Another page cannot act here.")
        try:
            request = json.loads(await request.text())
            if not isinstance(request, dict):
                raise RefusedError("This page asked for something that cannot be read.")
            return web.json_response(await self._actions.perform(request))
        except ValueError:
            return web.json_response({"error": "That was not JSON."}, status=400)
        except RefusedError as error:
            # Not an error of HTTP, which browsers would write into their console.
            return web.json_response({"error": str(error)})

    def _served(self, name: str) -> web.Response:
        path = _FOLDER / name
        kind = _TYPES[path.suffix]
        return web.Response(
            text=path.read_text("utf-8"), content_type=kind, charset="utf-8", headers=_HEADERS
        )

    # Who may come in.

    @property
    def _cookie(self) -> str:
        # Two of these on one machine would take each other's cookie away.
        return f"sandbox-{self.sandbox.state.base_url.rpartition(':')[2]}"

    def _may_enter(self, request: web.Request, given: str = "") -> bool:
        known = given or request.cookies.get(self._cookie, "")
        return secrets.compare_digest(known.encode(), self._token.encode())

    def _may_act(self, request: web.Request) -> bool:
        # Browsers always send the origin here, and no page can forge it.
        ours = request.headers.get("Origin") == f"http://{request.host}"
        return ours and _is_ours(request) and self._may_enter(request)

    # What a page sees.

    def _take_snapshot(self, wish: Json) -> Json:
        sandbox = self.sandbox
        if self._resetting or not sandbox.persons:
            return {"resetting": True}
        person = next((p for p in sandbox.persons if p.id == wish.get("as")), sandbox.persons[0])
        return {
            **seen_by(sandbox, person),
            "clock": clock_shown(sandbox),
            "tour": self.tour.snapshot(sandbox),
            "switches": self.switches.shown(),
            "sockets": len(sandbox.sockets.connections),
            "hints": {
                "commands": self.commands,
                "shortcuts": self.shortcuts,
                "examples": self.examples,
                "reset": self.on_reset is not None,
                "bot": sandbox.state.bot.real_name,
            },
            **(traffic_shown(sandbox) if wish.get("inspector") else {}),
        }


def _is_ours(request: web.Request) -> bool:
    """Refuse other names for this machine (they may be rebound), and what other pages ask for."""
    if request.url.host not in _HOSTS:
        return False
    # The site of an address leaves its port out, so "same-site" is any page of this machine.
    site = request.headers.get("Sec-Fetch-Site", "none")
    opened = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return opened or site in ("none", "same-origin")


def _refused(why: str) -> web.Response:
    return web.Response(status=403, text=why, headers=_HEADERS)

"""A way to a server that can be shut, as where a network breaks or the server is away."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

from sqlalchemy.engine import make_url


class DatabaseGate:
    """Another address of a PostgreSQL server; while it is shut, nothing comes through."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._open: set[asyncio.StreamWriter] = set()
        self._through = asyncio.Event()
        self._through.set()
        self._port = 0

    @property
    def url(self) -> str:
        """The database's address through the gate."""
        through = self._url.set(host="127.0.0.1", port=self._port).set(query={})
        return through.render_as_string(hide_password=False)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.shut()

    async def open(self) -> None:
        """Let everything through from now on."""
        self._through.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Refuse connections from now on, and close those that are there."""
        self._server.close()
        self._through.set()
        for writer in list(self._open):
            writer.close()
        await self._server.wait_closed()

    def hang(self) -> None:
        """Let nothing through until it is shut or let go on; connections stay."""
        self._through.clear()

    def go_on(self) -> None:
        """Let what hangs go on."""
        self._through.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        folder = str(self._url.query.get("host") or self._url.host)
        there, back = await asyncio.open_unix_connection(
            f"{folder}/.s.PGSQL.{self._url.port or 5432}"
        )
        self._open |= {writer, back}
        await asyncio.gather(self._pipe(reader, back), self._pipe(there, writer))

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                await self._through.wait()
                sink.write(data)
                await sink.drain()
        sink.close()
        self._open.discard(sink)

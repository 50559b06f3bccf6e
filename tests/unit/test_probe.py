"""The container's health check: the bot answers, it does not, or nobody said where to ask."""

from __future__ import annotations

import runpy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from bot import probe


class _Well(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""


def test_it_asks_whether_the_process_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), _Well) as server:
        environ = {"HEALTH_PORT": str(server.server_port)}
        once = Thread(target=server.handle_request)
        once.start()
        assert probe.answers(environ)
        once.join()
    assert not probe.answers(environ), "nobody listens there any more"


@pytest.mark.parametrize("port", ["", "0", "http", "65536"])
def test_it_says_what_it_needs(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTH_PORT", port)
    with pytest.raises(SystemExit, match=r"^HEALTH_PORT: it takes the port that the bot serves, "):
        runpy.run_path(probe.__file__, run_name="__main__")

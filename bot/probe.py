"""`python -m bot.probe`: ends with 0 if the bot on this machine answers at /healthz.

The container's health check runs it every minute, so it needs nothing but the standard library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Final

_SECONDS: Final = 10


def answers(environ: Mapping[str, str]) -> bool:
    """Whether the process that serves HEALTH_PORT is alive; raises ValueError for no such port."""
    host = environ.get("HEALTH_HOST", "").strip() or "127.0.0.1"
    text = environ.get("HEALTH_PORT", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= 65_535):
        raise ValueError(
            "HEALTH_PORT: it takes the port that the bot serves, a whole number from 1 to 65535, "
            "in the environment; .env is not read."
        )
    port = int(text)
    connection = HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    try:
        sys.exit(0 if answers(os.environ) else 1)
    except ValueError as problem:
        sys.exit(str(problem))

"""The ports on which the bot listens: looked at before anything else is done."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from bot.first_workspace import CannotStart
from bot.settings import Settings

EVERYWHERE: Final = "0.0.0.0"  # where the bot listens for Slack


def check(settings: Settings) -> None:
    """Look whether each can be had, and leave it again; raises CannotStart."""
    wanted = [] if settings.socket_mode else [("PORT", EVERYWHERE, settings.port)]
    if settings.health_port is not None:
        wanted.append(("HEALTH_PORT", settings.health_host, settings.health_port))
    with ExitStack() as held:  # both at once, since they may be the same
        for variable, host, port in wanted:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with explained(variable, host, port):
                held.enter_context(socket.create_server((host, port), family=family))


@contextmanager
def explained(variable: str, host: str, port: int) -> Iterator[None]:
    """Say in words why the block, which listens there, raised OSError: raises CannotStart."""
    try:
        yield
    except OSError as error:
        raise CannotStart(_why(variable, host, port, error)) from error


def _why(variable: str, host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            mend = "Choose another port, or end that program."
            return f"{variable}: another program has the port {port}. {mend}"
        case errno.EACCES:
            mend = "Choose a port from 1024 on."
            return f"{variable}: this user may not listen on the port {port}. {mend}"
        case errno.EADDRNOTAVAIL:
            mend = "Choose one that it has, or 127.0.0.1."
            return f"HEALTH_HOST: this machine doesn't have the address {host}. {mend}"
    return f"{variable}: the bot can't listen on the port {port} ({error})."

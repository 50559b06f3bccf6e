"""A Bolt app on Flask with an ORM session a click: `python -m bench.peers.flask_bot`."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import uvloop
from flask import Flask, Response, request
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from waitress.server import create_server

from bench.children import Json, obey
from bench.noop import AUTHORIZED, cpu_seconds
from bench.payload import PATH, SECRET
from bench.peers import rows

THREADS = 8


def _build(sessions: sessionmaker[Session]) -> Flask:
    def authorize(**_request: object) -> AuthorizeResult:
        return AUTHORIZED

    app = App(authorize=authorize, signing_secret=SECRET)

    @app.action("skip")
    def skip(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        user, post = rows.read(body)
        with sessions.begin() as session:
            member = session.scalars(rows.find_member(user)).one()
            found = session.scalars(rows.find_post(post)).one()
            before = session.scalars(rows.find_response(found.id, member.id)).one_or_none()
            if before is None:
                response = rows.skipped(found.id, member.id, datetime.now(UTC))
                session.add(response)
                session.flush()
                session.add(rows.history_of(response))
        ack()
        if body.get("response_url"):
            respond(rows.ANSWER, response_type="ephemeral", replace_original=False)

    flask, handler = Flask(__name__), SlackRequestHandler(app)

    @flask.post(PATH)
    def events() -> Response:
        answered: Response = handler.handle(request)
        return answered

    return flask


async def _serve(url: str) -> None:
    engine = create_engine(url, pool_size=THREADS)
    rows.make_durable(engine)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that clicks wait is measured
    listening = socket.create_server(("127.0.0.1", 0))
    app = _build(sessionmaker(engine))
    server = create_server(app, sockets=[listening], threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()

    async def answer(_order: Json) -> Json:
        return {"port": listening.getsockname()[1], "cpu": cpu_seconds()}

    await obey(answer)


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1]))

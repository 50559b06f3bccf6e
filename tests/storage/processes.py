"""Several processes that begin at the same moment, and the posts that they find."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import Connection

from bot.domain.ids import UserId, WorkspaceId
from bot.domain.post import Content, Network, PostLifecycle, PostState, Wording
from bot.storage import posts
from bot.storage.database import create_engine_for
from bot.storage.posts import Revision
from bot.storage.tx import Tx

TEAM = WorkspaceId("T0TEAM000")
PROCESSES = 4
PATIENCE = 30.0  # seconds; it takes one or two

Ready = Callable[[], Any]


def _child(
    pipe: Pipe, barrier: Barrier, work: Callable[..., Any], number: int, arguments: tuple[Any, ...]
) -> None:
    pipe.send(work(lambda: barrier.wait(PATIENCE), number, *arguments))


def in_each(work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """What `work(ready, number, *arguments)` returns in each process.

    `ready()` waits until all of them are.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    begun = []
    for number in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=_child, args=(theirs, barrier, work, number, arguments))
        process.start()
        theirs.close()
        begun.append((process, ours))
    try:
        return [_received(pipe) for _, pipe in begun]
    finally:
        for process, pipe in begun:
            process.kill()
            process.join()
            process.close()
            pipe.close()


def _received(pipe: Pipe) -> Any:
    assert pipe.poll(PATIENCE), "a process is stuck"
    return pipe.recv()


def add_post(
    connection: Connection, number: int, state: PostState, now: datetime, *, topic: str = "news"
) -> None:
    """A post in this state, with words for one network."""
    content = Content(
        title=f"News {number}",
        link=f"https://news.example.org/{number}",
        why="It halves the time that a backup takes.",
        topics=(topic,),
        wordings=(Wording(Network.X, "Backups in half the time."),),
        not_before=None,
        expires_at=None,
    )
    tx, form = Tx(connection, TEAM, now), f"V{number}"
    post_id = posts.insert_post(tx, PostState.DRAFT, form)
    posts.insert_revision(tx, post_id, Revision(1, content, UserId("U0WRITER0"), form))
    lifecycle = PostLifecycle(state)
    posts.record_lifecycle(tx, post_id, lifecycle)
    posts.record_approval(tx, post_id, 1, first=True)


def rows(url: str, query: Any) -> list[Any]:
    """What is in the database, read past the processes."""
    engine = create_engine_for(url, read_only=True)
    with engine.connect() as connection:
        found = list(connection.execute(query).all())
    engine.dispose()
    return found

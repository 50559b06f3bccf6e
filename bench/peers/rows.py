"""What both peers store for a Skip: a response and a line of its history, as the bot does."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Select, event, select
from sqlalchemy.engine import Engine

from bench.ground import TEAM
from bot.domain.ids import MemberId, PostId, UserId
from bot.domain.model import Stage
from bot.storage.tables import MemberRow, PostRow, ResponseEventRow, ResponseRow

ANSWER: Final = "Skipped, thank you."


def read(body: dict[str, Any]) -> tuple[UserId, PostId]:
    """Who pressed Skip on which post."""
    return UserId(body["user"]["id"]), PostId(int(body["actions"][0]["value"].split(":")[0]))


def find_member(user: UserId) -> Select[MemberRow]:
    """The member who pressed."""
    return select(MemberRow).where(MemberRow.workspace_id == TEAM, MemberRow.user == user)


def find_post(post: PostId) -> Select[PostRow]:
    """The post that was skipped."""
    return select(PostRow).where(PostRow.id == post, PostRow.workspace_id == TEAM)


def find_response(post: PostId, member: MemberId) -> Select[ResponseRow]:
    """What the member answered before."""
    return select(ResponseRow).where(ResponseRow.post_id == post, ResponseRow.member_id == member)


def skipped(post: PostId, member: MemberId, now: Any) -> ResponseRow:
    """A first response."""
    return ResponseRow(post_id=post, member_id=member, stage=Stage.SKIPPED, at=now)


def history_of(response: ResponseRow) -> ResponseEventRow:
    """The line of history that goes with it; the response must have its id."""
    return ResponseEventRow(response_id=response.id, stage=response.stage, at=response.at)


def make_durable(engine: Engine) -> None:
    """Let SQLite commit as durably as the bot's own connections do."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

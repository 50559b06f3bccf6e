"""What every table stands on: names of constraints, and how values become columns."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from bot.domain.feeds import FeedProblem
from bot.domain.ids import (
    AnnouncementId,
    AskId,
    FeedId,
    MemberId,
    NoticeId,
    PostId,
    ResponseId,
    ShareNoteId,
    SuggestionId,
    UserId,
    WordingId,
    WorkspaceId,
)
from bot.domain.model import (
    Colour,
    DispatchState,
    NoticeKind,
    Outcome,
    Pace,
    Reach,
    Shown,
    SkipReason,
    Stage,
)
from bot.domain.post import Network, PostKind, PostState, Verdict
from bot.domain.previews import PreviewState, Problem
from bot.domain.record import Act
from bot.domain.rules import Rule
from bot.domain.suggestions import SuggestionOutcome

_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite would drop the zone, and a naive value is a mistake."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; raises ValueError for a naive value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Listed(TypeDecorator[tuple[str, ...]]):
    """A few words without commas, as `,one,two,`: searchable for a whole word on any database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """The words between commas; raises ValueError for a word that holds one."""
        if value is None:
            return None
        if any("," in word for word in value):
            raise ValueError("a word in a list cannot hold a comma")
        return "".join(f",{word}" for word in value) + ("," if value else "")

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """The words back in their order."""
        return None if value is None else tuple(value[1:-1].split(",")) if value else ()


def _choice(kind: type[StrEnum]) -> Enum:
    """A column of an enum's values (SQLAlchemy would store the names), open for later ones."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The tables' common ground: naming conventions and column types."""

    metadata = _metadata
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain dict here
        datetime: UtcDateTime,
        WorkspaceId: String(),
        UserId: String(),
        MemberId: Integer(),
        PostId: Integer(),
        WordingId: Integer(),
        AnnouncementId: Integer(),
        AskId: Integer(),
        ResponseId: Integer(),
        NoticeId: Integer(),
        FeedId: Integer(),
        SuggestionId: Integer(),
        ShareNoteId: Integer(),
        PostState: _choice(PostState),
        PostKind: _choice(PostKind),
        Stage: _choice(Stage),
        SkipReason: _choice(SkipReason),
        DispatchState: _choice(DispatchState),
        Network: _choice(Network),
        Pace: _choice(Pace),
        Outcome: _choice(Outcome),
        Shown: _choice(Shown),
        Reach: _choice(Reach),
        Colour: _choice(Colour),
        Verdict: _choice(Verdict),
        Act: _choice(Act),
        NoticeKind: _choice(NoticeKind),
        Rule: _choice(Rule),
        PreviewState: _choice(PreviewState),
        Problem: _choice(Problem),
        FeedProblem: _choice(FeedProblem),
        SuggestionOutcome: _choice(SuggestionOutcome),
        dict[str, Any]: JSON,
        list[str]: JSON,
        tuple[str, ...]: Listed,
    }

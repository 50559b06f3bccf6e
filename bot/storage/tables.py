"""The tables. Moments are UTC; every row belongs to a workspace, directly or by its parent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

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
from bot.storage.columns import Base


def _few(name: str, sqlite: str, postgresql: str | None = None) -> Index:
    """An index of a workspace's rows of which this is true: a few of all."""
    elsewhere = text(postgresql or sqlite)
    return Index(name, "workspace_id", sqlite_where=text(sqlite), postgresql_where=elsewhere)


class WorkspaceRow(Base):
    """One Slack team, its channels and its policy: the truth about its settings.

    Until `first_month_ends` the channel gets one post a week; NULL where `.env` set it up.
    `link_tags` are the names of the three parameters, none where links get no tags.
    `reconciling_by` is the process that brings Slack up to date just now, at most until
    `reconciling_until`. A freeze ends by itself at `frozen_until`; None where it does not.
    `post_days` is after how many days a post ends whose form names no end, `evidence_years` how
    long it is kept who in comms did what. `erased_at` is since when erased rows may still stand in
    the log of SQLite; None once that is empty.
    `asks_per_hundred` is the weekly budget of direct asks for a hundred members. `colour` is what
    the pace check read last. `gate_threshold` is drawn once and never shown: see `domain.snapshot`.
    `figures` says whether figures are published, with at least `least_people` behind each. They
    are since `figures_since`, None while they are not. `figures_until` is the moment until which
    posts that ended were looked at, and `figures_month` the newest month that was. `suggests_two`
    is whether comms were told that two will be suggested once a second person is there.
    """

    __tablename__ = "workspace"

    id: Mapped[WorkspaceId] = mapped_column(String(64), primary_key=True)
    advocacy_channel: Mapped[str] = mapped_column(String(64))
    comms_channel: Mapped[str] = mapped_column(String(64))
    min_gap_seconds: Mapped[int]
    weekly_cap: Mapped[int]
    hours_start: Mapped[int]
    hours_end: Mapped[int]
    workdays: Mapped[str] = mapped_column(String(7))
    zone: Mapped[str] = mapped_column(String(64))
    disclosure: Mapped[str] = mapped_column(String(100))
    approvals: Mapped[int]
    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[str | None] = mapped_column(String(64))
    frozen_until: Mapped[datetime | None]
    frozen_reason: Mapped[str | None] = mapped_column(Text)
    trouble: Mapped[str | None] = mapped_column(String(100))
    reconciling_by: Mapped[str | None] = mapped_column(String(64))
    reconciling_until: Mapped[datetime | None]
    topics: Mapped[tuple[str, ...]]
    consent_months: Mapped[int]
    post_days: Mapped[int]
    evidence_years: Mapped[int]
    asks_per_hundred: Mapped[int]
    colour: Mapped[Colour]
    acknowledged_at: Mapped[datetime | None]
    gate_threshold: Mapped[int]
    erased_at: Mapped[datetime | None]
    figures: Mapped[bool]
    least_people: Mapped[int]
    analytics_url: Mapped[str] = mapped_column(Text)
    figures_since: Mapped[datetime | None]
    figures_until: Mapped[datetime | None]
    figures_month: Mapped[date | None]
    networks: Mapped[tuple[str, ...]]
    link_tags: Mapped[tuple[str, ...]]
    disclosure_phrases: Mapped[list[str]]
    avoid_terms: Mapped[list[str]]
    previews: Mapped[bool]
    first_month_ends: Mapped[datetime | None]
    guests_may_join: Mapped[bool]
    suggests_two: Mapped[bool]


class RestRow(Base):
    """What is left alone in Slack until then; see `domain.rests`.

    `method` is Slack's name, `place` one of the two channels or whom it is used for. The row stays
    until it works again.
    """

    __tablename__ = "rest"

    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    method: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(100))
    rounds: Mapped[int]


class RuleValueRow(Base):
    """What a rule says from `since` on, until a later row of the same rule; see `domain.rules`."""

    __tablename__ = "rule_value"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"), index=True)
    rule: Mapped[Rule]
    value: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]


class SnapshotRow(Base):
    """The figures of one day, computed once: see `domain.snapshot`. Only the newest is kept.

    `day` is a date in the workspace's zone. `figures` holds what they say about posts; nothing in
    it is about one person.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("workspace_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    day: Mapped[date]
    gate: Mapped[bool]
    note_gate: Mapped[bool]
    figures: Mapped[dict[str, Any]]


class MemberRow(Base):
    """An employee who gave consent; the row stays for a month after that ended.

    What is only needed as a day is stored as the beginning of that day in their own zone, so that
    nothing can be joined to it by its time: `consented_at`, `consent_ends_at`, `left_at`,
    `paused_at`, `stopped_at`, `told_at`, `zone_checked_at`. `last_asked_at` is the end of the day
    of the newest ask that was erased with its post; newer ones have rows.

    `next_ask_at` is when the planner looks at them next; None where nothing can be proposed until
    they change something. `told_at` is when they were told that the bot stopped asking.
    `direct_refused` is whether `direct` ended because Slack takes no message to them.
    `messages_due_at` is when the messages of their asks are to be looked at next: at once after an
    answer, and when consent ends; None where no message is left that could change by itself.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user"),
        Index(None, "workspace_id", "next_ask_at"),
        Index(None, "workspace_id", "messages_due_at"),
        Index(None, "workspace_id", "consent_ends_at"),
        Index(None, "workspace_id", "left_at"),
        Index(  # whom the bot stopped asking and has not told: a few of all
            "ix_member_untold",
            "workspace_id",
            "left_at",
            "consent_ends_at",
            sqlite_where=text("stopped_at IS NOT NULL AND told_at IS NULL"),
            postgresql_where=text("stopped_at IS NOT NULL AND told_at IS NULL"),
        ),
    )

    id: Mapped[MemberId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    user: Mapped[UserId] = mapped_column(String(64))
    consented_at: Mapped[datetime]
    consent_ends_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(64))
    zone_checked_at: Mapped[datetime]
    network: Mapped[Network | None]
    in_channel: Mapped[bool]
    direct: Mapped[bool]
    direct_refused: Mapped[bool]
    pace: Mapped[Pace]
    # One text each: rows of a second table would have to be joined for every plan.
    topics: Mapped[tuple[str, ...]]
    networks: Mapped[tuple[str, ...]]
    hours_start: Mapped[int]
    hours_end: Mapped[int]
    workdays: Mapped[str] = mapped_column(String(7))
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(32))
    consecutive_declines: Mapped[int]
    stopped_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    last_asked_at: Mapped[datetime | None]
    next_ask_at: Mapped[datetime | None]
    mastodon_instance: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(8))
    messages_due_at: Mapped[datetime | None]


class LessonSeenRow(Base):
    """What one member did with one lesson; it goes with the member.

    A row means that the lesson is never offered again. `offered` is false where the member found
    it without being offered it.
    """

    __tablename__ = "lesson_seen"
    __table_args__ = (UniqueConstraint("member_id", "lesson"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    lesson: Mapped[str] = mapped_column(String(64))
    offered: Mapped[bool]
    read: Mapped[bool]
    dismissed: Mapped[bool]


class DirectMessageRow(Base):
    """A message to one member that is no ask, so that it can be deleted with what is stored.

    `file` is the id of a file that came with it. `post_id` is the post that it is about: then it
    goes with that post's answers.
    """

    __tablename__ = "direct_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(64))
    message_ts: Mapped[str] = mapped_column(String(32))
    file: Mapped[str | None] = mapped_column(String(64))
    post_id: Mapped[PostId | None] = mapped_column(ForeignKey("post.id"), index=True)


class RemovalRow(Base):
    """A message of the bot that has to go from Slack: what it was about is erased already.

    `file` is the id of a file that came with it. `due_at` is when it was to go; `not_before` when
    it is tried again.
    """

    __tablename__ = "removal"
    __table_args__ = (Index(None, "workspace_id", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    channel: Mapped[str] = mapped_column(String(64))
    message_ts: Mapped[str] = mapped_column(String(32))
    file: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime]
    not_before: Mapped[datetime]


class PostRow(Base):
    """A post: where it stands, and its card in the comms channel.

    `version` grows with every change that the card shows, `card_version` is what it shows now.
    `form` is the id of the form that it was first written in, so that a form delivered twice
    makes one post. `folded` says that its responses and asks are deleted. `reach` says whom it may
    be proposed to; only a snapshot and a correction change it. `asks_stale` says that messages of
    its asks may not show what they should. `card_link` and `message_link` are the addresses of its
    card and of its message in the opt-in channel, None where Slack named none, and empty where none
    may be shown. `queue_place` is where comms put it in the queue, the smallest first; None where
    topics take turns. `from_feed` is the title of the feed whose entry it was made from, empty
    where people began it.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("workspace_id", "form"),
        Index(None, "workspace_id", "state", "id"),
        Index(None, "workspace_id", "created_at"),
        Index(None, "workspace_id", "approved_at"),
        Index(  # those whose asks and responses are stored: a few of all that ended
            "ix_post_unfolded",
            "workspace_id",
            "ended_at",
            sqlite_where=text("folded IS 0"),
            postgresql_where=text("folded IS false"),
        ),
        _few("ix_post_asks_stale", "asks_stale IS 1", "asks_stale IS true"),
        _few("ix_post_card_outdated", "card_version != version"),
    )

    id: Mapped[PostId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    state: Mapped[PostState]
    correction: Mapped[PostState | None]
    revision: Mapped[int]
    approved_revision: Mapped[int | None]
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int]
    card_version: Mapped[int]
    card_ts: Mapped[str | None] = mapped_column(String(32))
    form: Mapped[str] = mapped_column(String(64))
    folded: Mapped[bool]
    live_at: Mapped[datetime | None]
    reach: Mapped[Reach]
    asks_stale: Mapped[bool]
    card_link: Mapped[str | None] = mapped_column(String(500))
    message_link: Mapped[str | None] = mapped_column(String(500))
    queue_place: Mapped[int | None]
    from_feed: Mapped[str] = mapped_column(Text)


class RevisionRow(Base):
    """One content of a post, as written in one form.

    It is never changed but for two things: a live post without an end gets one, and `writer`
    becomes NULL, and `author` empty, when they are erased. `channel` and `direct` are the ways in
    which the post reaches people.
    """

    __tablename__ = "revision"

    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    writer: Mapped[UserId | None] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    picture: Mapped[str] = mapped_column(Text)
    picture_alt: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    kind: Mapped[PostKind | None]
    prompts: Mapped[list[str]]
    channel: Mapped[bool]
    direct: Mapped[bool]


class WordingRow(Base):
    """One text of a revision for one network."""

    __tablename__ = "wording"
    __table_args__ = (
        ForeignKeyConstraint(["post_id", "revision"], ["revision.post_id", "revision.number"]),
        UniqueConstraint("post_id", "revision", "position"),
    )

    id: Mapped[WordingId] = mapped_column(primary_key=True)
    post_id: Mapped[PostId]
    revision: Mapped[int]
    position: Mapped[int]
    network: Mapped[Network]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))


class DecisionRow(Base):
    """What somebody in comms decided about a revision; `who` becomes NULL when they are erased."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"), index=True)
    revision: Mapped[int]
    who: Mapped[UserId | None] = mapped_column(String(64))
    what: Mapped[Verdict]
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]


class ActRow(Base):
    """What somebody in comms did: the record, to which rows are only added.

    The database refuses to change a row, and to delete one before its time; see `storage.record`.
    `who` stays when that person is erased elsewhere, since approval is evidence. It is NULL only
    in rows about what happened before there was a record.
    """

    __tablename__ = "act"
    __table_args__ = (Index(None, "workspace_id", "at"), Index(None, "workspace_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    at: Mapped[datetime]
    who: Mapped[UserId | None] = mapped_column(String(64))
    what: Mapped[Act]
    post_id: Mapped[PostId | None] = mapped_column(ForeignKey("post.id"), index=True)
    revision: Mapped[int | None]
    state_before: Mapped[str | None] = mapped_column(Text)
    state_after: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)


class ActReleaseRow(Base):
    """Before which moment entries of the record may be deleted: what the database itself asks.

    A table of its own, since on SQLite no table that a trigger reads can be made anew.
    """

    __tablename__ = "act_release"

    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    before: Mapped[datetime]


class AnnouncementRow(Base):
    """A post's one message in the opt-in channel: the intent, the claim, and what became of it.

    `shown_revision` and `shown_ended` are what the message shows now. `held` says that its message
    is known by a member's click only: until the daily job nobody sees that it is known.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        Index(None, "workspace_id", "state", "claimed_at"),
        Index(None, "workspace_id", "claimed_at"),
    )

    id: Mapped[AnnouncementId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"), unique=True)
    state: Mapped[DispatchState]
    claimed_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(64))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    shown_revision: Mapped[int | None]
    shown_ended: Mapped[bool]
    held: Mapped[bool]


class AskRow(Base):
    """A post proposed to one member: the intent, the claim, and what became of it.

    `repeat` is 0 for the first ask about a post, and 1 for the one after "later". `asked_at` is the
    moment that counts for the pace: when it was planned, then when it was sent. `revision` is what
    was proposed, `shown` and `shown_revision` what the message shows now. `outcome` is None while
    it is open.
    """

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("member_id", "post_id", "repeat"),
        Index(None, "workspace_id", "asked_at"),
        Index(None, "state", "workspace_id", "asked_at"),
        Index(  # what is open: a few of all that were ever asked
            "ix_ask_open",
            "workspace_id",
            "asked_at",
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[AskId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"), index=True)
    repeat: Mapped[int]
    revision: Mapped[int]
    state: Mapped[DispatchState]
    asked_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(64))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[Outcome | None]
    settled_at: Mapped[datetime | None]
    shown: Mapped[Shown]
    shown_revision: Mapped[int | None]


class ResponseRow(Base):
    """How far one member went with one post; deleted a month after the post ended.

    `dialog` is the id the bot gave the last dialog opened, so that it can be closed with the post.
    """

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("post_id", "member_id"),)

    id: Mapped[ResponseId] = mapped_column(primary_key=True)
    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    stage: Mapped[Stage]
    reason: Mapped[SkipReason | None]
    network: Mapped[Network | None]
    at: Mapped[datetime]
    dialog: Mapped[str | None] = mapped_column(String(255))


class ResponseEventRow(Base):
    """The history of a response: one row for each change.

    `wording_id` is the wording that was opened, NULL for own words and for everything else.
    """

    __tablename__ = "response_event"
    __table_args__ = (Index(None, "wording_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[ResponseId] = mapped_column(ForeignKey("response.id"), index=True)
    stage: Mapped[Stage]
    reason: Mapped[SkipReason | None]
    network: Mapped[Network | None]
    at: Mapped[datetime]
    wording_id: Mapped[WordingId | None] = mapped_column(ForeignKey("wording.id"))


class PostFiguresRow(Base):
    """What is published of a post that has closed.

    `month` is the first day of the month in which it ended. `cells` says exactly how many people
    did what, and `groups` which of them are published: both only until its month's figures are.
    """

    __tablename__ = "post_figures"
    __table_args__ = (Index(None, "workspace_id", "month"),)

    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"), primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    month: Mapped[date]
    figures: Mapped[list[Any]] = mapped_column(JSON)
    cells: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    groups: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class SpanFiguresRow(Base):
    """What is published of a span of months; `first` and `last` are the first days of its months.

    `members` is their rounded number once in the quarter in which it closed.
    """

    __tablename__ = "span_figures"
    __table_args__ = (UniqueConstraint("workspace_id", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    first: Mapped[date]
    last: Mapped[date]
    posts: Mapped[int]
    members: Mapped[int | None]
    figures: Mapped[list[Any]] = mapped_column(JSON)


class MemberFiguresRow(Base):
    """How many members there were once in a quarter, rounded; `quarter` is its first day."""

    __tablename__ = "member_figures"

    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    quarter: Mapped[date] = mapped_column(primary_key=True)
    members: Mapped[int]


class NoticeRow(Base):
    """A notice in the outbox; `sent_at` is None until it was sent.

    One that waits until `not_before` keeps no moment of its own. `sender` is whose note it is,
    so that it can be erased with them before it goes out; a note is deleted when it was sent.
    """

    __tablename__ = "notice"
    __table_args__ = (Index(None, "workspace_id", "sent_at"),)

    id: Mapped[NoticeId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    kind: Mapped[NoticeKind]
    post_id: Mapped[PostId | None] = mapped_column(ForeignKey("post.id"), index=True)
    who: Mapped[UserId | None] = mapped_column(String(64))
    sender: Mapped[MemberId | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    detail: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class ShareNoteRow(Base):
    """A note that says that its sender shared a post; it goes with their response to it.

    `notice_id` is with which other notes about the post comms get it, and from when on. Once they
    have it (`told`), only one that they may answer stays, without its words. They say thanks in the
    `detail` of that notice. `claimed_at` is since when a process passes the thanks on.
    """

    __tablename__ = "share_note"
    # Else SQLite would give a number again, and a late reply would end another one.
    __table_args__ = (UniqueConstraint("notice_id", "response_id"), {"sqlite_autoincrement": True})

    id: Mapped[ShareNoteId] = mapped_column(primary_key=True)
    notice_id: Mapped[NoticeId] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    response_id: Mapped[ResponseId] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str] = mapped_column(Text)
    signed: Mapped[bool]
    may_answer: Mapped[bool]
    told: Mapped[bool]
    claimed_at: Mapped[datetime | None]


class SuggestionRow(Base):
    """News that a colleague offers, until comms have decided; then only an answer that is owed.

    One without a name keeps no moment of its own. `offered_by` is whose it is, until comms see it,
    or until the person was told where they asked for it (`tell`). `signed_by` is whose name it
    carries. `claimed_at` is since when a process sends the answer.
    """

    __tablename__ = "suggestion"
    # Else SQLite would give a number again, and an old card would decide about another one.
    __table_args__ = (Index(None, "workspace_id", "outcome"), {"sqlite_autoincrement": True})

    id: Mapped[SuggestionId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    link: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[UserId | None] = mapped_column(String(64))
    offered_by: Mapped[UserId | None] = mapped_column(String(64))
    tell: Mapped[bool]
    shown: Mapped[bool]
    created_at: Mapped[datetime]
    outcome: Mapped[SuggestionOutcome | None]
    claimed_at: Mapped[datetime | None]


class PreviewRow(Base):
    """What the page behind a post's link provides for its own preview.

    `revision` is the content whose link was, or is to be, looked at; later ones may have the same.
    """

    __tablename__ = "preview"
    __table_args__ = (
        ForeignKeyConstraint(["post_id", "revision"], ["revision.post_id", "revision.number"]),
    )

    post_id: Mapped[PostId] = mapped_column(ForeignKey("post.id"), primary_key=True)
    revision: Mapped[int]
    state: Mapped[PreviewState] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    image: Mapped[str] = mapped_column(Text)
    problem: Mapped[Problem | None]
    site: Mapped[str] = mapped_column(Text)
    image_alt: Mapped[str] = mapped_column(Text)


class FeedRow(Base):
    """A feed that comms added, and how looking at it goes; see `domain.feeds`.

    `key` is the same for every link to it. `title` is what it calls itself. `etag` and
    `last_modified` go back to its server, empty where it said nothing. `due_at` is when it is
    looked at next, `claimed_at` since when a process looks at it. `failures` are failed looks in a
    row, the first of them at `failing_since`, the last for the reason `problem`; `told` says that
    comms know.
    """

    __tablename__ = "feed"
    # Else SQLite would give a number again, and an old button would remove another feed.
    __table_args__ = (UniqueConstraint("workspace_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[FeedId] = mapped_column(primary_key=True)
    workspace_id: Mapped[WorkspaceId] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(Text)
    last_modified: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    problem: Mapped[FeedProblem | None]
    told: Mapped[bool]


class FeedEntryRow(Base):
    """An entry that a feed was seen to have, so that it is news once.

    One that is `waiting` becomes a draft on a day with room for it, and only until then its words
    are stored. `rank` is its place among those that came with it, the newest first.
    """

    __tablename__ = "feed_entry"
    __table_args__ = (
        UniqueConstraint("feed_id", "key"),
        Index(  # a few of all that were ever seen
            "ix_feed_entry_waiting",
            "feed_id",
            sqlite_where=text("waiting"),
            postgresql_where=text("waiting"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[FeedId] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(32), index=True)
    guid_key: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime]
    waiting: Mapped[bool]
    rank: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)


# Joins a post and the content of it that people see.
APPROVED_CONTENT = and_(
    RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.approved_revision
)

metadata = Base.metadata  # whole only here, after every class above

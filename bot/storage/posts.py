"""Posts, their contents, and what was decided about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId
from bot.domain.model import Reach
from bot.domain.post import (
    Content,
    Decision,
    LinkedPage,
    Post,
    PostKind,
    PostLifecycle,
    PostState,
    Verdict,
    Wording,
)
from bot.domain.previews import PreviewState
from bot.domain.retention import MOST_POST_DAYS
from bot.storage import announcements
from bot.storage.tables import (
    APPROVED_CONTENT,
    AskRow,
    DecisionRow,
    PostRow,
    PreviewRow,
    RevisionRow,
    WordingRow,
)
from bot.storage.tx import Tx

_NO_POST_YET = PostId(2**31 - 1)
_TOPICS_OF = 300  # posts: what older ones were about is hardly offered any more


def _query(number: ColumnElement[Any]) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Posts with one of their contents, and the wordings of that content."""
    posts = select(
        PostRow.id,
        PostRow.state,
        PostRow.correction,
        PostRow.revision,
        PostRow.approved_revision,
        PostRow.live_at,
        PostRow.card_link,
        PostRow.message_link,
        PostRow.from_feed,
        RevisionRow.writer,
        RevisionRow.title,
        RevisionRow.link,
        RevisionRow.why,
        RevisionRow.topics,
        RevisionRow.not_before,
        RevisionRow.expires_at,
        RevisionRow.picture,
        RevisionRow.picture_alt,
        RevisionRow.author,
        RevisionRow.kind,
        RevisionRow.prompts,
        RevisionRow.channel,
        RevisionRow.direct,
    ).join(RevisionRow, and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == number))
    wordings = (
        select(
            WordingRow.post_id,
            WordingRow.network,
            WordingRow.text,
            WordingRow.language,
            WordingRow.id,
        )
        .join(PostRow, and_(PostRow.id == WordingRow.post_id, WordingRow.revision == number))
        .where(PostRow.id.in_(bindparam("ids", expanding=True)))
        .order_by(WordingRow.post_id, WordingRow.position)
    )
    return posts, wordings


_NEWEST, _NEWEST_WORDINGS = _query(PostRow.revision.expression)
_APPROVED, _APPROVED_WORDINGS = _query(PostRow.approved_revision.expression)
_REVISION, _REVISION_WORDINGS = _query(bindparam("number"))
_SEEN = aliased(RevisionRow)  # the content whose page was looked at: an earlier link may be another
_APPROVED = (
    _APPROVED.add_columns(
        _SEEN.link.label("seen"),
        PreviewRow.title.label("page_title"),
        PreviewRow.site,
        PreviewRow.image,
        PreviewRow.image_alt,
    )
    .outerjoin(
        PreviewRow,
        and_(PreviewRow.post_id == PostRow.id, PreviewRow.state == PreviewState.DONE),
    )
    .outerjoin(
        _SEEN, and_(_SEEN.post_id == PreviewRow.post_id, _SEEN.number == PreviewRow.revision)
    )
)
_ONE = and_(PostRow.workspace_id == bindparam("workspace"), PostRow.id == bindparam("id"))
_IN_STATES = and_(
    PostRow.workspace_id == bindparam("workspace"),
    PostRow.state.in_(bindparam("states", expanding=True)),
)
_NEWEST_ONE = _NEWEST.where(_ONE)
_REVISION_ONE = _REVISION.where(_ONE)
_APPROVED_ONE = _APPROVED.where(_ONE)
# Asked for the workspace as well, SQLite would look at all its posts.
_NEWEST_OF = _NEWEST.where(PostRow.id.in_(bindparam("posts", expanding=True))).order_by(
    PostRow.id.desc()
)
_APPROVED_IN_STATES = _APPROVED.where(_IN_STATES).order_by(PostRow.id.desc())
_LIVE_BEFORE = (
    _APPROVED.where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        PostRow.id < bindparam("before"),
    )
    .order_by(PostRow.id.desc())
    .limit(bindparam("most"))
)


def _load(
    tx: Tx, query: Select[*tuple[Any, ...]], words: Select[*tuple[Any, ...]], **by: Any
) -> list[Post]:
    rows = tx.connection.execute(query, by).all()
    texts: dict[int, list[Wording]] = {row.id: [] for row in rows}
    if rows:
        for wording in tx.connection.execute(words, {"ids": list(texts)}):
            texts[wording.post_id].append(Wording(*wording[1:]))
    return [
        Post(
            id=row.id,
            state=row.state,
            correction=row.correction,
            content=Content(
                title=row.title,
                link=row.link,
                why=row.why,
                topics=tuple(row.topics),
                wordings=tuple(texts[row.id]),
                not_before=row.not_before,
                expires_at=row.expires_at,
                picture=row.picture,
                picture_alt=row.picture_alt,
                author=row.author,
                kind=row.kind,
                prompts=tuple(row.prompts),
                delivery=read_delivery(row),
            ),
            revision=row.revision,
            approved_revision=row.approved_revision,
            writer=row.writer,
            live_at=row.live_at,
            card_link=row.card_link,
            message_link=row.message_link,
            page=_page(row),
            from_feed=row.from_feed,
        )
        for row in rows
    ]


def read_delivery(row: Any) -> frozenset[Delivery]:
    """The ways that a row of a revision names."""
    ways = ((Delivery.CHANNEL, row.channel), (Delivery.DIRECT, row.direct))
    return frozenset(way for way, chosen in ways if chosen)


def _page(row: Any) -> LinkedPage | None:
    if getattr(row, "seen", None) != row.link:
        return None
    return LinkedPage(row.page_title, row.site, row.image, row.image_alt)


def find(tx: Tx, post_id: PostId, *, lock: bool = False) -> Post | None:
    """A post with its newest content; `lock` holds it until the transaction ends."""
    query = _NEWEST_ONE.with_for_update(of=PostRow) if lock else _NEWEST_ONE
    return next(
        iter(_load(tx, query, _NEWEST_WORDINGS, workspace=tx.workspace_id, id=post_id)), None
    )


def find_approved(tx: Tx, post_id: PostId) -> Post | None:
    """A post with the content that people see; None also where nothing was approved yet."""
    found = _load(tx, _APPROVED_ONE, _APPROVED_WORDINGS, workspace=tx.workspace_id, id=post_id)
    return next(iter(found), None)


def find_by_link(tx: Tx, link: str, since: datetime, but: PostId | None) -> Post | None:
    """The newest post but one whose newest content has this link, begun at `since` or later."""
    query = (
        select(PostRow.id)
        .join(
            RevisionRow,
            and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.revision),
        )
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.created_at >= since,
            PostRow.id != (0 if but is None else but),
            RevisionRow.link == link,
        )
        .order_by(PostRow.id.desc())
        .limit(1)
    )
    found = tx.connection.execute(query).scalar_one_or_none()
    return None if found is None else find(tx, found)


def load_links(tx: Tx, since: datetime) -> list[str]:
    """The links of posts begun since then, as their newest contents have them."""
    newest = and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.revision)
    query = (
        select(RevisionRow.link)
        .join(PostRow, newest)
        .where(PostRow.workspace_id == tx.workspace_id, PostRow.created_at >= since)
    )
    return list(tx.connection.execute(query).scalars())


def find_revision(tx: Tx, post_id: PostId, number: int) -> Content | None:
    """One content of a post, whatever became of it."""
    by = {"workspace": tx.workspace_id, "id": post_id, "number": number}
    found = _load(tx, _REVISION_ONE, _REVISION_WORDINGS.params(number=number), **by)
    return found[0].content if found else None


def load_newest(tx: Tx, post_ids: Collection[PostId]) -> list[Post]:
    """These posts of the workspace with their newest content, newest post first."""
    return _load(tx, _NEWEST_OF, _NEWEST_WORDINGS, posts=list(post_ids)) if post_ids else []


def load_live(tx: Tx, before: PostId | None, most: int) -> list[Post]:
    """The newest live posts with the content that people see, of those older than `before`."""
    values = {"before": before or _NO_POST_YET, "most": most}
    return _load(tx, _LIVE_BEFORE, _APPROVED_WORDINGS, workspace=tx.workspace_id, **values)


def load_approved(tx: Tx, states: Sequence[PostState]) -> list[Post]:
    """The posts in these states with the content that people see, newest post first."""
    values = list(states)
    return _load(
        tx, _APPROVED_IN_STATES, _APPROVED_WORDINGS, workspace=tx.workspace_id, states=values
    )


def load_topics(tx: Tx) -> list[str]:
    """The topics of approved posts, those of the post that was approved last first."""
    query = (
        select(RevisionRow.topics)
        .join(PostRow, APPROVED_CONTENT)
        .where(PostRow.workspace_id == tx.workspace_id, PostRow.approved_at.is_not(None))
        .order_by(PostRow.approved_at.desc(), PostRow.id.desc())
        .limit(_TOPICS_OF)
    )
    return [topic for found in tx.connection.execute(query).scalars() for topic in found]


def load_approved_kinds(tx: Tx, but: PostId, most: int) -> list[PostKind | None]:
    """What kind the posts were that were approved last, the newest first; all but one."""
    query = (
        select(RevisionRow.kind)
        .join(PostRow, APPROVED_CONTENT)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.id != but,
            PostRow.approved_at.is_not(None),
        )
        .order_by(PostRow.approved_at.desc(), PostRow.id.desc())
        .limit(most)
    )
    return list(tx.connection.execute(query).scalars())


def find_id_by_form(tx: Tx, form: str) -> PostId | None:
    """The post first written in this form, if it was stored."""
    query = select(PostRow.id).where(PostRow.workspace_id == tx.workspace_id, PostRow.form == form)
    return tx.connection.execute(query).scalar_one_or_none()


def load_form_id(tx: Tx, post: Post) -> str:
    """The form in which the newest content was written."""
    query = select(RevisionRow.form).where(
        RevisionRow.post_id == post.id, RevisionRow.number == post.revision
    )
    return tx.connection.execute(query).scalar_one()


def insert_post(tx: Tx, state: PostState, form: str, from_feed: str = "") -> PostId:
    """A new post without content yet; returns its id. `from_feed` is a feed's title."""
    values = {
        "workspace_id": tx.workspace_id,
        "state": state,
        "revision": 0,
        "created_at": tx.now,
        "version": 1,
        "card_version": 0,
        "form": form,
        "folded": False,
        "reach": Reach.FIRST_GROUP,
        "asks_stale": False,
        "from_feed": from_feed,
    }
    return tx.connection.execute(insert(PostRow).values(values).returning(PostRow.id)).scalar_one()


@dataclass(frozen=True, slots=True)
class Revision:
    """A numbered content, who wrote it, None where the bot did, and the form in which they did."""

    number: int
    content: Content
    writer: UserId | None
    form: str


def insert_revision(tx: Tx, post_id: PostId, revision: Revision) -> None:
    """Store the content of a revision; older ones stay as they were."""
    content = revision.content
    tx.connection.execute(
        insert(RevisionRow).values(
            post_id=post_id,
            number=revision.number,
            writer=revision.writer,
            form=revision.form,
            title=content.title,
            link=content.link,
            why=content.why,
            topics=list(content.topics),
            not_before=content.not_before,
            expires_at=content.expires_at,
            written_at=tx.now,
            picture=content.picture,
            picture_alt=content.picture_alt,
            author=content.author,
            kind=content.kind,
            prompts=list(content.prompts),
            channel=Delivery.CHANNEL in content.delivery,
            direct=Delivery.DIRECT in content.delivery,
        )
    )
    if content.wordings:
        tx.connection.execute(
            insert(WordingRow),
            [
                {
                    "post_id": post_id,
                    "revision": revision.number,
                    "position": position,
                    "network": wording.network,
                    "text": wording.text,
                    "language": wording.language,
                }
                for position, wording in enumerate(content.wordings)
            ],
        )
    mine = update(PostRow).where(PostRow.id == post_id)
    tx.connection.execute(mine.values(revision=revision.number))


def record_lifecycle(tx: Tx, post_id: PostId, lifecycle: PostLifecycle) -> None:
    """Put a post where it now stands; its card has to follow."""
    tx.connection.execute(
        update(PostRow)
        .where(PostRow.id == post_id)
        .values(
            state=lifecycle.state,
            correction=lifecycle.correction,
            version=PostRow.version + 1,
            asks_stale=select(AskRow.id).where(AskRow.post_id == post_id).exists(),
        )
    )


def record_approval(tx: Tx, post_id: PostId, revision: int, *, first: bool) -> None:
    """Record which revision people see from now on; `first` says that they saw none before."""
    approved = update(PostRow).where(PostRow.id == post_id)
    tx.connection.execute(approved.values(approved_revision=revision))
    if first:
        # It takes its turn like any other, wherever an earlier text of it was put.
        tx.connection.execute(approved.values(approved_at=tx.now, queue_place=None))


def find_due_outside_channel(tx: Tx) -> list[PostId]:
    """The approved posts that don't go to the channel, and whose earliest time has come."""
    query = (
        select(PostRow.id)
        .join(RevisionRow, APPROVED_CONTENT)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.state == PostState.APPROVED,
            RevisionRow.channel.is_(False),
            or_(RevisionRow.not_before.is_(None), RevisionRow.not_before <= tx.now),
        )
        .order_by(PostRow.id)
    )
    return list(tx.connection.execute(query).scalars())


def record_live(tx: Tx, post_id: PostId, *, announced: bool) -> None:
    """Record that the post is live: since its announcement went out, or else since now."""
    live_at = announcements.select_sent_at(post_id) if announced else tx.now
    tx.connection.execute(update(PostRow).where(PostRow.id == post_id).values(live_at=live_at))


def record_message_link(tx: Tx, post_id: PostId, link: str) -> None:
    """Record the address of its message in the opt-in channel, which the card then names."""
    unknown = update(PostRow).where(PostRow.id == post_id, PostRow.message_link.is_(None))
    tx.connection.execute(unknown.values(message_link=link, version=PostRow.version + 1))


def record_no_message_link(tx: Tx, post_id: PostId) -> None:
    """Record that its message is never linked: nobody knew for a while whether it is there.

    Whether it was sent once more depends on whether a member clicked, and a link would tell.
    """
    mine = update(PostRow).where(PostRow.id == post_id)
    tx.connection.execute(mine.values(message_link=""))


def record_places(tx: Tx, order: Sequence[PostId]) -> None:
    """Put these posts at the front of the queue, in this order."""
    for place, post_id in enumerate(order):
        mine = update(PostRow).where(PostRow.id == post_id)
        tx.connection.execute(mine.values(queue_place=place))


def record_end_date(tx: Tx, post_id: PostId, lasts: timedelta) -> None:
    """Let a live post end `lasts` after it went out, where what people see names no end.

    A later end than any post may have becomes the latest that is possible.
    """
    query = select(PostRow.live_at, PostRow.approved_revision).where(PostRow.id == post_id)
    live_at, number = tx.connection.execute(query).one()
    began = live_at or tx.now
    mine = update(RevisionRow).where(RevisionRow.post_id == post_id, RevisionRow.number == number)
    endless = mine.where(RevisionRow.expires_at.is_(None))
    tx.connection.execute(endless.values(expires_at=began + lasts))
    latest = began + timedelta(days=MOST_POST_DAYS)
    too_late = mine.where(RevisionRow.expires_at > latest)
    tx.connection.execute(too_late.values(expires_at=latest))


def record_end(tx: Tx, post_id: PostId) -> None:
    """Record that the post has ended now."""
    tx.connection.execute(update(PostRow).where(PostRow.id == post_id).values(ended_at=tx.now))


def find_expired(tx: Tx) -> list[PostId]:
    """The approved and live posts whose approved content has expired."""
    query = (
        select(PostRow.id)
        .join(RevisionRow, APPROVED_CONTENT)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.state.in_((PostState.APPROVED, PostState.LIVE)),
            RevisionRow.expires_at <= tx.now,
        )
    )
    return list(tx.connection.execute(query).scalars())


def insert_decision(
    tx: Tx, post: Post, user_id: UserId, what: Verdict, reason: str | None = None
) -> None:
    """Keep who decided what about the newest content."""
    tx.connection.execute(
        insert(DecisionRow).values(
            post_id=post.id,
            revision=post.revision,
            who=user_id,
            what=what,
            reason=reason,
            at=tx.now,
        )
    )


def load_reasons(tx: Tx, post_ids: Sequence[PostId]) -> dict[PostId, str]:
    """Why these posts were sent back last."""
    query = (
        select(DecisionRow.post_id, DecisionRow.reason)
        .where(DecisionRow.post_id.in_(post_ids), DecisionRow.what == Verdict.SENT_BACK)
        .order_by(DecisionRow.id)
    )
    rows = tx.connection.execute(query) if post_ids else ()
    return {post_id: reason for post_id, reason in rows if reason is not None}


def load_decisions(tx: Tx, post_id: PostId) -> list[Decision]:
    """Everything decided about a post, oldest first."""
    query = (
        select(
            DecisionRow.revision,
            DecisionRow.who,
            DecisionRow.what,
            DecisionRow.reason,
            DecisionRow.at,
        )
        .where(DecisionRow.post_id == post_id)
        .order_by(DecisionRow.id)
    )
    return [Decision(*row) for row in tx.connection.execute(query)]

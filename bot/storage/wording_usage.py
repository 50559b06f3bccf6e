"""Which wordings were opened, and by how many people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, distinct, exists, func, insert, select

from bot.domain.ids import PostId, ResponseId, UserId, WordingId
from bot.domain.model import Stage
from bot.domain.post import Network, PostState, Wording
from bot.storage.tables import MemberRow, PostRow, ResponseEventRow, ResponseRow, WordingRow
from bot.storage.tx import Tx

_EVENT = ResponseEventRow.__table__.c
_PEOPLE = func.count(distinct(ResponseEventRow.response_id)).label("people")
# By their text, so that a correction which keeps a wording keeps its count.
_OPENED = (
    select(WordingRow.post_id, WordingRow.network, WordingRow.text, _PEOPLE)
    .join(ResponseEventRow, ResponseEventRow.wording_id == WordingRow.id)
    .join(ResponseRow, ResponseRow.id == ResponseEventRow.response_id)
    .join(MemberRow, MemberRow.id == ResponseRow.member_id)
    .join(PostRow, PostRow.id == WordingRow.post_id)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        ResponseEventRow.at > bindparam("since"),
        MemberRow.user.not_in(bindparam("apart", expanding=True)),
    )
    .group_by(WordingRow.post_id, WordingRow.network, WordingRow.text)
)
_KEEP_AGAIN = insert(ResponseEventRow).from_select(
    ["response_id", "stage", "network", "at", "wording_id"],
    select(
        bindparam("response", type_=_EVENT.response_id.type),
        bindparam("stage", type_=_EVENT.stage.type),
        bindparam("network", type_=_EVENT.network.type),
        bindparam("at", type_=_EVENT.at.type),
        WordingRow.id,
    ).where(
        WordingRow.id == bindparam("wording"),
        WordingRow.post_id == bindparam("post"),
        ~exists().where(
            ResponseEventRow.response_id == bindparam("response", type_=_EVENT.response_id.type),
            ResponseEventRow.wording_id == bindparam("wording"),
            ResponseEventRow.at > bindparam("since"),
        ),
    ),
)


def count_openings(
    tx: Tx, since: datetime, apart: Collection[UserId]
) -> list[tuple[PostId, Wording, int]]:
    """How many people, apart from these, opened each wording of a live post after `since`."""
    values = {"workspace": tx.workspace_id, "since": since, "apart": list(apart)}
    return [
        (row.post_id, Wording(row.network, row.text), row.people)
        for row in tx.connection.execute(_OPENED, values)
    ]


def record_opened_again(
    tx: Tx,
    response_id: ResponseId,
    network: Network | None,
    opened: tuple[PostId, WordingId],
    since: datetime,
) -> None:
    """Record that a wording (a post and its id) was opened again, once since that moment."""
    post_id, wording_id = opened
    values = {
        "response": response_id,
        "stage": Stage.OPENED,
        "network": network,
        "at": tx.now,
        "wording": wording_id,
        "post": post_id,
        "since": since,
    }
    tx.connection.execute(_KEEP_AGAIN, values)

"""Which wordings were opened, and by how many people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, distinct, exists, func, insert, select

from bot.domain.ids import PostId, ResponseId, WordingId
from bot.domain.model import Stage
from bot.domain.post import Network, PostState
from bot.storage.tables import PostRow, ResponseEventRow, WordingRow
from bot.storage.tx import Tx

_EVENT = ResponseEventRow.__table__.c
_PEOPLE = func.count(distinct(ResponseEventRow.response_id)).label("people")
# By their text, so that a correction which keeps a wording keeps its count.
_OPENED = (
    select(WordingRow.network, WordingRow.text, _PEOPLE)
    .join(ResponseEventRow, ResponseEventRow.wording_id == WordingRow.id)
    .where(WordingRow.post_id == bindparam("post"), ResponseEventRow.at > bindparam("since"))
    .group_by(WordingRow.network, WordingRow.text)
)
_OFTEN_OPENED = (
    select(WordingRow.post_id)
    .join(ResponseEventRow, ResponseEventRow.wording_id == WordingRow.id)
    .join(PostRow, PostRow.id == WordingRow.post_id)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        ResponseEventRow.at > bindparam("since"),
    )
    .group_by(WordingRow.post_id, WordingRow.network, WordingRow.text)
    .having(bindparam("fewest") <= _PEOPLE)
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


def count_by_wording(tx: Tx, post_id: PostId, since: datetime) -> dict[tuple[Network, str], int]:
    """How many different people opened each wording of the post after `since`."""
    rows = tx.connection.execute(_OPENED, {"post": post_id, "since": since})
    return {(row.network, row.text): row.people for row in rows}


def find_often_opened(tx: Tx, fewest: int, since: datetime) -> list[PostId]:
    """The live posts of which some wording was opened by so many people after `since`."""
    values = {"workspace": tx.workspace_id, "fewest": fewest, "since": since}
    return sorted(set(tx.connection.execute(_OFTEN_OPENED, values).scalars()))


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

"""News in a company: a feed that has one more entry each time, and what colleagues suggest."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select, update

from bot.domain.feeds import FeedEntry, ReadFeed
from bot.domain.ids import UserId
from bot.domain.post import Content
from bot.domain.sharing_policy import SharingPolicy
from bot.services import feeds, suggestions
from bot.services.suggestions import Offer
from bot.storage.tables import FeedEntryRow, FeedRow, SuggestionRow
from bot.storage.tx import Tx
from tests.services.helpers import content

_FEED: Final = "https://blog.example.org/feed"


_DRAWN = re.compile(r'("value": ")\d{5,}"')


def without_draws(body: str) -> str:
    """A card without the number of its suggestion, which is drawn, and differs in any two runs."""
    return _DRAWN.sub(r'\1drawn"', body)


def link_of(number: int) -> str:
    """A page that feeds and colleagues may name."""
    return f"https://blog.example.org/{number}"


def offer_of(number: int, words: str, choice: int) -> Offer:
    """What somebody suggests, and wants to hear of; every second one with a name."""
    return Offer(link_of(number), words, signed=choice % 2 == 1, tell=True)


def read_feed(tx: Tx, who: UserId) -> None:
    """Add the feed; or, where it is there, find one more entry in it and make the draft."""
    known = tx.connection.execute(select(FeedEntryRow.id)).all()
    entries = tuple(FeedEntry(f"Entry {n}", link_of(n)) for n in range(len(known), -1, -1))
    if not feeds.load_feeds(tx):
        feeds.add(tx, who, ReadFeed(_FEED, "Our blog", ()))
        return
    tx.connection.execute(update(FeedRow).values(due_at=tx.now))
    [claimed] = feeds.claim(tx)
    feeds.record(tx, claimed, ReadFeed(_FEED, "Our blog", entries))
    feeds.make_drafts(tx, SharingPolicy())
    feeds.tell_of_drafts(tx)


def decide(tx: Tx, who: UserId, choice: int, hers: str) -> object:
    """Use or decline what comms have of others than Amara, whose words are `hers`."""
    query = (
        select(SuggestionRow.id, SuggestionRow.link)
        .where(SuggestionRow.shown, SuggestionRow.outcome.is_(None), SuggestionRow.words != hers)
        .order_by(SuggestionRow.words, SuggestionRow.link)
    )
    found = tx.connection.execute(query).first()
    if found is None:
        return None
    if choice % 2:
        return suggestions.decline(tx, who, found.id)
    draft: Content = content(title="An offer", link=found.link)
    return suggestions.use(tx, who, found.id, draft)

"""What comms leave to the program: a feed with news, and colleagues who wait for an answer.

Besides, people tell that they shared, and are thanked for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from bot.domain.feeds import FeedEntry, ReadFeed
from bot.domain.ids import PostId, ResponseId, UserId
from bot.domain.model import NoticeKind, Stage
from bot.domain.post import Content, Network, PostState, Wording
from bot.domain.responses import Answer
from bot.domain.share_dialog import ShareDialog
from bot.domain.share_notes import Batch
from bot.services import feeds, membership, reconcile, share_notes, suggestions
from bot.services import preferences as preferences_service
from bot.services import responses as responses_service
from bot.services.suggestions import Offer
from bot.slack.views import share_notes as share_notes_view
from bot.storage import responses
from bot.storage import share_notes as share_notes_storage
from bot.storage.tables import (
    AnnouncementRow,
    AskRow,
    FeedRow,
    MemberRow,
    NoticeRow,
    PostRow,
    ResponseRow,
    RevisionRow,
    ShareNoteRow,
    SuggestionRow,
)
from bot.storage.tx import Tx
from slack_sandbox import Person
from slack_sandbox.views import open_first
from tests.slack.at_rest import post_of
from tests.slack.program import database, preferences
from tests.slack.workload import WRITER, Tally, Workload

# Nothing there may be visited, so each look at the feed fails.
ADDRESS: Final = "https://127.0.0.1/feed"
LASTS: Final = 20  # waves, each of a day; a month later drafts that nobody touched are gone


@dataclass
class DeskWorkload(Workload):
    """The same, and in each wave one more entry of a feed, and one more answer that is owed."""

    replies_lost: bool = False
    suggested: list[Person] = field(default_factory=list)
    thanked: list[Person] = field(default_factory=list)
    told: list[Person] = field(default_factory=list)

    def add(self, *, snapshot: bool = False, ended: bool = True) -> None:
        """One more of everything."""
        super().add(snapshot=snapshot, ended=ended)
        with database(self.made.url) as connection:
            tx = Tx(connection, self._team, datetime.now(UTC))
            self._add_entry(tx)
            self._add_suggestion(tx)
            self._add_share(tx, "teller")
            self._add_thanks(tx)

    def _add_entry(self, tx: Tx) -> None:
        """Somebody has read one more entry, and its draft is not made; another look is due."""
        if self.waves == 1:
            feeds.add(tx, WRITER, ReadFeed(ADDRESS, "Our blog", ()))
        tx.connection.execute(update(FeedRow).values(due_at=tx.now, claimed_at=None))
        [claimed] = feeds.claim(tx)
        entries = tuple(
            FeedEntry(_title(wave), f"https://news.example.org/entry/{wave}")
            for wave in range(self.waves, 0, -1)
        )
        assert feeds.record(tx, claimed, ReadFeed(ADDRESS, "Our blog", entries))
        tx.connection.execute(update(FeedRow).values(due_at=tx.now))

    def _add_suggestion(self, tx: Tx) -> None:
        """Comms have made a draft of what somebody suggested, who wants to hear of it."""
        who = self.person("suggester")
        self.suggested.append(who)
        link = f"https://news.example.org/offer/{self.waves}"
        offer = Offer(link, "", signed=True, tell=True)
        assert suggestions.suggest(tx, UserId(who.id), offer) is None
        [(notice, offered)] = [
            (one.notice, one.suggestion)
            for one in reconcile.find_pending(tx).notices
            if one.suggestion is not None
        ]
        reconcile.record_notice_sent(tx, notice.id)
        words = (Wording(Network.LINKEDIN, "News that a colleague found."),)
        content = Content("An offer", link, "It is about us.", (), words, None, None)
        assert suggestions.use(tx, WRITER, offered.id, content) is not None

    def _add_share(self, tx: Tx, name: str) -> tuple[Person, ResponseId]:
        """Somebody has marked a post as shared."""
        who, post_id = self.person(name), self._post
        chosen, zone = preferences(tx.now)
        membership.join(tx, UserId(who.id), zone)
        preferences_service.choose(tx, UserId(who.id), replace(chosen, delivery=frozenset()))
        responses_service.record_response(tx, UserId(who.id), post_id, Answer(Stage.SHARED))
        facts = responses.load_click_facts(tx, UserId(who.id), post_id)
        assert facts is not None
        assert facts.response_id is not None
        return who, facts.response_id

    def _add_thanks(self, tx: Tx) -> None:
        """Comms have said thanks to somebody whom they may answer."""
        who, response_id = self._add_share(tx, "sharer")
        self.thanked.append(who)
        batch = Batch(self._post, tx.now - timedelta(minutes=self.waves))
        how = {"signed": True, "may_answer": True}
        share_notes_storage.insert_share_note(tx, batch, response_id, "", **how)
        [(notice, note)] = [
            (one.notice, one.share_notes[0])
            for one in reconcile.find_pending(tx).notices
            if one.share_notes
        ]
        reconcile.record_notice_sent(tx, notice.id, [note.id])
        assert share_notes.thank(tx, WRITER, batch, "") is None

    @property
    def _post(self) -> PostId:
        return PostId(post_of(self.live[0]) or 0)

    def act(self) -> None:
        """Let people press and type, and somebody tell that they shared."""
        super().act()
        self._begin(self._tell(self.made.sandbox.person(f"teller{self.waves}")))

    async def _tell(self, who: Person) -> None:
        """Send the form, as it was opened before."""
        dialog = ShareDialog(self._post, Network.LINKEDIN, stage=Stage.SHARED)
        form = share_notes_view.form(dialog, may_be_unsigned=False).to_dict()
        open_first(self.made.sandbox.state, who, form)
        outcome = await who.submit()
        if outcome.acknowledged and "gets your note" in str(outcome.response):
            self.told.append(who)

    def _left(self) -> Iterator[str]:
        yield from super()._left()
        with database(self.made.url) as connection:
            tx = Tx(connection, self._team, datetime.now(UTC))
            if feeds.find_work(tx):
                yield "a feed to look at, or its news"
            if suggestions.find_owed(tx, 1) or share_notes.find_owed(tx, 1):
                yield "an answer that is owed"

    def check(self) -> Tally:
        """Besides, each draft was made once, asked nobody anything, and each answer came once."""
        tally = super().check()
        with database(self.made.url) as connection:
            self._check_drafts(connection)
            begun = select(SuggestionRow.offered_by).where(SuggestionRow.claimed_at.is_not(None))
            uncertain = set(connection.execute(begun).scalars())
            notes = (
                select(MemberRow.user, ShareNoteRow.told, ShareNoteRow.claimed_at)
                .join(ResponseRow, ResponseRow.member_id == MemberRow.id)
                .join(ShareNoteRow)
            )
            found = connection.execute(notes).all()
        uncertain |= {row.user for row in found if row.claimed_at is not None}
        waiting = Counter(row.user for row in found if not row.told)
        assert {who.id for who in self.told} <= waiting.keys()
        assert set(waiting.values()) <= {1}
        for who in (*self.suggested, *self.thanked):
            assert len(who.dm) <= 1
            assert who.dm or who.id in uncertain or self.replies_lost
        return tally

    def _check_drafts(self, connection: Connection) -> None:
        made = select(PostRow.id, PostRow.state, RevisionRow.title).join(RevisionRow)
        found = connection.execute(made.where(PostRow.from_feed != "")).all()
        times = Counter(row.title for row in found)
        assert set(times.values()) == {1}
        waves = range(max(1, self.waves - LASTS), self.waves + 1)
        assert {_title(wave) for wave in waves} <= times.keys()
        assert {row.state for row in found} == {PostState.DRAFT}
        for table in (AskRow, AnnouncementRow):
            asked = select(table.id).where(table.post_id.in_([row.id for row in found]))
            assert connection.execute(asked).all() == []
        of_drafts = select(NoticeRow.detail).where(NoticeRow.kind == NoticeKind.FEED_DRAFTS)
        details = connection.execute(of_drafts).scalars()
        told = Counter(title for detail in details for title in (detail or "").split("\n"))
        assert set(told.values()) == {1}
        assert {_title(wave) for wave in waves} <= told.keys()


def _title(wave: int) -> str:
    return f"Entry {wave}"

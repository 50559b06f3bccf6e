"""What people in a company do, each through the service that a click or a command calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Engine

from bot import lesson_files
from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId
from bot.domain.lessons import Occasion
from bot.domain.link_tags import TagNames
from bot.domain.model import (
    DirectChoice,
    Hours,
    NoticeKind,
    Pace,
    Preferences,
    Reach,
    SkipReason,
    Stage,
)
from bot.domain.post import Network, Wording
from bot.domain.responses import Answer
from bot.domain.share_notes import Batch
from bot.domain.sharing_policy import SharingPolicy
from bot.services import (
    announcements,
    ask_answers,
    lessons,
    membership,
    notes,
    pace_check,
    preferences,
    responses,
    share_notes,
    suggestions,
    workspaces,
)
from bot.services.ask_answers import AskClick
from bot.services.membership import NewMember
from bot.storage import askable_posts
from bot.storage.tables import NoticeRow
from tests.differential import her_note, news, past
from tests.differential.her_note import HER_NOTE, note_of
from tests.differential.script import Deed, Script
from tests.services.helpers import AMARA, CARL, CLEO, NEWS, START, ZONE, ServiceWorld, post_of

NORA: Final = UserId("U_NORA")  # staff, and no member at first
CATALOG: Final = lesson_files.load_lessons(None)
WIDE: Final = Hours(0, 24 * 60)
EVERY_DAY: Final = frozenset(range(7))
DIRECT: Final = frozenset({Delivery.DIRECT})
TOPICS: Final = ("releases", "hiring", "culture")
CHOICES: Final = (
    Preferences(DIRECT, Pace.THRICE_A_WEEK, TOPICS, (Network.LINKEDIN,), WIDE, EVERY_DAY),
    Preferences(DIRECT, Pace.WEEKLY, TOPICS, (Network.LINKEDIN, Network.X), WIDE, EVERY_DAY),
    Preferences(frozenset(Delivery), Pace.TWICE_A_WEEK, ("releases",), (Network.BLUESKY,), WIDE),
    Preferences(frozenset({Delivery.CHANNEL}), Pace.MONTHLY, ("hiring",), (Network.X,)),
    Preferences(frozenset()),
    Preferences(DIRECT, Pace.FORTNIGHTLY, TOPICS, tuple(Network), language="de"),
)
_MOST_POSTS: Final = 7


class Deeds(ServiceWorld):
    """The company of a script at its beginning, and what can be done there."""

    catalog = CATALOG

    def __init__(self, engine: Engine, script: Script) -> None:
        super().__init__(engine)
        self.script = script
        self.others = tuple(UserId(f"U_{number:03}") for number in range(script.size - 1))
        self.posts: list[int] = []
        self.slack: Any = None
        self._begin()

    def _begin(self) -> None:
        days = frozenset(range(5))
        self.save_workspace(
            asks_per_week=self.script.budget / 100,
            min_gap=timedelta(0),
            weekly_cap=50,
            hours=WIDE,
            workdays=days,
            figures=True,
            sharing_policy=SharingPolicy(tags=TagNames()),
        )
        self.now = START - timedelta(days=1)
        for about in ("releases", "hiring"):
            self._write(about)
            self.record_sent(self.claimed(), ts=f"{about}.1")
        self._write("culture", not_before=START + timedelta(hours=26))
        self.now = START
        self.run(past.insert_people, self.script, past.People(AMARA, self.others, CLEO), CHOICES)
        self.run(past.insert_openings, self.script, self.others, self._wordings(self.posts[0])[0])
        self.run(past.insert_declined, self.script, self.others)

    def carry_out(self, deed: Deed, who: int) -> tuple[UserId, object]:
        """Let somebody besides Amara do it; who that was, and what they are answered."""
        if hasattr(self, f"comms_{deed.what}"):
            actor = (CLEO, CARL)[who % 2]
            return actor, getattr(self, f"comms_{deed.what}")(actor, deed)
        staff = (*self.others, CLEO, NORA)
        actor = staff[who % len(staff)]
        return actor, self.do(actor, deed)

    def do(self, who: UserId, deed: Deed) -> object:
        """Let a member, or somebody who is none, do what is not for comms alone."""
        act: Callable[[UserId, Deed], object] = getattr(self, f"do_{deed.what}")
        return act(who, deed)

    # Consent and settings

    def do_join(self, who: UserId, _deed: Deed) -> object:
        return self.run(membership.join, who, ZONE)

    def do_direct(self, who: UserId, deed: Deed) -> object:
        chosen = DirectChoice(tuple(Pace)[deed.choice % len(Pace)], TOPICS, (Network.LINKEDIN,))
        return self.run(preferences.choose_direct, who, chosen)

    def do_browse_only(self, who: UserId, _deed: Deed) -> object:
        result = self.run(preferences.browse_only, who)
        return result, self.run(lessons.offer, who, CATALOG, Occasion.BEFORE_FIRST_ASK)

    def do_leave(self, who: UserId, _deed: Deed) -> object:
        return self.run(membership.leave, who)

    def do_pause(self, who: UserId, _deed: Deed) -> object:
        return self.run(membership.pause, who, self.now + timedelta(days=14))

    def do_resume(self, who: UserId, _deed: Deed) -> object:
        return self.run(membership.resume, who)

    def do_settings(self, who: UserId, deed: Deed) -> object:
        return self.run(preferences.choose, who, CHOICES[deed.choice % len(CHOICES)])

    def do_server(self, who: UserId, _deed: Deed) -> object:
        return self.run(preferences.remember_server, who, "mastodon.example.org")

    def do_read_lesson(self, who: UserId, _deed: Deed) -> object:
        return self.run(lessons.record_read, who, CATALOG.lessons[0].name)

    def do_decline_lesson(self, who: UserId, _deed: Deed) -> object:
        return self.run(lessons.record_declined, who, CATALOG.lessons[1].name)

    # A post

    def do_share(self, who: UserId, deed: Deed) -> object:
        answer = Answer(Stage.INTERESTED, dialog_id=f"share-{who}-{deed.choice}")
        return self._respond(who, deed, answer)

    def do_consent(self, who: UserId, deed: Deed) -> object:
        answer = Answer(Stage.INTERESTED, dialog_id=f"share-{who}-{deed.choice}")
        new, post = NewMember(who, ZONE), self._post(deed)
        return self.run(responses.join_and_record, new, post, answer, CATALOG)

    def do_open(self, who: UserId, deed: Deed) -> object:
        wordings = self._wordings(self._post(deed))
        # The first one more often than the others: it is the one at its edge.
        chosen = wordings[max(0, deed.choice - 3) % len(wordings)]
        answer = Answer(Stage.OPENED, chosen.network, wording_id=chosen.id)
        return self._respond(who, deed, answer)

    def do_mark(self, who: UserId, deed: Deed) -> object:
        return self._respond(who, deed, Answer(Stage.SHARED, Network.LINKEDIN))

    def do_undo(self, who: UserId, deed: Deed) -> object:
        return self._respond(who, deed, Answer(Stage.OPENED, Network.LINKEDIN, undo=True))

    def do_take_back(self, who: UserId, deed: Deed) -> object:
        return self._respond(who, deed, Answer(Stage.INTERESTED, undo=True))

    def do_skip(self, who: UserId, deed: Deed) -> object:
        return self._respond(who, deed, _skip(deed, in_ask=False))

    def do_note(self, who: UserId, deed: Deed) -> object:
        return self._send_note(who, deed, signed=False)

    def do_note_signed(self, who: UserId, deed: Deed) -> object:
        return self._send_note(who, deed, signed=True)

    def do_suggest(self, who: UserId, deed: Deed) -> object:
        words = note_of(who, hers=who == AMARA)
        offer = news.offer_of(deed.post, words, deed.choice)
        return self.run(suggestions.suggest, who, offer)

    def do_tell(self, who: UserId, deed: Deed) -> object:
        """Mark a post as shared, and tell comms so."""
        self._respond(who, deed, Answer(Stage.SHARED, Network.LINKEDIN))
        words, how = note_of(who, hers=who == AMARA), her_note.ticked(deed)
        return self.run(share_notes.tell, who, self._post(deed), words, **how)

    # An ask

    def do_skip_in_ask(self, who: UserId, deed: Deed) -> object:
        return self._respond(who, deed, _skip(deed, in_ask=True))

    def do_later(self, who: UserId, deed: Deed) -> object:
        return self.run(ask_answers.answer_later, self._ask(who, deed))

    def do_less(self, who: UserId, deed: Deed) -> object:
        return self.run(ask_answers.answer_less, self._ask(who, deed))

    def do_pause_in_ask(self, who: UserId, deed: Deed) -> object:
        looked = self.run(ask_answers.answer_look, self._ask(who, deed))
        return looked, self.run(membership.pause_for, who, timedelta(days=14))

    def do_leave_in_ask(self, who: UserId, deed: Deed) -> object:
        return self.run(ask_answers.answer_leave, self._ask(who, deed))

    def do_undo_leave(self, who: UserId, deed: Deed) -> object:
        left = self.run(ask_answers.answer_leave, self._ask(who, deed))
        return left, left.undo and self.run(membership.undo_leave, who, left.undo)

    def do_who_sees(self, who: UserId, deed: Deed) -> object:
        return self.run(ask_answers.answer_look, self._ask(who, deed))

    # Comms

    def comms_write(self, who: UserId, deed: Deed) -> object:
        if len(self.posts) < _MOST_POSTS:
            self._write(TOPICS[deed.choice % len(TOPICS)], who=who)
        return None

    def comms_propose(self, who: UserId, deed: Deed) -> object:
        """A post that waits for approval, and goes on waiting."""
        about = TOPICS[deed.choice % len(TOPICS)]
        written = _content(about, "proposed") | {"topics": (about, "unknown")}
        return self.submit(self.form(), who=who, **written)

    def comms_correct(self, who: UserId, deed: Deed) -> object:
        post = self._post(deed)
        before = self.post(post)
        if before.state.ended or before.content.expired(self.now):
            return None
        edited = self.submit(
            self.form(post, before.revision),
            who=who,
            **_content(before.content.topics[0], f"{post}, corrected {before.revision} times"),
            expires_at=before.content.expires_at,
        )
        return edited, self.approve(post, who=CARL if who == CLEO else CLEO)

    def comms_withdraw(self, _who: UserId, deed: Deed) -> object:
        return self.withdraw(self._post(deed))

    def comms_news(self, who: UserId, _deed: Deed) -> object:
        return self.run(news.read_feed, who)

    def comms_decide(self, who: UserId, deed: Deed) -> object:
        return self.run(news.decide, who, deed.choice, HER_NOTE)

    def comms_freeze(self, who: UserId, _deed: Deed) -> object:
        return self.run(workspaces.freeze, who)

    def comms_unfreeze(self, who: UserId, _deed: Deed) -> object:
        return self.run(workspaces.unfreeze, who)

    def comms_acknowledge(self, who: UserId, _deed: Deed) -> object:
        return self.run(pace_check.acknowledge, who)

    def comms_there(self, who: UserId, deed: Deed) -> object:
        return self.run(announcements.settle_uncertain, who, self._post(deed))

    def comms_send_again(self, who: UserId, deed: Deed) -> object:
        return self.run(announcements.queue_again, who, self._post(deed))

    def comms_thank(self, who: UserId, deed: Deed) -> object:
        """Say thanks for the newest notes about a post."""
        got = [
            row.not_before
            for row in self.rows(NoticeRow)
            if row.kind is NoticeKind.SHARE_NOTES
            if row.sent_at is not None and row.post_id == self._post(deed)
        ]
        if not got:
            return None
        return self.run(share_notes.thank, who, Batch(self._post(deed), max(got)), "Thanks")

    def comms_lose(self, _who: UserId, deed: Deed) -> object:
        """Not theirs to do: Slack's reply to the next message of somebody is lost."""
        people = (NEWS, NEWS, *self.others[:2])
        self.slack.lose_next_in = people[deed.choice % len(people)]
        return None

    # Short ways

    def _post(self, deed: Deed) -> PostId:
        return PostId(self.posts[deed.post % len(self.posts)])

    def _ask(self, who: UserId, deed: Deed) -> AskClick:
        return AskClick(who, self._post(deed))

    def _respond(self, who: UserId, deed: Deed, answer: Answer) -> object:
        return self.run(responses.record_response, who, self._post(deed), answer, CATALOG)

    def _send_note(self, who: UserId, deed: Deed, *, signed: bool) -> object:
        text = note_of(who, hers=who == AMARA)
        return self.run(notes.send_note, who, self._post(deed), text, signed=signed)

    def _write(self, about: str, *, who: UserId = CLEO, **changed: Any) -> None:
        number = len(self.posts) + 1
        written = _content(about, str(number)) | changed
        if about == "hiring":
            written["expires_at"] = self.now + timedelta(days=3, hours=3)
        post = post_of(self.submit(self.form(), who=who, **written)).id
        post_of(self.approve(post, who=CARL if who == CLEO else CLEO))
        if not self.script.first_groups:
            self.run(askable_posts.record_reach, post, Reach.EVERYBODY)
        self.posts.append(post)

    def _wordings(self, post: int) -> list[Wording]:
        return self.run(past.load_wordings, post)


def _skip(deed: Deed, *, in_ask: bool) -> Answer:
    reasons = (None, *SkipReason)
    message = None if in_ask else (NEWS, f"{deed.post}.7")
    return Answer(
        Stage.SKIPPED,
        reason=reasons[deed.choice % len(reasons)],
        message=message,
        in_ask=in_ask,
    )


def _content(about: str, number: str) -> dict[str, Any]:
    """Some fields of a post about a topic; the first of its texts survives corrections."""
    words = (
        Wording(Network.LINKEDIN, f"We have news on {about}."),
        Wording(Network.LINKEDIN, f"A second text on {about}, number {number}."),
        Wording(Network.LINKEDIN, f"Ein deutscher Text: {about}.", "de"),
        Wording(Network.X, f"News on {about}, number {number}."),
        Wording(Network.BLUESKY, f"Some news on {about}."),
    )
    few = words if about == "releases" else (words[0], words[3])
    return {
        "title": f"On {about}, number {number}",
        "topics": (about,),
        "wordings": few,
    }

"""A company in which a script is played, and all that everybody but Amara gets to see of it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy import Engine

from bot.domain import admission
from bot.domain import share_dialog as dialog_rules
from bot.domain.desk import Viewer
from bot.domain.ids import PostId, UserId
from bot.domain.link_tags import TagNames
from bot.domain.model import Workspace
from bot.domain.post import Post, PostState
from bot.domain.report import PostReport
from bot.domain.review import Review
from bot.domain.sharing_policy import SharingPolicy
from bot.services import (
    home_tab,
    notes,
    pace_check,
    posts,
    preferences,
    record,
    reports,
    reviews,
    share_dialog,
)
from bot.services import post_lists as post_lists_service
from bot.services.share_dialog import ShareDialogData
from bot.slack.comms_channel import CommsChannel
from bot.slack.context import AppContext
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.directory import Directory
from bot.slack.heartbeat import Heartbeat
from bot.slack.listeners import share_dialog as share_listener
from bot.slack.reconciler import Reconciler
from bot.slack.views import email_copy, more_settings, post_lists, report_file, setup, transparency
from bot.slack.views import home_tab as home_tab_view
from bot.slack.views import pace_check as pace_check_view
from bot.slack.views import record as record_view
from bot.slack.views import reports as reports_view
from bot.slack.views import review as review_view
from bot.slack.views import share_dialog as share_dialog_view
from bot.storage import exports, workspaces
from bot.storage.database import Database
from bot.storage.tx import Transactions, Tx
from tests.differential import log
from tests.differential.compare import Shown
from tests.differential.deeds import NORA, Deeds
from tests.differential.facts import Facts, load_facts
from tests.differential.her_note import without_hers
from tests.differential.script import Script, Wait
from tests.differential.slack import QuietSlack, Sent
from tests.services.helpers import AMARA, CARL, CLEO, TEAM, ZONE

OPERATOR = "the operator"
# When heartbeats come on a day that passes, on the clocks of the workspace.
_BEATS = ((6, 5), (15, 45))


class Company(Deeds):
    """Plays one script. Amara's own messages and answers are nobody else's."""

    def __init__(
        self, engine: Engine, database: Database, runner: asyncio.Runner, script: Script
    ) -> None:
        super().__init__(engine, script)
        self.beats = 0
        self.shown: dict[tuple[object, ...], Shown] = {}
        self.sent: dict[tuple[int, str], list[str]] = {}
        self.snapshots: list[Facts] = []
        self._runner = runner
        self._uncertain: frozenset[int] = frozenset()
        in_comms = [CLEO, CARL, *([AMARA] if script.in_comms else [])]
        self.slack = QuietSlack(
            in_comms, self._take, lambda: Transactions(database, TEAM, self.now)
        )
        current = CurrentWorkspace()
        self._context = AppContext(
            database=database,
            client=self.slack,
            session=cast(aiohttp.ClientSession, None),  # nothing here answers a click
            clock=lambda: self.now,
            workspace_id=TEAM,
            current=current,
            directory=Directory(self.slack, admission.Company(TEAM), current, lambda: self.now),
            comms=CommsChannel(self.slack, current, lambda: Transactions(database, TEAM, self.now)),
            lessons=self.catalog,
        )
        self._heartbeat = Heartbeat(self._context, Reconciler(self._context))

    def play(self, *, with_her: bool) -> None:
        """All of it, from the first heartbeat to the last, with or without what Amara does."""
        with log.taken("bot", self._log, _no_error):
            self._beat()
            for number, step in enumerate(self.script.steps):
                self._pass_time(step.wait)
                if step.deed is not None:
                    who, answer = self.carry_out(step.deed, step.who)
                    self._show((number,), who, "answer", answer, partial(_without_number, answer))
                for deed in step.hers if with_her else ():
                    self.do(AMARA, deed)
                if step.hers:
                    self.watch((number, "at once"))
                self._beat()
                self.watch((number, "after a beat"))
            self.watch_all(("at last",))

    # Time

    def _pass_time(self, wait: Wait) -> None:
        match wait:
            case Wait.NONE:
                return
            case Wait.BEAT:
                self.now += timedelta(seconds=30)
                self._beat()
            case Wait.HOURS:
                self.now += timedelta(hours=4)
                self._beat()
            case Wait.DAY:
                self._pass_days(1)
            case Wait.MONDAY:
                today = self.now.astimezone(ZoneInfo(ZONE)).weekday()
                self.now += timedelta(days=6 - today)  # Sunday, or a Sunday's Monday
                self._pass_days(1)

    def _pass_days(self, days: int) -> None:
        local = self.now.astimezone(ZoneInfo(ZONE))
        for day in range(1, days + 1):
            for hour, minute in _BEATS:
                at = (local + timedelta(days=day)).replace(hour=hour, minute=minute)
                self.now = at.astimezone(self.now.tzinfo)
                self._beat()

    def _beat(self) -> None:
        self.beats += 1
        self._runner.run(self._heartbeat.beat())
        facts = self.run(load_facts, self._uncertain)
        self._uncertain = facts.uncertain
        if not self.snapshots or facts.day != self.snapshots[-1].day:
            self.snapshots.append(facts.taken_at(self.beats))

    # What everybody sees

    def _take(self, sent: Sent) -> None:
        body = None if sent.to == AMARA else without_hers(sent.body)
        if body is not None:
            self.sent.setdefault((self.beats, sent.to), []).append(f"{sent.method} {body}")

    def watch(self, moment: tuple[object, ...]) -> None:
        """Look over some shoulders; what one member is shown, another would be."""
        self.run(self._watch, moment, (*self.others[:1], CLEO) if self.others else (NORA, CLEO))

    def watch_all(self, moment: tuple[object, ...]) -> None:
        """Look over a few more."""
        some = dict.fromkeys((*self.others[1:3], *self.others[-1:], CARL, NORA))
        self.run(self._watch, moment, tuple(some))

    def _watch(self, tx: Tx, moment: tuple[object, ...], people: tuple[UserId, ...]) -> None:
        for who in people:
            self._watch_one(tx, moment, who)
        check, overview = pace_check.load_pace_check(tx), post_lists_service.load_overview(tx)
        for post in overview.posts:
            if post.newest_state is PostState.IN_REVIEW:
                found = reviews.load_review(tx, Viewer(CARL), post.id)
                self._show(moment, CARL, f"review {post.id}", found, partial(_read, found))
        page = record.load_page(tx, None)
        self._show(moment, CLEO, "audit", page, lambda: record_view.render(page).payload())
        self._watch_reports(tx, moment)
        self._watch_copies(tx, moment)
        self._show(
            moment, CLEO, "health", check, lambda: pace_check_view.render(check, ZONE).payload()
        )
        self._show(
            moment,
            CLEO,
            "posts",
            overview,
            lambda: post_lists.overview(overview, Viewer(CLEO)).payload(),
        )

    def _watch_reports(self, tx: Tx, moment: tuple[object, ...]) -> None:
        newest, tags = reports.load_newest(tx), TagNames()
        draw = partial(reports_view.of_span, newest, tags, with_file=True)
        self._show(moment, CLEO, "report", newest, lambda: draw().payload())
        for post in self.posts:
            found = reports.load_post(tx, PostId(post))
            self._show(moment, CLEO, f"report {post}", found, partial(_draw_report, found))
        export, note = reports.load_export(tx), reports.load_transparency(tx)
        self._show(moment, CLEO, "export", export, partial(report_file.render, export))
        self._show(moment, CLEO, "staff note", note, lambda: transparency.render(note).payload())

    def _watch_copies(self, tx: Tx, moment: tuple[object, ...]) -> None:
        """What leaves Slack: exports for an archive, and e-mails; and the form of the settings."""
        for surface, stream in (("acts", exports.stream_acts), ("texts", exports.stream_texts)):
            rows = list(stream(tx, datetime.min.replace(tzinfo=UTC)))
            self._show(moment, OPERATOR, f"exported {surface}", rows, partial(repr, rows))
        settings = workspaces.load(tx)
        self._show(moment, CARL, "settings", settings, partial(_draw_settings, settings))
        for number in self.posts:
            post = posts.find_to_copy(tx, PostId(number))
            draw = partial(_draw_email, post, settings)
            self._show(moment, CLEO, f"e-mail of {number}", (post, settings), draw)

    def _watch_one(self, tx: Tx, moment: tuple[object, ...], who: UserId) -> None:
        viewer = Viewer(who, time_zone=ZONE) if who in (CLEO, CARL) else None
        home = home_tab.load_home_tab(tx, who, self.catalog, viewer)
        self._show(moment, who, "Home", home, lambda: home_tab_view.render(home).to_dict())
        for post in self.posts if who != CLEO else ():
            found = share_dialog.load_share_dialog(tx, who, PostId(post))
            self._show(moment, who, f"share {post}", found, partial(self._draw, found))
        for surface, value in (
            ("note", notes.may_be_unsigned(tx)),
            ("topics", preferences.load_topics(tx)),
        ):
            self._show(moment, who, surface, value, partial(repr, value))

    def _draw(self, data: Any) -> object:
        """The share dialog on each network, with each of its texts in order."""
        if not isinstance(data, ShareDialogData):
            return share_listener.why_unanswerable(data)
        options = share_listener.share_options(self._context, data)
        first = share_listener.first_view(self._context, data).to_dict()
        dialog = dialog_rules.open_dialog(options, stage=data.stage)
        views = [first]
        for network in options.networks:
            dialog = dialog_rules.choose_network(dialog, options, network)
            for _ in options.offered_wordings(network):
                views.append(share_dialog_view.render_share(dialog, options).to_dict())
                dialog = dialog_rules.show_next_wording(dialog, options)
        return views

    def _show(
        self,
        moment: tuple[object, ...],
        who: str,
        surface: str,
        data: object,
        draw: Callable[[], object],
    ) -> None:
        key = (*moment, who, surface)
        self.shown[key] = Shown(who, surface, self.beats, data, draw)

    def _log(self, line: str) -> None:
        self.sent.setdefault((self.beats, OPERATOR), []).append(line)


def _read(found: Review | None) -> object:
    return None if found is None else review_view.render(found, SharingPolicy()).to_dict()


def _without_number(answer: object) -> str:
    """An answer without the number of its member's row, which nobody is shown."""
    return re.sub(r"Member\(id=\d+", "Member(", repr(answer))


def _no_error(record: logging.LogRecord) -> bool:
    assert record.levelno < logging.ERROR, record.getMessage()
    return True


def _draw_email(post: Post | None, settings: Workspace) -> object:
    policy = settings.sharing_policy
    return post and email_copy.render(post, settings.disclosure, policy).to_dict()


def _draw_settings(settings: Workspace) -> object:
    channels = setup.Channels(settings.advocacy_channel, settings.comms_channel)
    form = setup.render(settings, channels, "advocacy", new=False)
    return form.to_dict(), more_settings.render(settings).to_dict()


def _draw_report(found: PostReport | None) -> object:
    message = reports_view.no_post() if found is None else reports_view.of_post(found, TagNames())
    return message.payload()

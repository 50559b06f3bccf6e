"""What is stored, what for, and for how long: each column of each table, described once.

`my-data`, erasing, the doctor and the privacy page all follow from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

# A month after a post ended, its asks and responses are deleted. A month after somebody's consent
# ended, what is stored of them is. What comms were told is forgotten as late.
KEPT_FOR: Final = timedelta(days=30)
YEAR: Final = timedelta(days=365)
BACKUPS_LIVE: Final = timedelta(days=30)  # what is promised of them, to be kept by who runs it
DEFAULT_POST_DAYS: Final = 60
MOST_POST_DAYS: Final = 90
DEFAULT_EVIDENCE_YEARS: Final = 3
# Housekeeping comes with every heartbeat; a bot that was down for a night is not late yet.
ON_TIME_WITHIN: Final = timedelta(days=1)


class Kind(StrEnum):
    """What a column says."""

    PERSON = "person"  # about one person
    LINK = "link"  # connects a person with a post
    CONTENT = "content"  # written by comms, for others to read
    OPERATION = "operation"  # what the program needs to run


class Life(StrEnum):
    """Until when a value is stored, as a sentence's end; `ERASERS` says what ends it."""

    MEMBERSHIP = "until 30 days after consent ended"
    POST = "until 30 days after the post ended"
    SENT = "until it was sent"
    NOTICE = "until 30 days after it was sent, or after its post ended"
    REMOVED = "until the message is gone from Slack"
    EVIDENCE = "for EVIDENCE_YEARS years"
    NEXT_DAY = "until the next day's snapshot"
    FEED = "until the feed is removed"
    DRAFT = "until it became a draft, for 7 days at most"
    SUGGESTION = "until comms decided, for 90 days at most"
    ANSWER = "until comms see it; with “Tell me”, until you were told"
    SHARE_NOTE = (
        "until comms have it; with “You may answer”, until they said thanks, or 30 days after the "
        "post ended"
    )
    MONTH = "until its month's figures are published, at most a year"
    FREEZE = "until posting is unfrozen"
    WORKSPACE = "as long as the workspace uses the bot"


# The function that ends each life, in `bot.storage`; None where nothing does but the operator.
ERASERS: Final = MappingProxyType(
    {
        Life.MEMBERSHIP: "erasure.erase_member",
        Life.POST: "erasure.fold_responses, erasure.fold_asks, erasure.fold_messages",
        Life.SENT: "notices.mark_sent, share_notes.record_told",
        Life.NOTICE: "erasure.delete_old_notices, erasure.record_folded",
        Life.REMOVED: "removals.delete_done",
        Life.EVIDENCE: "erasure.erase_old_evidence, record.erase_before",
        Life.NEXT_DAY: "snapshots.insert_snapshot",
        Life.FEED: "feeds.delete_feed",
        Life.DRAFT: "feeds.end_waiting, feeds.end_waiting_since",
        Life.SUGGESTION: "suggestions.record_outcome, suggestions.delete_old",
        Life.ANSWER: "suggestions.record_shown, suggestions.delete_suggestion",
        Life.SHARE_NOTE: "share_notes.record_told, share_notes.delete_share_note, "
        "erasure.fold_responses",
        Life.MONTH: "figures.delete_counts",
        Life.FREEZE: "workspaces.record_unfrozen",
        Life.WORKSPACE: None,
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """What one column is: its kind, how long a value lives, and what for."""

    kind: Kind
    life: Life
    purpose: str


def _person(purpose: str, life: Life = Life.MEMBERSHIP) -> Column:
    return Column(Kind.PERSON, life, purpose)


def _link(purpose: str, life: Life = Life.POST) -> Column:
    return Column(Kind.LINK, life, purpose)


def _content(purpose: str, life: Life = Life.WORKSPACE) -> Column:
    return Column(Kind.CONTENT, life, purpose)


def _operation(purpose: str, life: Life = Life.WORKSPACE) -> Column:
    return Column(Kind.OPERATION, life, purpose)


_ID: Final = _operation("tells rows apart")
_WORKSPACE_ID: Final = _operation("which workspace it belongs to")
_MEMBER_ID: Final = _person("whose it is")

COLUMNS: Final = MappingProxyType(
    {
        "workspace": {
            "id": _operation("the workspace's number in Slack"),
            "advocacy_channel": _operation("where posts appear"),
            "comms_channel": _operation("where comms work; whoever is in it is comms"),
            "min_gap_seconds": _operation("the least time between two posts in the channel"),
            "weekly_cap": _operation("the most posts in seven days"),
            "hours_start": _operation("when the channel's day begins"),
            "hours_end": _operation("when it ends"),
            "workdays": _operation("the days on which posts appear"),
            "zone": _operation("the time zone of those hours"),
            "disclosure": _operation("the words that name the employer"),
            "approvals": _operation("how many people it takes to send a post out"),
            "frozen_at": _operation("since when nothing goes out"),
            "frozen_by": _person("who in comms froze, so that others can ask them", Life.FREEZE),
            "frozen_until": _operation("until when nothing goes out", Life.FREEZE),
            "frozen_reason": _person("why, in the words of whoever froze", Life.FREEZE),
            "trouble": _operation("what keeps the channel from being reached"),
            "reconciling_by": _operation("which process updates messages just now"),
            "reconciling_until": _operation("until when at most"),
            "topics": _operation("topics offered to members"),
            "consent_months": _operation("after how many months consent ends"),
            "post_days": _operation("after how many days a post ends"),
            "evidence_years": _operation("how long it is kept who in comms did what"),
            "asks_per_hundred": _operation("the weekly budget of direct messages"),
            "colour": _operation("the daily pace check"),
            "acknowledged_at": _operation("when comms let a red pace check go on"),
            "gate_threshold": _operation("from how many members on figures act"),
            "erased_at": _operation("since when SQLite's log is to be emptied"),
            "figures": _operation("whether figures are published"),
            "least_people": _operation("how many people have to be behind each"),
            "analytics_url": _operation("where the company counts visits"),
            "figures_since": _operation("since when figures are published"),
            "figures_until": _operation("until when posts that ended were looked at"),
            "figures_month": _operation("until which month"),
            "networks": _operation("the networks that posts are for"),
            "link_tags": _operation("how shared links are tagged"),
            "disclosure_phrases": _operation("other words that name the employer"),
            "avoid_terms": _operation("terms that no post may have"),
            "previews": _operation("whether the pages behind links are looked at"),
            "guests_may_join": _operation("whether guests may take part"),
            "suggests_two": _operation("whether two approvals are to be suggested to comms"),
            "first_month_ends": _operation("until when the channel gets one post a week"),
        },
        "rest": {
            "workspace_id": _WORKSPACE_ID,
            "method": _operation("what is left alone for a while in Slack"),
            "place": _operation("in which of the bot's channels, or for everybody"),
            "since": _operation("since when it does not work"),
            "until": _operation("until when it is left alone"),
            "trouble": _operation("why"),
            "rounds": _operation("how often in a row it did not work"),
        },
        "rule_value": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "rule": _operation("which rule, such as the most posts in seven days"),
            "value": _operation("what it says, so that members learn when it changes"),
            "since": _operation("since when"),
        },
        "snapshot": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "day": _operation("the day of the figures", Life.NEXT_DAY),
            "gate": _operation("whether figures act", Life.NEXT_DAY),
            "note_gate": _operation("whether notes may come unsigned", Life.NEXT_DAY),
            "figures": _operation("figures about no single person", Life.NEXT_DAY),
        },
        "member": {
            "id": _MEMBER_ID,
            "workspace_id": _WORKSPACE_ID,
            "user": _person("who they are in Slack"),
            "consented_at": _person("the day on which they joined"),
            "consent_ends_at": _person("the day on which consent ends by itself"),
            "left_at": _person("the day on which they left"),
            "paused_until": _person("the day until which they want nothing"),
            "paused_at": _person("the day on which they paused, for the pace check"),
            "zone": _person("their time zone, for their hours"),
            "zone_checked_at": _person("the day on which Slack was last asked for it"),
            "network": _person("what they opened last, offered first next time", Life.POST),
            "in_channel": _person("whether they want posts in the channel"),
            "direct": _person("whether they want direct messages"),
            "direct_refused": _person("whether Slack takes no direct message to them"),
            "pace": _person("how often at most"),
            "topics": _person("what they like to hear about"),
            "networks": _person("where they have an audience"),
            "hours_start": _person("when their day begins"),
            "hours_end": _person("when it ends"),
            "workdays": _person("their working days"),
            "country": _person("whose public holidays they keep"),
            "region": _person("the part of the country whose holidays they keep"),
            "consecutive_declines": _person("how many in a row led to nothing, to ask less"),
            "stopped_at": _person("the day on which the bot stopped asking by itself"),
            "told_at": _person("the day on which they were told so"),
            "last_asked_at": _person("the day of the last ask that is not stored any more"),
            "next_ask_at": _person("when to look at them next"),
            "messages_due_at": _person("when to look at the messages to them next"),
            "mastodon_instance": _person("their server, so that its composer opens"),
            "language": _person("the language they like to share in"),
        },
        "lesson_seen": {
            "id": _ID,
            "member_id": _MEMBER_ID,
            "lesson": _person("which lesson, so that it is offered once"),
            "offered": _person("whether it was offered"),
            "read": _person("whether they opened it"),
            "dismissed": _person("whether they did not want it"),
        },
        "direct_message": {
            "id": _ID,
            "member_id": _MEMBER_ID,
            "channel": _person("where the message is, so that it can be deleted"),
            "message_ts": _person("which message it is"),
            "file": _person("which file came with it, so that it can be deleted"),
            "post_id": _person("which post it is about, so that it goes with it", Life.POST),
        },
        "removal": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "channel": _person("where a message is that has to go", Life.REMOVED),
            "message_ts": _person("which message", Life.REMOVED),
            "file": _person("which file came with it", Life.REMOVED),
            "due_at": _operation("since when", Life.REMOVED),
            "not_before": _operation("when it is tried again", Life.REMOVED),
        },
        "post": {
            "id": _content("its number"),
            "workspace_id": _WORKSPACE_ID,
            "state": _content("where it stands"),
            "correction": _content("where a correction of it stands"),
            "revision": _content("which content is the newest"),
            "approved_revision": _content("which one people see"),
            "created_at": _content("when it was begun"),
            "approved_at": _content("when it was approved"),
            "ended_at": _content("when it ended, from which its life here is counted"),
            "version": _operation("whether its card is up to date"),
            "card_version": _operation("what the card shows"),
            "card_ts": _operation("which message the card is"),
            "form": _operation("so that a form sent twice makes one post"),
            "folded": _operation("whether its responses and asks are deleted"),
            "live_at": _content("when it went out"),
            "reach": _operation("whom it may be proposed to"),
            "asks_stale": _operation("whether messages of asks are up to date"),
            "card_link": _operation("where its card is"),
            "message_link": _operation("where its message in the channel is"),
            "queue_place": _content("where comms put it in the queue"),
            "from_feed": _content("the title of the feed that it was drafted from"),
        },
        "revision": {
            "post_id": _content("of which post"),
            "number": _content("which content of it"),
            "writer": _person("who in comms wrote it, as evidence", Life.EVIDENCE),
            "form": _operation("in which form it was written"),
            "title": _content("what it is called"),
            "link": _content("where it leads"),
            "why": _content("why it matters to a reader"),
            "topics": _content("what it is about"),
            "not_before": _content("when it may go out"),
            "expires_at": _content("when it ends"),
            "written_at": _content("when it was written"),
            "picture": _content("its picture"),
            "picture_alt": _content("what the picture shows"),
            "author": _person("the writer's name, where they show it", Life.EVIDENCE),
            "kind": _content("what kind of post it is"),
            "prompts": _content("questions for people who write their own text"),
            "channel": _content("whether it appears in the channel"),
            "direct": _content("whether it goes out in direct messages"),
        },
        "wording": {
            "id": _ID,
            "post_id": _content("of which post"),
            "revision": _content("of which content"),
            "position": _content("its place in the form"),
            "network": _content("for which network"),
            "text": _content("the text"),
            "language": _content("its language"),
        },
        "decision": {
            "id": _ID,
            "post_id": _content("about which post"),
            "revision": _content("about which content"),
            "who": _person("who in comms decided, as evidence", Life.EVIDENCE),
            "what": _content("what was decided"),
            "reason": _person("the reason in their own words", Life.EVIDENCE),
            "at": _content("when"),
        },
        "act": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "at": _content("when", Life.EVIDENCE),
            "who": _person("who in comms did it; stays after `forget-me`", Life.EVIDENCE),
            "what": _content("what they did", Life.EVIDENCE),
            "post_id": _content("to which post", Life.EVIDENCE),
            "revision": _content("to which content", Life.EVIDENCE),
            "state_before": _content("where it stood before", Life.EVIDENCE),
            "state_after": _content("where it stood then", Life.EVIDENCE),
            "detail": _person("the reason in their own words, or the disclosure", Life.EVIDENCE),
        },
        "act_release": {
            "workspace_id": _WORKSPACE_ID,
            "before": _operation("before which moment what comms did may be deleted"),
        },
        "announcement": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "post_id": _content("about which post"),
            "state": _operation("how far its sending came"),
            "claimed_at": _operation("when sending began"),
            "not_before": _operation("when it may be tried again"),
            "sent_at": _operation("when it was sent"),
            "channel": _operation("where it is"),
            "message_ts": _operation("which message it is"),
            "shown_revision": _operation("which content it shows"),
            "held": _operation("whether only a click has shown that it is there"),
            "shown_ended": _operation("whether it says that the post ended"),
        },
        "ask": {
            "id": _link("tells rows apart"),
            "workspace_id": _WORKSPACE_ID,
            "member_id": _link("who was asked"),
            "post_id": _link("about which post"),
            "repeat": _link("whether it was once more, after “later”"),
            "revision": _link("which content they got"),
            "state": _link("how far its sending came"),
            "asked_at": _link("when, for their pace"),
            "claimed_at": _link("when sending began"),
            "not_before": _link("when it may be tried again"),
            "channel": _link("where the message is"),
            "message_ts": _link("which message it is"),
            "outcome": _link("what became of it, so that they are asked less or not again"),
            "settled_at": _link("when"),
            "shown": _link("what the message shows"),
            "shown_revision": _link("which content of the post it shows"),
        },
        "response": {
            "id": _link("tells rows apart"),
            "post_id": _link("to which post"),
            "member_id": _link("whose it is, so that they can change it"),
            "stage": _link("how far they went"),
            "reason": _link("why they skipped, if they said so, for the next choice"),
            "network": _link("which composer they opened"),
            "at": _link("when"),
            "dialog": _link("which dialog is open, so that it closes with the post"),
        },
        "response_event": {
            "id": _link("tells rows apart"),
            "response_id": _link("of which response"),
            "stage": _link("how far they went then"),
            "reason": _link("why they skipped"),
            "network": _link("which composer they opened"),
            "at": _link("when"),
            "wording_id": _link("which text they opened, so that colleagues don't sound alike"),
        },
        "post_figures": {
            "post_id": _content("of which post"),
            "workspace_id": _WORKSPACE_ID,
            "month": _content("the month in which it ended"),
            "figures": _content("what is published of it, rounded"),
            "cells": _operation("how many people did what, for its month's figures", Life.MONTH),
            "groups": _operation("which of them are published", Life.MONTH),
        },
        "span_figures": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "first": _content("the first month"),
            "last": _content("the last month"),
            "posts": _content("how many posts ended in it"),
            "members": _content("how many members there were in that quarter, rounded"),
            "figures": _content("what is published of it, rounded"),
        },
        "member_figures": {
            "workspace_id": _WORKSPACE_ID,
            "quarter": _content("the quarter"),
            "members": _content("how many members there were once in it, rounded"),
        },
        "notice": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "kind": _operation("what comms are told", Life.NOTICE),
            "post_id": _operation("about which post", Life.NOTICE),
            "who": _person("who in comms did it, or who signed a note", Life.NOTICE),
            "sender": _person("whose note it is, so that it can be erased", Life.SENT),
            "detail": _person("its text, such as a note, or words of thanks", Life.NOTICE),
            "created_at": _operation("since when it waits", Life.NOTICE),
            "not_before": _operation("until when it waits", Life.NOTICE),
            "sent_at": _operation("when it was sent", Life.NOTICE),
        },
        "feed": {
            "id": _ID,
            "workspace_id": _WORKSPACE_ID,
            "key": _operation("so that a feed is added once", Life.FEED),
            "address": _content("where the feed is", Life.FEED),
            "title": _content("what it calls itself", Life.FEED),
            "added_at": _content("when it was added", Life.FEED),
            "etag": _operation("which version of it was read", Life.FEED),
            "last_modified": _operation("from when that version is", Life.FEED),
            "due_at": _operation("when it is read next", Life.FEED),
            "claimed_at": _operation("when reading began", Life.FEED),
            "failures": _operation("how often it could not be read, in a row", Life.FEED),
            "failing_since": _operation("since when", Life.FEED),
            "problem": _operation("why", Life.FEED),
            "told": _operation("whether comms know", Life.FEED),
        },
        "feed_entry": {
            "id": _ID,
            "feed_id": _content("of which feed", Life.FEED),
            "key": _operation("which page it is, so that it is news once", Life.FEED),
            "guid_key": _operation("which entry it is", Life.FEED),
            "seen_at": _operation("when it was seen first", Life.FEED),
            "waiting": _operation("whether it is to become a draft", Life.FEED),
            "rank": _operation("its place among those that came with it", Life.FEED),
            "title": _content("its title", Life.DRAFT),
            "link": _content("its page", Life.DRAFT),
            "summary": _content("what it says", Life.DRAFT),
        },
        "share_note": {
            "id": _link("tells rows apart", Life.SHARE_NOTE),
            "notice_id": _link("with which notes of others comms get it", Life.SHARE_NOTE),
            "response_id": _link("to which response it belongs", Life.SHARE_NOTE),
            "words": _person("what they wrote to comms", Life.SENT),
            "signed": _person("whether it carries their name", Life.SENT),
            "may_answer": _person("whether comms may answer", Life.SHARE_NOTE),
            "told": _link("whether comms have it", Life.SHARE_NOTE),
            "claimed_at": _link("when sending the thanks began", Life.SHARE_NOTE),
        },
        "suggestion": {
            "id": _operation("tells rows apart", Life.SUGGESTION),
            "workspace_id": _operation("which workspace it belongs to", Life.SUGGESTION),
            "link": _person("the link that was suggested", Life.SUGGESTION),
            "words": _person("what was written with it", Life.SUGGESTION),
            "signed_by": _person("whose name it carries", Life.SUGGESTION),
            "offered_by": _person("whose it is, so that it can be erased", Life.ANSWER),
            "tell": _person("whether they want to hear what became of it", Life.ANSWER),
            "shown": _operation("whether comms see it", Life.SUGGESTION),
            "created_at": _operation("since when it waits", Life.SUGGESTION),
            "outcome": _operation("what was decided, until they were told", Life.ANSWER),
            "claimed_at": _operation("when sending the answer began", Life.ANSWER),
        },
        "preview": {
            "post_id": _content("of which post"),
            "revision": _content("of which content"),
            "state": _operation("whether the page was looked at"),
            "claimed_at": _operation("when looking began"),
            "fetched_at": _operation("when the page was looked at"),
            "title": _content("the page's title"),
            "description": _content("its description"),
            "image": _content("its picture"),
            "problem": _content("what kept it from being looked at"),
            "site": _content("the name of its site"),
            "image_alt": _content("what its picture shows"),
        },
    }
)


def late_by(first_due: datetime | None, now: datetime) -> timedelta | None:
    """How late erasing is, by what should have gone first; None where it is on time.

    `first_due` is when that was to be erased, None where nothing waits. Both are aware.
    """
    if first_due is None or now - first_due <= ON_TIME_WITHIN:
        return None
    return now - first_due

"""Every card, form, message and dialog in each of its states: a name, and what builds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.models.views import View

from bot.domain import look_ahead
from bot.domain import share_dialog as dialog_rules
from bot.domain.admission import Refusal
from bot.domain.approval import Obstacle
from bot.domain.audience import Audience
from bot.domain.channel_queue import Forecast, Moved
from bot.domain.comms_channel import ChannelFault
from bot.domain.desk import Desk, DeskRow, Need, Overview, Viewer
from bot.domain.feeds import MOST_FEEDS, Feed, FeedEntry, FeedProblem, ReadFeed
from bot.domain.freeze import ENDLESS, as_detail
from bot.domain.home_tab import AnsweredPost, Browsable, HomeTabData
from bot.domain.ids import FeedId, NoticeId, PostId, ShareNoteId, SuggestionId, UserId, WordingId
from bot.domain.lessons import LessonCatalog
from bot.domain.link_tags import TagNames
from bot.domain.model import (
    Allowed,
    Colour,
    LeaveUndo,
    Member,
    Notice,
    NoticeKind,
    Pace,
    Preferences,
    Reason,
    SkipReason,
    Stage,
    Withheld,
    Workspace,
)
from bot.domain.pace_check import PaceCheck
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from bot.domain.post import Content, Network, Post, PostState
from bot.domain.previews import Preview, Problem
from bot.domain.record import Page
from bot.domain.review import Review, compare
from bot.domain.share_dialog import ShareDialog
from bot.domain.share_notes import Batch, ShareNote, Unthankable
from bot.domain.sharing_policy import SharingPolicy
from bot.domain.suggestions import Suggestion, SuggestionOutcome
from bot.slack.listeners import commands
from bot.slack.views import (
    admission,
    announcements,
    asks,
    cards,
    direct_form,
    email_copy,
    errors,
    feeds,
    freeze,
    home_tab,
    lessons,
    membership,
    my_data,
    notices,
    outlook,
    own_words,
    pace_check,
    post_form,
    post_form_state,
    post_lists,
    post_preview,
    preferences,
    record,
    replies,
    responses,
    retention,
    review,
    schedule,
    share_dialog,
    share_forms,
    share_notes,
    suggestions,
)
from bot.slack.views import commands as commands_view
from bot.slack.views.lessons import Place
from bot.slack.views.payload import PostRef
from bot.slack.views.preferences import Offered
from bot.slack.views.text import Message, escape, say
from tests import golden_reports, golden_setup
from tests import golden_values as given
from tests.golden_values import CARL, CHANNEL, CLEO, DAY, NOW, WORKSPACE, post

SLOWS_AFTER = DEFAULT_PACING_CONSTANTS.slows_after


Build = Callable[[], Message | View]

_ID = PostId(14)
_REF = PostRef(_ID, 2)


def cases() -> dict[str, Build]:
    """The table: the name of a golden file, and the function that builds what is in it."""
    table: dict[str, Build] = {}
    for part in (
        _announcements(),
        _cards(),
        _previews(),
        _forecasts(),
        _forms(),
        _dialogs(),
        _skips(),
        _lessons(),
        _memberships(),
        _lists(),
        _notices(),
        _asks(),
        _outlooks(),
        _settings(),
        _homes(),
        _reviews(),
        _schedules(),
        _feeds(),
        _suggestions(),
        _share_notes(),
        _pace_checks(),
        golden_reports.cases(),
        _personal_records(),
        _records(),
        golden_setup.cases(),
        _words(),
    ):
        table.update(part)
    return table


def _announcements() -> Mapping[str, Build]:
    return {
        "announcement_live": lambda: announcements.render_live(post()),
        "announcement_hostile": lambda: announcements.render_live(post(given.HOSTILE)),
        "announcement_long": lambda: announcements.render_live(post(given.LONG)),
        "announcement_picture": lambda: announcements.render_live(
            post(replace(given.PICTURED, author="Cleo Marin"), page=given.PAGE)
        ),
        "announcement_page": lambda: announcements.render_live(post(page=given.PAGE)),
        "announcement_page_hostile": lambda: announcements.render_live(
            post(replace(given.HOSTILE, author=given.PAGES), page=given.PAGE_HOSTILE)
        ),
        "announcement_picture_refused": lambda: announcements.render_live(
            post(given.PICTURED)
        ).without_pictures(),
        "announcement_withdrawn": lambda: announcements.render_ended(
            post(state=PostState.WITHDRAWN)
        ),
        "announcement_expired": lambda: announcements.render_ended(post(state=PostState.EXPIRED)),
        "announcement_hostile_ended": lambda: announcements.render_ended(
            post(given.HOSTILE, PostState.EXPIRED)
        ),
    }


def _cards() -> Mapping[str, Build]:
    review, live = PostState.IN_REVIEW, PostState.LIVE
    approved, ended = [given.APPROVED], [given.APPROVED, given.WITHDRAWN]
    full = given.five_each(given.LONG)
    states: dict[str, Build] = {
        f"card_{state}": partial(cards.render_card, post(state=state), [], None, WORKSPACE)
        for state in (PostState.DRAFT, review, PostState.EXPIRED)
    }
    corrections: dict[str, Build] = {
        f"card_live_correction_{state}": partial(
            cards.render_card, given.corrected(state), approved, None, WORKSPACE
        )
        for state in (PostState.DRAFT, review, PostState.RETURNED)
    }
    return {
        **states,
        **corrections,
        "card_draft_bare": lambda: cards.render_card(
            post(given.BARE, PostState.DRAFT), [], None, WORKSPACE
        ),
        "card_in_review_alone": lambda: cards.render_card(
            post(state=review), [], None, given.ALONE
        ),
        "card_in_review_again": lambda: cards.render_card(
            post(state=review), [given.SENT_BACK_EARLIER], None, WORKSPACE
        ),
        "card_in_review_own_news": lambda: cards.render_card(
            post(given.PROMPTED, review), [], None, WORKSPACE, own_news=5
        ),
        "card_in_review_only_own_news": lambda: cards.render_card(
            post(given.PROMPTED, review), [], None, WORKSPACE, own_news=6
        ),
        "card_approved_direct_only": lambda: cards.render_card(
            post(given.DIRECT_ONLY, PostState.APPROVED), approved, None, WORKSPACE
        ),
        "card_approved_direct_from": lambda: cards.render_card(
            post(replace(given.DIRECT_ONLY, not_before=NOW + DAY), PostState.APPROVED),
            approved,
            None,
            WORKSPACE,
        ),
        "card_in_review_audience": lambda: cards.render_card(
            post(given.DIRECT_ONLY, review),
            [],
            None,
            WORKSPACE,
            audience=Audience("R&D <all>", 120, is_only=False),
        ),
        "card_in_review_changed": lambda: cards.render_card(
            post(given.CHANGED, review, revision=3),
            approved,
            None,
            WORKSPACE,
            since=given.APPROVED,
            changes=compare(given.FLINK, given.CHANGED)[:2],
        ),
        "card_in_review_changed_a_lot": lambda: cards.render_card(
            post(given.CHANGED, review, revision=3),
            approved,
            None,
            WORKSPACE,
            since=given.APPROVED,
            changes=compare(given.FLINK, given.CHANGED),
        ),
        "card_direct_only": lambda: cards.render_card(
            post(given.DIRECT_ONLY, review), [], None, WORKSPACE
        ),
        "card_in_review_embargo": lambda: cards.render_card(
            post(given.EMBARGOED, review), [], None, WORKSPACE
        ),
        "card_hostile": lambda: cards.render_card(
            post(given.HOSTILE, review),
            given.decisions(reason=f"{given.PAGES} & <@{CLEO}>", count=1),
            None,
            WORKSPACE,
        ),
        "card_picture": lambda: cards.render_card(
            post(given.PICTURED, review), [], None, WORKSPACE
        ),
        "card_picture_of_another_kind": lambda: cards.render_card(
            post(replace(given.PICTURED, picture="https://acme.example/a.webp"), review),
            [],
            None,
            WORKSPACE,
        ),
        "card_author": lambda: cards.render_card(post(given.BY_CLEO, review), [], None, WORKSPACE),
        "card_languages": lambda: cards.render_card(
            post(given.BILINGUAL, review), [], None, WORKSPACE
        ),
        "card_one_language": lambda: cards.render_card(
            post(given.spoken("de", "de"), review), [], None, WORKSPACE
        ),
        "card_languages_shared": lambda: cards.render_card(
            post(given.spoken("de", None, "de"), review), [], None, WORKSPACE
        ),
        "card_everywhere": lambda: cards.render_card(
            post(given.EVERYWHERE, review), [], None, WORKSPACE
        ),
        "card_too_long_to_travel": lambda: cards.render_card(
            post(given.TOO_LONG_TO_TRAVEL, review), [], None, WORKSPACE
        ),
        "card_tagged": lambda: cards.render_card(
            post(state=review), [], None, WORKSPACE, sharing_policy=SharingPolicy(tags=TagNames())
        ),
        "card_signed_link": lambda: cards.render_card(
            post(given.SIGNED, review),
            [],
            None,
            WORKSPACE,
            sharing_policy=SharingPolicy(tags=TagNames()),
        ),
        "card_five_wordings_each": lambda: cards.render_card(
            post(full, review), [], None, WORKSPACE
        ),
        "card_many_decisions": lambda: cards.render_card(
            post(state=review, revision=7), given.decisions(), None, WORKSPACE
        ),
        "card_returned": lambda: cards.render_card(
            post(state=PostState.RETURNED), [given.SENT_BACK], None, WORKSPACE
        ),
        "card_uncertain": lambda: cards.render_card(
            post(state=PostState.APPROVED), approved, None, WORKSPACE, uncertain=True
        ),
        "card_live": lambda: cards.render_card(post(state=live), approved, None, WORKSPACE),
        "card_live_since": lambda: cards.render_card(
            post(
                state=live,
                live_at=NOW - DAY,
                message_link="https://acme.slack.com/archives/C1/p2?a=1&b=2",
            ),
            approved,
            None,
            WORKSPACE,
        ),
        "card_ask_withdraw": lambda: cards.ask_withdraw(post(state=PostState.LIVE)),
        "card_withdrawn": lambda: cards.render_card(
            post(state=PostState.WITHDRAWN), ended, None, WORKSPACE
        ),
    }


def _previews() -> Mapping[str, Build]:
    def seen(preview: Preview, content: Content = given.FLINK) -> Build:
        about = post(content, PostState.IN_REVIEW)
        return partial(cards.render_card, about, [], None, WORKSPACE, preview=preview)

    failed: dict[str, Build] = {
        f"card_preview_failed_{problem}": seen(Preview(problem=problem)) for problem in Problem
    }
    full = given.five_each(given.LONG)
    longest = Preview("A title " * 18, "Its words " * 30, f"https://acme.example/{'a' * 1979}")
    return {
        **failed,
        "card_preview": seen(given.SEEN),
        "card_preview_hostile": seen(given.SEEN_HOSTILE, given.HOSTILE),
        "card_preview_longest": seen(longest, full),
        "card_preview_no_picture": seen(replace(given.SEEN, image="")),
        "card_preview_only_picture": seen(replace(given.SEEN, title="", description="")),
        "card_preview_nothing": seen(Preview()),
    }


def _forecasts() -> Mapping[str, Build]:
    expected = {
        "going_out": None,
        "now": Forecast(NOW, None),
        "too_late": Forecast(None, Reason.QUEUE, given.TOO_LATE),
        **{
            reason.value: Forecast(NOW + 2 * DAY, reason)
            for reason in Reason
            if reason is not Reason.FROZEN
        },
    }
    builds: dict[str, Build] = {
        f"card_approved_{name}": partial(
            cards.render_card,
            post(given.EMBARGOED if name == "embargo" else given.FLINK, PostState.APPROVED),
            [given.APPROVED],
            forecast,
            WORKSPACE,
        )
        for name, forecast in expected.items()
    }
    return {
        **builds,
        "card_approved_after_another": lambda: cards.render_card(
            post(state=PostState.APPROVED),
            [given.APPROVED],
            Forecast(NOW + 2 * DAY, Reason.QUEUE),
            WORKSPACE,
            after=PostId(13),
        ),
        "card_approved_frozen": lambda: cards.render_card(
            post(state=PostState.APPROVED),
            [given.APPROVED],
            Forecast(None, Reason.FROZEN),
            given.FROZEN,
        ),
        "card_approved_frozen_until": lambda: cards.render_card(
            post(state=PostState.APPROVED),
            [given.APPROVED],
            Forecast(given.OVER_WINTER.until, Reason.FROZEN),
            given.FROZEN_UNTIL,
        ),
    }


def _forms() -> Mapping[str, Build]:
    notes: dict[str, Build] = {
        f"form_note_{state}": partial(
            post_form.render,
            *post_form_state.for_content(PostId(14), 2, given.FLINK),
            note=replies.edit_note(post(state=state)),
        )
        for state in (PostState.LIVE, PostState.APPROVED, PostState.IN_REVIEW)
    }
    return {
        **notes,
        "form_blank": lambda: post_form.render(*post_form_state.blank()),
        "form_blank_with_link": lambda: post_form.render(
            *post_form_state.blank(link=given.FLINK.link)
        ),
        "form_signed_link": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.SIGNED), untagged=True
        ),
        "form_filled": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.EMBARGOED)
        ),
        "form_hostile": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.HOSTILE)
        ),
        "form_five_wordings_each": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.five_each(given.LONG))
        ),
        "form_prompts": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.PROMPTED)
        ),
        "form_copy": lambda: post_form.render(
            *post_form_state.as_copy(given.EMBARGOED), note=replies.copy_note(post(given.HOSTILE))
        ),
        "form_live": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.DIRECT_ONLY, is_live=True)
        ),
        "form_picture": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.PICTURED)
        ),
        "form_author": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.BY_CLEO, is_writer=True)
        ),
        "form_author_of_another": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.BY_CLEO)
        ),
        "form_languages": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.BILINGUAL)
        ),
        "form_few_networks": lambda: post_form.render(
            *post_form_state.blank(
                sharing_policy=SharingPolicy(networks=(Network.X, Network.EMAIL))
            )
        ),
        "form_draft_saved": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.FLINK),
            note=replies.draft_saved(post(state=PostState.DRAFT)),
        ),
        "form_correction_saved": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 3, given.FLINK),
            note=replies.draft_saved(post()),
        ),
        "form_done": lambda: post_preview.closing(
            replies.submitted(post(state=PostState.IN_REVIEW))
        ),
        "form_page": lambda: post_form.render(
            post_form_state.with_page(post_form_state.blank()[0], given.SEEN_HOSTILE),
            post_form_state.blank(link=given.FLINK.link)[1],
        ),
        "form_same_link": lambda: post_form.render(
            *post_form_state.blank(link=given.FLINK.link),
            link_note=replies.same_link(post(given.HOSTILE)),
        ),
        "form_sent_back": lambda: post_form.render(
            *post_form_state.for_content(PostId(14), 2, given.FLINK),
            note=replies.edit_note(post(state=PostState.RETURNED), given.HOSTILE.why),
        ),
        "form_preview": lambda: post_preview.render(
            post(state=PostState.DRAFT), given.DISCLOSURE, in_sight=True
        ),
        "form_preview_hostile": lambda: post_preview.render(
            post(given.HOSTILE, PostState.DRAFT), given.DISCLOSURE, in_sight=False
        ),
        "form_preview_correction": lambda: post_preview.render(
            given.corrected(PostState.DRAFT), given.DISCLOSURE, in_sight=True
        ),
        "form_done_signed_link": lambda: post_preview.closing(
            replies.submitted(post(given.SIGNED), untagged=True)
        ),
        "email_copy": lambda: email_copy.render(
            post(given.EVERYWHERE), given.DISCLOSURE, SharingPolicy()
        ),
        "email_copy_hostile": lambda: email_copy.render(
            post(given.HOSTILE), given.DISCLOSURE, SharingPolicy(tags=TagNames())
        ),
        "email_copy_languages": lambda: email_copy.render(
            post(given.BILINGUAL), given.DISCLOSURE, SharingPolicy(phrases=given.PHRASES)
        ),
        "send_back_form": lambda: cards.ask_reason(_REF),
        "send_back_done": lambda: cards.closing(say(replies.sent_back(post()))),
    }


def _dialogs() -> Mapping[str, Build]:
    def share(
        network: Network = Network.LINKEDIN,
        content: Content = given.FLINK,
        stage: Stage | None = Stage.INTERESTED,
        *,
        wording: int | None = None,
        own: str | None = None,
        fresh: bool = True,
        practice: bool = False,
        **offered: Any,
    ) -> Build:
        offer = given.share_options(content, fresh=fresh, **offered)
        shown = ShareDialog(offer.post_id, network, own=own, stage=stage, practice=practice)
        shown = dialog_rules.choose_network(shown, offer, network)
        if wording is not None:
            shown = replace(shown, wording_id=WordingId(wording))
        return partial(share_dialog.render_share, shown, offer)

    own = "I spent a good part of the year on this. I work at Acme, so I'm not neutral."
    edited = ShareDialog(PostId(14), Network.LINKEDIN, WordingId(2))
    builds: dict[str, Build] = {
        f"share_{network}": share(
            network, given.FLINK if network in given.FLINK.networks else given.EVERYWHERE
        )
        for network in Network
    }
    return {
        **builds,
        "share_second_wording": share(wording=2),
        "share_mastodon_named": share(
            Network.MASTODON, given.EVERYWHERE, instance="mastodon.social"
        ),
        "share_picture": share(content=given.PICTURED, stage=Stage.OPENED),
        "share_language": share(content=given.BILINGUAL, language="de"),
        "share_taken_back": share(wording=2, stage=Stage.INTERESTED),
        "share_note_sent": lambda: share_dialog.render_share(
            replace(edited, stage=Stage.OPENED),
            given.share_options(),
            note=replies.note_sent(signed=False),
        ),
        "share_note_signed": lambda: share_dialog.render_share(
            replace(edited, stage=Stage.SHARED),
            given.share_options(),
            note=replies.note_sent(signed=True),
        ),
        "practice": share(practice=True),
        "practice_opened": share(practice=True, stage=Stage.OPENED),
        "share_own_phrase": lambda: share_dialog.render_share(
            replace(edited, own="Ich arbeite bei Acme.", disclosed=True),
            given.share_options(),
        ),
        "own_words_undisclosed": lambda: own_words.edit(
            edited, given.share_options(), typed="Proud of this.", undisclosed=True
        ),
        "own_words_undisclosed_hostile": lambda: own_words.edit(
            edited,
            given.share_options(disclosure="R&D at <Acme>"),
            typed=given.PAGES,
            undisclosed=True,
        ),
        "note_form": lambda: share_forms.note_form(edited, may_be_unsigned=True),
        "note_to_comms": lambda: share_forms.comms_form(may_be_unsigned=True),
        "note_to_comms_few_members": lambda: share_forms.comms_form(may_be_unsigned=False),
        "note_form_few_members": lambda: share_forms.note_form(edited, may_be_unsigned=False),
        "note_form_practice": lambda: share_forms.note_form(
            replace(edited, practice=True), may_be_unsigned=True
        ),
        "server_form_practice": lambda: share_forms.server_form(
            ShareDialog(PostId(0), Network.MASTODON, WordingId(1), practice=True), ""
        ),
        "server_form": lambda: share_forms.server_form(
            ShareDialog(PostId(14), Network.MASTODON, WordingId(1)), ""
        ),
        "server_form_again": lambda: share_forms.server_form(
            ShareDialog(PostId(14), Network.MASTODON, WordingId(1)), "c.im"
        ),
        "share_used_up": share(fresh=False),
        "share_used_up_while_shown": share(wording=2, fresh=False, stage=Stage.OPENED),
        "share_only_wording": share(Network.BLUESKY, given.ONE_WORDING),
        "share_hostile": share(content=given.HOSTILE),
        "share_own_words": share(own=own),
        "share_own_words_hostile": share(Network.X, given.HOSTILE, own=given.HOSTILE.why),
        "share_too_long_to_travel": share(content=given.TOO_LONG_TO_TRAVEL),
        "share_opened": share(stage=Stage.OPENED),
        "share_marked": share(Network.X, stage=Stage.SHARED),
        "own_words_form": lambda: own_words.edit(edited, given.share_options()),
        "own_words_form_again": lambda: own_words.edit(
            replace(edited, own=own), given.share_options()
        ),
        "consent_form": lambda: share_forms.consent_form(PostId(14), 6),
        "consent_form_at_length": lambda: share_forms.consent_form(PostId(14), 1, at_length=True),
        "closing_withdrawn": lambda: share_forms.closing(
            announcements.why_ended(PostState.WITHDRAWN)
        ),
        "closing_expired": lambda: share_forms.closing(announcements.why_ended(PostState.EXPIRED)),
        **{
            f"closing_{name.lower()}": partial(share_forms.closing, getattr(replies, name))
            for name in ("GONE", "NOT_LIVE", "POST_ENDED", "CONSENT_ENDED")
        },
        **{
            f"trouble_{name.lower()}": partial(errors.trouble_view, getattr(replies, name))
            for name in ("BUSY", "UNKNOWN", "UNREADABLE", "BROKEN")
        },
    }


def _skips() -> Mapping[str, Build]:
    reasons: dict[str, Build] = {
        f"skip_reason_{reason}": partial(responses.reason_kept, reason, _REF)
        for reason in SkipReason
    }
    return {
        **reasons,
        "skip": lambda: responses.skipped(_REF),
        "skip_shared": lambda: responses.skipped(_REF, was_shared=True),
        "skip_stopped": lambda: asks.with_stop(responses.skipped(_REF), stopped=True),
        "skip_undone": responses.taken_back,
        "skip_not_joined": responses.not_joined,
        "saved": lambda: responses.saved(_REF),
        "share_dialog_failed": lambda: responses.dialog_failed(_REF),
    }


def _lessons() -> Mapping[str, Build]:
    catalog, ref = given.LESSONS, _REF
    first, hostile = catalog.lessons[0], given.HOSTILE_LESSON
    form = ShareDialog(PostId(14), Network.LINKEDIN)
    read: dict[str, Build] = {
        f"lesson_{lesson.name}": partial(lessons.dialog, lesson, catalog)
        for lesson in catalog.lessons
    }
    return {
        **read,
        "lesson_hostile": lambda: lessons.dialog(hostile, LessonCatalog((hostile,))),
        "lessons_outside": lambda: lessons.catalogue(catalog, None),
        "lessons_member": lambda: lessons.catalogue(catalog, {first.name}),
        "lessons_hostile": lambda: lessons.catalogue(LessonCatalog((hostile,)), ()),
        "lessons_most": lambda: lessons.catalogue(given.most_lessons(), ()),
        "lessons_dialog": lambda: lessons.all_lessons(catalog, {first.name}),
        "lesson_offer_delivery": lambda: lessons.offered(
            membership.delivery_chosen(given.BROWSING, CHANNEL, wanted=False), first, Place.DELIVERY
        ),
        "lesson_offer_skipped": lambda: lessons.offered(
            responses.skipped(ref), first, Place.SKIPPED, ref
        ),
        "lesson_offer_hostile": lambda: lessons.offered(
            responses.skipped(ref), hostile, Place.SKIPPED, ref
        ),
        "lesson_offer_dialog": lambda: lessons.offered_in(
            share_dialog.render_share(form, given.share_options()), first
        ),
        "lesson_offer_own_words": lambda: lessons.offered_in(
            own_words.edit(form, given.share_options(), typed="Proud of this.", undisclosed=True),
            first,
        ),
    }


def _memberships() -> Mapping[str, Build]:
    member, until = given.AMARA, NOW + 14 * DAY
    soon = Withheld(Reason.CAP, NOW + 5 * DAY)

    def status(who: Member, *, renewable: bool = False) -> Build:
        return partial(membership.status, who, soon, CHANNEL, NOW, renewable=renewable)

    ways: dict[str, tuple[Member, bool]] = {
        "channel": (member, True),
        "browse": (given.BROWSING, False),
        "direct_only": (given.DIRECT, False),
    }
    return {
        **{
            f"member_delivery_{way}": partial(membership.delivery_chosen, who, CHANNEL, wanted=on)
            for way, (who, on) in ways.items()
        },
        "member_joined": lambda: membership.joined(replace(member, preferences=Preferences())),
        "member_joined_again": lambda: membership.joined(given.DIRECT),
        "member_delivery_there_already": lambda: membership.delivery_chosen(
            member, CHANNEL, wanted=True, already_there=True
        ),
        "member_already_joined": lambda: membership.already_joined(
            member, soon, CHANNEL, NOW, renewable=False
        ),
        "member_not_joined": membership.not_joined,
        "member_who_sees_what": membership.who_sees_what,
        "member_left": lambda: membership.left(CHANNEL, LeaveUndo(NOW, None)),
        "member_leave_undone": lambda: membership.leave_undone(member),
        "member_undo_too_late": lambda: membership.nothing_to_undo(consents=False),
        "member_undo_needless": lambda: membership.nothing_to_undo(consents=True),
        "member_more": lambda: membership.more(member),
        "member_more_outside": lambda: membership.more(None),
        "member_pause": lambda: membership.ask_pause(member, NOW),
        "member_pause_paused": lambda: membership.ask_pause(given.PAUSED, NOW),
        "member_pause_problem": lambda: membership.ask_pause(
            member, NOW, "Please choose a day after today for the end of your pause."
        ),
        "member_already_out": lambda: membership.already_out(channel=CHANNEL),
        "member_paused": lambda: membership.paused(
            replace(member, paused_until=until), changed=True
        ),
        "member_paused_browse": lambda: membership.paused(
            replace(given.BROWSING, paused_until=until), changed=True
        ),
        "member_already_paused": lambda: membership.paused(
            replace(member, paused_until=until), changed=False
        ),
        "member_resumed": lambda: membership.resumed(given.DIRECT, CHANNEL, changed=True),
        "member_resumed_channel": lambda: membership.resumed(member, CHANNEL, changed=True),
        "member_resumed_browse": lambda: membership.resumed(given.BROWSING, CHANNEL, changed=True),
        "member_not_paused": lambda: membership.resumed(member, CHANNEL, changed=False),
        "member_status_channel": status(member),
        "member_status_browse": status(given.BROWSING),
        "member_status_paused": status(given.PAUSED),
        "member_status_renewable": status(given.DIRECT, renewable=True),
        "help_member": partial(_help, in_comms=False),
        "help_comms": partial(_help, in_comms=True),
    }


def _asks() -> Mapping[str, Build]:
    member, ends = given.DIRECT, NOW + 10 * DAY
    two = post(replace(given.FLINK, topics=("releases", "open source", "awards")))
    reasons: dict[str, Build] = {
        f"ask_reason_{reason}": partial(
            asks.reason_kept, reason, _REF, asked=True, slower=None, stopped=False
        )
        for reason in SkipReason
    }
    return {
        **reasons,
        "ask": lambda: asks.render_ask(post(), member),
        "ask_picture": lambda: asks.render_ask(
            post(replace(given.PICTURED, author="Cleo Marin"), page=given.PAGE), member
        ),
        "ask_page": lambda: asks.render_ask(post(page=given.PAGE), member),
        "ask_page_hostile": lambda: asks.render_ask(
            post(replace(given.HOSTILE, author=given.PAGES), page=given.PAGE_HOSTILE),
            given.HOSTILE_MEMBER,
        ),
        "ask_two_topics": lambda: asks.render_ask(two, member),
        "ask_again": lambda: asks.render_ask(post(), member, repeat=True),
        "ask_renewal": lambda: asks.render_ask(post(), member, renew_before=ends),
        "ask_hostile": lambda: asks.render_ask(post(given.HOSTILE), given.HOSTILE_MEMBER),
        "ask_long": lambda: asks.render_ask(post(given.LONG), given.LONG_MEMBER, repeat=True),
        "ask_answered": lambda: asks.answered(post()),
        "ask_answered_hostile": lambda: asks.answered(post(given.HOSTILE)),
        "ask_closed": asks.closed,
        "ask_resumed": asks.resumed,
        "ask_reason_slower": lambda: asks.reason_kept(
            SkipReason.TOO_OFTEN, _REF, asked=True, slower=Pace.FORTNIGHTLY, stopped=True
        ),
        "ask_slower": lambda: asks.slower(Pace.FORTNIGHTLY, changed=True),
        "ask_slower_already": lambda: asks.slower(Pace.FORTNIGHTLY, changed=False),
        "ask_slowest": lambda: asks.slower(Pace.MONTHLY, changed=False),
        "ask_stopped": asks.stopped,
        "ask_who_sees": asks.who_sees,
    }


def _outlooks() -> Mapping[str, Build]:
    """The sentence for every reason, and where no moment comes by itself."""

    def of(decision: Allowed | Withheld, member: Member = given.DIRECT) -> Build:
        return lambda: say(outlook.next_ask(decision, member))

    channel_only = {Reason.EMBARGO, Reason.QUEUE}
    reasons = [reason for reason in Reason if reason not in channel_only]
    return {
        "outlook_now": of(Allowed()),
        "outlook_longer_gap": of(
            Withheld(Reason.GAP, NOW + 5 * DAY),
            replace(given.DIRECT, consecutive_declines=SLOWS_AFTER),
        ),
        "outlook_never_before_consent_ends": of(Withheld(Reason.PAUSED, None)),
        **{f"outlook_{reason}": of(Withheld(reason, NOW + 5 * DAY)) for reason in reasons},
    }


def _settings() -> Mapping[str, Build]:
    offered = Offered(
        {"releases": "releases", "open source": "open source", "ai": "AI"},
        tuple(Network),
        given.COUNTRIES,
    )
    regions = replace(offered, regions={"BE": "Berlin", "BY": "Bayern", "HH": "Hamburg"})
    many = Offered(
        {f"topic {n:03}": f"Topic {n:03}" for n in range(140)}, tuple(Network), given.COUNTRIES
    )
    none = Offered({}, tuple(Network), given.COUNTRIES)
    return {
        "settings_new": lambda: preferences.render(Preferences(), offered),
        "settings_chosen": lambda: preferences.render(given.CHOSEN, offered),
        "settings_no_topics": lambda: preferences.render(Preferences(), none),
        "settings_many_topics": lambda: preferences.render(given.CHOSEN, many),
        "settings_hostile": lambda: preferences.render(given.HOSTILE_MEMBER.preferences, offered),
        "settings_region": lambda: preferences.render(
            replace(given.CHOSEN, country="DE", region="BE"), regions
        ),
        "settings_server": lambda: preferences.render(given.CHOSEN, offered, "mastodon.social"),
        "settings_no_mastodon": lambda: preferences.render(
            given.CHOSEN, replace(offered, networks=(Network.LINKEDIN, Network.X)), "c.im"
        ),
        "direct_form": lambda: direct_form.render(Preferences(), offered),
        "direct_form_again": lambda: direct_form.render(given.CHOSEN, offered),
        "direct_form_no_topics": lambda: direct_form.render(Preferences(), none),
        "direct_saved": lambda: direct_form.saved(outlook.next_ask(Allowed(), given.DIRECT)),
        "settings_saved": lambda: preferences.saved(
            outlook.next_ask(Withheld(Reason.CAP, NOW + 5 * DAY), given.DIRECT), channel=None
        ),
        "settings_saved_channel": lambda: preferences.saved(
            outlook.next_ask(Withheld(Reason.NOT_DIRECT, None), given.AMARA), channel=CHANNEL
        ),
    }


def _feeds() -> Mapping[str, Build]:
    comms, guest = Viewer(CLEO), Viewer(CLEO, is_guest=True)
    blog = Feed(FeedId(1), "https://blog.example.org/feed", "Our blog", NOW)
    hostile = replace(blog, id=FeedId(2), title=given.HOSTILE.title, address=given.HOSTILE.link)
    failing = replace(blog, id=FeedId(3), problem=FeedProblem.SLOW)
    some = [blog, hostile, failing]
    many = [replace(hostile, id=FeedId(number)) for number in range(MOST_FEEDS)]
    entries = tuple(FeedEntry("One", f"https://blog.example.org/{n}") for n in range(1_000))
    named = ("https://blog.example.org/feed", f"https://blog.example.org/{'x' * 300}?a=1&b=2")
    builds: dict[str, Build] = {
        f"feed_not_added_{problem}": partial(feeds.not_added, problem) for problem in FeedProblem
    }
    return {
        **builds,
        "feed_page": lambda: feeds.not_added(FeedProblem.NO_FEED, named[:1]),
        "feed_page_of_two": lambda: feeds.not_added(FeedProblem.NO_FEED, named),
        "feed_added": lambda: feeds.added(ReadFeed("", given.HOSTILE.title, entries)),
        "feed_added_empty": lambda: feeds.added(ReadFeed("", "Our blog", ())),
        "feed_added_one": lambda: feeds.added(ReadFeed("", "Our blog", entries[:1])),
        "feed_removed": lambda: feeds.removed(given.HOSTILE.title),
        "feeds_list": lambda: feeds.overview(some, comms),
        "feeds_list_guest": lambda: feeds.overview(some, guest),
        "feeds_none": lambda: feeds.overview([], comms),
        "feeds_dialog": lambda: feeds.dialog(some, comms, feeds.removed("Our blog").text),
        "feeds_dialog_guest": lambda: feeds.dialog(some, guest),
        "feeds_dialog_most": lambda: feeds.dialog(many, comms),
        "feeds_dialog_none": lambda: feeds.dialog([], comms),
        "feeds_dialog_answer": lambda: feeds.closing(
            feeds.not_added(FeedProblem.NO_FEED, named[:1])
        ),
    }


def _suggestions() -> Mapping[str, Build]:
    link = "https://news.example.org/one?a=1&b=2"
    some = [link, given.HOSTILE.link, f"https://news.example.org/{'x' * 100}"]
    signed = Suggestion(SuggestionId(3), link, "It's about us.", CLEO)
    hostile = Suggestion(SuggestionId(4), given.HOSTILE.link, given.HOSTILE.why, None)
    return {
        "suggestion_form": lambda: suggestions.form([], may_be_unsigned=True),
        "suggestion_form_few_members": lambda: suggestions.form([link], may_be_unsigned=False),
        "suggestion_of_message": lambda: suggestions.form(
            [link], may_be_unsigned=True, from_message=True
        ),
        "suggestion_of_links": lambda: suggestions.form(
            some, may_be_unsigned=True, from_message=True
        ),
        "suggestion_of_no_link": lambda: suggestions.form(
            [], may_be_unsigned=True, from_message=True
        ),
        "suggestion_sent": lambda: suggestions.sent(signed=True, tell=False),
        "suggestion_sent_unsigned": lambda: suggestions.sent(signed=False, tell=True),
        "suggestion_card": lambda: suggestions.card(signed),
        "suggestion_card_hostile": lambda: suggestions.card(hostile),
        "suggestion_used": lambda: suggestions.used(hostile, CARL, PostId(14)),
        "suggestion_declined": lambda: suggestions.declined(hostile, CARL),
        "suggestion_decided_use": lambda: suggestions.decided(post_id=PostId(14)),
        "suggestion_decided_decline": lambda: suggestions.decided(post_id=None),
        "suggestion_answer_used": lambda: suggestions.answer(SuggestionOutcome.USED),
        "suggestion_answer_declined": lambda: suggestions.answer(SuggestionOutcome.DECLINED),
    }


def _share_notes() -> Mapping[str, Build]:
    dialog = ShareDialog(PostId(14), Network.LINKEDIN, WordingId(1), stage=Stage.SHARED)
    practice = replace(dialog, practice=True)
    batch, post = Batch(PostId(14), NOW), f"“{escape(given.HOSTILE.title)}”"
    told = [
        ShareNote(ShareNoteId(1), given.HOSTILE.why, None),
        ShareNote(ShareNoteId(2), "", None),
        ShareNote(ShareNoteId(3), "It went well.", CLEO),
        ShareNote(ShareNoteId(4), "", None),
        ShareNote(ShareNoteId(5), "", CARL),
    ]
    card = share_notes.card
    return {
        "share_note_form": lambda: share_notes.form(dialog, may_be_unsigned=True),
        "share_note_form_few_members": lambda: share_notes.form(dialog, may_be_unsigned=False),
        "share_note_form_practice": lambda: share_notes.form(practice, may_be_unsigned=True),
        "share_shared_and_told": lambda: share_dialog.render_share(
            dialog, given.share_options(), note=share_notes.sent(signed=False)
        ),
        "share_shared_and_told_signed": lambda: share_dialog.render_share(
            dialog, given.share_options(), note=share_notes.sent(signed=True)
        ),
        "share_notes": lambda: card(batch, post, told),
        "share_notes_one_without_words": lambda: card(batch, post, told[1:2]),
        "thanks_form": lambda: share_notes.thanks_form(batch),
        "thanks_said": share_notes.thanked,
        **{f"thanks_not_said_{why}": partial(share_notes.not_thanked, why) for why in Unthankable},
        "thanks": lambda: share_notes.thanks(given.HOSTILE.title, ""),
        "thanks_with_words": lambda: share_notes.thanks("A title", given.HOSTILE.why),
    }


def _homes() -> Mapping[str, Build]:
    live = given.posts(3)
    usual = HomeTabData(
        workspace=WORKSPACE,
        member=given.DIRECT,
        decision=Withheld(Reason.CAP, NOW + 5 * DAY),
        paused=False,
        renewable=False,
        posts=live,
        desk=None,
        topics=given.DIRECT.preferences.topics,
    )
    states = [state for state in PostState if not state.ended]
    all_states = [post for post in given.posts(40, given.FLINK, *PostState) if post.state in states]
    planned = given.posts(5, given.FLINK, PostState.APPROVED)
    paused = replace(given.PAUSED, preferences=given.CHOSEN)
    answers: tuple[tuple[Stage | None, SkipReason | None, Network | None], ...] = (
        (None, None, None),
        (Stage.INTERESTED, None, None),
        (Stage.OPENED, None, Network.LINKEDIN),
        (Stage.SHARED, None, Network.X),
        (Stage.SKIPPED, None, None),
        (Stage.SKIPPED, SkipReason.NOT_MY_VOICE, None),
    )
    answered = [
        AnsweredPost(PostId(30 + place), given.FLINK.title, place < 5, *what, NOW - place * DAY)
        for place, what in enumerate(answers)
    ]
    hostile_answer = AnsweredPost(PostId(40), given.HOSTILE.title, True, None, None, None, NOW)
    table = {
        "home_answered": replace(usual, answered=answered),
        "home_answered_many": replace(
            usual,
            answered=[replace(answered[0], post_id=PostId(30 + place)) for place in range(30)],
        ),
        "home_answered_hostile": replace(usual, answered=[hostile_answer]),
        "home_not_joined": replace(usual, member=None, decision=None, posts=[]),
        "home_member": usual,
        "home_browsing": replace(
            usual, member=given.BROWSING, decision=Withheld(Reason.NOT_DIRECT, None), topics=()
        ),
        "home_paused": replace(
            usual, member=paused, paused=True, decision=Withheld(Reason.PAUSED, NOW + 14 * DAY)
        ),
        "home_stopped": replace(
            usual,
            member=replace(given.DIRECT, consecutive_declines=4, stopped_at=NOW - DAY),
            decision=Withheld(Reason.STOPPED, None),
        ),
        "home_renewable": replace(usual, renewable=True),
        "home_rules_changed": replace(usual, changes=given.RULE_CHANGES),
        "home_many_posts": replace(usual, posts=given.posts(30)),
        "home_nothing_to_share": replace(usual, posts=[]),
        "home_hostile": replace(
            usual,
            member=given.HOSTILE_MEMBER,
            posts=given.posts(2, given.HOSTILE),
            topics=given.HOSTILE.topics,
        ),
        "home_lessons": replace(
            usual, catalog=given.LESSONS, read_lessons=frozenset({given.LESSONS.lessons[1].name})
        ),
        "home_comms_empty": replace(usual, desk=_desk([])),
        "home_comms": replace(usual, desk=_desk(all_states)),
        "home_comms_feeds": replace(
            usual,
            desk=_desk([*(given.drafted(90 + number, "R&D <blog>") for number in range(5))]),
        ),
        "home_comms_not_joined": replace(
            usual, member=None, decision=None, posts=[], desk=_desk(all_states[:3])
        ),
        "home_comms_elsewhere": replace(usual, desk=_desk(planned, time_zone="America/New_York")),
        "home_comms_guest": replace(
            usual, desk=replace(_desk(all_states, is_guest=True), rows=[], pace_check=None)
        ),
        "home_comms_frozen": replace(usual, desk=_desk(all_states[:2], workspace=given.FROZEN)),
    }
    desk_of_guest = replace(_desk(all_states[:3], is_guest=True), pace_check=None)
    shut_out = (Refusal.UNKNOWN, Refusal.OUTSIDER, Refusal.GUEST)
    closed: dict[str, Build] = {
        f"home_closed_{why}": partial(home_tab.closed, admission.refused(why), None)
        for why in shut_out
    }
    return {
        **{name: partial(home_tab.render, facts) for name, facts in table.items()},
        **closed,
        "home_closed_guest_in_comms": partial(
            home_tab.closed, admission.refused(Refusal.GUEST), desk_of_guest
        ),
    }


def _desk(
    posts: Sequence[Post],
    *,
    workspace: Workspace = WORKSPACE,
    is_guest: bool = False,
    time_zone: str = "Europe/Berlin",
) -> Desk:
    """What Carl sees: each need there is, and what else is under way."""
    queue = [one for one in posts if one.state is PostState.APPROVED]
    frozen = workspace.policy.freeze is not None
    forecasts = {
        one.id: Forecast(None, Reason.FROZEN)
        if frozen
        else Forecast(NOW + place * 2 * DAY, Reason.QUEUE if place > 1 else Reason.GAP)
        for place, one in enumerate(queue, 1)
    }
    rows = [
        DeskRow(need, post(given.HOSTILE, PostState.IN_REVIEW, id=200 + place), "Too long & <b>.")
        for place, need in enumerate(Need)
    ]
    viewer = Viewer(CARL, is_guest, time_zone)
    found = Overview(workspace, posts, forecasts)
    check = PaceCheck(Colour.AMBER)
    others = Counter(one.newest_state for one in posts if not one.untouched)
    return Desk(viewer, rows if len(posts) > 3 else [], found, check, others=others)


def _reviews() -> Mapping[str, Build]:
    def read(shown: Post, who: UserId = CARL, **changed: Any) -> Build:
        facts = Review(
            viewer=Viewer(who, time_zone="Europe/Berlin"),
            post=shown,
            decisions=[],
            since=None,
            changes=[],
            waits=PostState.IN_REVIEW in (shown.state, shown.correction),
            obstacle=None,
            own_news=None,
            audience=None,
            forecast=None,
            after=None,
            workspace=WORKSPACE,
            uncertain=False,
            preview=None,
        )
        return partial(review.render, replace(facts, **changed), SharingPolicy())

    waits = post(state=PostState.IN_REVIEW)
    linked = replace(waits, card_link="https://acme.slack.com/archives/C1/p1?a=1&b=2")
    corrected = replace(
        given.FLINK,
        title="Flink 1.20 is out",
        expires_at=None,
        not_before=NOW + DAY,
        wordings=given.BILINGUAL.wordings,
    )
    correction = replace(given.corrected(PostState.IN_REVIEW), content=corrected)
    return {
        "review": read(linked, preview=given.SEEN),
        "review_author": read(
            replace(waits, content=given.BY_CLEO),
            preview=given.SEEN,
            since=given.APPROVED,
            changes=compare(given.FLINK, given.BY_CLEO),
        ),
        "review_own_news": read(
            replace(waits, content=given.PROMPTED),
            own_news=5,
            since=given.APPROVED,
            changes=compare(given.DIRECT_ONLY, given.PROMPTED),
        ),
        "review_audience": read(waits, audience=Audience("releases", 35, is_only=True)),
        "review_pictured": read(replace(waits, content=given.PICTURED), preview=given.SEEN),
        "review_own": read(waits, CLEO, obstacle=Obstacle.OWN_POST),
        "review_writer_erased": read(replace(waits, writer=None), obstacle=Obstacle.WRITER_ERASED),
        "review_expired": read(waits, obstacle=Obstacle.EXPIRY_PASSED),
        "review_guest": read(waits, viewer=Viewer(CARL, is_guest=True)),
        "review_hostile": read(post(given.HOSTILE, PostState.IN_REVIEW)),
        "review_correction": read(
            correction,
            decisions=[given.APPROVED],
            since=given.APPROVED,
            changes=compare(given.FLINK, corrected),
        ),
        "review_sent_back_before": read(
            waits, decisions=[given.SENT_BACK_EARLIER], since=given.SENT_BACK_EARLIER
        ),
        "review_planned": read(
            post(state=PostState.APPROVED),
            forecast=Forecast(NOW + 2 * DAY, Reason.QUEUE),
            after=PostId(13),
        ),
        "review_withdrawn": read(post(state=PostState.WITHDRAWN)),
        "review_done": lambda: review.closing(
            say(replies.approved(post(state=PostState.APPROVED), changed=True))
        ),
    }


def _schedules() -> Mapping[str, Build]:
    queue = given.posts(3, given.FLINK, PostState.APPROVED)
    away = Viewer(CARL, time_zone="America/New_York")
    forecasts = {
        one.id: Forecast(NOW + place * 2 * DAY, Reason.QUEUE if place > 1 else Reason.CAP)
        for place, one in enumerate(queue, 1)
    }
    found = Overview(WORKSPACE, queue, forecasts)
    return {
        "schedule": lambda: schedule.dialog(found, Viewer(CARL, time_zone="Europe/Berlin")),
        "schedule_elsewhere": lambda: schedule.dialog(found, away),
        "schedule_guest": lambda: schedule.dialog(found, replace(away, is_guest=True)),
        "schedule_empty": lambda: schedule.dialog(replace(found, posts=[], forecasts={}), away),
        "schedule_stays": lambda: schedule.dialog(
            found, away, schedule.moved(queue[0], Moved.STAYS)
        ),
        "schedule_not_queued": lambda: schedule.dialog(
            found, away, schedule.moved(None, Moved.NOT_QUEUED)
        ),
    }


def _pace_checks() -> Mapping[str, Build]:
    zone = WORKSPACE.policy.zone
    table: dict[str, Build] = {
        f"health_{one}": partial(pace_check.render, PaceCheck(one, one is Colour.RED), zone)
        for one in Colour
    }
    table["health_few_members"] = partial(
        pace_check.render, PaceCheck(Colour.GREEN, active=False), zone
    )
    told: dict[str, Build] = {
        f"notice_pace_{one}": partial(pace_check.changed, one) for one in Colour
    }
    told |= {f"notice_{why}": partial(notices.comms_channel_refused, why) for why in ChannelFault}
    stopped = Notice(NoticeId(9), NoticeKind.FIRST_GROUP_STOPPED, PostId(14), None, None)
    pace = Notice(NoticeId(10), NoticeKind.PACE_CHECK, None, None, Colour.RED)
    return {
        **table,
        **told,
        "health_red_goes_on": partial(
            pace_check.render, PaceCheck(Colour.RED, False, NOW + 6 * DAY), zone
        ),
        "health_acknowledged": partial(pace_check.acknowledged, NOW + 7 * DAY, zone),
        "health_nothing_to_acknowledge": pace_check.nothing_to_acknowledge,
        "notice_first_group_stopped": partial(
            notices.render, stopped, notices.About("A <title> & more", CLEO), CHANNEL
        ),
        "notice_pace_check": partial(notices.render, pace, notices.About(), CHANNEL),
    }


def _help(*, in_comms: bool) -> Message:
    lines = (commands.help_lines(for_comms=for_comms) for for_comms in (False, True))
    return membership.help_for(*lines, in_comms=in_comms)


def _lists() -> Mapping[str, Build]:
    states = tuple(PostState)
    viewer = Viewer(CARL, time_zone="Europe/Berlin")
    many = given.posts(100, given.FLINK, *states)
    title, linkedin = given.FLINK.title, Network.LINKEDIN
    some = [
        *given.posts(5, given.FLINK, *states[:5]),
        replace(given.corrected(PostState.IN_REVIEW), id=PostId(90)),
        post(given.BARE, PostState.DRAFT, id=89),
        post(given.HOSTILE, PostState.WITHDRAWN, id=88),
        given.drafted(87, given.HOSTILE.title),
    ]

    def seen(listed: list[Post]) -> Overview:
        planned = Forecast(NOW + 2 * DAY, Reason.CAP)
        queue = [one.id for one in listed if one.state is PostState.APPROVED]
        return Overview(WORKSPACE, listed, dict.fromkeys(queue, planned))

    return {
        "browse_answered": lambda: post_lists.browse(
            Browsable(
                [post(), post(id=15), post(id=16)],
                [
                    AnsweredPost(PostId(15), title, True, Stage.SHARED, None, linkedin, NOW),
                    AnsweredPost(PostId(16), title, True, Stage.SKIPPED, None, None, NOW),
                ],
            )
        ),
        "browse_none": lambda: post_lists.browse(Browsable([])),
        "browse_some": lambda: post_lists.browse(Browsable([*given.posts(2), post(given.HOSTILE)])),
        "browse_many": lambda: post_lists.browse(Browsable(given.posts(100)[:10], left_out=90)),
        "posts_none": lambda: post_lists.overview(Overview(WORKSPACE, [], {}), viewer),
        "posts_some": lambda: post_lists.overview(seen(some), viewer),
        "posts_many": lambda: post_lists.overview(seen(many), viewer),
        "posts_dialog": lambda: post_lists.all_posts(seen(many), viewer),
        "posts_dialog_none": lambda: post_lists.all_posts(Overview(WORKSPACE, [], {}), viewer),
        "posts_frozen": lambda: post_lists.overview(
            Overview(
                given.FROZEN,
                given.posts(1, given.FLINK, PostState.APPROVED),
                {PostId(101): Forecast(None, Reason.FROZEN)},
            ),
            viewer,
        ),
    }


def _notices() -> Mapping[str, Build]:
    def notice(
        kind: NoticeKind,
        detail: str | None = None,
        about: PostId | None = _ID,
        who: UserId | None = CARL,
    ) -> Build:
        notice = Notice(NoticeId(1), kind, about, who, detail)
        card = "https://acme.slack.com/archives/C1/p1?a=1&b=2" if who else None
        actor = "R&D <Carl>" if who else None
        beside = notices.About(given.HOSTILE.title, CLEO, card, actor, WORKSPACE.policy.zone)
        return partial(notices.render, notice, beside, CHANNEL)

    troubles = ("throttled", "unreachable", "channel_not_found", "not_in_channel", "is_archived")
    more = ("restricted_action", "missing_scope", "invalid_auth", "msg_blocked")
    builds: dict[str, Build] = {
        f"notice_trouble_{code}": notice(NoticeKind.TROUBLE, code) for code in (*troubles, *more)
    }
    return {
        **builds,
        "notice_trouble_of_no_post": notice(NoticeKind.TROUBLE, "unreachable", None),
        "notice_note": notice(NoticeKind.NOTE, given.HOSTILE.why, who=None),
        "notice_note_signed": notice(NoticeKind.NOTE, "The link is broken."),
        "notice_texts_used_up": notice(NoticeKind.WORDINGS_USED_UP, "linkedin:2"),
        "notice_frozen": notice(NoticeKind.FROZEN, about=None),
        "notice_unfrozen": notice(NoticeKind.UNFROZEN, about=None),
        "notice_uncertain": notice(NoticeKind.UNCERTAIN),
        "notice_sent_back": notice(NoticeKind.SENT_BACK, given.HOSTILE.why),
        "notice_waits_again": notice(NoticeKind.WAITS_AGAIN, who=None),
        "notice_still_waits": notice(NoticeKind.STILL_WAITS, "2", who=None),
        "notice_runs_dry": notice(NoticeKind.SCHEDULE, "2026-09-10", about=None, who=None),
        "notice_nothing_queued": notice(NoticeKind.SCHEDULE, about=None, who=None),
        "notice_piles_up": notice(NoticeKind.SCHEDULE, look_ahead.as_detail(given.TOO_LATE)),
        "notice_posts_end": notice(NoticeKind.POSTS_END, who=None),
        "notice_second_approver": notice(NoticeKind.SECOND_APPROVER, about=None, who=None),
        "notice_feed_draft": notice(NoticeKind.FEED_DRAFTS, given.HOSTILE.title, None, None),
        "notice_feed_drafts": notice(
            NoticeKind.FEED_DRAFTS, "\n".join((*given.TITLES[:2], given.HOSTILE.title)), None, None
        ),
        "notice_feed_fails": notice(
            NoticeKind.FEED_FAILS, f"gone\n{given.HOSTILE.title}", None, None
        ),
        "notice_feed_moved": notice(
            NoticeKind.FEED_MOVED, f"{given.HOSTILE.link}\n{given.HOSTILE.title}", None, None
        ),
        "notice_not_changed": notice(NoticeKind.NOT_CHANGED, who=None),
        "notice_frozen_by_nobody_known": notice(NoticeKind.FROZEN, who=None),
        "settled_there": lambda: notices.settled(
            PostId(14), UserId(CARL), there=True, was_open=True
        ),
        "settled_again": lambda: notices.settled(
            PostId(14), UserId(CARL), there=False, was_open=True
        ),
        "settled_before": lambda: notices.settled(
            PostId(14), UserId(CARL), there=True, was_open=False
        ),
        "notice_frozen_until": notice(NoticeKind.FROZEN, detail=as_detail(given.OVER_WINTER)),
        "freeze_question": lambda: freeze.ask_freeze(ENDLESS, WORKSPACE.policy),
        "freeze_question_until": lambda: freeze.ask_freeze(given.OVER_WINTER, WORKSPACE.policy),
        "freeze_question_another_end": lambda: freeze.ask_freeze(
            given.OVER_WINTER, given.FROZEN.policy
        ),
        "unfreeze_question": freeze.ask_unfreeze,
        "freeze_done": lambda: freeze.answer(given.FROZEN.policy, changed=True),
        "freeze_done_until": lambda: freeze.answer(given.FROZEN_UNTIL.policy, changed=True),
        "freeze_already": lambda: freeze.answer(given.FROZEN.policy, changed=False),
        "freeze_already_until": lambda: freeze.answer(given.FROZEN_UNTIL.policy, changed=False),
        "unfreeze_done": lambda: freeze.answer(WORKSPACE.policy, changed=True),
        "unfreeze_already": lambda: freeze.answer(WORKSPACE.policy, changed=False),
    }


def _personal_records() -> Mapping[str, Build]:
    mine, nobody = given.RECORD, given.NO_RECORD
    return {
        "my_data": lambda: my_data.render(mine, LessonCatalog()),
        "my_data_with_file": lambda: my_data.render(mine, LessonCatalog(), with_file=True),
        "my_data_nothing": lambda: my_data.render(nobody, LessonCatalog()),
        "my_data_first_page": lambda: my_data.render(given.LONG_RECORD, LessonCatalog()),
        "my_data_last_page": lambda: my_data.render(given.LONG_RECORD, LessonCatalog(), 9),
        "my_data_file_warning": my_data.warn,
        "my_data_file_on_its_way": my_data.sending,
        "my_data_file_sent": my_data.sent,
        "my_data_file_not_sent": my_data.not_sent,
        "my_data_file_maybe_sent": my_data.maybe_sent,
        "my_data_file_message": my_data.file_message,
        "my_data_forget": lambda: my_data.ask_to_forget(mine),
        "my_data_forgotten": partial(my_data.forgotten, 0),
        "forget_me": lambda: retention.ask_to_forget(mine),
        "forget_me_member": lambda: retention.ask_to_forget(given.MEMBER_RECORD),
        "forget_me_only_in_record": lambda: retention.ask_to_forget(given.RECORD_ONLY),
        "my_data_only_in_record": lambda: my_data.render(given.RECORD_ONLY, LessonCatalog()),
        "forget_me_nothing": lambda: retention.ask_to_forget(nobody),
        "forget_me_done": partial(retention.forgotten, 0),
        "forget_me_done_in_comms": partial(retention.forgotten, 3),
    }


def _records() -> Mapping[str, Build]:
    page = Page(given.ENTRIES, None, newer=True, older=True, years=3, zone="Europe/Berlin")
    one = replace(page, entries=page.entries[:4], post_id=_ID, newer=False, older=False, years=1)
    hostile = replace(page, entries=given.HOSTILE_ENTRIES, newer=False)
    return {
        "record": lambda: record.render(page),
        "record_dialog": lambda: record.dialog(page),
        "record_of_a_post": lambda: record.render(one),
        "record_hostile": lambda: record.render(hostile),
        "record_nothing": lambda: record.render(replace(one, entries=())),
    }


def _words() -> Mapping[str, Build]:
    constants = {
        name: text
        for name, text in vars(replies).items()
        if name.isupper() and " " in text  # the rest are ids of buttons
    }
    sentences: dict[str, Build] = {
        f"words_{name.lower()}": partial(say, text.format(command="approve"))
        for name, text in constants.items()
    }
    hostile, live = post(given.HOSTILE), post()
    ended = {state: post(state=state) for state in (PostState.WITHDRAWN, PostState.EXPIRED)}
    spoken = {
        "withdrawn_already": replies.ended(ended[PostState.WITHDRAWN]),
        "expired_already": replies.ended(ended[PostState.EXPIRED]),
        "own_post": replies.own_post(live),
        "own_post_hostile": replies.own_post(hostile),
        "own_post_bare": replies.own_post(post(given.BARE)),
        "writer_erased": replies.writer_erased(post(writer=None)),
        "not_in_review": replies.not_in_review(live),
        "expiry_passed": replies.expiry_passed(live),
        "approved": replies.approved(post(state=PostState.APPROVED), changed=True),
        "approved_already": replies.approved(live, changed=False),
        "approved_correction": replies.approved(live, changed=True),
        "sent_back": replies.sent_back(live),
        "submitted": replies.submitted(post(state=PostState.IN_REVIEW)),
        "withdrawn": replies.withdrawn(ended[PostState.WITHDRAWN], changed=True, was_live=True),
        "withdrawn_unsent": replies.withdrawn(
            ended[PostState.WITHDRAWN], changed=True, was_live=False
        ),
        "withdrawn_before": replies.withdrawn(
            ended[PostState.WITHDRAWN], changed=False, was_live=False
        ),
    }
    return {
        **sentences,
        **{f"words_{name}": partial(say, sentence) for name, sentence in spoken.items()},
        **{f"refused_{why}": partial(admission.refused, why) for why in Refusal},
        "words_unknown_command": lambda: commands_view.unknown_command(
            "brwse", "browse", member=False
        ),
        "words_unknown_command_member": lambda: commands_view.unknown_command(
            "leav", "leave", member=True
        ),
        "words_unknown_command_hostile": lambda: commands_view.unknown_command(
            given.PAGES * 9, None, member=False
        ),
        "words_leave_or_change": lambda: commands_view.ask_whether_to_leave(
            halted=False, erasing=False
        ),
        "words_leave_or_change_paused": lambda: commands_view.ask_whether_to_leave(
            halted=True, erasing=True
        ),
    }

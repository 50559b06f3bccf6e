"""Every card, form, message and dialog in each of its states: a name, and what builds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.models.views import View

from bot.domain.fatigue import Cause, Reading
from bot.domain.house import House
from bot.domain.lessons import Shelf
from bot.domain.model import (
    Allowed,
    Colour,
    Content,
    Member,
    Network,
    Notice,
    NoticeKind,
    Pace,
    PostState,
    Preferences,
    Reason,
    SkipReason,
    Stage,
    Withheld,
)
from bot.domain.pacing import SLOWS_AFTER
from bot.domain.preview import Preview, Problem
from bot.domain.queue import Forecast
from bot.domain.tagging import Names
from bot.slack.views import (
    announcement,
    asides,
    ask,
    card,
    dialog,
    home,
    lessons,
    lists,
    membership,
    notices,
    outlook,
    own_words,
    pace_check,
    post_form,
    preferences,
    skip,
    trouble,
    words,
)
from bot.slack.views.dialog import Dialog
from bot.slack.views.lessons import Place
from bot.slack.views.payload import PostRef
from bot.slack.views.preferences import Offered
from bot.slack.views.text import Message, say
from tests import golden_values as given
from tests.golden_values import CARL, CHANNEL, CLEO, DAY, NOW, WORKSPACE, post

Build = Callable[[], Message | View]

_REF = PostRef(14, 2)


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
        _pace_checks(),
        _words(),
    ):
        table.update(part)
    return table


def _announcements() -> Mapping[str, Build]:
    return {
        "announcement_live": lambda: announcement.live(post()),
        "announcement_hostile": lambda: announcement.live(post(given.HOSTILE)),
        "announcement_long": lambda: announcement.live(post(given.LONG)),
        "announcement_withdrawn": lambda: announcement.ended(post(state=PostState.WITHDRAWN)),
        "announcement_expired": lambda: announcement.ended(post(state=PostState.EXPIRED)),
        "announcement_hostile_ended": lambda: announcement.ended(
            post(given.HOSTILE, PostState.EXPIRED)
        ),
    }


def _cards() -> Mapping[str, Build]:
    review, live = PostState.IN_REVIEW, PostState.LIVE
    approved, ended = [given.APPROVED], [given.APPROVED, given.WITHDRAWN]
    full = given.five_each(given.LONG)
    states: dict[str, Build] = {
        f"card_{state}": partial(card.card, post(state=state), [], None, WORKSPACE)
        for state in (PostState.DRAFT, review, PostState.EXPIRED)
    }
    corrections: dict[str, Build] = {
        f"card_live_correction_{state}": partial(
            card.card, given.corrected(state), approved, None, WORKSPACE
        )
        for state in (PostState.DRAFT, review, PostState.RETURNED)
    }
    return {
        **states,
        **corrections,
        "card_draft_bare": lambda: card.card(
            post(given.BARE, PostState.DRAFT), [], None, WORKSPACE
        ),
        "card_in_review_alone": lambda: card.card(post(state=review), [], None, given.ALONE),
        "card_in_review_again": lambda: card.card(
            post(state=review), [given.SENT_BACK_EARLIER], None, WORKSPACE
        ),
        "card_in_review_embargo": lambda: card.card(
            post(given.EMBARGOED, review), [], None, WORKSPACE
        ),
        "card_hostile": lambda: card.card(
            post(given.HOSTILE, review),
            given.decisions(reason=f"{given.PAGES} & <@{CLEO}>", count=1),
            None,
            WORKSPACE,
        ),
        "card_picture": lambda: card.card(post(given.PICTURED, review), [], None, WORKSPACE),
        "card_languages": lambda: card.card(post(given.BILINGUAL, review), [], None, WORKSPACE),
        "card_one_language": lambda: card.card(
            post(given.spoken("de", "de"), review), [], None, WORKSPACE
        ),
        "card_languages_shared": lambda: card.card(
            post(given.spoken("de", None, "de"), review), [], None, WORKSPACE
        ),
        "card_everywhere": lambda: card.card(post(given.EVERYWHERE, review), [], None, WORKSPACE),
        "card_too_long_to_travel": lambda: card.card(
            post(given.TOO_LONG_TO_TRAVEL, review), [], None, WORKSPACE
        ),
        "card_tagged": lambda: card.card(
            post(state=review), [], None, WORKSPACE, house=House(tags=Names())
        ),
        "card_five_wordings_each": lambda: card.card(post(full, review), [], None, WORKSPACE),
        "card_many_decisions": lambda: card.card(
            post(state=review, revision=7), given.decisions(), None, WORKSPACE
        ),
        "card_returned": lambda: card.card(
            post(state=PostState.RETURNED), [given.SENT_BACK], None, WORKSPACE
        ),
        "card_uncertain": lambda: card.card(
            post(state=PostState.APPROVED), approved, None, WORKSPACE, uncertain=True
        ),
        "card_live": lambda: card.card(post(state=live), approved, None, WORKSPACE),
        "card_withdrawn": lambda: card.card(
            post(state=PostState.WITHDRAWN), ended, None, WORKSPACE
        ),
    }


def _previews() -> Mapping[str, Build]:
    def seen(preview: Preview, content: Content = given.FLINK) -> Build:
        about = post(content, PostState.IN_REVIEW)
        return partial(card.card, about, [], None, WORKSPACE, preview=preview)

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
        "expires_first": Forecast(None, Reason.QUEUE, expires_first=True),
        **{
            reason.value: Forecast(NOW + 2 * DAY, reason)
            for reason in Reason
            if reason is not Reason.FROZEN
        },
    }
    builds: dict[str, Build] = {
        f"card_approved_{name}": partial(
            card.card,
            post(given.EMBARGOED if name == "embargo" else given.FLINK, PostState.APPROVED),
            [given.APPROVED],
            forecast,
            WORKSPACE,
        )
        for name, forecast in expected.items()
    }
    return {
        **builds,
        "card_approved_frozen": lambda: card.card(
            post(state=PostState.APPROVED),
            [given.APPROVED],
            Forecast(None, Reason.FROZEN),
            given.FROZEN,
        ),
    }


def _forms() -> Mapping[str, Build]:
    notes: dict[str, Build] = {
        f"form_note_{state}": partial(
            post_form.render,
            *post_form.for_content(14, 2, given.FLINK),
            note=words.edit_note(post(state=state)),
        )
        for state in (PostState.LIVE, PostState.APPROVED, PostState.IN_REVIEW)
    }
    return {
        **notes,
        "form_blank": lambda: post_form.render(*post_form.blank()),
        "form_blank_with_link": lambda: post_form.render(*post_form.blank(link=given.FLINK.link)),
        "form_filled": lambda: post_form.render(*post_form.for_content(14, 2, given.EMBARGOED)),
        "form_hostile": lambda: post_form.render(*post_form.for_content(14, 2, given.HOSTILE)),
        "form_five_wordings_each": lambda: post_form.render(
            *post_form.for_content(14, 2, given.five_each(given.LONG))
        ),
        "form_picture": lambda: post_form.render(*post_form.for_content(14, 2, given.PICTURED)),
        "form_languages": lambda: post_form.render(*post_form.for_content(14, 2, given.BILINGUAL)),
        "form_few_networks": lambda: post_form.render(
            *post_form.blank(house=House(networks=(Network.X, Network.EMAIL)))
        ),
        "form_draft_saved": lambda: post_form.render(
            *post_form.for_content(14, 2, given.FLINK),
            note=words.draft_saved(post(state=PostState.DRAFT)),
        ),
        "form_correction_saved": lambda: post_form.render(
            *post_form.for_content(14, 3, given.FLINK), note=words.draft_saved(post())
        ),
        "form_done": lambda: post_form.closing(
            post_form.blank()[0], words.submitted(post(state=PostState.IN_REVIEW))
        ),
        "send_back_form": lambda: card.ask_reason(_REF),
        "send_back_done": lambda: card.closing(say(words.sent_back(post()))),
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
        **offered: Any,
    ) -> Build:
        offer = given.offer(content, fresh=fresh, **offered)
        shown = dialog.on(Dialog(offer.post, network, own=own), offer)
        if wording is not None:
            shown = replace(shown, wording=wording)
        return partial(dialog.share, shown, offer, stage)

    own = "I spent a good part of the year on this. I work at Acme, so I'm not neutral."
    edited = Dialog(14, Network.LINKEDIN, 2)
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
        "share_word_passed_on": lambda: dialog.share(
            edited, given.offer(), Stage.OPENED, note=words.word_passed_on(signed=False)
        ),
        "share_word_signed": lambda: dialog.share(
            edited, given.offer(), Stage.SHARED, note=words.word_passed_on(signed=True)
        ),
        "practice": share(post=dialog.PRACTICE),
        "practice_opened": share(post=dialog.PRACTICE, stage=Stage.OPENED),
        "share_own_phrase": lambda: dialog.share(
            replace(edited, own="Ich arbeite bei Acme.", said=True), given.offer(), None
        ),
        "own_words_undisclosed": lambda: own_words.edit(
            edited, given.offer(), typed="Proud of this.", undisclosed=True
        ),
        "own_words_undisclosed_hostile": lambda: own_words.edit(
            edited, given.offer(disclosure="R&D at <Acme>"), typed=given.PAGES, undisclosed=True
        ),
        "word_form": lambda: asides.word(edited),
        "word_form_practice": lambda: asides.word(replace(edited, post=dialog.PRACTICE)),
        "server_form_practice": lambda: asides.server(
            Dialog(dialog.PRACTICE, Network.MASTODON, 1), ""
        ),
        "server_form": lambda: asides.server(Dialog(14, Network.MASTODON, 1), ""),
        "server_form_again": lambda: asides.server(Dialog(14, Network.MASTODON, 1), "c.im"),
        "share_used_up": share(fresh=False),
        "share_used_up_while_shown": share(wording=2, fresh=False, stage=Stage.OPENED),
        "share_only_wording": share(Network.BLUESKY, given.ONE_WORDING),
        "share_hostile": share(content=given.HOSTILE),
        "share_own_words": share(own=own),
        "share_own_words_hostile": share(Network.X, given.HOSTILE, own=given.HOSTILE.why),
        "share_too_long_to_travel": share(content=given.TOO_LONG_TO_TRAVEL),
        "share_opened": share(stage=Stage.OPENED),
        "share_marked": share(Network.X, stage=Stage.SHARED),
        "own_words_form": lambda: own_words.edit(edited, given.offer()),
        "own_words_form_again": lambda: own_words.edit(replace(edited, own=own), given.offer()),
        "consent_form": lambda: asides.consent(14),
        "closing_withdrawn": lambda: asides.closing(announcement.why_ended(PostState.WITHDRAWN)),
        "closing_expired": lambda: asides.closing(announcement.why_ended(PostState.EXPIRED)),
        **{
            f"closing_{name.lower()}": partial(asides.closing, getattr(words, name))
            for name in ("GONE", "NOT_LIVE", "POST_ENDED", "CONSENT_ENDED")
        },
        **{
            f"trouble_{name.lower()}": partial(trouble.trouble_view, getattr(words, name))
            for name in ("BUSY", "UNKNOWN", "UNREADABLE", "BROKEN")
        },
    }


def _skips() -> Mapping[str, Build]:
    reasons: dict[str, Build] = {
        f"skip_reason_{reason}": partial(skip.reason_kept, reason, _REF) for reason in SkipReason
    }
    return {
        **reasons,
        "skip": lambda: skip.skipped(_REF),
        "skip_shared": lambda: skip.skipped(_REF, was_shared=True),
        "skip_not_joined": skip.not_joined,
    }


def _lessons() -> Mapping[str, Build]:
    shelf, ref = given.LESSONS, _REF
    first, hostile = shelf.lessons[0], given.HOSTILE_LESSON
    form = Dialog(14, Network.LINKEDIN)
    read: dict[str, Build] = {
        f"lesson_{lesson.name}": partial(lessons.dialog, lesson, shelf) for lesson in shelf.lessons
    }
    return {
        **read,
        "lesson_hostile": lambda: lessons.dialog(hostile, Shelf((hostile,))),
        "lessons_outside": lambda: lessons.catalogue(shelf, None),
        "lessons_member": lambda: lessons.catalogue(shelf, {first.name}),
        "lessons_hostile": lambda: lessons.catalogue(Shelf((hostile,)), ()),
        "lessons_most": lambda: lessons.catalogue(given.most_lessons(), ()),
        "lesson_offer_joined": lambda: lessons.offered(
            membership.joined(given.AMARA), first, Place.JOINED
        ),
        "lesson_offer_skipped": lambda: lessons.offered(
            skip.skipped(ref), first, Place.SKIPPED, ref
        ),
        "lesson_offer_hostile": lambda: lessons.offered(
            skip.skipped(ref), hostile, Place.SKIPPED, ref
        ),
        "lesson_offer_dialog": lambda: lessons.offered_in(
            dialog.share(form, given.offer(), None), first
        ),
        "lesson_offer_own_words": lambda: lessons.offered_in(
            own_words.edit(form, given.offer(), typed="Proud of this.", undisclosed=True),
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
        "member_joined": lambda: membership.joined(member),
        "member_already_joined": lambda: membership.already_joined(
            member, soon, CHANNEL, NOW, renewable=False
        ),
        "member_not_joined": membership.not_joined,
        "member_left": lambda: membership.left(CHANNEL),
        "member_already_out": lambda: membership.already_out(channel=CHANNEL),
        "member_paused": lambda: membership.paused(until, member, changed=True),
        "member_paused_browse": lambda: membership.paused(until, given.BROWSING, changed=True),
        "member_already_paused": lambda: membership.paused(until, member, changed=False),
        "member_resumed": lambda: membership.resumed(given.DIRECT, CHANNEL, changed=True),
        "member_resumed_channel": lambda: membership.resumed(member, CHANNEL, changed=True),
        "member_resumed_browse": lambda: membership.resumed(given.BROWSING, CHANNEL, changed=True),
        "member_not_paused": lambda: membership.resumed(member, CHANNEL, changed=False),
        "member_status_channel": status(member),
        "member_status_browse": status(given.BROWSING),
        "member_status_paused": status(given.PAUSED),
        "member_status_renewable": status(given.DIRECT, renewable=True),
        "help_member": lambda: membership.help_for(comms=False),
        "help_comms": lambda: membership.help_for(comms=True),
    }


def _asks() -> Mapping[str, Build]:
    member, ends = given.DIRECT, NOW + 10 * DAY
    two = post(replace(given.FLINK, topics=("releases", "open source", "awards")))
    reasons: dict[str, Build] = {
        f"ask_reason_{reason}": partial(ask.reason_kept, post(), reason, slower=None)
        for reason in SkipReason
    }
    return {
        **reasons,
        "ask": lambda: ask.proposed(post(), member),
        "ask_two_topics": lambda: ask.proposed(two, member),
        "ask_again": lambda: ask.proposed(post(), member, again=True),
        "ask_renewal": lambda: ask.proposed(post(), member, renew_before=ends),
        "ask_hostile": lambda: ask.proposed(post(given.HOSTILE), given.HOSTILE_MEMBER),
        "ask_long": lambda: ask.proposed(post(given.LONG), given.LONG_MEMBER, again=True),
        "ask_skipped": lambda: ask.skipped(post()),
        "ask_skipped_stopped": lambda: ask.skipped(post(), stopped=True),
        "ask_reason_slower": lambda: ask.reason_kept(
            post(), SkipReason.TOO_OFTEN, slower=Pace.FORTNIGHTLY
        ),
        "ask_saved": lambda: ask.saved(post()),
        "ask_sharing": lambda: ask.sharing(post()),
        "ask_slower": lambda: ask.slower(Pace.FORTNIGHTLY, changed=True),
        "ask_slowest": lambda: ask.slower(Pace.MONTHLY, changed=False),
        "ask_skipped_shared": lambda: ask.skipped(post(), was_shared=True),
        "ask_left": lambda: ask.left(post(given.HOSTILE), membership.left(CHANNEL)),
        "ask_stopped": ask.stopped,
        "ask_who_sees": ask.who_sees,
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
            Withheld(Reason.GAP, NOW + 5 * DAY), replace(given.DIRECT, run=SLOWS_AFTER)
        ),
        "outlook_never_before_consent_ends": of(Withheld(Reason.PAUSED, None)),
        **{f"outlook_{reason}": of(Withheld(reason, NOW + 5 * DAY)) for reason in reasons},
    }


def _settings() -> Mapping[str, Build]:
    offered = Offered(("releases", "open source", "awards"), tuple(Network), given.COUNTRIES)
    many = Offered(tuple(f"topic {n:03}" for n in range(140)), tuple(Network), given.COUNTRIES)
    none = Offered((), tuple(Network), given.COUNTRIES)
    return {
        "settings_new": lambda: preferences.render(Preferences(), offered),
        "settings_chosen": lambda: preferences.render(given.CHOSEN, offered),
        "settings_no_topics": lambda: preferences.render(Preferences(), none),
        "settings_many_topics": lambda: preferences.render(given.CHOSEN, many),
        "settings_hostile": lambda: preferences.render(given.HOSTILE_MEMBER.preferences, offered),
        "settings_server": lambda: preferences.render(given.CHOSEN, offered, "mastodon.social"),
        "settings_no_mastodon": lambda: preferences.render(
            given.CHOSEN, replace(offered, networks=(Network.LINKEDIN, Network.X)), "c.im"
        ),
        "settings_saved": lambda: preferences.saved(
            outlook.next_ask(Withheld(Reason.CAP, NOW + 5 * DAY), given.DIRECT), channel=None
        ),
        "settings_saved_channel": lambda: preferences.saved(
            outlook.next_ask(Withheld(Reason.NOT_DIRECT, None), given.AMARA), channel=CHANNEL
        ),
    }


def _homes() -> Mapping[str, Build]:
    live = given.posts(3)
    usual = home.Facts(
        workspace=WORKSPACE,
        member=given.DIRECT,
        decision=Withheld(Reason.CAP, NOW + 5 * DAY),
        paused=False,
        renewable=False,
        posts=live,
        desk=None,
    )
    green = Reading(Colour.GREEN, frozenset())
    amber = Reading(Colour.AMBER, frozenset({Cause.SKIPS}))
    check = partial(
        pace_check.health, may_acknowledge=False, goes_on_until=None, zone=WORKSPACE.policy.zone
    )
    states = [state for state in PostState if not state.ended]
    all_states = [post for post in given.posts(40, given.FLINK, *PostState) if post.state in states]
    paused = replace(given.PAUSED, preferences=given.CHOSEN)
    table = {
        "home_not_joined": replace(usual, member=None, decision=None, posts=[]),
        "home_member": usual,
        "home_browsing": replace(
            usual, member=given.BROWSING, decision=Withheld(Reason.NOT_DIRECT, None)
        ),
        "home_paused": replace(
            usual, member=paused, paused=True, decision=Withheld(Reason.PAUSED, NOW + 14 * DAY)
        ),
        "home_stopped": replace(
            usual,
            member=replace(given.DIRECT, run=4, stopped_at=NOW - DAY),
            decision=Withheld(Reason.STOPPED, None),
        ),
        "home_renewable": replace(usual, renewable=True),
        "home_many_posts": replace(usual, posts=given.posts(30)),
        "home_nothing_to_share": replace(usual, posts=[]),
        "home_hostile": replace(
            usual, member=given.HOSTILE_MEMBER, posts=given.posts(2, given.HOSTILE)
        ),
        "home_lessons": replace(
            usual, shelf=given.LESSONS, read=frozenset({given.LESSONS.lessons[1].name})
        ),
        "home_comms_empty": replace(usual, desk=home.Desk([], {}, check(green))),
        "home_comms": replace(usual, desk=home.Desk(all_states, {}, check(amber))),
        "home_comms_frozen": replace(
            usual, workspace=given.FROZEN, desk=home.Desk(all_states[:2], {}, check(green))
        ),
    }
    return {name: partial(home.render, facts) for name, facts in table.items()}


def _pace_checks() -> Mapping[str, Build]:
    zone = WORKSPACE.policy.zone
    green = Reading(Colour.GREEN, frozenset())
    amber = Reading(Colour.AMBER, frozenset({Cause.SKIPS, Cause.LAPSES}))
    red = Reading(Colour.RED, frozenset(Cause))
    readings = {"green": green, "amber": amber, "red": red}
    show = partial(pace_check.health, zone=zone)
    table: dict[str, Build] = {
        f"health_{name}": partial(show, one, may_acknowledge=name == "red", goes_on_until=None)
        for name, one in readings.items()
    }
    told: dict[str, Build] = {
        f"notice_pace_{name}": partial(pace_check.changed, one) for name, one in readings.items()
    }
    stopped = Notice(9, NoticeKind.FIRST_GROUP_STOPPED, 14, None, None)
    pace = Notice(10, NoticeKind.PACE_CHECK, None, None, str(red))
    return {
        **table,
        **told,
        "health_red_goes_on": partial(
            show, red, may_acknowledge=False, goes_on_until=NOW + 6 * DAY
        ),
        "health_acknowledged": partial(pace_check.acknowledged, NOW + 7 * DAY, zone),
        "health_nothing_to_acknowledge": pace_check.nothing_to_acknowledge,
        "notice_first_group_stopped": partial(
            notices.render, stopped, "A <title> & more", CLEO, CHANNEL
        ),
        "notice_pace_check": partial(notices.render, pace, "", "", CHANNEL),
    }


def _lists() -> Mapping[str, Build]:
    states = tuple(PostState)
    many = given.posts(100, given.FLINK, *states)
    outlook = {one.id: Forecast(NOW + 2 * DAY, Reason.CAP) for one in many}
    some = [
        *given.posts(5, given.FLINK, *states[:5]),
        replace(given.corrected(PostState.IN_REVIEW), id=90),
        post(given.BARE, PostState.DRAFT, id=89),
        post(given.HOSTILE, PostState.WITHDRAWN, id=88),
    ]
    return {
        "browse_none": lambda: lists.browse([]),
        "browse_some": lambda: lists.browse([*given.posts(2), post(given.HOSTILE)]),
        "browse_many": lambda: lists.browse(given.posts(100)),
        "posts_none": lambda: lists.overview([], {}, WORKSPACE),
        "posts_some": lambda: lists.overview(some, outlook, WORKSPACE),
        "posts_many": lambda: lists.overview(many, outlook, WORKSPACE),
        "posts_dialog": lambda: lists.all_posts(many, outlook, WORKSPACE),
        "posts_dialog_none": lambda: lists.all_posts([], {}, WORKSPACE),
        "posts_frozen": lambda: lists.overview(
            given.posts(1, given.FLINK, PostState.APPROVED),
            {101: Forecast(None, Reason.FROZEN)},
            given.FROZEN,
        ),
    }


def _notices() -> Mapping[str, Build]:
    def owed(
        kind: NoticeKind,
        detail: str | None = None,
        about: int | None = 14,
        who: str | None = CARL,
    ) -> Build:
        notice = Notice(1, kind, about, who, detail)
        return partial(notices.render, notice, given.HOSTILE.title, CLEO, CHANNEL)

    troubles = ("throttled", "unreachable", "channel_not_found", "not_in_channel", "is_archived")
    more = ("restricted_action", "missing_scope", "invalid_auth", "msg_blocked")
    builds: dict[str, Build] = {
        f"notice_trouble_{code}": owed(NoticeKind.TROUBLE, code) for code in (*troubles, *more)
    }
    return {
        **builds,
        "notice_trouble_of_no_post": owed(NoticeKind.TROUBLE, "unreachable", None),
        "notice_private_word": owed(NoticeKind.PRIVATE_WORD, given.HOSTILE.why, who=None),
        "notice_private_word_signed": owed(NoticeKind.PRIVATE_WORD, "The link is broken."),
        "notice_words_used_up": owed(NoticeKind.WORDS_USED_UP, "linkedin:2"),
        "notice_frozen": owed(NoticeKind.FROZEN, about=None),
        "notice_unfrozen": owed(NoticeKind.UNFROZEN, about=None),
        "notice_uncertain": owed(NoticeKind.UNCERTAIN),
        "notice_sent_back": owed(NoticeKind.SENT_BACK, given.HOSTILE.why),
        "notice_waits_again": owed(NoticeKind.WAITS_AGAIN, who=None),
        "settled_there": lambda: notices.settled(14, CARL, there=True, was_open=True),
        "settled_again": lambda: notices.settled(14, CARL, there=False, was_open=True),
        "settled_before": lambda: notices.settled(14, CARL, there=True, was_open=False),
        "freeze_question": notices.ask_freeze,
        "unfreeze_question": notices.ask_unfreeze,
        "freeze_done": lambda: notices.freeze_answer(frozen=True, changed=True),
        "freeze_already": lambda: notices.freeze_answer(frozen=True, changed=False),
        "unfreeze_done": lambda: notices.freeze_answer(frozen=False, changed=True),
        "unfreeze_already": lambda: notices.freeze_answer(frozen=False, changed=False),
    }


def _words() -> Mapping[str, Build]:
    constants = {name: text for name, text in vars(words).items() if name.isupper()}
    sentences: dict[str, Build] = {
        f"words_{name.lower()}": partial(say, text.format(command="approve"))
        for name, text in constants.items()
    }
    hostile, live = post(given.HOSTILE), post()
    ended = {state: post(state=state) for state in (PostState.WITHDRAWN, PostState.EXPIRED)}
    spoken = {
        "withdrawn_already": words.ended(ended[PostState.WITHDRAWN]),
        "expired_already": words.ended(ended[PostState.EXPIRED]),
        "own_post": words.own_post(live),
        "own_post_hostile": words.own_post(hostile),
        "own_post_bare": words.own_post(post(given.BARE)),
        "not_in_review": words.not_in_review(live),
        "expiry_passed": words.expiry_passed(live),
        "approved": words.approved(post(state=PostState.APPROVED), changed=True),
        "approved_already": words.approved(live, changed=False),
        "approved_correction": words.approved(live, changed=True),
        "sent_back": words.sent_back(live),
        "submitted": words.submitted(post(state=PostState.IN_REVIEW)),
        "withdrawn": words.withdrawn(ended[PostState.WITHDRAWN], changed=True, was_live=True),
        "withdrawn_unsent": words.withdrawn(
            ended[PostState.WITHDRAWN], changed=True, was_live=False
        ),
        "withdrawn_before": words.withdrawn(
            ended[PostState.WITHDRAWN], changed=False, was_live=False
        ),
    }
    problem = "Please choose a day after today for the end of your pause."
    return {
        **sentences,
        **{f"words_{name}": partial(say, sentence) for name, sentence in spoken.items()},
        "words_unknown_command": lambda: words.unknown_command("brwse", "browse"),
        "words_unknown_command_hostile": lambda: words.unknown_command(given.PAGES * 9, None),
        "words_pause_how_long": lambda: words.pause_needs(None),
        "words_pause_problem": lambda: words.pause_needs(problem),
    }

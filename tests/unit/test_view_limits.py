"""The longest and most that can be stored still fits into what Slack takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.domain import networks
from bot.domain import share_dialog as dialog_rules
from bot.domain.approval import Obstacle
from bot.domain.audience import Audience
from bot.domain.channel_queue import Forecast, Moved
from bot.domain.delivery import Delivery
from bot.domain.desk import Desk, DeskRow, Need, Overview, Viewer
from bot.domain.drafting import check, draft_content
from bot.domain.home_tab import AnsweredPost, Browsable, HomeTabData
from bot.domain.ids import PostId, WordingId
from bot.domain.model import (
    Colour,
    Member,
    NoticeKind,
    Reason,
    Stage,
    Withheld,
    Workspace,
)
from bot.domain.pace_check import PaceCheck
from bot.domain.post import Content, Network, PostKind, PostState, Verdict
from bot.domain.post_fields import MAX_PROMPT, MOST_PROMPTS
from bot.domain.previews import Preview
from bot.domain.review import Review, compare
from bot.domain.rules import MOST_TOLD, Rule, RuleChange
from bot.domain.share_dialog import ShareDialog
from bot.domain.sharing_policy import SharingPolicy
from bot.slack.views import (
    announcements,
    asks,
    cards,
    email_copy,
    home_tab,
    my_data,
    outlook,
    own_words,
    post_form,
    post_form_state,
    post_lists,
    post_preview,
    preferences,
    replies,
    review,
    schedule,
    share_dialog,
)
from bot.slack.views.text import Message, say
from slack_sandbox.limits import check_message, check_view
from tests.golden_values import (
    CARL,
    DIRECT,
    DISCLOSURE,
    FLINK,
    FROZEN,
    LESSONS,
    LONG,
    MEMBER_RECORD,
    NOW,
    WORKSPACE,
    decisions,
    five_each,
    most_lessons,
    numbered,
    post,
    posts,
    share_options,
    stored_row,
)


def full(title: str, link: str, why: str, topic: str) -> Content:
    """A content that the form takes, as long as it can be, with five wordings each."""
    wordings = []
    for network in Network:
        longest = min(networks.limit(network) or 1_000, 3_000)
        room = longest - networks.length(network, f" {DISCLOSURE}\n\n{link}")
        if room > 0:
            wordings += [(network, f"{place}" + "x" * (room - 1)) for place in range(5)]
    return Content(
        title=(title * 150)[:150],
        link=link,
        why=(why * 500)[:500],
        topics=tuple(f"{place}{topic * 39}" for place in range(5)),
        wordings=numbered(*wordings),
        not_before=NOW + timedelta(days=1),
        expires_at=NOW + timedelta(days=90),
        kind=PostKind.OWN_NEWS,
        prompts=((why * MAX_PROMPT)[:MAX_PROMPT],) * MOST_PROMPTS,
        delivery=frozenset({Delivery.CHANNEL}),
    )


LONG_LINK = ("https://acme.example/" + "news-and-stories/" * 200)[:2000]
TRACKED_LINK = ("https://acme.example/?" + "utm_source=x&" * 200)[:2000]
EXTREMES = {
    "plain": full("t", FLINK.link, "w", "t"),
    "five wordings each": replace(five_each(LONG), kind=PostKind.USEFUL),
    "ampersands": full("&", FLINK.link, "&", "&"),
    "brackets": full("<", FLINK.link, ">", "<"),
    "emoji": full("\U0001f680", FLINK.link, "\U0001f680", "\U0001f680"),
    "a long link": full("t", LONG_LINK, "w", "t"),
    "a long link with parameters": full("t", TRACKED_LINK, "w", "t"),
}
extremes = pytest.mark.parametrize("content", EXTREMES.values(), ids=list(EXTREMES))
VIEWER = Viewer(CARL, time_zone="America/Argentina/ComodRivadavia")
NOTE = schedule.moved(post(FLINK), Moved.STAYS)
CHANNEL_ONLY = (Reason.EMBARGO, Reason.QUEUE)


def takes(shown: Message | View) -> None:
    """Slack takes it, by the sandbox's measure and by slack_sdk's own."""
    if isinstance(shown, View):
        check_view(shown.to_dict(), kind="home" if shown.type == "home" else "modal")
    else:
        said = shown.payload()
        check_message(said["text"], said["blocks"])


@extremes
def test_the_form_takes_it(content: Content) -> None:
    fields = post_form_state.for_content(PostId(14), 2, content)[1]
    assert check(fields, DISCLOSURE, NOW) == content


@extremes
@pytest.mark.parametrize("state", PostState)
def test_the_card_holds_it(content: Content, state: PostState) -> None:
    forecast = Forecast(NOW + timedelta(days=1), Reason.HOURS)
    reasons = decisions(reason="because " * 10, count=5)
    takes(cards.render_card(post(content, state), reasons, forecast, WORKSPACE))


@pytest.mark.parametrize("letter", ["w", "&"])
def test_the_card_holds_the_longest_reasons(letter: str) -> None:
    reasons = decisions(reason=letter * cards.LONGEST_REASON, count=9)
    takes(cards.render_card(post(), reasons, None, WORKSPACE))


@extremes
def test_the_dialog_before_an_approval_holds_it(content: Content) -> None:
    """Also where every part of a post was another before."""
    earlier = replace(
        full("&", LONG_LINK, "<", "&"),
        picture=LONG_LINK,
        picture_alt="&" * 1_000,
        wordings=five_each(LONG).wordings,
    )
    for state in (PostState.IN_REVIEW, PostState.APPROVED):
        facts = Review(
            viewer=VIEWER,
            post=post(content, state, id=2**31 - 1, card_link=f"https://a.example/{'x' * 480}"),
            decisions=decisions(reason="&" * cards.LONGEST_REASON, count=9),
            since=decisions(count=1)[0],
            changes=compare(earlier, content),
            waits=state is PostState.IN_REVIEW,
            obstacle=Obstacle.WRITER_ERASED,
            own_news=5,
            audience=Audience("&" * 40, 100_000, is_only=False),
            forecast=Forecast(NOW + timedelta(days=1), Reason.HOURS),
            after=PostId(2**31 - 1),
            workspace=WORKSPACE,
            uncertain=False,
            preview=Preview("A title " * 18, "Its words " * 30, LONG_LINK),
        )
        takes(review.render(facts, SharingPolicy()))


@extremes
def test_the_copy_for_an_e_mail_holds_it(content: Content) -> None:
    takes(email_copy.render(post(content), DISCLOSURE, SharingPolicy()))


@extremes
def test_the_channel_holds_it(content: Content) -> None:
    takes(announcements.render_live(post(content)))
    takes(announcements.render_ended(post(content, PostState.EXPIRED)))


@extremes
def test_the_form_holds_it(content: Content) -> None:
    note = replies.draft_saved(post(content))
    opened, fields = post_form_state.for_content(PostId(2**31 - 1), 2, content)
    opened = replace(opened, known_link=post_form_state.digest(content.link))
    reason = replies.edit_note(post(content), "&" * cards.LONGEST_REASON)
    told = replies.same_link(post(content, card_link=f"https://a.example/{'x' * 480}"))
    longest = Preview('"' * 150, '"' * 300, "https://a.example/" + '"' * 682)
    opened = replace(post_form_state.with_page(opened, longest), filled=post_form_state.FROM_PAGE)
    for line in (note, reason):
        takes(post_form.render(opened, fields, note=line, link_note=told))
    takes(post_preview.render(post(content), DISCLOSURE, in_sight=True))


@pytest.mark.parametrize("topics", ["a,b,c," * 41, "ß," * 125, ",".join(map(str, range(80)))])
def test_a_draft_can_be_opened_again(topics: str) -> None:
    """A draft keeps what was typed, unchecked: also more topics than a post can have."""
    typed = replace(post_form_state.blank()[1], topics=topics[:250])
    takes(post_form.render(*post_form_state.for_content(PostId(14), 2, draft_content(typed))))


@extremes
@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("stage", [Stage.OPENED, Stage.SHARED])
def test_the_dialog_holds_it(content: Content, network: Network, stage: Stage) -> None:
    if not content.wordings_for(network):
        pytest.skip("a link of this length leaves no room for words there")
    shown = dialog_rules.choose_network(
        ShareDialog(PostId(2**31 - 1), network, stage=stage), share_options(content), network
    )
    for offered in (share_options(content), share_options(content, fresh=False)):
        takes(share_dialog.render_share(shown, offered))
        takes(own_words.edit(shown, offered))


@extremes
@pytest.mark.parametrize("network", Network)
def test_editing_begins_with_the_whole_text(content: Content, network: Network) -> None:
    if not content.wordings_for(network):
        pytest.skip("a link of this length leaves no room for words there")
    shown = dialog_rules.choose_network(
        ShareDialog(PostId(14), network), share_options(content), network
    )
    view = own_words.edit(shown, share_options(content)).to_dict()
    (field,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert field["initial_value"] == dialog_rules.full_text(shown, share_options(content))


@pytest.mark.parametrize(
    "own",
    [
        "w" * share_dialog.LONGEST_OWN,
        "word\n" * (share_dialog.LONGEST_OWN // 5),
        "\n" * share_dialog.LONGEST_OWN,
        '"' * share_dialog.LONGEST_OWN,
        "\\" * share_dialog.LONGEST_OWN,
        "\U0001f680" * share_dialog.LONGEST_OWN,
        "\u3042" * share_dialog.LONGEST_OWN,
        "&<>" * (share_dialog.LONGEST_OWN // 3),
    ],
    ids=["letters", "lines", "line ends", "quotes", "backslashes", "emoji", "kana", "markup"],
)
def test_own_words_fit_or_are_refused_at_the_field(own: str) -> None:
    shown = ShareDialog(PostId(2**31 - 1), Network.LINKEDIN, WordingId(4), own, stage=Stage.OPENED)
    if share_dialog.too_long_to_keep(shown) is None:
        takes(share_dialog.render_share(shown, share_options()))
        takes(own_words.edit(shown, share_options()))
    else:
        assert set(own) & set('\n"\\'), "only what JSON writes with two characters is refused"


@extremes
def test_the_lists_hold_it(content: Content) -> None:
    forecast = Forecast(NOW + timedelta(days=1), Reason.HOURS)
    for states in ((PostState.LIVE,), (PostState.APPROVED,), (PostState.DRAFT,), tuple(PostState)):
        many = posts(100, content, *states)
        outlook = {one.id: forecast for one in many}
        for workspace in (WORKSPACE, FROZEN):
            found = Overview(workspace, many, outlook)
            takes(post_lists.overview(found, VIEWER, NOTE))
            takes(post_lists.all_posts(found, VIEWER, NOTE))
            takes(schedule.dialog(found, VIEWER, NOTE))


@extremes
def test_what_can_be_browsed_fits(content: Content) -> None:
    takes(post_lists.browse(Browsable(posts(10, content), left_out=90)))


ANSWERS: dict[str, Callable[[Content], str]] = {
    "own post": lambda content: replies.own_post(post(content)),
    "expired": lambda content: replies.ended(post(content, PostState.EXPIRED)),
    "correction": lambda content: replies.approved(post(content), changed=True),
}


@extremes
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=list(ANSWERS))
def test_the_answers_hold_it(content: Content, answer: Callable[[Content], str]) -> None:
    takes(say(answer(content)))


def follower(content: Content, **changed: Any) -> Member:
    """Somebody who follows all that the post is about."""
    chosen = replace(DIRECT.preferences, topics=content.topics)
    return replace(DIRECT, preferences=chosen, **changed)


@extremes
def test_the_direct_message_holds_it(content: Content) -> None:
    shown, member = post(content, id=2**31 - 1, revision=2**31 - 1), follower(content)
    takes(asks.render_ask(shown, member, repeat=True, renew_before=NOW + timedelta(days=9)))
    takes(asks.answered(shown))


@pytest.mark.parametrize("word", ["&" * 40, "&" * 3_000, "a word of some length " * 140])
def test_the_dialog_of_ones_data_holds_the_longest_words(word: str) -> None:
    rows = [
        stored_row("notice", word[:150], kind=NoticeKind.NOTE, detail=word[:3_000]),
        stored_row("decision", word[:150], what=Verdict.SENT_BACK, reason=word[:3_000]),
        stored_row("member", topics=(word[:40],) * 100, networks=tuple(Network)),
    ]
    record = replace(MEMBER_RECORD, rows=tuple(rows * 40))
    for page in range(1, 12):
        takes(my_data.render(record, LESSONS, page, with_file=True))


@extremes
@pytest.mark.parametrize("workspace", [WORKSPACE, FROZEN], ids=["usual", "frozen"])
def test_the_home_tab_holds_the_most_there_can_be(content: Content, workspace: Workspace) -> None:
    """More topics than anybody follows, all lessons, and for comms many posts under way."""
    many = posts(200, content, *(state for state in PostState if not state.ended))
    forecast = {one.id: Forecast(NOW + timedelta(days=1), Reason.HOURS) for one in many}
    topics = tuple(f"{number:03}{topic}"[:40] for number in range(50) for topic in content.topics)
    member = follower(replace(content, topics=topics), paused_until=NOW + timedelta(days=9))
    facts = HomeTabData(
        workspace=workspace,
        member=member,
        decision=Withheld(Reason.BUDGET, NOW + timedelta(days=9)),
        paused=True,
        renewable=True,
        posts=many,
        desk=Desk(
            VIEWER,
            [
                DeskRow(need, one, "&" * cards.LONGEST_REASON)
                for need in Need
                for one in many
                if one.state is not PostState.DRAFT
            ],
            Overview(workspace, many, forecast),
            PaceCheck(Colour.RED, may_acknowledge=True),
        ),
        catalog=most_lessons(),
        read_lessons=frozenset(),
        answered=[
            AnsweredPost(PostId(number), content.title, True, None, None, None, NOW)
            for number in range(30)
        ],
        changes=[RuleChange(Rule.DISCLOSURE, "<" * 100, "&" * 100, NOW)] * MOST_TOLD,
    )
    takes(home_tab.render(facts))
    takes(home_tab.render(replace(facts, member=None, decision=None, read_lessons=None)))


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in CHANNEL_ONLY])
@pytest.mark.parametrize("until", [None, NOW + timedelta(days=9)], ids=["never", "some day"])
def test_every_reason_has_a_sentence(reason: Reason, until: datetime | None) -> None:
    sentence = outlook.next_ask(Withheld(reason, until), DIRECT)
    assert sentence.endswith(".")
    takes(preferences.saved(sentence, channel="C0NEWS001"))

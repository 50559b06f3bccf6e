"""The longest and most that can be stored still fits into what Slack takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.domain import networks
from bot.domain.drafting import check, lenient
from bot.domain.fatigue import Cause, Reading
from bot.domain.model import (
    Colour,
    Content,
    Member,
    Network,
    Pace,
    PostState,
    Reason,
    SkipReason,
    Stage,
    Withheld,
    Workspace,
)
from bot.domain.queue import Forecast
from bot.sandbox.limits import check_message, check_view
from bot.slack.views import (
    announcement,
    ask,
    card,
    dialog,
    home,
    lists,
    membership,
    outlook,
    own_words,
    pace_check,
    post_form,
    preferences,
    words,
)
from bot.slack.views.dialog import Dialog
from bot.slack.views.text import Message, say
from tests.golden_values import (
    DIRECT,
    DISCLOSURE,
    FLINK,
    FROZEN,
    LONG,
    NOW,
    WORKSPACE,
    decisions,
    five_each,
    most_lessons,
    numbered,
    offer,
    post,
    posts,
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
        expires_at=NOW + timedelta(days=365),
    )


LONG_LINK = ("https://acme.example/" + "news-and-stories/" * 200)[:2000]
TRACKED_LINK = ("https://acme.example/?" + "utm_source=x&" * 200)[:2000]
EXTREMES = {
    "plain": full("t", FLINK.link, "w", "t"),
    "five wordings each": five_each(LONG),
    "ampersands": full("&", FLINK.link, "&", "&"),
    "brackets": full("<", FLINK.link, ">", "<"),
    "emoji": full("\U0001f680", FLINK.link, "\U0001f680", "\U0001f680"),
    "a long link": full("t", LONG_LINK, "w", "t"),
    "a long link with parameters": full("t", TRACKED_LINK, "w", "t"),
}
extremes = pytest.mark.parametrize("content", EXTREMES.values(), ids=list(EXTREMES))
CHANNEL_ONLY = (Reason.EMBARGO, Reason.QUEUE)
Overview = Callable[[Content], Message | View]


def takes(shown: Message | View) -> None:
    """Slack takes it, by the sandbox's measure and by slack_sdk's own."""
    if isinstance(shown, View):
        check_view(shown.to_dict(), kind="home" if shown.type == "home" else "modal")
    else:
        said = shown.payload()
        check_message(said["text"], said["blocks"])


@extremes
def test_the_form_takes_it(content: Content) -> None:
    fields = post_form.for_content(14, 2, content)[1]
    assert check(fields, DISCLOSURE, NOW) == content


@extremes
@pytest.mark.parametrize("state", PostState)
def test_the_card_holds_it(content: Content, state: PostState) -> None:
    forecast = Forecast(NOW + timedelta(days=1), Reason.HOURS)
    reasons = decisions(reason="because " * 10, count=5)
    takes(card.card(post(content, state), reasons, forecast, WORKSPACE))


@pytest.mark.parametrize("letter", ["w", "&"])
def test_the_card_holds_the_longest_reasons(letter: str) -> None:
    reasons = decisions(reason=letter * card.LONGEST_REASON, count=9)
    takes(card.card(post(), reasons, None, WORKSPACE))


@extremes
def test_the_channel_holds_it(content: Content) -> None:
    takes(announcement.live(post(content)))
    takes(announcement.ended(post(content, PostState.EXPIRED)))


@extremes
def test_the_form_holds_it(content: Content) -> None:
    note = words.draft_saved(post(content))
    takes(post_form.render(*post_form.for_content(2**31 - 1, 2, content), note=note))


@pytest.mark.parametrize("topics", ["a,b,c," * 41, "ß," * 125, ",".join(map(str, range(80)))])
def test_a_draft_can_be_opened_again(topics: str) -> None:
    """A draft keeps what was typed, unchecked: also more topics than a post can have."""
    typed = replace(post_form.blank()[1], topics=topics[:250])
    takes(post_form.render(*post_form.for_content(14, 2, lenient(typed))))


@extremes
@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("stage", [Stage.OPENED, Stage.SHARED])
def test_the_dialog_holds_it(content: Content, network: Network, stage: Stage) -> None:
    if not content.wordings_for(network):
        pytest.skip("a link of this length leaves no room for words there")
    shown = dialog.on(Dialog(2**31 - 1, network), offer(content))
    for offered in (offer(content), offer(content, fresh=False)):
        takes(dialog.share(shown, offered, stage))
        takes(own_words.edit(shown, offered))


@extremes
@pytest.mark.parametrize("network", Network)
def test_editing_begins_with_the_whole_text(content: Content, network: Network) -> None:
    if not content.wordings_for(network):
        pytest.skip("a link of this length leaves no room for words there")
    shown = dialog.on(Dialog(14, network), offer(content))
    view = own_words.edit(shown, offer(content)).to_dict()
    (field,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert field["initial_value"] == dialog.text_of(shown, offer(content))


@pytest.mark.parametrize(
    "own",
    [
        "w" * dialog.LONGEST_OWN,
        "word\n" * (dialog.LONGEST_OWN // 5),
        "\n" * dialog.LONGEST_OWN,
        '"' * dialog.LONGEST_OWN,
        "\\" * dialog.LONGEST_OWN,
        "\U0001f680" * dialog.LONGEST_OWN,
        "\u3042" * dialog.LONGEST_OWN,
        "&<>" * (dialog.LONGEST_OWN // 3),
    ],
    ids=["letters", "lines", "line ends", "quotes", "backslashes", "emoji", "kana", "markup"],
)
def test_own_words_fit_or_are_refused_at_the_field(own: str) -> None:
    shown = Dialog(2**31 - 1, Network.LINKEDIN, 4, own)
    if dialog.too_long_to_keep(shown) is None:
        takes(dialog.share(shown, offer(), Stage.OPENED))
        takes(own_words.edit(shown, offer()))
    else:
        assert set(own) & set('\n"\\'), "only what JSON writes with two characters is refused"


@extremes
def test_the_lists_hold_it(content: Content) -> None:
    forecast = Forecast(NOW + timedelta(days=1), Reason.HOURS)
    for states in ((PostState.LIVE,), (PostState.APPROVED,), (PostState.DRAFT,), tuple(PostState)):
        many = posts(100, content, *states)
        outlook = {one.id: forecast for one in many}
        takes(lists.overview(many, outlook, WORKSPACE))
        takes(lists.overview(many, outlook, FROZEN))


@extremes
def test_what_can_be_browsed_fits(content: Content) -> None:
    takes(lists.browse(posts(100, content)))


ANSWERS: dict[str, Callable[[Content], str]] = {
    "own post": lambda content: words.own_post(post(content)),
    "expired": lambda content: words.ended(post(content, PostState.EXPIRED)),
    "correction": lambda content: words.approved(post(content), changed=True),
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
    takes(ask.proposed(shown, member, again=True, renew_before=NOW + timedelta(days=9)))
    for answer in (ask.skipped(shown, stopped=True), ask.saved(shown), ask.sharing(shown)):
        takes(answer)
    for reason in SkipReason:
        takes(ask.reason_kept(shown, reason, slower=Pace.MONTHLY))
    takes(ask.left(shown, membership.left("C0NEWS001")))


@extremes
@pytest.mark.parametrize("workspace", [WORKSPACE, FROZEN], ids=["usual", "frozen"])
def test_the_home_tab_holds_the_most_there_can_be(content: Content, workspace: Workspace) -> None:
    """More topics than anybody follows, all lessons, and for comms many posts under way."""
    many = posts(200, content, *(state for state in PostState if not state.ended))
    forecast = {one.id: Forecast(NOW + timedelta(days=1), Reason.HOURS) for one in many}
    topics = tuple(f"{number:03}{topic}"[:40] for number in range(50) for topic in content.topics)
    member = follower(replace(content, topics=topics), paused_until=NOW + timedelta(days=9))
    facts = home.Facts(
        workspace=workspace,
        member=member,
        decision=Withheld(Reason.BUDGET, NOW + timedelta(days=9)),
        paused=True,
        renewable=True,
        posts=many,
        desk=home.Desk(
            many,
            forecast,
            pace_check.health(
                Reading(Colour.RED, frozenset(Cause)),
                may_acknowledge=True,
                goes_on_until=None,
                zone="UTC",
            ),
        ),
        shelf=most_lessons(),
        read=frozenset(),
    )
    takes(home.render(facts))
    takes(home.render(replace(facts, member=None, decision=None, read=None)))


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in CHANNEL_ONLY])
@pytest.mark.parametrize("until", [None, NOW + timedelta(days=9)], ids=["never", "some day"])
def test_every_reason_has_a_sentence(reason: Reason, until: datetime | None) -> None:
    sentence = outlook.next_ask(Withheld(reason, until), DIRECT)
    assert sentence.endswith(".")
    takes(preferences.saved(sentence, channel="C0NEWS001"))

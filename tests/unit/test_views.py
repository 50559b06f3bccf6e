"""What the views write, they read back; what they never wrote, they call unreadable."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.domain import share_dialog as dialog_rules
from bot.domain.delivery import BOTH, Delivery
from bot.domain.drafting import Fields, check_own_words
from bot.domain.freeze import LONGEST_REASON, Freeze
from bot.domain.home_tab import Browsable
from bot.domain.ids import PostId, WordingId
from bot.domain.invisible import isolated
from bot.domain.model import LeaveUndo, SkipReason, Stage
from bot.domain.post import Network, PostKind
from bot.domain.share_dialog import ShareDialog
from bot.domain.sharing_policy import SharingPolicy
from bot.domain.typed_text import clean
from bot.slack.views import (
    announcements,
    asks,
    cards,
    freeze,
    membership,
    notices,
    own_words,
    payload,
    post_form,
    post_form_state,
    post_form_texts,
    post_lists,
    preferences,
    responses,
    share_dialog,
    share_forms,
)
from bot.slack.views.asks import MenuChoice
from bot.slack.views.payload import PostRef, Unreadable, read_ref, show_ref
from bot.slack.views.post_form_state import MOST_WORDINGS, Form
from bot.slack.views.text import bare, day, escape, link, span, when
from slack_sandbox.inputs import elements_of, initial_values, with_ids
from slack_sandbox.mentions import mentions_in_text
from slack_sandbox.text import Reader, mrkdwn
from tests.golden_values import (
    CHANNEL,
    DIRECT,
    DISCLOSURE,
    FLINK,
    PAGES,
    WORKSPACE,
    five_each,
    post,
    share_options,
)

# No longer than a title, the shortest field of a form.
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=150)
numbers = st.integers(0, 2**31 - 1)
refs = st.builds(PostRef, numbers, numbers)
moments = st.none() | st.integers(0, 2**33 - 1).map(lambda at: datetime.fromtimestamp(at, UTC))
dialogs = st.builds(
    ShareDialog,
    numbers,
    st.sampled_from(Network),
    numbers,
    st.none() | words,
)
dialogs |= st.builds(
    ShareDialog,
    numbers,
    st.sampled_from(Network),
    numbers,
    stage=st.none() | st.sampled_from(Stage),
    practice=st.just(True),
    server=words,
)
forms = st.builds(
    Form,
    st.none() | numbers,
    numbers,
    st.dictionaries(st.sampled_from(Network), st.integers(1, MOST_WORDINGS), min_size=1).map(
        lambda counts: tuple((network, counts[network]) for network in Network if network in counts)
    ),
    is_live=st.booleans(),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def sent_back(view: View) -> dict[str, Any]:
    """The view as Slack sends it with an interaction, nothing changed in it."""
    shown: dict[str, Any] = json.loads(json.dumps(view.to_dict()))
    shown["blocks"] = with_ids(shown["blocks"])
    shown["state"] = {"values": initial_values(shown["blocks"])}
    return shown


def buttons(shown: list[Any]) -> dict[str, Any]:
    """The values of all buttons by their action id."""
    plain = [block.to_dict() for block in shown]
    found = (element for _, element in elements_of(plain) if element["type"] == "button")
    return {element["action_id"]: element.get("value") for element in found}


@given(ref=refs)
def test_a_post_and_its_revision_come_back(ref: PostRef) -> None:
    assert read_ref(show_ref(ref)) == ref


@given(ref=refs)
def test_every_button_of_a_post_comes_back(ref: PostRef) -> None:
    shown = post(id=ref.post_id, revision=ref.revision, approved_revision=ref.revision)
    for message in (
        announcements.render_live(shown),
        cards.render_card(shown, [], None, WORKSPACE),
        post_lists.browse(Browsable([shown])),
        asks.render_ask(shown, DIRECT),
        responses.saved(ref),
        responses.dialog_failed(ref),
    ):
        values = buttons(list(message.blocks)).values()
        assert values
        assert all(read_ref(value) == ref for value in values)


@given(ref=refs)
def test_every_reason_to_skip_comes_back(ref: PostRef) -> None:
    values = buttons(list(responses.skipped(ref).blocks))
    for action in (responses.SHARE_INSTEAD, responses.TAKE_BACK):
        assert read_ref(values.pop(action)) == ref
    assert {responses.reason_action(reason) for reason in SkipReason} == set(values)
    for reason in SkipReason:
        assert responses.read_value(values[responses.reason_action(reason)]) == (
            ref.post_id,
            reason,
        )
    assert responses.read_value(responses.show_value(ref.post_id, None)) == (ref.post_id, None)


@given(ref=refs)
def test_every_choice_in_the_menu_of_an_ask_comes_back(ref: PostRef) -> None:
    shown = post(id=ref.post_id, revision=ref.revision, approved_revision=ref.revision)
    plain = [block.to_dict() for block in asks.render_ask(shown, DIRECT).blocks]
    [menu] = [one for _, one in elements_of(plain) if one["action_id"] == asks.MENU]
    read = [asks.read_menu(option["value"]) for option in menu["options"]]
    assert read == [
        MenuChoice(asks.LATER, ref),
        MenuChoice(asks.LESS, ref, DIRECT.preferences.pace),
        MenuChoice(asks.PAUSE, ref),
        MenuChoice(asks.WHO_SEES, ref),
    ]


@given(left_at=st.integers(0, 2**33), paused=st.none() | st.integers(0, 2**33))
def test_what_undoing_a_leave_needs_comes_back(left_at: int, paused: int | None) -> None:
    moments = [
        None if one is None else datetime.fromtimestamp(one, UTC) for one in (left_at, paused)
    ]
    assert moments[0] is not None
    undo = LeaveUndo(moments[0], moments[1])
    assert membership.read_undo(membership.show_undo(undo)) == undo


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "later",
        "later:",
        "later:14",
        ":14:2",
        "never:14:2",
        "later:14:2:3",
        "less:1:2:soon",
    ],
)
def test_a_choice_that_is_not_in_the_menu_is_unreadable(value: object) -> None:
    with pytest.raises(Unreadable):
        asks.read_menu(value)


@given(number=numbers)
def test_the_question_whether_it_is_there_comes_back(number: int) -> None:
    values = buttons(
        list(notices.uncertain(PostId(number), notices.About("A title"), CHANNEL).blocks)
    )
    assert {notices.read_post(value) for value in values.values()} == {number}
    assert set(values) == {notices.IT_IS_THERE, notices.SEND_AGAIN}


@given(shown=dialogs)
def test_a_dialog_comes_back(shown: ShareDialog) -> None:
    view = share_dialog.render_share(shown, share_options())
    if share_dialog.too_long_to_keep(shown) is None:
        assert share_dialog.read(sent_back(view)) == shown


@given(shown=dialogs)
def test_the_field_for_own_words_comes_back(shown: ShareDialog) -> None:
    if share_dialog.too_long_to_keep(shown) is not None:
        return
    view = sent_back(own_words.edit(shown, share_options()))
    text = dialog_rules.full_text(shown, share_options())
    assert share_dialog.read(view) == shown
    assert clean(own_words.read(view)) == clean(text)


@given(typed=st.text())
@example(typed="I work at Acme.\ud83d")
@example(typed="I work at Acme.\r\nReally.\x07")
def test_own_words_that_pass_the_check_can_be_shown(typed: str) -> None:
    view = sent_back(own_words.edit(ShareDialog(PostId(14), Network.X), share_options()))
    view["state"]["values"][own_words.field_of(view)]["own"]["value"] = f"{typed} I work at Acme."
    own = own_words.read(view)
    if check_own_words(Network.X, own, FLINK.link, DISCLOSURE) is None:
        share_dialog.render_share(
            ShareDialog(PostId(14), Network.X, WordingId(0), own), share_options()
        ).to_dict()


@pytest.mark.parametrize("network", Network)
def test_every_network_comes_back_and_the_shown_one_is_chosen(network: Network) -> None:
    everywhere = share_options(five_each(), sharing_policy=SharingPolicy(networks=tuple(Network)))
    view = share_dialog.render_share(ShareDialog(PostId(14), network), everywhere)
    blocks = [block.to_dict() for block in view.blocks or []]
    [menu] = [one for _, one in elements_of(blocks) if one["action_id"] == share_dialog.NETWORK]
    read = [share_dialog.read_network({"selected_option": one}) for one in menu["options"]]
    assert read == list(Network)
    assert share_dialog.read_network({"selected_option": menu["initial_option"]}) is network


@given(number=numbers)
def test_consent_comes_back(number: int) -> None:
    assert (
        share_forms.read_consent(sent_back(share_forms.consent_form(PostId(number), 6))) == number
    )


@given(ref=refs, reason=words)
def test_a_reason_to_send_back_comes_back(ref: PostRef, reason: str) -> None:
    view = sent_back(cards.ask_reason(ref))
    assert cards.read_reason(view) == (ref, "")
    (block,) = view["state"]["values"]
    view["state"]["values"][block][block]["value"] = reason
    assert cards.read_reason(view) == (ref, clean(reason))
    assert set(cards.reason_missing()) == {block}


@given(
    until=st.none() | st.integers(0, 2**31 - 1).map(lambda at: datetime.fromtimestamp(at, UTC)),
    reason=st.text(max_size=LONGEST_REASON),
)
def test_a_freeze_comes_back(until: datetime | None, reason: str) -> None:
    button = freeze.freeze_button(Freeze(until, reason), "Europe/Berlin")
    assert freeze.read_freeze(button.value) == Freeze(until, reason)


@given(form=forms, typed=st.data(), note=st.none() | st.just("A note."))
def test_a_form_comes_back(form: Form, typed: st.DataObject, note: str | None) -> None:
    fields = Fields(
        title=typed.draw(words),
        link=typed.draw(words),
        why=typed.draw(words),
        topics=typed.draw(words),
        wordings=tuple(
            (network, typed.draw(words)) for network, count in form.counts for _ in range(count)
        ),
        not_before=typed.draw(moments),
        expires_at=typed.draw(moments),
        kind=typed.draw(st.none() | st.sampled_from(PostKind)),
        prompts=typed.draw(words),
        delivery=BOTH if form.is_live else typed.draw(st.frozensets(st.sampled_from(Delivery))),
    )
    view = sent_back(post_form.render(form, fields, note=note))
    assert post_form_state.read_form(view) == form
    assert post_form.read_fields(view) == fields


@given(form=forms)
def test_one_more_wording_comes_back(form: Form) -> None:
    view = post_form.render(form, post_form_state.blank()[1])
    values = buttons(view.blocks or [])
    for network, count in form.counts:
        offered = values.get(f"{post_form_texts.ADD_WORDING}:{network}")
        assert (offered is None) == (count == MOST_WORDINGS)
        if offered is not None:
            assert payload.network({"value": offered}) is network
        more = form.with_one_more(network).counts
        expected = {**dict(form.counts), network: min(MOST_WORDINGS, count + 1)}
        assert dict(more) == expected


READERS: dict[str, Callable[[Any], object]] = {
    "a button's value": read_ref,
    "a reason's value": responses.read_value,
    "a notice's value": notices.read_post,
    "a choice in a menu": asks.read_menu,
    "settings": preferences.read,
    "a number": payload.number,
    "a network": payload.network,
    "a chosen network": share_dialog.read_network,
    "metadata": payload.metadata,
    "a dialog": share_dialog.read,
    "own words": own_words.read,
    "consent": share_forms.read_consent,
    "a server": share_forms.read_server,
    "a note": share_forms.read_note,
    "a reason": cards.read_reason,
    "a form": post_form_state.read_form,
    "a freeze": freeze.read_freeze,
    "fields": post_form.read_fields,
}


@pytest.mark.parametrize("name", READERS)
@given(value=anything)
def test_what_the_bot_never_wrote_is_unreadable(name: str, value: Any) -> None:
    """Read, or Unreadable: nothing else may come of what others send."""
    for hostile in (value, {"value": value}, {"private_metadata": value}):
        with suppress(Unreadable):
            READERS[name](hostile)


@pytest.mark.parametrize("name", READERS)
@given(
    kept=st.dictionaries(
        st.sampled_from(
            ["post", "revision", "counts", "network", "wording", "own", "said", "server"]
        ),
        anything,
    ),
    values=anything,
)
@example(kept={"post": 1, "revision": 1, "counts": {"x": 1.0}}, values={})
@example(kept={"post": 1, "revision": 1, "counts": {"myspace": 1}}, values={})
@example(kept={"post": 1, "revision": 1, "counts": {"x": True}}, values={})
def test_changed_metadata_is_unreadable(name: str, kept: dict[str, Any], values: Any) -> None:
    view = {"private_metadata": json.dumps(kept), "state": {"values": values}}
    with suppress(Unreadable):
        READERS[name](view)


def test_metadata_nested_too_deep_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        payload.metadata({"private_metadata": "[" * 3_000})


@pytest.mark.parametrize(
    "counts", [[1.0, 1, 1], [True, 1, 1], [0, 1, 1], [6, 1, 1], [1, 1], "111", None, [[1], 1, 1]]
)
def test_counts_are_whole_numbers(counts: Any) -> None:
    kept = {"post": 14, "revision": 2, "counts": counts}
    with pytest.raises(Unreadable):
        post_form_state.read_form({"private_metadata": json.dumps(kept)})


@given(text=st.text())
@example(
    text=f"{PAGES} <@U0CLEO001> <https://evil.example|Read it> &lt;!here&gt; <!date^1^{{time}}|x>"
)
def test_escaped_text_is_read_as_it_was_typed_and_pages_nobody(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not mentions_in_text(escaped)
    read = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert read == isolated(text)


def test_a_link_shows_its_label_and_leads_to_its_address() -> None:
    shown = mrkdwn(link("https://acme.example/?a=1&b=2", f"{PAGES} & more"), Reader())
    assert shown == f"{PAGES} & more (https://acme.example/?a=1&b=2)"


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "UTC")


@given(
    moment=st.integers(0, 2**33 - 1).map(lambda at: datetime.fromtimestamp(at, UTC)),
    zone=st.sampled_from(ZONES),
)
def test_a_moment_has_a_date_for_slack_and_one_for_everybody(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    stamp, form, fallback = when(moment, zone).removesuffix(">").replace("|", "^", 1).split("^")[1:]
    assert int(stamp) == int(moment.timestamp())
    assert form == "{date_short_pretty} at {time}"
    assert fallback == local.strftime(f"%a {local.day} %b %Y, %H:%M %Z")
    assert mrkdwn(when(moment, zone), Reader(zone=ZoneInfo(zone))).startswith(f"{local:%b} ")
    assert f"|{local.day} {local:%B %Y}>" in day(moment, zone)


def test_a_moment_is_told_in_the_zone_given() -> None:
    moment = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)
    assert when(moment, "Europe/Berlin").endswith("|Wed 2 Sep 2026, 00:30 CEST>")
    assert when(moment, "America/New_York").endswith("|Tue 1 Sep 2026, 18:30 EDT>")
    assert day(moment, "Asia/Kolkata").endswith("|2 September 2026>")


def test_a_length_of_time_is_told_in_the_largest_unit_without_a_rest() -> None:
    hour = timedelta(hours=1)
    assert [span(48 * hour), span(hour), span(36 * hour), span(timedelta(seconds=90))] == [
        "2 days",
        "1 hour",
        "36 hours",
        "90 seconds",
    ]


@given(st.text())
def test_an_escaped_text_is_bare_again_at_a_field(text: str) -> None:
    assert bare(escape(text)) == isolated(text).replace("`", "")

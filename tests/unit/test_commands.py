"""What was typed after the command: who answers it, however it was spaced, quoted or dashed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.typed_text import clean, plain, typed_link
from bot.slack.listeners import (
    commands,
    lessons,
    membership,
    my_data,
    post_form,
    posts,
    preferences,
    retention,
)
from bot.slack.listeners.commands import route
from bot.slack.listeners.request import Handler

LINK = "https://acme.example/a-b"
TYPED: dict[str, tuple[Handler, str]] = {
    "": (membership.status, ""),
    "join": (membership.join, ""),
    "in": (membership.join, ""),
    "opt-in": (membership.join, ""),
    "opt-out": (membership.leave, ""),
    "leave": (membership.leave, ""),
    "stop asking me": (membership.leave, ""),
    "stop asking me on Fridays": (
        membership.ask_whether_to_leave,
        "stop asking me on fridays",
    ),
    "don't stop": (membership.ask_whether_to_leave, "don't stop"),
    "pause until 2026-12-01": (membership.pause, "until 2026-12-01"),
    "settings": (preferences.settings, ""),
    "my-data": (my_data.show, ""),
    "forget-me": (retention.ask, ""),
    "lessons": (lessons.catalogue, ""),
    "approve 14": (posts.approve, "14"),
    "duplicate 14": (posts.copy, "14"),
    "send-back 14 the link is broken": (posts.send_back, "14 the link is broken"),
    "withdraw": (commands.withdraw_nothing, ""),
    "withdraw 14": (posts.withdraw, "14"),
    "xyzzy 1": (commands.show_unknown, "xyzzy 1"),
}
BLANKS = [" ", "  ", "\u00a0", "\t", "\n", "\r\n", "\u3000", "\u2028", "\u202f", "\u200b \u2060"]
DASHES = ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\ufe63", "\uff0d"]
APOSTROPHES = ["'", "\u2019", "\u2018", "\u02bc", "\uff07", "`", "\u00b4"]
QUOTES = ["", '"', "'", "\u201c", "\u201d", "\u201e", "\u00ab", "\u2039", "\u300c", "`", "\uff02"]
UNSEEN = [
    "",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u3164",
    "\u202e",
    "\U000e0020",
]


@pytest.mark.parametrize("typed", TYPED, ids=str)
def test_words_reach_the_command_of_their_name(typed: str) -> None:
    command, rest = route(typed)
    assert (command.handler, plain(rest)) == TYPED[typed]


@given(st.sampled_from(sorted(TYPED)), st.data())
def test_spaces_dashes_quotes_and_what_nobody_sees_change_nothing(
    typed: str, data: st.DataObject
) -> None:
    looks_like = {" ": BLANKS, "-": DASHES, "'": APOSTROPHES}
    around = st.sampled_from(BLANKS)
    written = "".join(
        data.draw(st.sampled_from(looks_like.get(letter, [letter])))
        + data.draw(st.sampled_from(UNSEEN))
        for letter in typed
    )
    quote = data.draw(st.sampled_from(QUOTES)) if typed else ""
    whole = data.draw(around) + quote + written + quote + data.draw(around)
    command, rest = route(whole)
    assert (command.handler, plain(rest)) == TYPED[typed]


@given(
    st.sampled_from(BLANKS),
    st.sampled_from(["{}", "<{}>", "<{}|acme.example>", "\u201c{}\u201d", "`{}`"]),
    st.sampled_from([one for one in UNSEEN if one not in ("\u200c", "\u200d")]),
)
def test_the_link_behind_queue_is_itself(blank: str, form: str, unseen: str) -> None:
    command, rest = route(f"queue{blank}{unseen}{form.format(LINK)}{unseen}")
    assert (command.handler, typed_link(rest)) == (post_form.queue, LINK)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("opt in", "opt-in"),
        ("opt out", "opt-out"),
        ("my data", "my-data"),
        ("Forget me!", "forget-me"),
        ("send back 14 the link is broken", "send-back 14 the link is broken"),
        ("please settings", "settings"),
        ("/advocacy approve 14", "approve 14"),
        ("/advocacy leave", "leave"),
        ("Settings?", "settings"),
        ("*Join*", "join"),
    ],
)
def test_other_ways_to_write_a_name(typed: str, meant: str) -> None:
    command, rest = route(typed)
    assert (command.handler, plain(rest)) == TYPED[meant]


def test_in_two_weeks_is_not_to_join() -> None:
    assert route("in 2 weeks")[0].handler is commands.show_unknown


def test_a_reason_keeps_its_own_quotation_marks_and_joiners() -> None:
    family = "\U0001f468\u200d\U0001f469"
    reason = f"\u201cWe\u201d \u2014 who\u2019s that? {family}"
    _command, rest = route(f"send\u2011back\u00a014 {reason}")
    assert clean(rest) == f"14 {reason}"

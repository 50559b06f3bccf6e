"""What the queue form takes, and the sentence for each thing it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import Delivery
from bot.domain.drafting import Errors, Fields, check, check_own_words, draft_content
from bot.domain.networks import fits, full_text
from bot.domain.post import Content, Network, PostKind, Wording
from bot.domain.typed_text import clean

TAG = "#AcmeEmployee"
LINK = "https://acme.example/news/1"
NOW = datetime(2026, 10, 15, 13, 30, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = Fields(
    title="We open-sourced our scheduler",
    link=LINK,
    why="It keeps working through a restart.",
    topics="Engineering, open source",
    wordings=(
        (Network.LINKEDIN, "We gave our scheduler away."),
        (Network.LINKEDIN, ""),
        (Network.X, ""),
        (Network.X, "Our scheduler is yours now."),
    ),
    not_before=None,
    expires_at=None,
    kind=PostKind.USEFUL,
    prompts=" What was hard? \n\n Who:tada:  should know?",
)


def errors(fields: Fields) -> dict[str, str]:
    found = check(fields, TAG, NOW)
    assert isinstance(found, Errors)
    return found.by_field


def content(fields: Fields) -> Content:
    found = check(fields, TAG, NOW)
    assert isinstance(found, Content), found
    return found


def test_a_good_form_becomes_content_without_its_empty_wordings() -> None:
    assert content(GOOD) == Content(
        title="We open-sourced our scheduler",
        link=LINK,
        why="It keeps working through a restart.",
        topics=("Engineering", "open source"),
        wordings=(
            Wording(Network.LINKEDIN, "We gave our scheduler away."),
            Wording(Network.X, "Our scheduler is yours now."),
        ),
        not_before=None,
        expires_at=None,
        kind=PostKind.USEFUL,
        prompts=("What was hard?", "Who🎉 should know?"),
    )


@pytest.mark.parametrize(
    ("changed", "at", "sentence"),
    [
        ({"kind": None}, "kind", "Please choose what kind of post it is."),
        ({"delivery": frozenset()}, "delivery", "Please choose at least one."),
        (
            {"delivery": frozenset({Delivery.DIRECT}), "topics": " "},
            "topics",
            "Please name a topic: direct messages go only to people who follow one of them.",
        ),
        (
            {"prompts": "a?\nb?\nc?\nd?"},
            "prompts",
            "A post can have 3 questions, one on each line. It has 4.",
        ),
        (
            {"prompts": "a?\n" + "b" * 201},
            "prompts",
            "A question can have 200 characters. The longest here has 201.",
        ),
    ],
)
def test_what_a_post_needs_besides_is_said_at_its_field(
    changed: dict[str, Any], at: str, sentence: str
) -> None:
    assert errors(replace(GOOD, **changed)) == {at: sentence}


def test_an_empty_form_is_told_everything_at_once() -> None:
    empty = Fields("", " ", "\n", "", ((Network.BLUESKY, " "), (Network.X, "")), None, None)
    assert errors(empty).keys() == {"title", "link", "why", "kind", "bluesky:0"}


def test_a_form_without_fields_for_wordings_names_the_first_network() -> None:
    assert errors(replace(GOOD, wordings=())) == {
        "linkedin:0": "Please write at least one text, for any network."
    }


@pytest.mark.parametrize(
    ("at_limit", "beyond", "sentence"),
    [
        (
            replace(GOOD, title="a" * 150),
            replace(GOOD, title="a" * 151),
            "A title can have 150 characters. This one has 151.",
        ),
        (
            replace(GOOD, why="a" * 500),
            replace(GOOD, why="a" * 501),
            "This can have 500 characters. It has 501.",
        ),
        (
            replace(GOOD, topics="a" * 40),
            replace(GOOD, topics="a" * 41),
            "A topic can have 40 characters. The longest here has 41.",
        ),
    ],
)
def test_a_field_takes_its_limit_and_no_more(
    at_limit: Fields, beyond: Fields, sentence: str
) -> None:
    content(at_limit)
    assert list(errors(beyond).values()) == [sentence]


def test_a_link_takes_its_limit_and_no_more() -> None:
    linkedin = ((Network.LINKEDIN, "News"),)
    longest = "https://acme.example/" + "a" * 1979
    content(replace(GOOD, link=longest, wordings=linkedin))
    assert errors(replace(GOOD, link=longest + "a", wordings=linkedin)) == {
        "link": "A link can have 2,000 characters. This one has 2,001."
    }


def test_a_title_stays_on_one_line() -> None:
    assert errors(replace(GOOD, title="One\r\ntwo")) == {
        "title": "Please keep the title on one line."
    }


@pytest.mark.parametrize(
    "link",
    [
        "acme.example/news",
        "ftp://acme.example/",
        "javascript:alert(1)",
        "mailto:jo@acme.example",
        "https://",
        "https:///path",
        "https://:80/",
        "https://[acme/",
        "https://acme.example:port/",
        "https://jo:secret@acme.example/",
        "https://@acme.example/",
        "https://acme.example/a b",
        "https://acme.example/a\nb",
        "https://acme.example/a\u200bb",
        "https://acme.example/|label",
        "https://acme.example/<b>",
        "https://acme.example\\@evil.example/",
        "https://https://acme.example/news",
        "https://http://acme.example",
        "https://https//acme.example",
        "https://.",
        "https://./news",
        "https://..",
        "https://example..org",
        "https://.example.org/news",
        "https://example\u3002\uff0eorg",
        "https://-",
        "https://intranet/news",
        "https://example,org/news",
        f"https://{'a' * 64}.example/",
        "\u3164",
    ],
)
def test_a_link_that_could_mislead_is_refused(link: str) -> None:
    assert errors(replace(GOOD, link=link)).keys() == {"link"}


@pytest.mark.parametrize(
    "link",
    [
        f"  {LINK}\n",
        "HTTPS://ACME.EXAMPLE",
        "http://acme.example:8080/a?b=c&d=%20#e",
        "https://m\u00fcller.example/\u3042",
        "https://acme.example/@jo",
        "https://acme.example./",
        "https://\u2603.example/",
        "https://a_b.example/",
        "https://192.0.2.1/news",
        "https://[2001:db8::1]:8080/",
        "https://web.example/2026/https://acme.example/",
        "https://acme.example/caf" + "e\u0301",  # composed, it would be another page's address
    ],
)
def test_a_plain_link_is_kept_as_typed(link: str) -> None:
    assert content(replace(GOOD, link=link)).link == link.strip()


def test_a_link_that_starts_twice_is_told_so() -> None:
    assert errors(replace(GOOD, link="https://https://acme.example/news")) == {
        "link": "The link starts with https:// twice. Please keep one."
    }


def test_emoji_codes_become_emoji_in_what_leaves_slack() -> None:
    typed = replace(
        GOOD,
        title="Out now :tada:",
        why="For :heart: of it",
        wordings=((Network.X, "[en] It is out :tada:"),),
        picture="https://acme.example/a.png",
        picture_alt="A :rocket:",
    )
    kept = content(typed)
    assert (kept.title, kept.picture_alt) == ("Out now \U0001f389", "A \U0001f680")
    assert kept.wordings == (Wording(Network.X, "It is out \U0001f389", "en"),)
    assert kept.why == "For :heart: of it", "read in Slack only"


def test_emoji_codes_are_counted_as_the_emoji_they_become() -> None:
    codes = ((Network.BLUESKY, ":tada:" * 100),)
    content(replace(GOOD, wordings=codes))
    assert check_own_words(Network.BLUESKY, ":tada:" * 100, LINK, TAG) is None


def test_a_length_that_networks_tell_in_two_ways_is_about() -> None:
    # The link (27) and its gap, the tag (13) and its space: 43 bytes, and 4 for each emoji.
    wordings = ((Network.THREADS, "\U0001f389" * 115),)
    assert errors(replace(GOOD, wordings=wordings)) == {
        "threads:0": "This comes to about 503 of 500 on Threads, including the link and "
        "#AcmeEmployee."
    }


def test_topics_are_split_and_said_once_as_they_were_written_first() -> None:
    typed = "Security,  open\tsource\nSECURITY, ,\u5b89\u5168\u3001Stra\u00dfe"
    assert content(replace(GOOD, topics=typed)).topics == (
        "Security", "open source", "\u5b89\u5168", "Stra\u00dfe",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("AI; Straße", ("AI", "Stra\u00dfe")),
        ("AI، أخبار؛ ai", ("AI", "أخبار")),
        ("安全\uff1b新闻\uff0c\uff21\uff29", ("安全", "新闻", "\uff21\uff29")),
        ("Straße, STRASSE", ("Stra\u00dfe",)),
        ("Cafe\u0301, CAF\u00c9", ("Caf\u00e9",)),
        ("a\u2028b\u000bc\u0085d", ("a", "b", "c", "d")),
        ("\u3164, \u2800;\u00ad\u200d", ()),
    ],
)
def test_topics_stay_as_they_were_written_first(typed: str, topics: tuple[str, ...]) -> None:
    assert content(replace(GOOD, topics=typed)).topics == topics


# Of Unicode's Default_Ignorable_Code_Point: the Hangul fillers, the soft hyphen, joiners, tags. And
# the empty Braille cell (U+2800), which is drawn as a space.
@pytest.mark.parametrize(
    "nothing",
    [
        "\u3164",
        "\u2800",
        "\u00ad",
        "\u200d",
        "\u200c\u2060",
        "\u115f",
        "\u180e",
        "\ufe0f",
        "\u00a0",
    ],
    ids=ascii,
)
def test_what_shows_nothing_is_empty(nothing: str) -> None:
    shown = errors(
        replace(
            GOOD,
            title=nothing,
            why=f" {nothing}\n",
            picture="https://acme.example/1.png",
            picture_alt=nothing,
            wordings=((Network.X, nothing), (Network.LINKEDIN, nothing * 3)),
        )
    )
    assert shown.keys() == {"title", "why", "picture_alt", "x:0"}
    assert check_own_words(Network.X, nothing, LINK, TAG) == ("Please write your own text first.")


def test_everything_written_is_composed() -> None:
    apart, composed = "Cafe\u0301", "Caf\u00e9"
    typed = replace(
        GOOD, title=apart, why=apart, topics=apart, wordings=((Network.LINKEDIN, apart),)
    )
    found = content(typed)
    texts = (found.title, found.why, *found.topics, found.wordings[0].text)
    assert texts == (composed,) * 4


# Unicode 5.8 ("Newline Guidelines") lists CR, LF, CRLF, NEL, VT, FF, LS and PS.
@pytest.mark.parametrize("end", ["\r", "\r\n", "\u000b", "\u000c", "\u0085", "\u2028", "\u2029"])
def test_every_line_end_is_one(end: str) -> None:
    assert errors(replace(GOOD, title=f"One{end}two")) == {
        "title": "Please keep the title on one line."
    }
    assert content(replace(GOOD, why=f"One{end}two")).why == "One\ntwo"


def test_a_post_has_five_topics_at_most() -> None:
    content(replace(GOOD, topics="a,b,c,d,e,a"))
    assert errors(replace(GOOD, topics="a,b,c,d,e,f")) == {
        "topics": "A post can have 5 topics. This one has 6."
    }


def test_a_wording_that_does_not_fit_is_told_by_how_much() -> None:
    # 272 letters, a space and the tag (14), a space, the link (23 for X).
    wordings = (*GOOD.wordings, (Network.X, "a" * 272))
    link = "https://acme.com/news/1"
    assert errors(replace(GOOD, link=link, wordings=wordings)) == {
        "x:2": "This comes to 310 of 280 on X, including the link and #AcmeEmployee."
    }


def test_a_long_wording_that_discloses_is_told_of_the_link_only() -> None:
    wordings = ((Network.LINKEDIN, "I work at Acme. " + "a" * 3000),)
    assert errors(replace(GOOD, wordings=wordings)) == {
        "linkedin:0": "This comes to 3,045 of 3,000 on LinkedIn, including the link."
    }


def test_wordings_are_counted_within_their_network_in_form_order() -> None:
    long = "a" * 4000
    wordings = (
        (Network.X, "fine"), (Network.LINKEDIN, long), (Network.X, " "), (Network.X, long),
        (Network.LINKEDIN, "fine"), (Network.LINKEDIN, long),
    )  # fmt: skip
    assert list(errors(replace(GOOD, wordings=wordings))) == ["linkedin:0", "x:2", "linkedin:2"]


def test_the_end_lies_in_the_future() -> None:
    content(replace(GOOD, expires_at=NOW + DAY))
    assert errors(replace(GOOD, expires_at=NOW)).keys() == {"expires_at"}


def test_the_end_comes_after_the_embargo() -> None:
    content(replace(GOOD, not_before=NOW + DAY, expires_at=NOW + 2 * DAY))
    assert errors(replace(GOOD, not_before=NOW + DAY, expires_at=NOW + DAY)) == {
        "expires_at": "Please choose a time after the earliest one."
    }


def test_a_draft_keeps_what_was_typed() -> None:
    typed = Fields(
        " Two\nlines ", "not a link", "", "a,b,c,d,e,f",
        ((Network.X, "a" * 500), (Network.X, "")), NOW, NOW - DAY,
    )  # fmt: skip
    assert draft_content(typed) == Content(
        "Two\nlines", "not a link", "", ("a", "b", "c", "d", "e", "f"),
        (Wording(Network.X, "a" * 500),), NOW, NOW - DAY,
    )  # fmt: skip


def test_cleaning_keeps_joiners_and_lines_and_drops_what_nobody_sees() -> None:
    family = "\U0001f468\u200d\U0001f469"
    assert (
        clean(f"\ufeff a\x00\x1b\r\nb\tc\u2028{family}\ud800\uffff\u200b ") == f"a\nb\tc\n{family}"
    )


@pytest.mark.parametrize(
    "own",
    [f"Have a look {TAG}", "I work at Acme, have a look", f"I work at Acme: {LINK}"],
)
def test_own_words_that_disclose_and_fit_are_fine(own: str) -> None:
    assert check_own_words(Network.X, own, LINK, TAG) is None


def test_own_words_are_told_what_would_do() -> None:
    assert check_own_words(Network.X, " \u200b", LINK, TAG) == ("Please write your own text first.")
    assert check_own_words(Network.BLUESKY, f"{'a' * 287} {TAG}", LINK, TAG) == (
        "This comes to 322 of 300 on Bluesky, including the link."
    )


typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
often_good = st.sampled_from(["a", "News", LINK, TAG]) | typed
long_text = st.builds(lambda piece, times: piece * times, often_good, st.integers(0, 320))
when = st.none() | st.integers(-3, 3).map(lambda days: NOW + days * DAY)
forms = st.builds(
    Fields,
    title=often_good,
    link=st.just(LINK) | typed,
    why=often_good,
    topics=often_good,
    wordings=st.lists(st.tuples(st.sampled_from(Network), long_text), max_size=4).map(tuple),
    not_before=when,
    expires_at=when,
)


@given(forms)
def test_content_that_passes_fits_and_passes_again(form: Fields) -> None:
    found = check(form, TAG, NOW)
    if isinstance(found, Errors):
        assert found.by_field
        assert all(sentence.endswith((".", "\\.")) for sentence in found.by_field.values())
        return
    assert found == draft_content(form)
    assert found.wordings
    for wording in found.wordings:
        assert fits(wording.network, full_text(wording.network, wording.text, TAG, found.link))
    again = replace(
        form,
        topics=",".join(found.topics),
        wordings=tuple((wording.network, wording.text) for wording in found.wordings),
    )
    assert check(again, TAG, NOW) == found

"""Feeds, as comms read, add and remove them, and what the bot says of them by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    InputBlock,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain.desk import Viewer
from bot.domain.feeds import MOST_A_DAY, MOST_FEEDS, UNTOUCHED_FOR, Feed, FeedProblem, ReadFeed
from bot.domain.ids import FeedId
from bot.domain.model import NoticeKind
from bot.domain.post_fields import MAX_LINK, link_error
from bot.domain.typed_text import typed_link
from bot.slack.views.cards import ALL_POSTS
from bot.slack.views.payload import Unreadable, number, text_at, typed
from bot.slack.views.text import (
    Message,
    button,
    context,
    escape,
    escape_link,
    link,
    plain,
    say,
    section,
    shortened,
)

OPEN = "open_feeds"
DIALOG = "feeds"
REMOVE = "remove_feed"
ADD_NAMED = "add_named_feed"
_ADDRESS = "address"

ADD_HOW = "`/advocacy feed add https://…` adds a feed, `/advocacy feed remove 3` removes one."
SWITCHED_OFF = (
    "Opening pages is switched off here, so I can't read feeds. The people who run me can switch "
    "it on."
)
THERE_ALREADY = "I read that feed already."
TOO_MANY = f"I read {MOST_FEEDS} feeds at most. Please remove one first."
NO_SUCH_FEED = "There's no feed with that number."
NEEDS_NUMBER = "Please add the feed's number, such as `/advocacy feed remove 3`."
LOOKING = "I'm looking at it. This takes a few seconds."

BECAUSE = {
    FeedProblem.ADDRESS: "it leads to an address that I don't open",
    FeedProblem.NOT_PUBLIC: "it can't be reached from outside",
    FeedProblem.UNREACHABLE: "its server didn't answer",
    FeedProblem.SLOW: "its server took too long to answer",
    FeedProblem.REFUSED: "its server didn't let me read it",
    FeedProblem.BUSY: "its server asked me to come back later",
    FeedProblem.GONE: "its server says that there's nothing at this address",
    FeedProblem.REDIRECTS: "it redirects too many times",
    FeedProblem.UNREADABLE: "I couldn't make out what its server sent",
    FeedProblem.NO_FEED: "there's no RSS or Atom feed at this address",
}


def overview(feeds: Sequence[Feed], viewer: Viewer) -> Message:
    """All feeds, for who typed the command."""
    first = "*Feeds*\n" if feeds else "There are no feeds yet. "
    how = "" if viewer.is_guest else ADD_HOW
    return say(f"{first}{how}".rstrip(), *_rows(feeds, viewer), *_buttons(viewer))


def dialog(feeds: Sequence[Feed], viewer: Viewer, note: str | None = None) -> View:
    """All feeds, and a field for one more; `note` is what became of the last step."""
    blocks: list[Block] = [section(note)] if note else []
    blocks += _rows(feeds, viewer)
    blocks.append(
        context(
            "What is new in a feed becomes a draft with a suggested text, at most "
            f"{MOST_A_DAY} a day. Nothing goes out by itself."
        )
    )
    may_add = not viewer.is_guest and len(feeds) < MOST_FEEDS
    if may_add:
        blocks.append(_field())
    return View(
        type="modal",
        callback_id=DIALOG,
        title=plain("Feeds"),
        submit=plain("Add") if may_add else None,
        close=plain("Close"),
        blocks=blocks,
    )


def closing(answer: Message) -> View:
    """What became of it, in the place of the dialog."""
    return View(
        type="modal",
        callback_id="closed",
        title=plain("Feeds"),
        close=plain("Close"),
        blocks=answer.blocks,
    )


def read_address(view: Mapping[str, Any]) -> str:
    """The address that was typed into the dialog."""
    return typed_link(typed(view, "state", "values", _ADDRESS, _ADDRESS, "value"))


def at_address(sentence: str) -> dict[str, str]:
    """What is wrong with it, at its field."""
    return {_ADDRESS: sentence}


def address_error(address: str) -> str | None:
    """What keeps this from being a feed's address, as one sentence."""
    return "Please add the feed's address." if not address else link_error(address)


def read_feed_id(value: object) -> FeedId:
    """The feed that a button stands for; raises Unreadable."""
    return FeedId(number(value))


def read_named(action: Mapping[str, Any]) -> str:
    """The address that a button stands for; raises Unreadable."""
    address = text_at(action, "value")
    if link_error(address) is not None:
        raise Unreadable("no address")
    return address


def added(read: ReadFeed) -> Message:
    """A feed is read from now on."""
    count = len(read.entries)
    has = {
        0: "It has no entries yet. New ones become drafts",
        1: "Its one entry makes no draft. New ones do",
    }.get(count, f"Its {count:,} entries make no drafts. New ones do")
    most = f"at most {MOST_A_DAY} a day from all feeds"
    return say(f"I read {_title(read.title)} from now on. {has}, {most}.")


def not_added(problem: FeedProblem, named: Sequence[str] = ()) -> Message:
    """Why a feed was not added, and the feeds that the page names instead."""
    text = f"Nothing was added: {BECAUSE[problem]}."
    if not named:
        return say(text)
    buttons = [
        ButtonElement(
            text=plain(shortened(f"Add {_short(address)}", 75)),
            action_id=f"{ADD_NAMED}:{place}",
            value=address,
        )
        for place, address in enumerate(named)
        if len(address) <= MAX_LINK
    ]
    which = "this feed" if len(buttons) == 1 else "these feeds"
    return say(f"{text} It's a page that names {which}:", ActionsBlock(elements=[*buttons]))


def removed(title: str) -> Message:
    """A feed is read no more."""
    return say(f"I don't read {_title(title)} any more. Drafts from it stay.")


def notice(kind: NoticeKind, detail: str) -> Message:
    """What the bot says of feeds by itself; `detail` ends with a title, or is a list of them."""
    first, _, title = detail.partition("\n")
    if kind is NoticeKind.FEED_FAILS:
        return fails(FeedProblem(first), title)
    return moved(first, title) if kind is NoticeKind.FEED_MOVED else drafts(detail.split("\n"))


def drafts(titles: Sequence[str]) -> Message:
    """Once a day: what came from feeds."""
    kept = f"I delete it after {UNTOUCHED_FOR.days} days if nobody edits it."
    show = ActionsBlock(elements=[button("All posts", ALL_POSTS)])
    if len(titles) == 1:
        return say(f"There's a new draft from a feed: {_title(titles[0])}. {kept}", show)
    lines = "\n".join(f"• {escape(title)}" for title in titles)
    kept = f"I delete those that nobody has edited after {UNTOUCHED_FOR.days} days."
    return say(f"There are {len(titles)} new drafts from feeds. {kept}", section(lines), show)


def fails(problem: FeedProblem, title: str) -> Message:
    """A feed could not be read for days."""
    return say(
        f"I haven't been able to read the feed {_title(title)} for three days: "
        f"{BECAUSE[problem]}. I go on trying once a day. If it has moved, remove it and add its "
        "new address.",
        ActionsBlock(elements=[button("Feeds", OPEN)]),
    )


def moved(address: str, title: str) -> Message:
    """A feed has another address for good."""
    return say(f"The feed {_title(title)} has moved. I read it at {link(address, address)} now.")


def _rows(feeds: Sequence[Feed], viewer: Viewer) -> list[Block]:
    blocks: list[Block] = []
    for feed in feeds:
        line = f"{feed.id}: {link(feed.address, feed.title)}, {escape_link(_host(feed.address))}"
        if feed.problem is not None:
            line += f"\nI can't read it just now: {BECAUSE[feed.problem]}. I go on trying."
        remove = None if viewer.is_guest else _remove_button(feed)
        blocks.append(section(line, accessory=remove))
    return blocks


def _remove_button(feed: Feed) -> ButtonElement:
    confirm = ConfirmObject(
        title=plain("Remove this feed?"),
        text=plain("I won't read it any more. Drafts from it stay."),
        confirm=plain("Remove"),
        deny=plain("Cancel"),
    )
    return ButtonElement(
        text=plain("Remove"),
        action_id=f"{REMOVE}:{feed.id}",
        value=str(feed.id),
        confirm=confirm,
        accessibility_label=shortened(f"Remove feed {feed.id}: {feed.title}", 75),
    )


def _buttons(viewer: Viewer) -> list[Block]:
    return [] if viewer.is_guest else [ActionsBlock(elements=[button("Add a feed", OPEN)])]


def _field() -> InputBlock:
    return InputBlock(
        block_id=_ADDRESS,
        label=plain("Add a feed"),
        element=PlainTextInputElement(
            action_id=_ADDRESS,
            placeholder=plain("https://blog.example.com/feed"),
            max_length=MAX_LINK,
        ),
        hint=plain("The address of an RSS or Atom feed."),
    )


def _title(title: str) -> str:
    return f"“{escape(title)}”"


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


def _short(address: str) -> str:
    parts = urlsplit(address)
    return f"{_host(address)}{parts.path}"

"""The form in which a post is written, and the reader of what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DateTimePickerElement,
    InputBlock,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain import networks
from bot.domain.drafting import Fields
from bot.domain.model import Content, Network
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import context, plain, section

FORM = "post_form"
SAVE = "save_draft"
ADD_WORDING = "add_wording"
MOST_WORDINGS = 5  # of one network; the card shows each of them in full

_VALUE = "value"
_LONGEST = 3000  # Slack's limit for a text field


@dataclass(frozen=True, slots=True)
class Form:
    """What a form was opened on, and how many wording fields each network has in it.

    `post` is None for a new one; `revision` is the content it was opened with.
    """

    post: int | None
    revision: int
    counts: tuple[int, ...]

    def with_one_more(self, network: Network) -> Form:
        """The form with one more wording field, unless the network has enough."""
        counts = tuple(
            min(MOST_WORDINGS, count + 1) if other is network else count
            for other, count in zip(Network, self.counts, strict=True)
        )
        return replace(self, counts=counts)


def blank(title: str = "", link: str = "") -> tuple[Form, Fields]:
    """A new form, with a link if one was given."""
    empty = Fields(
        title=title, link=link, why="", topics="", wordings=(), not_before=None, expires_at=None
    )
    return Form(None, 0, (1,) * len(Network)), empty


def for_content(post: int, revision: int, content: Content) -> tuple[Form, Fields]:
    """A form filled with what was written before."""
    counts = tuple(
        max(1, min(MOST_WORDINGS, len(content.wordings_for(network)))) for network in Network
    )
    fields = Fields(
        title=content.title,
        link=content.link,
        why=content.why,
        topics=", ".join(content.topics),
        wordings=tuple((wording.network, wording.text) for wording in content.wordings),
        not_before=content.not_before,
        expires_at=content.expires_at,
    )
    return Form(post, revision, counts), fields


def render(form: Form, fields: Fields, *, note: str | None = None) -> View:
    """The form; `note` is one line at its top. Fields keep what was typed on an update."""
    blocks: list[Block] = [context(note, block_id="note")] if note else []
    blocks += [
        _text("title", "Title", fields.title, "What colleagues read first", most=150),
        _text("link", "Link", fields.link, "https://…", most=2000),
        _text(
            "why",
            "Why it matters to a reader",
            fields.why,
            "One or two sentences for somebody outside the company",
            most=500,
            multiline=True,
        ),
        _text(
            "topics",
            "Topics",
            fields.topics,
            "releases, open source",
            most=250,
            optional=True,
            hint="Up to five, separated by commas. Topics take turns in the channel.",
        ),
    ]
    for network, count in zip(Network, form.counts, strict=True):
        blocks += _wordings(network, count, fields)
    blocks += [
        _moment(
            "not_before",
            "Earliest moment",
            fields.not_before,
            "It won't go out before this, in your time zone.",
        ),
        _moment(
            "expires_at",
            "Expires",
            fields.expires_at,
            "After this it can't be shared, in your time zone.",
        ),
        ActionsBlock(
            block_id="keep",
            elements=[ButtonElement(text=plain("Save draft"), action_id=SAVE, value=SAVE)],
        ),
    ]
    kept = {"post": form.post, "revision": form.revision, "counts": list(form.counts)}
    return View(
        type="modal",
        callback_id=FORM,
        title=plain("Write a post" if form.post is None else f"Edit post {form.post}"),
        submit=plain("Send for approval"),
        close=plain("Close"),
        private_metadata=payload.dump(kept),
        blocks=blocks,
    )


def read_form(view: Mapping[str, Any]) -> Form:
    """What the form was opened on; raises Unreadable."""
    kept = payload.metadata(view)
    counts = kept.get("counts")
    if (
        not isinstance(counts, list)
        or len(counts) != len(Network)
        or any(type(count) is not int or not 1 <= count <= MOST_WORDINGS for count in counts)
    ):
        raise Unreadable("no counts")
    post = None if kept.get("post") is None else payload.whole(kept, "post")
    return Form(post, payload.whole(kept, "revision"), tuple(counts))


def read_fields(view: Mapping[str, Any]) -> Fields:
    """What was typed; raises Unreadable where a field is missing."""
    form = read_form(view)
    values = payload.pick(view, "state", "values")
    wordings = [
        (network, _typed(values, f"{network}:{place}"))
        for network, count in zip(Network, form.counts, strict=True)
        for place in range(count)
    ]
    return Fields(
        title=_typed(values, "title"),
        link=_typed(values, "link"),
        why=_typed(values, "why"),
        topics=_typed(values, "topics"),
        wordings=tuple(wordings),
        not_before=_picked(values, "not_before"),
        expires_at=_picked(values, "expires_at"),
    )


def _text(
    block: str,
    label: str,
    value: str,
    placeholder: str,
    *,
    most: int,
    multiline: bool = False,
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    field = PlainTextInputElement(
        action_id=_VALUE,
        initial_value=value[:most] or None,
        placeholder=plain(placeholder),
        multiline=multiline,
        max_length=most,
    )
    return InputBlock(
        block_id=block,
        label=plain(label),
        element=field,
        optional=optional,
        hint=plain(hint) if hint else None,
    )


def _wordings(network: Network, count: int, fields: Fields) -> list[Block]:
    shown = networks.name(network)
    texts = [text for other, text in fields.wordings if other is network]
    blocks: list[Block] = [section(f"*{shown}*", block_id=f"about:{network}")]
    for place in range(count):
        label = f"{shown} wording" if count == 1 else f"{shown} wording {place + 1}"
        blocks.append(
            _text(
                f"{network}:{place}",
                label,
                texts[place] if place < len(texts) else "",
                "Only the words; the link and the disclosure are added",
                most=_LONGEST,
                multiline=True,
                optional=True,
                hint=f"Up to {networks.limit(network):,} characters, link and disclosure included.",
            )
        )
    if count < MOST_WORDINGS:
        more = ButtonElement(
            text=plain(f"Another {shown} wording"),
            action_id=f"{ADD_WORDING}:{network}",
            value=network.value,
        )
        blocks.append(ActionsBlock(block_id=f"more:{network}", elements=[more]))
    return blocks


def _moment(block: str, label: str, value: datetime | None, hint: str) -> InputBlock:
    picker = DateTimePickerElement(
        action_id=_VALUE, initial_date_time=int(value.timestamp()) if value else None
    )
    return InputBlock(
        block_id=block, label=plain(label), element=picker, optional=True, hint=plain(hint)
    )


def _typed(values: Mapping[str, Any], block: str) -> str:
    value = payload.pick(values, block, _VALUE, "value")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"no text in {block}")
    return value


def _picked(values: Mapping[str, Any], block: str) -> datetime | None:
    value = payload.pick(values, block, _VALUE, "selected_date_time")
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < 2**33:
        raise Unreadable(f"no moment in {block}")
    return datetime.fromtimestamp(value, UTC)

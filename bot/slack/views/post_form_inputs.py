"""The single fields of a post's form, and what is read back from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DateTimePickerElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)

from bot.domain.delivery import Delivery
from bot.domain.post import PostKind
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable
from bot.slack.views.post_words import KINDS, WAYS
from bot.slack.views.text import plain

AUTHOR: Final = "author"

_KIND = "kind"
_DELIVERY = "delivery"
_VALUE = "value"
_SHOW = "show"


def text(
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
    """A field to type in, at most `most` characters; what it holds already is cut to that."""
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


def author(*, show: bool) -> InputBlock:
    """The tick that shows the writer's name with the post."""
    tick = Option(value=_SHOW, text=plain("Show my name as the author"))
    return InputBlock(
        block_id=AUTHOR,
        label=plain("Author"),
        element=CheckboxesElement(
            action_id=_VALUE, options=[tick], initial_options=[tick] if show else None
        ),
        optional=True,
        hint=plain(
            "Colleagues then see your name with the post. People who edit it later decide "
            "about their own name."
        ),
    )


def kind(chosen: PostKind | None) -> InputBlock:
    """One click on what kind of post it is; nothing is chosen before."""
    options = {each: Option(value=each.value, text=plain(KINDS[each])) for each in PostKind}
    return InputBlock(
        block_id=_KIND,
        label=plain("What kind of post is it?"),
        element=RadioButtonsElement(
            action_id=_VALUE,
            options=list(options.values()),
            initial_option=options[chosen] if chosen else None,
        ),
    )


def delivery(chosen: Collection[Delivery]) -> InputBlock:
    """The ways in which the post goes out; both are ticked before."""
    options = {each: Option(value=each.value, text=plain(WAYS[each])) for each in Delivery}
    return InputBlock(
        block_id=_DELIVERY,
        label=plain("Where it goes"),
        element=CheckboxesElement(
            action_id=_VALUE,
            options=list(options.values()),
            initial_options=[options[each] for each in Delivery if each in chosen] or None,
        ),
        hint=plain("Everyone who has joined can also find it when they browse."),
    )


def moment(block: str, label: str, value: datetime | None, hint: str) -> InputBlock:
    """A field to choose a moment in; Slack shows it in the reader's zone."""
    picker = DateTimePickerElement(
        action_id=_VALUE, initial_date_time=int(value.timestamp()) if value else None
    )
    return InputBlock(
        block_id=block, label=plain(label), element=picker, optional=True, hint=plain(hint)
    )


def typed(values: Mapping[str, Any], block: str) -> str:
    """What was typed into a field; raises Unreadable."""
    if not isinstance(payload.pick(values, block, _VALUE, "value"), str | None):
        raise Unreadable(f"no text in {block}")
    return payload.typed(values, block, _VALUE, "value")


def shows_author(values: Mapping[str, Any]) -> bool:
    """Whether the author's tick is set; raises Unreadable."""
    return _SHOW in _ticked(values, AUTHOR)


def read_kind(values: Mapping[str, Any]) -> PostKind | None:
    """What kind of post was chosen, None for none; raises Unreadable."""
    option = payload.pick(values, _KIND, _VALUE, "selected_option")
    if option is None:
        return None
    chosen = payload.pick(option, "value")
    if chosen not in list(PostKind):
        raise Unreadable("no such kind of post")
    return PostKind(chosen)


def read_delivery(values: Mapping[str, Any]) -> frozenset[Delivery]:
    """The ways that were ticked; raises Unreadable."""
    ticked = _ticked(values, _DELIVERY)
    return frozenset(way for way in Delivery if way in ticked)


def _ticked(values: Mapping[str, Any], block: str) -> list[Any]:
    ticked = payload.pick(values, block, _VALUE, "selected_options")
    if not isinstance(ticked, list | None):
        raise Unreadable(f"no ticks in {block}")
    return [payload.pick(option, "value") for option in ticked or ()]


def picked(values: Mapping[str, Any], block: str) -> datetime | None:
    """The moment that was chosen, in UTC, None for none; raises Unreadable."""
    value = payload.pick(values, block, _VALUE, "selected_date_time")
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < 2**33:
        raise Unreadable(f"no moment in {block}")
    return datetime.fromtimestamp(value, UTC)

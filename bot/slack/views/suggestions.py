"""Suggestions: the form in which colleagues offer news, the card for comms, and the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import regex
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from bot.domain.ids import PostId, SuggestionId
from bot.domain.notes import MOST_A_WEEK
from bot.domain.post_fields import MAX_LINK, link_error
from bot.domain.suggestions import Suggestion, SuggestionOutcome
from bot.domain.typed_text import clean, clean_link, typed_link
from bot.slack.views import cards, share_forms
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import (
    PostRef,
    Unreadable,
    dump,
    metadata,
    number,
    pick,
    show_ref,
    typed,
)
from bot.slack.views.text import (
    Message,
    as_typed,
    context,
    link,
    person,
    plain,
    say,
    section,
    shortened,
)

FROM_MESSAGE = "suggest_from_message"  # the shortcut on a message
FORM = "suggestion"
USE = "use_suggestion"
DECLINE = "decline_suggestion"
TITLE = "Suggest news"

LONGEST_WORDS: Final = 500
MOST_LINKS: Final = 8  # of one message
_LINK, _WORDS, _TELL = "link", "words", "tell"
_ROOM = 2_700  # characters of a view's own memory, in which the links of a message are kept
_IN_TEXT: Final = regex.compile(
    r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>|(?<![<|\w])https?://[^\s<>|]+"
)

_ANSWERABLE: Final = (
    "With it, the comms team can answer you. Suggestions without a name reach them together, at "
    "10:00 on their next working day."
)
DECIDED_ALREADY = "A colleague has decided about that already."


def form(links: Sequence[str], *, may_be_unsigned: bool, from_message: bool = False) -> View:
    """What to suggest, in whose name, and whether to hear what became of it.

    `links` are those that are known: one that was typed, or those of a message.
    """
    kept = _fitting(links)
    blocks: list[Block] = []
    if from_message:
        blocks.append(section(_what_is_taken(len(kept))))
    blocks.append(_choice(kept) if len(kept) > 1 else _field(kept[0] if kept else ""))
    blocks.append(
        share_forms.optional_words(_WORDS, "Why would colleagues like to share it?", LONGEST_WORDS)
    )
    blocks.append(
        share_forms.signature(_ANSWERABLE) if may_be_unsigned else context(share_forms.NEEDS_NAME)
    )
    blocks.append(
        share_forms.tick_box(
            _TELL,
            "An answer",
            "Tell me what became of it",
            "One direct message, when the comms team has decided. They don't see that you asked.",
        )
    )
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(TITLE),
        submit=plain("Send it to comms"),
        close=plain("Cancel"),
        private_metadata=dump({"links": kept}),
        blocks=blocks,
    )


def read_form(view: Mapping[str, Any]) -> tuple[str, str, bool, bool]:
    """The link, the words, whether they are signed, and whether to answer; raises Unreadable."""
    values = pick(view, "state", "values")
    links = metadata(view).get("links")
    chosen = pick(values, _LINK, _LINK)
    if isinstance(links, list) and len(links) > 1:
        place = number(pick(chosen, "selected_option", "value"), len(links) - 1)
        found = links[place]
        if not isinstance(found, str):
            raise Unreadable("no link")
    else:
        found = typed_link(typed(values, _LINK, _LINK, "value"))
    words = clean(typed(values, _WORDS, _WORDS, "value"))[:LONGEST_WORDS]
    return found, words, share_forms.is_signed(values), _is_ticked(values)


def link_wrong(link: str) -> dict[str, str] | None:
    """What is wrong with the link, at its field."""
    problem = "Please add the link to the news." if not link else link_error(link)
    return None if problem is None else {_LINK: problem}


def too_many() -> dict[str, str]:
    """The error at the field for one too many."""
    return {
        _LINK: f"I pass on {MOST_A_WEEK} suggestions from one person a week. Please tell comms the "
        "rest yourself."
    }


def sent(*, signed: bool, tell: bool) -> View:
    """It is on its way."""
    when = (
        "The comms team sees it now, with your name."
        if signed
        else "The comms team gets it at 10:00 on their next working day, without your name."
    )
    answer = " I'll tell you what became of it." if tell else ""
    return closing_view(TITLE, f"Thank you. {when}{answer}")


def links_of(message: Mapping[str, Any]) -> list[str]:
    """The links of a message, each once; nothing else of it is read."""
    found = (clean_link(one) for one in _links(message))
    return [one for one in dict.fromkeys(found) if link_error(one) is None][:MOST_LINKS]


def card(suggestion: Suggestion) -> Message:
    """For comms: what a colleague offers, and what they can do with it."""
    signed_by = suggestion.signed_by
    who = person(signed_by) if signed_by else "A colleague who gives no name"
    text = f"{who} suggests news: {link(suggestion.link, suggestion.link)}"
    words: list[Block] = [as_typed(suggestion.words)] if suggestion.words else []
    use = _decide(suggestion.id, "Thank and use", USE)
    use.style = "primary"
    buttons = [use, _decide(suggestion.id, "Thank and decline", DECLINE)]
    return say(text, *words, ActionsBlock(elements=[*buttons]))


def read_id(value: object) -> SuggestionId:
    """The suggestion that a button is about; raises Unreadable."""
    return SuggestionId(number(value))


def used(suggestion: Suggestion, who: str, post_id: PostId) -> Message:
    """The card, once somebody makes a post of it."""
    edit = ButtonElement(
        text=plain("Edit"),
        action_id=cards.EDIT,
        value=show_ref(PostRef(post_id, 1)),
        accessibility_label=f"Edit: post {post_id}",
    )
    shown = link(suggestion.link, suggestion.link)
    return say(
        f"{person(who)} is making a post of a suggestion: {shown}. It's draft {post_id}.",
        ActionsBlock(elements=[edit]),
    )


def declined(suggestion: Suggestion, who: str) -> Message:
    """The card, once somebody let it be."""
    return say(f"{person(who)} declined a suggestion: {link(suggestion.link, suggestion.link)}")


def decided(*, post_id: PostId | None) -> Message:
    """To the one who decided; the same whether or not somebody asked to be told."""
    what = "Declined." if post_id is None else f"It's draft {post_id} now. *Edit* opens it."
    return say(f"{what} If they asked what becomes of it, I thank them for you and tell them.")


def answer(outcome: SuggestionOutcome) -> Message:
    """The one answer that a person asked for."""
    if outcome is SuggestionOutcome.USED:
        return say(
            "You asked what became of the news you suggested. The comms team says thank you, and "
            "is making a post of it."
        )
    return say(
        "You asked what became of the news you suggested. The comms team says thank you, and won't "
        "use it this time."
    )


def _what_is_taken(count: int) -> str:
    kept = "What the message says, who wrote it and where stay there."
    if count == 0:
        return f"I found no link in that message. {kept} You can add a link yourself."
    taken = "only this link" if count == 1 else "only the link that you choose"
    return f"From the message I take {taken}. {kept}"


def _field(known: str) -> InputBlock:
    return InputBlock(
        block_id=_LINK,
        label=plain("The link"),
        element=PlainTextInputElement(
            action_id=_LINK,
            initial_value=known or None,
            placeholder=plain("https://…"),
            max_length=MAX_LINK,
        ),
    )


def _choice(links: Sequence[str]) -> InputBlock:
    options = [
        Option(value=str(place), text=plain(shortened(one, 75))) for place, one in enumerate(links)
    ]
    element = RadioButtonsElement(action_id=_LINK, options=options, initial_option=options[0])
    return InputBlock(block_id=_LINK, label=plain("Which link?"), element=element)


def _fitting(links: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for one in links[:MOST_LINKS]:
        if len(dump({"links": [*kept, one]})) <= _ROOM:
            kept.append(one)
    return kept


def _links(part: object) -> Iterator[str]:
    """Every address in a message: in its text, its blocks, and what was unfurled."""
    if isinstance(part, str):
        for found in _IN_TEXT.finditer(part):
            yield (found[1] or found[0].rstrip(".,;:!?)\"'")).replace("&amp;", "&")
    elif isinstance(part, Mapping):
        if part.get("type") == "link" and isinstance(part.get("url"), str):
            yield part["url"]
        for key in (
            "text",
            "blocks",
            "elements",
            "fields",
            "attachments",
            "title_link",
            "from_url",
        ):
            yield from _links(part.get(key))
    elif isinstance(part, list):
        for one in part:
            yield from _links(one)


def _is_ticked(values: Mapping[str, Any]) -> bool:
    ticked = pick(values, _TELL, _TELL, "selected_options")
    return isinstance(ticked, list) and bool(ticked)


def _decide(suggestion_id: SuggestionId, label: str, action: str) -> ButtonElement:
    return ButtonElement(text=plain(label), action_id=action, value=str(suggestion_id))

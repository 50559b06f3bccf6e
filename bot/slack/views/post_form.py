"""The form in which a post is written, and the reader of what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from bot.domain.delivery import BOTH
from bot.domain.drafting import Fields
from bot.domain.previews import Preview
from bot.slack.views import payload, post_form_details, post_form_texts
from bot.slack.views import post_form_inputs as inputs
from bot.slack.views.post_form_state import FROM_PAGE, Form, block_of, dump, read_form
from bot.slack.views.text import as_typed, button, context, plain, shortened
from bot.slack.views.wordings import UNTAGGED

FORM = "post_form"
SAVE = "save_draft"
USE_PAGE = "use_page"

_DESERVES = (
    "*Would I share this if I didn't work here?* A post deserves it if people outside the company "
    "can use it, if it honours people, or if it is news in its field."
)


def render(
    form: Form,
    fields: Fields,
    *,
    note: str | None = None,
    link_note: str | None = None,
    untagged: bool = False,
) -> View:
    """The form; `note` is one line at its top, `link_note` one under the link.

    Fields keep what was typed on an update. `untagged` says that the link gets no tags although
    other links do.
    """
    blocks: list[Block] = [context(note, block_id="note")] if note else []
    blocks += [
        context(_DESERVES, block_id="deserves"),
        inputs.text(
            block_of(form, "title"), "Title", fields.title, "What colleagues read first", most=150
        ),
        inputs.text(
            "link",
            "Link",
            fields.link,
            "https://…",
            most=2000,
            hint=UNTAGGED if untagged else None,
        ),
        *([context(link_note, block_id="link_note")] if link_note else []),
        *_page(form.page),
        inputs.text(
            block_of(form, "why"),
            "Why it matters to a reader",
            fields.why,
            "One or two sentences for someone outside the company",
            most=500,
            multiline=True,
        ),
        inputs.text(
            "topics",
            "Topics",
            fields.topics,
            "releases, open source",
            most=250,
            optional=True,
            hint="Up to five, separated by commas. Direct messages go only to people who "
            "follow one of them. Topics take turns in the channel.",
        ),
        inputs.kind(fields.kind),
    ]
    blocks += post_form_texts.render(form, fields)
    blocks += post_form_details.render(form, fields)
    blocks += [
        ActionsBlock(block_id="keep", elements=[button("Save draft", SAVE)]),
    ]
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(_title(form)),
        submit=plain("Preview"),
        close=plain("Close"),
        private_metadata=dump(form),
        blocks=blocks,
    )


def read_fields(view: Mapping[str, Any]) -> Fields:
    """What was typed; raises Unreadable where a field is missing."""
    form = read_form(view)
    values = payload.pick(view, "state", "values")
    title, why, picture = (inputs.typed(values, block_of(form, name)) for name in FROM_PAGE)
    wordings = [
        (network, inputs.typed(values, f"{network}:{place}"))
        for network, count in form.counts
        for place in range(count)
    ]
    return Fields(
        title=title,
        link=inputs.typed(values, "link"),
        why=why,
        topics=inputs.typed(values, "topics"),
        wordings=tuple(wordings),
        not_before=inputs.picked(values, "not_before"),
        expires_at=inputs.picked(values, "expires_at"),
        picture=picture,
        picture_alt=inputs.typed(values, "picture_alt"),
        show_author=inputs.shows_author(values),
        kind=inputs.read_kind(values),
        prompts=inputs.typed(values, "prompts"),
        delivery=BOTH if form.is_live else inputs.read_delivery(values),
    )


def author_unknown() -> dict[str, str]:
    """The error at the tick where Slack did not say how the person is called."""
    return {
        inputs.AUTHOR: "Slack didn't tell me your name just now. Please send the form again, or "
        "untick this."
    }


def _title(form: Form) -> str:
    return "Write a post" if form.post_id is None else f"Edit post {form.post_id}"


def _page(page: Preview | None) -> list[Block]:
    if page is None:
        return []
    use = button("Use these", USE_PAGE)
    words = "\n".join(filter(None, (page.title, page.description)))
    return [
        context("The page says:", block_id="page_says"),
        as_typed(words, page.image, f"Picture: {shortened(page.image)}"),
        ActionsBlock(block_id="use_page", elements=[use]),
        context("*Use these* fills only empty fields.", block_id="page_fills"),
    ]

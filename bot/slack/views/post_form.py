"""The form in which a post is written, and the reader of what it sends."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    DateTimePickerElement,
    InputBlock,
    Option,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain import languages, networks
from bot.domain.drafting import Fields
from bot.domain.ids import PostId
from bot.domain.post import Content, Network, Post, PostState
from bot.domain.previews import Preview
from bot.domain.retention import DEFAULT_POST_DAYS, MOST_POST_DAYS
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.slack.views import payload, review
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef, Unreadable
from bot.slack.views.text import (
    as_typed,
    button,
    context,
    plain,
    section,
    shortened,
)
from bot.slack.views.wordings import UNTAGGED

FORM = "post_form"
SAVE = "save_draft"
PREVIEW = "post_preview"
EDIT_AGAIN = "edit_again"
USE_PAGE = "use_page"
FROM_PAGE = ("title", "why", "picture")  # the fields that a page may fill
ADD_WORDING = "add_wording"
MOST_WORDINGS = 5  # of one network; the card shows each of them in full

_VALUE = "value"
_AUTHOR = "author"
_SHOW = "show"
_LONGEST_KEPT = 700  # of a picture's address: a form keeps 3,000 characters in all
_LONGEST = 3000  # Slack's limit for a text field
# What a composer link surely carries: English takes some 1.4 characters of 3,000 for each letter.
_FILLED_IN = 1_800
_LONGEST_UNKNOWN = 1000  # where a network names no limit: nobody reads more in a message
_SAVED = "Saved as a draft."
_SAVED_CORRECTION = "Saved as a draft correction. People still see the approved text."


@dataclass(frozen=True, slots=True)
class Form:
    """What a form was opened on, and how many wording fields each network has in it.

    `post` is None for a new one; `revision` is the content it was opened with. `counts` names the
    networks to write for, in the order in which they are offered. `in_sight` says that it was
    opened in the comms channel, where the writer sees what becomes of it. `post_days` is after how
    many days a post ends whose form names no end. `known_link` is the digest of a link that
    another post has too, as the writer was told; links can be too long to be kept here.
    `page` is what the page behind the link says, until it was used; `filled` names the fields that
    got their text from it. Slack keeps what stood in a block, so these stand in new ones.
    """

    post_id: PostId | None
    revision: int
    counts: tuple[tuple[Network, int], ...]
    in_sight: bool = False
    post_days: int = DEFAULT_POST_DAYS
    known_link: str = ""
    page: Preview | None = None
    filled: tuple[str, ...] = ()

    def with_one_more(self, network: Network) -> Form:
        """The form with one more wording field, unless the network has enough."""
        counts = tuple(
            (other, min(MOST_WORDINGS, count + 1) if other is network else count)
            for other, count in self.counts
        )
        return replace(self, counts=counts)


def digest(link: str) -> str:
    """What stands for a link, however long it is."""
    return hashlib.sha256(link.encode()).hexdigest()[:16]


def blank(
    title: str = "", link: str = "", *, sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY
) -> tuple[Form, Fields]:
    """A new form, with a link if one was given."""
    empty = Fields(
        title=title, link=link, why="", topics="", wordings=(), not_before=None, expires_at=None
    )
    return Form(None, 0, tuple((network, 1) for network in sharing_policy.networks)), empty


def for_content(
    post_id: PostId,
    revision: int,
    content: Content,
    *,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
    is_writer: bool = False,
) -> tuple[Form, Fields]:
    """A form filled with what was written before.

    The author's name stays ticked only for the one whose name it is, who `is_writer`.
    """
    counts = tuple(
        (network, max(1, min(MOST_WORDINGS, len(content.wordings_for(network)))))
        for network in sharing_policy.writable_networks(content)
    )
    fields = Fields(
        title=content.title,
        link=content.link,
        why=content.why,
        topics=", ".join(content.topics),
        wordings=tuple((each.network, languages.marked(each)) for each in content.wordings),
        not_before=content.not_before,
        expires_at=content.expires_at,
        picture=content.picture,
        picture_alt=content.picture_alt,
        show_author=is_writer and bool(content.author),
    )
    return Form(post_id, revision, counts), fields


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
        _text(
            block_of(form, "title"), "Title", fields.title, "What colleagues read first", most=150
        ),
        _text(
            "link",
            "Link",
            fields.link,
            "https://…",
            most=2000,
            hint=UNTAGGED if untagged else None,
        ),
        *([context(link_note, block_id="link_note")] if link_note else []),
        *_page(form.page),
        _text(
            block_of(form, "why"),
            "Why it matters to a reader",
            fields.why,
            "One or two sentences for someone outside the company",
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
            hint="Up to five, separated by commas. Direct messages go only to people who "
            "follow one of them. Topics take turns in the channel.",
        ),
    ]
    blocks.append(
        section(
            "*Texts to share.* Write for as few networks as you like. Begin a text with [de] for "
            "German, [fr] for French, and so on. People get their own language first.",
            block_id="words",
        )
    )
    for network, count in form.counts:
        blocks += _wordings(network, count, fields)
    blocks += _more(form)
    blocks += [
        _text(
            block_of(form, "picture"),
            "Picture",
            fields.picture,
            "https://…",
            most=2000,
            optional=True,
            hint=(
                "The address of a PNG, JPG or GIF. The post shows it, and people can add it to "
                "what they share. Without one, the post shows the page's picture, if there is one."
            ),
        ),
        _text(
            "picture_alt",
            "What the picture shows",
            fields.picture_alt,
            "For people who can't see it",
            most=1000,
            multiline=True,
            optional=True,
            hint="Needed if you add a picture.",
        ),
        _author(show=fields.show_author),
    ]
    blocks += [
        _moment(
            "not_before",
            "Earliest time",
            fields.not_before,
            "In your time zone. It won't go out before this.",
        ),
        _moment(
            "expires_at",
            "Ends",
            fields.expires_at,
            f"In your time zone. Without one, it ends {form.post_days} days after it goes out. "
            f"It can last up to {MOST_POST_DAYS} days.",
        ),
        ActionsBlock(
            block_id="keep",
            elements=[button("Save draft", SAVE)],
        ),
    ]
    facts = {
        "post": form.post_id,
        "revision": form.revision,
        "counts": dict(form.counts),
        "in_sight": form.in_sight,
        "days": form.post_days,
        "known_link": form.known_link,
        "filled": list(form.filled),
    }
    if form.page is not None:
        facts["page"] = [form.page.title, form.page.description, form.page.image]
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(_title(form)),
        submit=plain("Preview"),
        close=plain("Close"),
        private_metadata=payload.dump(facts),
        blocks=blocks,
    )


def read_form(view: Mapping[str, Any]) -> Form:
    """What the form was opened on; raises Unreadable."""
    facts = payload.metadata(view)
    counts = facts.get("counts")
    if (
        not isinstance(counts, dict)
        or not counts
        or not set(counts) <= set(Network)
        or any(
            type(count) is not int or not 1 <= count <= MOST_WORDINGS for count in counts.values()
        )
    ):
        raise Unreadable("no counts")
    post_id = None if facts.get("post") is None else PostId(payload.whole(facts, "post"))
    listed = tuple((network, counts[network]) for network in Network if network in counts)
    in_sight = facts.get("in_sight") is True
    days = payload.whole(facts, "days") if "days" in facts else DEFAULT_POST_DAYS
    known_link = facts.get("known_link")
    known_link = known_link if isinstance(known_link, str) else ""
    filled = facts.get("filled")
    return Form(
        post_id,
        payload.whole(facts, "revision"),
        listed,
        in_sight,
        days,
        known_link,
        _read_page(facts.get("page")),
        tuple(name for name in FROM_PAGE if isinstance(filled, list) and name in filled),
    )


def with_page(form: Form, page: Preview) -> Form:
    """The form with what its page says beside the fields; as it was where that is nothing."""
    image = page.image if len(page.image) <= _LONGEST_KEPT else ""
    shown = Preview(page.title, page.description, image)
    return replace(form, page=shown) if any(_parts(shown)) else form


def block_of(form: Form, name: str) -> str:
    """The block in which a field stands."""
    return f"{name}:page" if name in form.filled else name


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


def _parts(page: Preview) -> list[str]:
    return [page.title, page.description, page.image]


def _read_page(kept: object) -> Preview | None:
    if kept is None:
        return None
    if not isinstance(kept, list) or len(kept) != 3:
        raise Unreadable("no page")
    if not all(isinstance(part, str) for part in kept):
        raise Unreadable("no page")
    return Preview(*kept)


def read_fields(view: Mapping[str, Any]) -> Fields:
    """What was typed; raises Unreadable where a field is missing."""
    form = read_form(view)
    values = payload.pick(view, "state", "values")
    title, why, picture = (_typed(values, block_of(form, name)) for name in FROM_PAGE)
    wordings = [
        (network, _typed(values, f"{network}:{place}"))
        for network, count in form.counts
        for place in range(count)
    ]
    return Fields(
        title=title,
        link=_typed(values, "link"),
        why=why,
        topics=_typed(values, "topics"),
        wordings=tuple(wordings),
        not_before=_picked(values, "not_before"),
        expires_at=_picked(values, "expires_at"),
        picture=picture,
        picture_alt=_typed(values, "picture_alt"),
        show_author=_is_ticked(values),
    )


def author_unknown() -> dict[str, str]:
    """The error at the tick where Slack did not say how the person is called."""
    return {
        _AUTHOR: "Slack didn't tell me your name just now. Please send the form again, or untick "
        "this."
    }


def preview(
    post: Post,
    disclosure: str,
    *,
    in_sight: bool,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
) -> View:
    """What was saved, as people will see it; the footer sends it for approval."""
    again = button("Edit", EDIT_AGAIN)
    facts = {"post": post.id, "revision": post.revision, "in_sight": in_sight}
    return View(
        type="modal",
        callback_id=PREVIEW,
        title=plain("Preview"),
        submit=plain("Send for approval"),
        close=plain("Close"),
        private_metadata=payload.dump(facts),
        blocks=[
            section(
                f"{_SAVED_CORRECTION if post.state is PostState.LIVE else _SAVED} Nobody is asked "
                "to approve it until you send it."
            ),
            ActionsBlock(block_id="again", elements=[again]),
            *review.as_seen(post, disclosure, sharing_policy),
        ],
    )


def read_preview(view: Mapping[str, Any]) -> tuple[PostRef, bool]:
    """What the preview shows, and whether the comms channel is in sight; raises Unreadable."""
    facts = payload.metadata(view)
    ref = PostRef(PostId(payload.whole(facts, "post")), payload.whole(facts, "revision"))
    return ref, facts.get("in_sight") is True


def closing(sentence: str) -> View:
    """What became of it, in the place of the preview."""
    return closing_view("Write a post", sentence)


def _title(form: Form) -> str:
    return "Write a post" if form.post_id is None else f"Edit post {form.post_id}"


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


def _author(*, show: bool) -> InputBlock:
    tick = Option(value=_SHOW, text=plain("Show my name as the author"))
    return InputBlock(
        block_id=_AUTHOR,
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


def _wordings(network: Network, count: int, fields: Fields) -> list[Block]:
    shown = networks.name(network)
    texts = [text for other, text in fields.wordings if other is network]
    longest = networks.limit(network)
    about = "about " if networks.about(network) else ""
    hint = (
        f"Up to {about}{longest:,} characters, link and disclosure included." if longest else None
    )
    if about:
        hint = f"{hint} An emoji counts as four or more here, and a letter such as ü as two."
    if longest is not None and longest > _FILLED_IN:
        hint = f"{hint} People have to paste a text longer than about {_FILLED_IN:,}."
    if not networks.takes_text(network):
        hint = f"{shown} takes no text from outside, so people copy this and paste it there."
    blocks: list[Block] = []
    for place in range(count):
        label = f"Text for {shown}" if count == 1 else f"Text for {shown}, {place + 1}"
        blocks.append(
            _text(
                f"{network}:{place}",
                label,
                texts[place] if place < len(texts) else "",
                "Just the text. The link and the disclosure are added.",
                most=_LONGEST if longest else _LONGEST_UNKNOWN,
                multiline=True,
                optional=True,
                hint=hint,
            )
        )
    return blocks


def _more(form: Form) -> list[Block]:
    """A button for each network that can have another wording, in one row."""
    buttons = [
        ButtonElement(
            text=plain(f"Another text for {networks.name(network)}"),
            action_id=f"{ADD_WORDING}:{network}",
            value=network.value,
        )
        for network, count in form.counts
        if count < MOST_WORDINGS
    ]
    why = context("Several texts for one network keep colleagues from sounding alike.")
    return [why, ActionsBlock(block_id="more", elements=buttons)] if buttons else []


def _moment(block: str, label: str, value: datetime | None, hint: str) -> InputBlock:
    picker = DateTimePickerElement(
        action_id=_VALUE, initial_date_time=int(value.timestamp()) if value else None
    )
    return InputBlock(
        block_id=block, label=plain(label), element=picker, optional=True, hint=plain(hint)
    )


def _typed(values: Mapping[str, Any], block: str) -> str:
    if not isinstance(payload.pick(values, block, _VALUE, "value"), str | None):
        raise Unreadable(f"no text in {block}")
    return payload.typed(values, block, _VALUE, "value")


def _is_ticked(values: Mapping[str, Any]) -> bool:
    ticked = payload.pick(values, _AUTHOR, _VALUE, "selected_options")
    if ticked is None:
        return False
    if not isinstance(ticked, list):
        raise Unreadable("no tick in author")
    return any(payload.pick(option, "value") == _SHOW for option in ticked)


def _picked(values: Mapping[str, Any], block: str) -> datetime | None:
    value = payload.pick(values, block, _VALUE, "selected_date_time")
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < 2**33:
        raise Unreadable(f"no moment in {block}")
    return datetime.fromtimestamp(value, UTC)

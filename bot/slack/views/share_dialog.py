"""The share dialog in all its states, and the reader of what it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot.domain import languages, networks
from bot.domain.ids import PostId, WordingId
from bot.domain.model import Stage
from bot.domain.networks import Composer
from bot.domain.post import Network, Wording
from bot.domain.share_options import ShareOptions
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import context, copyable, escape, header, plain, section

DIALOG = "share_dialog"
OPEN = "open_composer"
OTHER_WORDING = "other_wording"
OTHER_NETWORK = "other_network"
EDIT = "own_words"
BACK = "suggested_words"
NAME_SERVER = "name_server"
PICTURE = "open_picture"
SHARED = "mark_shared"
NOT_SHARED = "not_shared"
TAKE_BACK = "take_back"
SOMETHING_WRONG = "something_wrong"

NO_WORDING = WordingId(0)
PRACTICE = PostId(0)  # in the place of a post's number: the dialog stores nothing and sends nothing

LONGEST_OWN = 2_800  # what is said of own words: a few facts are kept beside them
_LONGEST_KEPT = 3_000  # Slack's limit for private_metadata


@dataclass(frozen=True, slots=True)
class Dialog:
    """What the dialog shows: a wording by its number (0: none is left), or a member's own words.

    `disclosed` tells that the own words say in their own way where the member works. `server` is
    the one named while practising, which is remembered nowhere else.
    """

    post_id: PostId
    network: Network
    wording_id: WordingId = NO_WORDING
    own: str | None = None
    disclosed: bool = False
    server: str = ""


def first(options: ShareOptions, preferred: Network | None) -> Dialog:
    """What opens: the member's network if the post has words for it, else the first that has."""
    chosen = preferred if preferred in options.networks else None
    return on(Dialog(options.post_id, chosen or options.networks[0]), options)


def on(dialog: Dialog, options: ShareOptions, network: Network | None = None) -> Dialog:
    """The dialog on a network, with the words to offer first there; own words come along."""
    chosen = network or dialog.network
    fresh = options.first_wording(chosen)
    return replace(dialog, network=chosen, wording_id=fresh.id if fresh else NO_WORDING)


def chosen(dialog: Dialog, options: ShareOptions) -> Wording | None:
    """The wording that the dialog shows, also one that others have used up in the meantime."""
    of_network = options.content.wordings_for(dialog.network)
    return next((each for each in of_network if each.id == dialog.wording_id), None)


def opened(dialog: Dialog) -> WordingId | None:
    """The number of the wording that the Open button carries; None for own words or none."""
    return dialog.wording_id if dialog.own is None and dialog.wording_id else None


def next_wording(dialog: Dialog, options: ShareOptions) -> Dialog:
    """The dialog with the next wording that is still offered, the first again after the last."""
    choice = _choice(dialog, options)
    place = choice.index(dialog.wording_id) + 1 if dialog.wording_id in choice else 0
    following = [*choice[place:], *choice[:place]]
    return suggested(replace(dialog, wording_id=following[0] if following else NO_WORDING))


def suggested(dialog: Dialog) -> Dialog:
    """The dialog without own words."""
    return replace(dialog, own=None, disclosed=False)


def is_outdated(dialog: Dialog, options: ShareOptions) -> bool:
    """Whether a correction took away the suggested words that the dialog shows."""
    return dialog.own is None and bool(dialog.wording_id) and chosen(dialog, options) is None


def still_offered(dialog: Dialog, options: ShareOptions) -> Dialog:
    """The dialog, unless a correction took its words away; then those to offer first."""
    if dialog.own is not None or chosen(dialog, options) is not None:
        return dialog
    return on(dialog, options) if dialog.network in options.networks else first(options, None)


def text_of(dialog: Dialog, options: ShareOptions) -> str:
    """The whole text to share, with disclosure and link."""
    if dialog.own is not None:
        return options.full_text(dialog.network, dialog.own, disclosed=dialog.disclosed)
    wording = chosen(dialog, options)
    return options.full_text(dialog.network, wording.text if wording else "")


def render_share(
    dialog: Dialog, options: ShareOptions, stage: Stage | None, *, note: str | None = None
) -> View:
    """One network, one wording, one button that opens it there; `note` is a line at the top."""
    text = text_of(dialog, options)
    composer = options.composer(dialog.network, text)
    blocks: list[Block] = [context(note)] if note else []
    if dialog.post_id == PRACTICE:
        blocks.append(
            context(
                "This is practice: nothing is stored, and nobody hears of it. The network's page "
                "that opens is real, so close it there without posting."
            )
        )
    blocks += [
        header(options.content.title),
        context(_which(dialog, options)),
        copyable(text, block_id=f"text:{dialog.network}:{dialog.wording_id}"),
    ]
    blocks += _advice(dialog, options, composer, text)
    blocks.append(ActionsBlock(block_id="open", elements=_buttons(dialog, options, composer)))
    if dialog.network is Network.LINKEDIN and composer is not None and composer.carries_text:
        blocks.append(
            context(
                "If LinkedIn opens empty, as it may on a phone, copy the text above and paste it "
                "there."
            )
        )
    blocks += _after(stage)
    blocks += _picture(dialog, options)
    blocks += _others(dialog, options)
    blocks.append(context("Only you see this, and nobody is told what you choose."))
    return view_of(DIALOG, "Practise" if dialog.post_id == PRACTICE else "Share", blocks, dialog)


def _which(dialog: Dialog, options: ShareOptions) -> str:
    line = f"For {networks.name(dialog.network)}"
    if dialog.own is not None:
        return f"{line}, in your own words"
    choice, wording = _choice(dialog, options), chosen(dialog, options)
    if len(choice) > 1 and dialog.wording_id in choice:
        line += f", wording {choice.index(dialog.wording_id) + 1} of {len(choice)}"
    if wording is not None and wording.language in languages.NAMES:
        line += f", in {languages.NAMES[wording.language]}"
    return line


def _choice(dialog: Dialog, options: ShareOptions) -> list[WordingId]:
    """The wordings to go round: those still offered, and the one that is shown."""
    fresh = [each.id for each in options.offered_wordings(dialog.network)]
    shown = chosen(dialog, options)
    return fresh if shown is None or shown.id in fresh else [*fresh, shown.id]


def _advice(
    dialog: Dialog, options: ShareOptions, composer: Composer | None, text: str
) -> list[Block]:
    shown = networks.name(dialog.network)
    blocks: list[Block] = []
    used_up = options.first_wording(dialog.network) is None and chosen(dialog, options) is None
    if dialog.own is None and used_up:
        blocks.append(
            section(
                f"Colleagues have used all the suggested words for {shown} this week, so here is "
                "the link alone. Your own words are best now."
            )
        )
    if composer is None:
        blocks.append(
            section(f"{shown} is many servers. Name yours once, and I open your posts there.")
        )
    elif not composer.carries_text:
        has = options.disclosure if options.disclosure in text else ""
        blocks.append(section(_paste(dialog.network, has)))
    return blocks


def _paste(network: Network, disclosure: str) -> str:
    """The text does not travel, so nor does the disclosure in it: what to do, and why.

    `disclosure` is empty where the text says in other words where the member works.
    """
    shown = networks.name(network)
    keep = escape(disclosure) or "the words that name your employer"
    if networks.takes_text(network):
        return (
            f"I can't fill in a text of this length on {shown}. Copy the text above first, then "
            f"paste it there. Please keep {keep}, so that readers know where you work."
        )
    needs = f"{keep} in it" if disclosure else keep
    return (
        f"{shown} takes only the link from me, not the text. Copy the text above first, then "
        f"paste it there: your post needs {needs}, so that readers know where you work."
    )


def _buttons(
    dialog: Dialog, options: ShareOptions, composer: Composer | None
) -> list[ButtonElement]:
    buttons = [_open(dialog.network, composer), button("Use my own words", EDIT)]
    if dialog.own is not None:
        buttons.append(button("Back to the suggested words", BACK))
    elif set(_choice(dialog, options)) - {dialog.wording_id}:
        buttons.append(button("Another wording", OTHER_WORDING))
    if networks.own_server(dialog.network) and composer is not None:
        buttons.append(button("Another server", NAME_SERVER))
    return buttons


def _open(network: Network, composer: Composer | None) -> ButtonElement:
    if composer is None:
        return button("Name my server", NAME_SERVER, style="primary")
    return ButtonElement(
        text=plain(f"Open in {networks.name(network)}"),
        action_id=OPEN,
        value=network.value,
        url=composer.url,
        style="primary",
    )


def _picture(dialog: Dialog, options: ShareOptions) -> list[Block]:
    """A composer cannot be given a picture; and an image block Slack can't load would fail all."""
    content = options.content
    if not content.picture:
        return []
    where = networks.name(dialog.network)
    see = ButtonElement(
        text=plain("See the picture"), action_id=PICTURE, value=PICTURE, url=content.picture
    )
    return [
        section(
            f"There is a picture to go with it, if you like. Save it, add it on {where} yourself, "
            "and copy its description there, for people who don't see it.",
            block_id="picture",
            accessory=see,
        ),
        copyable(content.picture_alt, block_id="picture_alt"),
    ]


def _others(dialog: Dialog, options: ShareOptions) -> list[Block]:
    buttons = [
        ButtonElement(
            text=plain(f"Share on {networks.name(network)} instead"),
            action_id=f"{OTHER_NETWORK}:{network}",
            value=network.value,
        )
        for network in options.networks
        if network is not dialog.network
    ]
    return [ActionsBlock(block_id="networks", elements=buttons)] if buttons else []


def _after(stage: Stage | None) -> list[Block]:
    """A word where something is wrong, and what can be done once a composer was opened."""
    wrong = button("Something was wrong", SOMETHING_WRONG)
    if stage is Stage.SHARED:
        undo = button("Undo “shared”", NOT_SHARED)
        return [
            section("Marked as shared. Thank you.", block_id="after", accessory=undo),
            ActionsBlock(block_id="wrong", elements=[wrong]),
        ]
    if stage is Stage.OPENED:
        mark = button("Mark as shared (optional)", SHARED)
        back = button("Changed my mind", TAKE_BACK)
        return [ActionsBlock(block_id="after", elements=[mark, back, wrong])]
    return [ActionsBlock(block_id="wrong", elements=[wrong])]


def button(label: str, action: str, *, style: str | None = None) -> ButtonElement:
    """A button that stands for one action."""
    return ButtonElement(text=plain(label), action_id=action, value=action, style=style)


def read(view: Mapping[str, Any]) -> Dialog:
    """What the dialog was showing; raises Unreadable."""
    facts = payload.metadata(view)
    network, own = facts.get("network"), facts.get("own")
    disclosed, server = facts.get("said", False), facts.get("server", "")
    if (
        network not in list(Network)
        or not (own is None or isinstance(own, str))
        or not isinstance(disclosed, bool)
        or not isinstance(server, str)
    ):
        raise Unreadable("no network")
    post_id = PostId(payload.whole(facts, "post"))
    wording_id = WordingId(payload.whole(facts, "wording"))
    return Dialog(post_id, Network(network), wording_id, own, disclosed, server)


def too_long_to_keep(dialog: Dialog) -> str | None:
    """Why the words cannot be kept in the dialog, or None: Slack gives it 3,000 characters."""
    if len(payload.dump(_kept(dialog))) <= _LONGEST_KEPT:
        return None
    return (
        f"This is more than {LONGEST_OWN:,} characters. Please shorten it; line breaks and "
        "quotation marks count twice."
    )


def view_of(
    callback: str,
    title: str,
    blocks: list[Block],
    dialog: Dialog,
    *,
    close: str = "Done",
    submit: str | None = None,
) -> View:
    """A view that remembers what the dialog shows."""
    return View(
        type="modal",
        callback_id=callback,
        title=plain(title),
        submit=plain(submit) if submit else None,
        close=plain(close),
        private_metadata=payload.dump(_kept(dialog)),
        blocks=blocks,
    )


def _kept(dialog: Dialog) -> dict[str, str | int | bool | None]:
    facts: dict[str, str | int | bool | None] = {
        "post": dialog.post_id,
        "network": dialog.network.value,
        "wording": dialog.wording_id,
        "own": dialog.own,
    }
    if dialog.disclosed:
        facts["said"] = True
    if dialog.server:
        facts["server"] = dialog.server
    return facts

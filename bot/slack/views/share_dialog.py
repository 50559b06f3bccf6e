"""The share dialog in all its states, and the reader of what it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    Option,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain import languages, networks, share_dialog
from bot.domain.ids import PostId, WordingId
from bot.domain.model import Stage
from bot.domain.networks import Composer
from bot.domain.post import Network
from bot.domain.share_dialog import ShareDialog
from bot.domain.share_options import ShareOptions
from bot.slack.views import payload
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import (
    button,
    context,
    copyable,
    escape,
    header,
    plain,
    section,
)

DIALOG = "share_dialog"
NETWORK = "share_network"
OPEN = "open_composer"
OPEN_ON_PHONE = "open_composer_on_phone"
OTHER_WORDING = "other_wording"
EDIT = "own_words"
BACK = "suggested_words"
NAME_SERVER = "name_server"
PICTURE = "open_picture"
SHARED = "mark_shared"
NOT_SHARED = "not_shared"
TAKE_BACK = "take_back"
REPORT_PROBLEM = "report_problem"
TELL_COMMS = "tell_comms"

LONGEST_OWN = 2_800  # what is said of own words: a few facts are kept beside them

_PRACTICE = (
    "You're trying this out. Nothing is stored, and no one hears about it. The network's page "
    "that opens is real, so close it without posting."
)


def render_share(dialog: ShareDialog, options: ShareOptions, *, note: str | None = None) -> View:
    """One network, one text, one button that opens it there; `note` is a line at the top."""
    text = share_dialog.full_text(dialog, options)
    composer = options.composer(dialog.network, text)
    phone_page = options.phone_page(dialog.network, text)
    blocks: list[Block] = [context(note)] if note else []
    blocks += [context(_PRACTICE)] if dialog.practice else []
    blocks += [
        header(options.content.title),
        *_networks(dialog, options),
        context(_which(dialog, options)),
        copyable(text, block_id=f"text:{dialog.network}:{dialog.wording_id}"),
        *_advice(dialog, options, composer, text),
        ActionsBlock(block_id="open", elements=_composers(dialog.network, composer, phone_page)),
    ]
    if phone_page is not None:
        blocks.append(context(_on_phones(dialog.network, _kept_disclosure(options, text))))
    blocks += _after(dialog.stage)
    blocks.append(ActionsBlock(block_id="text", elements=_texts(dialog, options)))
    blocks += _picture(dialog, options)
    blocks.append(
        section(
            _private(dialog.stage),
            block_id="private",
            accessory=button("Report a problem", REPORT_PROBLEM),
        )
    )
    return view_of(DIALOG, "Try it out" if dialog.practice else "Share", blocks, dialog)


def _private(stage: Stage | None) -> str:
    """Who learns of it: beside *Tell comms I shared*, that is theirs to say."""
    unless = ", unless you tell them" if stage is Stage.SHARED else ""
    return f"Only you see this. No colleague is told what you choose{unless}."


def _networks(dialog: ShareDialog, options: ShareOptions) -> list[Block]:
    """The one control for where to share; nothing where there is no choice.

    Its block id depends on the network, since Slack keeps what was chosen under the same id.
    """
    offered = {
        network: Option(value=network.value, text=plain(networks.name(network)))
        for network in options.networks
    }
    if len(offered) < 2:
        return []
    menu = StaticSelectElement(
        action_id=NETWORK,
        placeholder=plain("Network"),
        options=list(offered.values()),
        initial_option=offered.get(dialog.network),
    )
    return [section("*Share on*", block_id=f"network:{dialog.network}", accessory=menu)]


def _which(dialog: ShareDialog, options: ShareOptions) -> str:
    line = f"For {networks.name(dialog.network)}"
    if dialog.own is not None:
        return f"{line}, your own text"
    choice = share_dialog.wordings_to_choose(dialog, options)
    wording = share_dialog.chosen_wording(dialog, options)
    if len(choice) > 1 and dialog.wording_id in choice:
        line += f", text {choice.index(dialog.wording_id) + 1} of {len(choice)}"
    if wording is not None and wording.language in languages.NAMES:
        line += f", in {languages.NAMES[wording.language]}"
    return line


def _advice(
    dialog: ShareDialog, options: ShareOptions, composer: Composer | None, text: str
) -> list[Block]:
    shown = networks.name(dialog.network)
    blocks: list[Block] = []
    if share_dialog.is_used_up(dialog, options):
        blocks.append(
            section(
                f"The suggested texts for {shown} have been used enough this week. Here's the "
                "link, to go with your own text."
            )
        )
    if composer is None:
        remember = "" if dialog.practice else " I'll remember it."
        blocks.append(section(f"Which {shown} server are you on?{remember}"))
    elif not composer.carries_text:
        blocks.append(section(_paste(dialog.network, _kept_disclosure(options, text))))
    return blocks


def _kept_disclosure(options: ShareOptions, text: str) -> str:
    """The disclosure as it stands in the text; empty where that says in other words."""
    phrases = (options.disclosure, *(each.phrase for each in options.sharing_policy.phrases))
    return next((phrase for phrase in phrases if phrase in text), "")


def _paste(network: Network, disclosure: str) -> str:
    """The text does not travel, so nor does the disclosure in it: what to do, and why.

    `disclosure` is empty where the text says in other words where the member works.
    """
    shown = networks.name(network)
    if networks.takes_text(network):
        keep = escape(disclosure) or _EMPLOYER
        return (
            f"This text is too long for me to fill in on {shown}. Copy it above first, then "
            f"paste it there. Please keep {keep}, so that readers know where you work."
        )
    return (
        f"{shown} takes only the link from me, not the text. Copy the text above first, then "
        f"paste it there. {_needs(disclosure)}"
    )


def _on_phones(network: Network, disclosure: str) -> str:
    """What a phone needs, and what helps where the page for computers opens empty."""
    shown = networks.name(network)
    return (
        f"On a phone {shown} takes only the link from me. Copy the text above first, then paste "
        f"it there. {_needs(disclosure)} If {shown} opens empty on a computer, paste it there too."
    )


_EMPLOYER = "the part that names your employer"


def _needs(disclosure: str) -> str:
    needed = f"{escape(disclosure)} in it" if disclosure else _EMPLOYER
    return f"Your post needs {needed}, so that readers know where you work."


def _composers(
    network: Network, composer: Composer | None, phone_page: str | None
) -> list[ButtonElement]:
    """What opens the network: one button, or two where phones need a page of their own."""
    if composer is None:
        return [button("Name my server", NAME_SERVER, style="primary")]
    label = f"Open in {networks.name(network)}"
    opens = [_open("Open on a computer" if phone_page else label, OPEN, network, composer.url)]
    opens[0].style = "primary"
    if phone_page is not None:
        opens.append(_open("Open on a phone", OPEN_ON_PHONE, network, phone_page))
    if networks.own_server(network):
        opens.append(button("Another server", NAME_SERVER))
    return opens


def _open(label: str, action: str, network: Network, url: str) -> ButtonElement:
    return ButtonElement(text=plain(label), action_id=action, value=network.value, url=url)


def _texts(dialog: ShareDialog, options: ShareOptions) -> list[ButtonElement]:
    """The ways to another text."""
    write = button("Write my own text", EDIT)
    if dialog.own is not None:
        return [button("Edit my text", EDIT), button("Back to the suggested texts", BACK)]
    others = set(share_dialog.wordings_to_choose(dialog, options)) - {dialog.wording_id}
    return [button("Another text", OTHER_WORDING), write] if others else [write]


def _picture(dialog: ShareDialog, options: ShareOptions) -> list[Block]:
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
            f"There's a picture to go with it, if you like. Save it, add it on {where} yourself, "
            "and copy its description there, for people who can't see it.",
            block_id="picture",
            accessory=see,
        ),
        copyable(content.picture_alt, block_id="picture_alt"),
    ]


def _after(stage: Stage | None) -> list[Block]:
    """What can be done once a composer was opened."""
    if stage is Stage.SHARED:
        undo = button("Undo “shared”", NOT_SHARED)
        tell = button("Tell comms I shared", TELL_COMMS)
        return [
            section("Marked as shared. Thank you.", block_id="after"),
            ActionsBlock(block_id="shared", elements=[undo, tell]),
        ]
    if stage is Stage.OPENED:
        mark = button("Mark as shared (optional)", SHARED)
        back = button("Forget that I opened it", TAKE_BACK)
        return [ActionsBlock(block_id="after", elements=[mark, back])]
    return []


def read_network(action: Mapping[str, Any]) -> Network:
    """The network that was chosen; raises Unreadable."""
    value = payload.option_at(action, "selected_option", "value")
    if value not in list(Network):
        raise Unreadable("no such network")
    return Network(value)


def read(view: Mapping[str, Any]) -> ShareDialog:
    """What the dialog was showing; raises Unreadable."""
    facts = payload.metadata(view)
    network, own, stage = facts.get("network"), facts.get("own"), facts.get("stage")
    disclosed, practice = facts.get("said", False), facts.get("practice", False)
    server = facts.get("server", "")
    if (
        network not in list(Network)
        or not (own is None or isinstance(own, str))
        or not (stage is None or stage in list(Stage))
        or not isinstance(disclosed, bool)
        or not isinstance(practice, bool)
        or not isinstance(server, str)
    ):
        raise Unreadable("no network")
    return ShareDialog(
        PostId(payload.whole(facts, "post")),
        Network(network),
        WordingId(payload.whole(facts, "wording")),
        own,
        disclosed,
        None if stage is None else Stage(stage),
        practice,
        server,
    )


def too_long_to_keep(dialog: ShareDialog) -> str | None:
    """Why the words cannot be kept in the dialog, or None: Slack gives it 3,000 characters."""
    if len(payload.dump(_kept(dialog))) <= payload.LONGEST_METADATA:
        return None
    return (
        f"This is more than {LONGEST_OWN:,} characters. Please shorten it. Line breaks and "
        "quotation marks count twice."
    )


def view_of(
    callback: str,
    title: str,
    blocks: list[Block],
    dialog: ShareDialog,
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


def _kept(dialog: ShareDialog) -> dict[str, str | int | bool | None]:
    facts: dict[str, str | int | bool | None] = {
        "post": dialog.post_id,
        "network": dialog.network.value,
        "wording": dialog.wording_id,
        "own": dialog.own,
    }
    more = {
        "said": dialog.disclosed,
        # What is stored is read again with every click.
        "stage": dialog.stage.value if dialog.practice and dialog.stage else None,
        "practice": dialog.practice,
        "server": dialog.server,
    }
    return facts | {name: fact for name, fact in more.items() if fact}

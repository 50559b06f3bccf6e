"""Setting the workspace up, and changing its settings later: the forms, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
)
from slack_sdk.models.views import View

from bot.domain.chosen_channels import SAME
from bot.domain.comms_channel import ChannelFault
from bot.domain.model import Workspace
from bot.domain.troubles import Trouble
from bot.domain.workspace_settings import show_settings
from bot.slack.views import payload, setting_fields
from bot.slack.views.setting_fields import SettingField
from bot.slack.views.text import Message, button, context, escape, header, plain, section

FORM = "setup_form"
OPEN = "setup_open"
CHOOSE = "setup_channel"  # tells at once, so that what is wrong with it stands beside it
CHECK = "setup_check"
MORE = "setup_more"
TITLE = "Set up Advocacy"

_NEWS, _COMMS = "setup_news", "setup_comms"
_INVITE: Final = "Type `/invite @{bot}` in it, then press *Check again*."
_SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ChannelFault.PUBLIC: "This channel is public, so anyone could join it, and then write "
        "and approve posts. Please choose a private one.",
        ChannelFault.SHARED: "People of other organisations can be in this channel. Please "
        "choose one of your own.",
        SAME: "Please choose two different channels.",
        Trouble.NOT_IN_CHANNEL: f"I'm not in this channel yet. {_INVITE}",
        Trouble.CHANNEL_NOT_FOUND: f"I can't see this channel, since I'm not in it. {_INVITE}",
        Trouble.ARCHIVED: "This channel is archived. Bring it back, or choose another one.",
        Trouble.RESTRICTED: "Slack doesn't let me use this channel (its posting permissions).",
        Trouble.MISSING_SCOPE: "Slack hasn't given me the permission to look at channels "
        "(`channels:read`, `groups:read`). Please reinstall the app from its manifest, then press "
        "*Check again*.",
        Trouble.TOKEN_REFUSED: "Slack doesn't accept my token any more. Please ask the people who "
        "run me to copy it anew.",
        Trouble.THROTTLED: "Slack asks me to wait a little. Please press *Check again* in a "
        "minute.",
    }
)
_NO_ANSWER: Final = "Slack didn't answer when I looked at this channel. Press *Check again*."
_REFUSED: Final = "Slack refuses to show me this channel ({code}). Please choose another one."

FIELDS: Final = (
    SettingField(
        "DISCLOSURE",
        "What posts say about where people work",
        "It stands in every post and has to name the company, like #AcmeEmployee.",
    ),
    SettingField(
        "DISCLOSURE_PHRASES",
        "The same in other languages and for markets",
        "A line each, such as: de: Anzeige | Ich arbeite bei Acme. Texts marked [de] get that "
        "one. A market (UK: Ad | I work at Acme) and a line without either are accepted as well.",
        lines=True,
        optional=True,
    ),
    SettingField("TIME_ZONE", "Time zone of the channel", "Such as Europe/Berlin."),
    SettingField(
        "CHANNEL_WEEKLY_CAP",
        "Posts in any seven days, at most",
        "In the first month it is one, whatever stands here.",
    ),
    SettingField(
        "CHANNEL_MIN_GAP", "Least time between two posts", "Such as 12h or 2d; 0 for none."
    ),
    SettingField("CHANNEL_HOURS", "Hours in which posts appear", "Such as 10:00-16:00."),
    SettingField("WORKDAYS", "Days on which posts appear", "Such as Mon-Fri or Mon,Tue,Thu."),
    SettingField(
        "APPROVALS",
        "Who approves a post",
        choices={"2": "Someone other than its writer", "1": "Its writer may"},
    ),
)


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels as the form has them, and what keeps the bot from working in each.

    The ids are empty where none was chosen. The troubles are SAME, or words of `Trouble`,
    `ChannelFault` or Slack; None where all is well.
    """

    news: str = ""
    comms: str = ""
    news_trouble: str | None = None
    comms_trouble: str | None = None


def render(
    workspace: Workspace, channels: Channels, bot: str, *, lacking: Sequence[str] = (), new: bool
) -> View:
    """The form, filled with the workspace's settings; `bot` is what people type to invite it."""
    shown = show_settings(workspace)
    begin = "Choose two channels that exist. I create none, and invite nobody."
    blocks: list[Block] = [section(begin)] if new else [*_more()]
    blocks += [context(f"Missing: {each}") for each in lacking]
    blocks += _channel(_NEWS, "Channel for posts", "People join it by themselves.", channels.news)
    blocks += _note(_NEWS, channels.news, channels.news_trouble, bot)
    blocks += _channel(
        _COMMS,
        "Channel of the comms team",
        "A private one: whoever is in it can write and approve posts.",
        channels.comms,
    )
    blocks += _note(_COMMS, channels.comms, channels.comms_trouble, bot)
    blocks += [setting_fields.render(one, shown[one.name]) for one in FIELDS]
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(TITLE),
        submit=plain("Save"),
        close=plain("Close"),
        private_metadata=payload.dump({"bot": bot}),
        blocks=blocks,
    )


def read_bot(view: Mapping[str, Any]) -> str:
    """What people type to invite the bot; raises Unreadable."""
    return payload.text_at(payload.metadata(view), "bot")


def read_channels(view: Mapping[str, Any]) -> Channels:
    """The channels that are chosen in the form; raises Unreadable."""
    return Channels(_chosen(view, _NEWS), _chosen(view, _COMMS))


def errors_of(channels: Channels, bot: str) -> dict[str, str]:
    """A sentence for each channel in which the bot can't work, by its field."""
    troubles = {_NEWS: channels.news_trouble, _COMMS: channels.comms_trouble}
    return {
        block: _sentence(trouble, bot).replace("`", "").replace("*", "")
        for block, trouble in troubles.items()
        if trouble is not None
    }


def at_the_top(sentence: str) -> dict[str, str]:
    """A sentence about all of the form, at its first field."""
    return {_NEWS: sentence}


def saved(
    channels: Channels, lacking: Sequence[str], *, new: bool, approves_own: bool = False
) -> View:
    """In the form's place: what holds now, what is still missing, and what comes next.

    `approves_own` says that one person is in comms, who approves what they write.
    """
    said = f"Saved. Posts go to <#{channels.news}>. The comms team works in <#{channels.comms}>."
    blocks: list[Block] = [section(said)]
    if lacking:
        blocks += [header("Still missing"), *(section(f"• {each}") for each in lacking)]
    if approves_own:
        blocks.append(section(APPROVES_OWN))
    if new:
        blocks.append(
            section(
                "Next, someone types `/advocacy queue` in the comms channel and writes the first "
                "post. My Home tab shows the comms team what needs them."
            )
        )
    else:
        blocks.append(context("It holds everywhere within a minute, without a restart."))
    return View(
        type="modal",
        callback_id="setup_saved",
        title=plain(TITLE),
        close=plain("Done"),
        blocks=[*blocks, *_more()],
    )


def lacking_scopes(missing: Sequence[str], without: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each permission that Slack has not granted."""
    for scope in missing:
        lost = without[scope]
        yield f"the permission `{scope}`. Without it: {lost}. Reinstall the app to grant it."


LACKS_HOME: Final = (
    "the event `app_home_opened`, perhaps: I haven't seen anyone open my Home tab yet. Please open "
    "it once. If it stays empty, turn on the event in the app's settings (Event Subscriptions)."
)
LACKS_COLLEAGUE: Final = (
    "a second person in the comms channel. A post needs someone other than its writer to approve "
    "it. Invite a colleague there, or let writers approve their own posts."
)


APPROVES_OWN: Final = (
    "One person is in the comms channel. So that person approves their own posts, and the record "
    "says so. When a second person joins, I'll suggest two."
)


def not_set_up() -> Message:
    """What everybody is told until an admin has chosen the channels."""
    said = (
        "I'm not set up here yet. A workspace admin or owner can do that, with *Set up* or "
        "`/advocacy setup`."
    )
    return Message(said, (section(said), ActionsBlock(elements=[_open_button()])))


def home(*, admin: bool) -> View:
    """The Home tab until then."""
    if admin:
        blocks: list[Block] = [
            header("Set me up"),
            section(
                "You're an admin here, so you can do it: choose a channel for posts and one for "
                "the comms team, and what posts say about where people work."
            ),
            ActionsBlock(elements=[_open_button()]),
        ]
    else:
        blocks = [
            section(
                "I'm not set up here yet. A workspace admin or owner can do that, on their Home "
                "tab or with `/advocacy setup`."
            )
        ]
    return View(type="home", blocks=blocks)


def _more() -> Iterator[Block]:
    more = button("More settings", MORE)
    yield ActionsBlock(block_id="setup_more", elements=[more])


def _open_button() -> Any:
    return button("Set up", OPEN, style="primary")


def _channel(block: str, label: str, hint: str, chosen: str) -> Iterator[Block]:
    yield InputBlock(
        block_id=block,
        label=plain(label),
        hint=plain(hint),
        dispatch_action=True,
        element=ConversationSelectElement(
            action_id=CHOOSE,
            placeholder=plain("Choose a channel"),
            initial_conversation=chosen or None,
            filter=ConversationFilter(
                include=["public", "private"], exclude_external_shared_channels=True
            ),
        ),
    )


def _note(block: str, chosen: str, trouble: str | None, bot: str) -> Iterator[Block]:
    """What is wrong with the channel, and the button to look again."""
    if chosen and trouble is not None:
        again = button("Check again", CHECK)
        yield section(_sentence(trouble, bot), block_id=f"{block}_note")
        yield ActionsBlock(block_id=f"{block}_check", elements=[again])


def _sentence(trouble: str, bot: str) -> str:
    if trouble in (Trouble.NO_REPLY, Trouble.UNREACHABLE):
        return _NO_ANSWER
    said = _SENTENCES.get(trouble)
    return said.format(bot=escape(bot)) if said else _REFUSED.format(code=escape(trouble))


def _chosen(view: Mapping[str, Any], block: str) -> str:
    found = payload.pick(view, "state", "values", block, CHOOSE, "selected_conversation")
    return found if isinstance(found, str) else ""

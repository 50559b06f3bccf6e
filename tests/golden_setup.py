"""The forms of the set-up in each of their states, for their golden files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from slack_sdk.models.views import View

from bot.domain.channel_queue import Forecast
from bot.domain.chosen_channels import SAME
from bot.domain.comms_channel import ChannelFault
from bot.domain.model import Reason
from bot.domain.post import PostState
from bot.domain.sharing_policy import SharingPolicy
from bot.domain.troubles import Trouble
from bot.slack import permissions
from bot.slack.views import cards, more_settings, setup
from bot.slack.views.setup import Channels
from bot.slack.views.text import Message
from tests.golden_values import APPROVED, DAY, NOW, PHRASES, WORKSPACE, post

_NEWS, _COMMS = WORKSPACE.advocacy_channel, WORKSPACE.comms_channel
_CHOSEN = Channels(_NEWS, _COMMS)
_NEW = replace(WORKSPACE, advocacy_channel="", comms_channel="", disclosure="")
_KNOWN = replace(WORKSPACE, sharing_policy=SharingPolicy(phrases=PHRASES))
_FIRST_MONTH = replace(WORKSPACE, policy=replace(WORKSPACE.policy, first_month_ends=NOW + 30 * DAY))
_SCOPES = list(setup.lacking_scopes(["groups:read", "dnd:read"], permissions.WITHOUT))


def cases() -> Mapping[str, Callable[[], Message | View]]:
    """Each by the name of its file."""
    troubles = [*ChannelFault, SAME, *_TROUBLES, "team_access_not_granted"]
    return {
        "setup_home_admin": partial(setup.home, admin=True),
        "setup_home": partial(setup.home, admin=False),
        "setup_not_yet": setup.not_set_up,
        "setup_form_new": partial(setup.render, _NEW, Channels(), "advocacy", new=True),
        "setup_form_lacking": partial(
            setup.render, _NEW, Channels(), "advocacy", lacking=_SCOPES, new=True
        ),
        "setup_form": partial(setup.render, _KNOWN, _CHOSEN, "advocacy", new=False),
        "setup_saved_new": partial(
            setup.saved, _CHOSEN, [*_SCOPES, setup.LACKS_HOME, setup.LACKS_COLLEAGUE], new=True
        ),
        "setup_saved": partial(setup.saved, _CHOSEN, [], new=False),
        "setup_saved_alone": partial(setup.saved, _CHOSEN, [], new=True, approves_own=True),
        "card_approved_first_month": partial(
            cards.render_card,
            post(state=PostState.APPROVED),
            [APPROVED],
            Forecast(NOW + 2 * DAY, Reason.CAP),
            _FIRST_MONTH,
        ),
        "setup_more": partial(more_settings.render, _KNOWN),
        "setup_more_saved": more_settings.saved,
        **{f"setup_form_{trouble}": partial(_with_trouble, trouble) for trouble in troubles},
    }


_TROUBLES = (
    Trouble.NOT_IN_CHANNEL,
    Trouble.CHANNEL_NOT_FOUND,
    Trouble.ARCHIVED,
    Trouble.MISSING_SCOPE,
    Trouble.TOKEN_REFUSED,
    Trouble.THROTTLED,
    Trouble.NO_REPLY,
)


def _with_trouble(trouble: str) -> View:
    channels = Channels(_NEWS, _COMMS, comms_trouble=trouble)
    return setup.render(_NEW, channels, "advocacy", new=True)

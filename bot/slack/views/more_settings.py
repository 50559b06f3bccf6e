"""The settings of a workspace that are rarely changed: networks, links, topics, and how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.models.views import View

from bot.domain import networks
from bot.domain.model import Workspace
from bot.domain.post import Network
from bot.domain.workspace_settings import lowered, show_settings
from bot.slack.views import setting_fields
from bot.slack.views.errors import closing_view
from bot.slack.views.setting_fields import SettingField
from bot.slack.views.text import context, plain

FORM = "setup_more_form"
TITLE = "More settings"
_ON_OFF: Final = {"on": "Yes", "off": "No"}

FIELDS: Final = (
    SettingField(
        "NETWORKS",
        "Networks that posts are for",
        choices={network.value: networks.name(network) for network in Network},
        several=True,
    ),
    SettingField(
        "TOPICS",
        "Topics to follow from the first day",
        "Separated by commas. Those of posts are offered as well.",
        optional=True,
    ),
    SettingField(
        "AVOID_TERMS",
        "Terms that no post may have",
        "Separated by commas: claims, or names that are not announced yet.",
        optional=True,
    ),
    SettingField(
        "LINK_TAGS",
        "Parameters that tag links",
        "Three names separated by commas, or off. They name the network and the post, never a "
        "person.",
    ),
    SettingField(
        "GUESTS_MAY_JOIN",
        "May guests of this workspace take part?",
        "Guests in the comms channel may write posts in any case, and decide nothing.",
        choices=_ON_OFF,
    ),
    SettingField("PREVIEWS", "Look at the pages behind links?", choices=_ON_OFF),
    SettingField(
        "ASKS_PER_WEEK",
        "Direct messages in a week for each person, on average",
        "Above 0 and up to 3. It acts from about 20 members on.",
    ),
    SettingField("CONSENT_MONTHS", "Months after which consent ends by itself"),
    SettingField("POST_DAYS", "Days after which a post ends by itself"),
    SettingField("EVIDENCE_YEARS", "Years for which it is kept what comms did"),
    SettingField(
        "FIGURES",
        "Show figures to comms?",
        "Of posts and months that have closed, in /advocacy report. Never about single people. "
        "They begin at about 20 members.",
        choices=_ON_OFF,
    ),
    SettingField(
        "LEAST_PEOPLE",
        "People behind each figure, at least",
        "It can be raised, and never lowered.",
    ),
    SettingField(
        "ANALYTICS_URL",
        "Your web analytics, which count visits",
        "An address in which {campaign} stands for a post. Reports and cards lead there.",
        optional=True,
    ),
)


def render(workspace: Workspace) -> View:
    """The form, filled with the workspace's settings."""
    shown = show_settings(workspace)
    return View(
        type="modal",
        callback_id=FORM,
        title=plain(TITLE),
        submit=plain("Save"),
        close=plain("Close"),
        blocks=[
            *(setting_fields.render(one, shown[one.name]) for one in FIELDS),
            context("Members read on Home which rule has changed, for 30 days."),
        ],
    )


def errors_of(workspace: Workspace, read: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each field that can't become what was read."""
    why = lowered(workspace, read)
    return {} if why is None else {"least_people": why}


def saved() -> View:
    """In the form's place."""
    return closing_view(TITLE, "Saved. It holds everywhere within a minute, without a restart.")

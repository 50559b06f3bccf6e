"""Publishing a person's Home tab as it is now."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.domain.ids import UserId
from bot.services import home_tab
from bot.slack import messenger, people
from bot.slack.admins import find_admin
from bot.slack.context import AppContext
from bot.slack.views import home_tab as home_tab_view
from bot.slack.views import setup


def publish_soon(context: AppContext, user_id: UserId) -> None:
    """Show the person their Home tab as it is now, after an acknowledgement."""
    context.background_tasks.add(publish(context, user_id))


async def publish(context: AppContext, user_id: UserId) -> None:
    """Read what the tab shows and hand it to Slack; what comms see only for comms."""
    if context.current.value is None:
        view = await _before_the_set_up(context, user_id)
        await messenger.publish_view(context.client, user_id, view)
        return
    try:
        found = await people.load_colleague(context.client, context.comms_channel, user_id)
        viewer = people.viewer_in_comms(user_id, found)
    except people.CannotCheck:
        viewer = None
    now = context.clock()
    data = await context.at(now).read(home_tab.load_home_tab, user_id, context.lessons, viewer)
    await messenger.publish_view(context.client, user_id, home_tab_view.render(data))


async def _before_the_set_up(context: AppContext, user_id: UserId) -> View:
    try:
        admin = await find_admin(context.client, user_id)
    except people.CannotCheck:
        admin = None
    return setup.home(admin=admin is not None)

"""Publishing a person's Home tab as it is now."""

from __future__ import annotations

from bot.domain.admission import Access, Refusal
from bot.domain.ids import UserId
from bot.services import home_tab, post_lists
from bot.slack import messenger, people
from bot.slack.admission import admit, find_viewer, is_admin
from bot.slack.context import AppContext
from bot.slack.people import CannotCheck
from bot.slack.views import home_tab as home_tab_view
from bot.slack.views import setup
from bot.slack.views.admission import refused


def publish_soon(context: AppContext, user_id: UserId) -> None:
    """Show the person their Home tab as it is now, after an acknowledgement."""
    context.background_tasks.add(publish(context, user_id))


async def publish(context: AppContext, user_id: UserId) -> None:
    """Read what the tab shows and hand it to Slack; what comms see only for comms.

    One after the other for each person, so that an older tab never comes after a newer one. Where
    one waits already to be read, it shows this change as well.
    """
    async with context.home_tabs.turn(user_id) as is_mine:
        if is_mine:
            await _publish(context, user_id)


async def clear_desks(context: AppContext) -> None:
    """Publish the tabs that show the desk to somebody who is not in comms any more."""
    shown = context.home_tabs.with_desk()
    if not shown:
        return
    try:
        inside = await people.load_comms(context.client, context.comms_channel)
    except CannotCheck:
        return  # it is looked again; until then no button of the desk works for them
    context.directory.forget_comms()
    for user_id in sorted(shown - inside):
        await publish(context, user_id)


async def _publish(context: AppContext, user_id: UserId) -> None:
    if context.current.value is None:
        view = setup.home(admin=await is_admin(context, user_id))
        await messenger.publish_view(context.client, user_id, view)
        return
    viewer = await find_viewer(context, user_id)
    admitted = await admit(context, user_id, Access.MEMBERS)
    context.home_tabs.record_desk(user_id, shown=viewer is not None)
    database = context.at(context.clock())
    if isinstance(admitted, Refusal):  # a guest may be in comms and not join
        desk = None if viewer is None else await database.read(post_lists.load_desk, viewer)
        shown = home_tab_view.closed(refused(admitted), desk)
    else:
        data = await database.read(home_tab.load_home_tab, user_id, context.lessons, viewer)
        shown = home_tab_view.render(data)
    await messenger.publish_view(context.client, user_id, shown)

"""Views: opened, pushed, updated and published."""

from typing import Any, TypeAlias

from slack_sandbox.errors import SlackError
from slack_sandbox.limits import check_view
from slack_sandbox.state import MOST_VIEWS, State, User, View

Json: TypeAlias = dict[str, Any]


def push(state: State, user: User, body: Any) -> View:
    """Lay a new modal on top of what this person has open.

    Raises:
        SlackError: If the view is refused, or three are open already.
    """
    checked = check_view(body, kind="modal")
    stack = state.stack(user)
    if len(stack) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    _refuse_double_external_id(state, checked)
    view = state.new_view(user, checked, under=stack[-1] if stack else None)
    stack.append(view)
    state.changes.notify()
    return view


def open_first(state: State, user: User, body: Any) -> View:
    """Open a modal; it takes the place of whatever this person had open.

    Raises:
        SlackError: If the view is refused.
    """
    checked = check_view(body, kind="modal")
    _refuse_double_external_id(state, checked)
    view = state.new_view(user, checked)
    state.views[user.id] = [view]
    state.changes.notify()
    return view


def change(state: State, view: View, body: Any, known_hash: str = "") -> View:
    """Replace what an open modal shows.

    Raises:
        SlackError: If the view is refused, or it changed since the app looked at it.
    """
    checked = check_view(body, kind="modal")
    if known_hash and known_hash != view.hash:
        raise SlackError("hash_conflict")
    _refuse_double_external_id(state, checked, unless=view)
    state.change_view(view, checked)
    return view


def publish(state: State, user: User, body: Any, known_hash: str = "") -> View:
    """Put up the Home tab of one person.

    Raises:
        SlackError: If the view is refused, or it changed since the app looked at it.
    """
    checked = check_view(body, kind="home")
    home = state.home_tabs.get(user.id)
    if home is None:
        home = state.home_tabs[user.id] = state.new_view(user, checked)
        state.changes.notify()
        return home
    if known_hash and known_hash != home.hash:
        raise SlackError("hash_conflict")
    state.change_view(home, checked)
    return home


def _refuse_double_external_id(state: State, body: Json, unless: View | None = None) -> None:
    external_id = body.get("external_id")
    found = state.find_view(None, external_id) if external_id else None
    if found is not None and found is not unless:
        raise SlackError("duplicate_external_id")

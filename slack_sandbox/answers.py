"""What the app answers outside the Web API: command replies, response addresses, submissions."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_sandbox import views
from slack_sandbox.errors import SlackError
from slack_sandbox.limits import check_message
from slack_sandbox.state import (
    RESPONSE_URL_LIFE,
    RESPONSE_URL_USES,
    Channel,
    Message,
    State,
    User,
    View,
)

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where an answer goes: to whom, in which channel, and about which message."""

    user: User
    channel: Channel
    message: Message | None = None


def use_response_url(state: State, key: str, body: Json) -> None:
    """Do what the app posted to a response address.

    Raises:
        SlackError: `used_url` after five uses, `expired_url` after thirty minutes, or a refusal
            of what was said.
    """
    known = state.response_urls.get(key)
    if known is None:
        raise SlackError("invalid_url")
    if known.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url")
    if state.clock() - known.created > RESPONSE_URL_LIFE:
        raise SlackError("expired_url")
    answer(state, Place(known.user, known.channel, known.message), body)
    known.uses += 1


def answer(state: State, place: Place, body: Json) -> None:
    """Show an answer: in place of the original, or as a new message, or take the original away.

    Raises:
        SlackError: If Slack would refuse what was said.
    """
    message = place.message
    if _yes(body.get("delete_original")):
        if message is not None:
            state.delete(message)
        return
    text, blocks = check_message(body.get("text"), body.get("blocks"))
    if _yes(body.get("replace_original")) and message is not None and not message.deleted:
        state.edit(message, text, blocks)
        return
    # Answers are seen by the one who asked, unless they say otherwise.
    private = body.get("response_type", "ephemeral") != "in_channel"
    state.post(
        place.channel,
        text,
        blocks,
        ephemeral_to=place.user if private else None,
        thread_ts=body.get("thread_ts"),
    )


def answer_command(state: State, user: User, channel: Channel, body: Json | None) -> None:
    """Show what the acknowledgement of a command said, if it said anything.

    Raises:
        SlackError: If Slack would refuse it.
    """
    if body and (body.get("text") or body.get("blocks")):
        answer(state, Place(user, channel), body)


def answer_submission(state: State, view: View, body: Json | None) -> None:
    """Do what the acknowledgement of a submission asks for; an empty one closes the view.

    Raises:
        SlackError: If it asks for something that Slack would refuse.
    """
    action = (body or {}).get("response_action")
    stack = state.stack(view.user)
    if action == "errors":
        _show_errors(state, view, (body or {}).get("errors"))
    elif action == "update":
        views.change(state, view, (body or {}).get("view"))
    elif action == "push":
        views.push(state, view.user, (body or {}).get("view"))
    elif action == "clear":
        stack.clear()
    elif action is None:
        if view in stack:
            stack.remove(view)
    else:
        raise SlackError("invalid_response_action")
    state.changes.notify()


def _show_errors(state: State, view: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    named = isinstance(errors, dict) and all(isinstance(text, str) for text in errors.values())
    if not named or not errors or not set(errors) <= inputs:
        known = ", ".join(sorted(inputs))
        messages = [f"[ERROR] errors must name input blocks of the view: {known}"]
        raise SlackError("invalid_errors", response_metadata={"messages": messages})
    view.errors = dict(errors)
    state.changes.notify()


def _yes(value: Any) -> bool:
    return str(value).lower() == "true"

"""Blocks and views, as short to write as they can be."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Text without mark-up."""
    return {"type": "plain_text", "text": text}


def button(action_id: str = "share", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain("Share"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str = "Hello", **more: Any) -> Json:
    """A paragraph."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def option(value: str, text: str | None = None) -> Json:
    """One choice among several."""
    return {"text": plain(text or value), "value": value}


def field(block_id: str, element: Json | None = None, **more: Any) -> Json:
    """A field of a form; one line of text if nothing else is said."""
    typed = element or {"type": "plain_text_input", "action_id": "typed"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.capitalize()),
        "element": typed,
        **more,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    """A dialog with two buttons."""
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Json) -> Json:
    """A Home tab."""
    return {"type": "home", "blocks": list(blocks)}

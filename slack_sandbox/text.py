"""Blocks as the plain text that a person sees."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

_SEQUENCE = re.compile(r"<([^<>]+)>")
_TOKEN = re.compile(r"\{(\w+)\}")
# Marks count only at the edges of words, so that snake_case stays as it is.
_MARKS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]+?)(?<=\S)\1(?![\w*_~`])")


@dataclass(frozen=True)
class Reader:
    """Who reads: the names this reader knows for ids, and the reader's time zone."""

    names: dict[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC


def plain_text_of_message(text: str, blocks: Sequence[Json], values: Json, reader: Reader) -> str:
    """Render a message: its blocks, or its text if it has none."""
    return plain_text_of_blocks(blocks, values, reader) if blocks else mrkdwn(text, reader)


def plain_text_of_view(
    body: Json, blocks: Sequence[Json], values: Json, errors: dict[str, str], reader: Reader
) -> str:
    """Render a view: title, blocks, errors beside their inputs, and its own two buttons."""
    parts = [_text(body["title"], reader)] if body.get("title") else []
    for block in blocks:
        parts.append(_block(block, values, reader))
        if block.get("block_id") in errors:
            parts.append(f"! {errors[block['block_id']]}")
    ends = [f"[{_text(body[key], reader)}]" for key in ("close", "submit") if body.get(key)]
    return "\n".join(part for part in [*parts, " ".join(ends)] if part)


def plain_text_of_blocks(blocks: Sequence[Json], values: Json, reader: Reader) -> str:
    """Render blocks, one under the other."""
    return "\n".join(part for block in blocks if (part := _block(block, values, reader)))


def mrkdwn(text: str, reader: Reader) -> str:
    """Render mrkdwn: marks gone, links as `label (address)`, mentions as names, dates as dates."""
    # Sequences are cut out first, so that marks inside addresses stay.
    shown: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        shown.append(_sequence(match[1], reader))
        return f"\x00{len(shown) - 1}\x00"

    text = _SEQUENCE.sub(put_aside, text)
    previous = None
    while previous != text:
        previous, text = text, _MARKS.sub(r"\2", text)
    text = re.sub(r"\x00(\d+)\x00", lambda match: shown[int(match[1])], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _sequence(inner: str, reader: Reader) -> str:
    body, _, label = inner.partition("|")
    if body.startswith("!date^"):
        return _date_sequence(body, label, reader)
    if body[0] == "@":
        return f"@{label or reader.names.get(body[1:], body[1:])}"
    if body[0] == "#":
        return f"#{label or reader.names.get(body[1:], body[1:])}"
    if body[0] == "!":
        return label or f"@{body[1:]}"
    return f"{label} ({body})" if label and label != body else body.removeprefix("mailto:")


def _date_sequence(body: str, fallback: str, reader: Reader) -> str:
    _, stamp, form, *_ = [*body.split("^"), "", ""]
    try:
        return date_text(int(stamp), form, reader.zone)
    except ValueError:
        return fallback


def date_text(stamp: int, form: str, zone: tzinfo, now: datetime | None = None) -> str:
    """Render a moment in Slack's date format.

    Args:
        stamp: Seconds since 1970, in UTC.
        form: The format, with tokens such as `{date_short_pretty}`.
        zone: The time zone of the reader.
        now: The present moment; with it, pretty tokens say "today", as Slack's client does.

    Raises:
        ValueError: If the format has a token that Slack does not know.
    """
    moment = datetime.fromtimestamp(stamp, zone)
    days = (moment.date() - now.astimezone(zone).date()).days if now else None
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days) if days is not None else None

    def token(match: re.Match[str]) -> str:
        name = match[1].removesuffix("_pretty")
        if near and name != match[1] and name.startswith("date"):
            return near
        if name not in _DATE_TOKENS:
            raise ValueError(f"unknown date token {match[0]}")
        return _DATE_TOKENS[name](moment)

    return _TOKEN.sub(token, form)


def _ordinal(day: int) -> str:
    ending = "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


_DATE_TOKENS: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda m: f"{m:%Y-%m-%d}",
    "date": lambda m: f"{m:%B} {_ordinal(m.day)}, {m.year}",
    "date_short": lambda m: f"{m:%b} {m.day}, {m.year}",
    "date_long": lambda m: f"{m:%A}, {m:%B} {_ordinal(m.day)}, {m.year}",
    "time": lambda m: f"{m.hour % 12 or 12}:{m:%M %p}",
    "time_secs": lambda m: f"{m.hour % 12 or 12}:{m:%M:%S %p}",
    "ago": lambda m: f"{m:%Y-%m-%d %H:%M}",
}


def _text(part: Any, reader: Reader) -> str:
    """Render a text object; a bare string stands for itself."""
    if not isinstance(part, dict):
        return str(part or "")
    text = str(part.get("text", ""))
    return mrkdwn(text, reader) if part.get("type") == "mrkdwn" else text


def _block(block: Json, values: Json, reader: Reader) -> str:
    render = _BLOCKS.get(block.get("type", ""))
    return render(block, values, reader) if render else f"({block.get('type')})"


def _section(block: Json, values: Json, reader: Reader) -> str:
    lines = [_text(block["text"], reader)] if block.get("text") else []
    lines += [_text(one, reader) for one in block.get("fields") or []]
    if block.get("accessory"):
        lines.append(_element(block, block["accessory"], values, reader))
    return "\n".join(lines)


def _row(block: Json, values: Json, reader: Reader) -> str:
    return " ".join(_element(block, one, values, reader) for one in block.get("elements", []))


def _input(block: Json, values: Json, reader: Reader) -> str:
    label = _text(block.get("label"), reader)
    line = f"{label}: {_element(block, block['element'], values, reader)}"
    return f"{line}\n  {_text(block['hint'], reader)}" if block.get("hint") else line


def _element(block: Json, element: Json, values: Json, reader: Reader) -> str:
    kind = element.get("type")
    if kind in ("button", "workflow_button"):
        return f"[{_text(element.get('text'), reader)}]"
    if kind == "image":
        return f"({element.get('alt_text', 'image')})"
    if kind in ("plain_text", "mrkdwn"):
        return _text(element, reader)
    if kind == "overflow":
        return "[" + " | ".join(_text(o["text"], reader) for o in element["options"]) + "]"
    held = values.get(str(block.get("block_id")), {}).get(element.get("action_id"), {})
    return _held(element, held, reader)


def _held(element: Json, held: Json, reader: Reader) -> str:
    if element.get("type") in ("checkboxes", "radio_buttons"):
        chosen = [*(held.get("selected_options") or []), held.get("selected_option") or {}]
        marked = {option.get("value") for option in chosen}
        marks = ((o["value"] in marked, _text(o["text"], reader)) for o in element["options"])
        return " ".join(f"{'(x)' if on else '( )'} {label}" for on, label in marks)
    shown = [_shown(value, reader) for key, value in held.items() if key != "type" and value]
    if shown:
        return ", ".join(shown)
    return f"({_text(element['placeholder'], reader)})" if element.get("placeholder") else "(empty)"


def _shown(value: Any, reader: Reader) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(one, reader) for one in value)
    if isinstance(value, dict) and value.get("type") == "rich_text":
        return _rich(value, {}, reader)
    if isinstance(value, dict):
        return _text(value.get("text"), reader)
    if isinstance(value, int):
        return f"{datetime.fromtimestamp(value, reader.zone):%Y-%m-%d %H:%M}"
    return reader.names.get(value, str(value))


def _rich(block: Json, _values: Json, reader: Reader) -> str:
    return "\n".join(_rich_part(part, reader) for part in block.get("elements", []))


def _rich_part(part: Json, reader: Reader) -> str:
    inner = part.get("elements", [])
    if part.get("type") == "rich_text_list":
        marks = [
            f"{index}." if part.get("style") == "ordered" else "•"
            for index in range(1, len(inner) + 1)
        ]
        return "\n".join(
            f"{mark} {_rich_part(one, reader)}" for mark, one in zip(marks, inner, strict=True)
        )
    text = "".join(_rich_leaf(one, reader) for one in inner)
    if part.get("type") == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.splitlines())
    return text


def _rich_leaf(leaf: Json, reader: Reader) -> str:
    kind = leaf.get("type")
    if kind == "link":
        return f"{leaf['text']} ({leaf['url']})" if leaf.get("text") else str(leaf["url"])
    if kind == "emoji":
        return f":{leaf['name']}:"
    if kind == "date":
        try:
            return date_text(leaf["timestamp"], leaf["format"], reader.zone)
        except ValueError:
            return str(leaf.get("fallback", ""))
    for key, mark in (("user_id", "@"), ("channel_id", "#"), ("usergroup_id", "@")):
        if key in leaf:
            return f"{mark}{reader.names.get(leaf[key], leaf[key])}"
    return f"@{leaf['range']}" if kind == "broadcast" else str(leaf.get("text", ""))


def _cell(cell: Json, reader: Reader) -> str:
    if cell.get("type") == "rich_text":
        return _rich(cell, {}, reader)
    return str(cell.get("text", cell.get("value", "")))


def _table(block: Json, _values: Json, reader: Reader) -> str:
    rows = [" | ".join(_cell(cell, reader) for cell in row) for row in block.get("rows", [])]
    return "\n".join([str(block["caption"]), *rows] if block.get("caption") else rows)


def _chart(block: Json, _values: Json, _reader: Reader) -> str:
    chart = block.get("chart", {})
    lines = [str(block.get("title", ""))]
    lines += [f"{one['label']}: {one['value']}" for one in chart.get("segments", [])]
    for series in chart.get("series", []):
        points = ", ".join(f"{p.get('label')} {p.get('value')}" for p in series.get("data", []))
        lines.append(f"{series.get('name')}: {points}")
    return "\n".join(lines)


def _card(block: Json, values: Json, reader: Reader) -> str:
    lines = [_text(block[key], reader) for key in ("title", "subtitle", "body") if block.get(key)]
    buttons = [_element(block, one, values, reader) for one in block.get("actions", [])]
    return "\n".join([*lines, " ".join(buttons)] if buttons else lines)


def _image(block: Json, _values: Json, reader: Reader) -> str:
    return f"({_text(block.get('title'), reader) or block.get('alt_text', 'image')})"


_BLOCKS: dict[str, Callable[[Json, Json, Reader], str]] = {
    "header": lambda block, _, reader: _text(block.get("text"), reader),
    "section": _section,
    "divider": lambda *_: "---",
    "context": _row,
    "actions": _row,
    "context_actions": _row,
    "input": _input,
    "image": _image,
    "rich_text": _rich,
    "markdown": lambda block, _, _reader: str(block.get("text", "")),
    "alert": lambda block, _, reader: _text(block.get("text"), reader),
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "card": _card,
    "carousel": lambda block, values, reader: plain_text_of_blocks(
        block.get("elements", []), values, reader
    ),
    "container": lambda block, values, reader: plain_text_of_blocks(
        block.get("child_blocks", []), values, reader
    ),
}

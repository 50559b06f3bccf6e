"""Fields for the settings of a workspace: each is shown as text, and read by its own reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)

from bot.domain.workspace_settings import PARSERS
from bot.slack.views import payload
from bot.slack.views.text import plain

_VALUE = "value"


@dataclass(frozen=True, slots=True)
class SettingField:
    """A field: the setting's name, what people read, and what can be chosen where it is a choice.

    `choices` are values with their labels; with `several` more than one can be chosen. `lines` says
    that it takes several lines.
    """

    name: str
    label: str
    hint: str | None = None
    choices: Mapping[str, str] | None = None
    several: bool = False
    lines: bool = False
    optional: bool = False

    @property
    def block_id(self) -> str:
        """Where the field stands, and where its errors are shown."""
        return self.name.lower()


def render(one: SettingField, value: str) -> InputBlock:
    """The field with its value, as `show_settings` writes it."""
    return InputBlock(
        block_id=one.block_id,
        label=plain(one.label),
        hint=plain(one.hint) if one.hint else None,
        optional=one.optional,
        element=_element(one, value),
    )


def read(
    fields: Iterable[SettingField], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, by the settings' names, and a sentence for each field that can't be used.

    Raises Unreadable where a field is missing or holds what never was there.
    """
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in fields:
        try:
            found[one.name] = PARSERS[one.name](_typed(one, values))
        except ValueError as error:
            errors[one.block_id] = str(error)
    return found, errors


def _element(
    one: SettingField, value: str
) -> PlainTextInputElement | CheckboxesElement | RadioButtonsElement:
    if one.choices is None:
        shown = "\n".join(value.rstrip(";").split("; ")) if one.lines else value
        return PlainTextInputElement(
            action_id=_VALUE, initial_value=shown or None, multiline=one.lines
        )
    options = [Option(value=name, text=plain(label)) for name, label in one.choices.items()]
    chosen = [each for each in options if each.value in value.split(",")]
    if one.several:
        return CheckboxesElement(action_id=_VALUE, options=options, initial_options=chosen or None)
    return RadioButtonsElement(
        action_id=_VALUE, options=options, initial_option=next(iter(chosen), None)
    )


def _typed(one: SettingField, values: Mapping[str, Any]) -> str:
    if one.choices is None:
        text = payload.typed(values, one.block_id, _VALUE, "value").strip()
        return f"{text}\n" if one.lines and text else text
    if one.several:
        options = payload.pick(values, one.block_id, _VALUE, "selected_options")
        return ",".join(payload.option_at(option, "value") for option in options)
    return payload.text_at(values, one.block_id, _VALUE, "selected_option", "value")

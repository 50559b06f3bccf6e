"""Secrets that stand in files, as systemd, Docker and Kubernetes hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.setting_values import SECRETS, Problem, SettingsError


def named_files(environ: Mapping[str, str]) -> dict[str, Path]:
    """The file of each secret whose `…_FILE` is set, by the secret's variable."""
    named = {variable: environ.get(f"{variable}_FILE", "").strip() for variable in sorted(SECRETS)}
    return {variable: Path(file) for variable, file in named.items() if file}


def with_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, and for each secret whose `…_FILE` is set what stands in that file.

    Raises:
        SettingsError: naming each file that cannot be read, and each secret that is set twice.
    """
    filled = dict(environ)
    problems = []
    for variable, file in named_files(environ).items():
        if environ.get(variable, "").strip():
            takes = f"Leave one of {variable} and {variable}_FILE empty."
            problems.append(Problem(f"{variable}_FILE", "set as well", takes))
            continue
        try:
            filled[variable] = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            takes = "It takes the path of a file that the bot may read and that holds the secret."
            problems.append(Problem(f"{variable}_FILE", "of no use", takes))
    if problems:
        raise SettingsError(tuple(problems))
    return filled

"""Secrets that stand in files, as systemd, Docker and Kubernetes hand them over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.setting_values import SECRETS, Problem, SettingsError


def named_files(environ: Mapping[str, str]) -> dict[str, Path]:
    """The file of each secret whose `…_FILE` is set, by the secret's variable."""
    named = {variable: environ.get(f"{variable}_FILE", "").strip() for variable in sorted(SECRETS)}
    return {variable: Path(file) for variable, file in named.items() if file}


def with_secrets(environ: Mapping[str, str], needed: Collection[str] = SECRETS) -> dict[str, str]:
    """The environment, and for each needed secret whose `…_FILE` is set what stands in that file.

    Raises:
        SettingsError: naming each file that cannot be read, and each secret that is set twice.
    """
    filled, problems = read_each(environ, needed)
    if problems:
        raise SettingsError(problems)
    return filled


def read_each(
    environ: Mapping[str, str], needed: Collection[str] = SECRETS
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The same as far as the files can be read, and what is wrong with the others."""
    filled = dict(environ)
    problems = []
    for variable, file in named_files(environ).items():
        if variable not in needed:
            continue
        if environ.get(variable, "").strip():
            takes = f"Leave one of {variable} and {variable}_FILE empty."
            problems.append(Problem(f"{variable}_FILE", "set as well", takes))
            continue
        found = _read(variable, file)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            filled[variable] = found
    return filled, tuple(problems)


def _read(variable: str, file: Path) -> str | Problem:
    """The secret; where there is none, its file is named only if it is there.

    What is no file's name may be the secret itself, written into the wrong variable.
    """
    got, takes = f"{file}, which is empty", "Write the secret into that file."
    try:
        if secret := file.read_text(encoding="utf-8-sig").strip():
            return secret
    except UnicodeDecodeError:
        got, takes = f"{file}, which is not UTF-8 text", "Save that file as UTF-8."
    except (PermissionError, IsADirectoryError) as error:
        got = f"{file}, which can't be read ({error.strerror})"
        takes = "Give the file to the user who runs the bot (chown), with the mode 400."
    except OSError:
        got = "a path at which there is no file"
        takes = f"A path that does not begin with a slash begins at {Path.cwd()}."
    return Problem(f"{variable}_FILE", got, takes)

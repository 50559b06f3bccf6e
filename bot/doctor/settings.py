"""The settings: what each is, where it is said, and what in `.env` has no effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot import env_file, first_settings
from bot.doctor.findings import Finding
from bot.domain.model import Workspace
from bot.domain.workspace_settings import show_settings
from bot.first_settings import FirstSettings
from bot.setting_values import Problem, shown, variables
from bot.settings import Settings


def look_at(
    source: Mapping[str, str],
    kind: type[Settings] | type[FirstSettings],
    problems: Sequence[Problem],
    unread: Sequence[Problem] = (),
) -> Iterator[Finding]:
    """Each variable, with what it is, its default, or what is wrong with it.

    `unread` are files of secrets that cannot be read.
    """
    wrong = {problem.variable: problem for problem in problems}
    wrong |= {problem.variable.removesuffix("_FILE"): problem for problem in unread}
    for each in variables(kind):
        variable = each.name.upper()
        text = source.get(variable, "").strip()
        if problem := wrong.get(variable):
            says = problem.got or "is not set"
            yield Finding(False, problem.variable, says, problem.takes, fatal=True)
        elif text:
            yield Finding(True, variable, shown(variable, text).strip('"'))
        elif (default := each.metadata["default"]) is not None:
            yield Finding(True, variable, f"{default} (default)")
        else:
            yield Finding(True, variable, _unset(variable))


def not_set_up(first: Mapping[str, Any]) -> Iterator[Finding]:
    """What is left to an admin in Slack, where `.env` leaves something open."""
    if not all(first.get(name) for name in ("advocacy_channel", "comms_channel", "disclosure")):
        yield Finding(
            None, "workspace", "not set up yet", "A workspace admin types /advocacy setup."
        )


def changed(
    source: Mapping[str, str], stored: Workspace, first: Mapping[str, Any]
) -> Iterator[Finding]:
    """The settings as they stand in the row, and what `.env` says where that is something else."""
    now_reads, _ = first_settings.read_each(show_settings(stored))
    for variable, value in show_settings(stored).items():
        written, name = source.get(variable, "").strip(), variable.lower()
        says = value or "none"
        if not written or (name in first and first[name] == now_reads.get(name)):
            yield Finding(True, variable, says)
            continue
        says += (
            f" in the workspace; .env says {shown(variable, written)}, which is not read any more"
        )
        yield Finding(
            None, variable, says, "To change it, an admin types /advocacy setup in Slack."
        )


def _unset(variable: str) -> str:
    return {
        "SLACK_APP_TOKEN": "not set: Slack reaches the bot over HTTP",
        "SLACK_SIGNING_SECRET": "not set: Socket Mode needs none",
        "SLACK_CONFIG_TOKEN": "not set: `doctor --views` doesn't ask Slack about the manifest",
        "HEALTH_PORT": "not set: /readyz and /metrics are not served",
        "ADVOCACY_CHANNEL": "not set: a workspace admin chooses it in Slack",
        "COMMS_CHANNEL": "not set: a workspace admin chooses it in Slack",
        "DISCLOSURE": "not set: a workspace admin writes it in Slack",
        "TIME_ZONE": "not set: the one that most people in comms have",
        "LESSONS_DIR": "not set: only the lessons that come with the bot",
    }.get(variable, "not set")


def describe_file(file: Path | None, problems: Sequence[Problem]) -> Iterator[Finding]:
    """Where `.env` is, and what in it cannot be read."""
    if file is None:
        return
    if problems:
        for each in problems:
            yield Finding(False, each.variable, each.got or "is not set", each.takes, fatal=True)
    elif file.exists():
        yield Finding(True, ".env", str(file.absolute()))
    else:
        yield Finding(None, ".env", f"there is none in {file.absolute().parent}")


def find_unknown(in_file: Iterable[str], environ: Iterable[str]) -> Iterator[Finding]:
    """What stands in `.env` or in the environment and is no setting: misspelt, or of others."""
    for misspelt in env_file.find_misspelt(environ, in_file):
        says = "stands in the environment, is no setting of the bot and has no effect"
        yield Finding(None, misspelt.variable, says, f"Did you mean {misspelt.meant}?")
    for unknown in env_file.find_unknown(in_file):
        says = "is no setting of the bot and has no effect"
        mend = f"Did you mean {unknown.meant}?" if unknown.meant else None
        yield Finding(False if mend else None, unknown.variable, says, mend)

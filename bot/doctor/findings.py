"""What the doctor finds, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: fine (`ok` is True), worth knowing (None) or wrong (False).

    `mend` says what to do; `fatal` means that the bot cannot run.
    """

    ok: bool | None
    subject: str
    says: str
    mend: str | None = None
    fatal: bool = False


def report(findings: Sequence[Finding]) -> str:
    """The findings as lines of plain text that need no colour, and a last line that sums up."""
    width = max((len(finding.subject) for finding in findings), default=0)
    lines = []
    for finding in findings:
        mark = {True: "ok", None: "note", False: "wrong"}[finding.ok]
        lines.append(f"{mark:<5}  {finding.subject:<{width}}  {finding.says}")
        if finding.mend is not None:
            lines.append(f"{'':<5}  {'':<{width}}  -> {finding.mend}")
    wrong = sum(finding.ok is False for finding in findings)
    count = "one thing is" if wrong == 1 else f"{wrong} things are"
    if exit_status(findings):
        lines.append(f"\nThe bot cannot run yet: {count} wrong.")
    else:
        lines.append(f"\nThe bot can run, but {count} wrong." if wrong else "\nThe bot can run.")
    return "\n".join(lines)


def exit_status(findings: Sequence[Finding]) -> int:
    """1 if the bot could not run, otherwise 0."""
    return int(any(finding.fatal for finding in findings))

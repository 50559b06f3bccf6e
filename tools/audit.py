"""Ask the package index which pinned packages have known vulnerabilities: `make check` does so.

It fails for a vulnerability and never for a network that is missing: then it says that it skipped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

LOCK = "requirements-dev.lock"  # what runs, and what develops it
_SECONDS = 120
_COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--require-hashes"),
    *("--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10"),
)


def main() -> int:
    """Run pip-audit and say what it found; returns the exit status."""
    try:
        ran = subprocess.run(
            _COMMAND, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        out, err = ran.stdout, ran.stderr
    except subprocess.TimeoutExpired:
        out, err = "", f"no answer within {_SECONDS} seconds"
    status, line = verdict(out, err)
    print(line)
    return status


def verdict(out: str, err: str) -> tuple[int, str]:
    """The exit status and a line, from what pip-audit wrote.

    pip-audit says "no known vulnerabilities" also where the index knows none of the packages, as a
    mirror may not; here that is a skip.
    """
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (err.strip().splitlines() or ["no answer"])[-1]
        return 0, f"Vulnerabilities: skipped, the package index could not be asked ({reason})."
    known = [one for one in packages if "skip_reason" not in one]
    vulnerable = [
        f"{one['name']} {one['version']} ({', '.join(each['id'] for each in one['vulns'])})"
        for one in known
        if one["vulns"]
    ]
    if vulnerable:
        return 1, f"Vulnerabilities: {'; '.join(vulnerable)}."
    if not known:
        return 0, "Vulnerabilities: skipped, the package index here has no word on any package."
    unknown = len(packages) - len(known)
    rest = f"; {unknown} not known to the index" if unknown else ""
    return 0, f"Vulnerabilities: none known in {len(known)} packages{rest}."


if __name__ == "__main__":
    sys.exit(main())

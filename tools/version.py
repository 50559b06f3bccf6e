"""The version of a wheel, with the commit that it is built from: two of them can be told apart.

Hatchling asks for it (`pyproject.toml`). A container's image is built without git, and has the
number alone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_NUMBER = "0.1.0"
_ROOT = Path(__file__).resolve().parents[1]


def version() -> str:
    """Such as 0.1.0+g3b81f22, with `.dirty` after it where something is changed."""
    command = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty=.dirty", "--exclude=*"]
    # A repository around this folder is another one.
    environ = {**os.environ, "GIT_CEILING_DIRECTORIES": str(_ROOT.parent)}
    try:
        ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return _NUMBER
    return f"{_NUMBER}+g{ran.stdout.strip()}"

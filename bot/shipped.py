"""What is shipped: the version, the command, and files that are no code, such as migrations."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[1]
_WHEEL = Path(__file__).resolve().parent / "shipped_files"


def version() -> str:
    """The version that is installed."""
    try:
        return metadata.version("advocacy-bot")
    except metadata.PackageNotFoundError:
        return "from a checkout"


def command() -> str:
    """What whoever started this program types: the installed command, or the module's name."""
    name = Path(sys.argv[0]).stem
    return name if name == "advocacy" else "python -m bot"


def path_of(name: str) -> Path:
    """Where such a file or folder is: in the wheel's folder, otherwise in the checkout."""
    packed = _WHEEL / name
    return packed if packed.exists() else _CHECKOUT / name

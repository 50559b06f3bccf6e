"""What is shipped: the version, and files that are no code (migrations, the app's manifest)."""

from __future__ import annotations

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


def path_of(name: str) -> Path:
    """Where such a file or folder is: in the wheel's folder, otherwise in the checkout."""
    packed = _WHEEL / name
    return packed if packed.exists() else _CHECKOUT / name

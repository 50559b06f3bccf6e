"""Files that come with the bot and are no code: migrations, alembic.ini, the app's manifest."""

from __future__ import annotations

from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[1]
_WHEEL = Path(__file__).resolve().parent / "shipped_files"


def path_of(name: str) -> Path:
    """Where such a file or folder is: in the wheel's folder, otherwise in the checkout."""
    packed = _WHEEL / name
    return packed if packed.exists() else _CHECKOUT / name

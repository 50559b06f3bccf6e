"""The app's manifest: as Slack has it, and as Slack would take it."""

from __future__ import annotations

import json
from pathlib import Path

from bot.doctor.findings import Finding
from bot.slack import manifest

_MEND_MANIFEST = (
    "Paste what `python -m bot manifest` prints into the app settings (App Manifest), and "
    "reinstall the app."
)
_SAVE_MANIFEST = (
    "Save the JSON of the app settings (App Manifest) as a file, and run: "
    "python -m bot doctor --manifest FILE"
)


def compare_manifest(path: Path | None) -> Finding:
    """What only the app's settings show: Slack tells no bot which events it gets."""
    if path is None:
        says = f"not checked: Slack doesn't say whether the app gets {_wanted_events()}"
        return Finding(None, "events", says, _SAVE_MANIFEST)
    try:
        different = manifest.differences(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return Finding(False, "events", f"{path} isn't a manifest in JSON", _SAVE_MANIFEST)
    if different:
        return Finding(False, "events", "; ".join(different), _MEND_MANIFEST)
    return Finding(True, "events", f"{_wanted_events()}; everything else is as in manifest.json")


def _wanted_events() -> str:
    return ", ".join(manifest.events())

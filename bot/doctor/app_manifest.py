"""The app's manifest: as Slack has it, and as Slack would take it."""

from __future__ import annotations

import json
from pathlib import Path

from bot import shipped
from bot.doctor.findings import Finding
from bot.slack import manifest


def compare_manifest(path: Path | None) -> Finding:
    """What only the app's settings show: Slack tells no bot which events it gets."""
    save = (
        "Save the JSON of the app settings (App Manifest) as a file, and run: "
        f"{shipped.command()} doctor --manifest FILE"
    )
    if path is None:
        says = f"not checked: Slack doesn't say whether the app gets {_wanted_events()}"
        return Finding(None, "events", says, save)
    try:
        different = manifest.differences(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return Finding(False, "events", f"{path} isn't a manifest in JSON", save)
    if different:
        mend = (
            f"Paste what `{shipped.command()} manifest` prints into the app settings (App "
            "Manifest), and reinstall the app."
        )
        return Finding(False, "events", "; ".join(different), mend)
    return Finding(True, "events", f"{_wanted_events()}; everything else is as in manifest.json")


def _wanted_events() -> str:
    return ", ".join(manifest.events())

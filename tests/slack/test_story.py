"""The story that `make demo` tells first: it comes to its end, and the bot keeps its manners."""

from __future__ import annotations

import re
import subprocess
import sys


def test_the_story_is_told_to_its_end() -> None:
    command = (sys.executable, "-W", "error::RuntimeWarning", "-m", "bot", "demo", "--once")
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-2000:]
    for number in range(1, 9):
        assert f"\n{number}. " in told.stdout
    shown = [line for line in told.stdout.splitlines() if line.startswith("    |")]
    assert any("[Put #AcmeEmployee back]" in line for line in shown)
    assert any("You follow engineering and performance." in line for line in shown)
    assert not [line for line in shown if "!" in line]
    pressed = re.findall("“([^”]+)”", "\n".join(re.findall("> .* presses .*", told.stdout)))
    buttons = re.findall(r"\[(.+?)\]", " ".join(line.removeprefix("    | ") for line in shown))
    assert "in Shanghai" in told.stdout
    assert "{'" not in told.stdout, "no raw dictionary"
    assert max(map(len, re.split(r"\n8\. ", told.stdout)[1].splitlines())) <= 112
    assert pressed
    assert set(pressed) <= set(buttons)

"""What runs the bot elsewhere: it gives settings that there are, and systemd takes its unit."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.env_file import KNOWN

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "advocacy.service"
ANALYZE = shutil.which("systemd-analyze")


def test_they_set_only_what_is_a_setting() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["advocacy"]
    [port] = re.findall(r"^ENV HEALTH_PORT=(\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert service["environment"]["HEALTH_PORT"] == int(port)
    assert set(service["environment"]) <= set(KNOWN)
    assert set(re.findall(r"^Environment=(\w+)=", UNIT.read_text(), re.MULTILINE)) <= set(KNOWN)


def http_override() -> str:
    """What is added to the unit for HTTP, as the documentation says."""
    text = (ROOT / "docs" / "operations.md").read_text()
    [found] = re.findall(r"^  (\[Service\]\n.*?)^  ```$", text, re.MULTILINE | re.DOTALL)
    return re.sub(r"^  ", "", found, flags=re.MULTILINE)


def test_the_unit_for_http_gives_what_http_needs() -> None:
    given = dict(re.findall(r"^Environment=(\w+)=(.*)$", http_override(), re.MULTILINE))
    assert set(given) <= set(KNOWN)
    assert given["SLACK_APP_TOKEN_FILE"] == "", "with an app-level token it is Socket Mode"


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = "/opt/advocacy/bin/advocacy"  # which is not installed here
    assert program in UNIT.read_text()
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace(program, "/bin/true"))
    for_http = tmp_path / f"{UNIT.name}.d" / "override.conf"
    for_http.parent.mkdir()
    for more in ("", http_override()):
        for_http.write_text(more)
        ran = subprocess.run([str(ANALYZE), "verify", unit], capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (0, "")

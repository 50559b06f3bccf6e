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
PAGE = (ROOT / "docs" / "operations.md").read_text()
UNIT = ROOT / "deploy" / "advocacy.service"
ANALYZE = shutil.which("systemd-analyze")


def test_they_set_only_what_is_a_setting() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["advocacy"]
    [port] = re.findall(r"^ENV HEALTH_PORT=(\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert service["environment"]["HEALTH_PORT"] == int(port)
    assert set(service["environment"]) <= set(KNOWN)
    assert set(re.findall(r"^Environment=(\w+)=", UNIT.read_text(), re.MULTILINE)) <= set(KNOWN)


def overrides() -> list[str]:
    """What is added to the unit for HTTP, and for PostgreSQL, as the documentation says."""
    found = re.findall(r"^  (\[Service\]\n.*?)^  ```$", PAGE, re.MULTILINE | re.DOTALL)
    return [re.sub(r"^  ", "", each, flags=re.MULTILINE) for each in found]


def test_what_is_added_to_the_unit_takes_the_place_of_what_it_has() -> None:
    for_http, for_postgresql = (
        dict(re.findall(r"^Environment=(\w+)=(.*)$", each, re.MULTILINE)) for each in overrides()
    )
    assert for_http.keys() | for_postgresql.keys() <= set(KNOWN)
    assert for_http["SLACK_APP_TOKEN_FILE"] == "", "with an app-level token it is Socket Mode"
    files = {"DATABASE_URL_FILE": "%d/database_url"}
    assert for_postgresql == {"DATABASE_URL": "", **files}, "a secret is not set twice"


def test_prometheus_calls_the_bot_as_the_alerts_do() -> None:
    [block] = re.findall(r"^```\n(rule_files.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    settings = yaml.safe_load(block)
    [job] = settings["scrape_configs"]
    [rules] = settings["rule_files"]
    assert f'job="{job["job_name"]}"' in (ROOT / "deploy" / rules).read_text()


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = "/opt/advocacy/bin/advocacy"  # which is not installed here
    assert program in UNIT.read_text()
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace(program, "/bin/true"))
    added = tmp_path / f"{UNIT.name}.d" / "override.conf"
    added.parent.mkdir()
    for more in ("", *overrides()):
        added.write_text(more)
        ran = subprocess.run([str(ANALYZE), "verify", unit], capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (0, "")

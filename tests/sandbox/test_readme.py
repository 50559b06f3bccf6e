"""The first example of the sandbox's README is a program that runs."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import slack_sandbox

README = Path(slack_sandbox.__file__).with_name("README.md")


async def test_the_first_example_runs(tmp_path: Path) -> None:
    example = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[0]
    program = tmp_path / "example.py"
    program.write_text(example)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(program)),
        cwd=README.parents[1],
        env={"PYTHONPATH": str(README.parents[1]), "PATH": ""},
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaints = await process.communicate()
    assert (process.returncode, complaints.decode()) == (0, "")

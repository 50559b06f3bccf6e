"""All measurements, and one table of what was wanted: `python -m bench`.

Each part prints what it found. The table at the end has every aim with the figures as measured;
`--write` puts it into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PARTS = ("clicks", "planning", "growth", "page", "asks", "throttling", "texts", "process")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- the table begins -->\n", "<!-- the table ends -->\n"
_HEADING = re.compile(r"## (sqlite|postgresql)\b")
_VERDICT = re.compile(r"(met|MISSED) +(.+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One aim: of what part, whether it was met, and what was measured."""

    part: str
    met: bool
    words: str

    def __str__(self) -> str:
        words = self.words.replace("|", "\\|")
        return f"| {self.part} | {words} | {'met' if self.met else '**missed**'} |"


def read_rows(part: str, lines: Iterable[str]) -> Iterator[Row]:
    """The aims in what a part printed; a heading says which database they are about."""
    about = part
    for line in lines:
        if heading := _HEADING.match(line):
            about = f"{part}, {heading[1]}"
        elif verdict := _VERDICT.match(line):
            yield Row(about, verdict[1] != "MISSED", verdict[2].strip())


def render(rows: Sequence[Row]) -> str:
    """The table, and on what it was measured."""
    python, machine = platform.python_version(), platform.machine()
    on = f"Measured on {os.cpu_count()} cores ({machine}) with Python {python}"
    lines = (
        f"{on}, load average {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| part | measured, and the aim | |",
        "|---|---|---|",
        *map(str, rows),
    )
    return "\n".join(lines) + "\n"


def put_into(page: str, table: str) -> str:
    """The page with this table in the place of the one it has."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _run(part: str) -> list[str]:
    """What a part prints, shown as it comes."""
    lines = []
    command = (sys.executable, "-m", f"bench.{part}")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if running.returncode:
        lines.append("MISSED  it did not come to its end")
        print(lines[-1])
    return lines


def main() -> int:
    """Measure, print the table, and write it where that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="some parts")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    given = parser.parse_args()
    rows = [row for part in given.only for row in read_rows(part, _run(part))]
    table = render(rows)
    print(f"\n## All aims\n\n{table}")
    if given.write:
        page = put_into(PAGE.read_text(encoding="utf-8"), table)
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Print every sentence that people can read, with where it stands: `make sentences`.

For reading them one after the other, as somebody would who did not write them. They are the string
constants of the views, the answers and the command line, and the texts of lessons.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_SPOKEN = (
    *("bot/slack", "bot/domain", "bot/doctor", "bot/erasing.py", "bot/refusals.py"),
    *("bot/settings.py", "bot/secret_files.py", "bot/env_file.py", "bot/ports.py"),
    *("bot/arguments.py", "bot/database_commands.py", "bot/backup_commands.py"),
    *("bot/storage/schema.py", "bot/storage/backups.py"),
    *("bot/runtime.py", "bot/__main__.py", "bot/lessons", "advocacy_demo"),
)
# Two words in a row, the first of them with small letters: no name, no address, no pattern.
_WORDS = re.compile(r"[a-z,'\u2019] [A-Za-z{]")


def main() -> int:
    """Print the list; returns the exit status."""
    for path in _files():
        found = list(_sentences(path))
        if found:
            print(f"\n{path.relative_to(_ROOT)}")
        for line, text in found:
            print(f"{line:5}  {text}")
    return 0


def _files() -> Iterator[Path]:
    for name in _SPOKEN:
        path = _ROOT / name
        yield from [path] if path.is_file() else sorted([*path.rglob("*.py"), *path.rglob("*.md")])


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from ((n, line) for n, line in enumerate(source.splitlines(), 1) if line.strip())
        return
    tree = ast.parse(source)
    silent = set(_silent(tree))
    for node in _in_order(tree):
        text = None if id(node) in silent else _said(node)
        if text is not None and _WORDS.search(text):
            yield node.lineno, " ".join(text.split())


def _in_order(tree: ast.AST) -> list[ast.expr]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _silent(tree: ast.AST) -> Iterator[int]:
    """What nobody reads: docstrings, the parts of a longer sentence, and lines for the log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in ast.walk(node) if part is not node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
            yield from (id(part) for part in ast.walk(node))


def _said(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        "{" + ast.unparse(part.value) + "}"
        if isinstance(part, ast.FormattedValue)
        else str(ast.literal_eval(part))
        for part in node.values
    )


if __name__ == "__main__":
    sys.exit(main())

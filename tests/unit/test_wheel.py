"""The wheel, built from what the container's image is built from, holds all that is no code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "slack_sandbox", "advocacy_demo", "advocacy_simulation")
SHIPPED = ("alembic.ini", "manifest.json", "migrations", "tests/golden")
CACHES = (".git", "__pycache__", ".*_cache", ".hypothesis", "dist")


def files_below(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def copy_without_what_docker_ignores(target: Path) -> None:
    lines = (ROOT / ".dockerignore").read_text().split()
    kept = [line.removeprefix("!") for line in lines if line.startswith("!")]

    def matches(path: str, pattern: str) -> bool:
        return path.count("/") == pattern.count("/") and fnmatch(path, pattern)

    def ignored(folder: str, names: list[str]) -> set[str]:
        paths = {name: (Path(folder) / name).relative_to(ROOT).as_posix() for name in names}
        return {
            name
            for name, path in paths.items()
            if path not in kept and any(matches(path, line) for line in lines)
        } | {name for name in names for cache in CACHES if fnmatch(name, cache)}

    shutil.copytree(ROOT, target, ignore=ignored)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    copy_without_what_docker_ignores(folder / "source")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=folder / "source", check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def test_every_file_of_the_program_is_in_it(wheel: zipfile.ZipFile) -> None:
    packed = {ROOT / name: name for name in wheel.namelist()}
    for package in PACKAGES:
        assert set(files_below(ROOT / package)) <= packed.keys()
    for name in SHIPPED:
        path = ROOT / name
        for file in files_below(path) if path.is_dir() else [path]:
            inside = f"bot/shipped_files/{file.relative_to(ROOT).as_posix()}"
            assert wheel.read(inside) == file.read_bytes()


def test_it_works_in_an_empty_folder(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    empty = tmp_path / "empty"
    empty.mkdir()
    environ = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "bot", "migrate"]
    ran = subprocess.run(command, cwd=empty, env=environ, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert [file.name for file in empty.iterdir()] == ["advocacy.db"]
